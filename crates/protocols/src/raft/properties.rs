//! What must hold, judged over all history and in proportion to what changed.
//!
//! After each event a few numbers of the server that was touched are compared with those from
//! before; most events change none of them. What is remembered of a log rests on Raft's own
//! property: index and term of an entry name it, and with it everything before it.
//!
//! Three properties are about disks. A write is no part of them until it is durable, and nobody
//! has heard of it before, so memory may be ahead and a crash may take it back.
//! Losing a disk breaks them, as it breaks what Raft rests on.

use super::quorum::majority;
use super::{Disk, Entry, Node, Raft, Role};
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, SharedLog, Verdicts};

pub(super) const ELECTION_SAFETY: u8 = 0;
pub(super) const LEADER_APPEND_ONLY: u8 = 1;
pub(super) const LOG_MATCHING: u8 = 2;
pub(super) const LEADER_COMPLETENESS: u8 = 3;
pub(super) const STATE_MACHINE_SAFETY: u8 = 4;
pub(super) const TERM_MONOTONE: u8 = 5;
pub(super) const VOTE_ONCE: u8 = 6;
pub(super) const COMMITTED_DURABLE: u8 = 7;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each server as it was when last looked at.
    looks: Vec<Look>,
    /// Who has led, and in which term, in the order in which it happened.
    leaders: SharedLog<(u32, NodeId)>,
    /// What was committed, by index.
    committed: SharedLog<Committed>,
    /// The first entry that was ever seen at each index.
    seen: SharedLog<Seen>,
    /// Entries of other terms that were seen at an index; there are few.
    seen_besides: Rc<BTreeMap<(u64, u32), Seen>>,
}

/// The numbers by which a change is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Look {
    up: bool,
    leads: bool,
    term: u32,
    log_end: LogEnd,
    commit_index: u64,
    disk_term: u32,
    disk_vote: Option<NodeId>,
    disk_end: LogEnd,
}

/// Index and term of a last entry: they name the whole log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct LogEnd {
    index: u64,
    term: u32,
}

/// A committed entry.
#[derive(Clone, Copy, Debug)]
struct Committed {
    entry: Entry,
    /// The term of the server that was the first to know: the entry was committed in it or before.
    by_term: u32,
}

/// An entry and the term of the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    entry: Entry,
    term_before: u32,
}

/// One server that was touched, before and after, and where to say what is wrong with it.
struct Case<'a> {
    server: NodeId,
    before: Look,
    after: Look,
    cluster: &'a Cluster<'a, Raft>,
    verdicts: &'a mut Verdicts,
}

impl Witness {
    /// Bytes that a copy of it takes and does not share.
    pub(super) fn weight(&self) -> usize {
        self.looks.capacity() * size_of::<Look>()
            + self.leaders.weight().0
            + self.committed.weight().0
            + self.seen.weight().0
    }
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Raft>,
    verdicts: &mut Verdicts,
) {
    if witness.looks.len() != cluster.seats.len() {
        witness.looks.resize(cluster.seats.len(), Look::default());
    }
    let before = witness.looks[changed.index()];
    let node = cluster.node(changed);
    let after = Look::at(node, cluster.disk(changed), before);
    if before == after {
        return;
    }
    witness.looks[changed.index()] = after;
    let mut case = Case { server: changed, before, after, cluster, verdicts };
    case.check_disk(witness);
    if let Some(node) = node {
        case.check_node(node, witness);
    }
}

impl Look {
    /// A server that is down keeps the memory it had in this record: if it comes back with the same
    /// log, there is nothing to judge again.
    fn at(node: Option<&Node>, disk: &Disk, before: Self) -> Self {
        let (term, log_end) = match node {
            Some(node) => (node.current_term, LogEnd::of(&node.log)),
            None => (before.term, before.log_end),
        };
        Self {
            up: node.is_some(),
            leads: node.is_some_and(|node| matches!(node.role, Role::Leader(_))),
            term,
            log_end,
            commit_index: node.map_or(0, |node| node.commit_index),
            disk_term: disk.current_term,
            disk_vote: disk.voted_for,
            disk_end: LogEnd::of(&disk.log),
        }
    }
}

impl LogEnd {
    fn of(log: &super::Log) -> Self {
        Self { index: log.last_index(), term: log.last_term() }
    }

    /// Whether `log` still has this end: it only grew, if it changed at all.
    fn is_in(self, log: &super::Log) -> bool {
        log.term_at(self.index) == Some(self.term)
    }
}

impl Case<'_> {
    fn broken(&mut self, property: u8, place: u64) {
        self.verdicts.broken(property, place, self.server, None);
    }

    /// What a crash must not take back.
    fn check_disk(&mut self, witness: &Witness) {
        let (before, after) = (self.before, self.after);
        if after.disk_term < before.disk_term {
            self.broken(TERM_MONOTONE, before.disk_term.into());
        }
        let same_term = after.disk_term == before.disk_term;
        if same_term && before.disk_vote.is_some() && after.disk_vote != before.disk_vote {
            self.broken(VOTE_ONCE, after.disk_term.into());
        }
        let grew = before.disk_end == after.disk_end
            || before.disk_end.is_in(&self.cluster.disk(self.server).log);
        if !grew {
            self.check_durable(witness);
        }
    }

    fn check_node(&mut self, node: &Node, witness: &mut Witness) {
        let (before, after) = (self.before, self.after);
        if before.up && after.term < before.term {
            self.broken(TERM_MONOTONE, before.term.into());
        }
        let mut unjudged = before.commit_index + 1;
        if before.log_end != after.log_end {
            let first = self.check_log(node, witness);
            unjudged = unjudged.min(first);
        }
        let leads_on = before.leads && before.term == after.term;
        if after.leads && !leads_on {
            self.check_leader(node, witness);
        }
        if unjudged <= after.commit_index {
            self.check_committed(node, unjudged, witness);
        }
    }

    /// Leader Append-Only and Log Matching. Returns the first index whose entry may be new.
    ///
    /// Log Matching by induction: if entries of the same index and term are the same and follow
    /// entries of the same term, then all that comes before them is the same.
    fn check_log(&mut self, node: &Node, witness: &mut Witness) -> u64 {
        let (before, after) = (self.before, self.after);
        let grew = before.log_end.is_in(&node.log);
        if before.leads && after.leads && before.term == after.term && !grew {
            self.broken(LEADER_APPEND_ONLY, before.log_end.index);
        }
        let mut first = before.log_end.index.min(after.log_end.index) + 1;
        while !grew && first > 1 && !witness.knows(first - 1, Seen::at(node, first - 1)) {
            first -= 1;
        }
        for index in first..=after.log_end.index {
            if let Some(seen) = Seen::at(node, index)
                && !witness.remember(index, seen)
            {
                self.broken(LOG_MATCHING, index);
            }
        }
        first
    }

    /// Election Safety, and Leader Completeness at the moment of election.
    ///
    /// By Log Matching the last entry stands for all before it. Entries that were committed in
    /// this term or a later one are no concern of a leader whose last vote was on its way for long.
    fn check_leader(&mut self, node: &Node, witness: &mut Witness) {
        let term = self.after.term;
        let other = witness.leaders.iter().find(|(led, who)| *led == term && *who != self.server);
        if let Some((_, other)) = other {
            self.verdicts.broken(ELECTION_SAFETY, term.into(), self.server, Some(*other));
        }
        witness.leaders.push((term, self.server));
        let mut index = witness.committed.len();
        while let Some(place) = index.checked_sub(1) {
            match witness.committed.get(place) {
                Some(last) if last.by_term >= term => index = place,
                Some(last) => {
                    if node.log.entry(index as u64) != Some(last.entry) {
                        self.broken(LEADER_COMPLETENESS, index as u64);
                    }
                    return;
                }
                None => return,
            }
        }
    }

    /// State Machine Safety: an index once committed holds one entry for ever, everywhere.
    fn check_committed(&mut self, node: &Node, first: u64, witness: &mut Witness) {
        let known = witness.committed.len() as u64;
        for index in first..=self.after.commit_index {
            let entry = node.log.entry(index);
            match (entry, witness.committed_at(index)) {
                (Some(entry), Some(committed)) if entry == committed.entry => {}
                (Some(entry), None) => {
                    witness.committed.push(Committed { entry, by_term: self.after.term })
                }
                (None, _) | (Some(_), Some(_)) => {
                    self.broken(STATE_MACHINE_SAFETY, index);
                    return;
                }
            }
        }
        if witness.committed.len() as u64 > known {
            self.check_later_leaders(witness);
            self.check_durable(witness);
        }
    }

    /// Leader Completeness at the moment of commitment: an old leader may learn of a majority when
    /// its successor leads already.
    fn check_later_leaders(&mut self, witness: &Witness) {
        let index = witness.committed.len() as u64;
        let entry = witness.committed.last().map(|last| last.entry);
        let term = self.after.term;
        for (look, seat) in witness.looks.iter().zip(self.cluster.seats) {
            let later = look.leads && look.term > term;
            let lacks = |node: &Node| node.log.entry(index) != entry;
            if later && seat.node.as_ref().is_some_and(lacks) {
                self.broken(LEADER_COMPLETENESS, index);
            }
        }
    }

    /// What is committed is on the disks of a majority.
    ///
    /// An acknowledgement leaves only after the write is durable, and the leader's append left only
    /// after its own, so this holds from the very moment in which the leader commits.
    /// It is looked at then, and whenever a disk loses entries; the last entry stands for all.
    fn check_durable(&mut self, witness: &Witness) {
        let Some(last) = witness.committed.last() else {
            return;
        };
        let index = witness.committed.len() as u64;
        let disks = self.cluster.seats.iter().map(|seat| &seat.disk);
        let enough = majority(self.cluster.config.servers) as usize;
        let holds = |disk: &&Disk| disk.log.entry(index) == Some(last.entry);
        if disks.filter(holds).take(enough).count() < enough {
            self.broken(COMMITTED_DURABLE, index);
        }
    }
}

impl Seen {
    fn at(node: &Node, index: u64) -> Option<Self> {
        Some(Self { entry: node.log.entry(index)?, term_before: node.log.term_at(index - 1)? })
    }
}

impl Witness {
    fn committed_at(&self, index: u64) -> Option<Committed> {
        self.committed.get(usize::try_from(index - 1).ok()?).copied()
    }

    fn seen_first(&self, index: u64) -> Option<Seen> {
        self.seen.get(usize::try_from(index - 1).ok()?).copied()
    }

    /// Whether this very entry was judged before.
    fn knows(&self, index: u64, seen: Option<Seen>) -> bool {
        seen.is_some() && self.seen_first(index) == seen
    }

    /// Whether an entry is the one that was always seen under its index and term.
    fn remember(&mut self, index: u64, seen: Seen) -> bool {
        match self.seen_first(index) {
            None => self.seen.push(seen),
            Some(first) if first.entry.term == seen.entry.term => return first == seen,
            Some(_) => {
                let key = (index, seen.entry.term);
                if let Some(other) = self.seen_besides.get(&key) {
                    return *other == seen;
                }
                Rc::make_mut(&mut self.seen_besides).insert(key, seen);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
