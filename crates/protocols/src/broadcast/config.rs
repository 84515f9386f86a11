//! The knobs.

use faultline_kernel::{Knob, Knobs, Span};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many nodes there are.
    pub nodes: u32,
    /// How many neighbours a node has at most.
    pub active: u32,
    /// How many others it knows of.
    pub passive: u32,
    /// How many steps a walk takes (HPV: ARWL).
    pub walk: u32,
    /// At how many steps before its end the node on the way remembers the new one (HPV: PRWL).
    pub remember: u32,
    /// How long it takes at most until a new node asks to be let in.
    pub join: Span,
    /// How long from one sign of life to the next.
    pub alive: Span,
    /// How long nothing may be heard from a neighbour.
    pub patience: Span,
    /// How long from one shuffle to the next.
    pub shuffle: Span,
    /// How long a broadcast that was announced may be missing.
    pub missing: Span,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// Whoever becomes a neighbour stays in the passive view.
    pub overlap: bool,
    /// What comes a second time is delivered a second time.
    pub deliver_again: bool,
}

const NODES_MAX: u64 = 100;
const VIEW_MAX: u64 = 30;

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("nodes", 2, 9, NODES_MAX),
        Knob::count("active", 2, 4, VIEW_MAX),
        Knob::count("passive", 1, 6, VIEW_MAX),
        Knob::count("walk", 1, 4, 20),
        Knob::count("remember", 0, 2, 20),
        Knob::millis("join_ms", 1, 500, 60_000),
        Knob::millis("alive_ms", 10, 150, 60_000),
        Knob::millis("patience_ms", 20, 500, 600_000),
        Knob::millis("shuffle_ms", 10, 600, 600_000),
        Knob::millis("missing_ms", 1, 60, 60_000),
        Knob::sabotage("overlap", "views-disjoint"),
        Knob::sabotage("deliver_again", "delivered-once"),
    ];

    /// Version 1 did not search again, and forgot anybody in a shuffle, unless told so.
    const RETIRED: &'static [&'static str] = &["search", "exchange"];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let millis = |place: usize| Span::millis(values[place]);
        if values[7] <= values[6] {
            return Err("patience_ms is not above alive_ms");
        }
        Ok(Self {
            nodes: small(0)?,
            active: small(1)?,
            passive: small(2)?,
            walk: small(3)?,
            remember: small(4)?,
            join: millis(5),
            alive: millis(6),
            patience: millis(7),
            shuffle: millis(8),
            missing: millis(9),
            sabotage: Sabotage { overlap: values[10] != 0, deliver_again: values[11] != 0 },
        })
    }
}
