//! What servers say to one another.

use super::log::{Vote, Votes};
use crate::ballot::Ballot;
use crate::store::Store;
use alloc::rc::Rc;
use faultline_kernel::Time;

/// The messages.
///
/// ```text
/// phase 1, once for every slot that is still open: may I lead?
///
/// candidate                             every other server
///  │── Prepare { ballot } ─────────────────────►│  has it promised a higher ballot?
///  │◄──── Promise { ballot, chosen, votes } ────│  no: it will accept nothing lower, and tells
///  │                                            │  how far it knows the log to be chosen, and
///  │◄───────── Refused { ballot, promised } ────│  yes   what it accepted after that
///  a quorum promised: it leads; it proposes again what it was told of, and fills the holes
///
/// phase 2, for each slot: take this
///
/// leader                                every other server
///  │── Accept { slot, ballot, command } ───────►│  has it promised a higher ballot?
///  │◄──────────── Accepted { ballot, slot } ────│  no: accepted
///  │◄───────── Refused { ballot, promised } ────│  yes
///  a quorum accepted: the command is chosen
///  │── Chosen { first, votes } ────────────────►│  it applies them in the order of slots
///
/// staying the leader, and keeping others from becoming it
///
/// leader                                every other server
///  │── Heartbeat { ballot, chosen, sent } ─────►│  nothing to elect
///  │◄─────────────── Granted { ballot, sent } ──│  with leases: it will promise nobody else
///                                                  for that long
/// catching up
///
/// server                                one that knows more
///  │── Ask { first } ──────────────────────────►│
///  │◄───────────────── Chosen { first, votes } ─│  it has them still
///  │◄──────────────── Snapshot { upto, store } ─│  it has forgotten them
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Phase 1, the question: promise me this ballot, in every slot.
    Prepare {
        /// Which ballot.
        ballot: Ballot,
    },
    /// Phase 1, the answer: nothing lower will be accepted any more.
    Promise {
        /// Which ballot.
        ballot: Ballot,
        /// Up to which slot it knows what is chosen.
        chosen: u64,
        /// What it has accepted in later slots.
        votes: Rc<[(u64, Vote)]>,
    },
    /// No: a higher ballot was promised.
    Refused {
        /// Which ballot is refused.
        ballot: Ballot,
        /// The higher one.
        promised: Ballot,
    },
    /// Phase 2, the question: accept this command in this slot and ballot.
    Accept {
        /// In which slot.
        slot: u64,
        /// Ballot and command.
        vote: Vote,
    },
    /// Phase 2, the answer.
    Accepted {
        /// In which ballot.
        ballot: Ballot,
        /// In which slot.
        slot: u64,
    },
    /// These commands are chosen.
    Chosen {
        /// The slot of the first of them; the others follow.
        first: u64,
        /// The commands, each with a ballot in which it was chosen.
        votes: Votes,
    },
    /// The leader is there.
    Heartbeat {
        /// Its ballot.
        ballot: Ballot,
        /// Up to which slot it knows what is chosen.
        chosen: u64,
        /// When it said so, by its own clock.
        sent: Time,
    },
    /// With leases: no other ballot will be promised for a while.
    Granted {
        /// The leader's ballot.
        ballot: Ballot,
        /// When the leader asked, by the leader's clock.
        sent: Time,
    },
    /// What was chosen from this slot on?
    Ask {
        /// The first slot that it lacks.
        first: u64,
    },
    /// The variables after every slot up to this one.
    Snapshot {
        /// The last slot that was applied.
        upto: u64,
        /// The variables.
        store: Rc<Store>,
    },
}

impl Message {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Prepare { .. } => 0,
            Self::Promise { votes, .. } if votes.is_empty() => 1,
            Self::Promise { .. } => 2,
            Self::Refused { .. } => 3,
            Self::Accept { .. } => 4,
            Self::Accepted { .. } => 5,
            Self::Chosen { .. } => 6,
            Self::Heartbeat { .. } => 7,
            Self::Granted { .. } => 8,
            Self::Ask { .. } => 9,
            Self::Snapshot { .. } => 10,
        }
    }
}
