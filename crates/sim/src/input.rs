//! Interventions, and where in a run they stand.

use crate::wire::Flat;
use faultline_kernel::{Draw, NodeId, Purpose, Time};
use serde::{Deserialize, Serialize};

/// Something done to a running cluster. `R` is what a client may ask.
#[derive(Clone, PartialEq, Debug)]
pub enum Input<R> {
    /// The node stops: its memory, its timers and its unfinished writes are gone.
    Crash {
        /// Which one.
        node: NodeId,
    },
    /// So many of a million nodes crash at once; who, is drawn.
    CrashSome {
        /// In millionths.
        ppm: u32,
    },
    /// A crashed node starts again from its disk.
    Restart {
        /// Which one.
        node: NodeId,
    },
    /// The node stands still; what reaches it waits.
    Pause {
        /// Which one.
        node: NodeId,
    },
    /// A paused node goes on.
    Resume {
        /// Which one.
        node: NodeId,
    },
    /// A crashed node loses its disk too.
    LoseDisk {
        /// Which one.
        node: NodeId,
    },
    /// The node's clock runs at another rate.
    Clock {
        /// Whose.
        node: NodeId,
        /// In millionths of real time: 1 000 000 is true.
        rate_ppm: u32,
    },
    /// A timer that is set runs out now.
    Fire {
        /// Whose.
        node: NodeId,
        /// Which: its id.
        timer: String,
        /// The peer it is about, for timers kept one per peer.
        about: Option<NodeId>,
    },
    /// A client asks a node.
    Request {
        /// Whom.
        node: NodeId,
        /// What; without it, the room's own next sample.
        request: Option<R>,
    },
    /// A fault line: nothing passes between groups. It replaces the one before.
    Cut {
        /// The sides; nodes not named form one more side.
        groups: Vec<Vec<NodeId>>,
    },
    /// Takes away the fault line and every cut link.
    Heal,
    /// Cuts one link.
    CutLink {
        /// From here
        from: NodeId,
        /// to there,
        to: NodeId,
        /// and back as well.
        both: bool,
    },
    /// Heals one link.
    HealLink {
        /// From here
        from: NodeId,
        /// to there,
        to: NodeId,
        /// and back as well.
        both: bool,
    },
    /// From now on the network loses so many of a million messages.
    Loss {
        /// In millionths.
        ppm: u32,
    },
    /// From now on the network doubles so many of a million messages.
    Duplication {
        /// In millionths.
        ppm: u32,
    },
    /// From now on messages take from `min_us` to `max_us` microseconds.
    Latency {
        /// At least 1.
        min_us: u64,
        /// Not below `min_us`.
        max_us: u64,
    },
    /// From now on writes to disk take from `min_us` to `max_us` microseconds.
    Disk {
        /// 0 is at once.
        min_us: u64,
        /// Not below `min_us`.
        max_us: u64,
    },
    /// Loses one message that is on its way.
    Drop {
        /// Which one.
        message: MessageName,
    },
    /// Doubles one message that is on its way.
    Duplicate {
        /// Which one.
        message: MessageName,
    },
    /// Delivers one message now, even one that the network would have lost by chance. It takes a
    /// receiver that is up and a link that is not cut.
    Deliver {
        /// Which one.
        message: MessageName,
    },
    /// Delivers one message later than it would have been.
    Delay {
        /// Which one.
        message: MessageName,
        /// So much later, in microseconds.
        by_us: u64,
    },
    /// While on, nothing is delivered unless somebody says so.
    Hold {
        /// On or off.
        on: bool,
    },
}

/// How a message is named: by its circumstances, which no intervention elsewhere changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageName {
    /// Who sent it.
    pub from: NodeId,
    /// To whom.
    pub to: NodeId,
    /// When it was sent.
    pub sent_us: Time,
    /// The how-manieth of that sender to that receiver at that time, from 0.
    #[serde(default)]
    pub ordinal: u16,
    /// Whether it is the copy that the network made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
}

/// An input and where it stands: it acts before the first event at or after `at`, and not before
/// `after` events have happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Flat<R>", into = "Flat<R>")]
#[serde(bound(
    deserialize = "R: Clone + PartialEq + Deserialize<'de>",
    serialize = "R: Clone + Serialize"
))]
pub struct Positioned<R> {
    /// The time.
    pub at: Time,
    /// How many events come first, if the page wrote it; by hand one writes the time alone.
    pub after: Option<u32>,
    /// What is done.
    pub input: Input<R>,
}

impl<R> Input<R> {
    /// The same input with its request, if it has one, turned into another type.
    ///
    /// # Errors
    /// What `turn` returns.
    pub fn try_map<S, E>(&self, turn: impl FnOnce(&R) -> Result<S, E>) -> Result<Input<S>, E>
    where
        R: Clone,
    {
        Ok(match self.clone() {
            Self::Crash { node } => Input::Crash { node },
            Self::CrashSome { ppm } => Input::CrashSome { ppm },
            Self::Restart { node } => Input::Restart { node },
            Self::Pause { node } => Input::Pause { node },
            Self::Resume { node } => Input::Resume { node },
            Self::LoseDisk { node } => Input::LoseDisk { node },
            Self::Clock { node, rate_ppm } => Input::Clock { node, rate_ppm },
            Self::Fire { node, timer, about } => Input::Fire { node, timer, about },
            Self::Request { node, request } => {
                Input::Request { node, request: request.as_ref().map(turn).transpose()? }
            }
            Self::Cut { groups } => Input::Cut { groups },
            Self::Heal => Input::Heal,
            Self::CutLink { from, to, both } => Input::CutLink { from, to, both },
            Self::HealLink { from, to, both } => Input::HealLink { from, to, both },
            Self::Loss { ppm } => Input::Loss { ppm },
            Self::Duplication { ppm } => Input::Duplication { ppm },
            Self::Latency { min_us, max_us } => Input::Latency { min_us, max_us },
            Self::Disk { min_us, max_us } => Input::Disk { min_us, max_us },
            Self::Drop { message } => Input::Drop { message },
            Self::Duplicate { message } => Input::Duplicate { message },
            Self::Deliver { message } => Input::Deliver { message },
            Self::Delay { message, by_us } => Input::Delay { message, by_us },
            Self::Hold { on } => Input::Hold { on },
        })
    }

    /// The node it is about, if it is about one.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Crash { node }
            | Self::Restart { node }
            | Self::Pause { node }
            | Self::Resume { node }
            | Self::LoseDisk { node }
            | Self::Clock { node, .. }
            | Self::Fire { node, .. }
            | Self::Request { node, .. } => Some(*node),
            _ => None,
        }
    }

    /// Every node it names.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeId> {
        match self {
            Self::Cut { groups } => groups.concat(),
            Self::CutLink { from, to, .. } | Self::HealLink { from, to, .. } => vec![*from, *to],
            Self::Drop { message }
            | Self::Duplicate { message }
            | Self::Deliver { message }
            | Self::Delay { message, .. } => vec![message.from, message.to],
            _ => self.node().into_iter().collect(),
        }
    }
}

/// Whether a node is among the share that crashes at a moment.
pub(crate) fn is_hit(seed: u64, now: Time, node: NodeId, ppm: u32) -> bool {
    Draw::keyed(seed, Purpose::Crash, &[now.0, u64::from(node.0)]).chance(ppm)
}
