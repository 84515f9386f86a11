//! Who is who.

use core::fmt;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A node: its index among the members of a cluster, from 0.
///
/// It is shown, and written in scenarios, as `n1`, `n2`, … counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NodeId(pub u32);

impl NodeId {
    /// Its place in a list of all members.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Reads `n3`; nothing else is a node's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('n')?;
        let canonical = !digits.starts_with(['0', '+']);
        let number: u32 = digits.parse().ok()?;
        canonical.then_some(Self(number.checked_sub(1)?))
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", u64::from(self.0) + 1)
    }
}

impl Serialize for NodeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NodeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name)
    }
}

/// Reads a node's name out of a scenario.
struct Name;

impl Visitor<'_> for Name {
    type Value = NodeId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a node, such as n3")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NodeId, E> {
        NodeId::parse(text).ok_or_else(|| E::custom("a node is named n1, n2, …"))
    }
}

/// One request of a client, numbered within its run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RequestId(pub u32);

/// One place in a cluster, as its protocol lays it out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who sits here.
    pub id: NodeId,
    /// What it is for (`server`, `client`, `acceptor`): an id in the message catalogue.
    pub class: &'static str,
    /// Members of one group are laid out together.
    pub group: u32,
    /// The place within its group; layouts go by it.
    pub rank: u32,
    /// Whom it may talk to; `None` means everybody.
    pub links: Option<alloc::vec::Vec<NodeId>>,
}

impl Member {
    /// A member of a cluster of equals.
    #[must_use]
    pub fn equal(index: u32, class: &'static str) -> Self {
        Self { id: NodeId(index), class, group: 0, rank: index, links: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        assert_eq!(NodeId(2).to_string(), "n3");
        assert_eq!(NodeId::parse("n3"), Some(NodeId(2)));
        for bad in ["", "n", "n0", "3", "n03", "n+3", "n-1", "n4294967297"] {
            assert_eq!(NodeId::parse(bad), None, "{bad}");
        }
    }
}
