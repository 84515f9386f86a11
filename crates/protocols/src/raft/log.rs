//! The replicated log, counted from 1 as in the paper.

use super::message::Conflict;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use faultline_kernel::{Label, SharedLog};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A log. Index 0 is the place before the first entry, in term 0.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Log(SharedLog<Entry>);

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
}

/// The name of a variable: one letter, a to z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct Key(u8);

/// Some entries on their way; copies share them, and none take no memory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Entries(Option<Rc<[Entry]>>);

impl Log {
    /// The index of the last entry, 0 if there is none.
    #[must_use]
    pub fn last_index(&self) -> u64 {
        self.0.len() as u64
    }

    /// The term of the last entry, 0 if there is none.
    #[must_use]
    pub fn last_term(&self) -> u32 {
        self.0.last().map_or(0, |entry| entry.term)
    }

    /// The entry at `index`.
    #[must_use]
    pub fn entry(&self, index: u64) -> Option<Entry> {
        self.0.get(place(index)?).copied()
    }

    /// The term of the entry at `index`; 0 at index 0, `None` beyond the end.
    #[must_use]
    pub fn term_at(&self, index: u64) -> Option<u32> {
        match index {
            0 => Some(0),
            _ => self.entry(index).map(|entry| entry.term),
        }
    }

    /// The entries from `index` on, in order.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = Entry> + '_ {
        let start = place(index).unwrap_or(0).min(self.0.len());
        self.0.iter_from(start).copied()
    }

    /// Bytes that a copy of the log does not share with it.
    pub(super) fn weight(&self) -> usize {
        self.0.weight().0
    }

    /// At most `most` entries from `index` on.
    pub(super) fn entries(&self, index: u64, most: u32) -> Entries {
        Entries::from_iter(self.iter_from(index).take(most as usize))
    }

    /// Puts `entries` at `from`; whatever was there and after it goes.
    pub(super) fn replace(&mut self, from: u64, entries: &[Entry]) {
        self.0.truncate(place(from).unwrap_or(0));
        entries.iter().for_each(|entry| self.0.push(*entry));
    }

    /// The first index whose term is at least `term`, one past the end if there is none.
    ///
    /// Terms never decrease along a log, so halving finds it.
    pub(super) fn first_index_of(&self, term: u32) -> u64 {
        let (mut low, mut high) = (1, self.last_index() + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.term_at(middle) {
                Some(found) if found < term => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// What a follower tells a leader whose entry at `index` is not in its log (§5.3).
    pub(super) fn conflict_at(&self, index: u64) -> Conflict {
        match self.term_at(index) {
            None => Conflict { term: None, index: self.last_index() + 1 },
            Some(term) => Conflict { term: Some(term), index: self.first_index_of(term) },
        }
    }
}

/// Where the entry of this index is kept.
fn place(index: u64) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self(SharedLog::from_iter(entries))
    }
}

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

impl Command {
    /// In short: `x=9`; a dash for an entry that does nothing.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Self::NoOp => Label::new("–"),
            Self::Put { key, value } => Label::format(format_args!("{key}={value}")),
        }
    }
}

impl Key {
    /// The `count`-th of x, y, z, x, y, …
    pub(super) fn sample(count: u32) -> Self {
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
        match self.command {
            Command::NoOp => serializer.serialize_u32(self.term),
            Command::Put { key, value } => {
                let mut entry = serializer.serialize_struct("Entry", 3)?;
                entry.serialize_field("term", &self.term)?;
                entry.serialize_field("put", &key)?;
                entry.serialize_field("value", &value)?;
                entry.end()
            }
        }
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
        Ok(Entry { term, command: Command::NoOp })
    }

    fn visit_i64<E: Error>(self, term: i64) -> Result<Entry, E> {
        let term = u64::try_from(term).map_err(|_| E::custom("a term is not negative"))?;
        self.visit_u64(term)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let (mut term, mut put, mut value) = (None, None, None);
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "term" => term = Some(map.next_value()?),
                "put" => put = Some(map.next_value()?),
                "value" => value = Some(map.next_value()?),
                other => return Err(A::Error::unknown_field(other, &["term", "put", "value"])),
            }
        }
        let command = match (put, value) {
            (Some(key), Some(value)) => Command::Put { key, value },
            (None, None) => Command::NoOp,
            (Some(_), None) => return Err(A::Error::missing_field("value")),
            (None, Some(_)) => return Err(A::Error::missing_field("put")),
        };
        let term = term.ok_or_else(|| A::Error::missing_field("term"))?;
        Ok(Entry { term, command })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;
    use alloc::vec;

    #[test]
    fn the_first_index_of_a_term_is_found_by_halving() {
        let log = log_of(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
        let found: Vec<u64> = (1..8).map(|term| log.first_index_of(term)).collect();
        assert_eq!(found, [1, 4, 4, 4, 6, 8, 11]);
        assert_eq!(Log::default().first_index_of(3), 1);
    }

    #[test]
    fn replacing_in_the_middle_drops_the_rest() {
        let mut log = log_of(&[1, 1, 2, 2]);
        log.replace(3, log_of(&[3]).entries(1, 8).as_slice());
        assert_eq!(log, log_of(&[1, 1, 3]));
        assert_eq!(log.term_at(0), Some(0));
        assert_eq!(log.term_at(4), None);
    }

    #[test]
    fn no_entries_take_no_memory() {
        let log = log_of(&[1, 2]);
        assert_eq!(log.entries(3, 8), Entries::default());
        assert_eq!(log.entries(1, 1).count(), 1);
        assert_eq!(log.entries(1, 8).without_first(2), Entries::default());
    }

    #[test]
    fn a_variable_is_one_small_letter() {
        let ok: Vec<bool> = vec!['a', 'z', 'A', 'é', '1']
            .into_iter()
            .map(|letter| Key::try_from(letter).is_ok())
            .collect();
        assert_eq!(ok, [true, true, false, false, false]);
    }
}
