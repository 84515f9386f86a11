//! How a node and a message look, as plain data: all that a picture or a table is drawn from.

use crate::{Label, NodeId, Value};
use alloc::vec::Vec;

/// How a node looks at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Card {
    /// An index into [`crate::About::roles`].
    pub role: u8,
    /// The number beside the node: a term, a ballot.
    pub badge: Option<Badge>,
    /// Who counts how far, as in votes.
    pub tally: Option<Tally>,
    /// A row of cells: a replicated log. The last of them if there are many.
    pub strip: Vec<Cell>,
    /// How many cells come before the first one in `strip`.
    pub strip_before: u64,
    /// Marks: id in the catalogue.
    pub marks: Vec<Mark>,
    /// Its neighbours, in a room where not everybody is everybody's neighbour: only their links
    /// are drawn.
    pub ties: Option<Vec<Tie>>,
    /// What the inspector lists.
    pub fields: Vec<Field>,
}

/// A number with a colour of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Badge {
    /// What is written.
    pub number: u64,
}

/// Some of many, such as votes for a candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    /// Those who count, in the order of members.
    pub yes: Vec<NodeId>,
    /// Those who said no.
    pub no: Vec<NodeId>,
    /// Out of how many.
    pub of: u32,
    /// How many are enough.
    pub enough: u32,
}

/// One cell of a strip.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Its colour index: cells of one term share it.
    pub hue: u64,
    /// What is in it.
    pub text: Label,
    /// How firm it is.
    pub state: CellState,
}

/// How firm a cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellState {
    /// Written, but it may yet go.
    Open,
    /// Settled for good.
    Firm,
}

/// A mark on a node. It is written out beside the node, and some ids are drawn as well: those of
/// [`Mark::SETTLED`] with a green ring around it, those of [`Mark::DOUBTS`] with a dashed ring
/// around the node that it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Its word in the catalogue.
    pub id: &'static str,
    /// About whom, if about somebody.
    pub about: Option<NodeId>,
}

/// A link to a neighbour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tie {
    /// The neighbour.
    pub to: NodeId,
    /// Whether it is a strong one: what is to be known goes there at once.
    pub strong: bool,
}

/// One line of the inspector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its label in the catalogue.
    pub id: &'static str,
    /// Which one of many, as in "next index for n3".
    pub of: Option<NodeId>,
    /// What it holds.
    pub value: Value,
    /// Whether a crash loses it.
    pub place: Place,
}

/// Where something is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Lost in a crash.
    Memory,
    /// Survives a crash.
    Disk,
}

/// What a message carries, for the inspector and the event list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MessageCard {
    /// Its fields, as label id and value.
    pub fields: Vec<(&'static str, Value)>,
}

impl Field {
    /// A line on something kept in memory.
    #[must_use]
    pub fn memory(id: &'static str, value: impl Into<Value>) -> Self {
        Self { id, of: None, value: value.into(), place: Place::Memory }
    }

    /// A line on something kept on disk.
    #[must_use]
    pub fn disk(id: &'static str, value: impl Into<Value>) -> Self {
        Self { id, of: None, value: value.into(), place: Place::Disk }
    }

    /// The same line, about one other node.
    #[must_use]
    pub fn about(self, node: NodeId) -> Self {
        Self { of: Some(node), ..self }
    }
}

impl Mark {
    /// What a node that bears one of these knows for good.
    pub const SETTLED: [&str; 4] = ["chosen", "committed", "decided", "informed"];
    /// Who bears one of these takes the other for lost, or nearly.
    pub const DOUBTS: [&str; 3] = ["suspects", "thinks-dead", "cannot-reach"];
}
