//! Joining, leaving, and coming back.
//!
//! SWIM §3.2 leaves open how a joining process finds the group. Here it asks any member whose
//! address it was given, and gets that one's list.

use super::node::{Disk, Node, SYNC_MAX, Timer, Write};
use super::opinion::{Opinion, Rumour, State};
use super::probe::{begin_period, shuffle, some_of};
use super::{Message, Says, Swim, show, spread, suspect};
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange};

/// How many members are told outright that one leaves.
const FAREWELLS: u32 = 3;

/// A process starts: as a founder who knows the others, as one that has been in the group and
/// comes back in a new life, or as one who has not joined yet.
pub(super) fn boot(disk: &Disk, cx: &mut impl Cx<Swim>) -> Node {
    let (members, founders) = (cx.config().members, cx.config().founders);
    let me = cx.me();
    if disk.life > 0 {
        let mut node = Node::new(members, me, Opinion::UNKNOWN);
        enter(&mut node, u32::from(disk.life) + 1, cx);
        return node;
    }
    if me.0 >= founders {
        return Node::new(members, me, Opinion::UNKNOWN);
    }
    let first = Opinion::alive(1, 0);
    let mut node = Node::new(members, me, first);
    cx.save(Write { life: 1 });
    let others: Vec<NodeId> = (0..founders).map(NodeId).filter(|other| *other != me).collect();
    others.iter().for_each(|other| node.set(me, *other, first));
    node.order = Rc::new(others);
    shuffle(&mut node, cx);
    begin_somewhere(&mut node, cx);
    node
}

/// Its periods begin at a time of their own, not all at once (SWIM §3.1: they are not in step).
fn begin_somewhere(node: &mut Node, cx: &mut impl Cx<Swim>) {
    node.began = cx.now();
    let first = cx.span(SpanRange::new(Span(1), cx.config().period));
    cx.set_timer(Timer::Period, first);
}

/// Begins a life in the group, and asks somebody who is there.
pub(super) fn enter(node: &mut Node, life: u32, cx: &mut impl Cx<Swim>) {
    *node = Node::new(cx.config().members, cx.me(), Opinion::UNKNOWN);
    node.number = life << 16;
    renew(node, life, cx);
    cx.note(|| Note::new(show::JOINS, &[life.into()]));
    knock_anywhere(node, cx);
    begin_period(node, cx);
}

/// Begins a new life; everything known of others stays.
pub(super) fn renew(node: &mut Node, life: u32, cx: &mut impl Cx<Swim>) {
    cx.save(Write { life });
    suspect::stand(node, Opinion::alive(life, 0), cx);
}

/// Goes of its own accord: tells some, who will tell others, and forgets the group.
pub(super) fn leave(node: &mut Node, cx: &mut impl Cx<Swim>) {
    let me = cx.me();
    let told = some_of(node, FAREWELLS, me, cx);
    cx.note(|| Note::new(show::LEAVES, &[]));
    for suspicion in &node.suspicions {
        cx.cancel_timer(Timer::Suspicion(suspicion.about));
    }
    for relay in &node.relays {
        cx.cancel_timer(Timer::Nack(relay.origin));
    }
    cx.cancel_timer(Timer::Period);
    cx.cancel_timer(Timer::Ping);
    let own = node.opinion(me).left();
    *node = Node::new(cx.config().members, me, own);
    told.into_iter().for_each(|to| spread::notify(node, to, cx));
}

/// Something reaches a process that is not in the group. If it was, it says that it has left.
pub(super) fn on_message_outside(
    node: &Node,
    from: NodeId,
    message: &Message,
    cx: &mut impl Cx<Swim>,
) {
    if node.opinion(cx.me()).life > 0 && message.says != Says::Notice {
        spread::notify(node, from, cx);
    }
}

/// It knows nobody who is there: it asks one of those whose address it was given.
pub(super) fn knock_anywhere(node: &Node, cx: &mut impl Cx<Swim>) {
    let (me, founders) = (cx.me(), cx.config().founders);
    let others = founders - u32::from(me.0 < founders);
    if others == 0 {
        return;
    }
    let place = cx.choose(others);
    knock(node, NodeId(place + u32::from(place >= me.0)), cx);
}

/// Every now and then it asks a member that counts as dead: it may be back, or it may only have
/// been out of reach. (Not in the paper; Serf does so, else two halves would stay apart for ever.)
pub(super) fn knock_sometimes(node: &Node, cx: &mut impl Cx<Swim>) {
    let every = cx.config().knock_periods;
    if every == 0 || !node.number.is_multiple_of(every) {
        return;
    }
    let dead: Vec<NodeId> = node.those(State::Dead).collect();
    if !dead.is_empty() {
        let place = cx.choose(u32::try_from(dead.len()).unwrap_or(u32::MAX));
        knock(node, dead[place as usize], cx);
    }
}

fn knock(node: &Node, to: NodeId, cx: &mut impl Cx<Swim>) {
    cx.note(|| Note::new(show::KNOCKS, &[to.into()]));
    let own = node.opinion(cx.me());
    cx.send(to, Message { says: Says::Join, own, rumours: Vec::new() });
}

/// Somebody wants to know who is there: the list of members, in packets. Who counts as dead is not
/// on it: after a partition that would spread among those who know better.
pub(super) fn on_join(node: &Node, from: NodeId, cx: &mut impl Cx<Swim>) {
    let me = cx.me();
    let rumour = |(about, opinion): (NodeId, &Opinion)| {
        let suspicion = node.suspicions.iter().find(|suspicion| suspicion.about == about);
        let accuser = suspicion.and_then(|suspicion| suspicion.accusers.first().copied());
        Rumour { about, opinion: *opinion, by: accuser.unwrap_or(me) }
    };
    let listed = |rumour: &Rumour| rumour.opinion.is_in() && rumour.about != me;
    let all: Vec<Rumour> =
        (0..).map(NodeId).zip(node.table().iter()).map(rumour).filter(listed).collect();
    for packet in all.chunks(SYNC_MAX) {
        let own = node.opinion(me);
        cx.send(from, Message { says: Says::Sync, own, rumours: packet.to_vec() });
    }
}

/// The list came; what was new in it is taken in by now.
pub(super) fn on_sync(node: &Node, from: NodeId, count: usize, cx: &mut impl Cx<Swim>) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    cx.note(|| Note::new(show::HAS_LIST, &[from.into(), count.into(), node.group().into()]));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, founder, message, suspicion};
    use super::*;
    use faultline_kernel::{Protocol, RequestId};

    const ME: NodeId = NodeId(4);

    fn late() -> Stub {
        Stub::new(ME.0, &[("founders", 4)])
    }

    fn ask(node: &mut Node, request: super::super::Request, cx: &mut Stub) {
        Swim::on_request(node, RequestId(0), request, cx);
    }

    #[test]
    fn founders_know_one_another_and_nobody_else() {
        let mut cx = Stub::new(1, &[("founders", 4)]);
        let node = boot(&Disk::default(), &mut cx);
        assert_eq!((node.group(), cx.said()), (4, [].into()));
        assert_eq!(node.opinion(ME), Opinion::UNKNOWN);
        assert_eq!(cx.saved, [Write { life: 1 }]);
    }

    #[test]
    fn who_is_late_waits_until_it_is_asked_to_join_and_is_told_who_is_there() {
        let mut cx = late();
        let mut node = boot(&Disk::default(), &mut cx);
        assert!(!node.is_member(ME) && cx.timers.is_empty());
        Swim::on_message(&mut node, NodeId(1), message(Says::Join, &[]), &mut cx);
        assert_eq!(cx.said(), [], "nobody is there");
        ask(&mut node, super::super::Request::Join, &mut cx);
        assert!(node.is_member(ME) && node.is_alone());
        let [(contact, Says::Join)] = cx.said()[..] else { panic!("it knocks") };
        let list = [suspicion(1, 0, 2), suspicion(3, 2, 1)];
        Swim::on_message(&mut node, NodeId(contact), message(Says::Sync, &list), &mut cx);
        assert_eq!(node.group(), 4);
        assert_eq!(node.order.len(), 3);
    }

    #[test]
    fn a_list_has_who_is_in_with_whoever_accused_them_in_packets() {
        let mut cx = Stub::new(0, &[("members", 100)]);
        let mut node = founder(&mut cx);
        spread::hear(&mut node, NodeId(5), suspicion(9, 0, 7), &mut cx);
        node.set(NodeId(0), NodeId(3), Opinion::alive(1, 0).dead());
        on_join(&node, NodeId(8), &mut cx);
        let sizes: Vec<usize> = cx.sent.iter().map(|(_, sent)| sent.rumours.len()).collect();
        assert_eq!(sizes, [32, 32, 32, 2]);
        let mut listed = cx.sent.iter().flat_map(|(_, sent)| &sent.rumours);
        assert!(!listed.clone().any(|rumour| rumour.about == NodeId(3)));
        assert_eq!(listed.find(|rumour| rumour.about == NodeId(9)), Some(&suspicion(9, 0, 7)));
    }

    #[test]
    fn who_restarts_is_a_new_process_and_knocks() {
        let mut cx = Stub::new(1, &[]);
        let node = boot(&Disk { life: 3 }, &mut cx);
        assert_eq!(node.opinion(NodeId(1)), Opinion::alive(4, 0));
        assert_eq!(cx.saved, [Write { life: 4 }]);
        assert!(matches!(cx.said()[..], [(_, Says::Join)]));
    }

    #[test]
    fn nobody_knocks_at_itself() {
        for me in 0..5 {
            let mut cx = Stub::new(me, &[("founders", 3)]);
            let node = Node::new(5, NodeId(me), Opinion::alive(2, 0));
            for choice in 0..3 {
                cx.choices = [choice].into();
                knock_anywhere(&node, &mut cx);
            }
            assert!(cx.said().into_iter().all(|(to, _)| to != me && to < 3), "{me}");
        }
    }

    #[test]
    fn who_leaves_tells_some_and_whoever_asks_later() {
        let mut cx = Stub::new(1, &[]);
        let mut node = founder(&mut cx);
        ask(&mut node, super::super::Request::Leave, &mut cx);
        assert!(cx.sent.iter().all(|(_, sent)| sent.own == Opinion::alive(1, 0).left()));
        assert_eq!(cx.said().len(), 3);
        assert_eq!(cx.timer(Timer::Period), None);
        let ping = Says::Ping { number: 1, origin: None };
        Swim::on_message(&mut node, NodeId(2), message(ping, &[]), &mut cx);
        assert_eq!(cx.said(), [(2, Says::Notice)]);
        ask(&mut node, super::super::Request::Change, &mut cx);
        assert_eq!(node.opinion(NodeId(1)), Opinion::alive(2, 0));
    }

    #[test]
    fn the_dead_are_asked_every_so_many_periods() {
        let mut cx = Stub::new(0, &[("knock_periods", 5)]);
        let mut node = founder(&mut cx);
        node.set(NodeId(0), NodeId(3), Opinion::alive(1, 0).dead());
        for number in 1..=10 {
            node.number = number;
            knock_sometimes(&node, &mut cx);
        }
        assert_eq!(cx.said(), [(3, Says::Join), (3, Says::Join)]);
    }
}
