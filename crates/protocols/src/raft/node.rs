//! What a server remembers, and what it keeps through a crash.

use super::log::{Command, Entries, Key, Log};
use super::peer::Peer;
use super::quorum::{SERVERS_MAX, Voters};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use faultline_kernel::{Knob, Knobs, NodeId, RequestId, Span, SpanRange, Time, TimerName};
use serde::{Deserialize, Serialize};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many servers there are.
    pub servers: u32,
    /// How long a follower hears nothing before it stands for election.
    pub election_timeout: SpanRange,
    /// How often a leader says that it is there, and a candidate asks again.
    pub heartbeat: Span,
    /// How many entries one append carries at most.
    pub batch: u32,
    /// How many appends may be on their way to one follower.
    pub window: u32,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// A server that restarts does not know whom it voted for.
    pub forget_vote: bool,
    /// A leader commits entries of older terms by counting servers.
    pub commit_older_terms: bool,
    /// A voter does not compare logs.
    pub skip_up_to_date: bool,
    /// A follower does not look at the entry before the new ones.
    pub skip_consistency: bool,
    /// A server answers first and saves afterwards.
    pub answer_before_saving: bool,
    /// A follower drops what follows an append, whether it conflicts or not.
    pub truncate_always: bool,
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("servers", 1, 5, SERVERS_MAX as u64),
        Knob::millis("election_min_ms", 1, 150, 60_000),
        Knob::millis("election_max_ms", 1, 300, 60_000),
        Knob::millis("heartbeat_ms", 1, 50, 60_000),
        Knob::count("batch", 1, 8, 64),
        Knob::count("window", 1, 1, 16),
        Knob::sabotage("forget_vote", "election-safety"),
        Knob::sabotage("commit_older_terms", "leader-completeness"),
        Knob::sabotage("skip_up_to_date", "leader-completeness"),
        Knob::sabotage("skip_consistency", "log-matching"),
        Knob::sabotage("answer_before_saving", "committed-durable"),
        Knob::sabotage("truncate_always", "committed-durable"),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        if values[1] > values[2] {
            return Err("election_max_ms");
        }
        Ok(Self {
            servers: small(0)?,
            election_timeout: SpanRange::new(Span::millis(values[1]), Span::millis(values[2])),
            heartbeat: Span::millis(values[3]),
            batch: small(4)?,
            window: small(5)?,
            sabotage: Sabotage {
                forget_vote: values[6] != 0,
                commit_older_terms: values[7] != 0,
                skip_up_to_date: values[8] != 0,
                skip_consistency: values[9] != 0,
                answer_before_saving: values[10] != 0,
                truncate_always: values[11] != 0,
            },
        })
    }
}

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
    /// The highest index known to be committed.
    pub commit_index: u64,
    /// The highest index handed to the state machine.
    pub last_applied: u64,
    /// What it is in this term.
    pub role: Role,
    /// Who leads this term, as far as it knows.
    pub leader: Option<NodeId>,
    /// When its election timer was last set, by its own clock.
    pub waiting_since: Time,
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
}

/// What a leader remembers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leader {
    /// What it knows of each server, in the order of members; its own place is there too.
    pub peers: Vec<Peer>,
    /// The clients that wait, each for the entry at an index; in the order of indices.
    pub waiting: VecDeque<(u64, RequestId)>,
}

impl Node {
    /// Bytes that a copy of it takes and does not share.
    pub(super) fn weight(&self) -> usize {
        let leading = self.leading().map_or(0, |leader| {
            leader.peers.capacity() * size_of::<Peer>()
                + leader.waiting.capacity() * size_of::<(u64, RequestId)>()
        });
        self.log.weight() + leading
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

impl Role {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Follower => 0,
            Self::Candidate(_) => 1,
            Self::Leader(_) => 2,
        }
    }
}

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

/// What a client asks: set a variable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its name.
    pub put: Key,
    /// What it becomes.
    pub value: u32,
}

impl Request {
    /// What the log will hold.
    #[must_use]
    pub fn command(&self) -> Command {
        Command::Put { key: self.put, value: self.value }
    }
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The command is committed and applied.
    Done,
    /// Another server leads.
    NotLeader {
        /// Which one, as far as is known.
        hint: Option<NodeId>,
    },
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

    #[test]
    fn an_election_timeout_upside_down_is_refused() {
        let mut values = Config::defaults();
        values[1] = 301;
        assert_eq!(Config::from_values(&values).err(), Some("election_max_ms"));
    }
}
