//! A snapshot as it travels: cut into chunks (Figure 13; diss. Figure 5.3).
//!
//! The paper counts bytes of a file. Here the file is a row of records, the same wherever the same
//! entries were applied, and offsets count those.

use super::log::Place;
use super::machine::Session;
use super::{Configuration, Key, Machine, Snapshot};
use alloc::vec::Vec;
use core::num::NonZeroU32;
use faultline_kernel::{Label, SharedLog};

/// One thing that a state machine remembers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Record {
    /// What belongs to nothing else; the first record of every snapshot.
    Totals {
        /// [`Machine::closed`].
        closed: u32,
        /// [`Machine::changes`].
        changes: u64,
    },
    /// A variable.
    Variable {
        /// Its name.
        key: Key,
        /// What it is.
        value: u32,
    },
    /// A session.
    Session {
        /// Whose.
        client: NonZeroU32,
        /// What is kept of it.
        session: Session,
    },
}

/// A piece of a snapshot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Chunk {
    /// The last entry that the snapshot covers.
    pub last: Place,
    /// The configuration in force at that entry.
    pub configuration: Configuration,
    /// How many records come before these.
    pub offset: u32,
    /// The records: at least one, and at most as many as the knob says.
    pub records: Vec<Record>,
    /// Whether these are the last.
    pub done: bool,
}

/// As much of a snapshot as a follower has been sent.
///
/// It is kept in memory. The paper writes a file, saves it when it is whole and lets nobody rely on
/// it before; so a disk would have to hear of every chunk, and the reply would have to wait for
/// that, only to spare a server that crashes in between a few messages. After a crash it has no
/// part of it, says so, and is sent the snapshot from its beginning.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Partial {
    /// The term of the leader that sends it: another leader's may be cut differently.
    pub term: u32,
    /// The last entry that the snapshot covers.
    pub last: Place,
    /// Its records up to now.
    pub records: SharedLog<Record>,
}

impl Chunk {
    /// Whether it is a whole snapshot.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.offset == 0 && self.done
    }

    /// Up to which record the snapshot is there once these have been added.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.offset + count(self.records.len())
    }
}

impl Partial {
    /// How many records are there.
    #[must_use]
    pub fn stored(&self) -> u32 {
        count(self.records.len())
    }

    /// Adds what is new of a chunk that begins where the records end, or before.
    pub(super) fn add(&mut self, chunk: &Chunk) {
        let known = (self.stored() - chunk.offset) as usize;
        chunk.records.iter().skip(known).for_each(|record| self.records.push(*record));
    }

    /// The snapshot that they are, once they are all there.
    pub(super) fn whole(&self, configuration: Configuration) -> Snapshot {
        let Place { index, term } = self.last;
        let machine = Machine::of_records(self.records.iter());
        Snapshot { index, term, machine, configuration }
    }
}

impl Snapshot {
    /// The chunk that begins after `offset` records, with at most `most` of them; 0: all.
    pub(super) fn chunk(&self, offset: u32, most: u32) -> Chunk {
        let mut records = self.machine.records();
        let count = match most {
            0 => usize::MAX,
            most => most as usize,
        };
        let rest = records.split_off(records.len().min(offset as usize));
        let done = rest.len() <= count;
        let records = rest.into_iter().take(count).collect();
        Chunk { last: self.last(), configuration: self.configuration, offset, records, done }
    }
}

impl Machine {
    /// How many records it is.
    pub(super) fn size(&self) -> u32 {
        count(1 + self.variables.len() + self.sessions.len())
    }

    fn records(&self) -> Vec<Record> {
        let totals = Record::Totals { closed: self.closed, changes: self.changes };
        let variables =
            self.variables.iter().map(|(key, value)| Record::Variable { key: *key, value: *value });
        let sessions = self
            .sessions
            .iter()
            .map(|(client, session)| Record::Session { client: *client, session: *session });
        core::iter::once(totals).chain(variables).chain(sessions).collect()
    }

    fn of_records<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        let mut machine = Self::default();
        for record in records {
            match *record {
                Record::Totals { closed, changes } => {
                    (machine.closed, machine.changes) = (closed, changes);
                }
                Record::Variable { key, value } => {
                    machine.variables.insert(key, value);
                }
                Record::Session { client, session } => {
                    machine.sessions.insert(client, session);
                }
            }
        }
        machine
    }
}

impl Record {
    /// In short: `x=9`, `7 #2` for a session and its latest command, `Σ 5` for the changes in all.
    pub(super) fn label(self) -> Label {
        match self {
            Self::Totals { changes, .. } => Label::format(format_args!("Σ {changes}")),
            Self::Variable { key, value } => Label::format(format_args!("{key}={value}")),
            Self::Session { client, session } => {
                Label::format(format_args!("{client} #{}", session.sequence))
            }
        }
    }
}

/// A state machine has a few dozen records at most.
fn count(records: usize) -> u32 {
    u32::try_from(records).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{client, put};
    use super::super::{Command, Entry};
    use super::*;

    /// A snapshot of four records: the totals, two variables and a session.
    fn snapshot() -> Snapshot {
        let mut machine = Machine::default();
        let register = Entry::new(1, Command::Register { client: client(7) });
        let other = Entry::new(1, Command::Put { key: Key::sample(1), value: 8 });
        for (index, entry) in (1..).zip([register, put(1, 5), other]) {
            machine.apply(index, &entry, false);
        }
        let configuration = Configuration::of_first(3);
        Snapshot { index: 3, term: 1, machine, configuration }
    }

    /// The snapshot that comes of all chunks of this size, and how many there were.
    fn sent_in_chunks(snapshot: &Snapshot, most: u32) -> (Snapshot, u32) {
        let records = SharedLog::default();
        let mut partial = Partial { term: 1, last: snapshot.last(), records };
        for number in 1.. {
            let chunk = snapshot.chunk(partial.stored(), most);
            partial.add(&chunk);
            assert_eq!(chunk.end(), partial.stored());
            if chunk.done {
                return (partial.whole(chunk.configuration), number);
            }
        }
        unreachable!("every chunk has a record");
    }

    #[test]
    fn however_it_is_cut_the_same_snapshot_arrives() {
        let whole = snapshot();
        assert_eq!(whole.machine.size(), 4);
        for (most, chunks) in [(0, 1), (1, 4), (2, 2), (3, 2), (4, 1), (64, 1)] {
            assert_eq!(sent_in_chunks(&whole, most), (whole.clone(), chunks), "{most} at a time");
        }
        assert!(whole.chunk(0, 0).is_whole() && !whole.chunk(2, 0).is_whole());
        let empty = Snapshot::default();
        assert_eq!(sent_in_chunks(&empty, 1), (empty.clone(), 1));
    }

    #[test]
    fn of_a_chunk_that_overlaps_only_what_is_new_is_added() {
        let whole = snapshot();
        let mut partial = Partial { term: 1, last: whole.last(), records: SharedLog::default() };
        partial.add(&whole.chunk(0, 2));
        partial.add(&whole.chunk(1, 2));
        partial.add(&whole.chunk(0, 2));
        assert_eq!(partial.stored(), 3);
        partial.add(&whole.chunk(3, 2));
        assert_eq!(partial.whole(whole.configuration), whole);
    }
}
