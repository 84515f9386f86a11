//! How many are enough: sets of acceptors and quorums.

use faultline_kernel::NodeId;

/// How many of `count` are more than half of them.
pub(crate) fn majority(count: u32) -> u32 {
    count / 2 + 1
}

/// So many of so many.
///
/// Any set of this size is a quorum. What Paxos rests on is that every quorum of phase 1 meets
/// every quorum of phase 2; quorums of one phase need not meet one another (Flexible Paxos).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Quorum {
    /// How many are enough.
    pub enough: u32,
    /// Out of how many acceptors.
    pub of: u32,
}

impl Quorum {
    /// Whether each quorum of this size meets each of the other.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.enough + other.enough > self.of
    }

    /// Whether these are enough.
    pub(crate) fn is_in(self, acceptors: Acceptors) -> bool {
        acceptors.count() >= self.enough
    }
}

/// The most nodes a cluster may have; a set of acceptors is one word of 64 bits.
pub(crate) const NODES_MAX: u32 = 64;

/// A set of acceptors.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Acceptors(u64);

impl Acceptors {
    pub(crate) fn insert(&mut self, acceptor: NodeId) {
        self.0 |= 1 << acceptor.0;
    }

    /// Whether it is in the set from now on.
    pub(crate) fn set(&mut self, acceptor: NodeId, is_in: bool) {
        self.0 = self.0 & !(1 << acceptor.0) | u64::from(is_in) << acceptor.0;
    }

    pub(crate) fn contains(self, acceptor: NodeId) -> bool {
        self.0 & (1 << acceptor.0) != 0
    }

    pub(crate) fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..NODES_MAX).map(NodeId).filter(move |acceptor| self.contains(*acceptor))
    }
}

impl FromIterator<NodeId> for Acceptors {
    fn from_iter<I: IntoIterator<Item = NodeId>>(acceptors: I) -> Self {
        let mut set = Self::default();
        acceptors.into_iter().for_each(|acceptor| set.insert(acceptor));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_majorities_meet_and_so_do_other_sizes_that_add_up_to_more_than_all() {
        let meet = |one, other, of| Quorum { enough: one, of }.meets(Quorum { enough: other, of });
        assert!((1..20).all(|of| meet(majority(of), majority(of), of)));
        assert!(meet(4, 1, 4) && meet(3, 2, 4));
        assert!(!meet(2, 2, 4) && !meet(1, 3, 4));
    }

    #[test]
    fn a_set_counts_each_acceptor_once() {
        let set = Acceptors::from_iter([9, 2, 2].map(NodeId));
        assert_eq!(set.count(), 2);
        assert!(set.iter().eq([NodeId(2), NodeId(9)]));
        assert!(Quorum { enough: 2, of: 3 }.is_in(set));
        let mut set = set;
        set.set(NodeId(9), false);
        set.set(NodeId(3), true);
        assert!(set.iter().eq([NodeId(2), NodeId(3)]));
    }
}
