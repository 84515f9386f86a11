//! The knobs.

use super::node::COUNT_MAX;
use faultline_kernel::{Knob, Knobs, Span};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many sites there are.
    pub nodes: u32,
    /// Whether a site that spreads the rumour pushes it to a partner.
    pub push: bool,
    /// Whether every site asks a partner for anything new.
    pub pull: bool,
    /// Whether interest is lost whatever the partner knew.
    pub blind: bool,
    /// Whether interest is lost by coin, and not by counter.
    pub coin: bool,
    /// After how many contacts, or with one chance in how many, interest is lost.
    pub k: u32,
    /// How many partners are picked in a round.
    pub fanout: u32,
    /// How long a round takes
    pub round: Span,
    /// and how much longer at most, drawn anew each time.
    pub jitter: Span,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// A site never loses interest.
    pub keep_interest: bool,
    /// A site that restarts does not look at its disk.
    pub forget: bool,
}

/// The knobs that a round asks again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Variant {
    pub(super) push: bool,
    pub(super) pull: bool,
    pub(super) blind: bool,
    pub(super) coin: bool,
    pub(super) keep_interest: bool,
    /// Whether rounds differ in length.
    pub(super) jitter: bool,
}

impl Variant {
    /// The plainest of all. Among a million sites the questions are most of the work, so for this
    /// one the compiler knows the answers: the same rounds, a quarter faster.
    pub(super) const PLAIN: Self = Self {
        push: true,
        pull: false,
        blind: true,
        coin: false,
        keep_interest: false,
        jitter: false,
    };
}

impl Config {
    #[inline(always)]
    pub(super) fn variant(&self) -> Variant {
        let Self { push, pull, blind, coin, sabotage: Sabotage { keep_interest, .. }, .. } = *self;
        Variant { push, pull, blind, coin, keep_interest, jitter: self.jitter > Span::ZERO }
    }
}

const NODES_MAX: u64 = 1_000;
/// Where counts are kept instead of events.
const NODES_MAX_IN_SWARM: u64 = 1_000_000;
/// Two of them together are shorter than what [`super::Node`] remembers of a moment.
const ROUND_MAX_MS: u64 = 2_000;

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("nodes", 2, 16, NODES_MAX).in_swarm(NODES_MAX_IN_SWARM),
        Knob { default: 1, ..Knob::switch("push") },
        Knob::switch("pull"),
        Knob::switch("blind"),
        Knob::switch("coin"),
        Knob::count("k", 1, 2, COUNT_MAX as u64),
        Knob::count("fanout", 1, 1, 8),
        Knob::millis("round_ms", 1, 100, ROUND_MAX_MS),
        Knob::millis("jitter_ms", 0, 50, ROUND_MAX_MS),
        Knob::sabotage("keep_interest", "interest-ends"),
        Knob::sabotage("forget", "never-forgets"),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let on = |place: usize| values[place] != 0;
        if !on(1) && !on(2) {
            return Err("push and pull are both off");
        }
        Ok(Self {
            nodes: small(0)?,
            push: on(1),
            pull: on(2),
            blind: on(3),
            coin: on(4),
            k: small(5)?,
            fanout: small(6)?,
            round: Span::millis(values[7]),
            jitter: Span::millis(values[8]),
            sabotage: Sabotage { keep_interest: on(9), forget: on(10) },
        })
    }
}
