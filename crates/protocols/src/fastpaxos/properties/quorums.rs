//! Whether a coordinator may have to guess, as the disks of acceptors tell.

use super::super::{Config, round};
use crate::ballot::{Ballot, Vote};
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// Whether acceptors that may have told a coordinator all that it knows in this round could leave
/// it two values of which either may have been chosen; returns one of those who voted for such a
/// value.
///
/// This is part (b) of the quorum requirement (§3.1), at work: it must not happen whatever classic
/// quorum of them it is. `stands` tells of each acceptor what it promised and accepted last.
pub(super) fn may_have_to_guess(
    round: Ballot,
    stands: impl Iterator<Item = (NodeId, Ballot, Option<Vote>)>,
    config: &Config,
) -> Option<NodeId> {
    // They answered phase 1 of this round, or, in coordinated recovery, voted in the round before.
    let told = |promised: Ballot, vote: Option<Vote>| {
        promised >= round || vote.is_some_and(|vote| vote.ballot.0 + 1 == round.0)
    };
    let told: Vec<(NodeId, Option<Vote>)> = stands
        .filter(|(_, promised, vote)| told(*promised, *vote))
        .map(|(id, _, vote)| (id, vote.filter(|vote| vote.ballot < round)))
        .collect();
    let last = told.iter().filter_map(|(_, vote)| Some(vote.as_ref()?.ballot));
    let mut rounds: Vec<Ballot> = last.filter(|last| round::is_fast(*last)).collect();
    rounds.sort_unstable();
    rounds.dedup();
    rounds.into_iter().find_map(|last| guess_about(last, &told, config))
}

/// The same if `last` is the highest round in which any of the quorum voted.
fn guess_about(last: Ballot, told: &[(NodeId, Option<Vote>)], config: &Config) -> Option<NodeId> {
    let (classic, of) = (config.classic.enough as usize, config.classic.of as usize);
    // So many of a classic quorum must have voted for a value that may have been chosen.
    let needed = (config.fast.enough as usize).saturating_sub(of - classic).max(1);
    let up_to = |vote: &Option<Vote>| vote.is_none_or(|vote| vote.ballot <= last);
    let members = told.iter().filter(|(_, vote)| up_to(vote)).count();
    if members < classic || 2 * needed > classic {
        return None;
    }
    let votes = told.iter().filter_map(|(id, vote)| Some((*id, (*vote)?)));
    let votes: Vec<(NodeId, Vote)> = votes.filter(|(_, vote)| vote.ballot == last).collect();
    let count = |vote: &Vote| votes.iter().filter(|(_, other)| other == vote).count();
    let may_be: Vec<(NodeId, Vote)> =
        votes.iter().copied().filter(|(_, vote)| count(vote) >= needed).collect();
    let (_, first) = may_be.first()?;
    may_be.iter().find(|(_, vote)| vote != first).map(|(id, _)| *id)
}
