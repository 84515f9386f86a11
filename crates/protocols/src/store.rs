//! The state machine behind a replicated log: a few variables, and what clients do to them.

use crate::written::Written;
use alloc::vec::Vec;
use core::fmt;
use faultline_kernel::Label;
use serde::{Deserialize, Serialize};

/// The name of a variable: one letter, a to z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct Key(u8);

/// What a client may ask of the variables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// Nothing: it fills a slot of the log.
    NoOp,
    /// Sets a variable.
    Put {
        /// Its name.
        key: Key,
        /// What it becomes.
        value: u32,
    },
    /// Reads a variable.
    Get {
        /// Its name.
        key: Key,
    },
    /// Writes the digits of a number behind those of a variable.
    Append {
        /// Its name.
        key: Key,
        /// What is appended.
        value: u32,
    },
    /// Sets a variable if it is what the client expects (compare and set).
    Swap {
        /// Its name.
        key: Key,
        /// What the client expects; `None` if it was never set.
        expected: Option<u32>,
        /// What it becomes.
        value: u32,
    },
}

/// Which request of which client a command is.
///
/// A client has one request open at a time and numbers them. It may ask again under the same
/// number, and the command still takes effect once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Session {
    /// The client, from 1 to 16.
    pub client: u32,
    /// The number of its request.
    pub serial: u32,
}

/// What a slot of the log holds.
///
/// A scenario writes `{ put = "x", value = 9 }`, `{ append = "x", value = 3 }`, `{ get = "x" }`,
/// or, for compare and set, `{ cas = "x", expect = 9, value = 10 }`; each may add
/// `client = 1, serial = 4`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Command {
    /// What it does.
    pub operation: Operation,
    /// Who asked for it, if the client said so.
    pub session: Option<Session>,
}

/// What came of a command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is done, and this was read; `None` if the variable was never set.
    Read(Option<u32>),
    /// The variable was what the client expected, and is now what it wanted.
    Swapped,
    /// The variable was this, not what the client expected, or has no room for what it wanted to
    /// append; it stays as it was.
    Differs(Option<u32>),
}

/// The most clients with sessions.
pub(crate) const CLIENTS_MOST: u32 = 16;

/// The variables, and the last request of each client.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Store {
    /// What was set, in the order of names.
    values: Vec<(Key, u32)>,
    /// The last request of each client, and what came of it.
    sessions: Vec<(Session, Outcome)>,
    /// How often anything was set.
    writes: u64,
}

/// What is there with the digits of another number behind it. `None` if there is no room: a
/// variable is a number below 2³², and none but 0 itself begins with a 0.
pub(crate) fn appended(found: Option<u32>, value: u32) -> Option<u32> {
    match found {
        None => Some(value),
        Some(0) => None,
        Some(found) => {
            let digits = value.checked_ilog10().unwrap_or(0) + 1;
            found.checked_mul(10_u32.checked_pow(digits)?)?.checked_add(value)
        }
    }
}

impl Key {
    /// The `count`-th of x, y, z, x, y, …
    pub(crate) fn sample(count: u32) -> Self {
        match count % 3 {
            0 => Self(b'x'),
            1 => Self(b'y'),
            _ => Self(b'z'),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(char::from(self.0).encode_utf8(&mut [0; 4]))
    }
}

impl From<Key> for char {
    fn from(key: Key) -> Self {
        Self::from(key.0)
    }
}

impl TryFrom<char> for Key {
    type Error = &'static str;

    fn try_from(letter: char) -> Result<Self, Self::Error> {
        match u8::try_from(letter) {
            Ok(byte) if byte.is_ascii_lowercase() => Ok(Self(byte)),
            _ => Err("a variable is named by one letter, a to z"),
        }
    }
}

impl Command {
    /// Nothing, asked for by nobody.
    pub(crate) const NO_OP: Self = Self { operation: Operation::NoOp, session: None };

    /// In short: `x=9` sets, `x=…9` appends, `x?` reads, `x:8→9` compares and sets; a dash does
    /// nothing.
    #[must_use]
    pub fn label(self) -> Label {
        match self.operation {
            Operation::NoOp => Label::new("–"),
            Operation::Put { key, value } => Label::format(format_args!("{key}={value}")),
            Operation::Append { key, value } => Label::format(format_args!("{key}=…{value}")),
            Operation::Get { key } => Label::format(format_args!("{key}?")),
            Operation::Swap { key, expected: Some(expected), value } => {
                Label::format(format_args!("{key}:{expected}→{value}"))
            }
            Operation::Swap { key, expected: None, value } => {
                Label::format(format_args!("{key}:→{value}"))
            }
        }
    }

    /// The `count`-th that clients without wishes of their own ask for: of eight, two read, and the
    /// last is the one before once more, from a client that did not wait for its answer.
    pub(crate) fn sample(count: u32) -> Self {
        let count = count - u32::from(count % 8 == 7);
        let key = Key::sample(count);
        let operation = match count % 8 {
            2 | 5 => Operation::Get { key },
            _ => Operation::Put { key, value: count.saturating_add(1) },
        };
        let client = 1 + count % 8;
        Self { operation, session: Some(Session { client, serial: count / 8 }) }
    }
}

impl Store {
    /// What a variable is; `None` if it was never set.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<u32> {
        self.place(key).ok().map(|place| self.values[place].1)
    }

    /// Whether the command was applied before, or comes after a later one of the same client.
    pub(crate) fn knows(&self, command: Command) -> bool {
        let last = command.session.and_then(|session| self.last(session.client));
        last.zip(command.session).is_some_and(|((last, _), session)| session.serial <= last.serial)
    }

    /// Applies a command; `None` if the client has gone on to a later one since. Asked for again
    /// it says again what came of it, unless, to break the rule, nobody looks.
    pub(crate) fn apply(&mut self, command: Command, look: bool) -> Option<Outcome> {
        if look && self.knows(command) {
            let (last, outcome) = self.last(command.session?.client)?;
            return (Some(last) == command.session).then_some(outcome);
        }
        let outcome = self.operate(command.operation);
        if let Some(session) = command.session {
            self.sessions.retain(|(last, _)| last.client != session.client);
            self.sessions.push((session, outcome));
            self.sessions.sort_unstable();
        }
        Some(outcome)
    }

    /// The variables that were set, in the order of their names.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (Key, u32)> + '_ {
        self.values.iter().copied()
    }

    /// How often any variable was set.
    pub(crate) fn writes(&self) -> u64 {
        self.writes
    }

    /// As many variables as fit into a label.
    pub(crate) fn label(&self) -> Label {
        struct All<'a>(&'a Store);
        impl fmt::Display for All<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut values = self.0.values.iter();
                values.try_for_each(|(key, value)| write!(f, "{key}={value} "))
            }
        }
        let all = Label::format(format_args!("{}", All(self)));
        Label::new(all.as_str().trim_end())
    }

    /// Bytes that a copy of it takes beside its own size.
    pub(crate) fn weight(&self) -> usize {
        self.values.capacity() * size_of::<(Key, u32)>()
            + self.sessions.capacity() * size_of::<(Session, Outcome)>()
    }

    fn operate(&mut self, operation: Operation) -> Outcome {
        match operation {
            Operation::NoOp => Outcome::Done,
            Operation::Get { key } => Outcome::Read(self.get(key)),
            Operation::Put { key, value } => {
                self.set(key, value);
                Outcome::Done
            }
            Operation::Append { key, value } => match appended(self.get(key), value) {
                Some(longer) => {
                    self.set(key, longer);
                    Outcome::Done
                }
                None => Outcome::Differs(self.get(key)),
            },
            Operation::Swap { key, expected, value } if self.get(key) == expected => {
                self.set(key, value);
                Outcome::Swapped
            }
            Operation::Swap { key, .. } => Outcome::Differs(self.get(key)),
        }
    }

    fn set(&mut self, key: Key, value: u32) {
        self.writes += 1;
        match self.place(key) {
            Ok(place) => self.values[place].1 = value,
            Err(place) => self.values.insert(place, (key, value)),
        }
    }

    fn place(&self, key: Key) -> Result<usize, usize> {
        self.values.binary_search_by_key(&key, |(known, _)| *known)
    }

    fn last(&self, client: u32) -> Option<(Session, Outcome)> {
        self.sessions.iter().find(|(last, _)| last.client == client).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: Key = Key(b'x');

    fn plain(operation: Operation) -> Command {
        Command { operation, session: None }
    }

    fn put(value: u32, client: u32, serial: u32) -> Command {
        let operation = Operation::Put { key: X, value };
        Command { operation, session: Some(Session { client, serial }) }
    }

    #[test]
    fn a_variable_is_set_read_and_compared() {
        let mut store = Store::default();
        let mut apply = |operation| store.apply(plain(operation), true);
        assert_eq!(apply(Operation::Get { key: X }), Some(Outcome::Read(None)));
        let swap = |expected, value| Operation::Swap { key: X, expected, value };
        assert_eq!(apply(swap(Some(1), 2)), Some(Outcome::Differs(None)));
        assert_eq!(apply(swap(None, 2)), Some(Outcome::Swapped));
        assert_eq!(apply(Operation::Put { key: X, value: 3 }), Some(Outcome::Done));
        assert_eq!(apply(Operation::Get { key: X }), Some(Outcome::Read(Some(3))));
        assert_eq!(store.label().as_str(), "x=3");
    }

    #[test]
    fn digits_are_appended_as_long_as_there_is_room() {
        let found = [None, Some(0), Some(12), Some(12), Some(429_496_729)];
        let became = |(found, value)| appended(found, value);
        let all = found.into_iter().zip([7, 7, 0, 345, 6]).map(became);
        assert!(all.eq([Some(7), None, Some(120), Some(12_345), None]));
        let mut store = Store::default();
        let append = |serial| Command {
            operation: Operation::Append { key: X, value: 7 },
            session: Some(Session { client: 1, serial }),
        };
        for (serial, look) in [(1, true), (1, true), (2, true), (2, false)] {
            store.apply(append(serial), look);
        }
        assert_eq!(store.get(X), Some(777), "the last one twice, since nobody looked");
    }

    #[test]
    fn a_request_takes_effect_once_however_often_it_is_asked_for() {
        let mut store = Store::default();
        assert_eq!(store.apply(put(1, 1, 1), true), Some(Outcome::Done));
        assert_eq!(store.apply(put(2, 2, 1), true), Some(Outcome::Done));
        assert_eq!(store.apply(put(1, 1, 1), true), Some(Outcome::Done), "said again");
        assert_eq!(store.get(X), Some(2), "not done again");
        store.apply(put(3, 1, 2), true);
        assert_eq!(store.apply(put(1, 1, 1), true), None, "the client has gone on");
        store.apply(put(1, 1, 1), false);
        assert_eq!(store.get(X), Some(1), "unless nobody looks");
    }
}
