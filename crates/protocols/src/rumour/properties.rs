//! What must hold, judged in proportion to what changed: a bit per site, never a scan.
//!
//! What a site knows is judged by its disk: nobody hears of the rumour from it before it is
//! there, and until then a crash may take it back. What stands on the disks when a run begins is
//! taken at its word. Losing a disk breaks these properties.
//!
//! That everybody hears of a rumour is no property of it: the residue is what it leaves.

use super::{Rumour, State};
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Time, Verdicts};

pub(super) const HAS_A_SOURCE: u8 = 0;
pub(super) const NEVER_FORGETS: u8 = 1;
pub(super) const INTEREST_ENDS: u8 = 2;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Who has had the rumour on disk: one bit each.
    knew: Vec<u64>,
    /// Whether anybody has.
    any: bool,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Rumour>,
    verdicts: &mut Verdicts,
) {
    let (node, knows) = (cluster.node(changed).copied(), cluster.disk(changed).knows);
    let knew = witness.knew(changed);
    if knows && !knew {
        let told = node.is_some_and(|node| node.is_origin()) || cluster.now == Time::ZERO;
        if !told && !witness.any {
            verdicts.broken(HAS_A_SOURCE, 0, changed, None);
        }
        witness.enter(changed);
    }
    let Some(node) = node else { return };
    if knew && (!knows || node.state() == State::Susceptible) {
        verdicts.broken(NEVER_FORGETS, 0, changed, None);
    }
    let config = cluster.config;
    if !config.coin && node.is_infective() && node.count() >= config.k {
        verdicts.broken(INTEREST_ENDS, u64::from(node.count()), changed, None);
    }
}

impl Witness {
    fn knew(&self, node: NodeId) -> bool {
        self.knew.get(node.index() / 64).is_some_and(|bits| bits >> (node.0 % 64) & 1 == 1)
    }

    fn enter(&mut self, node: NodeId) {
        let place = node.index() / 64;
        if self.knew.len() <= place {
            self.knew.resize(place + 1, 0);
        }
        self.knew[place] |= 1 << (node.0 % 64);
        self.any = true;
    }

    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.knew.capacity() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests;
