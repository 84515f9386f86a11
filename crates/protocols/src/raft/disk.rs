//! What a server keeps through a crash.

use super::log::Log;
use super::node::configurations_in;
use super::quorum::Voters;
use super::{Config, Configuration, Entries, Entry, Snapshot};
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::NodeId;
use serde::{Deserialize, Serialize, Serializer};

/// What survives a crash (Figure 2, "persistent state on all servers").
///
/// A scenario may write as little as `log = [1, 1, 4]`: the term is then that of the last entry.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "WrittenDisk")]
pub struct Disk {
    /// The latest term.
    pub current_term: u32,
    /// The vote in that term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voted_for: Option<NodeId>,
    /// What stands for the beginning of the log.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_snapshot")]
    pub snapshot: Option<Rc<Snapshot>>,
    /// The log after that.
    pub log: Log,
}

fn write_snapshot<S: Serializer>(
    snapshot: &Option<Rc<Snapshot>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    snapshot.as_deref().serialize(serializer)
}

/// A disk as a scenario writes it, before it is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDisk {
    current_term: Option<u32>,
    voted_for: Option<NodeId>,
    snapshot: Option<Snapshot>,
    #[serde(default)]
    log: Log,
}

/// The highest term a scenario may begin with; elections count on from there.
const WRITTEN_TERM_MAX: u32 = 1_000_000;

/// How many entries a written snapshot may stand for; judges remember a place for each.
const WRITTEN_SNAPSHOT_MAX: u64 = 10_000;

impl TryFrom<WrittenDisk> for Disk {
    type Error = &'static str;

    fn try_from(written: WrittenDisk) -> Result<Self, Self::Error> {
        let mut log = written.log;
        let mut before = 1;
        if let Some(snapshot) = &written.snapshot {
            if !(1..=WRITTEN_SNAPSHOT_MAX).contains(&snapshot.index) || snapshot.term == 0 {
                return Err("snapshot: index goes from 1 to 10 000, and term from 1 upwards");
            }
            log = Log::after(snapshot.last(), log);
            before = snapshot.term;
        }
        let current_term = written.current_term.unwrap_or(log.last_term());
        if current_term > WRITTEN_TERM_MAX {
            return Err("current_term: a run begins at most in term 1 000 000");
        }
        for entry in log.iter_from(0) {
            if entry.term < before {
                return Err("log: terms begin at 1 and never decrease");
            }
            before = entry.term;
        }
        if log.last_term() > current_term {
            return Err("current_term: it is not below the term of any entry");
        }
        let snapshot = written.snapshot.map(Rc::new);
        Ok(Self { current_term, voted_for: written.voted_for, snapshot, log })
    }
}

/// One change to the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// A new term, or the vote in it.
    SetTerm {
        /// What [`Disk::current_term`] becomes.
        current_term: u32,
        /// What [`Disk::voted_for`] becomes.
        voted_for: Option<NodeId>,
    },
    /// From this index on the log is these entries.
    Append {
        /// The index of the first of them; whatever was there and after it goes.
        from: u64,
        /// The entries.
        entries: Entries,
    },
    /// A snapshot takes the place of the beginning of the log.
    Snapshot(Rc<Snapshot>),
}

impl Disk {
    /// The configurations that it holds, each with its index, and before them the first one.
    pub(super) fn configurations(&self, config: &Config) -> Vec<(u64, Configuration)> {
        let everyone = Voters::first(config.servers);
        let before = self.log.before().index;
        let covered =
            self.snapshot.as_ref().map(|snapshot| snapshot.configuration.within(everyone));
        let known = covered.filter(|group| !group.voters.is_empty());
        let first = known.unwrap_or(Configuration::of_first(config.group));
        let entries: Vec<Entry> = self.log.iter_from(0).collect();
        let mut found = alloc::vec![(before, first)];
        found.extend(configurations_in((before + 1..).zip(&entries), everyone));
        found
    }

    /// The snapshot with the group in force there: whoever is sent it goes by that. A scenario need
    /// not write one, and may name servers that cannot take part.
    pub(super) fn snapshot_with(&self, configuration: Configuration) -> Option<Rc<Snapshot>> {
        let written = self.snapshot.as_ref()?;
        if written.configuration == configuration {
            return Some(written.clone());
        }
        Some(Rc::new(Snapshot { configuration, ..Snapshot::clone(written) }))
    }

    /// Makes a change durable.
    pub(super) fn write(&mut self, write: &Write) {
        match write {
            Write::SetTerm { current_term, voted_for } => {
                self.current_term = *current_term;
                self.voted_for = *voted_for;
            }
            Write::Append { from, entries } => self.log.replace(*from, entries.as_slice()),
            Write::Snapshot(snapshot) => {
                self.log.cover(snapshot.last());
                self.snapshot = Some(snapshot.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;

    fn written(current_term: Option<u32>, log: &[u32]) -> Result<Disk, &'static str> {
        Disk::try_from(WrittenDisk {
            current_term,
            voted_for: None,
            snapshot: None,
            log: log_of(log),
        })
    }

    #[test]
    fn a_disk_may_be_written_as_the_terms_of_its_entries() {
        assert_eq!(written(None, &[1, 1, 4]).map(|disk| disk.current_term), Ok(4));
        assert_eq!(written(Some(7), &[1, 1, 4]).map(|disk| disk.current_term), Ok(7));
        assert_eq!(written(None, &[]), Ok(Disk::default()));
    }

    #[test]
    fn a_disk_that_no_run_could_leave_is_refused() {
        for bad in [
            written(Some(3), &[1, 4]),
            written(None, &[4, 1]),
            written(None, &[0]),
            written(Some(1_000_001), &[]),
        ] {
            assert!(bad.is_err(), "{bad:?}");
        }
    }
}
