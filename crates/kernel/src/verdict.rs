//! What the judges say.

use crate::NodeId;
use alloc::vec::Vec;

/// How many witnesses a verdict names at most.
pub const WITNESSES: usize = 2;

/// A property that does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which one: an index into [`crate::About::properties`].
    pub property: u8,
    /// The nodes that show it.
    pub witnesses: [Option<NodeId>; WITNESSES],
    /// Where it shows: a term, an index; its meaning is the property's.
    pub place: u64,
}

/// Collects what the judges say after one event.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    found: Vec<Verdict>,
}

impl Verdicts {
    /// Says that a property does not hold at `place`, as these nodes show.
    pub fn broken(&mut self, property: u8, place: u64, one: NodeId, other: Option<NodeId>) {
        self.found.push(Verdict { property, witnesses: [Some(one), other], place });
    }

    /// Takes what was found since the last call.
    pub fn take(&mut self) -> Vec<Verdict> {
        core::mem::take(&mut self.found)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}
