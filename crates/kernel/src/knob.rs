//! Knobs: what a scenario may set, with units and bounds.

use alloc::vec::Vec;

/// What the number of a knob counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Things.
    Count,
    /// Milliseconds of virtual time.
    Millis,
    /// Off (0) or on (1).
    Switch,
}

/// One knob of a room. Its name and explanation are in the message catalogue, under its id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Knob {
    /// Its key in a scenario; ends with the unit, as in `heartbeat_ms`.
    pub id: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// The smallest value allowed.
    pub min: u64,
    /// The value when a scenario does not name it.
    pub default: u64,
    /// The largest value allowed.
    pub max: u64,
    /// The largest value allowed in a swarm, which keeps counts instead of events.
    pub max_in_swarm: u64,
    /// For a switch that breaks a rule: the property that breaks with it.
    pub breaks: Option<&'static str>,
}

/// The knobs of a room, read into its own type.
pub trait Knobs: Sized {
    /// All of them; a scenario may set these and no others.
    const KNOBS: &'static [Knob];

    /// Knobs that older versions of the room had: a scenario of such a version may name them still,
    /// and they are ignored.
    const RETIRED: &'static [&'static str] = &[];

    /// Knobs that random runs turn where a scenario leaves them alone, each with the values among
    /// which they choose; one that comes twice is chosen twice as often.
    const VARIED: &'static [(&'static str, &'static [u64])] = &[];

    /// Reads values in the order of [`Knobs::KNOBS`], each within its bounds.
    ///
    /// # Errors
    /// How knobs contradict each other, with the ids of all of them: `max_ms is below min_ms`.
    fn from_values(values: &[u64]) -> Result<Self, &'static str>;

    /// The values when nothing is said.
    #[must_use]
    fn defaults() -> Vec<u64> {
        Self::KNOBS.iter().map(|knob| knob.default).collect()
    }
}

impl Knob {
    /// A knob that counts things.
    #[must_use]
    pub const fn count(id: &'static str, min: u64, default: u64, max: u64) -> Self {
        Self { id, unit: Unit::Count, min, default, max, max_in_swarm: max, breaks: None }
    }

    /// The same knob, which goes further in a swarm.
    #[must_use]
    pub const fn in_swarm(self, max_in_swarm: u64) -> Self {
        Self { max_in_swarm, ..self }
    }

    /// A knob in milliseconds.
    #[must_use]
    pub const fn millis(id: &'static str, min: u64, default: u64, max: u64) -> Self {
        Self { unit: Unit::Millis, ..Self::count(id, min, default, max) }
    }

    /// A feature, off unless a scenario turns it on.
    #[must_use]
    pub const fn switch(id: &'static str) -> Self {
        Self { unit: Unit::Switch, ..Self::count(id, 0, 0, 1) }
    }

    /// A switch that breaks one rule, and with it the property named.
    #[must_use]
    pub const fn sabotage(id: &'static str, breaks: &'static str) -> Self {
        Self { breaks: Some(breaks), ..Self::switch(id) }
    }
}
