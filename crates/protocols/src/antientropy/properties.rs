//! What must hold, judged by the disks: nobody hears of a version before it is durable, and until
//! then a crash may take it back.
//!
//! What stands on the disks when a run begins is taken at its word, and a disk that was lost
//! begins anew. That everybody hears of everything in the end is seen when the faults are over: by
//! the expectations of scenarios, and under random faults.

use super::AntiEntropy;
use super::item::{Item, Key, Stamp, Store};
use super::node::Disk;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Verdicts};

pub(super) const NEWEST_WINS: u8 = 0;
pub(super) const DEAD_STAY_DEAD: u8 = 1;
pub(super) const ONE_VERSION_PER_STAMP: u8 = 2;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each site as it was when last looked at.
    looks: Vec<Rc<Look>>,
    /// The newest version of each key, and who had it first.
    newest: Rc<BTreeMap<Key, (Item, NodeId)>>,
}

/// A site's disk as it was.
#[derive(Clone, Debug, Default)]
struct Look {
    revision: u32,
    items: Store,
    /// Keys that were deleted without a certificate, and what they had.
    gone: BTreeMap<Key, Stamp>,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, AntiEntropy>,
    verdicts: &mut Verdicts,
) {
    witness.looks.resize(cluster.seats.len(), Rc::default());
    let disk = cluster.disk(changed);
    if witness.looks[changed.index()].revision == disk.revision {
        return;
    }
    let look = Rc::make_mut(&mut witness.looks[changed.index()]);
    if disk.revision < look.revision {
        // The disk was lost, or it is another one.
        *look = Look::default();
    }
    look.compare(changed, disk, verdicts);
    let newest = Rc::make_mut(&mut witness.newest);
    for (key, item) in &disk.items {
        check_stamp(newest, *key, *item, changed, verdicts);
    }
}

impl Look {
    /// Judges every key that is not as it was, and looks at it anew.
    fn compare(&mut self, site: NodeId, disk: &Disk, verdicts: &mut Verdicts) {
        for (key, item) in &disk.items {
            let before = self.items.get(key).copied();
            if before == Some(*item) {
                continue;
            }
            let place = item.stamp.time.0;
            if before.is_some_and(|before| item.stamp < before.stamp) {
                verdicts.broken(NEWEST_WINS, place, site, None);
            }
            let buried = before.filter(Item::is_certificate).map(|before| before.stamp);
            let dead = buried.or(self.gone.get(key).copied());
            if !item.is_certificate() && dead.is_some_and(|dead| !dead.is_before(item.stamp)) {
                let by = Some(item.stamp.by).filter(|by| *by != site);
                verdicts.broken(DEAD_STAY_DEAD, place, site, by);
            }
        }
        for (key, before) in &self.items {
            // A certificate goes when its time is over; a value does only when it is deleted.
            if !before.is_certificate() && !disk.items.contains_key(key) {
                self.gone.insert(*key, before.stamp);
            }
        }
        (self.revision, self.items) = (disk.revision, disk.items.clone());
    }
}

/// Two sites that have the same timestamp for a key have the same version.
fn check_stamp(
    newest: &mut BTreeMap<Key, (Item, NodeId)>,
    key: Key,
    item: Item,
    site: NodeId,
    verdicts: &mut Verdicts,
) {
    let known = newest.entry(key).or_insert((item, site));
    if known.0.stamp.is_before(item.stamp) {
        *known = (item, site);
    }
    let same = !known.0.stamp.is_before(item.stamp) && !item.stamp.is_before(known.0.stamp);
    if same && known.0.value != item.value {
        verdicts.broken(ONE_VERSION_PER_STAMP, item.stamp.time.0, site, Some(known.1));
    }
}

impl Witness {
    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        let sites: usize = self.looks.iter().map(|look| look.items.len() + look.gone.len()).sum();
        (sites + self.newest.len()) * size_of::<(Key, Item)>()
    }
}

#[cfg(test)]
mod tests;
