//! What must hold, judged over all history and in proportion to what changed.
//!
//! After each event a few numbers of the server that was touched are compared with those from
//! before; most events change none of them. What is remembered of a log rests on Raft's own
//! property: index and term of an entry name it, and with it everything before it.
//!
//! Three properties are about disks. A write is no part of them until it is durable, and nobody
//! has heard of it before, so memory may be ahead and a crash may take it back.
//! Losing a disk breaks them, as it breaks what Raft rests on.
//!
//! What breaks is shown by two servers where there are two: the one that was touched, and the one
//! whose log, entry or answer it does not agree with.

mod committed;
mod entries;
mod ledger;
mod progress;
mod reads;

use super::{Configuration, Disk, Node, Place, Raft, Role};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::vec::Vec;
use committed::Committed;
use entries::Seen;
use faultline_kernel::{Cluster, NodeId, RequestId, SharedLog, Verdicts};
use ledger::Ledger;
use progress::Progress;

pub(super) const ELECTION_SAFETY: u8 = 0;
pub(super) const LEADER_APPEND_ONLY: u8 = 1;
pub(super) const LOG_MATCHING: u8 = 2;
pub(super) const LEADER_COMPLETENESS: u8 = 3;
pub(super) const STATE_MACHINE_SAFETY: u8 = 4;
pub(super) const TERM_MONOTONE: u8 = 5;
pub(super) const VOTE_ONCE: u8 = 6;
pub(super) const COMMITTED_DURABLE: u8 = 7;
pub(super) const COMMIT_MONOTONE: u8 = 8;
pub(super) const APPLIED_ONCE: u8 = 9;
pub(super) const READS_FRESH: u8 = 10;
pub(super) const ONE_CHANGE: u8 = 11;
pub(super) const PROGRESS: u8 = 12;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each server as it was when last looked at.
    looks: Vec<Look>,
    /// Who has led, and in which term, in the order in which it happened.
    leaders: SharedLog<(u32, NodeId)>,
    /// What was committed, by index.
    committed: SharedLog<Committed>,
    /// What it makes when it is applied as it should be.
    ledger: Rc<Ledger>,
    /// The group whose majority committed it, as the first to know saw it.
    group: Configuration,
    /// The reads that wait at each server, and how much was committed when each was asked.
    asked: Vec<VecDeque<(RequestId, u64)>>,
    /// The first entry that was ever seen at each index, and where.
    seen: SharedLog<(Seen, NodeId)>,
    /// Entries of other terms that were seen at an index; there are few.
    seen_besides: Rc<BTreeMap<(u64, u32), (Seen, NodeId)>>,
    /// The latest progress.
    progress: Progress,
}

/// The numbers by which a change is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Look {
    up: bool,
    leads: bool,
    term: u32,
    log_end: Place,
    commit_index: u64,
    last_applied: u64,
    covered: u64,
    changes: u64,
    reads_asked: u64,
    reads_served: u64,
    /// It applied something else than the others: its state machine need not be like theirs.
    astray: bool,
    disk_term: u32,
    disk_vote: Option<NodeId>,
    disk_end: Place,
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
            + self.ledger.weight()
            + reads::weight(&self.asked)
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
        witness.asked.resize(cluster.seats.len(), VecDeque::new());
        witness.looks.resize(cluster.seats.len(), Look::default());
    }
    check_changes(witness, changed, cluster, verdicts);
    progress::check(witness, changed, cluster, verdicts);
}

fn check_changes(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Raft>,
    verdicts: &mut Verdicts,
) {
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
            Some(node) => (node.current_term, node.log.last()),
            None => (before.term, before.log_end),
        };
        let reads = node.and_then(Node::leading).map(|leader| &leader.reads);
        Self {
            up: node.is_some(),
            leads: node.is_some_and(|node| matches!(node.role, Role::Leader(_))),
            term,
            log_end,
            commit_index: node.map_or(0, |node| node.commit_index),
            last_applied: node.map_or(0, |node| node.last_applied),
            covered: node.map_or(0, |node| node.log.before().index),
            changes: node.map_or(0, |node| node.machine.changes),
            reads_asked: reads.map_or(0, |reads| reads.asked),
            reads_served: reads.map_or(0, |reads| reads.count),
            astray: before.astray && node.is_some(),
            disk_term: disk.current_term,
            disk_vote: disk.voted_for,
            disk_end: disk.log.last(),
        }
    }
}

impl Case<'_> {
    /// What only the server itself shows, as it was before and is now.
    fn broken(&mut self, property: u8, place: u64) {
        self.verdicts.broken(property, place, self.server, None);
    }

    /// What it shows together with another, if it is another.
    fn broken_beside(&mut self, property: u8, place: u64, other: Option<NodeId>) {
        let other = other.filter(|other| *other != self.server);
        self.verdicts.broken(property, place, self.server, other);
    }

    /// What a crash must not take back.
    fn check_disk(&mut self, witness: &Witness) {
        let (before, after) = (self.before, self.after);
        if after.disk_term < before.disk_term {
            self.broken(TERM_MONOTONE, before.disk_term.into());
        }
        let same_term = after.disk_term == before.disk_term;
        if same_term && before.disk_vote.is_some() && after.disk_vote != before.disk_vote {
            // One of the two that have its vote; the other is itself, or is known no more.
            self.broken_beside(VOTE_ONCE, after.disk_term.into(), after.disk_vote);
        }
        let grew = before.disk_end == after.disk_end
            || self.cluster.disk(self.server).log.has(before.disk_end);
        if !grew {
            self.check_durable(witness);
        }
    }

    fn check_node(&mut self, node: &Node, witness: &mut Witness) {
        let (before, after) = (self.before, self.after);
        if before.up && after.term < before.term {
            self.broken(TERM_MONOTONE, before.term.into());
        }
        let fell = after.commit_index < before.commit_index
            || after.last_applied < before.last_applied
            || after.last_applied > after.commit_index;
        if before.up && fell {
            self.broken(COMMIT_MONOTONE, before.commit_index);
        }
        let reads = |look: Look| (look.leads, look.term, look.reads_asked, look.reads_served);
        if reads(before) != reads(after) {
            self.check_reads(node, witness);
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
        if before.log_end != after.log_end {
            self.check_one_change(node, witness);
        }
        if (before.last_applied, before.changes) != (after.last_applied, after.changes) {
            self.check_applied(node, witness);
        }
        if before.covered != after.covered {
            self.check_snapshot(node, witness);
        }
    }
}

#[cfg(test)]
mod tests;
