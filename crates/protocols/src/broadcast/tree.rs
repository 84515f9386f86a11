//! Broadcasts and their tree (PT §3.4, §3.5): eager push, lazy push, prune, graft.

use super::node::{Answer, Id, MISSING_MAX, Missing, Node, Timer, Write};
use super::{Broadcast, Message, show};
use faultline_kernel::{Cx, NodeId, Note, RequestId, Span};

/// A client wants something broadcast. Its number is on disk first: no two broadcasts are alike.
pub(super) fn broadcast(node: &mut Node, request: RequestId, cx: &mut impl Cx<Broadcast>) {
    node.number += 1;
    cx.save(Write { number: node.number });
    let id = Id { origin: cx.me(), number: node.number };
    cx.note(|| Note::new(show::BEGINS, &[id.number.into()]));
    cx.answer(request, Answer::Sent);
    deliver(node, id, None, cx);
}

/// A broadcast that is new here: it goes on at once over eager links, and is announced over lazy
/// ones. Nobody needs to wait for it any longer (PT §3.5).
fn deliver(node: &mut Node, id: Id, from: Option<NodeId>, cx: &mut impl Cx<Broadcast>) {
    node.delivered.push(id);
    node.missing.retain(|missing| missing.id != id);
    if node.missing.is_empty() {
        cx.cancel_timer(Timer::Missing);
    }
    for peer in node.active.iter().filter(|peer| Some(peer.id) != from) {
        let message = if peer.eager { Message::Gossip { id } } else { Message::IHave { id } };
        cx.send(peer.id, message);
    }
}

/// Whether it was delivered here. The last ones are the likeliest.
fn has(node: &Node, id: Id) -> bool {
    (0..node.delivered.len()).rev().any(|place| node.delivered.get(place) == Some(&id))
}

/// A broadcast comes. What comes a second time shows that one link too many is eager.
pub(super) fn on_gossip(node: &mut Node, from: NodeId, id: Id, cx: &mut impl Cx<Broadcast>) {
    if has(node, id) {
        node.duplicates += 1;
        cx.note(|| Note::new(show::PRUNES, &[from.into()]));
        set_eager(node, from, false);
        cx.send(from, Message::Prune);
        if cx.config().sabotage.deliver_again {
            cx.note(|| Note::new(show::DELIVERS_AGAIN, &[]));
            node.delivered.push(id);
        }
        return;
    }
    cx.note(|| Note::new(show::DELIVERS, &[id.origin.into(), id.number.into(), from.into()]));
    set_eager(node, from, true);
    deliver(node, id, Some(from), cx);
}

pub(super) fn set_eager(node: &mut Node, peer: NodeId, eager: bool) {
    if let Some(peer) = node.peer(peer) {
        peer.eager = eager;
    }
}

/// A broadcast is announced. It may be on its way over another link, so there is some time.
pub(super) fn on_i_have(node: &mut Node, from: NodeId, id: Id, cx: &mut impl Cx<Broadcast>) {
    if has(node, id) || node.missing.len() >= MISSING_MAX {
        return;
    }
    let until = cx.now() + cx.config().missing;
    if node.missing.is_empty() {
        cx.set_timer(Timer::Missing, cx.config().missing);
    }
    node.missing.push(Missing { id, announcer: from, until });
}

/// It did not come: the link over which it was announced becomes part of the tree. The next one
/// who announced it is asked if that does not help.
pub(super) fn on_missing(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    let now = cx.now();
    while let Some(place) = node.missing.iter().position(|missing| missing.until <= now) {
        let Missing { id, announcer, .. } = node.missing.remove(place);
        let again = now + cx.config().missing;
        let others = node.missing.iter_mut().filter(|missing| missing.id == id);
        if node.active.iter().any(|peer| peer.id == announcer) {
            others.for_each(|missing| missing.until = again);
            cx.note(|| Note::new(show::GRAFTS, &[announcer.into()]));
            set_eager(node, announcer, true);
            cx.send(announcer, Message::Graft { id });
        }
    }
    if let Some(next) = node.missing.iter().map(|missing| missing.until).min() {
        cx.set_timer(Timer::Missing, Span(next.since(now).0.max(1)));
    }
}

/// A neighbour wants this link in the tree, and the broadcast that it misses.
pub(super) fn on_graft(node: &mut Node, from: NodeId, id: Id, cx: &mut impl Cx<Broadcast>) {
    set_eager(node, from, true);
    if has(node, id) {
        cx.send(from, Message::Gossip { id });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, linked};
    use super::*;
    use faultline_kernel::Time;

    const ID: Id = Id { origin: NodeId(5), number: 1 };

    #[test]
    fn a_new_broadcast_goes_on_eagerly_and_lazily() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2, 3]);
        set_eager(&mut node, NodeId(1), false);
        set_eager(&mut node, NodeId(3), false);
        on_gossip(&mut node, NodeId(1), ID, &mut cx);
        let sent =
            [(NodeId(2), Message::Gossip { id: ID }), (NodeId(3), Message::IHave { id: ID })];
        assert_eq!(cx.sent, sent);
        assert!(node.active[0].eager, "whoever brought it is in the tree");
    }

    #[test]
    fn what_comes_twice_is_pruned() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        on_gossip(&mut node, NodeId(1), ID, &mut cx);
        cx.sent.clear();
        on_gossip(&mut node, NodeId(2), ID, &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Prune)]);
        assert_eq!((node.active[1].eager, node.delivered.len(), node.duplicates), (false, 1, 1));
    }

    #[test]
    fn what_was_announced_and_does_not_come_is_grafted_from_one_after_the_other() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        for peer in [1, 2] {
            set_eager(&mut node, NodeId(peer), false);
        }
        on_i_have(&mut node, NodeId(1), ID, &mut cx);
        on_i_have(&mut node, NodeId(2), ID, &mut cx);
        for announcer in [NodeId(1), NodeId(2)] {
            cx.now = Time(cx.now.0 + 60_000);
            on_missing(&mut node, &mut cx);
            assert_eq!(cx.sent.pop(), Some((announcer, Message::Graft { id: ID })));
            assert_eq!(cx.sent, []);
        }
        assert!(node.missing.is_empty() && node.active.iter().all(|peer| peer.eager));
        on_gossip(&mut node, NodeId(2), ID, &mut cx);
        on_i_have(&mut node, NodeId(1), ID, &mut cx);
        assert!(node.missing.is_empty(), "it is here");
    }

    #[test]
    fn nobody_waits_for_what_has_come() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        let other = Id { number: 2, ..ID };
        on_i_have(&mut node, NodeId(1), ID, &mut cx);
        on_i_have(&mut node, NodeId(1), other, &mut cx);
        assert_eq!(cx.timers, [(Timer::Missing, Some(Span(60_000)))]);
        on_gossip(&mut node, NodeId(2), ID, &mut cx);
        assert_eq!(cx.timers.len(), 1, "the other one is still missing");
        on_gossip(&mut node, NodeId(2), other, &mut cx);
        assert_eq!(cx.timers.pop(), Some((Timer::Missing, None)));
    }

    #[test]
    fn a_graft_brings_the_link_and_the_broadcast() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        on_gossip(&mut node, NodeId(1), ID, &mut cx);
        set_eager(&mut node, NodeId(2), false);
        cx.sent.clear();
        on_graft(&mut node, NodeId(2), ID, &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Gossip { id: ID })]);
        assert!(node.active[1].eager);
    }
}
