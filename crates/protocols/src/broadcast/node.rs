//! What a node remembers, and what it keeps through a crash.

use alloc::vec::Vec;
use faultline_kernel::{NodeId, SharedLog, Time, TimerName};
use serde::{Deserialize, Serialize};

/// The most announcements that a node keeps of broadcasts that have not come; further ones are
/// ignored.
pub(super) const MISSING_MAX: usize = 64;

/// Memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Node {
    /// Its neighbours: the active view.
    pub active: Vec<Peer>,
    /// Others that it knows of: the passive view.
    pub passive: Vec<NodeId>,
    /// Whether it is not let in yet, or not any more.
    pub joining: bool,
    /// Whether the first contact was asked in vain.
    pub tried: bool,
    /// Whom it has asked to be its neighbour, and when.
    pub asked: Option<(NodeId, Time)>,
    /// How many others it has not asked yet to be its neighbour: they stand first.
    pub hopes: u32,
    /// Whom it named in its last shuffle.
    pub offered: Vec<NodeId>,
    /// How many broadcasts it has begun.
    pub number: u32,
    /// What was delivered here.
    pub delivered: SharedLog<Id>,
    /// What was announced and has not come.
    pub missing: Vec<Missing>,
    /// How many broadcasts came that were here already.
    pub duplicates: u32,
}

/// A neighbour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Peer {
    /// Who.
    pub id: NodeId,
    /// When a sign of life came last, by the node's own clock.
    pub heard: Time,
    /// Whether broadcasts go there at once, and not only announcements.
    pub eager: bool,
}

/// A broadcast: who began it, and its number there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Id {
    /// Who.
    pub origin: NodeId,
    /// Counted from 1.
    pub number: u32,
}

/// A broadcast that was announced.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Missing {
    /// Which.
    pub id: Id,
    /// By whom.
    pub announcer: NodeId,
    /// Until when it may come by itself.
    pub until: Time,
}

impl Node {
    /// The neighbour of this name.
    pub(super) fn peer(&mut self, id: NodeId) -> Option<&mut Peer> {
        self.active.iter_mut().find(|peer| peer.id == id)
    }

    /// Whether this is a neighbour.
    pub(super) fn has_neighbour(&self, id: NodeId) -> bool {
        self.active.iter().any(|peer| peer.id == id)
    }

    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        self.active.capacity() * size_of::<Peer>()
            + (self.passive.capacity() + self.offered.capacity()) * size_of::<NodeId>()
            + self.missing.capacity() * size_of::<Missing>()
            + self.delivered.weight().0
    }
}

/// What survives a crash: the number of the last broadcast, so that none is used twice.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// How many broadcasts it has begun.
    pub number: u32,
}

/// One change to the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// What [`Disk::number`] becomes.
    pub number: u32,
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// It asks to be let in.
    Join,
    /// It sends signs of life and looks whose are missing.
    Tick,
    /// It exchanges parts of its views with somebody.
    Shuffle,
    /// A broadcast that was announced has not come.
    Missing,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        self as u32
    }

    fn from_key(key: u32) -> Self {
        match key {
            0 => Self::Join,
            1 => Self::Tick,
            2 => Self::Shuffle,
            _ => Self::Missing,
        }
    }

    fn kind(self) -> u8 {
        self as u8
    }
}

/// What a client asks: that something be broadcast.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It is on its way.
    Sent,
}
