//! The rooms: one folder per protocol, the same furniture in each.
//!
//! A room is written once; the page, the command line, the tests and the searches all run this
//! code. It **never** knows the simulator, a clock, a file, a thread, a hash order or a page.
//! What several rooms need stands beside them: ballots, quorums, a context for tests.

#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

extern crate alloc;

pub mod antientropy;
mod ballot;
pub mod broadcast;
mod deadline;
pub mod detector;
pub mod echo;
pub mod fastpaxos;
mod history;
pub mod multipaxos;
pub mod paxos;
mod quorum;
pub mod raft;
mod roster;
pub mod rumour;
mod store;
pub mod swim;
#[cfg(test)]
mod testing;
