//! Collisions: in a fast round acceptors accepted different values (§3.2).

use super::node::{Attempt, Node, Write};
use super::pick::{Pick, pick};
use super::{FastPaxos, learn, round, show};
use crate::ballot::{Ballot, Decree, Vote};
use alloc::collections::BTreeMap;
use faultline_kernel::{Cx, NodeId, Note};

/// A coordinator hears what an acceptor accepted in its round.
pub(super) fn on_accepted(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    let enough = cx.config().quorum(vote.ballot).enough as usize;
    let Some(coordinator) = node.coordinator() else { return };
    coordinator.heard = coordinator.heard.max(vote.ballot);
    if vote.ballot != coordinator.tried {
        return;
    }
    let accepted = match &mut coordinator.attempt {
        Attempt::Proposing(value, acceptors) if *value == vote.value => {
            if !acceptors.contains(&from) {
                acceptors.push(from);
            }
            acceptors.len()
        }
        Attempt::Open(votes) => {
            votes.insert(from, vote.value);
            count(votes, vote.value)
        }
        Attempt::Idle | Attempt::Preparing(_) | Attempt::Proposing(..) | Attempt::Outbid(_) => {
            return;
        }
    };
    if accepted >= enough {
        learn::conclude(node, vote, accepted, cx);
        return;
    }
    recover(node, cx);
}

/// No value can be chosen in the open round any more: whatever the others do, none gets a fast
/// quorum.
fn collided(votes: &BTreeMap<NodeId, Decree>, fast: u32, acceptors: u32) -> bool {
    let known = u32::try_from(votes.len()).unwrap_or(u32::MAX);
    let most = votes.values().map(|value| count(votes, *value)).max().unwrap_or(0);
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    most + (acceptors - known) < fast
}

/// How many accepted this.
fn count(votes: &BTreeMap<NodeId, Decree>, value: Decree) -> usize {
    votes.values().filter(|other| **other == value).count()
}

/// Coordinated recovery (§3.2): an acceptance in round i says all that a promise for round i + 1
/// would say. So the coordinator, to which both rounds belong, skips phase 1 of the next, classic
/// round and picks a value from what it heard, by the same rule. If that leaves it free, it takes
/// the one that most accepted.
fn recover(node: &mut Node, cx: &mut impl Cx<FastPaxos>) {
    let (classic, fast) = (cx.config().classic, cx.config().fast);
    let Some(coordinator) = node.coordinator() else { return };
    let tried = coordinator.tried;
    let Attempt::Open(votes) = &coordinator.attempt else { return };
    let quorum = votes.len() >= classic.enough as usize;
    if !quorum || !collided(votes, fast.enough, classic.of) {
        return;
    }
    let vote = |(acceptor, value): (&NodeId, &Decree)| {
        (*acceptor, Some(Vote { ballot: tried, value: *value }))
    };
    let reports: BTreeMap<NodeId, Option<Vote>> = votes.iter().map(vote).collect();
    let value = match pick(&reports, cx.config()) {
        Pick::Bound { value, .. } | Pick::Free { voted: Some(value) } => value,
        Pick::Free { voted: None } => return,
    };
    let next = Ballot(tried.0 + 1);
    coordinator.tried = next;
    cx.save(Write::Try(next));
    cx.note(|| Note::new(show::RECOVERS, &[tried.into(), next.into(), value.into()]));
    round::propose(coordinator, value, cx);
    round::be_patient(coordinator, cx);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fastpaxos::Message;
    use crate::fastpaxos::node::Disk;
    use crate::fastpaxos::testing::{Stub, decree, started, vote};

    fn open(cx: &mut Stub) -> Node {
        let mut node = started(&Disk::default(), cx);
        for from in 3..6 {
            round::on_promise(&mut node, NodeId(from), Ballot(1), None, cx);
        }
        cx.clear();
        node
    }

    #[test]
    fn a_collision_is_settled_in_the_next_round_without_phase_1() {
        let mut cx = Stub::new(0);
        let mut node = open(&mut cx);
        for (from, value) in [(3, "red"), (4, "blue"), (5, "red")] {
            on_accepted(&mut node, NodeId(from), vote(1, value), &mut cx);
        }
        assert_eq!(cx.sent, [], "red may still get four");
        on_accepted(&mut node, NodeId(6), vote(1, "blue"), &mut cx);
        assert_eq!(cx.saved, [Write::Try(Ballot(2))]);
        assert_eq!(cx.sent[0], (NodeId(3), Message::Accept(vote(2, "red"))));
        for from in [3, 4, 4, 7] {
            assert_eq!(node.chosen, None);
            on_accepted(&mut node, NodeId(from), vote(2, "red"), &mut cx);
        }
        assert_eq!(node.chosen, Some(vote(2, "red")), "three are enough in a classic round");
    }

    #[test]
    fn a_fast_quorum_chooses() {
        let mut cx = Stub::new(0);
        let mut node = open(&mut cx);
        for from in 3..7 {
            assert_eq!(node.chosen, None);
            on_accepted(&mut node, NodeId(from), vote(1, "red"), &mut cx);
        }
        assert_eq!(node.chosen, Some(vote(1, "red")));
    }

    #[test]
    fn a_collision_is_seen_as_soon_as_no_value_can_reach_a_fast_quorum() {
        let seen = |values: &[&str]| {
            let votes = (0..).map(NodeId).zip(values.iter().map(|value| decree(value))).collect();
            collided(&votes, 4, 5)
        };
        assert!(!seen(&[]));
        assert!(!seen(&["red", "blue", "red"]), "two more may make it four");
        assert!(seen(&["red", "blue", "red", "blue"]));
        assert!(seen(&["red", "blue", "green"]));
    }
}
