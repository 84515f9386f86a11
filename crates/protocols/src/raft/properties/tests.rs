//! Each property is seen to break.

use super::*;
use crate::raft::testing::{Stub, client, follower, leader, log_of, put, serial};
use crate::raft::{Command, Config, Configuration, Entry, Log, Machine, Snapshot, election};
use faultline_kernel::{Calm, Member, Protocol, Seat, Span, Time};

/// A cluster of three whose memories and disks a test may set as it likes.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<Raft>>,
    witness: Witness,
    now: Time,
    calm: Option<Calm>,
    /// Who else showed what broke last.
    other: Option<NodeId>,
}

impl Court {
    fn new() -> Self {
        let config = Stub::new(0, 3).config;
        let seat = Seat { node: Some(follower(0, &[])), disk: Disk::default() };
        Self {
            members: Raft::members(&config),
            seats: alloc::vec![seat; 3],
            config,
            witness: Witness::default(),
            now: Time::ZERO,
            calm: None,
            other: None,
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
            now: self.now,
            calm: self.calm,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(server), &cluster, &mut verdicts);
        let verdicts = verdicts.take();
        self.other = verdicts.last().and_then(|verdict| verdict.witnesses[1]);
        verdicts.iter().map(|verdict| verdict.property).collect()
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
            *node = Node { log, ..leader(term, &[], &[0, 0]) };
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
    assert_eq!(court.other, Some(NodeId(0)), "who had the first of the two");
    assert_eq!(court.log(0, &Log::from_iter([put(2, 5), put(3, 6)])), [LOG_MATCHING]);
}

#[test]
fn a_leader_without_a_committed_entry_breaks_completeness() {
    let mut court = Court::new();
    court.log(0, &log_of(&[1]));
    court.log(1, &log_of(&[1]));
    court.elect(0, 1);
    assert_eq!(court.commit(0, 1), []);
    assert_eq!(court.elect(2, 2), [LEADER_COMPLETENESS]);
    assert_eq!(court.other, Some(NodeId(0)), "who committed it");
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
    assert_eq!(court.other, Some(NodeId(2)), "the later leader");
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
    assert_eq!(court.other, Some(NodeId(0)));
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
    assert_eq!(court.broken_by(0, |node, _| node.current_term = 3), [TERM_MONOTONE]);
    assert_eq!(court.broken_by(0, |_, disk| disk.current_term = 2), [TERM_MONOTONE]);
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
    assert_eq!(court.other, Some(NodeId(1)));
}

#[test]
fn a_commit_that_only_memories_hold_is_not_durable() {
    let mut court = Court::new();
    court.log(0, &log_of(&[1]));
    court.broken_by(1, |node, _| node.log = log_of(&[1]));
    assert_eq!(court.commit(0, 1), [COMMITTED_DURABLE]);
    assert_eq!(court.other, Some(NodeId(1)), "whose disk lacks it");
}

#[test]
fn a_disk_that_loses_what_is_committed_is_noticed() {
    let mut court = Court::new();
    court.log(0, &log_of(&[1]));
    court.log(1, &log_of(&[1]));
    assert_eq!(court.commit(0, 1), []);
    assert_eq!(court.broken_by(1, |_, disk| disk.log = Log::default()), [COMMITTED_DURABLE]);
}

#[test]
fn a_commit_index_that_falls_breaks_monotony_unless_the_server_crashed() {
    let mut court = Court::new();
    (0..3).for_each(|server| assert_eq!(court.log(server, &log_of(&[1, 1])), []));
    assert_eq!(court.commit(0, 2), []);
    assert_eq!(court.commit(0, 1), [COMMIT_MONOTONE]);
    court.seats[0].node = None;
    assert_eq!(court.look(0), []);
    assert_eq!(court.commit(0, 0), []);
    assert_eq!(court.broken_by(0, |node, _| node.last_applied = 1), [COMMIT_MONOTONE]);
}

#[test]
fn a_state_machine_that_carried_out_a_command_twice_breaks_applied_once() {
    let mut court = Court::new();
    let register = Entry::new(1, Command::Register { client: client(7) });
    let first = Entry { serial: Some(serial(7, 1)), ..put(1, 5) };
    let log = Log::from_iter([register, first, first]);
    (0..3).for_each(|server| assert_eq!(court.log(server, &log), []));
    let apply = |again| {
        move |node: &mut Node, _: &mut Disk| {
            let machine = Rc::make_mut(&mut node.machine);
            for (index, entry) in (1..).zip(log_entries(&node.log)) {
                machine.apply(index, &entry, again);
            }
            (node.commit_index, node.last_applied) = (3, 3);
        }
    };
    assert_eq!(court.broken_by(0, apply(false)), []);
    assert_eq!(court.broken_by(1, apply(true)), [APPLIED_ONCE]);
    assert_eq!(court.other, Some(NodeId(0)));
}

#[test]
fn a_snapshot_that_lost_a_piece_on_its_way_breaks_applied_once() {
    let mut court = Court::new();
    let other = Entry::new(1, Command::Register { client: client(7) });
    let log = Log::from_iter([put(1, 4), put(1, 5), other, put(1, 6)]);
    (0..2).for_each(|server| assert_eq!(court.log(server, &log), []));
    let mut machine = Machine::default();
    for (index, entry) in (1..).zip(log_entries(&log)).take(3) {
        machine.apply(index, &entry, false);
    }
    let taken = |machine: Machine| {
        move |node: &mut Node, disk: &mut Disk| {
            let configuration = Configuration::of_first(3);
            let snapshot = Rc::new(Snapshot { index: 3, term: 1, machine, configuration });
            node.cover(&snapshot);
            disk.log.cover(snapshot.last());
            node.machine = Rc::new(snapshot.machine.clone());
            (node.commit_index, node.last_applied) = (3, 3);
        }
    };
    assert_eq!(court.commit(0, 4), []);
    assert_eq!(court.broken_by(1, taken(machine.clone())), []);
    let mut without = machine.clone();
    without.sessions.clear();
    assert_eq!(court.broken_by(2, taken(without)), [APPLIED_ONCE], "another has it");
    assert_eq!(court.other, Some(NodeId(1)));
    let mut court = Court { seats: court.seats, witness: court.witness, ..Court::new() };
    court.seats[1].node = None;
    court.seats[2].node = Some(follower(0, &[]));
    court.look(2);
    machine.variables.clear();
    assert_eq!(court.broken_by(2, taken(machine)), [APPLIED_ONCE], "the entries made another");
    assert_eq!(court.other, Some(NodeId(0)));
}

fn log_entries(log: &Log) -> Vec<Entry> {
    log.iter_from(1).collect()
}

/// A machine that opens a session again, and knows nothing of what was done in the one before.
#[test]
fn a_late_copy_that_a_reopened_session_carries_out_breaks_applied_once() {
    let mut court = Court::new();
    let register = |number| Entry::new(1, Command::Register { client: client(number) });
    let first = Entry { serial: Some(serial(1, 1)), ..put(1, 5) };
    let others = (2..34).map(register);
    let entries = [register(1), first].into_iter().chain(others).chain([register(1), first]);
    let log = Log::from_iter(entries);
    (0..3).for_each(|server| assert_eq!(court.log(server, &log), []));
    let apply = |forgets: bool| {
        move |node: &mut Node, _: &mut Disk| {
            let mut machine = Machine::default();
            for (index, entry) in (1..).zip(log_entries(&node.log)) {
                machine.apply(index, &entry, false);
                machine.closed = if forgets { 0 } else { machine.closed };
            }
            node.machine = Rc::new(machine);
            let last = node.log.last_index();
            (node.commit_index, node.last_applied) = (last, last);
        }
    };
    assert_eq!(court.broken_by(0, apply(false)), []);
    assert_eq!(court.broken_by(1, apply(true)), [APPLIED_ONCE]);
}

/// A court of three that has been left alone since the beginning, long ago.
fn left_alone() -> Court {
    let calm = Calm { since: Time::ZERO, delay: Span::millis(15) };
    let mut court = Court { calm: Some(calm), now: Time(10_000_000), ..Court::new() };
    for seat in &mut court.seats {
        let node = seat.node.get_or_insert_with(|| follower(0, &[]));
        node.configurations = alloc::vec![(0, Configuration::of_first(3))];
    }
    court
}

#[test]
fn a_cluster_that_is_left_alone_without_a_leader_breaks_progress() {
    assert_eq!(left_alone().look(0), [PROGRESS]);
    let mut court = left_alone();
    court.now = Time(900_000);
    assert_eq!(court.look(0), [], "that was not long");
    let mut court = left_alone();
    court.calm = None;
    assert_eq!(court.look(0), [], "it is not left alone");
    let mut court = left_alone();
    court.config.election_timeout.max = court.config.election_timeout.min;
    assert_eq!(court.look(0), [], "two may stand at once for ever");
    let mut court = left_alone();
    (court.seats[1].node, court.seats[2].node) = (None, None);
    assert_eq!(court.look(0), [], "too few are up");
}

#[test]
fn a_leader_that_has_not_committed_all_must_commit_something_in_time() {
    let mut court = left_alone();
    let leads = |node: &mut Node, disk: &mut Disk| {
        *node = leader(1, &[1], &[1, 0]);
        disk.log = node.log.clone();
    };
    assert_eq!(court.broken_by(0, leads), [PROGRESS]);
    let mut court = left_alone();
    court.log(1, &log_of(&[1]));
    court.calm = None;
    court.broken_by(0, leads);
    court.calm = left_alone().calm;
    assert_eq!(court.commit(0, 1), []);
    court.now = Time(12_000_000);
    let asked = court.broken_by(0, |node, _| node.log = log_of(&[1, 1]));
    assert_eq!(asked, [], "it was idle until now");
    court.now = Time(20_000_000);
    assert_eq!(court.look(1), [PROGRESS]);
    assert_eq!(court.other, Some(NodeId(0)), "who leads");
}

/// A server that is outside without knowing it deposes every leader, unless nobody listens (§6).
#[test]
fn nothing_is_promised_where_a_removed_server_may_disrupt() {
    let mut court = left_alone();
    court.seats.iter_mut().take(2).for_each(|seat| {
        let group = Configuration::of_first(2);
        seat.node.iter_mut().for_each(|node| node.configurations = alloc::vec![(0, group)]);
    });
    court.witness.group = Configuration::of_first(2);
    let outside = court.seats[2].node.as_ref().expect("it is up");
    assert!(election::has_vote(outside, NodeId(2)));
    assert_eq!(court.look(0), []);
    court.config.pre_vote = true;
    assert_eq!(court.look(0), [PROGRESS]);
}
