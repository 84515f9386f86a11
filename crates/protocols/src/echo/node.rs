//! What a node remembers, and what it keeps through a crash.

use faultline_kernel::{Knob, Knobs, RequestId, Span, TimerName};
use serde::{Deserialize, Serialize};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many nodes stand in the ring.
    pub nodes: u32,
    /// How long a node waits before it asks again.
    pub patience: Span,
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] =
        &[Knob::count("nodes", 2, 3, 9), Knob::millis("patience_ms", 1, 100, 10_000)];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let nodes = u32::try_from(values[0]).map_err(|_| "nodes")?;
        Ok(Self { nodes, patience: Span::millis(values[1]) })
    }
}

/// Memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Node {
    /// The word it waits for.
    pub asking: Option<u32>,
    /// The client who wants to know; forgotten in a crash.
    pub client: Option<RequestId>,
    /// How many words came back.
    pub echoes: u32,
}

/// What survives a crash.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// The word that was promised to be asked for.
    pub asking: Option<u32>,
}

/// A change to the disk.
#[derive(Clone, Debug)]
pub struct Write {
    /// What [`Disk::asking`] becomes.
    pub asking: Option<u32>,
}

/// The only timer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Runs out when the neighbour has not answered for long.
    Patience,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        0
    }

    fn from_key(_key: u32) -> Self {
        Self::Patience
    }

    fn kind(self) -> u8 {
        0
    }
}

/// What a client asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The word to send round.
    pub word: u32,
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It came back.
    Echoed,
    /// Another word is still out.
    Busy,
}
