//! Phase 1 (Paxos made simple §2.2): a proposer asks for a promise, an acceptor gives it.

use super::node::{Acceptor, Attempt, Node, Write};
use super::{Message, Paxos, leader, propose, retry, show};
use crate::ballot::{Ballot, Vote};
use crate::quorum::Acceptors;
use crate::roster::nodes;
use faultline_kernel::{Cx, NodeId, Note};

/// Phase 1 (a): "a proposer selects a proposal number n and sends a prepare request with number n"
/// to the acceptors.
///
/// The number is on disk first: a proposer that crashes never uses it again, so what it proposed
/// there stays the only value of that ballot (§2.5).
///
/// If somebody else leads, it leaves the ballot to that one.
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<Paxos>) {
    let Some(proposer) = &mut node.proposer else { return };
    let leader = leader::who(proposer, cx);
    if leader != cx.me() {
        leader::defer(proposer, leader, cx);
        return;
    }
    let ballot = next_ballot(proposer.tried.max(proposer.heard), cx);
    proposer.tried = ballot;
    proposer.attempt = Attempt::Preparing {
        promised: Acceptors::default(),
        reported: None,
        quorum: cx.config().phase1,
    };
    cx.save(Write::Try(ballot));
    cx.note(|| Note::new(show::PREPARES, &[ballot.into()]));
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Prepare { ballot });
    }
    retry::be_patient(proposer, cx);
}

/// The next ballot of its own; or, to break the rule, the next one of everybody.
fn next_ballot(after: Ballot, cx: &impl Cx<Paxos>) -> Ballot {
    match cx.config().sabotage.share_ballots {
        true => after.next(0, 1),
        false => after.next(cx.me().0, cx.config().roster.proposers().end),
    }
}

/// Phase 1 (b): "if an acceptor receives a prepare request with number n greater than that of any
/// prepare request to which it has already responded, then it responds to the request with a
/// promise not to accept any more proposals numbered less than n and with the highest-numbered
/// proposal (if any) that it has accepted".
///
/// A request that comes twice gets the same answer twice: numbers are unique, so it is the same
/// proposer.
pub(super) fn on_prepare(node: &mut Node, from: NodeId, ballot: Ballot, cx: &mut impl Cx<Paxos>) {
    let Some(acceptor) = &mut node.acceptor else { return };
    let Acceptor { promised, accepted } = *acceptor;
    if ballot < promised {
        let args = [from.into(), ballot.into(), promised.into()];
        cx.note(|| Note::new(show::REFUSES_PREPARE, &args));
        cx.send(from, Message::PrepareRefused { ballot, promised });
        return;
    }
    if ballot > promised {
        acceptor.promised = ballot;
        cx.save(Write::Promise(ballot));
    }
    cx.note(|| note_promise(from, ballot, accepted));
    cx.send(from, Message::Promise { ballot, accepted });
}

fn note_promise(proposer: NodeId, ballot: Ballot, accepted: Option<Vote>) -> Note {
    match accepted {
        None => Note::new(show::PROMISES, &[proposer.into(), ballot.into()]),
        Some(vote) => {
            let args = [proposer.into(), ballot.into(), vote.value.into(), vote.ballot.into()];
            Note::new(show::PROMISES_AND_REPORTS, &args)
        }
    }
}

/// A promise arrived. With a quorum of them phase 2 begins.
pub(super) fn on_promise(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    accepted: Option<Vote>,
    cx: &mut impl Cx<Paxos>,
) {
    let Some(proposer) = &mut node.proposer else { return };
    let Attempt::Preparing { promised, reported, quorum } = &mut proposer.attempt else { return };
    if ballot != proposer.tried {
        return;
    }
    promised.insert(from);
    // Votes are ordered by ballot first: the highest one counts.
    *reported = (*reported).max(accepted);
    if quorum.is_in(*promised) {
        let (promised, reported) = (*promised, *reported);
        propose::begin(proposer, promised, reported, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, acceptor, decree, proposer, vote};
    use super::*;

    fn prepare(node: &mut Node, ballot: u64) -> (Message, usize) {
        let mut cx = Stub::new(2);
        on_prepare(node, NodeId(0), Ballot(ballot), &mut cx);
        let (_, message) = cx.sent.pop().expect("every request is answered");
        (message, cx.saved.len())
    }

    #[test]
    fn a_promise_is_saved_and_reports_what_was_accepted() {
        let mut node = acceptor(3, Some(vote(2, "red")));
        let promise = Message::Promise { ballot: Ballot(5), accepted: Some(vote(2, "red")) };
        assert_eq!(prepare(&mut node, 5), (promise.clone(), 1));
        assert_eq!(prepare(&mut node, 5), (promise, 0), "asked again, it says the same");
    }

    #[test]
    fn a_lower_ballot_is_refused_and_changes_nothing() {
        let mut node = acceptor(3, None);
        let refusal = Message::PrepareRefused { ballot: Ballot(2), promised: Ballot(3) };
        assert_eq!(prepare(&mut node, 2), (refusal, 0));
        assert_eq!(node, acceptor(3, None));
    }

    #[test]
    fn a_ballot_is_its_own_higher_than_any_heard_of_and_on_disk_before_it_is_said() {
        let mut cx = Stub::new(1);
        let mut node = proposer("red");
        node.proposer.as_mut().expect("it proposes").heard = Ballot(5);
        begin(&mut node, &mut cx);
        assert_eq!(cx.saved, [Write::Try(Ballot(6))]);
        let to: alloc::vec::Vec<u32> = cx.sent.iter().map(|(to, _)| to.0).collect();
        assert_eq!(to, [2, 3, 4]);
        assert_eq!(cx.sent[0].1, Message::Prepare { ballot: Ballot(6) });
    }

    #[test]
    fn with_a_quorum_of_promises_the_highest_vote_is_adopted() {
        let mut cx = Stub::new(0);
        let mut node = proposer("blue");
        begin(&mut node, &mut cx);
        cx.sent.clear();
        let ballot = Ballot(1);
        on_promise(&mut node, NodeId(2), Ballot(9), Some(vote(8, "green")), &mut cx);
        on_promise(&mut node, NodeId(3), ballot, Some(vote(2, "red")), &mut cx);
        on_promise(&mut node, NodeId(3), ballot, Some(vote(2, "red")), &mut cx);
        assert_eq!(cx.sent, [], "another ballot does not count, and nobody counts twice");
        on_promise(&mut node, NodeId(4), ballot, None, &mut cx);
        assert_eq!(cx.sent[0], (NodeId(2), Message::Accept(vote(1, "red"))));
        assert_eq!(node.proposal().map(|vote| vote.value), Some(decree("red")));
    }
}
