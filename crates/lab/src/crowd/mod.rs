//! A million nodes for people: a swarm that is counted, looked at, and gone back in.
//!
//! A [`Headcount`] plays a scenario whose `time` says that it is a swarm, slice by slice, and keeps
//! the counts: that is enough for tables and numbers. A [`Crowd`] is what a page holds: it also
//! keeps a picture of every slice while a budget lasts, so that a step back costs nothing.
//!
//! Only rooms that the build script names are compiled for it, and none of it is in the program
//! that the page opens with.

mod headcount;
mod metrics;
mod pictures;
mod session;
mod table;
mod telling;

pub use headcount::{Going, Headcount};
pub use session::Crowd;
pub use table::SliceRow;
pub use telling::{Standing, digits};

pub(crate) use metrics::{measure, metrics};

use faultline_kernel::{Knobs, NodeId, Protocol, SwarmMetric};
use faultline_sim::swarm::{AnySwarm, Pace, Swarm};
use faultline_sim::{Positioned, Recipe, Sealed, Setup};

/// What a room is compiled to for swarms.
pub(crate) struct ForSwarm {
    /// A swarm in which nothing has happened yet.
    make: fn(Start<'_>) -> Result<Box<dyn AnySwarm>, &'static str>,
    pub(crate) metrics: &'static [SwarmMetric],
}

/// What a swarm begins with.
struct Start<'a> {
    setup: Setup,
    knobs: &'a [u64],
    /// The disks that are not empty.
    disks: Vec<(NodeId, Sealed)>,
    inputs: Vec<Positioned<Sealed>>,
    pace: Pace,
}

impl ForSwarm {
    pub(crate) const fn of<P: Protocol>() -> Self {
        Self { make: make::<P>, metrics: P::SWARM_METRICS }
    }
}

fn make<P: Protocol>(start: Start<'_>) -> Result<Box<dyn AnySwarm>, &'static str> {
    let Start { setup, knobs, disks: named, inputs, pace } = start;
    let config = P::Config::from_values(knobs)?;
    let mut disks = Vec::new();
    for (node, sealed) in named {
        if disks.len() <= node.index() {
            disks.resize(node.index() + 1, P::Disk::default());
        }
        disks[node.index()] = sealed.downcast_ref().cloned().unwrap_or_default();
    }
    Ok(Box::new(Swarm::<P>::new(Recipe { setup, config, disks }, inputs, pace)?))
}
