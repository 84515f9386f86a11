//! Phase 2, for each slot (Paxos made simple §2.2, §3): the leader proposes a command, an acceptor
//! accepts it.

use super::disk::Write;
use super::lead::{self, others};
use super::log::{OPEN_MOST, Vote};
use super::node::{Node, Proposal};
use super::{Message, MultiPaxos, learn, show};
use crate::ballot::Ballot;
use crate::quorum::Acceptors;
use crate::store::Command;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, RequestId};

/// Phase 2 (a): the leader proposes a command for its next slot.
///
/// It accepts the command itself, and the others hear of it only when that is on disk. So it counts
/// itself at once: whoever answers has heard. If it is a quorum by itself nobody need answer, and
/// it tells itself; that message waits for the disk as well.
///
/// If the leader lacks so many chosen slots that its log has no place for this one yet, it does not
/// count itself before it has caught up: see [`accept_own`].
pub(super) fn propose(
    node: &mut Node,
    command: Command,
    client: Option<RequestId>,
    cx: &mut impl Cx<MultiPaxos>,
) {
    let me = cx.me();
    let Some(leader) = node.leading() else { return };
    let (slot, ballot) = (leader.next, leader.ballot);
    let vote = Vote { ballot, command };
    let stored = node.log.accept(slot, vote);
    let accepted = Acceptors::from_iter(stored.then_some(me));
    let Some(leader) = node.leading_mut() else { return };
    leader.next += 1;
    leader.proposals.push_back(Proposal {
        slot,
        command,
        accepted,
        client,
        chosen: false,
        overdue: false,
    });
    let args = [command.label().into(), slot.into(), ballot.into()];
    cx.note(|| Note::new(show::PROPOSES, &args));
    if stored {
        cx.save(Write::Accept { slot, vote });
    }
    for other in others(cx) {
        cx.send(other, Message::Accept { slot, vote });
    }
    if stored && cx.config().phase2.enough == 1 {
        cx.send(me, Message::Accepted { ballot, slot });
    }
}

/// The leader has caught up a little, and accepts itself what it had no place for before. That it
/// did counts when it is on disk: until then its message to itself waits.
pub(super) fn accept_own(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let me = cx.me();
    let Some(leader) = node.leading() else { return };
    let ballot = leader.ballot;
    let others = leader.proposals.iter().filter(|proposal| !proposal.accepted.contains(me));
    let votes: Vec<(u64, Vote)> = others
        .map(|proposal| (proposal.slot, Vote { ballot, command: proposal.command }))
        .collect();
    for (slot, vote) in votes {
        if node.log.accept(slot, vote) {
            cx.save(Write::Accept { slot, vote });
            cx.send(me, Message::Accepted { ballot, slot });
        }
    }
}

/// What was proposed for long and is not accepted by all is proposed again, to those who did not
/// answer: messages may be lost.
pub(super) fn propose_again(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let Some(leader) = node.leading_mut() else { return };
    for proposal in &mut leader.proposals {
        if !core::mem::replace(&mut proposal.overdue, true) {
            continue;
        }
        let vote = Vote { ballot: leader.ballot, command: proposal.command };
        for other in others(cx).filter(|other| !proposal.accepted.contains(*other)) {
            cx.send(other, Message::Accept { slot: proposal.slot, vote });
        }
    }
}

/// Phase 2 (b): an acceptor accepts unless it has promised a higher ballot.
pub(super) fn on_accept(
    node: &mut Node,
    from: NodeId,
    slot: u64,
    vote: Vote,
    cx: &mut impl Cx<MultiPaxos>,
) {
    if !lead::follow(node, from, vote.ballot, cx) {
        return;
    }
    if slot <= node.log.chosen() {
        // The leader does not know yet what this server knows.
        learn::tell(node, from, slot, cx);
        return;
    }
    if slot > node.log.chosen() + OPEN_MOST {
        // Too far ahead: first it has to catch up, and the leader proposes again.
        return;
    }
    if node.log.vote(slot) != Some(vote) {
        node.log.accept(slot, vote);
        let args = [vote.command.label().into(), slot.into(), vote.ballot.into(), from.into()];
        cx.note(|| Note::new(show::ACCEPTS, &args));
        cx.save(Write::Accept { slot, vote });
    }
    cx.send(from, Message::Accepted { ballot: vote.ballot, slot });
}

/// An acceptance arrived. A quorum of them chooses the command.
pub(super) fn on_accepted(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    slot: u64,
    cx: &mut impl Cx<MultiPaxos>,
) {
    let quorum = cx.config().phase2;
    let chosen = node.log.chosen();
    let Some(leader) = node.leading_mut().filter(|leader| leader.ballot == ballot) else { return };
    let mut proposals = leader.proposals.iter_mut();
    let Some(proposal) = proposals.find(|proposal| proposal.slot == slot) else { return };
    proposal.accepted.insert(from);
    if proposal.chosen || !quorum.is_in(proposal.accepted) {
        return;
    }
    proposal.chosen = true;
    let (count, label) = (proposal.accepted.count(), proposal.command.label());
    cx.note(|| {
        Note::new(show::IS_CHOSEN, &[count.into(), quorum.of.into(), label.into(), slot.into()])
    });
    if slot > chosen + 1 {
        cx.note(|| Note::new(show::WAITS_FOR_A_HOLE, &[slot.into(), (chosen + 1).into()]));
    }
    conclude(node, cx);
}

/// Takes in what is chosen from the first open slot on without a gap, and tells everybody.
pub(super) fn conclude(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let first = node.log.chosen() + 1;
    let Some(leader) = node.leading() else { return };
    let ballot = leader.ballot;
    let slots = (first..).zip(&leader.proposals);
    let chosen = slots.take_while(|(slot, proposal)| proposal.slot == *slot && proposal.chosen);
    let votes: Rc<[Vote]> =
        chosen.map(|(_, proposal)| Vote { ballot, command: proposal.command }).collect();
    if votes.is_empty() {
        return;
    }
    for other in others(cx) {
        cx.send(other, Message::Chosen { first, votes: Rc::clone(&votes) });
    }
    learn::learn(node, first, &votes, cx);
    fill_window(node, cx);
}

/// Proposes the commands of waiting clients, as many as the window leaves room for.
///
/// A leader may be so many slots ahead of what is chosen (α in Paxos made simple §3, WINDOW in
/// "Paxos made moderately complex" §2.1): as many holes may be left behind when it crashes.
pub(super) fn fill_window(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let window = cx.config().window;
    loop {
        let chosen = node.log.chosen();
        let Some(leader) = node.leading_mut() else { return };
        if leader.next > chosen.max(leader.chosen.0) + window {
            return;
        }
        let Some((client, command)) = leader.queue.pop_front() else { return };
        propose(node, command, Some(client), cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::Answer;
    use super::super::request::on_request;
    use super::super::testing::{Stub, follower, leader, put, vote};
    use super::*;
    use crate::store::Outcome;

    /// A leader whose clients asked for so many commands.
    fn asked(count: u32, cx: &mut Stub) -> Node {
        let mut node = leader();
        (1..=count).for_each(|value| on_request(&mut node, RequestId(value), put(value), cx));
        node
    }

    #[test]
    fn a_leader_accepts_its_own_proposal_first_and_sends_it_to_the_others() {
        let mut cx = Stub::new(0);
        let node = asked(1, &mut cx);
        assert_eq!(cx.saved, [Write::Accept { slot: 1, vote: vote(4, 1) }]);
        let accept = Message::Accept { slot: 1, vote: vote(4, 1) };
        assert_eq!(cx.sent, [1, 2].map(|to| (NodeId(to), accept.clone())));
        assert_eq!(node.log.chosen(), 0);
    }

    #[test]
    fn a_quorum_chooses_and_the_client_and_the_others_are_told() {
        let mut cx = Stub::new(0);
        let mut node = asked(1, &mut cx);
        cx.clear();
        on_accepted(&mut node, NodeId(1), Ballot(1), 1, &mut cx);
        assert_eq!(node.log.chosen(), 0, "an acceptance of another ballot");
        on_accepted(&mut node, NodeId(1), Ballot(4), 1, &mut cx);
        on_accepted(&mut node, NodeId(2), Ballot(4), 1, &mut cx);
        assert_eq!(node.log.chosen(), 1);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Applied(Outcome::Done))]);
        let chosen = Message::Chosen { first: 1, votes: [vote(4, 1)].into() };
        assert_eq!(cx.sent, [1, 2].map(|to| (NodeId(to), chosen.clone())), "and once");
    }

    #[test]
    fn a_choice_after_a_hole_waits_for_the_hole() {
        let mut cx = Stub::new(0);
        let mut node = asked(2, &mut cx);
        on_accepted(&mut node, NodeId(1), Ballot(4), 2, &mut cx);
        assert_eq!((node.log.chosen(), cx.answered.len()), (0, 0));
        assert!(cx.noted.contains(&show::WAITS_FOR_A_HOLE));
        on_accepted(&mut node, NodeId(2), Ballot(4), 1, &mut cx);
        assert_eq!((node.log.chosen(), cx.answered.len()), (2, 2));
    }

    #[test]
    fn no_more_slots_are_open_than_the_window_allows() {
        let mut cx = Stub::new(0);
        cx.config.window = 2;
        let mut node = asked(3, &mut cx);
        assert_eq!(node.leading().map(|leader| leader.proposals.len()), Some(2));
        on_accepted(&mut node, NodeId(1), Ballot(4), 1, &mut cx);
        let slots = node.leading().map(|leader| leader.proposals.iter().map(|one| one.slot));
        assert!(slots.expect("it leads").eq([2, 3]));
    }

    #[test]
    fn a_leader_that_lacks_much_counts_itself_only_when_it_has_caught_up() {
        let mut cx = Stub::new(0);
        let mut node = leader();
        let leads = node.leading_mut().expect("it leads");
        (leads.next, leads.chosen) = (101, (100, NodeId(1)));
        on_request(&mut node, RequestId(1), put(9), &mut cx);
        assert_eq!((cx.sent.len(), &*cx.saved), (2, &[][..]), "its log has no place for slot 101");
        on_accepted(&mut node, NodeId(1), Ballot(4), 101, &mut cx);
        assert!(!cx.noted.contains(&show::IS_CHOSEN), "one of three is no quorum");
        let votes: Vec<Vote> = (1..=100).map(|value| vote(1, value)).collect();
        learn::on_chosen(&mut node, NodeId(1), 1, &votes.into(), &mut cx);
        assert!(cx.saved.contains(&Write::Accept { slot: 101, vote: vote(4, 9) }));
        let told = (NodeId(0), Message::Accepted { ballot: Ballot(4), slot: 101 });
        assert!(cx.sent.contains(&told) && node.log.chosen() == 100, "the disk has to know first");
        on_accepted(&mut node, NodeId(0), Ballot(4), 101, &mut cx);
        assert_eq!(node.log.chosen(), 101);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Applied(Outcome::Done))]);
    }

    #[test]
    fn what_stays_unanswered_is_proposed_again_to_those_who_are_silent() {
        let mut cx = Stub::new(0);
        cx.config.phase2.enough = 3;
        let mut node = asked(1, &mut cx);
        on_accepted(&mut node, NodeId(1), Ballot(4), 1, &mut cx);
        cx.clear();
        propose_again(&mut node, &mut cx);
        assert_eq!(cx.sent, [], "it was sent a moment ago");
        propose_again(&mut node, &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Accept { slot: 1, vote: vote(4, 1) })]);
    }

    #[test]
    fn an_acceptor_accepts_once_refuses_below_its_promise_and_tells_what_is_chosen() {
        let mut cx = Stub::new(1);
        let mut node = follower(3, &[]);
        on_accept(&mut node, NodeId(2), 1, vote(2, 9), &mut cx);
        let refused = Message::Refused { ballot: Ballot(2), promised: Ballot(3) };
        assert_eq!((cx.sent.pop(), node.log.last()), (Some((NodeId(2), refused)), 0));
        for _ in 0..2 {
            on_accept(&mut node, NodeId(0), 1, vote(4, 9), &mut cx);
            let accepted = Message::Accepted { ballot: Ballot(4), slot: 1 };
            assert_eq!(cx.sent.pop(), Some((NodeId(0), accepted)));
        }
        let accept = Write::Accept { slot: 1, vote: vote(4, 9) };
        assert_eq!(cx.saved, [Write::Promise(Ballot(4)), accept], "saved once");
        node.log.choose(1, &[vote(4, 9)]);
        on_accept(&mut node, NodeId(2), 1, vote(6, 9), &mut cx);
        let chosen = Message::Chosen { first: 1, votes: [vote(4, 9)].into() };
        assert_eq!(cx.sent.pop(), Some((NodeId(2), chosen)));
    }

    #[test]
    fn what_is_too_far_ahead_is_left_for_later() {
        let mut cx = Stub::new(1);
        let mut node = follower(4, &[]);
        on_accept(&mut node, NodeId(0), OPEN_MOST + 1, vote(4, 9), &mut cx);
        assert_eq!((cx.sent.len(), node.log.last()), (0, 0));
    }
}
