//! Sparse snapshots within a budget of bytes.

use std::rc::Rc;

/// A snapshot: the state after so many events. Branches share it.
#[derive(Clone)]
pub(crate) struct Snapshot<W> {
    pub(crate) events: u32,
    pub(crate) world: Rc<W>,
    weight: usize,
}

/// Snapshots in order. When they grow too heavy every other one goes and the stride doubles.
#[derive(Clone)]
pub(crate) struct Snapshots<W> {
    list: Vec<Snapshot<W>>,
    stride: u32,
    weight: usize,
}

/// How many events lie between snapshots at first.
const STRIDE: u32 = 2_000;

/// How many bytes all snapshots of a run may take.
const BUDGET: usize = 24 << 20;

impl<W> Snapshots<W> {
    pub(crate) fn new(world: W, weight: usize) -> Self {
        let first = Snapshot { events: 0, world: Rc::new(world), weight };
        Self { list: vec![first], stride: STRIDE, weight }
    }

    /// Whether a snapshot after `events` events is wanted.
    pub(crate) fn wants(&self, events: u32) -> bool {
        self.list.last().is_none_or(|last| events - last.events.min(events) >= self.stride)
    }

    /// Whether the last snapshot is further away from `events` than snapshots are at first.
    pub(crate) fn are_far_from(&self, events: u32) -> bool {
        self.list.last().is_none_or(|last| events.saturating_sub(last.events) >= STRIDE)
    }

    pub(crate) fn push(&mut self, events: u32, world: W, weight: usize) {
        self.list.push(Snapshot { events, world: Rc::new(world), weight });
        self.weight += weight;
        while self.weight > BUDGET && self.list.len() > 2 {
            self.thin();
        }
    }

    /// The last snapshot at or before `events`; there is always the first.
    pub(crate) fn before(&self, events: u32) -> &Snapshot<W> {
        let after = self.list.partition_point(|snapshot| snapshot.events <= events);
        &self.list[after.saturating_sub(1)]
    }

    /// Forgets all after `events`.
    pub(crate) fn truncate(&mut self, events: u32) {
        self.list.retain(|snapshot| snapshot.events == 0 || snapshot.events <= events);
        self.weight = self.list.iter().map(|snapshot| snapshot.weight).sum();
    }

    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    fn thin(&mut self) {
        let mut keep = false;
        self.list.retain(|_| {
            keep = !keep;
            keep
        });
        self.stride = self.stride.saturating_mul(2);
        self.weight = self.list.iter().map(|snapshot| snapshot.weight).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_thin_out_and_keep_the_first() {
        let mut snapshots = Snapshots::new(0_u32, BUDGET / 10);
        for events in (2_000..100_000).step_by(2_000) {
            if snapshots.wants(events) {
                snapshots.push(events, events, BUDGET / 10);
            }
        }
        assert!(snapshots.weight() <= BUDGET);
        assert_eq!(snapshots.before(1_999).events, 0);
        for events in [5_000, 50_000, 99_000] {
            assert!(snapshots.before(events).events <= events);
        }
    }
}
