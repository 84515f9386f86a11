//! Reads: what a client is told is not older than what anybody was told before it asked.

use super::{Case, READS_FRESH, Witness};
use crate::raft::Node;
use alloc::collections::VecDeque;

impl Case<'_> {
    /// A write is acknowledged only after it is committed. So a read that shows all that was
    /// committed when it was asked shows all that was acknowledged by then.
    pub(super) fn check_reads(&mut self, node: &Node, witness: &mut Witness) {
        let asked = &mut witness.asked[self.server.index()];
        let Some(reads) = node.leading().map(|leader| &leader.reads) else {
            asked.clear();
            return;
        };
        let committed = witness.committed.len() as u64;
        let (before, after) = (self.before, self.after);
        let begins = !before.leads || before.term != after.term;
        if begins {
            asked.clear();
        }
        let judged = if begins { 0 } else { before.reads_served };
        let fresh = usize::try_from(after.reads_served - judged).unwrap_or(usize::MAX);
        let known = reads.served.len().saturating_sub(fresh);
        let mut stale = None;
        for (client, applied) in reads.served.iter().skip(known) {
            let floor = asked.pop_front_if(|(other, _)| other == client);
            let floor = floor.map_or(committed, |(_, floor)| floor);
            if *applied < floor {
                stale = Some((*applied, floor));
            }
        }
        let new = reads.waiting.len().saturating_sub(asked.len());
        let old = reads.waiting.len() - new;
        asked.extend(reads.waiting.iter().skip(old).map(|read| (read.client, committed)));
        if let Some((applied, floor)) = stale {
            self.broken_beside(READS_FRESH, applied, witness.committed_by(floor));
        }
    }
}

/// Bytes that a copy takes.
pub(super) fn weight<T>(asked: &[VecDeque<T>]) -> usize {
    asked.iter().map(|queue| size_of::<VecDeque<T>>() + queue.capacity() * size_of::<T>()).sum()
}
