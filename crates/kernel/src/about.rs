//! What a room says about itself: the tables that menus, pictures, words and links follow from.
//!
//! Every `id` is a key of the message catalogue, prefixed with the room's own id:
//! the role `leader` of `raft` is the message `raft-role-leader`.

/// A room's description of itself.
#[derive(Debug)]
pub struct About {
    /// The room's name in links and in the catalogue. Never renamed.
    pub id: &'static str,
    /// Rises when old recipes would run differently. Those still open, and run by today's rules.
    pub version: u32,
    /// The papers it follows, in full.
    pub sources: &'static [&'static str],
    /// What a node can be.
    pub roles: &'static [RoleKind],
    /// What can be said between nodes, in the order of [`crate::Protocol::kind`].
    pub messages: &'static [MessageKind],
    /// The timers, in the order of [`crate::TimerName::kind`].
    pub timers: &'static [TimerKind],
    /// What nodes remark, in the order of [`crate::Note::kind`].
    pub notes: &'static [NoteKind],
    /// What a client may be told, in the order of [`crate::Protocol::answer_kind`].
    pub answers: &'static [AnswerKind],
    /// What must hold, in the order of [`crate::Verdict::property`].
    pub properties: &'static [PropertyKind],
}

/// A role and how it is told apart without colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoleKind {
    /// Its word in the catalogue.
    pub id: &'static str,
    /// The shape of the node.
    pub shape: RoleShape,
}

/// How a node in a role is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoleShape {
    /// One plain ring.
    Plain,
    /// A double ring and a crown: the one that leads.
    Crowned,
    /// A dashed ring: it wants to lead.
    Dashed,
    /// A rounded square: not a member of the group but a client of it, or done with its part.
    Square,
    /// A hexagon: it keeps what others decide, as a store or an acceptor does.
    Hexagon,
    /// A square on its corner: it is asked for its word and keeps nothing, as a witness is.
    Diamond,
    /// A disc filled with green: it knows.
    Knowing,
}

/// A kind of message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageKind {
    /// Its name in the catalogue.
    pub id: &'static str,
    /// Its outline.
    pub shape: Shape,
    /// The letter in it.
    pub letter: char,
    /// What it is in an exchange.
    pub form: Form,
    /// Whether it is said over and over without news, as a heartbeat is: the page hurries past.
    pub routine: bool,
}

/// The outline of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A rounded square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A disc.
    Round,
    /// A triangle.
    Triangle,
}

/// A message's part in an exchange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Asks: drawn filled.
    Request,
    /// Answers: drawn hollow.
    Reply,
    /// Answers no: drawn hollow and barred.
    Refusal,
}

/// A kind of timer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerKind {
    /// Its name in the catalogue.
    pub id: &'static str,
    /// Whether the reader should see it run down around the node.
    pub shown: bool,
}

/// A kind of remark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoteKind {
    /// Its sentence in the catalogue.
    pub id: &'static str,
    /// The names of its arguments there; `node` is always the one who speaks.
    pub args: &'static [&'static str],
    /// Where the rule behind it is written, as in "Raft §5.2".
    pub source: &'static str,
    /// How much it matters.
    pub weight: Weight,
}

/// How much a remark matters: what is narrated, and what is a mark on the timeline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Said only to those who step.
    Detail,
    /// Worth saying, not worth stopping for.
    Plain,
    /// Somebody begins to doubt: a mark on the timeline.
    Stirs,
    /// Something is settled: a mark on the timeline.
    Settles,
    /// Somebody begins to lead: a mark on the timeline.
    Leads,
}

/// A kind of answer to a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AnswerKind {
    /// Its sentence in the catalogue.
    pub id: &'static str,
    /// Whether the request was done.
    pub done: bool,
}

/// Something that must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PropertyKind {
    /// Its name (and, with `-says`, its statement) in the catalogue.
    pub id: &'static str,
    /// Where it is stated, as in "Raft, Figure 3".
    pub source: &'static str,
}
