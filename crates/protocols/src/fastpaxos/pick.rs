//! The rule for picking a value where a coordinator is not free (§3.1).

use super::Config;
use crate::ballot::{Ballot, Decree, Vote};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// What the coordinator may propose, after a classic quorum told what it accepted last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Pick {
    /// Nothing can have been chosen: any value.
    Free {
        /// The value that most voted for in the last round in which anybody did.
        voted: Option<Decree>,
    },
    /// This value: no other can have been chosen.
    Bound {
        /// The value.
        value: Decree,
        /// The last round in which anybody voted.
        last: Ballot,
        /// How many values may have been chosen in that round; more than one only if fast quorums
        /// are too small.
        candidates: u32,
    },
}

/// The rule for picking a value (§3.1, Figure 2).
///
/// Let k be the highest round in which any of the quorum voted. If nobody voted, the coordinator is
/// free.
///
/// If all votes in k are for one value, it is that value, in whatever kind of round: whoever voted
/// for it there had to be sure that no other was chosen in a lower round, and in k no other can be.
/// This holds too if too few voted for it to be chosen in k itself; it may have been chosen lower.
///
/// Else k is a fast round, and nothing was chosen below it, since two values were safe there. A
/// value v can have been chosen in k only if a k-quorum may exist of which every member in this
/// quorum voted for v: those who voted for it, and those of whom nothing is known, must be enough
/// (observation 4). That holds for at most one value, because any quorum and two fast quorums have
/// an acceptor in common. If it holds for none, the coordinator is free.
pub(super) fn pick(reports: &BTreeMap<NodeId, Option<Vote>>, config: &Config) -> Pick {
    let Some(last) = reports.values().flatten().map(|vote| vote.ballot).max() else {
        return Pick::Free { voted: None };
    };
    let votes: Vec<Decree> =
        reports.values().flatten().filter(|vote| vote.ballot == last).map(|v| v.value).collect();
    let count = |value: &Decree| {
        u32::try_from(votes.iter().filter(|vote| *vote == value).count()).unwrap_or(u32::MAX)
    };
    let known = u32::try_from(reports.len()).unwrap_or(u32::MAX);
    let unknown = config.classic.of.saturating_sub(known);
    let may_be_chosen = |value: &Decree| count(value) + unknown >= config.quorum(last).enough;
    let mut values = votes.clone();
    values.sort_unstable();
    values.dedup();
    let only = values.first().copied().filter(|_| values.len() == 1);
    let voted = values.iter().copied().max_by_key(|value| (count(value), *value));
    values.retain(may_be_chosen);
    let candidates = u32::try_from(values.len()).unwrap_or(u32::MAX);
    match only.or(values.first().copied()) {
        Some(value) => Pick::Bound { value, last, candidates },
        None => Pick::Free { voted },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fastpaxos::testing::{Stub, decree, vote};

    fn picked(votes: &[Option<Vote>], bare: bool) -> Pick {
        let mut config = Stub::new(0).config;
        if bare {
            config.fast.enough = 3;
        }
        let reports = (0..).map(NodeId).zip(votes.iter().copied()).collect();
        pick(&reports, &config)
    }

    fn bound(value: &str, last: u64, candidates: u32) -> Pick {
        Pick::Bound { value: decree(value), last: Ballot(last), candidates }
    }

    #[test]
    fn a_value_that_may_have_been_chosen_is_picked_and_otherwise_any() {
        let (red, blue) = (Some(vote(1, "red")), Some(vote(1, "blue")));
        assert_eq!(picked(&[None, None, None], false), Pick::Free { voted: None });
        assert_eq!(picked(&[red, red, blue], false), bound("red", 1, 1), "two more may be red");
        let voted = Some(decree("red"));
        assert_eq!(picked(&[red, None, blue], false), Pick::Free { voted }, "neither can be four");
        assert_eq!(picked(&[red, blue, Some(vote(2, "blue"))], false), bound("blue", 2, 1));
        assert_eq!(picked(&[red, red, blue], true), bound("blue", 1, 2), "a guess");
    }

    #[test]
    fn the_only_value_that_was_voted_for_is_picked_however_few_voted_for_it() {
        let (red, blue) = (Some(vote(5, "red")), Some(vote(4, "blue")));
        assert_eq!(picked(&[red, None, None], false), bound("red", 5, 0));
        assert_eq!(picked(&[red, Some(vote(4, "red")), None], false), bound("red", 5, 0));
        assert_eq!(picked(&[red, red, blue], false), bound("red", 5, 1));
        assert_eq!(picked(&[blue, None, None], false), bound("blue", 4, 1), "a classic round");
    }
}
