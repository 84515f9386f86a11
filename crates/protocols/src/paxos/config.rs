//! The knobs.

use super::roster::Roster;
use crate::quorum::{Quorum, majority};
use faultline_kernel::{Knob, Knobs, Span};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who plays which role.
    pub roster: Roster,
    /// How many promises a proposer needs.
    pub phase1: Quorum,
    /// How many acceptances choose a value.
    pub phase2: Quorum,
    /// How long a proposer waits for a quorum before it begins another ballot.
    pub retry: Span,
    /// How much longer at most, drawn anew each time; after a refusal, how long at most.
    pub backoff: Span,
    /// How long a proposer hears nothing from a better placed one before it takes that one for
    /// dead; without it there is no leader, and whoever wants something tries.
    pub leader: Option<Span>,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// An acceptor that restarts does not know what it promised.
    pub forget_promise: bool,
    /// A proposer proposes its own value, whatever acceptors told it.
    pub ignore_accepted: bool,
    /// Quorums of phase 1 and phase 2 may be so small that they need not meet.
    pub quorums_may_miss: bool,
    /// All proposers count their ballots from the same numbers.
    pub share_ballots: bool,
}

/// The most agents of each kind: all of them fit into [`crate::quorum::NODES_MAX`].
const PROPOSERS_MAX: u64 = 9;
const ACCEPTORS_MAX: u64 = 25;
const LEARNERS_MAX: u64 = 9;

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("proposers", 1, 2, PROPOSERS_MAX),
        Knob::count("acceptors", 1, 3, ACCEPTORS_MAX),
        Knob::count("learners", 0, 1, LEARNERS_MAX),
        Knob::switch("shared"),
        Knob::count("phase1_quorum", 0, 0, ACCEPTORS_MAX),
        Knob::count("phase2_quorum", 0, 0, ACCEPTORS_MAX),
        Knob::millis("retry_ms", 1, 200, 60_000),
        Knob::millis("backoff_ms", 0, 100, 60_000),
        Knob::millis("leader_ms", 0, 0, 60_000),
        Knob::sabotage("forget_promise", "promise-kept"),
        Knob::sabotage("ignore_accepted", "later-ballots-agree"),
        Knob::sabotage("quorums_may_miss", "one-value-chosen"),
        Knob::sabotage("share_ballots", "one-value-per-ballot"),
    ];

    const VARIED: &'static [(&'static str, &'static [u64])] = &[
        ("proposers", &[2, 2, 3]),
        ("acceptors", &[3, 4, 5]),
        ("phase1_quorum", &[0, 2, 3]),
        ("phase2_quorum", &[0, 2]),
        ("backoff_ms", &[100, 200, 20]),
        ("leader_ms", &[0, 0, 100]),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let of = small(1)?;
        let quorum = |place: usize, above: &'static str| match small(place)? {
            0 => Ok(Quorum { enough: majority(of), of }),
            enough if enough > of => Err(above),
            enough => Ok(Quorum { enough, of }),
        };
        let config = Self {
            roster: Roster {
                proposers: small(0)?,
                acceptors: of,
                learners: small(2)?,
                shared: values[3] != 0,
                leader: values[8] != 0,
            },
            phase1: quorum(4, "phase1_quorum is above acceptors")?,
            phase2: quorum(5, "phase2_quorum is above acceptors")?,
            retry: Span::millis(values[6]),
            backoff: Span::millis(values[7]),
            leader: (values[8] != 0).then_some(Span::millis(values[8])),
            sabotage: Sabotage {
                forget_promise: values[9] != 0,
                ignore_accepted: values[10] != 0,
                quorums_may_miss: values[11] != 0,
                share_ballots: values[12] != 0,
            },
        };
        match config.phase1.meets(config.phase2) || config.sabotage.quorums_may_miss {
            true => Ok(config),
            false => Err("phase1_quorum and phase2_quorum together are not above acceptors"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quorums(acceptors: u64, phase1: u64, phase2: u64, may_miss: u64) -> Option<(u32, u32)> {
        let mut values = Config::defaults();
        (values[1], values[4], values[5], values[11]) = (acceptors, phase1, phase2, may_miss);
        let config = Config::from_values(&values).ok()?;
        Some((config.phase1.enough, config.phase2.enough))
    }

    #[test]
    fn quorums_are_majorities_unless_they_are_given() {
        assert_eq!(quorums(3, 0, 0, 0), Some((2, 2)));
        assert_eq!(quorums(4, 0, 2, 0), Some((3, 2)));
        assert_eq!(quorums(5, 5, 1, 0), Some((5, 1)));
    }

    #[test]
    fn quorums_that_need_not_meet_are_refused_unless_the_switch_says_so() {
        assert_eq!(quorums(4, 2, 2, 0), None);
        assert_eq!(quorums(5, 2, 0, 0), None);
        assert_eq!(quorums(4, 2, 2, 1), Some((2, 2)));
        assert_eq!(quorums(3, 4, 0, 1), None, "more than there are");
    }

    #[test]
    fn the_largest_cluster_fits_into_a_set() {
        let most = PROPOSERS_MAX + ACCEPTORS_MAX + LEARNERS_MAX;
        assert!(most <= u64::from(crate::quorum::NODES_MAX));
    }
}
