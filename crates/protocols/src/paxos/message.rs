//! What the agents say to one another.

use crate::ballot::{Ballot, Decree, Vote};

/// The messages. Those of the two phases name the ballot that they are about.
///
/// ```text
/// phase 1 (Paxos made simple §2.2): may I?
///
/// proposer                              every acceptor
///  │── Prepare { ballot } ─────────────────────►│  has it promised a higher ballot?
///  │◄──────── Promise { ballot, accepted } ─────│  no: it will accept nothing lower,
///  │                                            │      and tells what it has accepted
///  │◄─── PrepareRefused { ballot, promised } ───│  yes
///  a quorum promised: it proposes the value of the highest ballot it was told of,
///  or, if nobody had accepted anything, its own
///
/// phase 2: take this
///
/// proposer                              every acceptor            every learner
///  │── Accept { ballot, value } ───────────────►│  has it promised        │
///  │                                            │  a higher ballot?       │
///  │◄─────────── Accepted { ballot, value } ────│  no: accepted ─────────►│
///  │◄──── AcceptRefused { ballot, promised } ───│  yes                    │
///  a quorum accepted: the value is chosen
///
/// learning (§2.3)
///
/// learner                               every proposer
///  │── Chosen { ballot, value } ───────────────►│  it stops, and tells its clients
///
/// learner                               every acceptor
///  │── Ask ────────────────────────────────────►│  has it accepted anything?
///  │◄─────────── Accepted { ballot, value } ────│  yes
/// learner that hears too little         one proposer
///  │── Ask ────────────────────────────────────►│  does it know the choice?
///  │◄───────────── Chosen { ballot, value } ────│  yes; if not, it begins a ballot
///
/// who leads, if anybody is to (§2.4)
///
/// proposer                              every proposer that comes after it
///  │── Alive ──────────────────────────────────►│
///  │◄──────────────────────── Forward { value } │  it does not propose, it passes on
///  │── Chosen { ballot, value } ───────────────►│
/// ```
///
/// Agents that share a node speak through messages as well.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Phase 1, the question: promise me this ballot.
    Prepare {
        /// Which ballot.
        ballot: Ballot,
    },
    /// Phase 1, the answer: nothing lower will be accepted any more.
    Promise {
        /// Which ballot.
        ballot: Ballot,
        /// What this acceptor accepted last.
        accepted: Option<Vote>,
    },
    /// Phase 1: no.
    PrepareRefused {
        /// Which ballot is refused.
        ballot: Ballot,
        /// The higher one that was promised.
        promised: Ballot,
    },
    /// Phase 2, the question: accept this value in this ballot.
    Accept(
        /// Ballot and value.
        Vote,
    ),
    /// Phase 2, the answer, to the proposer and to every learner.
    Accepted(
        /// Ballot and value.
        Vote,
    ),
    /// Phase 2: no.
    AcceptRefused {
        /// Which ballot is refused.
        ballot: Ballot,
        /// The higher one that was promised.
        promised: Ballot,
    },
    /// It is chosen.
    Chosen(
        /// A ballot in which it was chosen, and the value.
        Vote,
    ),
    /// A learner that may have missed something: what have you accepted, or do you know?
    Ask,
    /// A proposer is there.
    Alive,
    /// A proposer that does not lead passes on what it wants.
    Forward {
        /// The value.
        value: Decree,
    },
}

impl Message {
    /// The ballot that it is about, if it is about one.
    pub(super) fn ballot(&self) -> Ballot {
        match self {
            Self::Prepare { ballot }
            | Self::Promise { ballot, .. }
            | Self::PrepareRefused { ballot, .. }
            | Self::AcceptRefused { ballot, .. } => *ballot,
            Self::Accept(vote) | Self::Accepted(vote) | Self::Chosen(vote) => vote.ballot,
            Self::Ask | Self::Alive | Self::Forward { .. } => Ballot::NONE,
        }
    }

    /// The value that it carries.
    pub(super) fn value(&self) -> Option<Decree> {
        match self {
            Self::Promise { accepted, .. } => accepted.map(|vote| vote.value),
            Self::Accept(vote) | Self::Accepted(vote) | Self::Chosen(vote) => Some(vote.value),
            Self::Forward { value } => Some(*value),
            Self::Prepare { .. }
            | Self::PrepareRefused { .. }
            | Self::AcceptRefused { .. }
            | Self::Ask
            | Self::Alive => None,
        }
    }

    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise { accepted: None, .. } => 1,
            Self::Promise { accepted: Some(_), .. } => 2,
            Self::PrepareRefused { .. } => 3,
            Self::Accept(_) => 4,
            Self::Accepted(_) => 5,
            Self::AcceptRefused { .. } => 6,
            Self::Chosen(_) => 7,
            Self::Ask => 8,
            Self::Alive => 9,
            Self::Forward { .. } => 10,
        }
    }
}
