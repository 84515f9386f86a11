//! What happens at an instant to nodes to which more than one thing happens.

use super::filter::Filter;
use super::ring::Letter;
use crate::queue::{Due, Entry};
use faultline_kernel::NodeId;

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

/// All nodes that have company at an instant.
pub(super) struct Company<M> {
    pub(super) filter: Filter,
    guests: Vec<Guest>,
    /// The messages among what happens to them.
    pub(super) kept: Vec<Option<Letter<M>>>,
}

impl<M> Default for Company<M> {
    fn default() -> Self {
        Self { filter: Filter::default(), guests: Vec::new(), kept: Vec::new() }
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

    /// Everything in the order of a world. It is brought back to [`Company::done`].
    pub(super) fn take(&mut self) -> Vec<Guest> {
        let mut guests = std::mem::take(&mut self.guests);
        guests.sort_unstable();
        guests
    }

    pub(super) fn done(&mut self, guests: Vec<Guest>) {
        self.guests = guests;
        self.kept.clear();
    }

    pub(super) fn bytes(&self) -> usize {
        self.kept.capacity() * size_of::<Option<Letter<M>>>()
            + self.guests.capacity() * size_of::<Guest>()
            + self.filter.bytes()
    }
}
