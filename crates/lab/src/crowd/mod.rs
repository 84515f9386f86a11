//! A million nodes for people: a swarm that is counted, looked at, and gone back in.
//!
//! A [`Headcount`] plays a scenario whose `time` says that it is a swarm, slice by slice, and keeps
//! the counts: that is enough for tables and numbers. A [`Crowd`] is what a page holds: it also
//! keeps a picture of every slice while a budget lasts, so that a step back costs nothing.
//!
//! Only rooms that the build script names are compiled for it, and none of it is in the program
//! that the page opens with.

mod going;
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

use faultline_kernel::{Protocol, SwarmMetric};
use faultline_swarms::{Make, Start};

/// What a room is compiled to for swarms.
pub(crate) struct ForSwarm {
    /// A swarm in which nothing has happened yet.
    make: Make,
    pub(crate) metrics: &'static [SwarmMetric],
}

impl ForSwarm {
    pub(crate) const fn of<P: Protocol>(make: Make) -> Self {
        Self { make, metrics: P::SWARM_METRICS }
    }
}
