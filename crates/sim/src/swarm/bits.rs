//! A bit or a few for each node.

use faultline_kernel::NodeId;

/// A set of nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(pub(super) Vec<u64>);

impl Bits {
    pub(super) fn new(nodes: u32) -> Self {
        Self(vec![0; (nodes as usize).div_ceil(64)])
    }

    #[inline]
    pub(super) fn has(&self, node: NodeId) -> bool {
        self.0[node.index() / 64] >> (node.0 % 64) & 1 == 1
    }

    #[inline]
    pub(super) fn insert(&mut self, node: NodeId) {
        self.0[node.index() / 64] |= 1 << (node.0 % 64);
    }

    #[inline]
    pub(super) fn remove(&mut self, node: NodeId) {
        self.0[node.index() / 64] &= !(1 << (node.0 % 64));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<u64>()
    }
}

/// A small number for each node, in two bits or four: so a million of them stay near the processor.
#[derive(Clone, Debug)]
pub(super) struct Smalls(Vec<u8>);

/// How many bits numbers below `most` take.
pub(super) const fn bits_of(most: usize) -> u32 {
    assert!(most <= 16, "so few, whatever they number");
    if most <= 4 { 2 } else { 4 }
}

impl Smalls {
    pub(super) fn new(nodes: u32, bits: u32) -> Self {
        Self(vec![0; (nodes as usize).div_ceil((8 / bits) as usize)])
    }

    #[inline(always)]
    pub(super) fn get(&self, node: NodeId, bits: u32) -> u8 {
        let (place, shift) = Self::place(node, bits);
        self.0[place] >> shift & Self::mask(bits)
    }

    #[inline(always)]
    pub(super) fn set(&mut self, node: NodeId, bits: u32, number: u8) {
        let (place, shift) = Self::place(node, bits);
        let numbers = &mut self.0[place];
        *numbers = *numbers & !(Self::mask(bits) << shift) | number << shift;
    }

    #[inline(always)]
    fn place(node: NodeId, bits: u32) -> (usize, u32) {
        let each = 8 / bits;
        ((node.0 / each) as usize, node.0 % each * bits)
    }

    #[inline(always)]
    fn mask(bits: u32) -> u8 {
        (1 << bits) - 1
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_small_number_touches_its_neighbours() {
        for bits in [2, 4] {
            let most = 1 << bits;
            let mut smalls = Smalls::new(9, bits);
            for round in 0..u32::from(most) {
                let number = |node: u32| u8::try_from((node + round) % 16).unwrap_or(0) % most;
                (0..9).for_each(|node| smalls.set(NodeId(node), bits, number(node)));
                let seen: Vec<u8> = (0..9).map(|node| smalls.get(NodeId(node), bits)).collect();
                assert_eq!(seen, (0..9).map(number).collect::<Vec<u8>>(), "{bits} bits");
            }
        }
        assert_eq!([3, 4, 5, 8, 16].map(bits_of), [2, 2, 4, 4, 4]);
    }
}
