//! How commands are written in scenarios: `{ put = "x", value = 9 }`.
//!
//! Requests of clients and entries on a disk share this form; an entry has a term as well.

use super::Configuration;
use super::client::{Change, Request};
use super::entry::{Command, Entry, Group, Key, Serial};
use super::quorum::Voters;
use core::num::NonZeroU32;
use faultline_kernel::NodeId;
use serde::{Deserialize, Serialize};

/// Everything that may be written; which of it goes together is looked at afterwards.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    put: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swap: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    append: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    get: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voters: Option<Voters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Voters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learners: Option<Voters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    add: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remove: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learn: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer: Option<NodeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<NonZeroU32>,
}

/// What is wrong with something written.
type Wrong = &'static str;

impl Written {
    /// An entry as it is written.
    pub(super) fn of_entry(entry: &Entry) -> Self {
        let term = Some(entry.term);
        Self { term, ..Self::of_command(entry.command, entry.serial) }
    }

    fn of_command(command: Command, serial: Option<Serial>) -> Self {
        let written = match command {
            Command::NoOp => Self::default(),
            Command::Put { key, value } => {
                Self { put: Some(key), value: Some(value), ..Self::default() }
            }
            Command::Swap { key, expected, value } => {
                Self { swap: Some(key), expected, value: Some(value), ..Self::default() }
            }
            Command::Append { key, value } => {
                Self { append: Some(key), value: Some(value), ..Self::default() }
            }
            Command::Get { key } => Self { get: Some(key), ..Self::default() },
            Command::Register { client } => Self { register: Some(client), ..Self::default() },
            Command::Configure(group) => Self::of_group(group.into()),
        };
        let client = serial.map(|serial| serial.client);
        Self { client, sequence: serial.map(|serial| serial.sequence), ..written }
    }

    /// The entry that is meant.
    pub(super) fn entry(&self) -> Result<Entry, Wrong> {
        let term = self.term.ok_or("missing field `term`")?;
        let command = match self.names() {
            0 => Command::NoOp,
            _ => self.command()?,
        };
        Ok(Entry { term, command, serial: self.serial()? })
    }

    /// How many things it names to be done.
    fn names(&self) -> usize {
        let names = [
            self.put.is_some(),
            self.swap.is_some(),
            self.append.is_some(),
            self.get.is_some(),
            self.register.is_some(),
            self.voters.is_some(),
            self.add.is_some(),
            self.remove.is_some(),
            self.learn.is_some(),
            self.transfer.is_some(),
        ];
        names.into_iter().filter(|named| *named).count()
    }

    fn command(&self) -> Result<Command, Wrong> {
        if self.names() != 1 {
            return Err(
                "one of put, swap, append, get, register, voters, add, remove, learn, transfer",
            );
        }
        if self.writes().is_none() && self.value.is_some() {
            return Err("missing field `put`");
        }
        if self.swap.is_none() && self.expected.is_some() {
            return Err("missing field `swap`");
        }
        if self.voters.is_none() && self.old.or(self.learners).is_some() {
            return Err("missing field `voters`");
        }
        let value = self.value.ok_or("missing field `value`");
        Ok(match (self.put, self.swap, self.append, self.get, self.register) {
            (Some(key), ..) => Command::Put { key, value: value? },
            (_, Some(key), ..) => Command::Swap { key, expected: self.expected, value: value? },
            (_, _, Some(key), ..) => Command::Append { key, value: value? },
            (_, _, _, Some(key), _) => Command::Get { key },
            (.., Some(client)) => Command::Register { client },
            (None, None, None, None, None) => Command::Configure(self.group()?),
        })
    }

    /// The variable that it changes.
    fn writes(&self) -> Option<Key> {
        self.put.or(self.swap).or(self.append)
    }

    fn group(&self) -> Result<Group, Wrong> {
        let voters = self.voters.ok_or("missing field `voters`")?;
        let (old, learners) = (self.old.unwrap_or_default(), self.learners.unwrap_or_default());
        let group = Configuration { voters, old, learners };
        match group.fits_an_entry() {
            true => Ok(group.into()),
            false => Err("a group that changes has at most 32 servers"),
        }
    }

    fn of_group(group: Configuration) -> Self {
        let some = |servers: Voters| (!servers.is_empty()).then_some(servers);
        let (old, learners) = (some(group.old), some(group.learners));
        Self { voters: Some(group.voters), old, learners, ..Self::default() }
    }

    /// What only a request can be: a change of the group, or a transfer.
    fn asks(&self) -> Option<Request> {
        let change = self.add.map(Change::Add);
        let change = change.or(self.remove.map(Change::Remove)).or(self.learn.map(Change::Learn));
        let change = change.or(self.voters.map(Change::Voters));
        let transfer = self.transfer.map(|to| Request::Transfer { to });
        change.map(Request::Change).or(transfer)
    }

    fn serial(&self) -> Result<Option<Serial>, Wrong> {
        match (self.client, self.sequence) {
            (None, None) => Ok(None),
            (Some(client), Some(sequence)) if self.writes().is_some() => {
                Ok(Some(Serial { client, sequence }))
            }
            (Some(_), Some(_)) => Err("client and sequence go with put, swap and append"),
            (Some(_), None) => Err("missing field `sequence`"),
            (None, Some(_)) => Err("missing field `client`"),
        }
    }
}

impl TryFrom<Written> for Request {
    type Error = Wrong;

    fn try_from(written: Written) -> Result<Self, Wrong> {
        if written.term.is_some() {
            return Err("unknown field `term`");
        }
        if written.names() == 1
            && let Some(request) = written.asks()
        {
            return Ok(request);
        }
        let command = written.command()?;
        if let Command::Get { key } = command {
            return Ok(Self::Get { key });
        }
        Ok(Self::Do { command, serial: written.serial()? })
    }
}

impl From<Request> for Written {
    fn from(request: Request) -> Self {
        match request {
            Request::Do { command, serial } => Self::of_command(command, serial),
            Request::Get { key } => Self::of_command(Command::Get { key }, None),
            Request::Change(Change::Add(server)) => Self { add: Some(server), ..Self::default() },
            Request::Change(Change::Remove(server)) => {
                Self { remove: Some(server), ..Self::default() }
            }
            Request::Change(Change::Learn(server)) => {
                Self { learn: Some(server), ..Self::default() }
            }
            Request::Change(Change::Voters(voters)) => {
                Self { voters: Some(voters), ..Self::default() }
            }
            Request::Transfer { to } => Self { transfer: Some(to), ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{put, serial};
    use super::*;

    /// A session that nobody has used yet would take it for a command that it has carried out.
    #[test]
    fn commands_of_a_session_are_counted_from_one() {
        let written = |sequence| Written {
            put: Some(Key::sample(0)),
            value: Some(9),
            client: NonZeroU32::new(7),
            sequence: NonZeroU32::new(sequence),
            ..Written::default()
        };
        let command = put(1, 9).command;
        let first = Request::Do { command, serial: Some(serial(7, 1)) };
        assert_eq!(Request::try_from(written(1)), Ok(first));
        assert_eq!(Request::try_from(written(0)), Err("missing field `sequence`"));
    }
}
