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
    let mut case = Case {
        server: changed,
        before,
        after,
        cluster,
        verdicts,
    };
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
        Self {
            index: log.last_index(),
            term: log.last_term(),
        }
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
        let other = witness
            .leaders
            .iter()
            .find(|(led, who)| *led == term && *who != self.server);
        if let Some((_, other)) = other {
            self.verdicts
                .broken(ELECTION_SAFETY, term.into(), self.server, Some(*other));
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
                (Some(entry), None) => witness.committed.push(Committed {
                    entry,
                    by_term: self.after.term,
                }),
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
        Some(Self {
            entry: node.log.entry(index)?,
            term_before: node.log.term_at(index - 1)?,
        })
    }
}

impl Witness {
    fn committed_at(&self, index: u64) -> Option<Committed> {
        self.committed
            .get(usize::try_from(index - 1).ok()?)
            .copied()
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
mod tests {
    use super::super::testing::{Stub, follower, leader, log_of, put};
    use super::super::{Config, Log};
    use super::*;
    use faultline_kernel::{Member, Protocol, Seat, Time};

    /// A cluster of three whose memories and disks a test may set as it likes.
    struct Court {
        config: Config,
        members: Vec<Member>,
        seats: Vec<Seat<Raft>>,
        witness: Witness,
    }

    impl Court {
        fn new() -> Self {
            let config = Stub::new(0, 3).config;
            let seat = Seat {
                node: Some(follower(0, &[])),
                disk: Disk::default(),
            };
            Self {
                members: Raft::members(&config),
                seats: alloc::vec![seat; 3],
                config,
                witness: Witness::default(),
            }
        }

        /// Changes a server and tells which properties broke by it.
        fn broken_by(&mut self, server: u32, change: impl FnOnce(&mut Node, &mut Disk)) -> Vec<u8> {
            let seat = &mut self.seats[server as usize];
            let node = seat.node.get_or_insert_with(|| follower(0, &[]));
            change(node, &mut seat.disk);
            self.look(server)
        }

        fn look(&mut self, server: u32) -> Vec<u8> {
            let cluster = Cluster {
                config: &self.config,
                members: &self.members,
                seats: &self.seats,
                now: Time::ZERO,
            };
            let mut verdicts = Verdicts::default();
            check(&mut self.witness, NodeId(server), &cluster, &mut verdicts);
            verdicts
                .take()
                .iter()
                .map(|verdict| verdict.property)
                .collect()
        }

        /// Puts a log in a server's memory and on its disk.
        fn log(&mut self, server: u32, log: &Log) -> Vec<u8> {
            self.broken_by(server, |node, disk| {
                node.log = log.clone();
                disk.log = log.clone();
            })
        }

        /// Makes a server the leader of a term, with the log it has.
        fn elect(&mut self, server: u32, term: u32) -> Vec<u8> {
            self.broken_by(server, |node, _| {
                let log = node.log.clone();
                *node = Node {
                    log,
                    ..leader(term, &[], &[0, 0])
                };
            })
        }

        fn commit(&mut self, server: u32, index: u64) -> Vec<u8> {
            self.broken_by(server, |node, _| node.commit_index = index)
        }
    }

    #[test]
    fn two_leaders_in_one_term_break_election_safety_even_one_after_the_other() {
        let mut court = Court::new();
        assert_eq!(court.elect(0, 3), []);
        assert_eq!(court.elect(1, 4), []);
        court.seats[0].node = None;
        assert_eq!(court.look(0), []);
        assert_eq!(court.elect(2, 3), [ELECTION_SAFETY]);
    }

    #[test]
    fn a_leader_that_drops_an_entry_breaks_append_only() {
        let mut court = Court::new();
        court.log(0, &log_of(&[1, 1]));
        court.elect(0, 1);
        assert_eq!(court.log(0, &log_of(&[1])), [LEADER_APPEND_ONLY]);
    }

    #[test]
    fn entries_that_differ_under_one_index_and_term_break_log_matching() {
        let mut court = Court::new();
        assert_eq!(court.log(0, &Log::from_iter([put(1, 5), put(2, 6)])), []);
        assert_eq!(court.log(1, &Log::from_iter([put(1, 5), put(3, 6)])), []);
        assert_eq!(court.log(2, &Log::from_iter([put(1, 9)])), [LOG_MATCHING]);
        assert_eq!(
            court.log(0, &Log::from_iter([put(2, 5), put(3, 6)])),
            [LOG_MATCHING]
        );
    }

    #[test]
    fn a_leader_without_a_committed_entry_breaks_completeness() {
        let mut court = Court::new();
        court.log(0, &log_of(&[1]));
        court.log(1, &log_of(&[1]));
        court.elect(0, 1);
        assert_eq!(court.commit(0, 1), []);
        assert_eq!(court.elect(2, 2), [LEADER_COMPLETENESS]);
    }

    #[test]
    fn a_late_leader_of_an_old_term_need_not_have_what_was_committed_after_it() {
        let mut court = Court::new();
        court.log(0, &log_of(&[5]));
        court.log(1, &log_of(&[5]));
        court.elect(0, 5);
        assert_eq!(court.commit(0, 1), []);
        assert_eq!(court.elect(2, 4), []);
    }

    #[test]
    fn a_commit_that_a_later_leader_lacks_breaks_completeness() {
        let mut court = Court::new();
        court.log(0, &log_of(&[1]));
        court.log(1, &log_of(&[1]));
        court.elect(0, 1);
        court.elect(2, 2);
        assert_eq!(court.commit(0, 1), [LEADER_COMPLETENESS]);
    }

    #[test]
    fn two_entries_committed_at_one_index_break_state_machine_safety() {
        let mut court = Court::new();
        court.log(0, &Log::from_iter([put(1, 5)]));
        court.log(1, &Log::from_iter([put(1, 5)]));
        court.log(2, &Log::from_iter([put(2, 6)]));
        assert_eq!(court.commit(0, 1), []);
        assert_eq!(court.commit(1, 1), []);
        assert_eq!(court.commit(2, 1), [STATE_MACHINE_SAFETY]);
    }

    #[test]
    fn a_committed_entry_that_is_overwritten_in_place_breaks_state_machine_safety() {
        let mut court = Court::new();
        (0..3).for_each(|server| assert_eq!(court.log(server, &log_of(&[1])), []));
        assert_eq!(court.commit(0, 1), []);
        assert_eq!(court.log(0, &log_of(&[2])), [STATE_MACHINE_SAFETY]);
    }

    #[test]
    fn memory_may_fall_back_to_what_the_disk_has_but_the_disk_may_not_fall() {
        let mut court = Court::new();
        let change = |node: &mut Node, disk: &mut Disk| {
            node.current_term = 5;
            disk.current_term = 4;
        };
        assert_eq!(court.broken_by(0, change), []);
        court.seats[0].node = None;
        assert_eq!(court.look(0), []);
        assert_eq!(court.broken_by(0, |node, _| node.current_term = 4), []);
        assert_eq!(
            court.broken_by(0, |node, _| node.current_term = 3),
            [TERM_MONOTONE]
        );
        assert_eq!(
            court.broken_by(0, |_, disk| disk.current_term = 2),
            [TERM_MONOTONE]
        );
    }

    #[test]
    fn a_vote_that_changes_within_its_term_breaks_vote_once() {
        let mut court = Court::new();
        let mut vote = |current_term, voted_for: Option<u32>| {
            court.broken_by(0, |_, disk| {
                disk.current_term = current_term;
                disk.voted_for = voted_for.map(NodeId);
            })
        };
        assert_eq!(vote(3, None), []);
        assert_eq!(vote(3, Some(1)), []);
        assert_eq!(vote(4, Some(2)), []);
        assert_eq!(vote(4, Some(1)), [VOTE_ONCE]);
    }

    #[test]
    fn a_commit_that_only_memories_hold_is_not_durable() {
        let mut court = Court::new();
        court.log(0, &log_of(&[1]));
        court.broken_by(1, |node, _| node.log = log_of(&[1]));
        assert_eq!(court.commit(0, 1), [COMMITTED_DURABLE]);
    }

    #[test]
    fn a_disk_that_loses_what_is_committed_is_noticed() {
        let mut court = Court::new();
        court.log(0, &log_of(&[1]));
        court.log(1, &log_of(&[1]));
        assert_eq!(court.commit(0, 1), []);
        assert_eq!(
            court.broken_by(1, |_, disk| disk.log = Log::default()),
            [COMMITTED_DURABLE]
        );
    }
}
