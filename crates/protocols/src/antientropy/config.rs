//! The knobs.

use super::item::KEYS_MAX;
use faultline_kernel::{Knob, Knobs, Span};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many sites there are.
    pub nodes: u32,
    /// How many keys.
    pub keys: u16,
    /// How many of them every site has an old version of when it starts for the first time.
    pub preset: u16,
    /// Of how many of those the first site has a newer one.
    pub ahead: u16,
    /// Whether the partner takes what is newer at the site that begins.
    pub push: bool,
    /// Whether the site that begins takes what is newer at its partner.
    pub pull: bool,
    /// Whether sites compare by digests, and not by lists.
    pub digests: bool,
    /// How long it takes until a site begins the next exchange
    pub round: Span,
    /// and how much longer at most, drawn anew each time.
    pub jitter: Span,
    /// How long a death certificate is spread: τ1.
    pub certificate: Span,
    /// How much longer a few sites keep it, dormant: τ2.
    pub dormant: Span,
    /// How many sites those are.
    pub retention: u32,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// Whoever deletes keeps no death certificate.
    pub no_certificates: bool,
    /// Whatever comes in is taken, newer or not.
    pub ignore_stamps: bool,
}

const NODES_MAX: u64 = 100;
/// An hour.
const LIFE_MAX_MS: u64 = 3_600_000;

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("nodes", 2, 8, NODES_MAX),
        Knob::count("keys", 4, 16, KEYS_MAX as u64),
        Knob { default: 1, ..Knob::switch("push") },
        Knob { default: 1, ..Knob::switch("pull") },
        Knob::switch("digests"),
        Knob::millis("round_ms", 1, 200, 60_000),
        Knob::millis("jitter_ms", 0, 100, 60_000),
        Knob::millis("certificate_ms", 1, 10_000, LIFE_MAX_MS),
        Knob::millis("dormant_ms", 0, 0, LIFE_MAX_MS),
        Knob::count("retention", 1, 2, NODES_MAX),
        Knob::count("preset", 0, 0, KEYS_MAX as u64),
        Knob::count("ahead", 0, 0, KEYS_MAX as u64),
        Knob::sabotage("no_certificates", "dead-stay-dead"),
        Knob::sabotage("ignore_stamps", "newest-wins"),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let on = |place: usize| values[place] != 0;
        let millis = |place: usize| Span::millis(values[place]);
        if !on(2) && !on(3) {
            return Err("push and pull are both off");
        }
        let key = |place: usize| u16::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let (keys, preset, ahead) = (key(1)?, key(10)?, key(11)?);
        if preset > keys {
            return Err("preset is above keys");
        }
        if ahead > preset {
            return Err("ahead is above preset");
        }
        Ok(Self {
            nodes: small(0)?,
            keys,
            preset,
            ahead,
            push: on(2),
            pull: on(3),
            digests: on(4),
            round: millis(5),
            jitter: millis(6),
            certificate: millis(7),
            dormant: millis(8),
            retention: small(9)?,
            sabotage: Sabotage { no_certificates: on(12), ignore_stamps: on(13) },
        })
    }
}

impl Config {
    /// Whether a site takes what its partner has, and is newer.
    pub(super) fn takes(&self, began: bool) -> bool {
        if began { self.pull } else { self.push }
    }
}
