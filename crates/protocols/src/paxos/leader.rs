//! A distinguished proposer, "the only one to try issuing proposals" (Paxos made simple §2.4).
//!
//! Of those that seem to be alive the first one leads; the others pass their wishes on to it.
//! Nothing here is needed for safety: for a while several may believe that they lead, or none.

use super::node::{Attempt, Node, Proposer, Timer};
use super::{Message, Paxos, prepare, retry, show};
use crate::ballot::Decree;
use crate::roster::nodes;
use alloc::collections::BTreeMap;
use faultline_kernel::{Cx, NodeId, Note, Span, Time};

/// How often a proposer says that it is there, while others would take it for dead.
const WORDS: u64 = 4;

/// A proposer starts: it gives those before it the time to speak, and speaks itself.
pub(super) fn start(cx: &mut impl Cx<Paxos>) -> BTreeMap<NodeId, Time> {
    if cx.config().leader.is_none() {
        return BTreeMap::new();
    }
    speak(cx);
    let (me, now) = (cx.me(), cx.now());
    let proposers = cx.config().roster.proposers();
    nodes(proposers).filter(|other| *other < me).map(|other| (other, now)).collect()
}

/// It is time to say that it is there; those before it do not depend on it.
pub(super) fn speak(cx: &mut impl Cx<Paxos>) {
    let (me, proposers) = (cx.me(), cx.config().roster.proposers());
    let Some(leader) = cx.config().leader.filter(|_| me.0 + 1 < proposers.end) else { return };
    for other in nodes(me.0 + 1..proposers.end) {
        cx.send(other, Message::Alive);
    }
    cx.set_timer(Timer::Speak, Span((leader.0 / WORDS).max(1)));
}

/// Who leads, as far as this proposer knows: the first that was heard of lately, or itself.
pub(super) fn who(proposer: &Proposer, cx: &impl Cx<Paxos>) -> NodeId {
    let Some(patience) = cx.config().leader else { return cx.me() };
    let lately = |heard: Time| cx.now().since(heard) < patience;
    let mut alive = proposer.alive.iter().filter(|(_, heard)| lately(**heard));
    alive.next().map_or(cx.me(), |(first, _)| *first)
}

/// One that comes before it is there: whoever competes with it stops.
pub(super) fn on_alive(node: &mut Node, from: NodeId, cx: &mut impl Cx<Paxos>) {
    let now = cx.now();
    let Some(proposer) = node.proposer.as_mut().filter(|_| from < cx.me()) else { return };
    proposer.alive.insert(from, now);
    let competes = match proposer.attempt {
        Attempt::Preparing { .. } | Attempt::Proposing { .. } | Attempt::Beaten { .. } => true,
        Attempt::Deferring { to } => to > from,
        Attempt::Idle => false,
    };
    if competes {
        defer(proposer, from, cx);
    }
}

/// It passes its wish on and waits; in time it looks again who leads.
pub(super) fn defer(proposer: &mut Proposer, to: NodeId, cx: &mut impl Cx<Paxos>) {
    let Some(value) = proposer.wish else {
        proposer.attempt = Attempt::Idle;
        cx.cancel_timer(Timer::Retry);
        return;
    };
    proposer.attempt = Attempt::Deferring { to };
    cx.note(|| Note::new(show::DEFERS, &[to.into(), value.into()]));
    cx.send(to, Message::Forward { value });
    retry::be_patient(proposer, cx);
}

/// Another proposer passes its wish on. It becomes the leader's own if it has none.
pub(super) fn on_forward(node: &mut Node, from: NodeId, value: Decree, cx: &mut impl Cx<Paxos>) {
    if let Some(vote) = node.chosen {
        cx.send(from, Message::Chosen(vote));
        return;
    }
    let Some(proposer) = &mut node.proposer else { return };
    if who(proposer, cx) != cx.me() {
        return;
    }
    proposer.wish.get_or_insert(value);
    if matches!(proposer.attempt, Attempt::Idle | Attempt::Deferring { .. }) {
        prepare::begin(node, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, decree, proposer, vote};
    use super::*;
    use crate::ballot::Ballot;

    fn stub(me: u32) -> Stub {
        let mut cx = Stub::new(me);
        cx.config.leader = Some(Span::millis(100));
        cx
    }

    /// The second proposer, which has just started and wants blue.
    fn second(cx: &mut Stub) -> Node {
        let mut node = proposer("blue");
        node.proposer.as_mut().expect("it is one").alive = start(cx);
        node
    }

    #[test]
    fn the_first_proposer_speaks_to_those_after_it_and_leads() {
        let mut cx = stub(0);
        assert_eq!(start(&mut cx), BTreeMap::new());
        assert_eq!(cx.sent, [(NodeId(1), Message::Alive)]);
        assert_eq!(cx.timers, [(Timer::Speak, Some(Span::millis(25)))]);
        let node = proposer("blue");
        assert_eq!(who(node.proposer.as_ref().expect("it is one"), &cx), NodeId(0));
        let mut cx = Stub::new(0);
        start(&mut cx);
        assert_eq!(cx.sent, [], "there is no leader");
    }

    #[test]
    fn another_passes_its_wish_on_until_the_leader_has_been_silent_for_long() {
        let mut cx = stub(1);
        let mut node = second(&mut cx);
        prepare::begin(&mut node, &mut cx);
        let passed = (NodeId(0), Message::Forward { value: decree("blue") });
        assert_eq!((&*cx.sent, &*cx.saved), (&[passed][..], &[][..]));
        cx.now = Time(99_999);
        retry::on_timeout(&mut node, &mut cx);
        assert_eq!((cx.sent.len(), cx.saved.len()), (2, 0));
        cx.now = Time(100_000);
        retry::on_timeout(&mut node, &mut cx);
        assert_eq!(cx.sent.last().map(|(to, _)| *to), Some(NodeId(4)), "it asks the acceptors");
    }

    #[test]
    fn whoever_competes_with_the_leader_stops_when_it_hears_of_it() {
        let mut cx = stub(1);
        let mut node = second(&mut cx);
        cx.now = Time(100_000);
        prepare::begin(&mut node, &mut cx);
        on_alive(&mut node, NodeId(0), &mut cx);
        let attempt = node.proposer.as_ref().map(|proposer| proposer.attempt.clone());
        assert_eq!(attempt, Some(Attempt::Deferring { to: NodeId(0) }));
        prepare::on_promise(&mut node, NodeId(2), Ballot(2), None, &mut cx);
        prepare::on_promise(&mut node, NodeId(3), Ballot(2), None, &mut cx);
        assert_eq!(node.proposal(), None);
    }

    #[test]
    fn the_leader_proposes_what_is_passed_on_or_tells_the_choice() {
        let mut cx = stub(0);
        let mut node = proposer("blue");
        node.proposer.as_mut().expect("it is one").wish = None;
        on_forward(&mut node, NodeId(1), decree("red"), &mut cx);
        on_forward(&mut node, NodeId(1), decree("red"), &mut cx);
        assert_eq!((cx.saved.len(), cx.sent.len()), (1, 3), "one ballot");
        cx.clear();
        node.chosen = Some(vote(1, "red"));
        on_forward(&mut node, NodeId(1), decree("red"), &mut cx);
        assert_eq!(cx.sent, [(NodeId(1), Message::Chosen(vote(1, "red")))]);
    }
}
