//! Handing the leadership over (diss. §3.10).
//!
//! The leader stops taking requests, brings its successor up to date and tells it to stand at once.
//! Nobody else's timer has run out by then, and its log is as long as any, so it wins. If it has
//! not won within an election timeout, the leader takes requests again.

use super::election::{self, Standing};
use super::{Answer, Message, Node, Raft, Role, replication, show};
use faultline_kernel::{Cx, NodeId, Note, RequestId, Time};

/// A transfer under way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Transfer {
    /// To whom.
    pub to: NodeId,
    /// Who asked for it.
    pub client: RequestId,
    /// When it began, by the leader's own clock.
    pub since: Time,
    /// Whether the successor has been told to stand.
    pub told: bool,
}

/// Somebody wants this leader to hand over.
pub(super) fn on_request(node: &mut Node, client: RequestId, to: NodeId, cx: &mut impl Cx<Raft>) {
    let fits = node.configuration().voters.contains(to) && to != cx.me();
    let Some(leader) = node.leading_mut() else {
        return;
    };
    if !fits || leader.transfer.is_some() {
        cx.note(|| Note::new(show::REFUSES_TRANSFER, &[to.into()]));
        cx.answer(client, Answer::Refused);
        return;
    }
    leader.transfer = Some(Transfer { to, client, since: cx.now(), told: false });
    cx.note(|| Note::new(show::HANDS_OVER, &[to.into()]));
    replication::send_all(node, cx);
    go_on(node, cx);
}

/// Once the successor has the whole log, it is told to stand.
pub(super) fn go_on(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let last_index = node.log.last_index();
    let term = node.current_term;
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let Some(transfer) = &mut leader.transfer else {
        return;
    };
    if transfer.told || leader.peers[transfer.to.index()].match_index < last_index {
        return;
    }
    transfer.told = true;
    let to = transfer.to;
    // A lease vouches only for elections that begin with a time-out, and this one will not.
    leader.contact.void = true;
    cx.note(|| Note::new(show::TELLS_TO_STAND, &[to.into()]));
    cx.send(to, Message::TimeoutNow { term });
}

/// "If leadership transfer does not complete after about an election timeout, the prior leader
/// aborts the transfer and resumes accepting client requests" (diss. §3.10).
pub(super) fn look(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let patience = cx.config().election_timeout.min;
    let now = cx.now();
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let Some(late) = leader.transfer.take_if(|transfer| now.since(transfer.since) >= patience)
    else {
        return;
    };
    cx.note(|| Note::new(show::GIVES_UP_TRANSFER, &[late.to.into()]));
    cx.answer(late.client, Answer::Refused);
}

/// The leader says: stand now.
pub(super) fn on_timeout_now(node: &mut Node, from: NodeId, cx: &mut impl Cx<Raft>) {
    let follows = node.role == Role::Follower && node.leader == Some(from);
    if follows && election::may_stand(node, cx) {
        election::stand(node, Standing::Told, cx);
    }
}

/// It leads no more. If it is its successor that it hears of, it has done what it was asked.
pub(super) fn end(transfer: Transfer, by: Option<NodeId>, cx: &mut impl Cx<Raft>) {
    let answer = match by == Some(transfer.to) {
        true => Answer::Done,
        false => Answer::NotLeader { hint: None },
    };
    cx.answer(transfer.client, answer);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader};
    use super::*;
    use faultline_kernel::Span;

    #[test]
    fn a_successor_that_is_behind_is_told_only_when_it_has_the_whole_log() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(2, &[1, 2], &[1, 2]);
        let peers = &mut node.leading_mut().expect("it leads").peers;
        peers[1].next_index = 2;
        on_request(&mut node, RequestId(1), NodeId(1), &mut cx);
        assert_eq!(cx.noted, [show::HANDS_OVER]);
        assert_eq!(cx.sent.len(), 1, "the entry that it lacks");
        replication::on_accepted(&mut node, NodeId(1), 2, &mut cx);
        assert_eq!(cx.sent.last(), Some(&(NodeId(1), Message::TimeoutNow { term: 2 })));
        go_on(&mut node, &mut cx);
        assert_eq!(cx.sent.len(), 2, "it is told once");
    }

    #[test]
    fn a_transfer_that_takes_too_long_is_given_up() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(2, &[2], &[1, 1]);
        on_request(&mut node, RequestId(1), NodeId(2), &mut cx);
        cx.now = Time::ZERO + Span::millis(150);
        look(&mut node, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Refused)]);
        assert_eq!(node.leading().and_then(|leader| leader.transfer), None);
    }

    #[test]
    fn nobody_hands_over_to_itself_or_to_who_has_no_vote() {
        let mut cx = Stub::new(0, 4);
        let mut node = leader(2, &[2], &[1, 1]);
        on_request(&mut node, RequestId(1), NodeId(0), &mut cx);
        on_request(&mut node, RequestId(2), NodeId(3), &mut cx);
        let refused = [1, 2].map(|client| (RequestId(client), Answer::Refused));
        assert_eq!(cx.answered, refused);
    }

    #[test]
    fn who_is_told_stands_at_once_and_says_that_it_was_told() {
        let mut cx = Stub::new(1, 3);
        cx.config.pre_vote = true;
        let mut node = follower(2, &[2]);
        on_timeout_now(&mut node, NodeId(0), &mut cx);
        assert_eq!(cx.sent, [], "not by its leader");
        node.leader = Some(NodeId(0));
        on_timeout_now(&mut node, NodeId(0), &mut cx);
        let request =
            Message::RequestVote { term: 3, last_log_index: 1, last_log_term: 2, transfer: true };
        assert_eq!(cx.sent, [(NodeId(0), request.clone()), (NodeId(2), request)]);
    }
}
