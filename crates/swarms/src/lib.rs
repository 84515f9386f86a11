//! The rooms that a swarm can play, one function each.
//!
//! A swarm is generic over its room, so its code is made where both are named. That is here and
//! nowhere else: `lab` is built for size in the page, and a million nodes would take a third longer
//! there (decision 9).

use faultline_kernel::{Knobs, NodeId, Protocol};
use faultline_protocols as rooms;
use faultline_sim::swarm::{AnySwarm, Pace, Swarm};
use faultline_sim::{Positioned, Recipe, Sealed, Setup};

/// What a swarm begins with.
pub struct Start<'a> {
    /// The seed and the network.
    pub setup: Setup,
    /// The values of the room's knobs, in their order.
    pub knobs: &'a [u64],
    /// The disks that are not empty.
    pub disks: Vec<(NodeId, Sealed)>,
    /// What is done to it.
    pub inputs: Vec<Positioned<Sealed>>,
    /// Its kind of time.
    pub pace: Pace,
}

/// Makes a swarm in which nothing has happened yet, or says what a swarm cannot do.
pub type Make = fn(Start<'_>) -> Result<Box<dyn AnySwarm>, &'static str>;

/// Rumour mongering.
///
/// # Errors
/// What a swarm cannot do.
pub fn rumour(start: Start<'_>) -> Result<Box<dyn AnySwarm>, &'static str> {
    make::<rooms::rumour::Room>(start)
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
