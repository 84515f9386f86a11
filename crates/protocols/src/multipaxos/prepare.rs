//! Phase 1, once for all slots (Paxos made simple §3): "a newly chosen leader executes phase 1 for
//! infinitely many instances of the consensus algorithm", with one message.

use super::disk::Write;
use super::lead::{self, others, wait_for_a_leader};
use super::log::Vote;
use super::node::{Candidate, Leader, Node, Role, Timer};
use super::{Message, MultiPaxos, lease, propose, show};
use crate::ballot::Ballot;
use crate::quorum::Acceptors;
use crate::store::Command;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note};

/// Phase 1 (a): the server begins a ballot of its own, higher than any it has heard of.
///
/// It promises the ballot itself before it asks the others, and that promise is on disk first: so
/// it never uses the number again. If it is a quorum by itself it tells itself, and that message
/// waits for the disk as well.
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let ballot = next_ballot(node.heard.max(node.promised), cx);
    let me = cx.me();
    node.heard = ballot;
    node.promised = ballot;
    node.leader = None;
    node.role = Role::Candidate(Candidate {
        ballot,
        promised: Acceptors::from_iter([me]),
        reported: node.log.accepted().collect(),
        chosen: (node.log.chosen(), me),
    });
    cx.save(Write::Promise(ballot));
    cx.note(|| Note::new(show::PREPARES, &[ballot.into(), (node.log.chosen() + 1).into()]));
    for other in others(cx) {
        cx.send(other, Message::Prepare { ballot });
    }
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
    if cx.config().phase1.enough == 1 {
        cx.send(me, Message::Promise { ballot, chosen: 0, votes: Rc::default() });
    }
    wait_for_a_leader(node, cx);
}

/// The next ballot of its own; or, to break the rule, the next one of everybody.
fn next_ballot(after: Ballot, cx: &impl Cx<MultiPaxos>) -> Ballot {
    match cx.config().sabotage.share_ballots {
        true => after.next(0, 1),
        false => after.next(cx.me().0, cx.config().servers),
    }
}

/// Those who did not answer are asked again.
pub(super) fn ask_again(node: &Node, cx: &mut impl Cx<MultiPaxos>) {
    let Role::Candidate(candidate) = &node.role else { return };
    for other in others(cx).filter(|other| !candidate.promised.contains(*other)) {
        cx.send(other, Message::Prepare { ballot: candidate.ballot });
    }
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// Phase 1 (b): a promise for every slot, with a report on those that are not known to be chosen.
///
/// Of the others it is enough to say that they are chosen: nothing can be proposed there any more.
pub(super) fn on_prepare(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    cx: &mut impl Cx<MultiPaxos>,
) {
    if ballot < node.promised {
        lead::refuse(node, from, ballot, cx);
        return;
    }
    if ballot > node.promised {
        if lease::holds_back(node, from, cx) {
            return;
        }
        lead::promise(node, from, ballot, cx);
    }
    let votes: Rc<[(u64, Vote)]> = node.log.accepted().collect();
    cx.note(|| note_promise(from, ballot, &votes));
    cx.send(from, Message::Promise { ballot, chosen: node.log.chosen(), votes });
}

fn note_promise(candidate: NodeId, ballot: Ballot, votes: &[(u64, Vote)]) -> Note {
    match votes {
        [] => Note::new(show::PROMISES, &[candidate.into(), ballot.into()]),
        [(first, _), ..] => {
            let count = votes.len() as u64;
            let args = [candidate.into(), ballot.into(), count.into(), (*first).into()];
            Note::new(show::PROMISES_AND_REPORTS, &args)
        }
    }
}

/// A promise arrived.
pub(super) fn on_promise(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    (chosen, votes): (u64, &[(u64, Vote)]),
    cx: &mut impl Cx<MultiPaxos>,
) {
    let Role::Candidate(candidate) = &mut node.role else { return };
    if ballot != candidate.ballot {
        return;
    }
    candidate.promised.insert(from);
    if chosen > candidate.chosen.0 {
        candidate.chosen = (chosen, from);
    }
    votes.iter().for_each(|(slot, vote)| candidate.report(*slot, *vote));
    lead_with_a_quorum(node, cx);
}

impl Candidate {
    /// Of the votes for a slot the one of the highest ballot counts.
    fn report(&mut self, slot: u64, vote: Vote) {
        match self.reported.binary_search_by_key(&slot, |(known, _)| *known) {
            Ok(place) => {
                let (_, known) = &mut self.reported[place];
                *known = vote.max(*known);
            }
            Err(place) => self.reported.insert(place, (slot, vote)),
        }
    }
}

/// With a quorum of promises the server leads. It proposes again what it was told of; in the slots
/// between, the holes, a command "that leaves the state unchanged"; and after those it is free
/// (Paxos made simple §3).
fn lead_with_a_quorum(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let Role::Candidate(candidate) = &mut node.role else { return };
    if !cx.config().phase1.is_in(candidate.promised) {
        return;
    }
    let (ballot, promises) = (candidate.ballot, candidate.promised.count());
    let chosen = candidate.chosen.max((node.log.chosen(), cx.me()));
    let mut reported = core::mem::take(&mut candidate.reported);
    reported.retain(|(slot, _)| *slot > chosen.0);
    let last = reported.last().map_or(chosen.0, |(slot, _)| *slot);
    node.leader = Some(cx.me());
    node.role = Role::Leader(Leader {
        ballot,
        next: chosen.0 + 1,
        recovered: last,
        chosen,
        proposals: VecDeque::new(),
        queue: VecDeque::new(),
        granted: alloc::vec![None; cx.config().servers as usize],
    });
    cx.note(|| Note::new(show::LEADS, &[ballot.into(), promises.into(), (last + 1).into()]));
    recover(node, &reported, last, cx);
    lead::begin(node, cx);
}

/// Proposes something for every slot up to the last one that anybody reported.
fn recover(node: &mut Node, reported: &[(u64, Vote)], last: u64, cx: &mut impl Cx<MultiPaxos>) {
    if cx.config().sabotage.ignore_accepted {
        for (slot, vote) in reported {
            let args = [(*slot).into(), vote.command.label().into(), vote.ballot.into()];
            cx.note(|| Note::new(show::IGNORES, &args));
        }
        return;
    }
    let first = node.leading().map_or(last + 1, |leader| leader.next);
    let slots: Vec<(u64, Option<Vote>)> = (first..=last)
        .map(|slot| {
            (slot, reported.iter().find(|(known, _)| *known == slot).map(|(_, vote)| *vote))
        })
        .collect();
    for (slot, vote) in slots {
        cx.note(|| match vote {
            Some(vote) => {
                let args = [slot.into(), vote.command.label().into(), vote.ballot.into()];
                Note::new(show::ADOPTS, &args)
            }
            None => Note::new(show::FILLS, &[slot.into()]),
        });
        let command = vote.map_or(Command::NO_OP, |vote| vote.command);
        propose::propose(node, command, None, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, vote};
    use super::*;

    /// A candidate in ballot 5 (of the second of three servers) that has these votes itself.
    fn candidate(votes: &[u64], cx: &mut Stub) -> Node {
        let mut node = follower(4, votes);
        begin(&mut node, cx);
        cx.clear();
        node
    }

    fn proposed(cx: &Stub) -> Vec<(u64, Command)> {
        let to_first = cx.sent.iter().filter(|(to, _)| *to == NodeId(0));
        let accept = to_first.filter_map(|(_, message)| {
            let Message::Accept { slot, vote } = message else { return None };
            Some((*slot, vote.command))
        });
        accept.collect()
    }

    #[test]
    fn a_promise_is_saved_and_reports_what_is_open() {
        let mut cx = Stub::new(0);
        let mut node = follower(3, &[1, 0, 2]);
        node.log.choose(1, &[vote(1, 1)]);
        on_prepare(&mut node, NodeId(1), Ballot(5), &mut cx);
        let votes = Rc::from([(3, vote(2, 3))]);
        let promise = Message::Promise { ballot: Ballot(5), chosen: 1, votes };
        assert_eq!((cx.saved.len(), cx.sent), (1, [(NodeId(1), promise)].into()));
        assert_eq!(node.promised, Ballot(5));
    }

    #[test]
    fn a_lower_ballot_is_refused_and_changes_nothing() {
        let mut cx = Stub::new(0);
        let mut node = follower(6, &[]);
        on_prepare(&mut node, NodeId(1), Ballot(5), &mut cx);
        let refused = Message::Refused { ballot: Ballot(5), promised: Ballot(6) };
        assert_eq!((cx.sent, cx.saved), ([(NodeId(1), refused)].into(), Vec::new()));
    }

    #[test]
    fn a_leader_proposes_again_what_it_was_told_of_and_fills_the_holes() {
        let mut cx = Stub::new(1);
        let mut node = candidate(&[1], &mut cx);
        let reported = [(1, vote(2, 10)), (3, vote(4, 30))];
        on_promise(&mut node, NodeId(2), Ballot(2), (0, &reported), &mut cx);
        assert_eq!(node.leading(), None, "that was another ballot");
        on_promise(&mut node, NodeId(2), Ballot(5), (0, &reported), &mut cx);
        let again = [(1, vote(2, 10).command), (2, Command::NO_OP), (3, vote(4, 30).command)];
        assert_eq!(proposed(&cx), again, "of slot 1 the vote of the higher ballot");
        assert_eq!(node.leading().map(|leader| leader.next), Some(4));
    }

    #[test]
    fn nothing_is_proposed_where_somebody_knows_what_is_chosen() {
        let mut cx = Stub::new(1);
        let mut node = candidate(&[1, 0, 1], &mut cx);
        on_promise(&mut node, NodeId(2), Ballot(5), (2, &[]), &mut cx);
        assert_eq!(proposed(&cx), [(3, vote(1, 3).command)]);
        assert!(cx.sent.contains(&(NodeId(2), Message::Ask { first: 1 })));
    }

    #[test]
    fn one_who_ignores_reports_begins_at_the_first_open_slot() {
        let mut cx = Stub::new(1);
        cx.config.sabotage.ignore_accepted = true;
        let mut node = candidate(&[1], &mut cx);
        on_promise(&mut node, NodeId(2), Ballot(5), (0, &[]), &mut cx);
        assert_eq!(proposed(&cx), []);
        assert_eq!(node.leading().map(|leader| leader.next), Some(1));
    }

    #[test]
    fn those_who_did_not_promise_are_asked_again() {
        let mut cx = Stub::new(1);
        cx.config.phase1.enough = 3;
        let mut node = candidate(&[], &mut cx);
        on_promise(&mut node, NodeId(2), Ballot(5), (0, &[]), &mut cx);
        ask_again(&node, &mut cx);
        assert_eq!(cx.sent, [(NodeId(0), Message::Prepare { ballot: Ballot(5) })]);
    }

    #[test]
    fn a_quorum_of_one_waits_for_its_disk() {
        let mut cx = Stub::new(1);
        cx.config.phase1.enough = 1;
        let mut node = follower(4, &[]);
        begin(&mut node, &mut cx);
        assert_eq!(node.leading(), None);
        let Some((NodeId(1), Message::Promise { .. })) = cx.sent.last() else {
            panic!("it tells itself")
        };
    }
}
