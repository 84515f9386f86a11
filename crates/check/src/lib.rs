//! The judge of what clients saw: is there an order of their operations, each at one instant
//! between its call and its response, that a single copy of the data could have answered so?
//!
//! The search goes back to Wing and Gong, "Testing and verifying concurrent objects", 1993. From
//! Lowe, "Testing for linearizability", 2017, are the memory of what was tried, and that an
//! operation is put in order only when a response asks for it. A history falls into one part for
//! each key, and each is judged alone (Herlihy and Wing, "Linearizability", 1990, theorem 1).
//!
//! It **never** knows a protocol or a simulator: a history is all it sees.

#![forbid(unsafe_code)]

mod bits;
mod foresight;
mod history;
mod judge;
mod operation;
mod search;
mod timeline;
mod values;

pub use history::{Bad, Function, History, Kind, Line, Model};
pub use judge::{Judgement, Verdict, judge, judge_aloud};

/// A hasher that is the same in every run. What is hashed is small and made by us, and nothing
/// depends on the order of the tables that use it.
#[derive(Clone, Copy, Default)]
pub(crate) struct FixedHasher(u64);

impl std::hash::Hasher for FixedHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Builds [`FixedHasher`]s.
pub(crate) type Fixed = std::hash::BuildHasherDefault<FixedHasher>;

#[expect(clippy::disallowed_types, reason = "a fixed hasher, and nobody walks over it")]
pub(crate) type FixedMap<K, V> = std::collections::HashMap<K, V, Fixed>;

#[expect(clippy::disallowed_types, reason = "a fixed hasher, and nobody walks over it")]
pub(crate) type FixedSet<K> = std::collections::HashSet<K, Fixed>;
