//! What a node remembers, and what it keeps through a crash.

use super::message::Heartbeat;
use super::window::Window;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, Span, Time, TimerName};
use serde::{Deserialize, Serialize};

/// Memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// Its last heartbeat.
    pub beat: Heartbeat,
    /// When it was, by its own clock.
    pub beat_at: Time,
    /// How many whole intervals between own heartbeats it has lived.
    pub intervals: u32,
    /// What it knows of each node, in their order; of itself nothing that counts.
    pub peers: Vec<Peer>,
}

/// What a node knows of another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Peer {
    /// The last heartbeat that counted.
    pub heard: Heartbeat,
    /// When it came, by the own clock; at first, when the watch began.
    pub since: Time,
    /// The same in own intervals.
    pub since_interval: u32,
    /// The intervals between its heartbeats.
    pub window: Window,
    /// How long a silence is fine just now.
    pub allowance: Span,
    /// Whether the silence was longer.
    pub suspected: bool,
}

impl Node {
    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        let windows: usize = self.peers.iter().map(|peer| peer.window.weight()).sum();
        self.peers.capacity() * size_of::<Peer>() + windows
    }
}

/// What survives a crash: which life it was.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disk {
    /// The last life; 0 if it has never run.
    pub life: u16,
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next heartbeat is due.
    Beat,
    /// The silence of this node is too long.
    Watch(NodeId),
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        match self {
            Self::Beat => 0,
            Self::Watch(about) => about.0 + 1,
        }
    }

    fn from_key(key: u32) -> Self {
        key.checked_sub(1).map_or(Self::Beat, |about| Self::Watch(NodeId(about)))
    }

    fn kind(self) -> u8 {
        match self {
            Self::Beat => 0,
            Self::Watch(_) => 1,
        }
    }

    fn about(self) -> Option<NodeId> {
        match self {
            Self::Beat => None,
            Self::Watch(about) => Some(about),
        }
    }
}

/// What an application asks: whom do you suspect?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Whom do you suspect?
    Ask,
}

/// What it is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Nobody.
    Nobody,
    /// Somebody: who, is in the node's fields.
    Somebody,
}
