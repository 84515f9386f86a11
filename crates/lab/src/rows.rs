//! What panels and lists show: rows of text with the moments they lead to.

use crate::scene::Moment;
use faultline_kernel::{NodeId, Place, Time};

/// One event, as a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    /// Its number in the log, from 0.
    pub event: u32,
    /// When it happened.
    pub time: Time,
    /// The moment just after the step it belongs to: where a click on the row leads.
    pub moment: Moment,
    /// Where it happened, if it happened at a node.
    pub node: Option<NodeId>,
    /// What is to be read.
    pub text: String,
    /// How it is marked.
    pub mark: Option<MarkKind>,
    /// Whether it begins a step (a delivery, a timer, an intervention) or follows from one.
    pub begins: bool,
    /// The event that caused it.
    pub cause: Option<u32>,
    /// Where the rule is written, as in "Raft §5.2"; empty if it is not a rule's doing.
    pub source: &'static str,
}

/// What a mark on the timeline means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MarkKind {
    /// Somebody begins to doubt, as a candidate does.
    Stirs,
    /// Something is settled, as a commit does.
    Settles,
    /// Somebody begins to lead.
    Leads,
    /// Somebody intervened: a crash, a cut, a request.
    Act,
    /// A property stopped to hold.
    Broken,
}

/// A mark on the timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimelineMark {
    /// What it means.
    pub kind: MarkKind,
    /// Where it leads.
    pub moment: Moment,
}

/// One branch on the timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BranchRow {
    /// Which one.
    pub id: u32,
    /// Where it leaves its parent, and which that is; `None` for the trunk.
    pub leaves: Option<(u32, Time)>,
    /// Its newest recorded moment.
    pub end: Moment,
    /// Its marks after it left its parent, in order.
    pub marks: Vec<TimelineMark>,
    /// Whether it is the current one.
    pub current: bool,
}

/// One line of the inspector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldRow {
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// Whether a crash loses it.
    pub place: Place,
    /// Whether the last event changed it.
    pub changed: bool,
}

/// What a node or message can be made to do: a button.
#[derive(Clone, PartialEq, Debug)]
pub struct Action {
    /// What is written on it.
    pub label: String,
    /// What it does.
    pub input: crate::Input,
}

/// The inspector of one node.
#[derive(Clone, PartialEq, Debug)]
pub struct NodePanel {
    /// Who.
    pub node: NodeId,
    /// "n3 · leader".
    pub title: String,
    /// Its fields.
    pub fields: Vec<FieldRow>,
    /// What can be done to it now.
    pub actions: Vec<Action>,
    /// The event after which it is what it is: *Why?* starts here.
    pub last_event: Option<u32>,
}

/// The inspector of one message.
#[derive(Clone, PartialEq, Debug)]
pub struct MessagePanel {
    /// Which one.
    pub name: crate::scene::MessageName,
    /// "append entries, n3 → n4".
    pub title: String,
    /// What it carries.
    pub fields: Vec<FieldRow>,
    /// What can be done to it now.
    pub actions: Vec<Action>,
    /// The event in which it was sent.
    pub sent_by: Option<u32>,
}

/// A property and its state at this moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PropertyRow {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Where it is stated.
    pub source: &'static str,
    /// If it does not hold: since when, and who shows it.
    pub broken: Option<Broken>,
}

/// A property that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The event that broke it.
    pub event: u32,
    /// The moment of it.
    pub moment: Moment,
    /// The nodes that show it.
    pub witnesses: Vec<NodeId>,
    /// In a sentence.
    pub text: String,
}

/// A scenario in the library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LibraryRow {
    /// The room's id.
    pub protocol: &'static str,
    /// The scenario's id within the room.
    pub scene: &'static str,
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub summary: String,
}
