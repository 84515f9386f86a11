//! What members say to one another.

use super::opinion::{Opinion, Rumour};
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// A message: what it says, how the sender stands, and rumours that ride along.
///
/// ```text
/// one protocol period of n1 (SWIM §3.1): is n2 there?
///
/// n1                       n2
///  │── Ping ────────────────►│
///  │◄──────────────── Ack ───│  fine; that is all in most periods
///
/// no answer within the ping timeout: perhaps it is only the path
///
/// n1              k others               n2
///  │── PingReq ─────►│── Ping ────────────►│
///  │◄────────── Ack ─│◄─────────────── Ack │
///  │◄──────── Nack ──│  (Lifeguard) it got no answer either, but it is there itself
///
/// no answer by the end of the period: n1 suspects n2
///
/// joining, and coming back
///
/// n6                       anybody
///  │── Join ────────────────►│
///  │◄─────────────── Sync ───│  its list of members, in packets of 32
///
/// n3                       n1, who thinks that n3 is dead
///  │── anything ────────────►│
///  │◄───────────── Notice ───│  and n3 begins a new life
/// ```
///
/// Everything else travels as rumours on pings and acks (SWIM §4.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Message {
    /// What it says.
    pub says: Says,
    /// What the sender says of itself.
    pub own: Opinion,
    /// At most [`super::PIGGYBACK_MAX`], in a list of members [`super::SYNC_MAX`].
    pub rumours: Vec<Rumour>,
}

/// What a message says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Says {
    /// Are you there?
    Ping {
        /// Which probe of whoever wants to know.
        number: u32,
        /// Who wants to know, if it is not the sender.
        origin: Option<NodeId>,
    },
    /// Ping this one for me.
    PingReq {
        /// Which probe of the sender.
        number: u32,
        /// Whom to ping.
        target: NodeId,
    },
    /// It is there.
    Ack {
        /// The probe.
        number: u32,
        /// Who is there.
        target: NodeId,
        /// To whom this is to be passed on.
        origin: Option<NodeId>,
    },
    /// It did not answer me, but I am here.
    Nack {
        /// The probe.
        number: u32,
    },
    /// Tell me who is there.
    Join,
    /// Those are there.
    Sync,
    /// You are said to be dead; or: I have left.
    Notice,
}

impl Message {
    /// Its place in [`super::show::ABOUT`]. What carries rumours is worth following.
    pub(super) fn kind(&self) -> u8 {
        let news = u8::from(!self.rumours.is_empty());
        match self.says {
            Says::Ping { .. } => news,
            Says::Ack { .. } => 2 + news,
            Says::PingReq { .. } => 4,
            Says::Nack { .. } => 5,
            Says::Join => 6,
            Says::Sync => 7,
            Says::Notice => 8,
        }
    }
}
