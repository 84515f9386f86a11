//! Joining (HPV §4.2): a contact, and random walks from there.

use super::node::{Disk, Node, Timer};
use super::{Broadcast, Message, show, shuffle, views};
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange};

/// Starts a node that knows nobody. The first one waits for the others: it is their contact.
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<Broadcast>) -> Node {
    let wait = SpanRange::new(Span(1), cx.config().join);
    let wait = cx.span(wait);
    let founder = cx.me() == NodeId(0);
    let after = if founder { cx.config().join + cx.config().patience } else { wait };
    cx.set_timer(Timer::Join, after);
    views::set_tick(cx);
    shuffle::set_shuffle(cx);
    Node { number: disk.number, joining: true, ..Node::default() }
}

/// Asks a contact to be let in: the first node; in case it does not answer, somebody else.
pub(super) fn join(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    if !node.active.is_empty() {
        return;
    }
    let other = cx.choose(cx.config().nodes - 1);
    let other = NodeId(other + u32::from(other >= cx.me().0));
    let contact = if node.tried || cx.me() == NodeId(0) { other } else { NodeId(0) };
    (node.joining, node.tried) = (true, true);
    node.asked = Some((contact, cx.now()));
    cx.note(|| Note::new(show::JOINS, &[contact.into()]));
    cx.send(contact, Message::Join);
    cx.set_timer(Timer::Join, cx.config().patience);
}

/// The contact takes the new node in, if need be in place of another, and sends it on a walk from
/// each of its neighbours.
pub(super) fn on_join(node: &mut Node, from: NodeId, cx: &mut impl Cx<Broadcast>) {
    views::link_anew(node, from, cx);
    cx.send(from, Message::Accept);
    for peer in node.active.iter().filter(|peer| peer.id != from) {
        cx.send(peer.id, Message::ForwardJoin { new: from, ttl: cx.config().walk });
    }
}

/// A walk comes by. At its end the node becomes a neighbour of the new one; on the way one node
/// remembers it.
pub(super) fn on_forward_join(
    node: &mut Node,
    from: NodeId,
    new: NodeId,
    ttl: u32,
    cx: &mut impl Cx<Broadcast>,
) {
    if new == cx.me() {
        return;
    }
    let next = match ttl {
        0 => None,
        _ => views::some_neighbour(node, &[from, new], cx),
    };
    let Some(next) = next else {
        if !node.has_neighbour(new) {
            cx.send(new, Message::Neighbour { urgent: true });
        }
        return;
    };
    if ttl == cx.config().remember {
        views::remember(node, new, cx);
    }
    cx.send(next, Message::ForwardJoin { new, ttl: ttl - 1 });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, linked};
    use super::*;

    #[test]
    fn the_contact_takes_a_new_node_in_and_sends_it_on_walks() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        on_join(&mut node, NodeId(5), &mut cx);
        assert!(node.has_neighbour(NodeId(5)));
        let walk = Message::ForwardJoin { new: NodeId(5), ttl: 4 };
        let walks = [(NodeId(1), walk.clone()), (NodeId(2), walk)];
        assert_eq!(cx.sent[0], (NodeId(5), Message::Accept));
        assert_eq!(cx.sent[1..], walks);
    }

    #[test]
    fn whoever_is_let_in_does_not_ask_any_more() {
        let mut cx = Stub::new(3);
        let mut node = Node::default();
        join(&mut node, &mut cx);
        assert_eq!(cx.timers.pop(), Some((Timer::Join, Some(cx.config.patience))));
        views::on_accept(&mut node, NodeId(0), &mut cx);
        assert_eq!(cx.timers.pop(), Some((Timer::Join, None)));
    }

    #[test]
    fn a_walk_goes_on_is_remembered_on_its_way_and_ends_in_a_link() {
        let mut cx = Stub::new(2);
        let mut node = linked(&[1, 3]);
        let mut walk = |ttl, node: &mut Node| {
            on_forward_join(node, NodeId(1), NodeId(5), ttl, &mut cx);
            cx.sent.pop().expect("it goes on")
        };
        let on = |ttl| (NodeId(3), Message::ForwardJoin { new: NodeId(5), ttl });
        assert_eq!((walk(3, &mut node), node.passive.len()), (on(2), 0));
        assert_eq!((walk(2, &mut node), node.passive.len()), (on(1), 1));
        assert_eq!(walk(0, &mut node), (NodeId(5), Message::Neighbour { urgent: true }));
        assert_eq!(walk(3, &mut linked(&[1, 3, 5])), on(2), "it passes a neighbour of the new one");
        let mut lonely = linked(&[1]);
        let end = (NodeId(5), Message::Neighbour { urgent: true });
        assert_eq!(walk(3, &mut lonely), end, "there is nowhere to go on to");
    }
}
