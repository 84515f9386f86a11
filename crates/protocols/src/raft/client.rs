//! What clients ask and are told.

use super::Configuration;
use super::entry::{Command, Key, Serial};
use super::quorum::Voters;
use super::written::Written;
use faultline_kernel::{Label, NodeId};
use serde::{Deserialize, Serialize};

/// What a client asks.
///
/// A scenario writes `{ put = "x", value = 9 }` for a write; `{ get = "x" }` for a read; and for a
/// write on a condition `{ swap = "x", expected = 9, value = 7 }` (without `expected`: if it was
/// never set). `{ register = 4 }` opens a session for client 4, whose commands then carry
/// `client = 4, sequence = 1` and so on. The group is changed with `{ add = "n4" }`,
/// `{ remove = "n1" }`, `{ learn = "n5" }` or `{ voters = ["n1", "n4", "n5"] }`, and
/// `{ transfer = "n2" }` hands the leadership over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Request {
    /// Put this into the log and carry it out.
    Do {
        /// What is to be done.
        command: Command,
        /// Which command of which session it is.
        serial: Option<Serial>,
    },
    /// What is the value of this variable?
    Get {
        /// Its name.
        key: Key,
    },
    /// Change the group.
    Change(Change),
    /// Let another server lead.
    Transfer {
        /// Which one.
        to: NodeId,
    },
}

/// A change of the group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// This server shall vote.
    Add(NodeId),
    /// This server shall be outside.
    Remove(NodeId),
    /// This server shall learn the log without a vote.
    Learn(NodeId),
    /// These shall vote, and nobody else.
    Voters(Voters),
}

/// What a client is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Answer {
    /// The command is committed and applied.
    Done,
    /// Another server leads.
    NotLeader {
        /// Which one, as far as is known.
        hint: Option<NodeId>,
    },
    /// Too many wait here already; nothing was done.
    Busy,
    /// What was read; `None`: never set.
    Value(Option<u32>),
    /// Nothing was swapped: the variable is not as expected, but this.
    Differs(Option<u32>),
    /// The session is not open, or has moved on; nothing was done now.
    NoSession,
    /// The group cannot be changed so now, or the leadership not be handed over; nothing was done.
    Refused,
}

impl Request {
    /// In short, such as `x=9`.
    pub(super) fn label(&self) -> Label {
        match self {
            Self::Do { command, serial } => {
                super::Entry { term: 0, command: *command, serial: *serial }.label()
            }
            Self::Get { key } => Command::Get { key: *key }.label(),
            Self::Change(change) => change.label(),
            Self::Transfer { to } => Label::format(format_args!("→{to}")),
        }
    }
}

impl Change {
    /// In short: `+n4`, `-n4`, `n4 learns`, or the voters.
    pub(super) fn label(self) -> Label {
        match self {
            Self::Add(server) => Label::format(format_args!("+{server}")),
            Self::Remove(server) => Label::format(format_args!("−{server}")),
            Self::Learn(server) => Label::format(format_args!("{server} learns")),
            Self::Voters(voters) => {
                let group = Configuration { voters, ..Configuration::default() };
                Command::Configure(group.into()).label()
            }
        }
    }
}

impl Answer {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotLeader { .. } => 1,
            Self::Busy => 2,
            Self::Value(_) => 3,
            Self::Differs(_) => 4,
            Self::NoSession => 5,
            Self::Refused => 6,
        }
    }
}
