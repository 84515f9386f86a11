//! What the log is made of: entries, and the commands in them.

use super::Configuration;
use super::quorum::Voters;
use super::written::Written;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt;
use core::num::NonZeroU32;
use faultline_kernel::Label;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One entry.
///
/// A scenario writes `{ term = 3, put = "x", value = 9 }`, or only the term: `3` is an entry of
/// term 3 that does nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entry {
    /// The term of the leader that wrote it first.
    pub term: u32,
    /// What it does to the state machine.
    pub command: Command,
    /// Which command of which session it is, if it belongs to one (diss. §6.3).
    pub serial: Option<Serial>,
}

/// What an entry does to the state machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Command {
    /// Nothing: a new leader writes one, to commit what came before it (§8).
    NoOp,
    /// Sets a variable.
    Put {
        /// Its name.
        key: Key,
        /// What it becomes.
        value: u32,
    },
    /// Sets a variable if it is what the client expects.
    Swap {
        /// Its name.
        key: Key,
        /// What it must be; `None`: never set.
        expected: Option<u32>,
        /// What it becomes.
        value: u32,
    },
    /// Writes the digits of a number behind those of a variable.
    Append {
        /// Its name.
        key: Key,
        /// What is appended.
        value: u32,
    },
    /// Reads a variable, in its turn among all commands.
    Get {
        /// Its name.
        key: Key,
    },
    /// Opens a session (diss. §6.3).
    Register {
        /// Whose.
        client: NonZeroU32,
    },
    /// From here on this is the group (§6; diss. §4.1).
    Configure(Group),
}

/// A configuration in an entry: one bit for each of the first 32 servers. Larger groups cannot
/// change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Group {
    voters: u32,
    old: u32,
    learners: u32,
}

/// Names a command of a session: whoever sends it again sends the same numbers (diss. §6.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Serial {
    /// Whose session.
    pub client: NonZeroU32,
    /// The how-manieth command of it, counted from 1: a session begins with none carried out.
    pub sequence: NonZeroU32,
}

/// The name of a variable: one letter, a to z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct Key(u8);

/// Some entries on their way; copies share them, and none take no memory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Entries(Option<Rc<[Entry]>>);

impl Entries {
    /// The entries.
    #[must_use]
    pub fn as_slice(&self) -> &[Entry] {
        self.0.as_deref().unwrap_or_default()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.as_slice().len() as u64
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// All but the first `count`; shares them when that is all of them.
    pub(super) fn without_first(&self, count: u64) -> Self {
        if count == 0 {
            return self.clone();
        }
        let skipped = usize::try_from(count).unwrap_or(usize::MAX);
        self.as_slice().iter().skip(skipped).copied().collect()
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let entries: Vec<Entry> = entries.into_iter().collect();
        Self((!entries.is_empty()).then(|| entries.into()))
    }
}

impl Entry {
    /// An entry without a session.
    pub(super) fn new(term: u32, command: Command) -> Self {
        Self { term, command, serial: None }
    }

    /// In short: `x=9`, and `x=9 #2` for the second command of a session.
    #[must_use]
    pub fn label(&self) -> Label {
        let label = self.command.label();
        match self.serial {
            None => label,
            Some(serial) => Label::format(format_args!("{label} #{}", serial.sequence)),
        }
    }
}

impl Command {
    /// In short: `x=9`; a dash for an entry that does nothing.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Self::NoOp => Label::new("–"),
            Self::Put { key, value } => Label::format(format_args!("{key}={value}")),
            Self::Swap { key, expected: Some(expected), value } => {
                Label::format(format_args!("{key}:{expected}→{value}"))
            }
            Self::Swap { key, expected: None, value } => {
                Label::format(format_args!("{key}:–→{value}"))
            }
            Self::Append { key, value } => Label::format(format_args!("{key}=…{value}")),
            Self::Get { key } => Label::format(format_args!("{key}?")),
            Self::Register { client } => Label::format(format_args!("client {client}")),
            Self::Configure(group) => group.label(),
        }
    }
}

impl Command {
    /// The configuration, if it is one.
    pub(super) fn configuration(self) -> Option<Configuration> {
        match self {
            Self::Configure(group) => Some(group.into()),
            Self::NoOp
            | Self::Put { .. }
            | Self::Swap { .. }
            | Self::Append { .. }
            | Self::Get { .. }
            | Self::Register { .. } => None,
        }
    }
}

impl From<Configuration> for Group {
    fn from(group: Configuration) -> Self {
        Self { voters: group.voters.word(), old: group.old.word(), learners: group.learners.word() }
    }
}

impl From<Group> for Configuration {
    fn from(group: Group) -> Self {
        Self {
            voters: Voters::of_word(group.voters),
            old: Voters::of_word(group.old),
            learners: Voters::of_word(group.learners),
        }
    }
}

impl Group {
    /// In short: `123`; `123→145` while the group changes; `123+4` with a learner.
    fn label(self) -> Label {
        let group = Configuration::from(self);
        let learners = if group.learners.is_empty() { "" } else { "+" };
        let (voters, learning) = (Names(group.voters), Names(group.learners));
        match group.is_joint() {
            true => {
                Label::format(format_args!("{}→{voters}{learners}{learning}", Names(group.old)))
            }
            false => Label::format(format_args!("{voters}{learners}{learning}")),
        }
    }
}

/// The numbers of some servers: `145`, and `1–4,11` where one has two digits.
struct Names(Voters);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = || self.0.iter().map(|server| server.0 + 1);
        if numbers().all(|number| number < 10) {
            return numbers().try_for_each(|number| write!(f, "{number}"));
        }
        let (mut numbers, mut comma) = (numbers().peekable(), "");
        while let Some(first) = numbers.next() {
            let mut last = first;
            while let Some(next) = numbers.next_if_eq(&(last + 1)) {
                last = next;
            }
            match last - first {
                0 => write!(f, "{comma}{first}")?,
                1 => write!(f, "{comma}{first},{last}")?,
                _ => write!(f, "{comma}{first}–{last}")?,
            }
            comma = ",";
        }
        Ok(())
    }
}

impl Key {
    /// The `count`-th of x, y, z, x, y, …
    pub(super) const fn sample(count: u32) -> Self {
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

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::new(self.term, Command::NoOp) {
            return serializer.serialize_u32(self.term);
        }
        Written::of_entry(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenEntry)
    }
}

/// Reads an entry out of a scenario.
struct WrittenEntry;

impl<'de> Visitor<'de> for WrittenEntry {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a term, or an entry such as { term = 3, put = \"x\", value = 9 }")
    }

    fn visit_u64<E: Error>(self, term: u64) -> Result<Entry, E> {
        let term = u32::try_from(term).map_err(|_| E::custom("a term is below 2³²"))?;
        Ok(Entry::new(term, Command::NoOp))
    }

    fn visit_i64<E: Error>(self, term: i64) -> Result<Entry, E> {
        let term = u64::try_from(term).map_err(|_| E::custom("a term is not negative"))?;
        self.visit_u64(term)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
        let written = Written::deserialize(MapAccessDeserializer::new(map))?;
        written.entry().map_err(A::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;

    #[test]
    fn no_entries_take_no_memory() {
        let log = log_of(&[1, 2]);
        assert_eq!(log.entries(3, 8), Entries::default());
        assert_eq!(log.entries(1, 1).count(), 1);
        assert_eq!(log.entries(1, 8).without_first(2), Entries::default());
    }

    #[test]
    fn a_variable_is_one_small_letter() {
        let ok = ['a', 'z', 'A', 'é', '1'].map(|letter| Key::try_from(letter).is_ok());
        assert_eq!(ok, [true, true, false, false, false]);
    }
}
