//! What servers say to one another.

use super::Chunk;
use super::entry::Entries;
use alloc::rc::Rc;

/// The messages. Every one carries the term of its sender; a newer term is adopted before
/// anything else is done with the message (§5.1).
///
/// ```text
/// election (§5.2, §5.4.1)
///
/// candidate                             every other server
///  │── RequestVote { last_log_index, ──────────►│  has it voted in this term?
///  │                 last_log_term }            │  is the candidate's log up to date?
///  │◄───────────────────── Vote { granted } ────│
///  a majority granted it: it leads this term; silence: it asks again
///
/// replication (§5.3)
///
/// leader                                      follower
///  │── AppendEntries { prev_log_index, ────────►│  is this the entry it has there?
///  │                   prev_log_term,           │
///  │                   entries,                 │
///  │                   leader_commit }          │
///  │◄──────── AppendAccepted { match_index } ───│  yes: stored up to match_index
///  │◄───────── AppendRefused { conflict } ──────│  no: the leader backs up and tries again
///
/// log compaction (§7)
///
/// leader                                      follower
///  │── InstallSnapshot { chunk } ──────────────►│  it needs entries that are gone
///  │◄──────── SnapshotStored { stored } ────────│  not all of it yet: the next chunk follows
///  │◄──────── AppendAccepted { match_index } ───│  all of it: the snapshot is installed
///
/// asking first (diss. §9.6), handing over (diss. §3.10)
///
/// would-be candidate                    every other server
///  │── PreVote { last_log_index, ──────────────►│  does it hear from a leader?
///  │             last_log_term }                │  is the other's log up to date?
///  │◄──────────── PreVoteAnswer { granted } ────│
///
/// leader                                      its successor
///  │── TimeoutNow ─────────────────────────────►│  it stands at once
/// ```
///
/// An `AppendEntries` without entries is a heartbeat. Replies return the number of the leader's
/// round, which tells a leader what they prove (`contact.rs`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Vote for me.
    RequestVote {
        /// The candidate's term.
        term: u32,
        /// The index of its last entry.
        last_log_index: u64,
        /// The term of its last entry.
        last_log_term: u32,
        /// Whether its leader told it to stand: then it is listened to even by those who hear from
        /// that leader.
        transfer: bool,
    },
    /// The answer to a candidate.
    Vote {
        /// The voter's term.
        term: u32,
        /// Whether the candidate has its vote.
        granted: bool,
    },
    /// Store these entries after that one; or, without entries: I lead.
    AppendEntries {
        /// The leader's term.
        term: u32,
        /// The index of the entry just before the new ones.
        prev_log_index: u64,
        /// The term of that entry.
        prev_log_term: u32,
        /// The new entries.
        entries: Entries,
        /// How far the leader knows the log to be committed.
        leader_commit: u64,
        /// The number of the leader's latest round.
        round: u64,
    },
    /// Stored: the follower's log is the leader's up to `match_index`.
    AppendAccepted {
        /// The follower's term.
        term: u32,
        /// The index up to which the logs are known to be alike.
        match_index: u64,
        /// The round of the append.
        round: u64,
    },
    /// Not stored.
    AppendRefused {
        /// The follower's term.
        term: u32,
        /// Which append is refused.
        prev_log_index: u64,
        /// What stands in the way.
        conflict: Conflict,
        /// The round of the append.
        round: u64,
    },
    /// Would you vote for me in the next term?
    PreVote {
        /// The term of its sender, who has not counted up yet.
        term: u32,
        /// The index of its last entry.
        last_log_index: u64,
        /// The term of its last entry.
        last_log_term: u32,
    },
    /// The answer to that.
    PreVoteAnswer {
        /// The later one of the two servers' terms.
        term: u32,
        /// Whether it would.
        granted: bool,
    },
    /// Take this in place of the beginning of your log.
    InstallSnapshot {
        /// The leader's term.
        term: u32,
        /// What stands for it, or a piece of that.
        chunk: Rc<Chunk>,
        /// The number of the leader's latest round.
        round: u64,
    },
    /// So much of your snapshot is here, but not all.
    SnapshotStored {
        /// The follower's term.
        term: u32,
        /// The index of the last entry that the snapshot covers.
        index: u64,
        /// How many records come before the chunk that this answers.
        offset: u32,
        /// How many records are here, from the first on.
        stored: u32,
        /// The round of the chunk.
        round: u64,
    },
    /// Stand for election now: I want you to lead.
    TimeoutNow {
        /// The leader's term.
        term: u32,
    },
}

/// Why an append does not fit, so that the leader can skip a whole term at once (end of §5.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Conflict {
    /// The term of the entry that differs; `None` where the follower has no entry at all.
    pub term: Option<u32>,
    /// The first index that the follower stores for that term, or the first that it lacks.
    pub index: u64,
}

impl Message {
    /// The term of its sender.
    pub(super) fn term(&self) -> u32 {
        match self {
            Self::RequestVote { term, .. }
            | Self::Vote { term, .. }
            | Self::AppendEntries { term, .. }
            | Self::AppendAccepted { term, .. }
            | Self::AppendRefused { term, .. }
            | Self::PreVote { term, .. }
            | Self::PreVoteAnswer { term, .. }
            | Self::InstallSnapshot { term, .. }
            | Self::SnapshotStored { term, .. }
            | Self::TimeoutNow { term } => *term,
        }
    }

    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::RequestVote { .. } => 0,
            Self::Vote { granted: true, .. } => 1,
            Self::Vote { granted: false, .. } => 2,
            Self::AppendEntries { entries, .. } if !entries.is_empty() => 3,
            Self::AppendEntries { .. } => 4,
            Self::AppendAccepted { .. } => 5,
            Self::AppendRefused { .. } => 6,
            Self::PreVote { .. } => 7,
            Self::PreVoteAnswer { granted: true, .. } => 8,
            Self::PreVoteAnswer { granted: false, .. } => 9,
            Self::InstallSnapshot { .. } => 10,
            Self::TimeoutNow { .. } => 11,
            Self::SnapshotStored { offset, stored, .. } if stored > offset => 12,
            Self::SnapshotStored { .. } => 13,
        }
    }
}
