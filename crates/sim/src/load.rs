//! A steady stream of requests from outside.

use faultline_kernel::{NodeId, RequestId, Span, Time};
use serde::{Deserialize, Serialize};

/// Clients that ask at a steady pace. A client that is sent elsewhere asks there, and the next
/// request starts where the last one was welcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// How long from one request to the next.
    #[serde(rename = "every_us")]
    pub every: Span,
    /// When the first one is made.
    #[serde(rename = "from_us", default)]
    pub from: Time,
    /// How many are made.
    #[serde(default = "without_end")]
    pub count: u32,
}

fn without_end() -> u32 {
    u32::MAX
}

/// How often a client that is sent elsewhere asks again.
pub(crate) const TRIES: u8 = 4;

/// How long it takes a client to turn to another node.
pub(crate) const TURN: Span = Span::millis(1);

/// Where the stream of requests stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoadState {
    /// How many requests were started.
    pub(crate) made: u32,
    /// Where the next one goes; unknown at first.
    pub(crate) target: Option<NodeId>,
}

/// A request on its way to a node or waiting there. What it asks lies with the cast, at the same
/// place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending {
    pub(crate) id: RequestId,
    /// How often it may still be sent elsewhere; 0 for what a reader asks by hand.
    pub(crate) tries: u8,
    /// The event that made it.
    pub(crate) asked_by: u32,
}
