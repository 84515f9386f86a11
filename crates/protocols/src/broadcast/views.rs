//! The two views (HPV §4.1): neighbours, and who might replace them.

use super::node::{Node, Peer, Timer};
use super::{Broadcast, Message, join, show};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange};

/// The next look at the neighbours; somewhat at random, so that nodes do not march in step.
pub(super) fn set_tick(cx: &mut impl Cx<Broadcast>) {
    let alive = cx.config().alive;
    let after = cx.span(SpanRange::new(Span(alive.0 / 2 + 1), alive));
    cx.set_timer(Timer::Tick, after);
}

/// Makes somebody a neighbour. If there is no room, a random one has to go (HPV §4.2). A new link
/// is eager (PT §3.6).
pub(super) fn link(node: &mut Node, id: NodeId, cx: &mut impl Cx<Broadcast>) {
    if node.asked.is_some_and(|(asked, _)| asked == id) {
        node.asked = None;
    }
    if id == cx.me() || node.has_neighbour(id) {
        return;
    }
    if node.active.len() >= cx.config().active as usize {
        let place = place(node.active.len(), cx);
        let dropped = node.active.swap_remove(place).id;
        cx.note(|| Note::new(show::DROPS, &[dropped.into(), id.into()]));
        cx.send(dropped, Message::Disconnect);
        remember(node, dropped, cx);
    }
    if !cx.config().sabotage.overlap {
        node.passive.retain(|known| *known != id);
    }
    cx.note(|| Note::new(show::LINKS, &[id.into()]));
    (node.joining, node.tried) = (false, false);
    cx.cancel_timer(Timer::Join);
    node.active.push(Peer { id, heard: cx.now(), eager: true });
}

/// The same for somebody who asks for it. Whoever is a neighbour here all the same has lost the
/// link, in a crash for example: this is a new one.
pub(super) fn link_anew(node: &mut Node, id: NodeId, cx: &mut impl Cx<Broadcast>) {
    let now = cx.now();
    match node.peer(id) {
        Some(peer) => (peer.heard, peer.eager) = (now, true),
        None => link(node, id, cx),
    }
}

/// Takes a neighbour out of the active view.
fn unlink(node: &mut Node, id: NodeId) {
    node.active.retain(|peer| peer.id != id);
    hope(node);
}

/// It may ask each that it knows of, once, to be its neighbour.
pub(super) fn hope(node: &mut Node) {
    node.hopes = u32::try_from(node.passive.len()).unwrap_or(u32::MAX);
}

/// Puts somebody into the passive view. If there is no room, a random one is forgotten.
pub(super) fn remember(node: &mut Node, id: NodeId, cx: &mut impl Cx<Broadcast>) {
    remember_in_place_of(&[], node, id, cx);
}

/// The same, but whoever was named to the partner of a shuffle is forgotten first: that one is in
/// the partner's view now, and nobody is lost from both (HPV §4.4).
pub(super) fn remember_in_place_of(
    named: &[NodeId],
    node: &mut Node,
    id: NodeId,
    cx: &mut impl Cx<Broadcast>,
) {
    if id == cx.me() || node.has_neighbour(id) || node.passive.contains(&id) {
        return;
    }
    if node.passive.len() >= cx.config().passive as usize {
        let place = match node.passive.iter().position(|known| named.contains(known)) {
            Some(place) => place,
            None => place(node.passive.len(), cx),
        };
        node.passive.swap_remove(place);
    }
    node.passive.push(id);
}

/// A random place in a list that is not empty.
pub(super) fn place(length: usize, cx: &mut impl Cx<Broadcast>) -> usize {
    // Views are short: their length fits.
    cx.choose(length as u32) as usize
}

/// A random neighbour that is none of these.
pub(super) fn some_neighbour(
    node: &Node,
    except: &[NodeId],
    cx: &mut impl Cx<Broadcast>,
) -> Option<NodeId> {
    let peers = node.active.iter().map(|peer| peer.id);
    let peers: Vec<NodeId> = peers.filter(|id| !except.contains(id)).collect();
    if peers.is_empty() { None } else { Some(peers[place(peers.len(), cx)]) }
}

/// Asks one from the passive view to be a neighbour, if there is room and hope; "another" each time
/// (HPV §4.3). The request of a node that has no neighbour left has high priority: it is never
/// refused.
fn seek(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    let alone = node.active.is_empty();
    let room = node.active.len() < cx.config().active as usize;
    if !room || node.asked.is_some() || node.passive.is_empty() || (node.hopes == 0 && !alone) {
        return;
    }
    let known = node.passive.len();
    // Whoever has no neighbour left does not give up: it begins anew.
    let untried = match node.hopes {
        0 => known,
        hopes => known.min(hopes as usize),
    };
    let last = untried - 1;
    node.passive.swap(place(untried, cx), last);
    node.hopes = last as u32;
    let chosen = node.passive[last];
    node.asked = Some((chosen, cx.now()));
    cx.note(|| Note::new(show::SEEKS, &[chosen.into()]));
    cx.send(chosen, Message::Neighbour { urgent: alone });
}

/// Somebody wants to be a neighbour.
pub(super) fn on_neighbour(
    node: &mut Node,
    from: NodeId,
    urgent: bool,
    cx: &mut impl Cx<Broadcast>,
) {
    let room = node.active.len() < cx.config().active as usize;
    if urgent || room || node.has_neighbour(from) {
        link_anew(node, from, cx);
        cx.send(from, Message::Accept);
    } else {
        cx.send(from, Message::Refuse);
    }
}

pub(super) fn on_accept(node: &mut Node, from: NodeId, cx: &mut impl Cx<Broadcast>) {
    link(node, from, cx);
}

pub(super) fn on_refuse(node: &mut Node, from: NodeId, cx: &mut impl Cx<Broadcast>) {
    if node.asked.is_some_and(|(asked, _)| asked == from) {
        node.asked = None;
        seek(node, cx);
    }
}

/// A neighbour says that it is none any more. It may be one again.
pub(super) fn on_disconnect(node: &mut Node, from: NodeId, cx: &mut impl Cx<Broadcast>) {
    if node.has_neighbour(from) {
        unlink(node, from);
        remember(node, from, cx);
        seek(node, cx);
    }
}

/// A sign of life. If it comes from somebody who is no neighbour here, that one is told: so links
/// are symmetric even if a message was lost. Who was asked may have accepted: messages overtake one
/// another, where in the paper they come over one connection in their order.
pub(super) fn on_alive(node: &mut Node, from: NodeId, cx: &mut impl Cx<Broadcast>) {
    let now = cx.now();
    let asked = node.asked.is_some_and(|(asked, _)| asked == from);
    match node.peer(from) {
        Some(peer) => peer.heard = now,
        None if asked => {}
        None => cx.send(from, Message::Disconnect),
    }
}

/// Sends signs of life, and gives up whoever has sent none for long.
pub(super) fn on_tick(node: &mut Node, cx: &mut impl Cx<Broadcast>) {
    let (now, patience) = (cx.now(), cx.config().patience);
    let silent = |peer: &&Peer| now.since(peer.heard) > patience;
    let failed: Vec<NodeId> = node.active.iter().filter(silent).map(|peer| peer.id).collect();
    for id in failed {
        cx.note(|| Note::new(show::GIVES_UP, &[id.into(), patience.into()]));
        unlink(node, id);
    }
    if let Some((asked, since)) = node.asked
        && now.since(since) > patience
    {
        node.asked = None;
        node.passive.retain(|known| *known != asked);
    }
    seek(node, cx);
    node.active.iter().for_each(|peer| cx.send(peer.id, Message::Alive));
    let alone = node.active.is_empty() && node.passive.is_empty();
    if alone && node.asked.is_none() && !node.joining {
        join::join(node, cx);
    }
    set_tick(cx);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, linked};
    use super::*;
    use faultline_kernel::Time;

    #[test]
    fn a_full_view_drops_one_and_tells_it() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2, 3, 4]);
        link(&mut node, NodeId(5), &mut cx);
        assert_eq!(cx.sent, [(NodeId(1), Message::Disconnect)]);
        assert_eq!(node.passive, [NodeId(1)]);
        assert!(node.has_neighbour(NodeId(5)) && !node.has_neighbour(NodeId(1)));
    }

    #[test]
    fn only_an_urgent_request_is_granted_when_there_is_no_room() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2, 3, 4]);
        on_neighbour(&mut node, NodeId(5), false, &mut cx);
        assert_eq!(cx.sent.pop(), Some((NodeId(5), Message::Refuse)));
        on_neighbour(&mut node, NodeId(5), true, &mut cx);
        assert_eq!(cx.sent.pop(), Some((NodeId(5), Message::Accept)));
    }

    #[test]
    fn whoever_asks_though_it_is_a_neighbour_here_gets_a_new_link() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1]);
        node.active[0].eager = false;
        cx.now = Time(400_000);
        on_neighbour(&mut node, NodeId(1), true, &mut cx);
        assert_eq!(node.active, [Peer { id: NodeId(1), heard: cx.now, eager: true }]);
        assert_eq!(cx.sent.pop(), Some((NodeId(1), Message::Accept)));
    }

    #[test]
    fn a_silent_neighbour_is_replaced_from_the_passive_view() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1, 2]);
        node.passive = [NodeId(7)].into();
        cx.now = Time(500_001);
        node.peer(NodeId(2)).expect("it is one").heard = cx.now;
        on_tick(&mut node, &mut cx);
        let asked = (NodeId(7), Message::Neighbour { urgent: false });
        assert_eq!(cx.sent, [asked, (NodeId(2), Message::Alive)]);
        on_accept(&mut node, NodeId(7), &mut cx);
        assert!(node.passive.is_empty() && node.has_neighbour(NodeId(7)));
    }

    #[test]
    fn whoever_is_no_neighbour_here_is_told() {
        let mut cx = Stub::new(0);
        on_alive(&mut linked(&[1]), NodeId(2), &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Disconnect)]);
    }

    #[test]
    fn a_sign_of_life_that_overtakes_the_acceptance_breaks_no_link() {
        let mut cx = Stub::new(0);
        let mut node = linked(&[1]);
        node.asked = Some((NodeId(2), cx.now));
        on_alive(&mut node, NodeId(2), &mut cx);
        assert_eq!(cx.sent, []);
        on_accept(&mut node, NodeId(2), &mut cx);
        assert!(node.has_neighbour(NodeId(2)));
    }
}
