//! The rooms: one folder per protocol, the same furniture in each.
//!
//! A room is written once; the page, the command line, the tests and the searches all run this
//! code. It **never** knows the simulator, a clock, a file, a thread, a hash order or a page.
//! What several rooms need stands beside them: ballots, quorums, a context for tests.

#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::float_arithmetic, clippy::wildcard_enum_match_arm)]

extern crate alloc;

// The catalogue: one line for each room, in the order of the library. The first one opens when
// nobody asks for anything. `lab/build.rs` reads these lines: a room is its folder and its line.
pub mod raft;
pub mod paxos;
pub mod multipaxos;
pub mod fastpaxos;
pub mod rumour;
pub mod antientropy;
pub mod broadcast;
pub mod swim;
pub mod detector;
pub mod echo;

mod ballot;
mod deadline;
mod history;
mod quorum;
mod roster;
mod store;
#[cfg(test)]
mod testing;
mod written;
