//! Log replication, the follower's half (§5.3; Figure 2, "AppendEntries RPC, receiver").

use super::log::Entries;
use super::stable::save_then_send;
use super::{Log, Message, Node, Raft, Role, Write, commit, election, show};
use faultline_kernel::{Cx, NodeId, Note};

/// What an append carries, besides its term.
pub(super) struct Append {
    pub(super) prev_log_index: u64,
    pub(super) prev_log_term: u32,
    pub(super) entries: Entries,
    pub(super) leader_commit: u64,
}

/// A leader of this term speaks.
pub(super) fn on_append(node: &mut Node, leader: NodeId, append: &Append, cx: &mut impl Cx<Raft>) {
    if !follow(node, leader, cx) {
        return;
    }
    let consistent = node.log.term_at(append.prev_log_index) == Some(append.prev_log_term);
    if !consistent && !cx.config().sabotage.skip_consistency {
        refuse(node, leader, append, cx);
        return;
    }
    let match_index = append.prev_log_index + append.entries.count();
    let accepted = Message::AppendAccepted {
        term: node.current_term,
        match_index,
    };
    match store(node, leader, append, cx) {
        Some(write) => save_then_send(write, leader, accepted, cx),
        None => cx.send(leader, accepted),
    }
    commit::learn(node, append.leader_commit.min(match_index), cx);
}

/// "If the leader's term is at least as large as the candidate's current term, then the candidate
/// recognizes the leader as legitimate and returns to follower state" (§5.2).
fn follow(node: &mut Node, leader: NodeId, cx: &mut impl Cx<Raft>) -> bool {
    match node.role {
        Role::Follower => node.leader = Some(leader),
        Role::Candidate(_) => {
            let term = node.current_term;
            cx.note(|| Note::new(show::YIELDS, &[leader.into(), term.into()]));
            election::become_follower(node, Some(leader), cx);
        }
        // Two leaders in one term: only a broken rule brings this about, and the judges say so.
        Role::Leader(_) => return false,
    }
    election::wait_for_leader(node, cx);
    true
}

/// The entry before the new ones is not the leader's: say what is there instead (§5.3).
fn refuse(node: &Node, leader: NodeId, append: &Append, cx: &mut impl Cx<Raft>) {
    let prev_log_index = append.prev_log_index;
    let conflict = node.log.conflict_at(prev_log_index);
    cx.note(|| match node.log.term_at(prev_log_index) {
        None => Note::new(show::REFUSES_GAP, &[leader.into(), prev_log_index.into()]),
        Some(term) => {
            let args = [
                leader.into(),
                prev_log_index.into(),
                term.into(),
                append.prev_log_term.into(),
            ];
            Note::new(show::REFUSES_CONFLICT, &args)
        }
    });
    let refused = Message::AppendRefused {
        term: node.current_term,
        prev_log_index,
        conflict,
    };
    cx.send(leader, refused);
}

/// Puts new entries in the log. Returns what the disk must hear, if anything is new.
fn store(
    node: &mut Node,
    leader: NodeId,
    append: &Append,
    cx: &mut impl Cx<Raft>,
) -> Option<Write> {
    let always = cx.config().sabotage.truncate_always;
    let known = if always {
        0
    } else {
        known_count(&node.log, append)
    };
    let from = append.prev_log_index + 1 + known;
    let removed = node.log.last_index().saturating_sub(from - 1);
    let added = append.entries.count() - known;
    let nothing_to_do = added == 0 && !(always && removed > 0);
    if nothing_to_do {
        return None;
    }
    let entries = append.entries.without_first(known);
    node.log.replace(from, entries.as_slice());
    let up_to = node.log.last_index();
    cx.note(|| match removed {
        0 => Note::new(show::STORES, &[leader.into(), added.into(), up_to.into()]),
        _ => Note::new(
            show::OVERWRITES,
            &[leader.into(), removed.into(), from.into()],
        ),
    });
    Some(Write::Append { from, entries })
}

/// How many of the entries are in the log already.
///
/// Only a *conflicting* entry may cost the rest of the log: an append that was overtaken on its
/// way holds fewer entries than the follower has, and dropping the rest would take back entries
/// that it has acknowledged.
fn known_count(log: &Log, append: &Append) -> u64 {
    let places = append.prev_log_index + 1..;
    let known = append.entries.as_slice().iter().zip(places);
    known
        .take_while(|(entry, index)| log.term_at(*index) == Some(entry.term))
        .count() as u64
}
