//! What must hold at every moment. What holds only at rest (links are symmetric, the eager ones
//! are a spanning tree) is seen when the faults are over: by the expectations of scenarios, and
//! under random faults.

use super::Broadcast;
use super::node::{Id, Node};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Verdicts};

pub(super) const VIEWS_DISJOINT: u8 = 0;
pub(super) const DELIVERED_ONCE: u8 = 1;
pub(super) const DELIVERED_WAS_SENT: u8 = 2;

/// What the judges remember: how much had been delivered at each node.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    delivered: Vec<usize>,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Broadcast>,
    verdicts: &mut Verdicts,
) {
    witness.delivered.resize(cluster.seats.len(), 0);
    let Some(node) = cluster.node(changed) else { return };
    let overlap = node.active.iter().map(|peer| peer.id);
    let overlap = overlap.chain(node.passive.iter().copied());
    let mut overlap = overlap.filter(|id| *id == changed || stands_twice(node, *id));
    if let Some(other) = overlap.next() {
        verdicts.broken(VIEWS_DISJOINT, 0, changed, Some(other));
    }
    let before = core::mem::replace(&mut witness.delivered[changed.index()], node.delivered.len());
    if before != node.delivered.len() {
        check_delivered(node, changed, cluster, verdicts);
    }
}

/// Whether somebody is in the views more than once.
fn stands_twice(node: &Node, id: NodeId) -> bool {
    let active = node.active.iter().filter(|peer| peer.id == id).count();
    active + node.passive.iter().filter(|known| **known == id).count() > 1
}

fn check_delivered(
    node: &Node,
    changed: NodeId,
    cluster: &Cluster<'_, Broadcast>,
    verdicts: &mut Verdicts,
) {
    let all: BTreeSet<&Id> = node.delivered.iter().collect();
    let Some(last) = node.delivered.last() else { return };
    if all.len() < node.delivered.len() {
        verdicts.broken(DELIVERED_ONCE, u64::from(last.number), changed, None);
    }
    // The number of a broadcast is on disk before anybody else hears of it.
    if last.origin != changed && cluster.disk(last.origin).number < last.number {
        verdicts.broken(DELIVERED_WAS_SENT, u64::from(last.number), changed, Some(last.origin));
    }
}

impl Witness {
    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.delivered.capacity() * size_of::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, linked};
    use super::super::{Config, Disk};
    use super::*;
    use faultline_kernel::{Protocol, Seat, Time};

    /// What the judges say of node 0 among others that have broadcast three times each.
    fn judge(node: Node) -> Vec<u8> {
        let config: Config = Stub::new(0).config;
        let seat = |_| Seat { node: Some(Node::default()), disk: Disk { number: 3 } };
        let mut seats: Vec<Seat<Broadcast>> = (0..config.nodes).map(seat).collect();
        seats[0].node = Some(node);
        let members = Broadcast::members(&config);
        let cluster = Cluster {
            config: &config,
            members: &members,
            seats: &seats,
            now: Time::ZERO,
            calm: None,
        };
        let mut verdicts = Verdicts::default();
        check(&mut Witness::default(), NodeId(0), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }

    fn delivered(ids: &[(u32, u32)]) -> Node {
        let id = |(origin, number): &(u32, u32)| Id { origin: NodeId(*origin), number: *number };
        Node { delivered: ids.iter().map(id).collect(), ..Node::default() }
    }

    #[test]
    fn nobody_is_in_both_views_nor_twice_in_one_nor_in_its_own() {
        let mut node = linked(&[1, 2]);
        node.passive = [NodeId(3)].into();
        assert_eq!(judge(node.clone()), []);
        node.passive.push(NodeId(2));
        assert_eq!(judge(node), [VIEWS_DISJOINT]);
        assert_eq!(judge(linked(&[1, 1])), [VIEWS_DISJOINT]);
        assert_eq!(judge(linked(&[0])), [VIEWS_DISJOINT]);
    }

    #[test]
    fn nothing_is_delivered_twice_or_out_of_nothing() {
        assert_eq!(judge(delivered(&[(1, 1), (1, 3), (2, 1)])), []);
        assert_eq!(judge(delivered(&[(1, 1), (2, 1), (1, 1)])), [DELIVERED_ONCE]);
        assert_eq!(judge(delivered(&[(1, 4)])), [DELIVERED_WAS_SENT]);
    }
}
