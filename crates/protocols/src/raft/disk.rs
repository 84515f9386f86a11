//! What a server keeps through a crash.

use super::Entries;
use super::log::Log;
use faultline_kernel::NodeId;
use serde::{Deserialize, Serialize};

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
    /// The log.
    pub log: Log,
}

/// A disk as a scenario writes it, before it is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDisk {
    current_term: Option<u32>,
    voted_for: Option<NodeId>,
    #[serde(default)]
    log: Log,
}

/// The highest term a scenario may begin with; elections count on from there.
const WRITTEN_TERM_MAX: u32 = 1_000_000;

impl TryFrom<WrittenDisk> for Disk {
    type Error = &'static str;

    fn try_from(written: WrittenDisk) -> Result<Self, Self::Error> {
        let current_term = written.current_term.unwrap_or(written.log.last_term());
        if current_term > WRITTEN_TERM_MAX {
            return Err("current_term: a run begins at most in term 1 000 000");
        }
        let mut before = 1;
        for entry in written.log.iter_from(1) {
            if entry.term < before {
                return Err("log: terms begin at 1 and never decrease");
            }
            before = entry.term;
        }
        if written.log.last_term() > current_term {
            return Err("current_term: it is not below the term of any entry");
        }
        Ok(Self { current_term, voted_for: written.voted_for, log: written.log })
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
}

impl Disk {
    /// Makes a change durable.
    pub(super) fn write(&mut self, write: &Write) {
        match write {
            Write::SetTerm { current_term, voted_for } => {
                self.current_term = *current_term;
                self.voted_for = *voted_for;
            }
            Write::Append { from, entries } => self.log.replace(*from, entries.as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;

    fn written(current_term: Option<u32>, log: &[u32]) -> Result<Disk, &'static str> {
        Disk::try_from(WrittenDisk { current_term, voted_for: None, log: log_of(log) })
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
