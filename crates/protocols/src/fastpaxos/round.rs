//! What a coordinator does: it opens rounds, and picks a value where it is not free (§2.2).

use super::node::{Attempt, Coordinator, Node, Timer, Write};
use super::{Config, FastPaxos, Message, show};
use crate::ballot::{Ballot, Decree, Vote};
use crate::roster::nodes;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange, Value};

/// Rounds come in pairs, and each pair belongs to one coordinator: first a fast one, with an odd
/// number, then a classic one. So whoever opens a fast round owns the next round as well, and may
/// settle a collision there at once.
pub(super) fn is_fast(round: Ballot) -> bool {
    round.0 % 2 == 1
}

/// The first pair of rounds of this coordinator after this round; returns the fast one.
fn next_pair(after: Ballot, rank: u32, coordinators: u32) -> Ballot {
    let pair = Ballot(after.0.div_ceil(2)).next(rank, coordinators);
    Ballot(pair.0 * 2 - 1)
}

/// Phase 1a: the coordinator begins a round of its own. The first round of all is a fast one, and
/// it begins before anybody wants anything.
pub(super) fn begin(node: &mut Node, fast: bool, cx: &mut impl Cx<FastPaxos>) {
    let (rank, coordinators) = (cx.me().0, cx.config().roster.coordinators);
    let Some(coordinator) = node.coordinator() else { return };
    let pair = next_pair(coordinator.tried.max(coordinator.heard), rank, coordinators);
    let round = if fast { pair } else { Ballot(pair.0 + 1) };
    coordinator.tried = round;
    coordinator.attempt = Attempt::Preparing(BTreeMap::new());
    cx.save(Write::Try(round));
    let kind = if fast { show::PREPARES_FAST } else { show::PREPARES };
    cx.note(|| Note::new(kind, &[round.into()]));
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Prepare { round });
    }
    be_patient(coordinator, cx);
}

/// Sets the time that a round gets, a little different for each coordinator.
pub(super) fn be_patient(coordinator: &mut Coordinator, cx: &mut impl Cx<FastPaxos>) {
    let (retry, backoff) = (cx.config().retry, cx.config().backoff);
    coordinator.waiting_since = cx.now();
    let patience = cx.span(SpanRange::new(retry, retry + backoff));
    cx.set_timer(Timer::Retry, patience);
}

/// A promise arrived. With a classic quorum of them phase 2 begins.
pub(super) fn on_promise(
    node: &mut Node,
    from: NodeId,
    round: Ballot,
    accepted: Option<Vote>,
    cx: &mut impl Cx<FastPaxos>,
) {
    let Some(coordinator) = node.coordinator() else { return };
    let tried = coordinator.tried;
    let Attempt::Preparing(reports) = &mut coordinator.attempt else { return };
    if round != tried {
        return;
    }
    reports.insert(from, accepted);
    if reports.len() < cx.config().classic.enough as usize {
        return;
    }
    let reports = core::mem::take(reports);
    match pick(&reports, cx.config()) {
        Pick::Free => go_free(coordinator, cx),
        Pick::Bound { value, last, candidates } => {
            coordinator.candidates = candidates;
            note_pick(round, value, last, candidates, cx);
            propose(coordinator, value, cx);
        }
    }
}

/// What the coordinator may propose, after a classic quorum told what it accepted last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Pick {
    /// Nothing can have been chosen: any value.
    Free,
    /// This value, which may have been chosen in the last round in which anybody voted.
    Bound {
        value: Decree,
        last: Ballot,
        /// How many values may have been; more than one only if fast quorums are too small.
        candidates: u32,
    },
}

/// The rule for picking a value (§2.2, Figure 1, with observation 4).
///
/// Let k be the highest round in which any of the quorum voted. If nobody voted, or if no value can
/// have been chosen in k, the coordinator is free. A value v can have been chosen in k only if a
/// k-quorum may exist of which every member in this quorum voted for v: those who voted for it,
/// and those of whom nothing is known, must be enough. That holds for at most one value, because
/// any quorum and two fast quorums have an acceptor in common.
pub(super) fn pick(reports: &BTreeMap<NodeId, Option<Vote>>, config: &Config) -> Pick {
    let Some(last) = reports.values().flatten().map(|vote| vote.ballot).max() else {
        return Pick::Free;
    };
    let votes: Vec<Decree> =
        reports.values().flatten().filter(|vote| vote.ballot == last).map(|v| v.value).collect();
    let known = u32::try_from(reports.len()).unwrap_or(u32::MAX);
    let unknown = config.classic.of.saturating_sub(known);
    let may_be_chosen = |value: &Decree| {
        let votes = votes.iter().filter(|vote| *vote == value).count();
        u32::try_from(votes).unwrap_or(u32::MAX) + unknown >= config.quorum(last).enough
    };
    let mut values: Vec<Decree> = votes.iter().copied().filter(may_be_chosen).collect();
    values.sort_unstable();
    values.dedup();
    let candidates = u32::try_from(values.len()).unwrap_or(u32::MAX);
    // A classic round has one value; to propose it again is always right.
    let only = || votes.first().copied().filter(|_| !is_fast(last));
    match values.first().copied().or_else(only) {
        Some(value) => Pick::Bound { value, last, candidates },
        None => Pick::Free,
    }
}

fn note_pick(
    round: Ballot,
    value: Decree,
    last: Ballot,
    candidates: u32,
    cx: &mut impl Cx<FastPaxos>,
) {
    let args: [Value; 4] = [round.into(), value.into(), last.into(), candidates.into()];
    let kind = if candidates > 1 { show::MUST_GUESS } else { show::ADOPTS };
    cx.note(|| Note::new(kind, &args));
}

/// Nothing can have been chosen. In a fast round the acceptors may take any value; in a classic one
/// the coordinator proposes one that it heard of.
fn go_free(coordinator: &mut Coordinator, cx: &mut impl Cx<FastPaxos>) {
    let round = coordinator.tried;
    if is_fast(round) {
        cx.note(|| Note::new(show::OPENS, &[round.into()]));
        coordinator.attempt = Attempt::Open(BTreeMap::new());
        for acceptor in nodes(cx.config().roster.acceptors()) {
            cx.send(acceptor, Message::Any { round });
        }
    } else if let Some(value) = coordinator.wish {
        cx.note(|| Note::new(show::PROPOSES, &[round.into(), value.into()]));
        propose(coordinator, value, cx);
    } else {
        coordinator.attempt = Attempt::Idle;
    }
}

/// Phase 2a with a value.
pub(super) fn propose(coordinator: &mut Coordinator, value: Decree, cx: &mut impl Cx<FastPaxos>) {
    coordinator.attempt = Attempt::Proposing(value, Vec::new());
    for acceptor in nodes(cx.config().roster.acceptors()) {
        cx.send(acceptor, Message::Accept(Vote { ballot: coordinator.tried, value }));
    }
}

/// A proposer wants this. A coordinator has to act only if no fast round takes care of it.
pub(super) fn on_propose(node: &mut Node, value: Decree, cx: &mut impl Cx<FastPaxos>) {
    if node.chosen.is_some() {
        return;
    }
    let Some(coordinator) = node.coordinator() else { return };
    if coordinator.wish.is_some() {
        return;
    }
    coordinator.wish = Some(value);
    match coordinator.attempt {
        Attempt::Idle | Attempt::Open(_) => be_patient(coordinator, cx),
        Attempt::Preparing(_) | Attempt::Proposing(..) | Attempt::Outbid(_) => {}
    }
}

/// It has waited long enough. A fast round that chose nothing is followed by a classic one.
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<FastPaxos>) {
    if node.chosen.is_some() {
        return;
    }
    let Some(coordinator) = node.coordinator() else { return };
    let round = coordinator.tried;
    let waited = cx.now().since(coordinator.waiting_since);
    let open = matches!(coordinator.attempt, Attempt::Open(_));
    if coordinator.wish.is_none() && open {
        return;
    }
    let busy = !matches!(coordinator.attempt, Attempt::Idle | Attempt::Outbid(_));
    if busy {
        cx.note(|| Note::new(show::LACKS_A_QUORUM, &[waited.into(), round.into()]));
    }
    let first = matches!(coordinator.attempt, Attempt::Preparing(_))
        && is_fast(round)
        && coordinator.wish.is_none();
    begin(node, first, cx);
}

/// An acceptor has promised a higher round.
pub(super) fn on_refused(
    node: &mut Node,
    from: NodeId,
    round: Ballot,
    promised: Ballot,
    cx: &mut impl Cx<FastPaxos>,
) {
    let Some(coordinator) = node.coordinator() else { return };
    coordinator.heard = coordinator.heard.max(promised);
    let over = matches!(coordinator.attempt, Attempt::Idle | Attempt::Outbid(_));
    if over || round != coordinator.tried {
        return;
    }
    coordinator.attempt = Attempt::Outbid(from);
    cx.note(|| Note::new(show::IS_OUTBID, &[round.into(), from.into(), promised.into()]));
    coordinator.waiting_since = cx.now();
    let wait = cx.span(SpanRange::new(Span::ZERO, cx.config().backoff));
    cx.set_timer(Timer::Retry, wait);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fastpaxos::node::Disk;
    use crate::fastpaxos::testing::{Stub, decree, started, vote};

    #[test]
    fn rounds_come_in_pairs_that_belong_to_one_coordinator() {
        let pairs = |after: u64| [0, 1].map(|rank| next_pair(Ballot(after), rank, 2).0);
        assert_eq!(pairs(0), [1, 3]);
        assert_eq!(pairs(1), [5, 3], "the classic round after a fast one is not begun anew");
        assert_eq!(pairs(2), [5, 3]);
        assert_eq!(pairs(3), [5, 7]);
        assert!(is_fast(Ballot(1)) && !is_fast(Ballot(2)));
    }

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
        assert_eq!(picked(&[None, None, None], false), Pick::Free);
        assert_eq!(picked(&[red, red, blue], false), bound("red", 1, 1), "two more may be red");
        assert_eq!(picked(&[red, None, blue], false), Pick::Free, "neither can be four");
        assert_eq!(picked(&[red, blue, Some(vote(2, "blue"))], false), bound("blue", 2, 1));
        assert_eq!(picked(&[red, red, blue], true), bound("blue", 1, 2), "a guess");
    }

    #[test]
    fn the_first_round_is_opened_at_once_and_a_later_one_is_classic() {
        let mut cx = Stub::new(0);
        let mut node = started(&Disk::default(), &mut cx);
        for from in 3..6 {
            on_promise(&mut node, NodeId(from), Ballot(1), None, &mut cx);
        }
        let any = Message::Any { round: Ballot(1) };
        assert_eq!(cx.sent, [3, 4, 5, 6, 7].map(|to| (NodeId(to), any.clone())));
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.saved, [], "nobody wants anything");
        on_propose(&mut node, decree("red"), &mut cx);
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.saved, [Write::Try(Ballot(4))]);
        cx.sent.clear();
        for from in 3..6 {
            on_promise(&mut node, NodeId(from), Ballot(4), None, &mut cx);
        }
        assert_eq!(cx.sent[0], (NodeId(3), Message::Accept(vote(4, "red"))));
    }

    #[test]
    fn a_coordinator_that_is_outbid_goes_above_what_outbid_it() {
        let mut cx = Stub::new(0);
        let mut node = started(&Disk::default(), &mut cx);
        on_refused(&mut node, NodeId(3), Ballot(2), Ballot(9), &mut cx);
        assert_eq!(cx.noted, [], "that was another round");
        on_refused(&mut node, NodeId(3), Ballot(1), Ballot(9), &mut cx);
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.saved, [Write::Try(Ballot(12))]);
    }
}
