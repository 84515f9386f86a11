//! Asking first (diss. §9.6), and leaving a leader alone that can be heard (diss. §4.2.3).
//!
//! A server that was cut off, or that was removed and does not know it, would stand again and
//! again, in ever higher terms, and depose a leader that everybody else hears.
//! With pre-vote it first asks whether a majority would vote for it, and only then counts up.
//! With check-quorum servers pay no heed to a candidate while they hear from a leader; in turn a
//! leader that does not hear from a majority steps down.

use super::election::{self, Standing, is_up_to_date};
use super::{Message, Node, Raft, ReadMode, Role, show};
use faultline_kernel::{Cx, NodeId, Note, Span};

/// Whether it has heard from a leader so lately that no election is called for: "within the minimum
/// election timeout" (diss. §4.2.3).
pub(super) fn hears_leader<C: Cx<Raft>>(node: &Node, cx: &C) -> bool {
    let shortest = cx.config().election_timeout.min;
    match node.role {
        Role::Leader(_) => true,
        Role::Follower | Role::Candidate(_) => {
            node.heard_leader.is_some_and(|heard| cx.now().since(heard) < shortest)
        }
    }
}

/// How long a server must not stand yet, because a leader that it followed may rest a lease on
/// that (diss. §6.4.1). Its election timer does not run out sooner by itself.
pub(super) fn lease_left<C: Cx<Raft>>(node: &Node, cx: &C) -> Option<Span> {
    let heard = node.heard_leader.filter(|_| cx.config().read_mode == ReadMode::Lease)?;
    let until = heard + cx.config().election_timeout.min;
    Some(until.since(cx.now())).filter(|left| *left > Span::ZERO)
}

/// Whether a candidate is not listened to: "the server does not update its term or grant its vote"
/// (diss. §4.2.3). Leases rest on this too (diss. §6.4.1). A candidate that its leader has told to
/// stand is listened to (diss. §3.10).
pub(super) fn pays_no_heed(
    node: &Node,
    candidate: NodeId,
    message: &Message,
    cx: &mut impl Cx<Raft>,
) -> bool {
    let Message::RequestVote { transfer: false, term, .. } = message else {
        return false;
    };
    let rule = cx.config().check_quorum || cx.config().read_mode == ReadMode::Lease;
    let deaf = rule && *term > node.current_term && hears_leader(node, cx);
    if deaf {
        cx.note(|| Note::new(show::PAYS_NO_HEED, &[candidate.into(), (*term).into()]));
    }
    deaf
}

/// Somebody asks whether it would get a vote in the next term. Nothing is promised by the answer,
/// and no term is adopted.
pub(super) fn on_pre_vote(
    node: &Node,
    from: NodeId,
    term: u32,
    last_log_index: u64,
    last_log_term: u32,
    cx: &mut impl Cx<Raft>,
) {
    let current = node.current_term;
    let why_not = if term < current {
        Some(Note::new(show::REJECTS_OLD_TERM, &[from.into(), term.into(), current.into()]))
    } else if hears_leader(node, cx) {
        Some(Note::new(show::WOULD_NOT_LEADER, &[from.into()]))
    } else if !is_up_to_date(node, last_log_index, last_log_term) {
        Some(Note::new(show::WOULD_NOT_LOG, &[from.into()]))
    } else {
        None
    };
    let granted = why_not.is_none();
    cx.note(|| why_not.unwrap_or(Note::new(show::WOULD_VOTE, &[from.into()])));
    cx.send(from, Message::PreVoteAnswer { term: term.max(current), granted });
}

/// A server said whether it would vote. With a majority the election begins.
pub(super) fn on_answer(node: &mut Node, voter: NodeId, granted: bool, cx: &mut impl Cx<Raft>) {
    let group = node.configuration();
    let Role::Candidate(candidate) = &mut node.role else {
        return;
    };
    if !candidate.asks_first {
        return;
    }
    candidate.count(voter, granted);
    if group.is_quorum(candidate.granted) {
        election::stand(node, Standing::Encouraged, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Timer;
    use super::super::testing::{Stub, follower};
    use super::*;
    use faultline_kernel::Time;

    fn asked(node: &Node, term: u32, last_log_term: u32, cx: &mut Stub) -> Message {
        on_pre_vote(node, NodeId(2), term, 1, last_log_term, cx);
        cx.sent.pop().expect("every question is answered").1
    }

    #[test]
    fn no_pre_vote_for_who_is_behind_or_stands_while_a_leader_is_heard() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(5, &[4]);
        let answer = |granted| Message::PreVoteAnswer { term: 5, granted };
        assert_eq!(asked(&node, 5, 4, &mut cx), answer(true));
        assert_eq!(asked(&node, 5, 3, &mut cx), answer(false));
        assert_eq!(asked(&node, 4, 4, &mut cx), answer(false), "an old term");
        node.heard_leader = Some(Time::ZERO);
        cx.now = Time::ZERO + Span::millis(149);
        assert_eq!(asked(&node, 5, 4, &mut cx), answer(false));
        cx.now = Time::ZERO + Span::millis(150);
        assert_eq!(asked(&node, 5, 4, &mut cx), answer(true));
        assert_eq!(cx.saved, [], "it promises nothing");
    }

    #[test]
    fn a_majority_that_would_vote_begins_the_election() {
        let mut cx = Stub::new(0, 3);
        cx.config.pre_vote = true;
        let mut node = follower(5, &[4]);
        election::on_timeout(&mut node, &mut cx);
        let asks = Message::PreVote { term: 5, last_log_index: 1, last_log_term: 4 };
        assert_eq!(cx.sent, [(NodeId(1), asks.clone()), (NodeId(2), asks)]);
        assert_eq!((node.current_term, cx.saved.len()), (5, 0));
        on_answer(&mut node, NodeId(1), false, &mut cx);
        assert_eq!(node.current_term, 5);
        on_answer(&mut node, NodeId(2), true, &mut cx);
        assert_eq!((node.current_term, node.voted_for), (6, Some(NodeId(0))));
    }

    /// Its timer runs out early only by somebody's hand; its word to the leader holds all the same.
    #[test]
    fn a_server_does_not_stand_while_a_lease_may_rest_on_it() {
        let mut cx = Stub::new(0, 3);
        cx.config.read_mode = ReadMode::Lease;
        let mut node = follower(5, &[4]);
        node.heard_leader = Some(Time::ZERO);
        cx.now = Time::ZERO + Span::millis(100);
        election::on_timeout(&mut node, &mut cx);
        assert_eq!((node.current_term, cx.sent.len()), (5, 0));
        assert_eq!(cx.timers, [(Timer::Election, Some(Span::millis(50)))]);
        cx.now = Time::ZERO + Span::millis(150);
        election::on_timeout(&mut node, &mut cx);
        assert_eq!((node.current_term, cx.sent.len()), (6, 2));
        let mut node = follower(5, &[4]);
        node.heard_leader = Some(Time::ZERO);
        cx.now = Time::ZERO;
        cx.config.read_mode = ReadMode::Index;
        election::on_timeout(&mut node, &mut cx);
        assert_eq!(node.current_term, 6, "nothing rests on it without leases");
    }

    #[test]
    fn a_candidate_is_not_listened_to_while_a_leader_is_heard_unless_that_leader_sent_it() {
        let mut cx = Stub::new(0, 3);
        cx.config.check_quorum = true;
        let mut node = follower(5, &[4]);
        node.heard_leader = Some(Time::ZERO);
        let request = |transfer| Message::RequestVote {
            term: 6,
            last_log_index: 9,
            last_log_term: 4,
            transfer,
        };
        assert!(pays_no_heed(&node, NodeId(2), &request(false), &mut cx));
        assert!(!pays_no_heed(&node, NodeId(2), &request(true), &mut cx));
        cx.config.check_quorum = false;
        assert!(!pays_no_heed(&node, NodeId(2), &request(false), &mut cx));
    }
}
