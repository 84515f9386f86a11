//! Leader Append-Only and Log Matching: what stands in the logs.

use super::{Case, LEADER_APPEND_ONLY, LOG_MATCHING, ONE_CHANGE, Witness};
use crate::raft::{Entry, Node};
use alloc::rc::Rc;
use faultline_kernel::NodeId;

/// An entry and the term of the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    entry: Entry,
    term_before: u32,
}

impl Case<'_> {
    /// Leader Append-Only and Log Matching. Returns the first index whose entry may be new.
    ///
    /// Log Matching by induction: if entries of the same index and term are the same and follow
    /// entries of the same term, then all that comes before them is the same.
    pub(super) fn check_log(&mut self, node: &Node, witness: &mut Witness) -> u64 {
        let (before, after) = (self.before, self.after);
        let grew = node.log.has(before.log_end);
        if before.leads && after.leads && before.term == after.term && !grew {
            self.broken(LEADER_APPEND_ONLY, before.log_end.index);
        }
        let mut first = before.log_end.index.min(after.log_end.index) + 1;
        let begins = node.log.before().index + 1;
        first = first.max(begins);
        while !grew && first > begins && !witness.knows(first - 1, Seen::at(node, first - 1)) {
            first -= 1;
        }
        for index in first..=after.log_end.index {
            if let Some(seen) = Seen::at(node, index)
                && let Err(other) = witness.remember(index, seen, self.server)
            {
                self.broken_beside(LOG_MATCHING, index, Some(other));
            }
        }
        first
    }

    /// Only one change of the group is under way at a time.
    pub(super) fn check_one_change(&mut self, node: &Node, witness: &Witness) {
        let committed = witness.committed.len() as u64;
        let mut open = node.configurations.iter().filter(|(index, _)| *index > committed);
        if let (Some(_), Some((index, _))) = (open.next(), open.next()) {
            let writer = node.log.term_at(*index).and_then(|term| witness.leader_of(term));
            self.broken_beside(ONE_CHANGE, *index, writer);
        }
    }
}

impl Seen {
    fn at(node: &Node, index: u64) -> Option<Self> {
        Some(Self { entry: node.log.entry(index)?, term_before: node.log.term_at(index - 1)? })
    }
}

impl Witness {
    fn seen_first(&self, index: u64) -> Option<(Seen, NodeId)> {
        self.seen.get(usize::try_from(index - 1).ok()?).copied()
    }

    /// Who led a term.
    fn leader_of(&self, term: u32) -> Option<NodeId> {
        self.leaders.iter().find(|(led, _)| *led == term).map(|(_, leader)| *leader)
    }

    /// Whether this very entry was judged before.
    fn knows(&self, index: u64, seen: Option<Seen>) -> bool {
        seen.is_some() && self.seen_first(index).map(|(first, _)| first) == seen
    }

    /// Whether an entry is the one that was always seen under its index and term; else, who was
    /// the first to have another.
    fn remember(&mut self, index: u64, seen: Seen, at: NodeId) -> Result<(), NodeId> {
        let same = |(first, by): (Seen, NodeId)| if first == seen { Ok(()) } else { Err(by) };
        match self.seen_first(index) {
            None => self.seen.push((seen, at)),
            Some(known) if known.0.entry.term == seen.entry.term => return same(known),
            Some(_) => {
                let key = (index, seen.entry.term);
                if let Some(known) = self.seen_besides.get(&key) {
                    return same(*known);
                }
                Rc::make_mut(&mut self.seen_besides).insert(key, (seen, at));
            }
        }
        Ok(())
    }
}
