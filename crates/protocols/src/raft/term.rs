//! Terms: the first thing that is looked at in every message (§5.1).

use super::message::Conflict;
use super::{Message, Node, Raft, Role, Write, election, show, transfer};
use faultline_kernel::{Cx, NodeId, Note};

/// Whether a message is of this term, once a newer one has been adopted.
///
/// "If a server receives a request with a stale term number, it rejects the request."
pub(super) fn admit(
    node: &mut Node,
    from: NodeId,
    message: &Message,
    cx: &mut impl Cx<Raft>,
) -> bool {
    let term = message.term();
    if term > node.current_term {
        adopt(node, from, term, cx);
    } else if term < node.current_term {
        reject(node, from, message, cx);
    }
    term == node.current_term
}

/// A newer term: whoever led or stood in the old one follows now, and nobody has its vote yet.
fn adopt(node: &mut Node, from: NodeId, term: u32, cx: &mut impl Cx<Raft>) {
    let kind = match node.role {
        Role::Follower => show::HEARS_OF_TERM,
        Role::Candidate(_) => show::GIVES_UP,
        Role::Leader(_) => show::STEPS_DOWN,
    };
    cx.note(|| Note::new(kind, &[term.into(), from.into()]));
    node.current_term = term;
    node.voted_for = None;
    let transfer = node.leading_mut().and_then(|leader| leader.transfer.take());
    election::become_follower(node, None, cx);
    if let Some(transfer) = transfer {
        transfer::end(transfer, Some(from), cx);
    }
    cx.save(Write::SetTerm { current_term: term, voted_for: None });
}

/// An old term: the sender learns the new one. Replies to what was asked in it are of no use.
fn reject(node: &Node, from: NodeId, message: &Message, cx: &mut impl Cx<Raft>) {
    let term = node.current_term;
    let reply = match message {
        Message::RequestVote { .. } => Message::Vote { term, granted: false },
        Message::AppendEntries { prev_log_index, round, .. } => Message::AppendRefused {
            term,
            round: *round,
            prev_log_index: *prev_log_index,
            conflict: Conflict { term: None, index: *prev_log_index },
        },
        // It installs nothing; the refusal of a probe before the first entry says only the term.
        Message::InstallSnapshot { round, .. } => Message::AppendRefused {
            term,
            round: *round,
            prev_log_index: 0,
            conflict: Conflict { term: None, index: 0 },
        },
        Message::Vote { .. }
        | Message::AppendAccepted { .. }
        | Message::AppendRefused { .. }
        | Message::SnapshotStored { .. }
        | Message::PreVote { .. }
        | Message::PreVoteAnswer { .. }
        | Message::TimeoutNow { .. } => return,
    };
    let old_term = message.term();
    cx.note(|| Note::new(show::REJECTS_OLD_TERM, &[from.into(), old_term.into(), term.into()]));
    cx.send(from, reply);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower};
    use super::*;

    fn request(term: u32) -> Message {
        Message::RequestVote { term, last_log_index: 9, last_log_term: 9, transfer: false }
    }

    #[test]
    fn a_newer_term_is_saved_and_its_vote_is_free() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(4, &[1]);
        node.voted_for = Some(NodeId(2));
        assert!(admit(&mut node, NodeId(1), &request(5), &mut cx));
        assert_eq!((node.current_term, node.voted_for), (5, None));
        assert_eq!(cx.saved, [Write::SetTerm { current_term: 5, voted_for: None }]);
    }

    #[test]
    fn a_request_of_an_old_term_is_rejected_with_the_new_one() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(4, &[1]);
        assert!(!admit(&mut node, NodeId(1), &request(3), &mut cx));
        let refusal = Message::Vote { term: 4, granted: false };
        assert_eq!(cx.sent, [(NodeId(1), refusal)]);
    }

    #[test]
    fn a_reply_of_an_old_term_is_ignored() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(4, &[1]);
        let vote = Message::Vote { term: 3, granted: true };
        assert!(!admit(&mut node, NodeId(1), &vote, &mut cx));
        assert_eq!(cx.sent, []);
    }
}
