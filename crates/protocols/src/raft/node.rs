//! What a server remembers.

use super::catch_up::CatchUp;
use super::chunk::Partial;
use super::configuration::Configuration;
use super::contact::Contact;
use super::entry::Entry;
use super::log::Log;
use super::machine::Machine;
use super::peer::Peer;
use super::quorum::Voters;
use super::reads::Reads;
use super::snapshot::Snapshot;
use super::transfer::Transfer;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, RequestId, Time, TimerName};

/// Memory, in the words of Figure 2.
///
/// Term, vote and log are here as well as on disk: a server decides by what it knows now, and
/// what it says waits until the disk knows it too.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// The latest term it has seen.
    pub current_term: u32,
    /// Who has its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log,
    /// The configurations in the log, each with its index, after the latest one that is settled;
    /// the last one is in force. At most as many as there are in the log.
    pub configurations: Vec<(u64, Configuration)>,
    /// What stands for the entries that are no longer in the log.
    pub snapshot: Option<Rc<Snapshot>>,
    /// As much of a leader's snapshot as has arrived, while it is not whole.
    pub partial: Option<Rc<Partial>>,
    /// The highest index known to be committed.
    pub commit_index: u64,
    /// The highest index handed to the state machine.
    pub last_applied: u64,
    /// What the entries up to there have made.
    pub machine: Rc<Machine>,
    /// What it is in this term.
    pub role: Role,
    /// Who leads this term, as far as it knows.
    pub leader: Option<NodeId>,
    /// When its election timer was last set, by its own clock.
    pub waiting_since: Time,
    /// When it last heard from a leader, by its own clock.
    pub heard_leader: Option<Time>,
}

/// What a server is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// It stores what a leader sends.
    Follower,
    /// It wants to lead.
    Candidate(Candidate),
    /// It leads.
    Leader(Leader),
}

/// What a candidate remembers.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Candidate {
    /// Who voted for it, itself included.
    pub granted: Voters,
    /// Who said no.
    pub refused: Voters,
    /// Out of how many.
    pub servers: u32,
    /// Whether it only asks who would vote for it (diss. §9.6).
    pub asks_first: bool,
    /// Whether the leader told it to stand (diss. §3.10).
    pub told: bool,
}

/// What a leader remembers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leader {
    /// What it knows of each server, in the order of members; its own place is there too.
    pub peers: Vec<Peer>,
    /// The clients that wait, each for the entry at an index; in the order of indices, and at most
    /// [`super::request::WAITING_MOST`].
    pub waiting: VecDeque<(u64, RequestId)>,
    /// The index of the entry that opened its term.
    pub first_index: u64,
    /// Its contact with the others.
    pub contact: Contact,
    /// The reads that wait.
    pub reads: Reads,
    /// The transfer of leadership that is under way.
    pub transfer: Option<Transfer>,
    /// Who asked for the change whose joint group is settled and whose new one is not written yet.
    pub changing: Option<RequestId>,
    /// The change that waits until those to whom it gives a vote have caught up.
    pub catching_up: Option<Box<CatchUp>>,
}

impl Node {
    /// Bytes that a copy of it takes and does not share.
    pub(super) fn weight(&self) -> usize {
        let leading = self.leading().map_or(0, |leader| {
            leader.peers.capacity() * size_of::<Peer>()
                + leader.waiting.capacity() * size_of::<(u64, RequestId)>()
                + leader.reads.weight()
        });
        let snapshot = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.machine.weight());
        let partial = self.partial.as_ref().map_or(0, |partial| partial.records.weight().0);
        self.log.weight() + self.machine.weight() + snapshot + partial + leading
    }

    /// "A server always uses the latest configuration in its log, regardless of whether the entry
    /// is committed" (§6).
    #[must_use]
    pub fn configuration(&self) -> Configuration {
        self.configurations.last().map(|(_, group)| *group).unwrap_or_default()
    }

    /// The configuration in force at `index`.
    pub(super) fn configuration_at(&self, index: u64) -> Configuration {
        let mut before = self.configurations.iter().rev().filter(|(at, _)| *at <= index);
        before.next().map_or_else(|| self.configuration(), |(_, group)| *group)
    }

    /// Puts `entries` at `from` of its log, whatever was there; configurations go and come along.
    pub(super) fn replace(&mut self, from: u64, entries: &[Entry], everyone: Voters) {
        self.log.replace(from, entries);
        while self.configurations.len() > 1
            && self.configurations.last().is_some_and(|(index, _)| *index >= from)
        {
            self.configurations.pop();
        }
        self.configurations.extend(configurations_in((from..).zip(entries), everyone));
    }

    /// A snapshot takes the place of the beginning of its log.
    pub(super) fn cover(&mut self, snapshot: &Rc<Snapshot>) {
        self.log.cover(snapshot.last());
        let last_index = self.log.last_index();
        self.configurations.retain(|(index, _)| *index > snapshot.index && *index <= last_index);
        self.configurations.insert(0, (snapshot.index, snapshot.configuration));
        self.snapshot = Some(snapshot.clone());
    }

    /// Forgets the configurations that others have followed for good, and what has arrived of a
    /// snapshot of which it has the entries by now.
    pub(super) fn forget_settled(&mut self) {
        let commit_index = self.commit_index;
        self.partial.take_if(|partial| partial.last.index <= commit_index);
        while self.configurations.get(1).is_some_and(|(index, _)| *index <= self.commit_index) {
            self.configurations.remove(0);
        }
    }

    /// What it knows as a leader.
    #[must_use]
    pub fn leading(&self) -> Option<&Leader> {
        match &self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower | Role::Candidate(_) => None,
        }
    }

    /// The same, to be changed.
    pub(super) fn leading_mut(&mut self) -> Option<&mut Leader> {
        match &mut self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower | Role::Candidate(_) => None,
        }
    }
}

/// The configurations among these entries; they name nobody who cannot take part.
pub(super) fn configurations_in<'a>(
    entries: impl Iterator<Item = (u64, &'a Entry)>,
    everyone: Voters,
) -> impl Iterator<Item = (u64, Configuration)> {
    entries.filter_map(move |(index, entry)| {
        let group = entry.command.configuration()?;
        Some((index, group.within(everyone)))
    })
}

impl Candidate {
    /// A server answered.
    pub(super) fn count(&mut self, voter: NodeId, granted: bool) {
        match granted {
            true => self.granted.insert(voter),
            false => self.refused.insert(voter),
        }
    }
}

impl Role {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Follower => 0,
            Self::Candidate(Candidate { asks_first: false, .. }) => 1,
            Self::Candidate(_) => 3,
            Self::Leader(_) => 2,
        }
    }
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Runs out when no leader has been heard of for long, or an election took too long.
    Election,
    /// Runs out when it is time for a leader to speak again, or for a candidate to ask again.
    Heartbeat,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        match self {
            Self::Election => 0,
            Self::Heartbeat => 1,
        }
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
