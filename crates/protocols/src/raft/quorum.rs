//! What a majority has agreed to: arithmetic, nothing else.

use alloc::vec::Vec;
use faultline_kernel::NodeId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most servers a cluster may have; a set of voters is one word of 128 bits.
pub(super) const SERVERS_MAX: u32 = 101;

/// How many of `count` servers are more than half of them.
pub(super) fn majority(count: u32) -> u32 {
    count / 2 + 1
}

/// A set of servers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Voters(u128);

impl Voters {
    /// The first `count` servers.
    pub(super) fn first(count: u32) -> Self {
        (0..count).map(NodeId).collect()
    }

    pub(super) fn only(server: NodeId) -> Self {
        Self(bit(server))
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The first 32 servers, one bit each.
    pub(super) fn word(self) -> u32 {
        u32::try_from(self.0 & u128::from(u32::MAX)).unwrap_or_default()
    }

    pub(super) fn of_word(word: u32) -> Self {
        Self(word.into())
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn insert(&mut self, server: NodeId) {
        self.0 |= bit(server);
    }

    pub(super) fn contains(self, server: NodeId) -> bool {
        self.0 & bit(server) != 0
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> Each {
        Each(self.0)
    }
}

/// Its place in the word; a client may name a server that cannot be, which is in no set.
fn bit(server: NodeId) -> u128 {
    1_u128.checked_shl(server.0).unwrap_or(0)
}

impl Serialize for Voters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Voters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let servers = Vec::<NodeId>::deserialize(deserializer)?;
        match servers.iter().all(|server| server.0 < SERVERS_MAX) {
            true => Ok(servers.into_iter().collect()),
            false => Err(serde::de::Error::custom("there are at most 101 servers")),
        }
    }
}

impl FromIterator<NodeId> for Voters {
    fn from_iter<I: IntoIterator<Item = NodeId>>(servers: I) -> Self {
        let mut set = Self::default();
        servers.into_iter().for_each(|server| set.insert(server));
        set
    }
}

/// The servers of a set, in their order.
#[derive(Clone)]
pub(super) struct Each(u128);

impl Iterator for Each {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let server = NodeId(self.0.trailing_zeros());
        let rest = self.0.checked_sub(1)?;
        self.0 &= rest;
        Some(server)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.0.count_ones() as usize;
        (count, Some(count))
    }
}

impl ExactSizeIterator for Each {}

/// The highest index that a majority has reached, if it is above `floor`.
///
/// `reached` is where the server that has just moved on stands. It is tried first, as it is
/// almost always the answer; only then are those tried that stand between it and the floor.
pub(super) fn agreed_index(
    indices: impl ExactSizeIterator<Item = u64> + Clone,
    reached: u64,
    floor: u64,
) -> Option<u64> {
    let enough = indices.len() / 2 + 1;
    let at_least = |index: u64| indices.clone().filter(|other| *other >= index).count();
    if reached <= floor || at_least(floor + 1) < enough {
        return None;
    }
    if at_least(reached) >= enough {
        return Some(reached);
    }
    let between = indices.clone().filter(|index| (floor + 1..reached).contains(index));
    between.filter(|index| at_least(*index) >= enough).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_is_more_than_half() {
        let found = [1, 2, 3, 4, 5, 101].map(majority);
        assert_eq!(found, [1, 2, 2, 3, 3, 51]);
    }

    #[test]
    fn the_agreed_index_is_the_median_from_above() {
        let agreed =
            |indices: &[u64], reached, floor| agreed_index(indices.iter().copied(), reached, floor);
        assert_eq!(agreed(&[9, 9, 4, 4, 4], 9, 4), None);
        assert_eq!(agreed(&[9, 9, 9, 4, 4], 9, 4), Some(9));
        assert_eq!(agreed(&[10, 5, 7, 0, 0], 7, 0), Some(5), "below the one that moved");
        assert_eq!(agreed(&[10, 5, 7, 0, 0], 7, 5), None);
        assert_eq!(agreed(&[3, 3, 0, 0], 3, 0), None, "half is not enough");
        assert_eq!(agreed(&[3], 3, 2), Some(3));
    }

    #[test]
    fn a_set_of_voters_counts_each_once() {
        let mut voters = Voters::default();
        [100, 3, 3].into_iter().for_each(|index| voters.insert(NodeId(index)));
        assert_eq!(voters.count(), 2);
        assert!(!voters.contains(NodeId(500)) && Voters::only(NodeId(500)).is_empty());
        assert!(voters.iter().eq([NodeId(3), NodeId(100)]));
    }
}
