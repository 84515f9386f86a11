//! Whatever comes from outside is read or refused, in bounded time and memory, without a panic;
//! and what is read can be opened and played.
//!
//! Every parser takes 100 000 mutations of valid input from a fixed seed.
//! `FAULTLINE_MUTATIONS=10000000 cargo test -p faultline-tests hostile -- --nocapture` goes on for
//! longer in the same way; `cargo xtask fuzz` goes on guided by coverage.

mod around;
mod scenarios;

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use crate::mutate;
use faultline_kernel::{Draw, Purpose};
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};

const SEED: u64 = 2_026;

/// How long one piece of input may take, from text to the last step. Generous: what takes so long
/// without a bound takes for ever.
const MOST_MS: u128 = 5_000;

/// How much memory one piece of input may take at once while it is only read, and judged. What is
/// seen is a thirtieth of it.
const READING_BYTES_MOST: u64 = 1 << 20;

/// The same with all that is played of it: a session with its log and snapshots. What is seen is
/// half of it, for a thousand members of SWIM, each of which knows all others.
const PLAYING_BYTES_MOST: u64 = 64 << 20;

fn mutations() -> u64 {
    effort("FAULTLINE_MUTATIONS", 100_000)
}

/// What became of the mutations of one kind.
#[derive(Clone, Copy, Default)]
struct Count {
    accepted: u64,
    refused: u64,
    /// The longest that one took, in milliseconds.
    slowest_ms: u128,
    /// The most memory that one took at once, in bytes.
    largest: u64,
}

/// Gives every mutation to `take`, which says whether it was accepted, and says what came of it.
/// Each may take so many bytes of memory.
fn bombard(
    name: &str,
    kind: u64,
    bytes_most: u64,
    make: impl Fn(&mut Draw) -> String + Sync,
    take: impl Fn(&str) -> bool + Sync,
) {
    let outcomes = on_all_cores(mutations(), |number| {
        let mut draw = Draw::keyed(SEED, Purpose::Chaos, &[kind, number]);
        let input = make(&mut draw);
        #[expect(clippy::disallowed_types, reason = "how long it takes is what is asked")]
        let started = std::time::Instant::now();
        let mut accepted = Ok(false);
        let memory = allocation_counter::measure(|| {
            accepted = catch_unwind(AssertUnwindSafe(|| take(&input)));
        });
        let accepted = accepted.unwrap_or_else(|_| panic!("mutation {number} is fatal:\n{input}"));
        let bytes = memory.bytes_max;
        assert!(bytes <= bytes_most, "mutation {number} takes {bytes} bytes:\n{input}");
        (accepted, started.elapsed().as_millis(), bytes)
    });
    let mut count = Count::default();
    for (accepted, took_ms, bytes) in outcomes {
        count.accepted += u64::from(accepted);
        count.refused += u64::from(!accepted);
        count.slowest_ms = count.slowest_ms.max(took_ms);
        count.largest = count.largest.max(bytes);
    }
    let Count { accepted, refused, slowest_ms, largest } = count;
    say(&format!(
        "hostile {name}: {accepted} accepted, {refused} refused, {slowest_ms} ms and {} kB most",
        largest.div_ceil(1_000),
    ));
    assert!(slowest_ms < MOST_MS, "{name}: one took {slowest_ms} ms");
    assert!(accepted > 0 && refused > 0, "{name}: mutations hit nothing");
}

/// Two different members of a corpus.
fn pick<'c, T>(corpus: &'c [T], draw: &mut Draw) -> (&'c T, &'c T) {
    let one = mutate::below(draw, corpus.len());
    let other = mutate::below(draw, corpus.len());
    (&corpus[one], &corpus[other])
}

/// Mutations of the texts of a corpus.
fn of_texts<'c>(corpus: &'c [String]) -> impl Fn(&mut Draw) -> String + Sync + 'c {
    |draw| {
        let (one, other) = pick(corpus, draw);
        mutate::text(one, other, draw)
    }
}

#[test]
fn memory_is_counted() {
    let memory = allocation_counter::measure(|| drop(black_box(vec![0_u8; 5_000_000])));
    assert!((5_000_000..5_001_000).contains(&memory.bytes_max), "{memory:?}");
}
