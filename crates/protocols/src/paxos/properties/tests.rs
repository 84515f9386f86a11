//! Each property is seen to break.

use super::*;
use crate::paxos::node::{Node, Write};
use crate::paxos::testing::{Stub, decree, vote};
use crate::paxos::{Config, Quorum, request};
use faultline_kernel::{Calm, Member, Protocol, Seat, Span, Time};

/// Two proposers (0 and 1), three acceptors (2 to 4) and a learner (5), whose memories and disks a
/// test may set as it likes.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<Paxos>>,
    witness: Witness,
    now: Time,
    calm: Option<Calm>,
}

impl Court {
    fn new() -> Self {
        Self::with(&[])
    }

    /// With these acceptances on disks from before.
    fn with(accepted: &[(u32, Vote)]) -> Self {
        let config = Stub::new(0).config;
        let seat = |me: u32| {
            let mut disk = Disk::default();
            let written = accepted.iter().filter(|(acceptor, _)| *acceptor == me);
            written.for_each(|(_, vote)| disk.write(&Write::Accept(*vote)));
            Seat { node: Some(request::start(&disk, &mut Stub::new(me))), disk }
        };
        let mut court = Self {
            members: Paxos::members(&config),
            seats: (0..6).map(seat).collect(),
            config,
            witness: Witness::default(),
            now: Time::ZERO,
            calm: None,
        };
        (0..6).for_each(|node| assert_eq!(court.look(node), []));
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

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node, &mut Disk)) -> Vec<u8> {
        let seat = &mut self.seats[node as usize];
        change(seat.node.as_mut().expect("everybody is up"), &mut seat.disk);
        self.look(node)
    }

    /// A proposer that wanted this value gets as far as phase 1, then phase 2, of a ballot.
    fn propose(&mut self, node: u32, proposed: Vote) -> Vec<u8> {
        self.prepare(node, proposed);
        self.change(node, |node, _| {
            let proposer = node.proposer.as_mut().expect("it proposes");
            let quorum = Quorum { enough: 2, of: 3 };
            let accepted = Acceptors::default();
            proposer.attempt = Attempt::Proposing { value: proposed.value, accepted, quorum };
        })
    }

    fn prepare(&mut self, node: u32, wanted: Vote) {
        let found = self.change(node, |node, _| {
            let proposer = node.proposer.as_mut().expect("it proposes");
            proposer.tried = wanted.ballot;
            proposer.wish.get_or_insert(wanted.value);
            proposer.attempt = Attempt::Preparing {
                promised: Acceptors::default(),
                reported: None,
                quorum: Quorum { enough: 2, of: 3 },
            };
        });
        assert_eq!(found, []);
    }

    fn promise(&mut self, acceptor: u32, ballot: u64) -> Vec<u8> {
        self.change(acceptor, |node, disk| {
            node.acceptor.as_mut().expect("it accepts").promised = Ballot(ballot);
            disk.write(&Write::Promise(Ballot(ballot)));
        })
    }

    fn accept(&mut self, acceptor: u32, accepted: Vote) -> Vec<u8> {
        self.change(acceptor, |node, disk| {
            let acceptor = node.acceptor.as_mut().expect("it accepts");
            acceptor.promised = acceptor.promised.max(accepted.ballot);
            let promised = disk.promised.max(accepted.ballot);
            disk.write(&Write::Accept(accepted));
            disk.promised = promised;
        })
    }
}

#[test]
fn an_ordinary_ballot_breaks_nothing_and_neither_does_its_repetition() {
    let mut court = Court::new();
    for (proposer, ballot) in [(0, 1), (1, 2)] {
        let blue = vote(ballot, "blue");
        court.prepare(proposer, blue);
        (2..5).for_each(|acceptor| assert_eq!(court.promise(acceptor, ballot), []));
        assert_eq!(court.propose(proposer, blue), []);
        (2..5).for_each(|acceptor| assert_eq!(court.accept(acceptor, blue), []));
        assert_eq!(court.change(5, |node, _| node.chosen = Some(blue)), []);
    }
}

#[test]
fn two_values_chosen_are_one_too_many() {
    let mut court = Court::with(&[(2, vote(1, "blue")), (3, vote(1, "blue"))]);
    assert!(court.propose(1, vote(2, "red")).contains(&LATER_BALLOTS_AGREE));
    assert_eq!(court.accept(3, vote(2, "red")), [VOTES_ARE_SAFE]);
    assert_eq!(court.accept(4, vote(2, "red")), [VOTES_ARE_SAFE, ONE_VALUE_CHOSEN]);
}

#[test]
fn a_value_that_nobody_wanted_must_not_be_chosen() {
    let mut court = Court::new();
    court.prepare(0, vote(1, "blue"));
    (2..5).for_each(|acceptor| assert_eq!(court.promise(acceptor, 1), []));
    assert_eq!(court.accept(2, vote(1, "green")), []);
    assert_eq!(court.accept(3, vote(1, "green")), [CHOSEN_WAS_PROPOSED]);
}

#[test]
fn a_promise_must_not_fall_on_disk_nor_over_a_restart() {
    let mut court = Court::new();
    assert_eq!(court.promise(2, 5), []);
    let forget = |node: &mut Node, _: &mut Disk| {
        node.acceptor.as_mut().expect("it accepts").promised = Ballot::NONE;
    };
    assert_eq!(court.change(2, forget), [PROMISE_ONLY_RISES]);
    assert_eq!(court.promise(2, 4), [PROMISE_ONLY_RISES]);
}

#[test]
fn memory_may_be_ahead_of_the_disk_and_fall_back_to_it() {
    let mut court = Court::new();
    court.promise(2, 3);
    let ahead = |ballot| {
        move |node: &mut Node, _: &mut Disk| {
            node.acceptor.as_mut().expect("it accepts").promised = Ballot(ballot);
        }
    };
    assert_eq!(court.change(2, ahead(5)), []);
    assert_eq!(court.change(2, ahead(3)), []);
}

#[test]
fn nothing_is_accepted_below_a_promise() {
    let mut court = Court::new();
    court.promise(2, 5);
    assert_eq!(court.accept(2, vote(4, "blue")), [PROMISE_KEPT]);
}

#[test]
fn a_ballot_has_one_value() {
    let mut court = Court::new();
    assert_eq!(court.propose(0, vote(1, "blue")), []);
    assert_eq!(court.propose(1, vote(1, "red")), [ONE_VALUE_PER_BALLOT]);
}

#[test]
fn a_vote_is_not_safe_while_another_value_can_still_be_chosen_below() {
    let mut court = Court::new();
    assert_eq!(court.propose(0, vote(1, "blue")), []);
    court.promise(2, 2);
    court.propose(1, vote(2, "red"));
    assert_eq!(court.accept(2, vote(2, "red")), [VOTES_ARE_SAFE], "n4 and n5 may accept blue");
    let mut court = Court::new();
    assert_eq!(court.propose(0, vote(1, "blue")), []);
    court.promise(2, 2);
    court.promise(3, 2);
    court.propose(1, vote(2, "red"));
    assert_eq!(court.accept(2, vote(2, "red")), [], "n5 alone can choose nothing");
}

#[test]
fn a_choice_binds_a_higher_ballot_that_was_proposed_before() {
    let mut court = Court::new();
    assert_eq!(court.propose(0, vote(1, "blue")), []);
    assert_eq!(court.propose(1, vote(2, "red")), []);
    assert_eq!(court.accept(2, vote(1, "blue")), []);
    assert_eq!(court.accept(3, vote(1, "blue")), [LATER_BALLOTS_AGREE]);
}

#[test]
fn nobody_learns_what_is_not_chosen() {
    let mut court = Court::with(&[(2, vote(1, "blue"))]);
    assert_eq!(court.change(5, |node, _| node.chosen = Some(vote(1, "blue"))), [LEARNED_IS_CHOSEN]);
    assert_eq!(court.change(0, |node, _| node.chosen = Some(vote(1, "red"))), [LEARNED_IS_CHOSEN]);
}

#[test]
fn a_duel_without_end_is_judged_with_bounded_memory() {
    let mut court = Court::new();
    court.accept(2, vote(1, "blue"));
    for ballot in 2..500 {
        court.propose(u32::from(ballot % 2 == 0), vote(ballot, "red"));
    }
    assert_eq!(court.witness.ballots.len(), EMPTY_BALLOTS_MOST + 1);
    assert!(court.witness.ballots.contains_key(&Ballot(1)), "what was accepted is remembered");
    assert_eq!(decree("blue"), court.witness.ballots[&Ballot(1)].accepted[0].0);
}

/// A court in which nothing stands in the way, and proposer 0 wants blue; at this moment.
fn calm_at(now_ms: u64, change: impl FnOnce(&mut Config)) -> Vec<u8> {
    let mut court = Court::new();
    change(&mut court.config);
    court.prepare(0, vote(1, "blue"));
    court.calm = Some(Calm { since: Time::ZERO, delay: Span::millis(15) });
    court.now = Time(now_ms * 1_000);
    court.look(0)
}

#[test]
fn whoever_wants_a_value_knows_the_choice_in_time_once_all_is_calm() {
    assert_eq!(calm_at(4_500, |_| {}), []);
    assert_eq!(calm_at(4_501, |_| {}), [SETTLED_IN_TIME]);
    let alike = |config: &mut Config| config.backoff = Span::ZERO;
    assert_eq!(calm_at(1_000_000, alike), [], "they may duel for ever");
    let led = |config: &mut Config| {
        alike(config);
        config.leader = Some(Span::millis(100));
    };
    assert_eq!(calm_at(2_300, led), []);
    assert_eq!(calm_at(2_301, led), [SETTLED_IN_TIME], "unless one leads");
}

#[test]
fn a_learner_that_heard_of_an_acceptance_learns_the_choice_in_time() {
    let blue = vote(1, "blue");
    let mut court = Court::with(&[(2, blue), (3, blue)]);
    court.calm = Some(Calm { since: Time::ZERO, delay: Span::millis(15) });
    court.now = Time(9_000_000);
    assert_eq!(court.look(5), [], "it has heard of nothing");
    let hears = |node: &mut Node, _: &mut Disk| {
        node.learner.as_mut().expect("it learns").heard.insert(NodeId(2), blue);
    };
    assert_eq!(court.change(5, hears), []);
    court.now = Time(13_500_001);
    assert_eq!(court.look(5), [SETTLED_IN_TIME]);
}

#[test]
fn an_unsafe_vote_names_an_acceptor_that_stands_against_it() {
    let mut court = Court::with(&[(2, vote(1, "blue")), (3, vote(1, "blue"))]);
    court.prepare(0, vote(2, "red"));
    let seat = &mut court.seats[4];
    seat.disk.write(&Write::Accept(vote(2, "red")));
    let cluster = Cluster {
        config: &court.config,
        members: &court.members,
        seats: &court.seats,
        now: Time::ZERO,
        calm: None,
    };
    let mut verdicts = Verdicts::default();
    check(&mut court.witness, NodeId(4), &cluster, &mut verdicts);
    let found = verdicts.take();
    assert_eq!(found[0].property, VOTES_ARE_SAFE);
    assert_eq!(found[0].witnesses, [Some(NodeId(4)), Some(NodeId(2))]);
}
