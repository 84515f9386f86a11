//! What lies in the ring: messages and timers, in as few bytes as can be.

use faultline_kernel::{NodeId, Time};

/// A message on its way: eight bytes, where what it says takes one.
pub(super) struct Letter<M> {
    /// Its receiver, and when it comes due in its window.
    due: Alarm,
    from: Short,
    pub(super) message: M,
}

impl<M> Letter<M> {
    #[inline(always)]
    pub(super) fn new(at: Time, from: NodeId, to: NodeId, message: M) -> Self {
        Self { due: Alarm::new(to, at), from: Short::new(from), message }
    }

    #[inline]
    pub(super) fn moment(&self) -> u8 {
        self.due.moment()
    }

    #[inline]
    pub(super) fn from(&self) -> NodeId {
        self.from.node()
    }

    #[inline]
    pub(super) fn to(&self) -> NodeId {
        self.due.node()
    }
}

/// A node in three bytes; there are no more nodes than that.
#[derive(Clone, Copy)]
struct Short([u8; 3]);

const _: () = assert!(super::NODES_MOST < 1 << 24, "three bytes name every node");

impl Short {
    #[inline]
    fn new(node: NodeId) -> Self {
        let [low, middle, high, _] = node.0.to_le_bytes();
        Self([low, middle, high])
    }

    #[inline]
    fn node(self) -> NodeId {
        let [low, middle, high] = self.0;
        NodeId(u32::from_le_bytes([low, middle, high, 0]))
    }
}

/// A timer in the ring: its node, and when it runs out in its window.
#[derive(Clone, Copy, Default)]
pub(super) struct Alarm(u32);

impl Alarm {
    #[inline]
    pub(super) fn new(node: NodeId, at: Time) -> Self {
        Self(node.0 << 8 | u32::from(moment(at)))
    }

    #[inline]
    pub(super) fn node(self) -> NodeId {
        NodeId(self.0 >> 8)
    }

    #[inline]
    pub(super) fn moment(self) -> u8 {
        self.0.to_le_bytes()[0]
    }
}

/// The moment within its window: there are as many as a byte has values.
#[inline]
pub(super) fn moment(at: Time) -> u8 {
    at.0.to_le_bytes()[0]
}
