//! What clients ask and are told.

use super::entry::{Command, Key, Serial};
use super::written::Written;
use faultline_kernel::{Label, NodeId};
use serde::{Deserialize, Serialize};

/// What a client asks.
///
/// A scenario writes `{ put = "x", value = 9 }` for a write; `{ swap = "x", expected = 9, value =
/// 7 }` for a write on a condition (without `expected`: if it was never set); `{ get = "x" }` for a
/// read; `{ register = 4 }` to open a session for client 4, whose commands then carry
/// `client = 4, sequence = 1` and so on.
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
}

impl Request {
    /// In short, such as `x=9`.
    pub(super) fn label(&self) -> Label {
        match self {
            Self::Do { command, serial } => {
                super::Entry { term: 0, command: *command, serial: *serial }.label()
            }
            Self::Get { key } => Command::Get { key: *key }.label(),
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
        }
    }
}
