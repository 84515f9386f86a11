//! What a coordinator does: it opens rounds, and picks a value where it is not free (§2.2.1, §3.1).

use super::node::{Attempt, Coordinator, Node, Timer, Write};
use super::pick::{Pick, pick};
use super::{FastPaxos, Message, show};
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
///
/// To break the rule, the next one of everybody.
fn next_pair(after: Ballot, cx: &impl Cx<FastPaxos>) -> Ballot {
    let (rank, coordinators) = match cx.config().sabotage.share_ballots {
        true => (0, 1),
        false => (cx.me().0, cx.config().roster.coordinators),
    };
    pair_after(after, rank, coordinators)
}

fn pair_after(after: Ballot, rank: u32, coordinators: u32) -> Ballot {
    let pair = Ballot(after.0.div_ceil(2)).next(rank, coordinators);
    Ballot(pair.0 * 2 - 1)
}

/// Phase 1a: the coordinator begins a round of its own. The first round of all is a fast one, and
/// it begins before anybody wants anything.
pub(super) fn begin(node: &mut Node, fast: bool, cx: &mut impl Cx<FastPaxos>) {
    let Some(coordinator) = node.coordinator() else { return };
    let pair = next_pair(coordinator.tried.max(coordinator.heard), cx);
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
        Pick::Bound { value, last, .. } if cx.config().sabotage.ignore_accepted => {
            ignore(coordinator, value, last, cx);
        }
        Pick::Bound { value, last, candidates } => {
            note_pick(round, value, last, candidates, cx);
            propose(coordinator, value, cx);
        }
        Pick::Free { voted } => go_free(coordinator, voted, cx),
    }
}

/// To break the rule, it does as it likes.
fn ignore(coordinator: &mut Coordinator, told: Decree, last: Ballot, cx: &mut impl Cx<FastPaxos>) {
    let Some(wish) = coordinator.wish else { return go_free(coordinator, None, cx) };
    let args = [coordinator.tried.into(), wish.into(), told.into(), last.into()];
    cx.note(|| Note::new(show::IGNORES, &args));
    propose(coordinator, wish, cx);
}

fn note_pick(
    round: Ballot,
    value: Decree,
    last: Ballot,
    candidates: u32,
    cx: &mut impl Cx<FastPaxos>,
) {
    let args: [Value; 4] = [round.into(), value.into(), last.into(), candidates.into()];
    let kind = match candidates {
        0 => show::ADOPTS_THE_ONLY,
        1 => show::ADOPTS,
        _ => show::MUST_GUESS,
    };
    let args = if candidates == 0 { &args[..3] } else { &args[..] };
    cx.note(|| Note::new(kind, args));
}

/// Nothing can have been chosen. If nobody voted, the acceptors may take any value in a fast round;
/// in a classic one the coordinator proposes one that it heard of. If there were votes, it knows a
/// value that was proposed, and should send one (§3.1, end).
fn go_free(coordinator: &mut Coordinator, voted: Option<Decree>, cx: &mut impl Cx<FastPaxos>) {
    let round = coordinator.tried;
    if is_fast(round) && voted.is_none() {
        cx.note(|| Note::new(show::OPENS, &[round.into()]));
        coordinator.attempt = Attempt::Open(BTreeMap::new());
        for acceptor in nodes(cx.config().roster.acceptors()) {
            cx.send(acceptor, Message::Any { round });
        }
    } else if let Some(value) = coordinator.wish.or(voted) {
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

/// A proposer wants this. A coordinator has to act only if no fast round takes care of it. One that
/// knows the choice says so: the proposer may have missed it.
pub(super) fn on_propose(
    node: &mut Node,
    from: NodeId,
    value: Decree,
    cx: &mut impl Cx<FastPaxos>,
) {
    let chosen = node.chosen;
    let Some(coordinator) = node.coordinator() else { return };
    if let Some(vote) = chosen {
        cx.send(from, Message::Chosen(vote));
        return;
    }
    if coordinator.wish.is_some() {
        return;
    }
    coordinator.wish = Some(value);
    match coordinator.attempt {
        Attempt::Idle | Attempt::Open(_) => be_patient(coordinator, cx),
        Attempt::Preparing(_) | Attempt::Proposing(..) | Attempt::Outbid(_) => {}
    }
}

/// A learner has heard too little for too long. A coordinator that knows the choice tells it; one
/// that is about to begin a round anyway need not do more; else it begins one to find out.
pub(super) fn on_ask(node: &mut Node, from: NodeId, cx: &mut impl Cx<FastPaxos>) {
    let chosen = node.chosen;
    let Some(coordinator) = node.coordinator() else { return };
    if let Some(vote) = chosen {
        cx.send(from, Message::Chosen(vote));
        return;
    }
    let waits = matches!(coordinator.attempt, Attempt::Idle | Attempt::Open(_));
    if waits && coordinator.wish.is_none() {
        begin(node, false, cx);
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
        let pairs = |after: u64| [0, 1].map(|rank| pair_after(Ballot(after), rank, 2).0);
        assert_eq!(pairs(0), [1, 3]);
        assert_eq!(pairs(1), [5, 3], "the classic round after a fast one is not begun anew");
        assert_eq!(pairs(2), [5, 3]);
        assert_eq!(pairs(3), [5, 7]);
        assert!(is_fast(Ballot(1)) && !is_fast(Ballot(2)));
    }

    #[test]
    fn free_after_votes_a_coordinator_sends_a_value_that_was_voted_for_in_a_fast_round_too() {
        let mut cx = Stub::new(0);
        let mut node = started(&Disk::default(), &mut cx);
        let reports = [Some(vote(1, "red")), None, Some(vote(1, "blue"))];
        let coordinator = node.coordinator().expect("it coordinates");
        coordinator.tried = Ballot(3);
        for (from, report) in (3..).map(NodeId).zip(reports) {
            on_promise(&mut node, from, Ballot(3), report, &mut cx);
        }
        assert_eq!(cx.sent[0], (NodeId(3), Message::Accept(vote(3, "red"))));
    }

    #[test]
    fn a_coordinator_that_ignores_reports_proposes_what_it_likes() {
        let mut cx = Stub::new(0);
        cx.config.sabotage.ignore_accepted = true;
        let mut node = started(&Disk::default(), &mut cx);
        on_propose(&mut node, NodeId(1), decree("blue"), &mut cx);
        begin(&mut node, false, &mut cx);
        cx.clear();
        for from in 3..6 {
            on_promise(&mut node, NodeId(from), Ballot(4), Some(vote(1, "red")), &mut cx);
        }
        assert_eq!(cx.sent[0], (NodeId(3), Message::Accept(vote(4, "blue"))));
        assert_eq!(cx.noted, [show::IGNORES]);
    }

    #[test]
    fn a_coordinator_without_a_wish_begins_a_round_for_a_learner_that_hears_too_little() {
        let mut cx = Stub::new(0);
        let mut node = started(&Disk::default(), &mut cx);
        on_ask(&mut node, NodeId(8), &mut cx);
        assert_eq!(cx.saved, [], "phase 1 goes on already");
        node.coordinator().expect("it coordinates").attempt = Attempt::Idle;
        on_ask(&mut node, NodeId(8), &mut cx);
        assert_eq!(cx.saved, [Write::Try(Ballot(4))]);
        cx.clear();
        for (from, report) in [(3, None), (4, Some(vote(1, "red"))), (5, None)] {
            on_promise(&mut node, NodeId(from), Ballot(4), report, &mut cx);
        }
        assert_eq!(cx.sent[0], (NodeId(3), Message::Accept(vote(4, "red"))));
    }

    #[test]
    fn a_coordinator_that_knows_the_choice_tells_a_proposer_that_still_asks() {
        let mut cx = Stub::new(0);
        let mut node = started(&Disk::default(), &mut cx);
        node.chosen = Some(vote(1, "red"));
        on_propose(&mut node, NodeId(2), decree("blue"), &mut cx);
        assert_eq!(cx.sent, [(NodeId(2), Message::Chosen(vote(1, "red")))]);
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
        on_propose(&mut node, NodeId(1), decree("red"), &mut cx);
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
