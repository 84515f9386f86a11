//! Each property is seen to break.

use super::*;
use crate::fastpaxos::Config;
use crate::fastpaxos::node::Write;
use crate::fastpaxos::testing::{Stub, decree, started, vote};
use alloc::collections::BTreeMap;
use faultline_kernel::{Calm, Member, Protocol, Seat, Span, Time};

/// A coordinator (0), two proposers (1 and 2), five acceptors (3 to 7) and a learner (8), whose
/// memories and disks a test may set as it likes. Somebody wants red and blue.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<FastPaxos>>,
    witness: Witness,
    now: Time,
    calm: Option<Calm>,
}

impl Court {
    fn new() -> Self {
        let config = Stub::new(0).config;
        let seat = |me| {
            let disk = Disk::default();
            Seat { node: Some(started(&disk, &mut Stub::new(me))), disk }
        };
        let mut court = Self {
            members: FastPaxos::members(&config),
            seats: (0..9).map(seat).collect(),
            config,
            witness: Witness::default(),
            now: Time::ZERO,
            calm: None,
        };
        for (proposer, value) in [(1, "red"), (2, "blue")] {
            let found = court.change(proposer, |node, _| {
                if let Part::Proposer(proposer) = &mut node.part {
                    proposer.wish = Some(decree(value));
                }
            });
            assert_eq!(found, []);
        }
        (0..9).for_each(|node| assert_eq!(court.change(node, |_, _| {}), []));
        court
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node, &mut Disk)) -> Vec<u8> {
        let seat = &mut self.seats[node as usize];
        change(seat.node.as_mut().expect("everybody is up"), &mut seat.disk);
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

    fn promise(&mut self, acceptor: u32, round: u64) -> Vec<u8> {
        self.change(acceptor, |node, disk| {
            node.acceptor().expect("it accepts").promised = Ballot(round);
            disk.write(&Write::Promise(Ballot(round)));
        })
    }

    fn accept(&mut self, acceptor: u32, accepted: Vote) -> Vec<u8> {
        self.change(acceptor, |node, disk| {
            let acceptor = node.acceptor().expect("it accepts");
            acceptor.promised = acceptor.promised.max(accepted.ballot);
            let promised = disk.promised.max(accepted.ballot);
            disk.write(&Write::Accept(accepted));
            disk.promised = promised;
        })
    }

    fn propose(&mut self, proposed: Vote) -> Vec<u8> {
        self.change(0, |node, _| {
            let coordinator = node.coordinator().expect("it coordinates");
            coordinator.tried = proposed.ballot;
            coordinator.attempt = Attempt::Proposing(proposed.value, Vec::new());
        })
    }

    /// The coordinator lets acceptors take any value in this round.
    fn open(&mut self, round: u64) -> Vec<u8> {
        self.change(0, |node, _| {
            let coordinator = node.coordinator().expect("it coordinates");
            coordinator.tried = Ballot(round);
            coordinator.attempt = Attempt::Open(BTreeMap::new());
        })
    }

    fn learn(&mut self, node: u32, value: &str) -> Vec<u8> {
        self.change(node, |node, _| node.chosen = Some(vote(1, value)))
    }
}

#[test]
fn a_fast_choice_breaks_nothing_and_neither_does_a_settled_collision() {
    let mut court = Court::new();
    (3..7).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.learn(8, "red"), []);
    let mut court = Court::new();
    for (acceptor, value) in [(3, "red"), (4, "blue"), (5, "red"), (6, "blue"), (7, "red")] {
        assert_eq!(court.accept(acceptor, vote(1, value)), []);
    }
    assert_eq!(court.propose(vote(2, "blue")), []);
    (3..8).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(2, "blue")), []));
    assert_eq!(court.learn(8, "blue"), []);
}

#[test]
fn two_values_chosen_are_one_too_many() {
    let mut court = Court::new();
    (3..7).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    court.propose(vote(2, "blue"));
    assert_eq!(court.accept(3, vote(2, "blue")), [VOTES_ARE_SAFE]);
    court.accept(4, vote(2, "blue"));
    assert_eq!(court.accept(5, vote(2, "blue")), [VOTES_ARE_SAFE, ONE_VALUE_CHOSEN]);
}

#[test]
fn a_value_that_nobody_wanted_must_not_be_chosen() {
    let mut court = Court::new();
    (3..6).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "green")), []));
    assert_eq!(court.accept(6, vote(1, "green")), [CHOSEN_WAS_PROPOSED]);
}

#[test]
fn a_promise_must_not_fall_and_is_kept() {
    let mut court = Court::new();
    assert_eq!(court.promise(3, 4), []);
    assert_eq!(court.accept(3, vote(1, "red")), [PROMISE_KEPT]);
    assert_eq!(court.promise(3, 2), [PROMISE_ONLY_RISES]);
}

#[test]
fn a_coordinator_proposes_one_value_a_round() {
    let mut court = Court::new();
    assert_eq!(court.propose(vote(2, "red")), []);
    assert_eq!(court.propose(vote(2, "blue")), [ONE_VALUE_PER_ROUND]);
}

#[test]
fn a_vote_is_not_safe_while_another_value_can_get_a_fast_quorum_below() {
    let mut court = Court::new();
    (3..6).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.accept(7, vote(2, "blue")), [VOTES_ARE_SAFE], "n7 may make it four");
    let mut court = Court::new();
    (3..5).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.promise(6, 2), []);
    assert_eq!(court.accept(7, vote(2, "blue")), [], "three is not enough");
}

/// Three acceptors have red and two blue in round 1, or so, and then all promise round 4.
fn divided(fast: u32) -> Court {
    let mut court = Court::new();
    court.config.fast.enough = fast;
    for (acceptor, value) in [(3, "red"), (4, "red"), (5, "blue"), (6, "blue")] {
        court.accept(acceptor, vote(1, value));
    }
    (3..8).for_each(|acceptor| assert_eq!(court.promise(acceptor, 4), []));
    court
}

#[test]
fn whoever_picks_must_not_have_to_guess() {
    assert_eq!(divided(4).propose(vote(4, "red")), [], "only two of three may have made it four");
    assert_eq!(divided(3).propose(vote(4, "red")), [FAST_QUORUMS_MEET]);
    let mut court = Court::new();
    court.config.fast.enough = 3;
    for (acceptor, value) in [(3, "red"), (4, "blue"), (5, "blue")] {
        court.accept(acceptor, vote(1, value));
    }
    assert_eq!(court.propose(vote(2, "red")), [FAST_QUORUMS_MEET], "recovery without phase 1");
}

#[test]
fn once_chosen_every_later_round_proposes_the_same() {
    let chosen = || {
        let mut court = Court::new();
        (3..7).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
        court
    };
    assert_eq!(chosen().propose(vote(4, "red")), []);
    assert_eq!(chosen().propose(vote(4, "blue")), [LATER_ROUNDS_AGREE]);
    assert_eq!(chosen().open(3), [LATER_ROUNDS_AGREE], "any value would do");
    let mut court = Court::new();
    assert_eq!(court.propose(vote(4, "blue")), []);
    (3..6).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.accept(6, vote(1, "red")), [LATER_ROUNDS_AGREE], "it was proposed before");
    let mut court = Court::new();
    assert_eq!(court.open(3), []);
    (3..6).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.accept(6, vote(1, "red")), [LATER_ROUNDS_AGREE], "it was opened before");
}

#[test]
fn whoever_wants_a_value_knows_the_choice_in_time_once_all_is_calm() {
    let mut court = Court::new();
    court.config.backoff = Span::millis(60);
    let at = |court: &mut Court, now_ms: u64| {
        court.now = Time(now_ms * 1_000);
        court.change(1, |_, _| {})
    };
    assert_eq!(at(&mut court, 1_000_000), [], "who knows what stands in the way");
    let calm = Calm { since: Time(1_000_000_000), delay: Span::millis(15) };
    court.calm = Some(calm);
    assert_eq!(at(&mut court, 1_002_600), []);
    assert_eq!(at(&mut court, 1_002_601), [SETTLED_IN_TIME]);
    court.config.retry = Span::millis(60);
    assert_eq!(at(&mut court, 1_009_000), [], "no time for a round: nothing is promised");
}

#[test]
fn a_learner_learns_in_time_what_is_chosen() {
    let mut court = Court::new();
    court.calm = Some(Calm { since: Time::ZERO, delay: Span::millis(15) });
    let hears = |node: &mut Node, _: &mut Disk| {
        if let Part::Learner(learner) = &mut node.part {
            learner.heard.insert(NodeId(3), vote(1, "red"));
        }
    };
    assert_eq!(court.change(8, hears), []);
    court.now = Time(9_000_000);
    assert_eq!(court.change(8, |_, _| {}), [], "nothing is chosen");
    (3..7).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.change(8, |_, _| {}), []);
    court.now = Time(20_000_000);
    assert_eq!(court.change(8, |_, _| {}), [SETTLED_IN_TIME]);
}

#[test]
fn nobody_learns_what_is_not_chosen() {
    let mut court = Court::new();
    (3..6).for_each(|acceptor| assert_eq!(court.accept(acceptor, vote(1, "red")), []));
    assert_eq!(court.learn(8, "red"), [LEARNED_IS_CHOSEN], "three are no fast quorum");
}
