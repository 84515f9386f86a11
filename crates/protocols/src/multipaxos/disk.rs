//! What survives a crash: the promise, and the log with what was made of its forgotten part.

use super::log::{Log, OPEN_MOST, Vote, Votes};
use crate::ballot::Ballot;
use crate::store::{Command, Key, Operation, Store};
use alloc::rc::Rc;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The disk. What an acceptor promised and accepted must survive (Paxos made simple §2.5); that a
/// server also keeps what it learnt spares it to ask again.
///
/// A scenario may begin with `promised = 3` and
/// `accepted = [{ slot = 1, ballot = 2, put = "x", value = 9 }]`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "WrittenDisk")]
pub struct Disk {
    /// The acceptor's promise. It is the server's own ballot as well, if that is the highest.
    pub promised: Ballot,
    /// What it accepted, and what it knows to be chosen.
    #[serde(skip)]
    pub log: Log,
    /// The variables after the slots that the log has forgotten.
    #[serde(skip)]
    pub store: Rc<Store>,
}

/// One change to the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Nothing lower than this ballot will be accepted.
    Promise(Ballot),
    /// A vote for a slot.
    Accept {
        /// Which slot.
        slot: u64,
        /// Ballot and command.
        vote: Vote,
    },
    /// These are chosen.
    Choose {
        /// The slot of the first of them.
        first: u64,
        /// The commands.
        votes: Votes,
    },
    /// The variables stand for every slot up to here, which are forgotten.
    Snapshot {
        /// The last slot that is forgotten.
        upto: u64,
        /// The variables.
        store: Rc<Store>,
    },
}

impl Disk {
    /// Makes a change durable.
    pub(super) fn write(&mut self, write: &Write) {
        match write {
            Write::Promise(ballot) => self.promised = *ballot,
            Write::Accept { slot, vote } => {
                self.log.accept(*slot, *vote);
            }
            Write::Choose { first, votes } => self.log.choose(*first, votes),
            Write::Snapshot { upto, store } => {
                self.log.collect(*upto);
                self.store = Rc::clone(store);
            }
        }
    }
}

/// A disk as a scenario writes it, before it is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDisk {
    promised: Option<Ballot>,
    #[serde(default)]
    accepted: Vec<WrittenVote>,
}

/// A vote as a scenario writes it; without `put` for a command that does nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVote {
    slot: u64,
    ballot: Ballot,
    put: Option<Key>,
    #[serde(default)]
    value: u32,
}

/// The highest ballot a scenario may begin with; the next ones count on from there.
const WRITTEN_BALLOT_MAX: Ballot = Ballot(1_000_000);

impl TryFrom<WrittenDisk> for Disk {
    type Error = &'static str;

    fn try_from(written: WrittenDisk) -> Result<Self, Self::Error> {
        let mut log = Log::default();
        for WrittenVote { slot, ballot, put, value } in &written.accepted {
            let operation =
                put.map_or(Operation::NoOp, |key| Operation::Put { key, value: *value });
            let command = Command { operation, session: None };
            if *ballot == Ballot::NONE {
                return Err("accepted: ballots begin at 1");
            }
            if !(1..=OPEN_MOST).contains(slot) {
                return Err("accepted: slots go from 1 to 64");
            }
            log.accept(*slot, Vote { ballot: *ballot, command });
        }
        let voted = log.accepted().map(|(_, vote)| vote.ballot).max().unwrap_or_default();
        let promised = written.promised.unwrap_or(voted);
        if promised > WRITTEN_BALLOT_MAX {
            return Err("a run begins at most with ballot 1 000 000");
        }
        if promised < voted {
            return Err("promised: it is not below the ballot of what was accepted");
        }
        Ok(Self { promised, log, store: Rc::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(promised: Option<u64>, accepted: &[(u64, u64)]) -> Result<Disk, &'static str> {
        let vote = |(slot, ballot): &(u64, u64)| WrittenVote {
            slot: *slot,
            ballot: Ballot(*ballot),
            put: None,
            value: 0,
        };
        let accepted = accepted.iter().map(vote).collect();
        Disk::try_from(WrittenDisk { promised: promised.map(Ballot), accepted })
    }

    #[test]
    fn what_was_accepted_was_promised() {
        let disk = written(None, &[(3, 2), (1, 1)]).expect("it is sound");
        assert_eq!((disk.promised, disk.log.chosen(), disk.log.last()), (Ballot(2), 0, 3));
        assert_eq!(written(Some(5), &[(1, 3)]).map(|disk| disk.promised), Ok(Ballot(5)));
        assert_eq!(written(None, &[]), Ok(Disk::default()));
    }

    #[test]
    fn a_disk_that_no_run_could_leave_is_refused() {
        for bad in [
            written(Some(2), &[(1, 3)]),
            written(None, &[(1, 0)]),
            written(None, &[(0, 1)]),
            written(None, &[(65, 1)]),
            written(Some(1_000_001), &[]),
        ] {
            assert!(bad.is_err(), "{bad:?}");
        }
    }
}
