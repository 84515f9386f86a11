//! What clients ask and are told.

use super::Configuration;
use super::entry::{Command, Key, Serial};
use super::quorum::Voters;
use super::written::Written;
use core::num::NonZeroU32;
use faultline_kernel::{Deed, Label, NodeId, Operation, Outcome, Value};
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
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
    /// Nothing was swapped, or appended: the variable is this, which is not what was expected, or
    /// has no room.
    Differs(Option<u32>),
    /// The session is not open, or has moved on; nothing was done now.
    NoSession,
    /// Not now: nothing was done.
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

/// What a request does to the variables, for the judges of what clients saw.
pub(super) fn operation(request: &Request) -> Option<Operation> {
    let (command, serial) = match *request {
        Request::Do { command, serial } => (command, serial),
        Request::Get { key } => (Command::Get { key }, None),
        Request::Change(_) | Request::Transfer { .. } => return None,
    };
    let (key, deed) = match command {
        Command::Put { key, value } => (key, Deed::Write(value.into())),
        Command::Swap { key, expected, value } => (key, Deed::Swap(expected.into(), value.into())),
        Command::Append { key, value } => (key, Deed::Append(value.into())),
        Command::Get { key } => (key, Deed::Read),
        Command::NoOp | Command::Register { .. } | Command::Configure(_) => return None,
    };
    let name =
        |serial: Serial| u64::from(serial.client.get()) << 32 | u64::from(serial.sequence.get());
    let key = Label::format(format_args!("{key}")).into();
    Some(Operation { key, deed, name: serial.map(name) })
}

/// The way back: the request of a client without a session, or of one whose session the upper
/// half of the name stands for.
pub(super) fn request(operation: &Operation) -> Option<Request> {
    let Value::Label(key) = operation.key else { return None };
    let key = Key::try_from(key.as_str().chars().next()?).ok()?;
    let number = |value| match value {
        Value::Number(number) => u32::try_from(number).ok(),
        Value::Nothing | Value::Node(_) | Value::Span(_) | Value::Word(_) | Value::Label(_) => None,
    };
    let command = match operation.deed {
        Deed::Read => return Some(Request::Get { key }),
        Deed::Write(value) => Command::Put { key, value: number(value)? },
        Deed::Swap(expected, value) => {
            Command::Swap { key, expected: number(expected), value: number(value)? }
        }
        Deed::Append(value) => Command::Append { key, value: number(value)? },
    };
    Some(Request::Do { command, serial: operation.name.and_then(serial) })
}

fn serial(name: u64) -> Option<Serial> {
    let half = |half: u64| NonZeroU32::new(u32::try_from(half).ok()?);
    Some(Serial { client: half(name >> 32)?, sequence: half(name & u64::from(u32::MAX))? })
}

impl Answer {
    /// How the operation ended.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Done => Outcome::Done,
            Self::Value(found) => Outcome::Found(found.into()),
            Self::Differs(_) => Outcome::Differs,
            // Nothing was written: who steps down leaves those who wait for an entry in the dark.
            Self::NotLeader { .. } | Self::Busy | Self::Refused => Outcome::Refused,
            // An earlier request may have carried it out.
            Self::NoSession => Outcome::Unknown,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    /// The ninth command of client 2.
    const NAME: Option<u64> = Some(2 << 32 | 9);

    #[test]
    fn a_request_of_an_operation_does_just_that() {
        let key = Label::new("x").into();
        let deeds = [
            Deed::Read,
            Deed::Write(7_u32.into()),
            Deed::Swap(Value::Nothing, 7_u32.into()),
            Deed::Swap(6_u32.into(), 7_u32.into()),
            Deed::Append(7_u32.into()),
        ];
        for (deed, name) in deeds.into_iter().flat_map(|deed| [(deed, None), (deed, NAME)]) {
            let name = name.filter(|_| deed != Deed::Read);
            let wanted = Operation { key, deed, name };
            let request = request(&wanted).expect("a client can ask for it");
            assert_eq!(operation(&request), Some(wanted));
        }
        let nameless = Operation { key: Value::Nothing, deed: Deed::Read, name: None };
        assert_eq!(request(&nameless), None);
    }
}
