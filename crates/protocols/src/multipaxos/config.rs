//! The knobs.

use crate::quorum::{Quorum, majority};
use faultline_kernel::{Knob, Knobs, Span, SpanRange};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many servers there are.
    pub servers: u32,
    /// How many promises a server needs to lead.
    pub phase1: Quorum,
    /// How many acceptances choose a command.
    pub phase2: Quorum,
    /// How long a server hears nothing from a leader before it begins a ballot of its own.
    pub election_timeout: SpanRange,
    /// How often a leader says that it is there, and what got no answer is said again.
    pub heartbeat: Span,
    /// How many slots a leader may have open at once.
    pub window: u64,
    /// How many chosen slots are kept before they are collected; 0 keeps them all.
    pub collect_after: u64,
    /// Whether a server that was outbid tries again instead of following.
    pub insist: bool,
    /// How long it waits at most before it does.
    pub backoff: Span,
    /// How long the lease lasts that an acceptor grants its leader; without one, reads go through
    /// the log.
    pub lease: Option<Span>,
    /// How many times faster than another a clock may run, as far as leases can bear it.
    pub clock_ratio: u64,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// A server that restarts does not know what it promised.
    pub forget_promise: bool,
    /// A new leader proposes what it likes, whatever acceptors told it.
    pub ignore_accepted: bool,
    /// Quorums of phase 1 and phase 2 may be so small that they need not meet.
    pub quorums_may_miss: bool,
    /// All servers count their ballots from the same numbers.
    pub share_ballots: bool,
    /// An acceptor promises a ballot although it has granted a lease to another leader.
    pub break_lease: bool,
    /// A leader answers reads from memory, with or without a lease.
    pub stale_reads: bool,
    /// A command that was asked for twice is applied twice.
    pub apply_twice: bool,
}

/// The most servers.
const SERVERS_MAX: u64 = 25;

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("servers", 1, 5, SERVERS_MAX),
        Knob::count("phase1_quorum", 0, 0, SERVERS_MAX),
        Knob::count("phase2_quorum", 0, 0, SERVERS_MAX),
        Knob::millis("election_min_ms", 1, 150, 60_000),
        Knob::millis("election_max_ms", 1, 300, 60_000),
        Knob::millis("heartbeat_ms", 1, 50, 60_000),
        Knob::count("window", 1, 8, super::log::OPEN_MOST),
        Knob::count("collect_after", 0, 0, 10_000),
        Knob::switch("insist"),
        Knob::millis("backoff_ms", 0, 100, 60_000),
        Knob::millis("lease_ms", 0, 0, 60_000),
        Knob::count("clock_ratio", 1, 4, 100),
        Knob::sabotage("forget_promise", "promise-kept"),
        Knob::sabotage("ignore_accepted", "later-ballots-agree"),
        Knob::sabotage("quorums_may_miss", "one-value-chosen"),
        Knob::sabotage("share_ballots", "one-value-per-ballot"),
        Knob::sabotage("break_lease", "reads-are-fresh"),
        Knob::sabotage("stale_reads", "reads-are-fresh"),
        Knob::sabotage("apply_twice", "applied-once"),
    ];

    const VARIED: &'static [(&'static str, &'static [u64])] = &[
        ("servers", &[3, 4, 5]),
        ("phase1_quorum", &[0, 2, 3]),
        ("phase2_quorum", &[0, 0, 2]),
        ("window", &[8, 2, 64]),
        ("collect_after", &[0, 7]),
        ("insist", &[0, 0, 1]),
        ("lease_ms", &[0, 200, 1_000, 2_000]),
        ("clock_ratio", &[4, 1, 2]),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let on = |place: usize| values[place] != 0;
        let of = small(0)?;
        let quorum = |place: usize, above: &'static str| match small(place)? {
            0 => Ok(Quorum { enough: majority(of), of }),
            enough if enough > of => Err(above),
            enough => Ok(Quorum { enough, of }),
        };
        if values[3] > values[4] {
            return Err("election_max_ms is below election_min_ms");
        }
        let config = Self {
            servers: of,
            phase1: quorum(1, "phase1_quorum is above servers")?,
            phase2: quorum(2, "phase2_quorum is above servers")?,
            election_timeout: SpanRange::new(Span::millis(values[3]), Span::millis(values[4])),
            heartbeat: Span::millis(values[5]),
            window: values[6],
            collect_after: values[7],
            insist: on(8),
            backoff: Span::millis(values[9]),
            lease: on(10).then_some(Span::millis(values[10])),
            clock_ratio: values[11],
            sabotage: Sabotage {
                forget_promise: on(12),
                ignore_accepted: on(13),
                quorums_may_miss: on(14),
                share_ballots: on(15),
                break_lease: on(16),
                stale_reads: on(17),
                apply_twice: on(18),
            },
        };
        match config.phase1.meets(config.phase2) || config.sabotage.quorums_may_miss {
            true => Ok(config),
            false => Err("phase1_quorum and phase2_quorum together are not above servers"),
        }
    }
}

impl Config {
    /// The slowest and the fastest clock with which leases hold: no faster than
    /// [`Config::clock_ratio`] allows.
    pub(super) fn clocks(&self) -> (u32, u32) {
        const TRUE: u32 = 1_000_000;
        let ratio = u32::try_from(self.clock_ratio).unwrap_or(u32::MAX);
        match self.lease {
            Some(_) if ratio < 4 => (TRUE, TRUE * ratio),
            Some(_) | None => (TRUE / 2, TRUE * 2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quorums(servers: u64, phase1: u64, phase2: u64, may_miss: u64) -> Option<(u32, u32)> {
        let mut values = Config::defaults();
        (values[0], values[1], values[2], values[14]) = (servers, phase1, phase2, may_miss);
        let config = Config::from_values(&values).ok()?;
        Some((config.phase1.enough, config.phase2.enough))
    }

    #[test]
    fn quorums_are_majorities_unless_they_are_given_and_must_meet() {
        assert_eq!(quorums(5, 0, 0, 0), Some((3, 3)));
        assert_eq!(quorums(6, 5, 2, 0), Some((5, 2)));
        assert_eq!(quorums(4, 2, 2, 0), None);
        assert_eq!(quorums(4, 2, 2, 1), Some((2, 2)));
        assert_eq!(quorums(3, 4, 0, 1), None, "more than there are");
    }

    #[test]
    fn an_election_timeout_upside_down_is_refused() {
        let mut values = Config::defaults();
        values[3] = 301;
        assert_eq!(
            Config::from_values(&values).err(),
            Some("election_max_ms is below election_min_ms")
        );
    }
}
