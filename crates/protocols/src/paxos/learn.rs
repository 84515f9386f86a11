//! Learning what is chosen (Paxos made simple §2.3).

use super::node::{Answer, Attempt, Node, Proposer, Timer};
use super::{Message, Paxos, prepare, show};
use crate::ballot::Vote;
use crate::roster::nodes;
use faultline_kernel::{Cx, NodeId, Note, Value};

/// An acceptor told a learner what it accepted: "the obvious algorithm is to have each acceptor,
/// whenever it accepts a proposal, respond to all learners".
///
/// A learner remembers the last acceptance of each acceptor. It may so miss that a value was
/// chosen, if an acceptor goes on before another is heard of; it never sees a choice that was not
/// made, and a later ballot brings the same value.
pub(super) fn on_accepted(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<Paxos>) {
    let Some(learner) = &mut node.learner else { return };
    let heard = learner.heard.entry(from).or_insert(vote);
    if heard.ballot > vote.ballot {
        return;
    }
    *heard = vote;
    let agree = learner.agree(vote);
    if learner.quorum.is_in(agree) {
        conclude(node, vote, agree.count(), cx);
    } else if node.chosen.is_none() {
        cx.set_timer(Timer::Ask, cx.config().retry);
    }
}

/// A learner that may have missed something, because it has just started or because messages were
/// lost, asks: "the learner could ask the acceptors what proposals they have accepted".
///
pub(super) fn ask(node: &Node, cx: &mut impl Cx<Paxos>) {
    if node.learner.is_none() || node.chosen.is_some() {
        return;
    }
    cx.note(|| Note::new(show::ASKS, &[]));
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Ask);
    }
}

/// It has heard of acceptances, but for long not of a quorum. Acceptors may have gone on to
/// different ballots: so "it can have a proposer issue a proposal", the one on its own node or one
/// of the others.
///
/// It is one at a time, drawn anew, because more would duel; unless one of them leads.
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<Paxos>) {
    ask(node, cx);
    let proposers = cx.config().roster.proposers();
    if node.proposer.is_some() {
        find_out(node, cx);
    } else if cx.config().leader.is_some() {
        nodes(proposers).for_each(|proposer| cx.send(proposer, Message::Ask));
    } else {
        let one = proposers.start + cx.choose(proposers.end - proposers.start);
        cx.send(NodeId(one), Message::Ask);
    }
    cx.set_timer(Timer::Ask, cx.config().retry);
}

/// A proposer that has nothing to do begins a ballot, to find out what is chosen.
fn find_out(node: &mut Node, cx: &mut impl Cx<Paxos>) {
    let idle = |proposer: &Proposer| proposer.attempt == Attempt::Idle;
    if node.chosen.is_none() && node.proposer.as_ref().is_some_and(idle) {
        prepare::begin(node, cx);
    }
}

/// A learner asks; an acceptor that has accepted nothing has nothing to say. A proposer on a node
/// of its own tells the choice or finds out.
pub(super) fn on_ask(node: &mut Node, from: NodeId, cx: &mut impl Cx<Paxos>) {
    let accepted = node.acceptor.as_ref().and_then(|acceptor| acceptor.accepted);
    if let Some(vote) = accepted {
        cx.send(from, Message::Accepted(vote));
    }
    if node.proposer.is_none() || node.acceptor.is_some() {
        return;
    }
    match node.chosen {
        Some(vote) => cx.send(from, Message::Chosen(vote)),
        None => find_out(node, cx),
    }
}

/// So many acceptances make a quorum: the value is chosen, and this node knows it.
///
/// A learner tells the proposers, so that those who compete stop. Agents that share a node with a
/// learner find out by themselves.
pub(super) fn conclude(node: &mut Node, vote: Vote, count: u32, cx: &mut impl Cx<Paxos>) {
    if node.chosen.is_some() {
        return;
    }
    let of = cx.config().phase2.of;
    let args: [Value; 4] = [vote.value.into(), vote.ballot.into(), count.into(), of.into()];
    cx.note(|| Note::new(show::LEARNS, &args));
    know(node, vote, cx);
    if node.learner.is_none() || cx.config().roster.shared {
        return;
    }
    for proposer in nodes(cx.config().roster.proposers()) {
        cx.send(proposer, Message::Chosen(vote));
    }
}

/// A learner told this proposer.
pub(super) fn on_chosen(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<Paxos>) {
    if node.chosen.is_none() {
        cx.note(|| Note::new(show::IS_TOLD, &[from.into(), vote.value.into()]));
        know(node, vote, cx);
    }
}

/// It knows; as a proposer it is done, and tells its clients.
fn know(node: &mut Node, vote: Vote, cx: &mut impl Cx<Paxos>) {
    node.chosen = Some(vote);
    if node.learner.is_some() {
        cx.cancel_timer(Timer::Ask);
    }
    let Some(proposer) = &mut node.proposer else { return };
    proposer.attempt = Attempt::Idle;
    cx.cancel_timer(Timer::Retry);
    for (client, value) in core::mem::take(&mut proposer.clients) {
        let answer = if value == vote.value { Answer::Chosen } else { Answer::Other };
        cx.answer(client, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, acceptor, decree, learner, proposer, vote};
    use super::*;
    use crate::ballot::Ballot;
    use faultline_kernel::RequestId;

    #[test]
    fn a_learner_learns_from_a_quorum_in_one_ballot_and_tells_the_proposers_once() {
        let mut cx = Stub::new(5);
        let mut node = learner();
        for (acceptor, ballot) in [(2, 1), (2, 1), (3, 3)] {
            on_accepted(&mut node, NodeId(acceptor), vote(ballot, "blue"), &mut cx);
        }
        assert_eq!(node.chosen, None, "acceptances of different ballots do not add up");
        on_accepted(&mut node, NodeId(3), vote(1, "blue"), &mut cx);
        assert_eq!(node.chosen, None, "an older acceptance that comes late is ignored");
        on_accepted(&mut node, NodeId(4), vote(3, "blue"), &mut cx);
        on_accepted(&mut node, NodeId(2), vote(3, "blue"), &mut cx);
        assert_eq!(node.chosen, Some(vote(3, "blue")));
        let told = [0, 1].map(|to| (NodeId(to), Message::Chosen(vote(3, "blue"))));
        assert_eq!(cx.sent, told);
    }

    #[test]
    fn a_learner_that_hears_no_quorum_asks_until_it_knows() {
        let mut cx = Stub::new(5);
        let mut node = learner();
        on_accepted(&mut node, NodeId(2), vote(1, "blue"), &mut cx);
        assert_eq!(cx.timers, [(Timer::Ask, Some(cx.config.retry))]);
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.timers.len(), 2, "and again, if that is lost");
        assert_eq!(cx.sent, [2, 3, 4, 0].map(|to| (NodeId(to), Message::Ask)));
        on_accepted(&mut node, NodeId(3), vote(1, "blue"), &mut cx);
        assert_eq!(cx.timers.last(), Some(&(Timer::Ask, None)));
        cx.sent.clear();
        ask(&node, &mut cx);
        assert_eq!(cx.sent, []);
    }

    #[test]
    fn an_acceptor_that_is_asked_says_what_it_accepted_or_nothing() {
        let mut cx = Stub::new(2);
        on_ask(&mut acceptor(3, None), NodeId(5), &mut cx);
        assert_eq!(cx.sent, []);
        on_ask(&mut acceptor(3, Some(vote(2, "red"))), NodeId(5), &mut cx);
        assert_eq!(cx.sent, [(NodeId(5), Message::Accepted(vote(2, "red")))]);
    }

    #[test]
    fn a_proposer_finds_out_for_a_learner_what_is_chosen() {
        let mut cx = Stub::new(0);
        let mut node = proposer("blue");
        node.proposer.as_mut().expect("it is one").wish = None;
        on_ask(&mut node, NodeId(5), &mut cx);
        on_ask(&mut node, NodeId(5), &mut cx);
        assert_eq!(cx.saved.len(), 1, "one ballot");
        cx.clear();
        prepare::on_promise(&mut node, NodeId(2), Ballot(1), None, &mut cx);
        prepare::on_promise(&mut node, NodeId(3), Ballot(1), Some(vote(0, "red")), &mut cx);
        assert_eq!(cx.sent[0], (NodeId(2), Message::Accept(vote(1, "red"))));
        node.chosen = Some(vote(1, "red"));
        cx.clear();
        on_ask(&mut node, NodeId(5), &mut cx);
        assert_eq!(cx.sent, [(NodeId(5), Message::Chosen(vote(1, "red")))]);
    }

    #[test]
    fn a_ballot_for_a_learner_that_finds_nothing_is_over() {
        let mut cx = Stub::new(0);
        let mut node = proposer("blue");
        node.proposer.as_mut().expect("it is one").wish = None;
        on_ask(&mut node, NodeId(5), &mut cx);
        prepare::on_promise(&mut node, NodeId(2), Ballot(1), None, &mut cx);
        prepare::on_promise(&mut node, NodeId(3), Ballot(1), None, &mut cx);
        assert_eq!(node.proposer.map(|proposer| proposer.attempt), Some(Attempt::Idle));
        assert_eq!(cx.timers.last(), Some(&(Timer::Retry, None)));
    }

    #[test]
    fn a_proposer_that_is_told_stops_and_tells_its_clients() {
        let mut cx = Stub::new(0);
        let mut node = proposer("blue");
        node.proposer.as_mut().expect("it is one").clients.push((RequestId(1), decree("red")));
        on_chosen(&mut node, NodeId(5), vote(2, "red"), &mut cx);
        on_chosen(&mut node, NodeId(5), vote(2, "red"), &mut cx);
        let told = [(RequestId(0), Answer::Other), (RequestId(1), Answer::Chosen)];
        assert_eq!(cx.answered, told);
        assert_eq!(cx.timers, [(Timer::Retry, None)]);
    }
}
