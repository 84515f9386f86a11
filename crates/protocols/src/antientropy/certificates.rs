//! The life of a death certificate (§2.1): it spreads for τ1, sleeps for τ2, and may be awakened.

use super::item::{Item, Key, Stamp};
use super::node::{Node, Write};
use super::{AntiEntropy, show};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span, Time};

/// Takes certificates out of circulation whose time is over by this site's clock: most sites
/// discard one that is older than τ1, a few retention sites keep it until τ1 + τ2 (§2.1).
pub(super) fn retire(node: &mut Node, cx: &mut impl Cx<AntiEntropy>) {
    let (now, active, dormant) = (cx.now(), cx.config().certificate, cx.config().dormant);
    let over = |(key, item): (&Key, &Item), life: Span| {
        (item.is_certificate() && item.age(now) > life).then_some(*key)
    };
    let tired: Vec<Key> = node.items.iter().filter_map(|entry| over(entry, active)).collect();
    for key in tired {
        let Some(item) = node.items.remove(&key) else { continue };
        if dormant > Span::ZERO && retains(item.stamp.by, cx) {
            cx.note(|| Note::new(show::SLEEPS, &[key.into()]));
            node.asleep.insert(key, item);
        } else {
            discard(key, cx);
        }
    }
    let slept = active + dormant;
    let forgotten: Vec<Key> = node.asleep.iter().filter_map(|entry| over(entry, slept)).collect();
    for key in forgotten {
        node.asleep.remove(&key);
        discard(key, cx);
    }
}

fn discard(key: Key, cx: &mut impl Cx<AntiEntropy>) {
    cx.note(|| Note::new(show::DISCARDS, &[key.into()]));
    cx.save(Write { key, item: None });
}

/// Whether this is a retention site of what that one deleted: the deleter and those next to it.
/// The paper draws them at random and lists them in the certificate.
fn retains(by: NodeId, cx: &impl Cx<AntiEntropy>) -> bool {
    let nodes = cx.config().nodes;
    (cx.me().0 + nodes - by.0 % nodes) % nodes < cx.config().retention
}

/// Whether it is a certificate whose time to spread is over.
pub(super) fn is_over(item: &Item, cx: &impl Cx<AntiEntropy>) -> bool {
    item.is_certificate() && item.age(cx.now()) > cx.config().certificate
}

/// An obsolete item awakens the certificate that sleeps here (§2.1). Its own timestamp stays, so
/// that it cancels nothing newer; a second one, of its activation, lets it spread anew (§2.2).
pub(super) fn disturb(node: &mut Node, key: Key, obsolete: Stamp, cx: &mut impl Cx<AntiEntropy>) {
    let cancels = |item: &&Item| obsolete != Stamp::NONE && obsolete.is_before(item.stamp);
    let Some(item) = node.asleep.get(&key).filter(cancels).copied() else { return };
    cx.note(|| Note::new(show::AWAKENS, &[key.into()]));
    let stamp = Stamp { awake: cx.now().max(Time(1)), ..item.stamp };
    super::store::keep(node, key, Item { stamp, ..item }, cx);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, certificate, item, site};
    use super::*;

    const KEY: Key = Key(2);

    fn at(me: u32, now: Time) -> Stub {
        let mut cx = Stub::new(me);
        cx.config.certificate = Span(100);
        cx.now = now;
        cx
    }

    #[test]
    fn a_certificate_is_discarded_when_its_time_is_over_and_an_item_never() {
        let mut node = site(&[(KEY, certificate(50, 0)), (Key(3), item(50, 0, "red"))]);
        retire(&mut node, &mut at(0, Time(150)));
        assert_eq!(node.items.len(), 2);
        let mut cx = at(0, Time(151));
        retire(&mut node, &mut cx);
        assert_eq!(node.items.keys().copied().collect::<Vec<_>>(), [Key(3)]);
        assert_eq!(cx.saved, [Write { key: KEY, item: None }]);
    }

    #[test]
    fn retention_sites_keep_it_asleep_and_discard_it_in_the_end() {
        for (me, keeps) in [(6, false), (7, true), (0, true), (1, false)] {
            let mut node = site(&[(KEY, certificate(50, 7))]);
            let mut cx = at(me, Time(151));
            cx.config.dormant = Span(1_000);
            retire(&mut node, &mut cx);
            assert_eq!((node.items.len(), node.asleep.contains_key(&KEY)), (0, keeps), "{me}");
            cx.now = Time(1_151);
            retire(&mut node, &mut cx);
            assert!(node.asleep.is_empty());
            assert_eq!(cx.saved, [Write { key: KEY, item: None }], "once, now or before");
        }
    }

    #[test]
    fn an_obsolete_item_awakens_it_and_a_newer_one_does_not() {
        let mut node = site(&[]);
        node.asleep.insert(KEY, certificate(50, 0));
        let mut cx = at(0, Time(500));
        disturb(&mut node, KEY, Stamp::NONE, &mut cx);
        disturb(&mut node, KEY, item(51, 0, "red").stamp, &mut cx);
        assert!(node.items.is_empty());
        disturb(&mut node, KEY, item(49, 3, "red").stamp, &mut cx);
        assert_eq!(node.items[&KEY].stamp.awake, Time(500));
        assert_eq!(node.items[&KEY].age(Time(520)), Span(20), "it lives again");
        assert!(node.asleep.is_empty());
    }
}
