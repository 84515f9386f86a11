//! Resolving differences (§1.3): who compares with whom, and who takes what.

use super::item::{Item, Key, Stamp};
use super::node::{Node, Timer};
use super::{AntiEntropy, Message, certificates, show, store, tree};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, SpanRange};

/// Begins the next exchange a round from now.
pub(super) fn set_round(cx: &mut impl Cx<AntiEntropy>) {
    let (round, jitter) = (cx.config().round, cx.config().jitter);
    let after = cx.span(SpanRange::new(round, round + jitter));
    cx.set_timer(Timer::Round, after);
}

/// "Every site regularly chooses another site at random and by exchanging database contents with
/// it resolves any differences between the two" (§0; §1.3).
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<AntiEntropy>) {
    let partner = cx.choose(cx.config().nodes - 1);
    let partner = NodeId(partner + u32::from(partner >= cx.me().0));
    cx.note(|| Note::new(show::COMPARES, &[partner.into()]));
    let message = if cx.config().digests {
        let everything = tree::range(cx.config().keys, 0, 0);
        let digest = tree::digest(&node.items, everything);
        Message::Digests { back: false, level: 0, digests: [(0, digest)].into() }
    } else {
        let stamps = node.items.iter().map(|(key, item)| (*key, item.stamp)).collect();
        Message::Stamps { back: false, whole: true, stamps }
    };
    send(node, partner, message, cx);
    set_round(cx);
}

/// Every message is counted in bytes.
fn send(node: &mut Node, to: NodeId, message: Message, cx: &mut impl Cx<AntiEntropy>) {
    node.sent += message.bytes();
    cx.send(to, message);
}

/// Compares parts of the tree; of those that differ it sends what is below.
pub(super) fn on_digests(
    node: &mut Node,
    from: NodeId,
    back: bool,
    level: u32,
    digests: &[(u32, u64)],
    cx: &mut impl Cx<AntiEntropy>,
) {
    let keys = cx.config().keys;
    let own = |level, place| tree::digest(&node.items, tree::range(keys, level, place));
    let differ = digests.iter().filter(|(place, digest)| own(level, *place) != *digest);
    let below = differ.flat_map(|(place, _)| tree::below(keys, level, *place));
    let message = if level + 1 < tree::lowest(keys) {
        let digests: Vec<_> = below.map(|place| (place, own(level + 1, place))).collect();
        (!digests.is_empty()).then_some(Message::Digests { back: !back, level: level + 1, digests })
    } else {
        let keys = below.map(|place| tree::range(keys, level + 1, place).start);
        let stamps: Vec<_> = keys.map(|key| (key, store::stamp(node, key))).collect();
        let whole = false;
        (!stamps.is_empty()).then_some(Message::Stamps { back: !back, whole, stamps })
    };
    match message {
        Some(message) => send(node, from, message, cx),
        None => cx.note(|| Note::new(show::AGREES, &[from.into()])),
    }
}

/// Compares keys, and sends or asks for what is newer: "ResolveDifference" in its three forms,
/// push, pull, push-pull (§1.3).
pub(super) fn on_stamps(
    node: &mut Node,
    from: NodeId,
    back: bool,
    whole: bool,
    stamps: &[(Key, Stamp)],
    cx: &mut impl Cx<AntiEntropy>,
) {
    for (key, stamp) in stamps {
        certificates::disturb(node, *key, *stamp, cx);
    }
    let theirs = |key: &Key| {
        let place = stamps.binary_search_by_key(key, |(key, _)| *key);
        place.map_or(whole.then_some(Stamp::NONE), |place| Some(stamps[place].1))
    };
    let newer_here = |(key, item): &(&Key, &Item)| {
        theirs(key).is_some_and(|theirs| store::replaces(item.stamp, theirs, cx))
    };
    let newer_there =
        |(key, stamp): &&(Key, Stamp)| store::replaces(*stamp, store::stamp(node, *key), cx);
    let mut items: Vec<(Key, Item)> =
        node.items.iter().filter(newer_here).map(|(key, item)| (*key, *item)).collect();
    let mut wanted: Vec<Key> = stamps.iter().filter(newer_there).map(|(key, _)| *key).collect();
    if !cx.config().takes(!back) {
        items.clear();
    }
    if !cx.config().takes(back) {
        wanted.clear();
    }
    if items.is_empty() && wanted.is_empty() {
        cx.note(|| Note::new(show::AGREES, &[from.into()]));
        return;
    }
    cx.note(|| note_difference(from, items.len(), wanted.len()));
    send(node, from, Message::Items { back: !back, items, wanted }, cx);
}

fn note_difference(partner: NodeId, sent: usize, wanted: usize) -> Note {
    Note::new(show::DIFFERS, &[partner.into(), (sent as u64).into(), (wanted as u64).into()])
}

/// Takes what is newer, and sends what the other one wants.
pub(super) fn on_items(
    node: &mut Node,
    from: NodeId,
    back: bool,
    items: &[(Key, Item)],
    wanted: &[Key],
    cx: &mut impl Cx<AntiEntropy>,
) {
    let reply = wanted.iter().filter_map(|key| Some((*key, *node.items.get(key)?)));
    let reply: Vec<_> = reply.collect();
    for (key, item) in items {
        store::take(node, from, *key, *item, cx);
    }
    if !reply.is_empty() {
        let message = Message::Items { back: !back, items: reply, wanted: Vec::new() };
        send(node, from, message, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, certificate, item, site};
    use super::*;
    use alloc::collections::VecDeque;

    /// Lets node 0 begin an exchange with node 1 and plays it to its end; how many bytes it took.
    fn exchange(one: &mut Node, other: &mut Node, change: impl Fn(&mut Stub)) -> u64 {
        let mut desks = [Stub::new(0), Stub::new(1)];
        desks.iter_mut().for_each(change);
        begin(one, &mut desks[0]);
        let nodes = [one, other];
        let mut turn = 0;
        let mut bytes = 0;
        loop {
            let mail: VecDeque<(NodeId, Message)> = core::mem::take(&mut desks[turn].sent).into();
            let Some((to, message)) = mail.front().cloned() else { return bytes };
            assert_eq!((to.index(), mail.len()), (1 - turn, 1), "one message at a time");
            bytes += message.bytes();
            let from = NodeId(u32::from(turn == 1));
            turn = 1 - turn;
            let (node, cx) = (&mut *nodes[turn], &mut desks[turn]);
            match message {
                Message::Digests { back, level, digests } => {
                    on_digests(node, from, back, level, &digests, cx);
                }
                Message::Stamps { back, whole, stamps } => {
                    on_stamps(node, from, back, whole, &stamps, cx);
                }
                Message::Items { back, items, wanted } => {
                    on_items(node, from, back, &items, &wanted, cx);
                }
            }
        }
    }

    fn pair() -> (Node, Node) {
        let one = site(&[
            (Key(0), item(9, 0, "red")),
            (Key(1), item(1, 0, "red")),
            (Key(2), item(1, 0, "red")),
            (Key(7), item(5, 0, "new")),
        ]);
        let other = site(&[
            (Key(0), item(9, 1, "blue")),
            (Key(1), item(1, 0, "red")),
            (Key(2), certificate(8, 1)),
            (Key(9), item(3, 1, "new")),
        ]);
        (one, other)
    }

    #[test]
    fn pushed_and_pulled_both_have_the_newest_of_everything() {
        for digests in [false, true] {
            let (mut one, mut other) = pair();
            exchange(&mut one, &mut other, |cx| cx.config.digests = digests);
            assert_eq!(one.items, other.items);
            assert_eq!(one.items[&Key(0)], item(9, 1, "blue"), "of equal times the higher site");
            assert_eq!(one.items[&Key(2)], certificate(8, 1), "a certificate like any version");
            assert_eq!(one.items.len(), 5);
        }
    }

    #[test]
    fn push_changes_the_partner_and_pull_the_site_that_begins() {
        for digests in [false, true] {
            for (push, pull) in [(true, false), (false, true)] {
                let (mut one, mut other) = pair();
                let before = (one.items.clone(), other.items.clone());
                exchange(&mut one, &mut other, |cx| {
                    (cx.config.push, cx.config.pull, cx.config.digests) = (push, pull, digests);
                });
                assert_eq!(one.items == before.0, push, "digests: {digests}");
                assert_eq!(other.items == before.1, pull, "digests: {digests}");
                let took = if push { &other.items } else { &one.items };
                assert_eq!(took.len(), 5, "what is newer of either");
            }
        }
    }

    #[test]
    fn digests_cost_little_when_little_differs() {
        let all: Vec<(Key, Item)> = (0..256).map(|key| (Key(key), item(1, 0, "red"))).collect();
        let cost = |differ: usize, digests| {
            let (mut one, mut other) = (site(&all), site(&all));
            for place in 0..differ {
                one.items.insert(all[place * 256 / differ].0, item(2, 0, "blue"));
            }
            let bytes = exchange(&mut one, &mut other, |cx| {
                (cx.config.keys, cx.config.digests) = (256, digests);
            });
            assert_eq!(one.items, other.items);
            bytes
        };
        assert_eq!(cost(0, true), 14, "one digest");
        assert!(cost(1, true) * 10 < cost(1, false), "{} {}", cost(1, true), cost(1, false));
        let costs = [0, 1, 4, 16, 64].map(|differ| cost(differ, true));
        assert!(costs.is_sorted(), "{costs:?}");
        assert!(cost(256, true) > cost(256, false), "when all differs the tree is in the way");
    }

    #[test]
    fn broken_on_purpose_the_older_may_win() {
        let (mut one, mut other) = pair();
        exchange(&mut one, &mut other, |cx| cx.config.sabotage.ignore_stamps = true);
        assert_eq!(other.items[&Key(0)], item(9, 0, "red"));
    }
}
