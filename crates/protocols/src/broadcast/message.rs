//! What nodes say to one another.

use super::node::Id;
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// The messages.
///
/// ```text
/// joining (HPV §4.2)
///
/// new node            contact            its neighbours      the walk's last node
///  │── Join ───────────►│── ForwardJoin ──────►│── ForwardJoin ──►│
///  │◄──────── Accept ───│                                         │
///  │◄──────────────────────────────── Neighbour { urgent } ───────│
///  │── Accept ───────────────────────────────────────────────────►│
///
/// replacing a neighbour (HPV §4.3)
///
/// node                             one from its passive view
///  │── Neighbour { urgent } ──────────────────►│  room for it, or urgent?
///  │◄──────────────────── Accept or Refuse ────│
///
/// a broadcast (PT §3.4, §3.5)
///
/// node                eager neighbours         lazy neighbours
///  │── Gossip ──────────────►│  new: passed on      │
///  │◄───────────── Prune ────│  known: lazy now     │
///  │── IHave ────────────────────────────────────►│  unknown, and it does not come:
///  │◄──────────────────────────────────── Graft ──│  eager from now on
///  │── Gossip ───────────────────────────────────►│
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Let me in.
    Join,
    /// Somebody new is here; a random walk.
    ForwardJoin {
        /// Who.
        new: NodeId,
        /// How many steps are left.
        ttl: u32,
    },
    /// Be my neighbour.
    Neighbour {
        /// Whether it must not be refused: the sender has no other, or is asked to take one in.
        urgent: bool,
    },
    /// We are neighbours.
    Accept,
    /// There is no room.
    Refuse,
    /// We are no neighbours any more.
    Disconnect,
    /// A sign of life.
    Alive,
    /// Some nodes that the origin knows; a random walk.
    Shuffle {
        /// Who wants to exchange.
        origin: NodeId,
        /// How many steps are left.
        ttl: u32,
        /// Whom it knows.
        nodes: Vec<NodeId>,
    },
    /// Some nodes in return.
    ShuffleReply {
        /// Whom the last one knows.
        nodes: Vec<NodeId>,
    },
    /// A broadcast.
    Gossip {
        /// Which.
        id: Id,
    },
    /// I have had this broadcast.
    IHave {
        /// Which.
        id: Id,
    },
    /// Send me announcements only.
    Prune,
    /// Send me broadcasts, beginning with this one.
    Graft {
        /// Which.
        id: Id,
    },
}

impl Message {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Join => 0,
            Self::ForwardJoin { .. } => 1,
            Self::Neighbour { .. } => 2,
            Self::Accept => 3,
            Self::Refuse => 4,
            Self::Disconnect => 5,
            Self::Alive => 6,
            Self::Shuffle { .. } => 7,
            Self::ShuffleReply { .. } => 8,
            Self::Gossip { .. } => 9,
            Self::IHave { .. } => 10,
            Self::Prune => 11,
            Self::Graft { .. } => 12,
        }
    }
}
