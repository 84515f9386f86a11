//! The knobs.

use super::roster::Roster;
use crate::quorum::{Quorum, majority};
use faultline_kernel::{Knob, Knobs, Span};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who plays which role.
    pub roster: Roster,
    /// How many acceptors are enough in a classic round, and for phase 1 of any.
    pub classic: Quorum,
    /// How many acceptances choose a value in a fast round.
    pub fast: Quorum,
    /// How long a proposer or a coordinator waits before it tries again.
    pub retry: Span,
    /// How much longer at most, drawn anew each time.
    pub backoff: Span,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for. One more is the size of
/// [`Config::fast`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// An acceptor that restarts does not know what it promised.
    pub forget_promise: bool,
    /// A coordinator proposes what it likes, whatever acceptors told it.
    pub ignore_accepted: bool,
    /// All coordinators count their rounds from the same numbers.
    pub share_ballots: bool,
}

impl Config {
    /// How many acceptances choose a value in this round.
    pub(super) fn quorum(&self, round: crate::ballot::Ballot) -> Quorum {
        if super::round::is_fast(round) { self.fast } else { self.classic }
    }
}

/// The fewest acceptances of which any two sets and any majority have an acceptor in common (the
/// quorum requirement of Fast Paxos §3.1; with E = n − this and F = n − majority it is n > 2E + F,
/// §3.4.1, and E is the largest for the largest F).
pub(super) fn fast_quorum(acceptors: u32) -> u32 {
    (2 * acceptors - majority(acceptors)) / 2 + 1
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("coordinators", 1, 1, 5),
        Knob::count("proposers", 1, 2, 9),
        Knob::count("acceptors", 1, 5, 25),
        Knob::count("learners", 1, 1, 9),
        Knob::millis("retry_ms", 1, 200, 60_000),
        Knob::millis("backoff_ms", 0, 100, 60_000),
        Knob::sabotage("bare_fast_quorum", "fast-quorums-meet"),
        Knob::sabotage("forget_promise", "promise-kept"),
        Knob::sabotage("ignore_accepted", "later-rounds-agree"),
        Knob::sabotage("share_ballots", "one-value-per-round"),
    ];

    const VARIED: &'static [(&'static str, &'static [u64])] = &[
        ("coordinators", &[1, 2, 3, 3]),
        ("proposers", &[2, 3]),
        ("acceptors", &[5, 4, 7]),
        ("retry_ms", &[200, 60, 20]),
        ("backoff_ms", &[100, 200, 20]),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let of = small(2)?;
        let on = |place: usize| values[place] != 0;
        let fast = if on(6) { majority(of) } else { fast_quorum(of) };
        Ok(Self {
            roster: Roster {
                coordinators: small(0)?,
                proposers: small(1)?,
                acceptors: of,
                learners: small(3)?,
            },
            classic: Quorum { enough: majority(of), of },
            fast: Quorum { enough: fast, of },
            retry: Span::millis(values[4]),
            backoff: Span::millis(values[5]),
            sabotage: Sabotage {
                forget_promise: on(7),
                ignore_accepted: on(8),
                share_ballots: on(9),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fast_quorums_and_a_classic_one_always_meet_and_none_is_larger_than_needed() {
        for of in 1..=25 {
            let fast = fast_quorum(of);
            assert!(fast <= of && majority(of) + 2 * fast > 2 * of, "{of}");
            assert!(majority(of) + 2 * (fast - 1) <= 2 * of, "{of}");
        }
        assert_eq!([3, 4, 5, 7].map(fast_quorum), [3, 3, 4, 6]);
    }

    #[test]
    fn all_fit_into_a_set() {
        let most: u64 = Config::KNOBS[..4].iter().map(|knob| knob.max).sum();
        assert!(most <= u64::from(crate::quorum::NODES_MAX));
    }
}
