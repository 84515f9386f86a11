//! What happens at an instant to nodes to which more than one thing happens.

use super::filter::Filter;
use super::letter::Letter;
use crate::queue::{Due, Entry};
use faultline_kernel::NodeId;
use std::ops::Range;

/// The place of a timer that is not in the agenda.
pub(super) const IN_THE_RING: u32 = u32::MAX;

/// Something that happens to a node with company, in the order of a world.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Guest {
    /// Receiver, kind, sender or key.
    who: u64,
    /// Places tell everything apart, and of one sender the earlier message has the lower one.
    pub(super) place: u32,
}

pub(super) const MESSAGE: u8 = Due::Message as u8;
pub(super) const TIMER: u8 = Due::Timer as u8;

impl Guest {
    fn new(node: NodeId, due: Due, about: u32, place: u32) -> Self {
        Self { who: u64::from(node.0) << 40 | (due as u64) << 32 | u64::from(about), place }
    }

    #[inline]
    pub(super) fn node(self) -> NodeId {
        NodeId((self.who >> 40) as u32)
    }

    #[inline]
    pub(super) fn due(self) -> u8 {
        self.who.to_le_bytes()[4]
    }
}

/// How many guests a group has, more or less.
const GROUP: usize = 8;
/// As many groups as fit near the processor.
const GROUPS_MOST: usize = 1 << 12;

/// All nodes that have company at an instant.
pub(super) struct Company<M> {
    pub(super) filter: Filter,
    guests: Vec<Guest>,
    /// They again, group by group of neighbouring nodes, and where each group ends.
    pub(super) grouped: Vec<Guest>,
    ends: Vec<u32>,
    /// How many groups have had their turn.
    attended: usize,
    /// The messages among what happens to them.
    pub(super) kept: Vec<Option<Letter<M>>>,
}

impl<M> Default for Company<M> {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            guests: Vec::new(),
            grouped: Vec::new(),
            ends: Vec::new(),
            attended: 0,
            kept: Vec::new(),
        }
    }
}

impl<M> Company<M> {
    /// So many things will happen.
    pub(super) fn expect(&mut self, things: usize) {
        self.filter.clear(things);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.guests.is_empty()
    }

    /// A message waits for its turn.
    pub(super) fn keep(&mut self, letter: Letter<M>) {
        let place = u32::try_from(self.kept.len()).expect("memory ends before");
        self.guests.push(Guest::new(letter.to(), Due::Message, letter.from().0, place));
        self.kept.push(Some(letter));
    }

    /// So does a timer of the ring,
    pub(super) fn keep_timer(&mut self, node: NodeId) {
        self.guests.push(Guest::new(node, Due::Timer, 0, IN_THE_RING));
    }

    /// and what has this place in the agenda.
    pub(super) fn wait(&mut self, entry: &Entry, place: u32) {
        self.guests.push(Guest::new(entry.node(), entry.due(), entry.about(), place));
    }

    /// Nobody else comes: all of them are put into groups of neighbouring nodes, so small that
    /// sorting one of them is cheap.
    pub(super) fn gather(&mut self) {
        let groups = (self.guests.len() / GROUP).clamp(1, GROUPS_MOST);
        self.attended = 0;
        self.ends.clear();
        if groups == 1 {
            self.ends.push(small(self.guests.len()));
            return std::mem::swap(&mut self.guests, &mut self.grouped);
        }
        let most = self.guests.iter().map(|guest| guest.node().0).max().unwrap_or(0);
        let shift = (most / small(groups)).checked_ilog2().map_or(0, |bits| bits + 1);
        let group = |guest: &Guest| (guest.node().0 >> shift) as usize;
        self.ends.resize(groups + 1, 0);
        for guest in &self.guests {
            self.ends[group(guest) + 1] += 1;
        }
        for place in 1..=groups {
            self.ends[place] += self.ends[place - 1];
        }
        self.grouped.clone_from(&self.guests);
        for guest in self.guests.drain(..) {
            let place = &mut self.ends[group(&guest)];
            self.grouped[*place as usize] = guest;
            *place += 1;
        }
    }

    /// The places of the next group, which now stands in the order of a world. When there is none
    /// any more, nobody has company.
    pub(super) fn next_group(&mut self) -> Option<Range<usize>> {
        let Some(end) = self.ends.get(self.attended) else {
            self.grouped.clear();
            self.kept.clear();
            return None;
        };
        let before = self.attended.checked_sub(1);
        let group = before.map_or(0, |group| self.ends[group] as usize)..*end as usize;
        self.attended += 1;
        self.grouped[group.clone()].sort_unstable();
        Some(group)
    }

    pub(super) fn bytes(&self) -> usize {
        self.kept.capacity() * size_of::<Option<Letter<M>>>()
            + (self.guests.capacity() + self.grouped.capacity()) * size_of::<Guest>()
            + self.ends.capacity() * size_of::<u32>()
            + self.filter.bytes()
    }
}

/// There are not that many things at an instant.
pub(super) fn small(count: usize) -> u32 {
    u32::try_from(count).expect("memory ends before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::{Draw, Purpose};

    #[test]
    fn few_and_many_guests_stand_in_the_order_of_a_world() {
        let mut draw = Draw::keyed(1, Purpose::Choose, &[]);
        let mut company = Company::<u8>::default();
        for (count, nodes) in [(1, 1), (5, 3), (100, 1), (100, 7), (3_000, 400), (90_000, 1 << 20)]
        {
            for _ in 0..count {
                company.keep_timer(NodeId(draw.choice(nodes)));
            }
            let mut wanted = company.guests.clone();
            wanted.sort_unstable();
            company.gather();
            let mut guests = Vec::new();
            while let Some(group) = company.next_group() {
                guests.extend_from_slice(&company.grouped[group]);
            }
            assert!(guests == wanted, "{count} guests of {nodes} nodes");
            assert!(company.is_empty() && company.grouped.is_empty());
        }
    }
}
