//! The replicated log, counted from 1 as in the paper.

use super::entry::{Entries, Entry};
use super::message::Conflict;
use faultline_kernel::SharedLog;
use serde::{Deserialize, Serialize};

/// A log. Index 0 is the place before the first entry, in term 0.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Log(SharedLog<Entry>);

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
}
