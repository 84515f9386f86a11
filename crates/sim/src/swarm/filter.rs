//! Who has company: nodes to which more than one thing happens at an instant.

use faultline_kernel::NodeId;

/// Tells most nodes to which only one thing happens from all others, in one look. It may take a
/// lonely node for one with company; never the other way round.
///
/// Messages that are ignored keep nobody company as long as nothing else happens to their node:
/// whatever their order, they change nothing.
#[derive(Clone, Default)]
pub(super) struct Filter {
    /// Two bits for each place: something happens, more than that happens. The second alone:
    /// messages arrive, and all are ignored.
    seen: Vec<u64>,
    mask: u32,
}

/// What happens to a node at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lot {
    /// One thing, at most.
    Alone,
    /// Messages, all of which it ignores.
    Ignores,
    /// More.
    Company,
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

    /// A message that its node ignores, as it is before anything happens to it.
    #[inline]
    pub(super) fn see_ignored(&mut self, node: NodeId) {
        let (word, shift) = self.place(node);
        self.seen[word] |= 0b10 << shift;
    }

    #[inline]
    pub(super) fn lot(&self, node: NodeId) -> Lot {
        let (word, shift) = self.place(node);
        match self.seen[word] >> shift & 0b11 {
            0b11 => Lot::Company,
            0b10 => Lot::Ignores,
            _ => Lot::Alone,
        }
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
    fn whoever_ignores_everything_has_no_company() {
        let node = NodeId(3);
        // Whether each thing that happens to a node is a message that it ignores.
        let lots: [(&[bool], Lot); 8] = [
            (&[], Lot::Alone),
            (&[false], Lot::Alone),
            (&[true], Lot::Ignores),
            (&[true, true, true], Lot::Ignores),
            (&[false, false], Lot::Company),
            (&[true, false], Lot::Company),
            (&[false, true], Lot::Company),
            (&[true, false, true], Lot::Company),
        ];
        for (things, lot) in lots {
            let mut filter = Filter::default();
            filter.clear(4);
            filter.see(NodeId(2));
            filter.see_ignored(NodeId(4));
            for ignored in things {
                match ignored {
                    true => filter.see_ignored(node),
                    false => filter.see(node),
                }
            }
            assert_eq!(filter.lot(node), lot, "{things:?}");
        }
    }
}
