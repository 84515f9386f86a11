//! What clients ask, and how a node starts.

use super::node::{
    Acceptor, Answer, Attempt, Coordinator, Disk, Learner, Node, Part, Proposer, Timer,
};
use super::{FastPaxos, Message, learn, round, show};
use crate::ballot::{Ballot, Decree};
use crate::roster::nodes;
use faultline_kernel::{Cx, Draw, Member, NodeId, Note, RequestId};

/// How many clients may wait at one proposer.
pub(super) const CLIENTS_MOST: usize = 64;

/// Starts a node with what its disk has. The first coordinator opens the first round at once.
pub(super) fn start(disk: &Disk, member: &Member, cx: &mut impl Cx<FastPaxos>) -> Node {
    let part = match member.class {
        "coordinator" => Part::Coordinator(Coordinator {
            tried: disk.tried,
            heard: Ballot::NONE,
            wish: None,
            attempt: Attempt::Idle,
            waiting_since: cx.now(),
        }),
        "proposer" => Part::Proposer(Proposer::default()),
        "acceptor" => Part::Acceptor(start_acceptor(disk, cx)),
        _ => Part::Learner(Learner::default()),
    };
    let mut node = Node { part, chosen: None };
    if member.class == "learner" {
        learn::ask(&node, cx);
    }
    if member.class == "coordinator" && member.rank == 0 && disk.tried == Ballot::NONE {
        round::begin(&mut node, true, cx);
    }
    node
}

/// What an acceptor promised and accepted is on stable storage (§2.1, end).
fn start_acceptor(disk: &Disk, cx: &mut impl Cx<FastPaxos>) -> Acceptor {
    let Disk { mut promised, accepted, .. } = *disk;
    if cx.config().sabotage.forget_promise && promised != Ballot::NONE {
        cx.note(|| Note::new(show::FORGETS, &[promised.into()]));
        promised = Ballot::NONE;
    }
    Acceptor { promised, accepted, ..Acceptor::default() }
}

/// A client wants this value chosen. A proposer proposes the first value that it is asked for;
/// whoever comes later waits to hear which one is chosen.
pub(super) fn on_request(
    node: &mut Node,
    id: RequestId,
    value: Decree,
    cx: &mut impl Cx<FastPaxos>,
) {
    let Part::Proposer(proposer) = &mut node.part else {
        let proposers = cx.config().roster.proposers();
        let hint = NodeId(proposers.start + cx.me().0 % (proposers.end - proposers.start));
        cx.note(|| Note::new(show::REFERS, &[hint.into()]));
        cx.answer(id, Answer::NotProposer { hint });
        return;
    };
    if let Some(vote) = node.chosen {
        let answer = if value == vote.value { Answer::Chosen } else { Answer::Other };
        cx.answer(id, answer);
        return;
    }
    if proposer.clients.len() == CLIENTS_MOST {
        cx.answer(id, Answer::Busy);
        return;
    }
    proposer.clients.push((id, value));
    if proposer.wish.is_none() {
        proposer.wish = Some(value);
        cx.note(|| Note::new(show::SENDS_TO_ALL, &[value.into()]));
        propose(value, cx);
    }
}

/// Sends a value to the acceptors and the coordinators, and again if nothing comes of it.
fn propose(value: Decree, cx: &mut impl Cx<FastPaxos>) {
    let roster = cx.config().roster;
    for other in nodes(roster.acceptors()).chain(nodes(roster.coordinators())) {
        cx.send(other, Message::Propose { value });
    }
    cx.set_timer(Timer::Retry, cx.config().retry);
}

/// Whatever a node waits for did not come.
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<FastPaxos>) {
    match &node.part {
        Part::Coordinator(_) => round::on_timeout(node, cx),
        Part::Proposer(Proposer { wish: Some(value), .. }) if node.chosen.is_none() => {
            propose(*value, cx);
        }
        Part::Learner(_) if node.chosen.is_none() => learn::ask_again(node, cx),
        Part::Proposer(_) | Part::Acceptor(_) | Part::Learner(_) => {}
    }
}

/// What some client wants.
pub(super) fn any(draw: &mut Draw) -> Decree {
    Decree::sample(u32::try_from(draw.below(u64::from(u32::MAX))).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fastpaxos::testing::{Stub, decree, started, vote};

    #[test]
    fn a_proposer_sends_the_first_value_to_all_and_again_until_it_knows() {
        let mut cx = Stub::new(1);
        let mut node = started(&Disk::default(), &mut cx);
        on_request(&mut node, RequestId(0), decree("red"), &mut cx);
        on_request(&mut node, RequestId(1), decree("blue"), &mut cx);
        assert_eq!(cx.sent.len(), 6, "five acceptors and the coordinator");
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.sent.len(), 12);
        learn::on_chosen(&mut node, NodeId(8), vote(1, "red"), &mut cx);
        on_timeout(&mut node, &mut cx);
        let told = [(RequestId(0), Answer::Chosen), (RequestId(1), Answer::Other)];
        assert_eq!((cx.sent.len(), cx.answered), (12, told.into()));
    }

    #[test]
    fn no_more_clients_wait_than_there_is_room_for_and_others_name_a_proposer() {
        let mut cx = Stub::new(1);
        let mut node = started(&Disk::default(), &mut cx);
        for id in 0..=64 {
            on_request(&mut node, RequestId(id), decree("red"), &mut cx);
        }
        assert_eq!(cx.answered, [(RequestId(64), Answer::Busy)]);
        let mut cx = Stub::new(4);
        let mut node = started(&Disk::default(), &mut cx);
        on_request(&mut node, RequestId(0), decree("red"), &mut cx);
        assert_eq!(cx.answered, [(RequestId(0), Answer::NotProposer { hint: NodeId(1) })]);
    }

    #[test]
    fn an_acceptor_remembers_its_promise_unless_that_rule_is_broken() {
        let mut cx = Stub::new(3);
        let accepted = Some(vote(1, "red"));
        let disk = Disk { promised: Ballot(4), accepted, ..Disk::default() };
        let acceptor = |promised| Acceptor { promised, accepted, ..Acceptor::default() };
        assert_eq!(start_acceptor(&disk, &mut cx), acceptor(Ballot(4)));
        cx.config.sabotage.forget_promise = true;
        assert_eq!(start_acceptor(&disk, &mut cx), acceptor(Ballot::NONE));
    }

    #[test]
    fn only_the_first_coordinator_begins_by_itself_and_only_once() {
        let begins = |me, tried| {
            let mut cx = Stub::new(me);
            cx.config.roster.coordinators = 2;
            let disk = Disk { tried: Ballot(tried), ..Disk::default() };
            let member = cx.config.roster.members().swap_remove(me as usize);
            start(&disk, &member, &mut cx);
            !cx.sent.is_empty()
        };
        assert!(begins(0, 0) && !begins(1, 0) && !begins(0, 1));
    }
}
