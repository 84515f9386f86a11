//! One bit for each node.

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
