//! What an acceptor does (§2.2.1, §3.1).

use super::node::{Acceptor, Node, Write};
use super::{FastPaxos, Message, show};
use crate::ballot::{Ballot, Decree, Vote};
use crate::roster::nodes;
use faultline_kernel::{Cx, NodeId, Note};

/// Phase 1b: the acceptor promises, and tells what it accepted last.
pub(super) fn on_prepare(
    node: &mut Node,
    from: NodeId,
    round: Ballot,
    cx: &mut impl Cx<FastPaxos>,
) {
    let Some(acceptor) = node.acceptor() else { return };
    if round < acceptor.promised {
        refuse(acceptor, from, round, cx);
        return;
    }
    if round > acceptor.promised {
        acceptor.promised = round;
        cx.save(Write::Promise(round));
    }
    let accepted = acceptor.accepted;
    cx.note(|| match accepted {
        None => Note::new(show::PROMISES, &[from.into(), round.into()]),
        Some(vote) => {
            let args = [from.into(), round.into(), vote.value.into(), vote.ballot.into()];
            Note::new(show::PROMISES_AND_REPORTS, &args)
        }
    });
    cx.send(from, Message::Promise { round, accepted });
}

fn refuse(acceptor: &Acceptor, from: NodeId, round: Ballot, cx: &mut impl Cx<FastPaxos>) {
    let promised = acceptor.promised;
    cx.note(|| Note::new(show::REFUSES, &[from.into(), round.into(), promised.into()]));
    cx.send(from, Message::Refused { round, promised });
}

/// Phase 2a of a fast round: the acceptor may accept what a proposer sends; if one has sent
/// something already, that.
pub(super) fn on_any(node: &mut Node, from: NodeId, round: Ballot, cx: &mut impl Cx<FastPaxos>) {
    let Some(acceptor) = node.acceptor() else { return };
    if round < acceptor.promised {
        refuse(acceptor, from, round, cx);
        return;
    }
    acceptor.open = round;
    if let Some(value) = acceptor.offered {
        accept_any(acceptor, value, cx);
    }
}

/// A proposer sends its value to the acceptors itself: that is what saves a message.
pub(super) fn on_propose(node: &mut Node, value: Decree, cx: &mut impl Cx<FastPaxos>) {
    let Some(acceptor) = node.acceptor() else { return };
    let value = *acceptor.offered.get_or_insert(value);
    accept_any(acceptor, value, cx);
}

/// Phase 2b of a fast round: the proposer's message is treated "as if it were an ordinary round i
/// phase 2a message" (§3.1), once, and only while no higher round is promised.
fn accept_any(acceptor: &mut Acceptor, value: Decree, cx: &mut impl Cx<FastPaxos>) {
    let round = acceptor.open;
    let voted = acceptor.accepted.is_some_and(|vote| vote.ballot >= round);
    if round == Ballot::NONE || voted || acceptor.promised > round {
        return;
    }
    accept(acceptor, Vote { ballot: round, value }, show::ACCEPTS_FAST, cx);
}

/// Phase 2b: the acceptor accepts unless it has promised a higher round. In a round it accepts one
/// value.
pub(super) fn on_accept(node: &mut Node, from: NodeId, vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    let Some(acceptor) = node.acceptor() else { return };
    if vote.ballot < acceptor.promised {
        refuse(acceptor, from, vote.ballot, cx);
        return;
    }
    match acceptor.accepted {
        Some(accepted) if accepted == vote => tell(vote, cx),
        Some(accepted) if accepted.ballot >= vote.ballot => {}
        _ => accept(acceptor, vote, show::ACCEPTS, cx),
    }
}

fn accept(acceptor: &mut Acceptor, vote: Vote, kind: u8, cx: &mut impl Cx<FastPaxos>) {
    acceptor.promised = vote.ballot;
    acceptor.accepted = Some(vote);
    cx.note(|| Note::new(kind, &[vote.value.into(), vote.ballot.into()]));
    cx.save(Write::Accept(vote));
    tell(vote, cx);
}

/// Coordinators hear of it as well, so that they see a collision.
fn tell(vote: Vote, cx: &mut impl Cx<FastPaxos>) {
    let roster = cx.config().roster;
    for other in nodes(roster.coordinators()).chain(nodes(roster.learners())) {
        cx.send(other, Message::Accepted(vote));
    }
}

/// A learner asks; an acceptor that has accepted nothing has nothing to say.
pub(super) fn on_ask(node: &mut Node, from: NodeId, cx: &mut impl Cx<FastPaxos>) {
    if let Some(vote) = node.acceptor().and_then(|acceptor| acceptor.accepted) {
        cx.send(from, Message::Accepted(vote));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fastpaxos::node::Disk;
    use crate::fastpaxos::testing::{Stub, decree, started, vote};
    use alloc::vec::Vec;

    fn accepted(cx: &Stub) -> Vec<Write> {
        let accepts = |write: &&Write| matches!(write, Write::Accept(_));
        cx.saved.iter().filter(accepts).cloned().collect()
    }

    #[test]
    fn in_a_fast_round_the_first_value_is_accepted_and_no_other() {
        let mut cx = Stub::new(3);
        let mut node = started(&Disk::default(), &mut cx);
        on_propose(&mut node, decree("red"), &mut cx);
        assert_eq!(accepted(&cx), [], "no round is open");
        on_any(&mut node, NodeId(0), Ballot(1), &mut cx);
        on_propose(&mut node, decree("blue"), &mut cx);
        on_any(&mut node, NodeId(0), Ballot(1), &mut cx);
        assert_eq!(accepted(&cx), [Write::Accept(vote(1, "red"))]);
        let told = Message::Accepted(vote(1, "red"));
        assert_eq!(cx.sent, [(NodeId(0), told.clone()), (NodeId(8), told)]);
    }

    #[test]
    fn a_higher_promise_closes_a_fast_round() {
        let mut cx = Stub::new(3);
        let mut node = started(&Disk::default(), &mut cx);
        on_any(&mut node, NodeId(0), Ballot(1), &mut cx);
        on_prepare(&mut node, NodeId(0), Ballot(4), &mut cx);
        on_propose(&mut node, decree("red"), &mut cx);
        on_accept(&mut node, NodeId(0), vote(2, "red"), &mut cx);
        assert_eq!(accepted(&cx), []);
        let refused = Message::Refused { round: Ballot(2), promised: Ballot(4) };
        assert_eq!(cx.sent.last(), Some(&(NodeId(0), refused)));
        on_accept(&mut node, NodeId(0), vote(4, "red"), &mut cx);
        on_accept(&mut node, NodeId(0), vote(4, "blue"), &mut cx);
        assert_eq!(accepted(&cx), [Write::Accept(vote(4, "red"))], "one value a round");
    }

    #[test]
    fn a_promise_is_saved_and_reports_what_was_accepted() {
        let mut cx = Stub::new(3);
        let disk = Disk { promised: Ballot(1), accepted: Some(vote(1, "red")), ..Disk::default() };
        let mut node = started(&disk, &mut cx);
        on_prepare(&mut node, NodeId(0), Ballot(2), &mut cx);
        assert_eq!(cx.saved, [Write::Promise(Ballot(2))]);
        let promise = Message::Promise { round: Ballot(2), accepted: Some(vote(1, "red")) };
        assert_eq!(cx.sent, [(NodeId(0), promise)]);
    }
}
