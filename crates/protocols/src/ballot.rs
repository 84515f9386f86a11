//! Ballots, the values they are about, and votes.

use core::fmt;
use faultline_kernel::{Label, Value};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of a ballot; 0 stands for none. Paxos made simple calls it the number of a proposal.
///
/// "Different proposers choose their numbers from disjoint sets of numbers" (§2.5): of two
/// proposers the first has 1, 3, 5, … and the second 2, 4, 6, …, so a number names a round and a
/// proposer at once, and ballots are ordered by round first.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Ballot(pub u64);

impl Ballot {
    /// No ballot: lower than any.
    pub const NONE: Self = Self(0);

    /// The first ballot after this one that belongs to the proposer of this rank, out of so many.
    pub(crate) fn next(self, rank: u32, proposers: u32) -> Self {
        let (rank, proposers) = (u64::from(rank), u64::from(proposers));
        let round = (self.0 + proposers - rank - 1) / proposers;
        Self(round * proposers + rank + 1)
    }
}

impl From<Ballot> for Value {
    fn from(ballot: Ballot) -> Self {
        match ballot {
            Ballot::NONE => Self::Nothing,
            Ballot(number) => Self::Number(number),
        }
    }
}

/// What is to be agreed on: a short text. A decree in the part-time parliament, a value in Paxos
/// made simple.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decree(Label);

impl Decree {
    /// A text of 1 to 15 bytes.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=Label::MOST).contains(&text.len());
        fits.then(|| Self(Label::new(text)))
    }

    /// The `count`-th value that clients without wishes of their own ask for.
    pub(crate) fn sample(count: u32) -> Self {
        const COLOURS: [&str; 6] = ["blue", "red", "green", "amber", "violet", "teal"];
        Self(Label::new(COLOURS[count as usize % COLOURS.len()]))
    }

    /// As it is shown.
    #[must_use]
    pub fn label(self) -> Label {
        self.0
    }
}

impl fmt::Debug for Decree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<Decree> for Value {
    fn from(value: Decree) -> Self {
        Self::Label(value.0)
    }
}

impl Serialize for Decree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Decree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WrittenDecree)
    }
}

/// Reads a value out of a scenario.
struct WrittenDecree;

impl Visitor<'_> for WrittenDecree {
    type Value = Decree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text of 1 to 15 bytes, such as \"blue\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decree, E> {
        Decree::new(text).ok_or_else(|| E::custom("a value is a text of 1 to 15 bytes"))
    }
}

/// A value in a ballot: what a proposer proposes there and acceptors accept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// In which ballot.
    pub ballot: Ballot,
    /// For which value.
    pub value: Decree,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn each_proposer_has_its_own_ballots_and_the_next_is_always_higher() {
        let next = |after: u64, rank| Ballot(after).next(rank, 3).0;
        let first: Vec<u64> = (0..3).map(|rank| next(0, rank)).collect();
        assert_eq!(first, [1, 2, 3]);
        assert_eq!([next(1, 0), next(2, 0), next(3, 0), next(4, 0)], [4, 4, 4, 7]);
        assert_eq!([next(1, 1), next(2, 1), next(4, 1), next(5, 1)], [2, 5, 5, 8]);
        for after in 0..20 {
            for rank in 0..3 {
                let number = next(after, rank);
                assert!(number > after && number <= after + 3);
                assert_eq!((number - 1) % 3, u64::from(rank));
            }
        }
    }

    #[test]
    fn a_value_is_a_short_text() {
        assert_eq!(Decree::new("blue").map(|value| value.label()), Some(Label::new("blue")));
        assert_eq!([Decree::new(""), Decree::new("sixteen letters!")], [None, None]);
        assert_eq!(Decree::sample(6), Decree::sample(0));
    }
}
