//! What clients write, and what is taken over from others (§1.1, §2).

use super::item::{Item, Key, Stamp};
use super::node::{Answer, Disk, Node, Write};
use super::{AntiEntropy, certificates, show};
use crate::ballot::Decree;
use faultline_kernel::{Cx, NodeId, Note, RequestId, Time};

/// Starts a site with what its disk has; the first time, with what the knobs preset.
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<AntiEntropy>) -> Node {
    let mut node = Node { items: disk.items.clone(), ..Node::default() };
    let (preset, ahead) = (cx.config().preset, cx.config().ahead);
    let preset = if disk.revision == 0 { preset } else { 0 };
    for key in (0..preset).map(Key).filter(|key| !disk.items.contains_key(key)) {
        // Evenly spread: so many of these products pass a multiple of `preset`.
        let number = |key: u16| u32::from(key) * u32::from(ahead) / u32::from(preset);
        let newer = cx.me() == NodeId(0) && number(key.0 + 1) > number(key.0);
        let time = Time(1 + u64::from(newer));
        let stamp = Stamp { time, by: NodeId(0), awake: Time::ZERO };
        let value = Decree::new(if newer { "new" } else { "old" });
        keep(&mut node, key, Item { stamp, value }, cx);
    }
    node
}

/// A client writes a value: the newest version there is, as far as this site can know.
pub(super) fn put(
    node: &mut Node,
    id: RequestId,
    key: Key,
    value: Decree,
    cx: &mut impl Cx<AntiEntropy>,
) {
    if key.0 >= cx.config().keys {
        cx.answer(id, Answer::NoKey);
        return;
    }
    cx.note(|| Note::new(show::WRITES, &[key.into(), value.into()]));
    let stamp = next_stamp(node, key, cx);
    keep(node, key, Item { stamp, value: Some(value) }, cx);
    cx.answer(id, Answer::Written);
}

/// A client deletes an item: a death certificate takes its place. Such certificates "carry
/// timestamps and spread like ordinary data" (§2).
pub(super) fn delete(node: &mut Node, id: RequestId, key: Key, cx: &mut impl Cx<AntiEntropy>) {
    if key.0 >= cx.config().keys {
        cx.answer(id, Answer::NoKey);
        return;
    }
    if cx.config().sabotage.no_certificates {
        cx.note(|| Note::new(show::DELETES_BARELY, &[key.into()]));
        drop_item(node, key, cx);
    } else {
        cx.note(|| Note::new(show::DELETES, &[key.into()]));
        let stamp = next_stamp(node, key, cx);
        keep(node, key, Item { stamp, value: None }, cx);
    }
    cx.answer(id, Answer::Deleted);
}

/// Its clock and its number; later than the version it replaces, whose clock may have been fast.
fn next_stamp(node: &Node, key: Key, cx: &impl Cx<AntiEntropy>) -> Stamp {
    let known = node.asleep.get(&key).map_or(Stamp::NONE, |item| item.stamp);
    let known = stamp(node, key).max(known).time;
    Stamp { time: cx.now().max(Time(known.0 + 1)), by: cx.me(), awake: Time::ZERO }
}

/// The stamp of what it has for a key.
pub(super) fn stamp(node: &Node, key: Key) -> Stamp {
    node.items.get(&key).map_or(Stamp::NONE, |item| item.stamp)
}

/// Whether one version takes the place of another: the newer one, unless the rule is broken.
pub(super) fn replaces(new: Stamp, old: Stamp, cx: &impl Cx<AntiEntropy>) -> bool {
    new > old || (cx.config().sabotage.ignore_stamps && new != old && new != Stamp::NONE)
}

/// A version came from another site (§1.1): the larger timestamp wins.
pub(super) fn take(
    node: &mut Node,
    from: NodeId,
    key: Key,
    item: Item,
    cx: &mut impl Cx<AntiEntropy>,
) {
    certificates::disturb(node, key, item.stamp, cx);
    let mine = stamp(node, key);
    if !replaces(item.stamp, mine, cx) {
        return;
    }
    if mine == Stamp::NONE && certificates::is_over(&item, cx) {
        return;
    }
    cx.note(|| match item.value {
        _ if item.stamp < mine => Note::new(show::FALLS_BACK, &[key.into(), from.into()]),
        Some(value) => Note::new(show::TAKES, &[key.into(), value.into(), from.into()]),
        None => Note::new(show::TAKES_CERTIFICATE, &[key.into(), from.into()]),
    });
    keep(node, key, item, cx);
}

pub(super) fn keep(node: &mut Node, key: Key, item: Item, cx: &mut impl Cx<AntiEntropy>) {
    node.items.insert(key, item);
    node.asleep.remove(&key);
    cx.save(Write { key, item: Some(item) });
}

pub(super) fn drop_item(node: &mut Node, key: Key, cx: &mut impl Cx<AntiEntropy>) {
    if node.items.remove(&key).is_some() {
        cx.save(Write { key, item: None });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, certificate, item, site};
    use super::*;

    const KEY: Key = Key(1);

    fn decree(value: &str) -> Decree {
        Decree::new(value).expect("values of tests are short")
    }

    #[test]
    fn what_a_client_writes_is_newer_than_what_is_there_whatever_the_clock_says() {
        let mut cx = Stub::new(3);
        let mut node = site(&[(KEY, item(90, 5, "red"))]);
        cx.now = Time(50);
        put(&mut node, RequestId(0), KEY, decree("blue"), &mut cx);
        assert_eq!(node.items[&KEY], item(91, 3, "blue"));
        cx.now = Time(200);
        delete(&mut node, RequestId(1), KEY, &mut cx);
        assert_eq!(node.items[&KEY], certificate(200, 3));
        assert_eq!(cx.saved.len(), 2);
        node.asleep.insert(Key(2), certificate(300, 0));
        put(&mut node, RequestId(2), Key(2), decree("red"), &mut cx);
        assert_eq!((node.items[&Key(2)], node.asleep.len()), (item(301, 3, "red"), 0));
        put(&mut node, RequestId(3), Key(16), decree("red"), &mut cx);
        assert_eq!(cx.answered.last(), Some(&(RequestId(3), Answer::NoKey)));
    }

    #[test]
    fn only_what_is_newer_is_taken_and_no_certificate_whose_time_is_over() {
        let mut cx = Stub::new(3);
        let mut node = site(&[(KEY, item(90, 5, "red"))]);
        for old in [item(90, 4, "blue"), item(90, 5, "red"), certificate(80, 6)] {
            take(&mut node, NodeId(1), KEY, old, &mut cx);
            assert_eq!((node.items[&KEY], cx.saved.len()), (item(90, 5, "red"), 0));
        }
        cx.now = Time(100_000_000);
        take(&mut node, NodeId(1), Key(2), certificate(95, 1), &mut cx);
        assert!(!node.items.contains_key(&Key(2)), "everybody must know by now");
        take(&mut node, NodeId(1), KEY, certificate(95, 1), &mut cx);
        assert_eq!(node.items[&KEY], certificate(95, 1), "but here it has something to do");
    }

    #[test]
    fn a_preset_is_written_once_and_the_first_site_is_ahead_in_some_of_it() {
        let newer = |me: u32, disk: &Disk| {
            let mut cx = Stub::new(me);
            (cx.config.preset, cx.config.ahead) = (10, 3);
            let node = start(disk, &mut cx);
            let newer = node.items.values().filter(|item| item.stamp.time == Time(2)).count();
            (node.items.len(), newer, cx.saved.len())
        };
        assert_eq!([0, 1].map(|me| newer(me, &Disk::default())), [(10, 3, 10), (10, 0, 10)]);
        let written = Disk { revision: 1, ..Disk::default() };
        assert_eq!(newer(0, &written), (0, 0, 0));
    }
}
