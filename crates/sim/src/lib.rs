//! The universe: a world that steps, a network that fails, a log that remembers, runs that branch.
//!
//! It **never** knows a protocol: what of a world depends on one stands behind one border
//! (`cast.rs`), and only that is compiled once for each room.
//! No clock, no file, no thread, no hash order.

#![forbid(unsafe_code)]
#![warn(clippy::float_arithmetic, clippy::disallowed_types, clippy::cast_possible_truncation)]

mod actor;
mod calm;
mod canonical;
mod cast;
mod clients;
mod clock;
#[cfg(debug_assertions)]
mod deaf;
mod desk;
mod disk;
mod flight;
mod input;
mod intervene;
mod load;
mod log;
mod network;
mod players;
mod queue;
mod record;
mod run;
mod snapshots;
mod station;
mod step;
pub mod swarm;
mod wire;
mod world;

pub use cast::Sealed;
pub use clients::{Heard, Said};
pub use flight::{FlightView, Flying};
pub use input::{Input, MessageName, Positioned};
pub use load::Load;
pub use log::{EventKind, Log, Mark, NO_EVENT, Record, Why};
pub use network::{Network, NetworkConfig};
pub use run::{Progress, Run};
pub use station::{Condition, CountdownView};
pub use world::{Recipe, Setup, World};
