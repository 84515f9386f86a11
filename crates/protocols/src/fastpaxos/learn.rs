//! Learning what is chosen.

use super::node::{Answer, Attempt, Node, Part, Timer};
use super::{FastPaxos, Message, show};
use crate::ballot::Vote;
use crate::roster::nodes;
use faultline_kernel::{Cx, NodeId, Note, Value};

/// An acceptor told a learner what it accepted. A quorum of the round's kind in one round for one
/// value chooses.
pub(super) fn on_accepted(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    let enough = cx.config().quorum(vote.ballot).enough as usize;
    let Part::Learner(learner) = &mut node.part else { return };
    let heard = learner.heard.entry(from).or_insert(vote);
    if heard.ballot > vote.ballot {
        return;
    }
    *heard = vote;
    let count = learner.heard.values().filter(|heard| **heard == vote).count();
    if count >= enough {
        conclude(node, vote, count, cx);
    } else if node.chosen.is_none() {
        cx.set_timer(Timer::Retry, cx.config().retry);
    }
}

/// A learner that has just started, or that heard too little for long, asks.
pub(super) fn ask(node: &Node, cx: &mut impl Cx<FastPaxos>) {
    if node.chosen.is_some() {
        return;
    }
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Ask);
    }
}

/// Acceptors may have gone on to different rounds, so that no quorum is heard of in any. Then a
/// coordinator can help: one that does not know begins a new round to find out (§2.4.2, end).
///
/// It is one at a time, drawn anew: more would get into each other's way.
pub(super) fn ask_again(node: &Node, cx: &mut impl Cx<FastPaxos>) {
    ask(node, cx);
    let coordinators = cx.config().roster.coordinators();
    let one = coordinators.start + cx.choose(coordinators.end - coordinators.start);
    cx.send(NodeId(one), Message::Ask);
    cx.set_timer(Timer::Retry, cx.config().retry);
}

/// So many acceptances make a quorum: the value is chosen, and this node knows it.
pub(super) fn conclude(node: &mut Node, vote: Vote, count: usize, cx: &mut impl Cx<FastPaxos>) {
    if node.chosen.is_some() {
        return;
    }
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let of = cx.config().classic.of;
    let args: [Value; 4] = [vote.value.into(), vote.ballot.into(), count.into(), of.into()];
    let fast = super::round::is_fast(vote.ballot);
    let kind = if fast { show::LEARNS_FAST } else { show::LEARNS };
    cx.note(|| Note::new(kind, &args));
    know(node, vote, cx);
    if matches!(node.part, Part::Learner(_)) {
        let roster = cx.config().roster;
        for other in nodes(roster.coordinators()).chain(nodes(roster.proposers())) {
            cx.send(other, Message::Chosen(vote));
        }
    }
}

/// A learner told it.
pub(super) fn on_chosen(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    if node.chosen.is_none() {
        cx.note(|| Note::new(show::IS_TOLD, &[from.into(), vote.value.into()]));
        know(node, vote, cx);
    }
}

/// It knows; a coordinator is done, and a proposer tells its clients.
fn know(node: &mut Node, vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    node.chosen = Some(vote);
    cx.cancel_timer(Timer::Retry);
    match &mut node.part {
        Part::Coordinator(coordinator) => coordinator.attempt = Attempt::Idle,
        Part::Proposer(proposer) => {
            for (client, value) in core::mem::take(&mut proposer.clients) {
                let answer = if value == vote.value { Answer::Chosen } else { Answer::Other };
                cx.answer(client, answer);
            }
        }
        Part::Acceptor(_) | Part::Learner(_) => {}
    }
}
