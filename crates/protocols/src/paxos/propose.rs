//! Phase 2 (Paxos made simple §2.2): a proposer proposes a value, an acceptor accepts it.

use super::node::{Attempt, Node, Proposer, Timer, Write};
use super::{Message, Paxos, learn, show};
use crate::ballot::{Ballot, Vote};
use crate::quorum::Acceptors;
use crate::roster::nodes;
use faultline_kernel::{Cx, NodeId, Note};

/// Phase 2 (a): "v is the value of the highest-numbered proposal among the responses, or is any
/// value if the responses reported no proposals".
///
/// The acceptors that promised may not be those that accept: the request goes to all.
pub(super) fn begin(
    proposer: &mut Proposer,
    promised: Acceptors,
    reported: Option<Vote>,
    cx: &mut impl Cx<Paxos>,
) {
    let (wish, told) = (proposer.wish, reported.map(|vote| vote.value));
    let ignores = cx.config().sabotage.ignore_accepted;
    let value = if ignores { wish.or(told) } else { told.or(wish) };
    let Some(value) = value else {
        // A ballot for a learner's sake, and there is nothing to find out.
        proposer.attempt = Attempt::Idle;
        cx.cancel_timer(Timer::Retry);
        return;
    };
    let vote = Vote { ballot: proposer.tried, value };
    cx.note(|| match reported {
        Some(told) if ignores && wish.is_some() => {
            let args = [vote.ballot.into(), value.into(), told.value.into(), told.ballot.into()];
            Note::new(show::IGNORES, &args)
        }
        Some(told) => {
            let args = [vote.ballot.into(), value.into(), told.ballot.into(), wish.into()];
            Note::new(show::ADOPTS, &args)
        }
        None => {
            let args = [vote.ballot.into(), value.into(), promised.count().into()];
            Note::new(show::PROPOSES, &args)
        }
    });
    let quorum = cx.config().phase2;
    proposer.attempt = Attempt::Proposing { value, accepted: Acceptors::default(), quorum };
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Accept(vote));
    }
}

/// Phase 2 (b): "if an acceptor receives an accept request for a proposal numbered n, it accepts
/// the proposal unless it has already responded to a prepare request having a number greater than
/// n". Then it tells the proposer, and every learner (§2.3).
pub(super) fn on_accept(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<Paxos>) {
    let Some(acceptor) = &mut node.acceptor else { return };
    let promised = acceptor.promised;
    if vote.ballot < promised {
        refuse(from, vote, promised, cx);
        return;
    }
    if acceptor.accepted != Some(vote) {
        acceptor.promised = vote.ballot;
        acceptor.accepted = Some(vote);
        cx.note(|| Note::new(show::ACCEPTS, &[vote.ballot.into(), vote.value.into(), from.into()]));
        cx.save(Write::Accept(vote));
    }
    cx.send(from, Message::Accepted(vote));
    for learner in nodes(cx.config().roster.learners()).filter(|learner| *learner != from) {
        cx.send(learner, Message::Accepted(vote));
    }
}

fn refuse(from: NodeId, vote: Vote, promised: Ballot, cx: &mut impl Cx<Paxos>) {
    let args = [vote.value.into(), from.into(), vote.ballot.into(), promised.into()];
    cx.note(|| Note::new(show::REFUSES_ACCEPT, &args));
    cx.send(from, Message::AcceptRefused { ballot: vote.ballot, promised });
}

/// An acceptance reached its proposer. A quorum of them chooses the value.
pub(super) fn on_accepted(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<Paxos>) {
    if node.proposal() != Some(vote) {
        return;
    }
    let Some(proposer) = &mut node.proposer else { return };
    let Attempt::Proposing { accepted, quorum, .. } = &mut proposer.attempt else { return };
    accepted.insert(from);
    if quorum.is_in(*accepted) {
        let count = accepted.count();
        learn::conclude(node, vote, count, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, acceptor, decree, proposer, vote};
    use super::super::{Answer, prepare};
    use super::*;
    use faultline_kernel::RequestId;

    /// A proposer of blue that was told of these by a quorum.
    fn proposing(cx: &mut Stub, reports: [Option<Vote>; 2]) -> Node {
        let mut node = proposer("blue");
        prepare::begin(&mut node, cx);
        for (acceptor, report) in [NodeId(2), NodeId(3)].into_iter().zip(reports) {
            prepare::on_promise(&mut node, acceptor, Ballot(1), report, cx);
        }
        node
    }

    #[test]
    fn a_proposer_is_free_only_if_nobody_accepted_anything() {
        let mut cx = Stub::new(0);
        let value = |node: Node| node.proposal().map(|vote| vote.value);
        assert_eq!(value(proposing(&mut cx, [None, None])), Some(decree("blue")));
        assert_eq!(value(proposing(&mut cx, [None, Some(vote(2, "red"))])), Some(decree("red")));
        cx.config.sabotage.ignore_accepted = true;
        assert_eq!(value(proposing(&mut cx, [None, Some(vote(2, "red"))])), Some(decree("blue")));
        let proposals = cx.noted.iter().filter(|kind| **kind != show::PREPARES);
        assert!(proposals.eq(&[show::PROPOSES, show::ADOPTS, show::IGNORES]));
    }

    #[test]
    fn an_acceptor_accepts_what_it_has_not_promised_to_refuse_and_tells_the_learners() {
        let mut cx = Stub::new(2);
        let mut node = acceptor(3, None);
        on_accept(&mut node, NodeId(0), vote(3, "blue"), &mut cx);
        assert_eq!(cx.saved, [Write::Accept(vote(3, "blue"))]);
        let told = Message::Accepted(vote(3, "blue"));
        assert_eq!(cx.sent, [(NodeId(0), told.clone()), (NodeId(5), told)]);
        on_accept(&mut node, NodeId(0), vote(3, "blue"), &mut cx);
        assert_eq!((cx.saved.len(), cx.sent.len()), (1, 4), "again: said again, saved once");
    }

    #[test]
    fn an_acceptor_refuses_below_its_promise() {
        let mut cx = Stub::new(2);
        let mut node = acceptor(4, None);
        on_accept(&mut node, NodeId(0), vote(3, "blue"), &mut cx);
        let refusal = Message::AcceptRefused { ballot: Ballot(3), promised: Ballot(4) };
        assert_eq!(cx.sent, [(NodeId(0), refusal)]);
        assert_eq!((node, cx.saved.len()), (acceptor(4, None), 0));
    }

    #[test]
    fn a_quorum_of_acceptances_concludes_and_the_client_is_told() {
        let mut cx = Stub::new(0);
        let mut node = proposing(&mut cx, [None, None]);
        on_accepted(&mut node, NodeId(2), vote(1, "blue"), &mut cx);
        on_accepted(&mut node, NodeId(2), vote(1, "blue"), &mut cx);
        on_accepted(&mut node, NodeId(3), vote(3, "blue"), &mut cx);
        assert_eq!(node.chosen, None, "one acceptor, and an acceptance of another ballot");
        on_accepted(&mut node, NodeId(4), vote(1, "blue"), &mut cx);
        assert_eq!(node.chosen, Some(vote(1, "blue")));
        assert_eq!(cx.answered, [(RequestId(0), Answer::Chosen)]);
    }
}
