//! What a node remembers, and what it keeps through a crash.

use crate::ballot::{Ballot, Decree, Vote};
use crate::quorum::{Acceptors, Quorum};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, RequestId, Time, TimerName};
use serde::{Deserialize, Serialize};

/// Memory: one part for each role that the node plays.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// What it knows as a proposer.
    pub proposer: Option<Proposer>,
    /// What it knows as an acceptor.
    pub acceptor: Option<Acceptor>,
    /// What it knows as a learner.
    pub learner: Option<Learner>,
    /// What is chosen, once it knows.
    pub chosen: Option<Vote>,
}

/// A proposer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Proposer {
    /// Its last ballot. The part-time parliament calls it lastTried.
    pub tried: Ballot,
    /// The highest ballot of anybody that it has heard of.
    pub heard: Ballot,
    /// The value it would propose if it is free to.
    pub wish: Option<Decree>,
    /// The clients that wait, each with what it asked for.
    pub clients: Vec<(RequestId, Decree)>,
    /// How far its ballot is.
    pub attempt: Attempt,
    /// When it began to wait for what it waits for, by its own clock.
    pub waiting_since: Time,
    /// When it last heard from each better placed proposer, by its own clock.
    pub alive: BTreeMap<NodeId, Time>,
}

/// How far a proposer's ballot is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Attempt {
    /// Nobody asked for anything, or all is done.
    Idle,
    /// Phase 1: it gathers promises.
    Preparing {
        /// Who promised.
        promised: Acceptors,
        /// The highest vote that it was told of.
        reported: Option<Vote>,
        /// How many promises are enough.
        quorum: Quorum,
    },
    /// Phase 2: it gathers acceptances.
    Proposing {
        /// What it proposes.
        value: Decree,
        /// Who accepted.
        accepted: Acceptors,
        /// How many acceptances are enough.
        quorum: Quorum,
    },
    /// An acceptor has promised a higher ballot; it will try again.
    Beaten {
        /// Which acceptor said so.
        by: NodeId,
    },
    /// Another leads; it has passed its wish on and waits.
    Deferring {
        /// Who leads, as far as it knows.
        to: NodeId,
    },
}

/// An acceptor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Acceptor {
    /// It accepts nothing in a lower ballot.
    pub promised: Ballot,
    /// What it accepted last.
    pub accepted: Option<Vote>,
}

/// A learner.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Learner {
    /// The last acceptance heard from each acceptor.
    pub heard: BTreeMap<NodeId, Vote>,
    /// How many acceptances are enough.
    pub quorum: Quorum,
}

impl Node {
    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        let clients = self.proposer.as_ref().map_or(0, |proposer| proposer.clients.capacity());
        let heard = self.learner.as_ref().map_or(0, |learner| learner.heard.len());
        let alive = self.proposer.as_ref().map_or(0, |proposer| proposer.alive.len());
        alive * size_of::<(NodeId, Time)>()
            + clients * size_of::<(RequestId, Decree)>()
            + heard * size_of::<(NodeId, Vote)>()
    }

    /// What it proposes just now, in phase 2.
    pub(super) fn proposal(&self) -> Option<Vote> {
        let proposer = self.proposer.as_ref()?;
        match proposer.attempt {
            Attempt::Proposing { value, .. } => Some(Vote { ballot: proposer.tried, value }),
            Attempt::Idle
            | Attempt::Preparing { .. }
            | Attempt::Beaten { .. }
            | Attempt::Deferring { .. } => None,
        }
    }
}

impl Learner {
    /// The acceptors of which it heard this last.
    pub(super) fn agree(&self, vote: Vote) -> Acceptors {
        let agree = self.heard.iter().filter(|(_, heard)| **heard == vote);
        agree.map(|(acceptor, _)| *acceptor).collect()
    }
}

/// What survives a crash: for a proposer its last ballot, for an acceptor what it promised and
/// accepted ("stable storage … is used to maintain the information that the acceptor must
/// remember", Paxos made simple §2.5). A learner keeps nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "WrittenDisk")]
pub struct Disk {
    /// The proposer's last ballot.
    #[serde(skip_serializing_if = "is_none")]
    pub tried: Ballot,
    /// The acceptor's promise.
    #[serde(skip_serializing_if = "is_none")]
    pub promised: Ballot,
    /// What the acceptor accepted last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Vote>,
}

fn is_none(ballot: &Ballot) -> bool {
    *ballot == Ballot::NONE
}

/// A disk as a scenario writes it, before it is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDisk {
    #[serde(default)]
    tried: Ballot,
    promised: Option<Ballot>,
    accepted: Option<Vote>,
}

/// The highest ballot a scenario may begin with; the next ones count on from there.
const WRITTEN_BALLOT_MAX: Ballot = Ballot(1_000_000);

impl TryFrom<WrittenDisk> for Disk {
    type Error = &'static str;

    fn try_from(written: WrittenDisk) -> Result<Self, Self::Error> {
        let WrittenDisk { tried, promised, accepted } = written;
        let voted = accepted.map_or(Ballot::NONE, |vote| vote.ballot);
        let promised = promised.unwrap_or(voted);
        if tried.max(promised) > WRITTEN_BALLOT_MAX {
            return Err("a run begins at most with ballot 1 000 000");
        }
        if accepted.is_some() && voted == Ballot::NONE {
            return Err("accepted: ballots begin at 1");
        }
        if promised < voted {
            return Err("promised: it is not below the ballot of what was accepted");
        }
        Ok(Self { tried, promised, accepted })
    }
}

/// One change to the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// A proposer begins a ballot.
    Try(Ballot),
    /// An acceptor promises a ballot.
    Promise(Ballot),
    /// An acceptor accepts, which is a promise as well.
    Accept(Vote),
}

impl Disk {
    /// Makes a change durable.
    pub(super) fn write(&mut self, write: &Write) {
        match write {
            Write::Try(ballot) => self.tried = *ballot,
            Write::Promise(ballot) => self.promised = *ballot,
            Write::Accept(vote) => {
                self.promised = vote.ballot;
                self.accepted = Some(*vote);
            }
        }
    }
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Runs out when a proposer has waited long enough to begin another ballot.
    Retry,
    /// Runs out when a learner has heard of acceptances but, for long, not of a quorum.
    Ask,
    /// Runs out when it is time for a proposer to say that it is there.
    Speak,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        match self {
            Self::Retry => 0,
            Self::Ask => 1,
            Self::Speak => 2,
        }
    }

    fn from_key(key: u32) -> Self {
        match key {
            0 => Self::Retry,
            1 => Self::Ask,
            _ => Self::Speak,
        }
    }

    fn kind(self) -> u8 {
        match self {
            Self::Retry => 0,
            Self::Ask => 1,
            Self::Speak => 2,
        }
    }
}

/// What a client asks: that this be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The value.
    pub propose: Decree,
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Its value is chosen.
    Chosen,
    /// Another value is chosen.
    Other,
    /// This node proposes nothing.
    NotProposer {
        /// One that does.
        hint: NodeId,
    },
    /// Too many clients wait here already.
    Busy,
}

#[cfg(test)]
mod tests {
    use super::super::testing::vote;
    use super::*;

    fn written(promised: Option<u64>, accepted: Option<(u64, &str)>) -> Result<Disk, &'static str> {
        Disk::try_from(WrittenDisk {
            tried: Ballot::NONE,
            promised: promised.map(Ballot),
            accepted: accepted.map(|(ballot, value)| vote(ballot, value)),
        })
    }

    #[test]
    fn what_was_accepted_was_promised() {
        assert_eq!(written(None, Some((3, "red"))).map(|disk| disk.promised), Ok(Ballot(3)));
        assert_eq!(written(Some(5), Some((3, "red"))).map(|disk| disk.promised), Ok(Ballot(5)));
        assert_eq!(written(None, None), Ok(Disk::default()));
    }

    #[test]
    fn a_disk_that_no_run_could_leave_is_refused() {
        for bad in [
            written(Some(2), Some((3, "red"))),
            written(None, Some((0, "red"))),
            written(Some(1_000_001), None),
        ] {
            assert!(bad.is_err(), "{bad:?}");
        }
    }
}
