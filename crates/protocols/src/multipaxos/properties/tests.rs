//! Each property is seen to break.

use super::*;
use crate::multipaxos::disk::Write;
use crate::multipaxos::node::{Leader, Proposal};
use crate::multipaxos::testing::{Stub, put, vote};
use crate::multipaxos::{Config, lead};
use crate::quorum::Acceptors;
use alloc::collections::VecDeque;
use faultline_kernel::{Member, Protocol, RequestId, Seat, Time};

/// Three servers, whose memories and disks a test may set as it likes.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<MultiPaxos>>,
    witness: Witness,
}

impl Court {
    fn new() -> Self {
        Self::with(&[])
    }

    /// With these acceptances in slot 1 on disks from before.
    fn with(accepted: &[(u32, Vote)]) -> Self {
        let config = Stub::new(0).config;
        let seat = |me: u32| {
            let mut disk = Disk::default();
            for (_, vote) in accepted.iter().filter(|(acceptor, _)| *acceptor == me) {
                disk.write(&Write::Promise(vote.ballot));
                disk.write(&Write::Accept { slot: 1, vote: *vote });
            }
            Seat { node: Some(lead::start(&disk, &mut Stub::new(me))), disk }
        };
        let mut court = Self {
            members: MultiPaxos::members(&config),
            seats: (0..3).map(seat).collect(),
            config,
            witness: Witness::default(),
        };
        (0..3).for_each(|node| assert_eq!(court.look(node), []));
        court
    }

    fn look(&mut self, node: u32) -> Vec<u8> {
        let cluster = Cluster {
            config: &self.config,
            members: &self.members,
            seats: &self.seats,
            now: Time::ZERO,
            calm: None,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(node), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node, &mut Disk)) -> Vec<u8> {
        let seat = &mut self.seats[node as usize];
        change(seat.node.as_mut().expect("everybody is up"), &mut seat.disk);
        self.look(node)
    }

    fn promise(&mut self, node: u32, ballot: u64) -> Vec<u8> {
        self.change(node, |node, disk| {
            node.promised = Ballot(ballot);
            disk.write(&Write::Promise(Ballot(ballot)));
        })
    }

    /// A leader proposes for slot 1; `asked` by a client or of its own accord.
    fn propose(&mut self, node: u32, vote: Vote, asked: bool) -> Vec<u8> {
        self.change(node, |node, _| {
            let proposal = Proposal {
                slot: 1,
                command: vote.command,
                accepted: Acceptors::default(),
                client: asked.then_some(RequestId(0)),
                chosen: false,
                overdue: false,
            };
            node.role = Role::Leader(Leader {
                ballot: vote.ballot,
                next: 2,
                recovered: 0,
                chosen: (0, NodeId(0)),
                proposals: VecDeque::from([proposal]),
                queue: VecDeque::new(),
                granted: Vec::new(),
            });
        })
    }

    fn accept(&mut self, node: u32, vote: Vote) -> Vec<u8> {
        self.change(node, |node, disk| {
            node.promised = node.promised.max(vote.ballot);
            disk.promised = disk.promised.max(vote.ballot);
            disk.write(&Write::Accept { slot: 1, vote });
        })
    }

    /// The server takes this for chosen in its next slot, and applies it.
    fn learn(&mut self, node: u32, vote: Vote) -> Vec<u8> {
        self.change(node, |node, disk| {
            let first = disk.log.chosen() + 1;
            disk.log.choose(first, &[vote]);
            node.log.choose(first, &[vote]);
            node.store.apply(vote.command, true);
        })
    }
}

#[test]
fn an_ordinary_course_breaks_nothing_and_leaves_nothing_behind() {
    let mut court = Court::new();
    (0..3).for_each(|node| assert_eq!(court.promise(node, 1), []));
    assert_eq!(court.propose(0, vote(1, 9), true), []);
    (0..3).for_each(|node| assert_eq!(court.accept(node, vote(1, 9)), []));
    (0..3).for_each(|node| assert_eq!(court.promise(node, 2), []));
    assert_eq!(court.propose(1, vote(2, 9), false), [], "again, in a higher ballot");
    (0..3).for_each(|node| assert_eq!(court.accept(node, vote(2, 9)), []));
    (0..3).for_each(|node| assert_eq!(court.learn(node, vote(2, 9)), []));
    assert_eq!(court.witness.slots.weight(), 0, "everybody knows slot 1");
}

#[test]
fn two_commands_chosen_for_one_slot_are_one_too_many() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    assert_eq!(court.propose(2, vote(2, 8), true), [LATER_BALLOTS_AGREE]);
    assert_eq!(court.accept(2, vote(2, 8)), [VOTES_ARE_SAFE]);
    assert_eq!(court.accept(1, vote(2, 8)), [VOTES_ARE_SAFE, ONE_VALUE_CHOSEN]);
}

#[test]
fn what_nobody_asked_for_must_not_be_chosen() {
    let mut court = Court::new();
    (0..3).for_each(|node| assert_eq!(court.promise(node, 1), []));
    assert_eq!(court.propose(0, vote(1, 9), false), []);
    assert_eq!(court.accept(0, vote(1, 9)), []);
    assert_eq!(court.accept(1, vote(1, 9)), [CHOSEN_WAS_PROPOSED]);
}

#[test]
fn a_promise_must_not_fall_on_disk_nor_over_a_restart() {
    let mut court = Court::new();
    assert_eq!(court.promise(2, 5), []);
    let forgets = |node: &mut Node, _: &mut Disk| node.promised = Ballot::NONE;
    assert_eq!(court.change(2, forgets), [PROMISE_ONLY_RISES]);
    assert_eq!(court.promise(2, 4), [PROMISE_ONLY_RISES]);
}

#[test]
fn nothing_is_accepted_below_a_promise() {
    let mut court = Court::new();
    court.promise(2, 5);
    assert_eq!(court.accept(2, vote(4, 9)), [PROMISE_KEPT]);
}

#[test]
fn a_ballot_has_one_command_for_each_slot() {
    let mut court = Court::new();
    assert_eq!(court.propose(0, vote(1, 9), true), []);
    assert_eq!(court.propose(1, vote(1, 8), true), [ONE_VALUE_PER_BALLOT]);
}

#[test]
fn a_vote_is_not_safe_while_another_command_can_still_be_chosen_below() {
    let mut court = Court::new();
    court.propose(0, vote(1, 9), true);
    court.promise(2, 2);
    court.propose(1, vote(2, 8), true);
    assert_eq!(court.accept(2, vote(2, 8)), [VOTES_ARE_SAFE], "n1 and n2 may accept the other");
    let mut court = Court::new();
    court.propose(0, vote(1, 9), true);
    court.promise(1, 2);
    court.promise(2, 2);
    court.propose(1, vote(2, 8), true);
    assert_eq!(court.accept(2, vote(2, 8)), [], "n1 alone can choose nothing");
}

#[test]
fn a_choice_binds_a_higher_ballot_that_was_proposed_before() {
    let mut court = Court::new();
    court.propose(0, vote(1, 9), true);
    court.propose(1, vote(2, 8), true);
    assert_eq!(court.accept(0, vote(1, 9)), []);
    assert_eq!(court.accept(2, vote(1, 9)), [LATER_BALLOTS_AGREE]);
}

#[test]
fn nobody_learns_what_is_not_chosen_nor_different_things() {
    let mut court = Court::with(&[(0, vote(1, 9))]);
    assert_eq!(court.learn(0, vote(1, 9)), [LEARNED_IS_CHOSEN]);
    assert_eq!(court.learn(1, vote(1, 8)), [LEARNED_IS_CHOSEN, PREFIXES_AGREE]);
}

#[test]
fn the_variables_are_what_the_log_makes_of_them() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    assert_eq!(court.learn(0, vote(1, 9)), []);
    let applies_twice = |node: &mut Node, disk: &mut Disk| {
        disk.log.choose(1, &[vote(1, 9)]);
        node.log.choose(1, &[vote(1, 9)]);
        node.store.apply(put(9), true);
        node.store.apply(put(9), true);
    };
    assert_eq!(court.change(1, applies_twice), [APPLIED_ONCE]);
}

#[test]
fn a_read_must_see_what_a_client_was_told() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    let reads = |node: &mut Node, _: &mut Disk| node.served.reads += 1;
    assert_eq!(court.change(2, reads), [], "nothing was told yet");
    let tells = |node: &mut Node, _: &mut Disk| node.served.acknowledged = 1;
    assert_eq!(court.change(0, tells), []);
    assert_eq!(court.change(2, reads), [], "the answer still waits for the disk");
    assert_eq!(court.learn(0, vote(1, 9)), []);
    assert_eq!(court.change(2, reads), [READS_ARE_FRESH]);
    let reads_at_1 = |node: &mut Node, _: &mut Disk| {
        node.served.reads += 1;
        node.served.read_at = 1;
    };
    assert_eq!(court.change(2, reads_at_1), []);
}

#[test]
fn a_duel_without_end_is_judged_with_bounded_memory() {
    let mut court = Court::new();
    court.accept(2, vote(1, 9));
    for ballot in 2..500 {
        court.propose(u32::from(ballot % 2 == 0), vote(ballot, 8), true);
    }
    assert!(court.witness.slots.weight() < 20_000, "{}", court.witness.slots.weight());
}
