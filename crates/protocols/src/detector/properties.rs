//! What must hold.
//!
//! That nobody who is up is ever suspected is not among it: a detector that notices crashes on a
//! network without bounds must be wrong at times. How often is what the threshold is for, and the
//! remark `was-wrong` counts it.
//!
//! Silence is measured in intervals of the one who listens, by its own clock: a node that stands
//! still notices nothing meanwhile.

use super::node::Node;
use super::{Config, Detector};
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Time, Verdicts};

pub(super) const CRASH_SUSPECTED: u8 = 0;
pub(super) const FRESH_HEARTBEATS: u8 = 1;

/// What the judges remember: for each node that is up, what it had last heard of each other.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    looks: Vec<Option<Look>>,
}

#[derive(Clone, Debug)]
struct Look {
    intervals: u32,
    /// The last heartbeat that counted, and when it came.
    heard: Vec<(u64, Time)>,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Detector>,
    verdicts: &mut Verdicts,
) {
    witness.looks.resize(cluster.seats.len(), None);
    let after = cluster.node(changed).map(Look::at);
    let before = core::mem::replace(&mut witness.looks[changed.index()], after);
    let (Some(before), Some(node)) = (before, cluster.node(changed)) else { return };
    check_fresh(changed, &before, node, verdicts);
    if before.intervals == node.intervals {
        return;
    }
    for (about, peer) in (0..).map(NodeId).zip(&node.peers) {
        let silent = node.intervals - peer.since_interval;
        let down = about != changed && cluster.node(about).is_none();
        if down && !peer.suspected && silent > silence_max(peer.allowance.0, cluster.config) {
            verdicts.broken(CRASH_SUSPECTED, silent.into(), changed, Some(about));
        }
    }
}

/// Whatever counts as a sign of life is newer than all before.
fn check_fresh(me: NodeId, before: &Look, node: &Node, verdicts: &mut Verdicts) {
    let pairs = before.heard.iter().zip(Look::at(node).heard);
    for (about, ((old, came), (new, comes))) in (0..).map(NodeId).zip(pairs) {
        if comes != *came && new <= *old {
            verdicts.broken(FRESH_HEARTBEATS, new & u64::from(u32::MAX), me, Some(about));
        }
    }
}

/// After how many whole intervals a silence must be too long. The watch begins one interval late
/// when a node starts, and both ends of the silence fall within an interval.
fn silence_max(allowance: u64, config: &Config) -> u32 {
    u32::try_from(allowance / config.heartbeat.0).unwrap_or(u32::MAX - 3) + 3
}

impl Look {
    fn at(node: &Node) -> Self {
        let number = |beat: super::Heartbeat| u64::from(beat.life) << 32 | u64::from(beat.number);
        let heard = node.peers.iter().map(|peer| (number(peer.heard), peer.since));
        Self { intervals: node.intervals, heard: heard.collect() }
    }
}

impl Witness {
    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        let nodes = self.looks.len();
        nodes * (size_of::<Option<Look>>() + nodes * size_of::<(u64, Time)>())
    }
}

#[cfg(test)]
mod tests;
