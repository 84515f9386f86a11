//! Who has company: nodes to which more than one thing happens at an instant.

use faultline_kernel::NodeId;

/// Tells most nodes to which only one thing happens from all others, in one look. It may take a
/// lonely node for one with company; never the other way round.
#[derive(Clone, Default)]
pub(super) struct Filter {
    /// Two bits for each place: something happens, more than that happens.
    seen: Vec<u64>,
    mask: u32,
}

/// How many places there are for each thing that happens: the more, the fewer mistakes.
const SPARSE: usize = 32;
/// So many places fit near the processor, and each of a million nodes has one of its own.
const PLACES_MOST: usize = 1 << 20;
/// In a word.
const PLACES: usize = 32;

impl Filter {
    /// Nothing has been seen yet; so many things will be.
    pub(super) fn clear(&mut self, things: usize) {
        let places = (things * SPARSE).next_power_of_two().clamp(PLACES, PLACES_MOST);
        self.mask = u32::try_from(places - 1).expect("it is bounded");
        self.seen.clear();
        self.seen.resize(places / PLACES, 0);
    }

    #[inline]
    pub(super) fn see(&mut self, node: NodeId) {
        let (word, shift) = self.place(node);
        let (seen, bit) = (&mut self.seen[word], 1 << shift);
        *seen |= (*seen & bit) << 1 | bit;
    }

    /// Whether more than one thing happens to a node.
    #[inline]
    pub(super) fn has_company(&self, node: NodeId) -> bool {
        let (word, shift) = self.place(node);
        self.seen[word] >> shift & 0b10 != 0
    }

    #[inline]
    fn place(&self, node: NodeId) -> (usize, usize) {
        let place = (node.0 & self.mask) as usize;
        (place / PLACES, place % PLACES * 2)
    }

    pub(super) fn bytes(&self) -> usize {
        self.seen.capacity() * size_of::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_seen_twice_has_company() {
        let mut filter = Filter::default();
        for things in [4, PLACES_MOST] {
            filter.clear(things);
            for node in [2, 3, 4, 3, 4, 4].map(NodeId) {
                filter.see(node);
            }
            let company = [1, 2, 3, 4, 5].map(|node| filter.has_company(NodeId(node)));
            assert_eq!(company, [false, false, true, true, false]);
        }
    }
}
