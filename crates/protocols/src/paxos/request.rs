//! What clients ask, and how a node starts.

use super::node::{Acceptor, Answer, Attempt, Disk, Learner, Node, Proposer};
use super::{Paxos, leader, learn, prepare, show};
use crate::ballot::{Ballot, Decree};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::{Cx, Draw, NodeId, Note, RequestId};

/// How many clients may wait at one proposer.
pub(super) const CLIENTS_MOST: usize = 64;

/// Starts a node with what its disk has; what it learnt, and who asked, is gone.
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<Paxos>) -> Node {
    let (me, roster) = (cx.me(), cx.config().roster);
    let alive = if roster.proposes(me) { leader::start(cx) } else { BTreeMap::new() };
    let proposer = roster.proposes(me).then(|| Proposer {
        alive,
        tried: disk.tried,
        heard: Ballot::NONE,
        wish: None,
        clients: Vec::new(),
        attempt: Attempt::Idle,
        waiting_since: cx.now(),
    });
    let learner =
        roster.learns(me).then(|| Learner { heard: BTreeMap::new(), quorum: cx.config().phase2 });
    if proposer.is_some() && disk.tried != Ballot::NONE {
        cx.note(|| Note::new(show::HAS_TRIED, &[disk.tried.into()]));
    }
    let acceptor = roster.accepts(me).then(|| start_acceptor(disk, cx));
    let node = Node { proposer, acceptor, learner, chosen: None };
    learn::ask(&node, cx);
    node
}

/// "An acceptor must remember this information even if it fails and then restarts" (§2.2).
fn start_acceptor(disk: &Disk, cx: &mut impl Cx<Paxos>) -> Acceptor {
    let (promised, accepted) = (disk.promised, disk.accepted);
    if promised == Ballot::NONE {
        return Acceptor { promised, accepted };
    }
    if cx.config().sabotage.forget_promise {
        cx.note(|| Note::new(show::FORGETS, &[promised.into()]));
        return Acceptor { promised: Ballot::NONE, accepted };
    }
    cx.note(|| match accepted {
        None => Note::new(show::HAS_PROMISED, &[promised.into()]),
        Some(vote) => {
            let args = [promised.into(), vote.value.into(), vote.ballot.into()];
            Note::new(show::HAS_ACCEPTED, &args)
        }
    });
    Acceptor { promised, accepted }
}

/// A client wants this value chosen. A proposer proposes the first value that it is asked for;
/// whoever comes later waits to hear which one is chosen.
pub(super) fn on_request(node: &mut Node, id: RequestId, value: Decree, cx: &mut impl Cx<Paxos>) {
    let Some(proposer) = &mut node.proposer else {
        refer(id, cx);
        return;
    };
    if let Some(vote) = node.chosen {
        cx.note(|| Note::new(show::KNOWS_ALREADY, &[vote.value.into()]));
        let answer = if value == vote.value { Answer::Chosen } else { Answer::Other };
        cx.answer(id, answer);
        return;
    }
    if proposer.clients.len() == CLIENTS_MOST {
        cx.answer(id, Answer::Busy);
        return;
    }
    proposer.clients.push((id, value));
    if let Some(wish) = proposer.wish {
        cx.note(|| Note::new(show::HAS_A_WISH, &[wish.into(), value.into()]));
        return;
    }
    proposer.wish = Some(value);
    // A ballot that goes on already, for a learner's sake, proposes it if it is free to.
    if matches!(proposer.attempt, Attempt::Idle | Attempt::Deferring { .. }) {
        prepare::begin(node, cx);
    }
}

/// Each of those who do not propose names one that does.
fn refer(id: RequestId, cx: &mut impl Cx<Paxos>) {
    let proposers = cx.config().roster.proposers().end;
    let hint = NodeId(cx.me().0 % proposers);
    cx.note(|| Note::new(show::REFERS, &[hint.into()]));
    cx.answer(id, Answer::NotProposer { hint });
}

/// What some client wants.
pub(super) fn any(draw: &mut Draw) -> Decree {
    Decree::sample(u32::try_from(draw.below(u64::from(u32::MAX))).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, acceptor, decree, proposer, vote};
    use super::*;

    #[test]
    fn a_node_has_the_parts_of_the_roles_it_plays() {
        let parts = |me| {
            let node = start(&Disk::default(), &mut Stub::new(me));
            [node.proposer.is_some(), node.acceptor.is_some(), node.learner.is_some()]
        };
        assert_eq!(parts(1), [true, false, false]);
        assert_eq!(parts(4), [false, true, false]);
        assert_eq!(parts(5), [false, false, true]);
        let mut cx = Stub::new(1);
        cx.config.roster.shared = true;
        let node = start(&Disk::default(), &mut cx);
        assert!(node.proposer.is_some() && node.acceptor.is_some() && node.learner.is_some());
    }

    #[test]
    fn an_acceptor_remembers_its_promise_unless_that_rule_is_broken() {
        let disk =
            Disk { tried: Ballot::NONE, promised: Ballot(4), accepted: Some(vote(3, "red")) };
        let mut cx = Stub::new(2);
        assert_eq!(start(&disk, &mut cx), acceptor(4, Some(vote(3, "red"))));
        cx.config.sabotage.forget_promise = true;
        assert_eq!(start(&disk, &mut cx), acceptor(0, Some(vote(3, "red"))));
    }

    #[test]
    fn the_first_value_is_proposed_and_the_second_client_waits() {
        let mut cx = Stub::new(0);
        let mut node = start(&Disk::default(), &mut cx);
        on_request(&mut node, RequestId(0), decree("blue"), &mut cx);
        on_request(&mut node, RequestId(1), decree("red"), &mut cx);
        assert_eq!((cx.sent.len(), cx.saved.len()), (3, 1));
        assert_eq!(cx.noted, [show::PREPARES, show::HAS_A_WISH]);
        let proposer = node.proposer.expect("it is one");
        assert_eq!((proposer.wish, proposer.clients.len()), (Some(decree("blue")), 2));
    }

    #[test]
    fn a_proposer_that_knows_answers_at_once_and_others_name_a_proposer() {
        let mut cx = Stub::new(0);
        let mut node = proposer("blue");
        node.chosen = Some(vote(1, "red"));
        on_request(&mut node, RequestId(5), decree("red"), &mut cx);
        on_request(&mut node, RequestId(6), decree("blue"), &mut cx);
        cx.me = NodeId(3);
        on_request(&mut acceptor(0, None), RequestId(7), decree("blue"), &mut cx);
        let answers = [Answer::Chosen, Answer::Other, Answer::NotProposer { hint: NodeId(1) }];
        assert!(cx.answered.iter().map(|(_, answer)| answer).eq(&answers));
        assert_eq!(cx.sent, []);
    }

    #[test]
    fn no_more_clients_wait_than_there_is_room_for() {
        let mut cx = Stub::new(0);
        let mut node = start(&Disk::default(), &mut cx);
        for id in 0..=64 {
            on_request(&mut node, RequestId(id), decree("blue"), &mut cx);
        }
        assert_eq!(cx.answered, [(RequestId(64), Answer::Busy)]);
    }
}
