//! The knobs.

use faultline_kernel::{Knob, Knobs, Span};

/// The most nodes: each watches each other.
const NODES_MAX: u64 = 25;
/// The most samples of a window.
pub(super) const WINDOW_MAX: u64 = 200;
/// The highest threshold, in thousandths: a chance of one in a million billions.
pub(super) const THRESHOLD_MAX: u64 = 15_000;

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many nodes watch one another.
    pub nodes: u32,
    /// How often each says that it is there.
    pub heartbeat: Span,
    /// Whether the silence that is fine is learned from what was heard, instead of being fixed.
    pub accrual: bool,
    /// The silence that is fine, if it is fixed.
    pub timeout: Span,
    /// The φ at which a node is suspected, in thousandths.
    pub threshold: u32,
    /// How many intervals are remembered.
    pub window: u32,
    /// The least deviation that is reckoned with: no network is perfectly regular.
    pub deviation_min: Span,
    /// Broken on purpose: any heartbeat counts, however old.
    pub accept_old: bool,
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("nodes", 2, 4, NODES_MAX),
        Knob::millis("heartbeat_ms", 1, 100, 10_000),
        Knob::switch("accrual"),
        Knob::millis("timeout_ms", 1, 250, 60_000),
        Knob::count("phi_thousandths", 100, 8_000, THRESHOLD_MAX),
        Knob::count("window", 2, 20, WINDOW_MAX),
        Knob::millis("deviation_min_ms", 1, 10, 10_000),
        Knob::sabotage("accept_old", "fresh-heartbeats"),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        Ok(Self {
            nodes: small(0)?,
            heartbeat: Span::millis(values[1]),
            accrual: values[2] != 0,
            timeout: Span::millis(values[3]),
            threshold: small(4)?,
            window: small(5)?,
            deviation_min: Span::millis(values[6]),
            accept_old: values[7] != 0,
        })
    }
}
