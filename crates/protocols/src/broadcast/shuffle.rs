//! Shuffles (HPV §4, passive view management): passive views are mixed, so that they hold others
//! than the dead.

use super::node::{Node, Timer};
use super::{Broadcast, Message, views};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Span, SpanRange};

/// How many neighbours, and how many others, a shuffle names: as in the experiments of the paper.
const FROM_ACTIVE: usize = 3;
const FROM_PASSIVE: usize = 4;

pub(super) fn set_shuffle(cx: &mut impl Cx<Broadcast>) {
    let length = cx.config().shuffle;
    let after = cx.span(SpanRange::new(Span(length.0 / 2 + 1), length));
    cx.set_timer(Timer::Shuffle, after);
}

/// Sends itself and some that it knows on a random walk.
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    set_shuffle(cx);
    let Some(next) = views::some_neighbour(node, &[], cx) else { return };
    let peers = node.active.iter().map(|peer| peer.id).filter(|id| *id != next).collect();
    let mut nodes = sample(peers, FROM_ACTIVE, cx);
    nodes.extend(sample(node.passive.clone(), FROM_PASSIVE, cx));
    nodes.push(cx.me());
    let ttl = cx.config().walk;
    cx.send(next, Message::Shuffle { origin: cx.me(), ttl, nodes });
}

/// So many of these, at random.
fn sample(mut nodes: Vec<NodeId>, most: usize, cx: &mut impl Cx<Broadcast>) -> Vec<NodeId> {
    let mut chosen = Vec::new();
    while chosen.len() < most && !nodes.is_empty() {
        chosen.push(nodes.swap_remove(views::place(nodes.len(), cx)));
    }
    chosen
}

/// The walk goes on, or ends here: then as many are sent back.
pub(super) fn on_shuffle(
    node: &mut Node,
    from: NodeId,
    origin: NodeId,
    ttl: u32,
    nodes: Vec<NodeId>,
    cx: &mut impl Cx<Broadcast>,
) {
    let next = match ttl {
        0 | 1 => None,
        _ => views::some_neighbour(node, &[from, origin], cx),
    };
    if let Some(next) = next {
        cx.send(next, Message::Shuffle { origin, ttl: ttl - 1, nodes });
    } else if origin != cx.me() {
        let reply = sample(node.passive.clone(), nodes.len(), cx);
        cx.send(origin, Message::ShuffleReply { nodes: reply });
        integrate(node, &nodes, cx);
    }
}

/// Takes others into the passive view.
pub(super) fn integrate(node: &mut Node, nodes: &[NodeId], cx: &mut impl Cx<Broadcast>) {
    nodes.iter().for_each(|id| views::remember(node, *id, cx));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, linked};
    use super::*;

    #[test]
    fn a_shuffle_walks_and_is_answered_at_its_end() {
        let mut cx = Stub::new(1);
        let mut node = linked(&[0, 2]);
        node.passive = [NodeId(6)].into();
        let names: Vec<NodeId> = [NodeId(0), NodeId(8)].into();
        on_shuffle(&mut node, NodeId(0), NodeId(0), 3, names.clone(), &mut cx);
        let on = Message::Shuffle { origin: NodeId(0), ttl: 2, nodes: names.clone() };
        assert_eq!(cx.sent.pop(), Some((NodeId(2), on)));
        on_shuffle(&mut node, NodeId(0), NodeId(0), 1, names, &mut cx);
        let reply = Message::ShuffleReply { nodes: [NodeId(6)].into() };
        assert_eq!(cx.sent.pop(), Some((NodeId(0), reply)));
        assert_eq!(node.passive, [NodeId(6), NodeId(8)], "a neighbour is not taken in");
    }
}
