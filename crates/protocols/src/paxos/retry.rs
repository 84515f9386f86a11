//! Giving up and trying again (Paxos made simple §2.2, end, and §2.4).

use super::node::{Attempt, Node, Proposer, Timer};
use super::{Paxos, leader, prepare, show};
use crate::ballot::Ballot;
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange};

/// An acceptor has promised a higher ballot: "it is probably a good idea to abandon a proposal if
/// some proposer has begun trying to issue a higher-numbered one".
///
/// Then it waits for a time of its own choice. Without that two proposers may go on for ever, each
/// with a higher ballot than the other, and nothing is ever chosen (§2.4).
pub(super) fn on_refused(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    promised: Ballot,
    cx: &mut impl Cx<Paxos>,
) {
    let Some(proposer) = &mut node.proposer else { return };
    proposer.heard = proposer.heard.max(promised);
    let tries = matches!(proposer.attempt, Attempt::Preparing { .. } | Attempt::Proposing { .. });
    if !tries || ballot != proposer.tried {
        return;
    }
    proposer.attempt = Attempt::Beaten { by: from };
    cx.note(|| Note::new(show::IS_BEATEN, &[ballot.into(), from.into(), promised.into()]));
    let wait = cx.span(SpanRange::new(Span::ZERO, cx.config().backoff));
    if wait == Span::ZERO {
        prepare::begin(node, cx);
        return;
    }
    cx.note(|| Note::new(show::BACKS_OFF, &[wait.into()]));
    proposer.waiting_since = cx.now();
    cx.set_timer(Timer::Retry, wait);
}

/// It has waited long enough: for a quorum that did not come, or after a refusal.
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<Paxos>) {
    let Some(proposer) = &node.proposer else { return };
    let waited = cx.now().since(proposer.waiting_since);
    let ballot = proposer.tried;
    match proposer.attempt {
        Attempt::Idle => return,
        Attempt::Preparing { .. } => {
            cx.note(|| Note::new(show::LACKS_PROMISES, &[waited.into(), ballot.into()]));
        }
        Attempt::Proposing { .. } => {
            cx.note(|| Note::new(show::LACKS_ACCEPTANCES, &[waited.into(), ballot.into()]));
        }
        Attempt::Deferring { to } if leader::who(proposer, cx) == cx.me() => {
            cx.note(|| Note::new(show::TAKES_OVER, &[to.into()]));
        }
        Attempt::Beaten { .. } | Attempt::Deferring { .. } => {}
    }
    prepare::begin(node, cx);
}

/// Sets the time that a ballot gets, a little different for each: electing one proposer "must use
/// either randomness or real time" (§2.4).
///
/// It runs on through both phases. If everybody takes exactly the same time, and less than a ballot
/// needs, they may stay in step and beat one another for ever.
pub(super) fn be_patient(proposer: &mut Proposer, cx: &mut impl Cx<Paxos>) {
    let (retry, backoff) = (cx.config().retry, cx.config().backoff);
    proposer.waiting_since = cx.now();
    let patience = cx.span(SpanRange::new(retry, retry + backoff));
    cx.set_timer(Timer::Retry, patience);
}

#[cfg(test)]
mod tests {
    use super::super::Message;
    use super::super::node::Write;
    use super::super::testing::{Stub, proposer, vote};
    use super::*;
    use crate::ballot::Ballot;

    fn preparing(cx: &mut Stub) -> Node {
        let mut node = proposer("blue");
        prepare::begin(&mut node, cx);
        cx.sent.clear();
        cx.timers.clear();
        node
    }

    #[test]
    fn a_proposer_that_is_beaten_waits_and_then_goes_above_what_beat_it() {
        let mut cx = Stub::new(0);
        cx.latest = true;
        let mut node = preparing(&mut cx);
        on_refused(&mut node, NodeId(2), Ballot(1), Ballot(6), &mut cx);
        on_refused(&mut node, NodeId(3), Ballot(1), Ballot(6), &mut cx);
        assert_eq!(cx.timers, [(Timer::Retry, Some(Span::millis(100)))]);
        assert_eq!(cx.sent, []);
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.saved.last(), Some(&Write::Try(Ballot(7))));
    }

    #[test]
    fn without_back_off_it_tries_again_at_once() {
        let mut cx = Stub::new(0);
        cx.config.backoff = Span::ZERO;
        let mut node = preparing(&mut cx);
        on_refused(&mut node, NodeId(2), Ballot(1), Ballot(2), &mut cx);
        assert_eq!(cx.sent[0].1, Message::Prepare { ballot: Ballot(3) });
    }

    #[test]
    fn a_refusal_of_an_old_ballot_only_tells_what_is_promised() {
        let mut cx = Stub::new(0);
        let mut node = preparing(&mut cx);
        prepare::begin(&mut node, &mut cx);
        cx.timers.clear();
        on_refused(&mut node, NodeId(2), Ballot(1), Ballot(8), &mut cx);
        assert_eq!(cx.timers, []);
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.saved.last(), Some(&Write::Try(Ballot(9))));
    }

    #[test]
    fn a_proposer_that_knows_does_not_try_again() {
        let mut cx = Stub::new(0);
        let mut node = preparing(&mut cx);
        super::super::learn::on_chosen(&mut node, NodeId(5), vote(2, "red"), &mut cx);
        on_timeout(&mut node, &mut cx);
        on_refused(&mut node, NodeId(2), Ballot(1), Ballot(2), &mut cx);
        assert_eq!(cx.sent, []);
    }
}
