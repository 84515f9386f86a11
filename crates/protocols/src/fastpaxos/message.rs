//! What the agents say to one another.

use crate::ballot::{Ballot, Decree, Vote};

/// The messages.
///
/// ```text
/// a fast round (Fast Paxos §3.1): the coordinator opens it before anybody wants anything
///
/// coordinator                           every acceptor
///  │── Prepare { round } ──────────────────────►│  has it promised a higher round?
///  │◄───────── Promise { round, accepted } ─────│  no
///  │── Any { round } ──────────────────────────►│  it may accept what a proposer sends
///
/// proposer                              every acceptor            coordinator, every learner
///  │── Propose { value } ──────────────────────►│  the first that    │
///  │                                            │  arrives:          │
///  │                                            │  accepted ────────►│
///  a fast quorum accepted the same: it is chosen, two messages after it was proposed
///
/// a classic round: when values collided, or something was lost
///
/// coordinator                           every acceptor            every learner
///  │── Prepare, Promise as above ───────────────│                    │   (not after a collision)
///  │── Accept { round, value } ────────────────►│  has it promised   │
///  │                                            │  a higher round?   │
///  │◄─────────── Accepted { round, value } ─────│  no: accepted ────►│
///  │◄────────── Refused { round, promised } ────│  yes
///
/// learning
///
/// learner                               every proposer and coordinator
///  │── Chosen { round, value } ────────────────►│
/// coordinator that knows                a proposer that asks again
///  │── Chosen { round, value } ────────────────►│
/// learner                               every acceptor
///  │── Ask ────────────────────────────────────►│
///  │◄─────────── Accepted { round, value } ─────│  if it has accepted anything
/// learner that hears too little         one coordinator
///  │── Ask ────────────────────────────────────►│  it begins a round, or knows the choice
///  │◄───────────── Chosen { round, value } ─────│
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Phase 1a: promise me this round.
    Prepare {
        /// Which round.
        round: Ballot,
    },
    /// Phase 1b: nothing lower will be accepted any more.
    Promise {
        /// Which round.
        round: Ballot,
        /// What this acceptor accepted last.
        accepted: Option<Vote>,
    },
    /// A higher round was promised.
    Refused {
        /// Which round is refused.
        round: Ballot,
        /// The higher one.
        promised: Ballot,
    },
    /// Phase 2a of a fast round: accept whatever a proposer sends you.
    Any {
        /// Which round.
        round: Ballot,
    },
    /// Phase 2a: accept this value in this round.
    Accept(
        /// Round and value.
        Vote,
    ),
    /// A proposer wants this, from acceptors and coordinators.
    Propose {
        /// The value.
        value: Decree,
    },
    /// Phase 2b: accepted.
    Accepted(
        /// Round and value.
        Vote,
    ),
    /// It is chosen.
    Chosen(
        /// A round in which it was chosen, and the value.
        Vote,
    ),
    /// A learner that may have missed something: what have you accepted?
    Ask,
}

impl Message {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise { accepted: None, .. } => 1,
            Self::Promise { accepted: Some(_), .. } => 2,
            Self::Refused { .. } => 3,
            Self::Any { .. } => 4,
            Self::Accept(_) => 5,
            Self::Propose { .. } => 6,
            Self::Accepted(_) => 7,
            Self::Chosen(_) => 8,
            Self::Ask => 9,
        }
    }
}
