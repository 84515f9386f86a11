//! Shuffles (HPV §4.4): passive views are mixed, so that they hold others than the dead.

use super::node::{Node, Timer};
use super::{Broadcast, Message, views};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Span, SpanRange};

/// How many neighbours, and how many others, a shuffle names: as in the paper (HPV §5.1).
const FROM_ACTIVE: usize = 3;
const FROM_PASSIVE: usize = 4;

pub(super) fn set_shuffle(cx: &mut impl Cx<Broadcast>) {
    let length = cx.config().shuffle;
    let after = cx.span(SpanRange::new(Span(length.0 / 2 + 1), length));
    cx.set_timer(Timer::Shuffle, after);
}

/// Sends itself and some that it knows on a random walk.
///
/// Views have changed since it last looked for a neighbour in vain, so it may ask everybody that it
/// knows of once more: a search "is repeated until a connection is established" (HPV §4.3). Without
/// that, two nodes that lost all neighbours but each other may stay apart for ever.
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    set_shuffle(cx);
    views::hope(node);
    let Some(next) = views::some_neighbour(node, &[], cx) else { return };
    let peers = node.active.iter().map(|peer| peer.id).filter(|id| *id != next).collect();
    let mut nodes = sample(peers, FROM_ACTIVE, cx);
    nodes.extend(sample(node.passive.clone(), FROM_PASSIVE, cx));
    nodes.push(cx.me());
    node.offered.clone_from(&nodes);
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
        cx.send(origin, Message::ShuffleReply { nodes: reply.clone() });
        integrate(node, &nodes, &reply, cx);
    }
}

/// What it named comes back with others.
pub(super) fn on_shuffle_reply(node: &mut Node, nodes: &[NodeId], cx: &mut impl Cx<Broadcast>) {
    let named = core::mem::take(&mut node.offered);
    integrate(node, nodes, &named, cx);
}

/// Takes others into the passive view, in place of those that it named itself (HPV §4.4).
fn integrate(node: &mut Node, nodes: &[NodeId], named: &[NodeId], cx: &mut impl Cx<Broadcast>) {
    nodes.iter().for_each(|id| views::remember_in_place_of(named, node, *id, cx));
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

    #[test]
    fn who_was_named_in_a_shuffle_gives_way_to_who_is_named_in_return() {
        let mut cx = Stub::new(1);
        cx.config.passive = 6;
        let mut node = linked(&[0]);
        node.passive = [2, 3, 4, 5, 6, 7].map(NodeId).into();
        begin(&mut node, &mut cx);
        let named = node.offered.clone();
        assert_eq!(named.len(), FROM_PASSIVE + 1, "four others, and itself");
        let kept: Vec<NodeId> =
            node.passive.iter().copied().filter(|id| !named.contains(id)).collect();
        on_shuffle_reply(&mut node, &[10, 11, 12, 13].map(NodeId), &mut cx);
        assert!(kept.iter().all(|id| node.passive.contains(id)), "{kept:?} {node:?}");
        assert!([10, 11, 12, 13].iter().all(|id| node.passive.contains(&NodeId(*id))));
    }

    #[test]
    fn who_has_room_looks_for_neighbours_again_after_each_shuffle() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1]);
        node.passive = [NodeId(5), NodeId(6)].into();
        let asks = |node: &mut Node, cx: &mut Stub| -> Vec<NodeId> {
            cx.sent.clear();
            for _ in 0..5 {
                node.peer(NodeId(1)).expect("it is one").heard = cx.now;
                views::on_tick(node, cx);
                while let Some((asked, _)) = node.asked {
                    views::on_refuse(node, asked, cx);
                }
            }
            let asked = |(_, sent): &&(NodeId, Message)| matches!(sent, Message::Neighbour { .. });
            let mut asked: Vec<NodeId> = cx.sent.iter().filter(asked).map(|sent| sent.0).collect();
            asked.sort_unstable();
            asked
        };
        assert_eq!(asks(&mut node, &mut cx), [], "nobody was lost");
        for _ in 0..2 {
            begin(&mut node, &mut cx);
            assert_eq!(asks(&mut node, &mut cx), [NodeId(5), NodeId(6)], "each of them once");
            assert_eq!(asks(&mut node, &mut cx), [], "all refused");
        }
    }
}
