//! Who has company: nodes to which more than one thing happens at an instant.

/// Tells most nodes to which only one thing happens from all others, in one look. It may take a
/// lonely node for one with company; never the other way round.
#[derive(Clone, Default)]
pub(super) struct Filter {
    once: Vec<u64>,
    twice: Vec<u64>,
    mask: u32,
}

/// How many bits there are for each thing that happens: the more, the fewer mistakes.
const SPARSE: usize = 32;
/// So many bits fit near the processor.
const BITS_MOST: usize = 1 << 20;

impl Filter {
    /// Nothing has been seen yet; so many things will be.
    pub(super) fn clear(&mut self, things: usize) {
        let bits = (things * SPARSE).next_power_of_two().clamp(64, BITS_MOST);
        self.mask = u32::try_from(bits - 1).expect("it is bounded");
        for set in [&mut self.once, &mut self.twice] {
            set.clear();
            set.resize(bits / 64, 0);
        }
    }

    #[inline]
    pub(super) fn see(&mut self, node: u32) {
        let (word, bit) = self.place(node);
        self.twice[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    #[inline]
    pub(super) fn has_company(&self, node: u32) -> bool {
        let (word, bit) = self.place(node);
        self.twice[word] & bit != 0
    }

    #[inline]
    fn place(&self, node: u32) -> (usize, u64) {
        let place = node & self.mask;
        ((place / 64) as usize, 1 << (place % 64))
    }
}
