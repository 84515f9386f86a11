//! What a server remembers.

use super::log::{Log, Vote};
use crate::ballot::Ballot;
use crate::quorum::Acceptors;
use crate::store::{Command, Key, Outcome, Store};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, RequestId, Time, TimerName};

/// Memory. Every server is proposer, acceptor and learner at once.
///
/// Promise and log are here as well as on disk: a server decides by what it knows now, and what it
/// says waits until the disk knows it too.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// It accepts nothing in a lower ballot.
    pub promised: Ballot,
    /// The highest ballot that it has heard of.
    pub heard: Ballot,
    /// What it accepted and what it knows to be chosen.
    pub log: Log,
    /// The variables, after every chosen slot of the log.
    pub store: Store,
    /// What it is.
    pub role: Role,
    /// Who leads, as far as it knows.
    pub leader: Option<NodeId>,
    /// Up to which slot the leader knew the log to be chosen, when it last said so.
    pub told: u64,
    /// The leader to whom it granted a lease, if it knows (a crash makes it forget), and until when
    /// by its own clock.
    pub granted: Option<(Option<NodeId>, Time)>,
    /// When it began to wait for what it waits for, by its own clock.
    pub waiting_since: Time,
    /// What it told clients.
    pub served: Served,
}

/// What a server is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// It accepts what a leader proposes.
    Follower,
    /// It was outbid and will try again.
    Outbid {
        /// Who said so.
        by: NodeId,
    },
    /// Phase 1: it wants to lead.
    Candidate(Candidate),
    /// Phase 2: it leads.
    Leader(Leader),
}

/// What a candidate remembers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Candidate {
    /// Its ballot.
    pub ballot: Ballot,
    /// Who promised, itself included.
    pub promised: Acceptors,
    /// The highest vote that it was told of for each slot; in the order of slots.
    pub reported: Vec<(u64, Vote)>,
    /// Up to which slot somebody knows the log to be chosen, and who.
    pub chosen: (u64, NodeId),
}

/// What a leader remembers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leader {
    /// Its ballot.
    pub ballot: Ballot,
    /// The next slot to propose something for.
    pub next: u64,
    /// The slots before this one were open when it began to lead.
    pub recovered: u64,
    /// Up to which slot somebody knew the log to be chosen when it began to lead, and who.
    pub chosen: (u64, NodeId),
    /// What it has proposed and does not know to be chosen up to there; in the order of slots.
    pub proposals: VecDeque<Proposal>,
    /// Clients whose commands wait for a slot; at most [`super::request::CLIENTS_MOST`].
    pub queue: VecDeque<(RequestId, Command)>,
    /// For each server the last heartbeat that it answered with a lease, by the leader's clock.
    pub granted: Vec<Option<Time>>,
}

/// A command that a leader has proposed.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Proposal {
    /// For which slot.
    pub slot: u64,
    /// What.
    pub command: Command,
    /// Who accepted it, the leader included.
    pub accepted: Acceptors,
    /// The client that waits for it, if it is not one of an earlier ballot.
    pub client: Option<RequestId>,
    /// Whether a quorum accepted it.
    pub chosen: bool,
    /// Whether it was already proposed at the last heartbeat.
    pub overdue: bool,
}

/// What a server told clients out of its memory; the judges of reads look at it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Served {
    /// How many reads it answered from memory.
    pub reads: u64,
    /// The variable that it read last, and what it said it was.
    pub last: Option<(Key, Option<u32>)>,
}

impl Node {
    /// Bytes that a copy of it takes and does not share.
    pub(super) fn weight(&self) -> usize {
        let leading = self.leading().map_or(0, |leader| {
            leader.proposals.capacity() * size_of::<Proposal>()
                + leader.queue.capacity() * size_of::<(RequestId, Command)>()
                + leader.granted.capacity() * size_of::<Option<Time>>()
        });
        self.log.weight() + self.store.weight() + leading
    }

    /// What it knows as a leader.
    #[must_use]
    pub fn leading(&self) -> Option<&Leader> {
        match &self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower | Role::Outbid { .. } | Role::Candidate(_) => None,
        }
    }

    /// The same, to be changed.
    pub(super) fn leading_mut(&mut self) -> Option<&mut Leader> {
        match &mut self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower | Role::Outbid { .. } | Role::Candidate(_) => None,
        }
    }

    /// Its own ballot, while it wants to lead or leads.
    #[must_use]
    pub fn ballot(&self) -> Option<Ballot> {
        match &self.role {
            Role::Candidate(candidate) => Some(candidate.ballot),
            Role::Leader(leader) => Some(leader.ballot),
            Role::Follower | Role::Outbid { .. } => None,
        }
    }
}

impl Role {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Follower => 0,
            Self::Outbid { .. } => 1,
            Self::Candidate(_) => 2,
            Self::Leader(_) => 3,
        }
    }
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Runs out when no leader has been heard of for long, or phase 1 took too long.
    Election,
    /// Runs out when it is time to say again what was said.
    Heartbeat,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        self.kind().into()
    }

    fn from_key(key: u32) -> Self {
        match key {
            0 => Self::Election,
            _ => Self::Heartbeat,
        }
    }

    fn kind(self) -> u8 {
        match self {
            Self::Election => 0,
            Self::Heartbeat => 1,
        }
    }
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The command is chosen and applied, and this came of it.
    Applied(Outcome),
    /// Another server leads.
    NotLeader {
        /// Which one, as far as is known.
        hint: Option<NodeId>,
    },
    /// Too many clients wait here already.
    Busy,
}
