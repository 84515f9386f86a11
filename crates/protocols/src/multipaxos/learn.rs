//! What is chosen is applied in the order of slots, told to those who lack it, and forgotten
//! (Paxos made simple §3; "Paxos made moderately complex" §2.1, §4.2).

use super::disk::Write;
use super::log::{Vote, Votes};
use super::node::{Answer, Node, Timer};
use super::{Message, MultiPaxos, propose, show};
use crate::store::{Outcome, Store};
use alloc::rc::Rc;
use faultline_kernel::{Cx, NodeId, Note};

/// How many slots are told at once to one who has fallen behind.
const BATCH: usize = 16;

/// These were chosen, from slot `first` on, which is the first one that is not known to be.
pub(super) fn learn(node: &mut Node, first: u64, votes: &Votes, cx: &mut impl Cx<MultiPaxos>) {
    node.log.choose(first, votes);
    cx.save(Write::Choose { first, votes: Rc::clone(votes) });
    for (slot, vote) in (first..).zip(votes.iter()) {
        apply(node, slot, *vote, cx);
    }
    let collect_after = cx.config().collect_after;
    if collect_after > 0 && node.log.kept() >= collect_after {
        collect(node, cx);
    }
}

/// Applies one command, and tells the client that waits for it.
fn apply(node: &mut Node, slot: u64, vote: Vote, cx: &mut impl Cx<MultiPaxos>) {
    let twice = cx.config().sabotage.apply_twice;
    if let Some(session) = vote.command.session.filter(|_| node.store.knows(vote.command)) {
        let kind = if twice { show::APPLIES_TWICE } else { show::KNOWS_THE_REQUEST };
        let args = [vote.command.label().into(), slot.into(), session.client.into()];
        cx.note(|| Note::new(kind, &args));
    }
    let outcome = node.store.apply(vote.command, !twice);
    let Some(leader) = node.leading_mut() else { return };
    let Some(proposal) = leader.proposals.pop_front_if(|proposal| proposal.slot == slot) else {
        return;
    };
    let client = proposal.client.filter(|_| proposal.command == vote.command);
    if let Some((client, outcome)) = client.zip(outcome) {
        if let Outcome::Read(value) = outcome {
            let args = [vote.command.label().into(), slot.into(), value.into()];
            cx.note(|| Note::new(show::READS, &args));
        }
        cx.answer(client, Answer::Applied(outcome));
    }
}

/// The variables stand for the whole chosen prefix, so its slots can go: who needs them gets the
/// variables instead.
///
/// An acceptor may forget what it accepted there, because from now on it says that these slots are
/// chosen, and no leader proposes anything for them.
fn collect(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let (count, upto) = (node.log.kept(), node.log.chosen());
    node.log.collect(upto);
    cx.note(|| Note::new(show::COLLECTS, &[count.into(), upto.into()]));
    cx.save(Write::Snapshot { upto, store: Rc::new(node.store.clone()) });
}

/// Somebody knows that these are chosen.
pub(super) fn on_chosen(
    node: &mut Node,
    from: NodeId,
    first: u64,
    votes: &Votes,
    cx: &mut impl Cx<MultiPaxos>,
) {
    let next = node.log.chosen() + 1;
    let known = next.saturating_sub(first);
    let news: Votes = match known {
        0 => Rc::clone(votes),
        _ => votes.iter().skip(usize::try_from(known).unwrap_or(usize::MAX)).copied().collect(),
    };
    if first > next || news.is_empty() {
        return;
    }
    let count = news.len() as u64;
    cx.note(|| Note::new(show::IS_TOLD, &[from.into(), count.into(), (next + count - 1).into()]));
    learn(node, next, &news, cx);
    go_on(node, from, cx);
}

/// After a step of catching up: the next one, or the leader's own work.
fn go_on(node: &mut Node, from: NodeId, cx: &mut impl Cx<MultiPaxos>) {
    if node.leading().is_some() {
        propose::accept_own(node, cx);
        if let Some(informed) = lacks(node) {
            cx.send(informed, Message::Ask { first: node.log.chosen() + 1 });
            return;
        }
        cx.cancel_timer(Timer::Election);
        propose::conclude(node, cx);
        propose::fill_window(node, cx);
    } else if node.log.chosen() < node.told {
        ask(node, from, cx);
    }
}

/// Whom a leader may ask for chosen slots that it lacks.
pub(super) fn lacks(node: &Node) -> Option<NodeId> {
    let (chosen, informed) = node.leading()?.chosen;
    (node.log.chosen() < chosen).then_some(informed)
}

/// It has fallen behind.
pub(super) fn ask(node: &Node, whom: NodeId, cx: &mut impl Cx<MultiPaxos>) {
    let first = node.log.chosen() + 1;
    cx.note(|| Note::new(show::ASKS, &[whom.into(), first.into()]));
    cx.send(whom, Message::Ask { first });
}

/// Somebody has fallen behind.
pub(super) fn on_ask(node: &Node, from: NodeId, first: u64, cx: &mut impl Cx<MultiPaxos>) {
    if first <= node.log.chosen() {
        tell(node, from, first, cx);
    }
}

/// Tells what was chosen from this slot on: the commands, or, if they are forgotten, the variables.
pub(super) fn tell(node: &Node, to: NodeId, first: u64, cx: &mut impl Cx<MultiPaxos>) {
    if first > node.log.collected() {
        let votes = node.log.votes(first, BATCH);
        cx.send(to, Message::Chosen { first, votes });
        return;
    }
    let upto = node.log.chosen();
    cx.note(|| Note::new(show::SENDS_SNAPSHOT, &[to.into(), first.into(), upto.into()]));
    cx.send(to, Message::Snapshot { upto, store: Rc::new(node.store.clone()) });
}

/// The variables as they were after slot `upto` replace everything before it.
pub(super) fn on_snapshot(
    node: &mut Node,
    from: NodeId,
    upto: u64,
    store: &Rc<Store>,
    cx: &mut impl Cx<MultiPaxos>,
) {
    if upto <= node.log.chosen() {
        return;
    }
    cx.note(|| Note::new(show::INSTALLS, &[from.into(), upto.into()]));
    node.log.collect(upto);
    node.store = Store::clone(store);
    if let Some(leader) = node.leading_mut() {
        leader.proposals.retain(|proposal| proposal.slot > upto);
    }
    cx.save(Write::Snapshot { upto, store: Rc::clone(store) });
    go_on(node, from, cx);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader, vote};
    use super::*;
    use alloc::vec::Vec;

    fn chosen(first: u64, values: core::ops::RangeInclusive<u32>) -> (u64, Votes) {
        (first, values.map(|value| vote(1, value)).collect())
    }

    #[test]
    fn what_is_chosen_is_applied_in_order_and_once() {
        let mut cx = Stub::new(1);
        let mut node = follower(1, &[1, 1, 1]);
        for (first, votes) in [chosen(3, 3..=3), chosen(1, 1..=2), chosen(1, 1..=2)] {
            on_chosen(&mut node, NodeId(0), first, &votes, &mut cx);
        }
        assert_eq!((node.log.chosen(), node.store.label().as_str()), (2, "x=2"));
        assert_eq!(cx.saved.len(), 1, "neither a gap nor a repetition is saved");
    }

    #[test]
    fn one_who_is_told_only_a_part_asks_on() {
        let mut cx = Stub::new(1);
        let mut node = follower(1, &[]);
        node.told = 5;
        let (first, votes) = chosen(1, 1..=3);
        on_chosen(&mut node, NodeId(2), first, &votes, &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Ask { first: 4 })]);
    }

    #[test]
    fn who_asks_gets_the_commands_or_if_they_are_forgotten_the_variables() {
        let mut cx = Stub::new(1);
        cx.config.collect_after = 3;
        let mut node = follower(1, &[]);
        let (first, votes) = chosen(1, 1..=2);
        learn(&mut node, first, &votes, &mut cx);
        on_ask(&node, NodeId(2), 2, &mut cx);
        on_ask(&node, NodeId(2), 3, &mut cx);
        let told = Message::Chosen { first: 2, votes: [vote(1, 2)].into() };
        assert_eq!(cx.sent, [(NodeId(2), told)], "what it does not know it does not tell");
        cx.clear();
        let (first, votes) = chosen(3, 3..=3);
        learn(&mut node, first, &votes, &mut cx);
        assert_eq!((node.log.collected(), node.log.kept()), (3, 0));
        on_ask(&node, NodeId(2), 2, &mut cx);
        let store = Rc::new(node.store.clone());
        let snapshot = Message::Snapshot { upto: 3, store: Rc::clone(&store) };
        assert_eq!(cx.sent, [(NodeId(2), snapshot)]);
        let mut behind = follower(1, &[1, 1, 1, 1]);
        on_snapshot(&mut behind, NodeId(1), 3, &store, &mut cx);
        on_snapshot(&mut behind, NodeId(1), 2, &Rc::default(), &mut cx);
        assert_eq!((behind.log.chosen(), behind.log.last()), (3, 4));
        assert_eq!(behind.store, node.store);
    }

    #[test]
    fn a_disk_holds_what_memory_holds() {
        let mut cx = Stub::new(1);
        cx.config.collect_after = 4;
        let mut node = follower(0, &[]);
        for (first, votes) in [chosen(1, 1..=3), chosen(4, 4..=4), chosen(5, 5..=6)] {
            on_chosen(&mut node, NodeId(0), first, &votes, &mut cx);
        }
        let mut disk = super::super::Disk::default();
        let writes: Vec<Write> = core::mem::take(&mut cx.saved);
        writes.iter().for_each(|write| disk.write(write));
        let again = super::super::lead::start(&disk, &mut cx);
        assert_eq!((&again.log, &again.store), (&node.log, &node.store));
        assert_eq!(disk.log.collected(), 4);
    }

    #[test]
    fn a_leader_that_lacks_slots_goes_on_asking_until_it_has_them() {
        let mut cx = Stub::new(0);
        let mut node = leader();
        node.leading_mut().expect("it leads").chosen = (3, NodeId(2));
        let (first, votes) = chosen(1, 1..=2);
        on_chosen(&mut node, NodeId(2), first, &votes, &mut cx);
        assert_eq!(
            (cx.sent.clone(), lacks(&node)),
            ([(NodeId(2), Message::Ask { first: 3 })].into(), Some(NodeId(2)),)
        );
        let (first, votes) = chosen(3, 3..=3);
        on_chosen(&mut node, NodeId(2), first, &votes, &mut cx);
        assert_eq!((cx.sent.len(), lacks(&node)), (1, None));
    }
}
