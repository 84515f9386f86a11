//! The replicated log, counted from 1 as in the paper.
//!
//! What a snapshot covers is gone from it; of that only the place of the last entry is known.

use super::entry::{Entries, Entry};
use super::message::Conflict;
use faultline_kernel::SharedLog;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A log. Index 0 is the place before the first entry, in term 0.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Log {
    before: Place,
    entries: SharedLog<Entry>,
}

/// Index and term of an entry: they name it, and with it everything before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place {
    /// The index.
    pub index: u64,
    /// The term.
    pub term: u32,
}

impl Log {
    /// The last entry that a snapshot covers: the log begins after it.
    #[must_use]
    pub fn before(&self) -> Place {
        self.before
    }

    /// Index and term of the last entry, 0 and 0 if there is none.
    #[must_use]
    pub fn last(&self) -> Place {
        Place { index: self.last_index(), term: self.last_term() }
    }

    /// The index of the last entry, 0 if there is none.
    #[must_use]
    pub fn last_index(&self) -> u64 {
        self.before.index + self.entries.len() as u64
    }

    /// The term of the last entry, 0 if there is none.
    #[must_use]
    pub fn last_term(&self) -> u32 {
        self.entries.last().map_or(self.before.term, |entry| entry.term)
    }

    /// The entry at `index`; `None` beyond the end, and where a snapshot took its place.
    #[must_use]
    pub fn entry(&self, index: u64) -> Option<Entry> {
        self.entries.get(self.place(index)?).copied()
    }

    /// The term of the entry at `index`; 0 at index 0, `None` where no entry is.
    #[must_use]
    pub fn term_at(&self, index: u64) -> Option<u32> {
        match index == self.before.index {
            true => Some(self.before.term),
            false => self.entry(index).map(|entry| entry.term),
        }
    }

    /// Whether the entry of this index and term is in the log, or under its snapshot: what a
    /// snapshot covers is committed, and the same everywhere.
    #[must_use]
    pub fn has(&self, place: Place) -> bool {
        place.index < self.before.index || self.term_at(place.index) == Some(place.term)
    }

    /// The entries from `index` on, in order.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = Entry> + '_ {
        let start = self.place(index).unwrap_or(0).min(self.entries.len());
        self.entries.iter_from(start).copied()
    }

    /// Bytes that a copy of the log does not share with it.
    pub(super) fn weight(&self) -> usize {
        self.entries.weight().0
    }

    /// At most `most` entries from `index` on.
    pub(super) fn entries(&self, index: u64, most: u32) -> Entries {
        Entries::from_iter(self.iter_from(index).take(most as usize))
    }

    /// Puts `entries` at `from`; whatever was there and after it goes.
    pub(super) fn replace(&mut self, from: u64, entries: &[Entry]) {
        let covered = (self.before.index + 1).saturating_sub(from);
        let covered = usize::try_from(covered).unwrap_or(usize::MAX);
        self.entries.truncate(self.place(from).unwrap_or(0));
        entries.iter().skip(covered).for_each(|entry| self.entries.push(*entry));
    }

    /// A snapshot takes the place of everything up to `last`. What follows stays if the log has
    /// that very entry; a log that has another one there, or none, is of no use (§7).
    pub(super) fn cover(&mut self, last: Place) {
        let fits = last.index >= self.before.index && self.has(last);
        let kept = match fits {
            true => self.iter_from(last.index + 1).collect(),
            false => SharedLog::default(),
        };
        *self = Self { before: last, entries: kept };
    }

    /// A log that begins after `before`.
    pub(super) fn after(before: Place, log: Self) -> Self {
        Self { before, ..log }
    }

    /// The first index whose term is at least `term`, one past the end if there is none.
    ///
    /// Terms never decrease along a log, so halving finds it.
    pub(super) fn first_index_of(&self, term: u32) -> u64 {
        let (mut low, mut high) = (self.before.index + 1, self.last_index() + 1);
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

    /// Where the entry of this index is kept.
    fn place(&self, index: u64) -> Option<usize> {
        usize::try_from(index.checked_sub(self.before.index + 1)?).ok()
    }
}

impl FromIterator<Entry> for Log {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { before: Place::default(), entries: SharedLog::from_iter(entries) }
    }
}

impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Log {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { before: Place::default(), entries: SharedLog::deserialize(deserializer)? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;
    use alloc::vec::Vec;

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
    fn a_snapshot_takes_the_place_of_the_beginning_and_the_rest_keeps_its_indices() {
        let mut log = log_of(&[1, 1, 2, 2]);
        log.cover(Place { index: 3, term: 2 });
        assert_eq!((log.before().index, log.last_index(), log.last_term()), (3, 4, 2));
        assert_eq!((log.term_at(2), log.term_at(3), log.term_at(4)), (None, Some(2), Some(2)));
        assert!(log.has(Place { index: 1, term: 1 }), "covered");
        log.replace(5, log_of(&[3, 3]).entries(1, 8).as_slice());
        assert_eq!((log.last_index(), log.first_index_of(3), log.first_index_of(1)), (6, 5, 4));
        log.cover(Place { index: 6, term: 4 });
        assert_eq!(log.last(), Place { index: 6, term: 4 }, "another entry stood there");
        assert_eq!(log.entry(6), None);
    }
}
