//! Each property is seen to break.

use super::*;
use crate::multipaxos::disk::Write;
use crate::multipaxos::node::{Leader, Proposal};
use crate::multipaxos::testing::{Stub, put, vote};
use crate::multipaxos::{Config, lead};
use crate::quorum::Acceptors;
use crate::store::Key;
use alloc::collections::VecDeque;
use faultline_kernel::{Calm, Member, Protocol, RequestId, Seat, Span, Time};

/// Three servers, whose memories and disks a test may set as it likes.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<MultiPaxos>>,
    witness: Witness,
    now: Time,
    calm: Option<Calm>,
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
            now: Time::ZERO,
            calm: None,
        };
        (0..3).for_each(|node| assert_eq!(court.look(node), []));
        court
    }

    fn look(&mut self, node: u32) -> Vec<u8> {
        let cluster = Cluster {
            config: &self.config,
            members: &self.members,
            seats: &self.seats,
            now: self.now,
            calm: self.calm,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(node), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }

    /// Nothing stands in the way from now on.
    fn calm(&mut self, now_ms: u64) {
        self.calm = Some(Calm { since: Time(now_ms * 1_000), delay: Span::millis(15) });
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

/// A server reads x from memory, and finds this.
fn reads(court: &mut Court, node: u32, value: Option<u32>) -> Vec<u8> {
    court.change(node, |node, _| {
        node.served.reads += 1;
        node.served.last = Some((Key::sample(0), value));
    })
}

#[test]
fn a_read_must_see_what_a_client_was_told() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    assert_eq!(court.propose(0, vote(1, 9), true), []);
    assert_eq!(reads(&mut court, 2, None), [], "nothing was told yet");
    let applies = |node: &mut Node, _: &mut Disk| {
        node.log.choose(1, &[vote(1, 9)]);
        node.store.apply(put(9), true);
    };
    assert_eq!(court.change(0, applies), []);
    assert_eq!(reads(&mut court, 2, None), [], "the answer still waits for the disk");
    let saves = |_: &mut Node, disk: &mut Disk| disk.log.choose(1, &[vote(1, 9)]);
    assert_eq!(court.change(0, saves), []);
    assert_eq!(reads(&mut court, 2, None), [READS_ARE_FRESH]);
    assert_eq!(reads(&mut court, 2, Some(8)), [READS_ARE_FRESH], "it never was that");
    assert_eq!(reads(&mut court, 2, Some(9)), []);
}

#[test]
fn a_client_whose_leader_crashed_before_the_disk_knew_was_told_nothing() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    assert_eq!(court.propose(0, vote(1, 9), true), []);
    let applies = |node: &mut Node, _: &mut Disk| {
        node.log.choose(1, &[vote(1, 9)]);
        node.store.apply(put(9), true);
    };
    assert_eq!(court.change(0, applies), []);
    court.seats[0].node = None;
    assert_eq!(court.look(0), []);
    court.seats[0].disk.log.choose(1, &[vote(1, 9)]);
    assert_eq!(court.look(0), []);
    assert_eq!(reads(&mut court, 2, None), []);
}

#[test]
fn once_all_is_calm_somebody_leads_in_time() {
    let mut court = Court::new();
    let at = |court: &mut Court, now_ms: u64| {
        court.now = Time(now_ms * 1_000);
        court.look(2)
    };
    assert_eq!(at(&mut court, 9_000), [], "who knows what stands in the way");
    court.calm(9_000);
    assert_eq!(at(&mut court, 13_000), []);
    assert_eq!(at(&mut court, 13_001), [LED_IN_TIME]);
    assert_eq!(court.propose(0, vote(1, 9), true), [], "at last");
    let steps_down = |node: &mut Node, _: &mut Disk| node.role = Role::Follower;
    assert_eq!(court.change(0, steps_down), []);
    assert_eq!(at(&mut court, 17_001), []);
    assert_eq!(at(&mut court, 17_002), [LED_IN_TIME]);
    court.config.election_timeout.min = court.config.election_timeout.max;
    assert_eq!(at(&mut court, 99_000), [], "they may duel for ever");
}

#[test]
fn once_all_is_calm_everybody_gets_to_know_what_is_chosen() {
    let mut court = Court::with(&[(0, vote(1, 9)), (1, vote(1, 9))]);
    court.calm(0);
    assert_eq!(court.learn(0, vote(1, 9)), []);
    assert_eq!(court.propose(0, vote(1, 9), true), []);
    let at = |court: &mut Court, now_ms: u64, node: u32| {
        court.now = Time(now_ms * 1_000);
        court.look(node)
    };
    assert_eq!(at(&mut court, 1_000, 2), [], "it lacks slot 1 from now on");
    assert_eq!(at(&mut court, 5_640, 2), []);
    assert_eq!(at(&mut court, 5_641, 2), [GOES_ON_IN_TIME]);
    assert_eq!(at(&mut court, 5_641, 0), [], "the leader knows it");
    assert_eq!(court.learn(2, vote(1, 9)), []);
    assert_eq!(at(&mut court, 99_000, 2), []);
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
