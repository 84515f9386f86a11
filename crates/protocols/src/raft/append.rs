//! Log replication, the follower's half (§5.3; Figure 2, "AppendEntries RPC, receiver").

use super::entry::{Entries, Entry};
use super::log::Place;
use super::stable::save_then_send;
use super::{Log, Message, Node, Raft, Role, Write, commit, election, membership, show};
use faultline_kernel::{Cx, NodeId, Note};

/// What an append carries, besides its term.
pub(super) struct Append {
    pub(super) prev_log_index: u64,
    pub(super) prev_log_term: u32,
    pub(super) entries: Entries,
    pub(super) leader_commit: u64,
    pub(super) round: u64,
}

/// A leader of this term speaks.
pub(super) fn on_append(node: &mut Node, leader: NodeId, append: &Append, cx: &mut impl Cx<Raft>) {
    if !follow(node, leader, cx) {
        return;
    }
    let prev = Place { index: append.prev_log_index, term: append.prev_log_term };
    let consistent = node.log.has(prev);
    if !consistent && !cx.config().sabotage.skip_consistency {
        refuse(node, leader, append, cx);
        return;
    }
    let match_index = append.prev_log_index + append.entries.count();
    let round = append.round;
    let accepted = Message::AppendAccepted { term: node.current_term, match_index, round };
    let could_stand = election::may_stand(node, cx);
    let write = store(node, leader, append, cx);
    election::begin_to_wait(node, could_stand, cx);
    match write {
        Some(write) => save_then_send(write, leader, accepted, cx),
        None => cx.send(leader, accepted),
    }
    commit::learn(node, append.leader_commit.min(match_index), cx);
}

/// "If the leader's term is at least as large as the candidate's current term, then the candidate
/// recognizes the leader as legitimate and returns to follower state" (§5.2).
pub(super) fn follow(node: &mut Node, leader: NodeId, cx: &mut impl Cx<Raft>) -> bool {
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
    node.heard_leader = Some(cx.now());
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
            let args =
                [leader.into(), prev_log_index.into(), term.into(), append.prev_log_term.into()];
            Note::new(show::REFUSES_CONFLICT, &args)
        }
    });
    let (term, round) = (node.current_term, append.round);
    let refused = Message::AppendRefused { term, prev_log_index, conflict, round };
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
    let known = if always { 0 } else { known_count(&node.log, append) };
    let from = append.prev_log_index + 1 + known;
    let removed = node.log.last_index().saturating_sub(from - 1);
    let added = append.entries.count() - known;
    let nothing_to_do = added == 0 && !(always && removed > 0);
    if nothing_to_do {
        return None;
    }
    let entries = append.entries.without_first(known);
    node.replace(from, entries.as_slice(), membership::everyone(cx));
    let up_to = node.log.last_index();
    cx.note(|| match removed {
        0 => Note::new(show::STORES, &[leader.into(), added.into(), up_to.into()]),
        _ => Note::new(show::OVERWRITES, &[leader.into(), removed.into(), from.into()]),
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
    let has = |(entry, index): &(&Entry, u64)| log.has(Place { index: *index, term: entry.term });
    known.take_while(has).count() as u64
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, log_of, one_of};
    use super::super::{Candidate, Command, Configuration, Conflict, Timer};
    use super::*;
    use alloc::vec::Vec;

    /// An append of entries with these terms after the entry of this index and term.
    fn append(prev_log_index: u64, prev_log_term: u32, terms: &[u32]) -> Append {
        Append {
            prev_log_index,
            prev_log_term,
            entries: log_of(terms).entries(1, 64),
            leader_commit: 0,
            round: 3,
        }
    }

    /// What a follower in term 6 with this log does with an append.
    fn receive(log: &[u32], append: &Append) -> (Node, Stub) {
        let mut cx = Stub::new(1, 3);
        let mut node = follower(6, log);
        on_append(&mut node, NodeId(0), append, &mut cx);
        (node, cx)
    }

    fn accepted(match_index: u64) -> Vec<(NodeId, Message)> {
        let reply = Message::AppendAccepted { term: 6, match_index, round: 3 };
        alloc::vec![(NodeId(0), reply)]
    }

    fn refused(prev_log_index: u64, term: Option<u32>, index: u64) -> Vec<(NodeId, Message)> {
        let reply = Message::AppendRefused {
            term: 6,
            prev_log_index,
            conflict: Conflict { term, index },
            round: 3,
        };
        alloc::vec![(NodeId(0), reply)]
    }

    #[test]
    fn new_entries_are_saved_and_acknowledged() {
        let (node, cx) = receive(&[1], &append(1, 1, &[6, 6]));
        assert_eq!(node.log, log_of(&[1, 6, 6]));
        assert_eq!(cx.sent, accepted(3));
        let write = Write::Append { from: 2, entries: log_of(&[6, 6]).entries(1, 64) };
        assert_eq!(cx.saved, [write]);
    }

    #[test]
    fn an_append_beyond_the_end_is_refused_with_the_first_index_that_is_missing() {
        let (node, cx) = receive(&[1, 1], &append(4, 4, &[6]));
        assert_eq!(node.log, log_of(&[1, 1]));
        assert_eq!(cx.sent, refused(4, None, 3));
        assert_eq!(cx.saved, []);
    }

    #[test]
    fn a_conflict_is_refused_with_the_first_index_of_its_term() {
        let (_, cx) = receive(&[1, 1, 4, 4, 4], &append(5, 5, &[6]));
        assert_eq!(cx.sent, refused(5, Some(4), 3));
    }

    #[test]
    fn a_conflicting_entry_goes_and_all_that_follow_it() {
        let (node, cx) = receive(&[1, 2, 2, 2], &append(1, 1, &[2, 6]));
        assert_eq!(node.log, log_of(&[1, 2, 6]));
        let write = Write::Append { from: 3, entries: log_of(&[6]).entries(1, 64) };
        assert_eq!(cx.saved, [write], "only what is new is written");
        assert_eq!(cx.noted, [show::OVERWRITES]);
    }

    #[test]
    fn an_append_that_was_overtaken_takes_nothing_back() {
        let (node, cx) = receive(&[1, 6, 6, 6], &append(1, 1, &[6]));
        assert_eq!(node.log, log_of(&[1, 6, 6, 6]));
        assert_eq!(cx.sent, accepted(2), "it vouches for what the append held, no more");
        assert_eq!(cx.saved, []);
    }

    #[test]
    fn a_heartbeat_keeps_quiet_and_commits_only_what_is_known_to_be_alike() {
        let heartbeat = Append { leader_commit: 3, ..append(1, 1, &[]) };
        let (node, cx) = receive(&[1, 2, 2], &heartbeat);
        assert_eq!((node.commit_index, node.leader), (1, Some(NodeId(0))));
        assert_eq!(cx.sent, accepted(1));
    }

    /// Its leader may crash right after this, and then nobody else may be left to stand.
    #[test]
    fn a_newcomer_waits_for_a_leader_as_soon_as_it_has_a_vote() {
        let joins = |servers| {
            let group = Configuration::of_first(servers);
            let entry = Entry::new(6, Command::Configure(group.into()));
            Append { entries: Entries::from_iter([entry]), ..append(0, 0, &[]) }
        };
        let mut cx = Stub::new(2, 3);
        let mut node = one_of(2, follower(6, &[]));
        on_append(&mut node, NodeId(0), &joins(2), &mut cx);
        assert_eq!(cx.timers.pop(), Some((Timer::Election, None)), "it has no vote");
        let mut node = one_of(2, follower(6, &[]));
        on_append(&mut node, NodeId(0), &joins(3), &mut cx);
        let patience = cx.config.election_timeout.min;
        assert_eq!(cx.timers.pop(), Some((Timer::Election, Some(patience))));
    }

    #[test]
    fn a_candidate_gives_way_to_the_leader_of_its_term() {
        let mut cx = Stub::new(1, 3);
        let mut node = follower(6, &[]);
        node.role = Role::Candidate(Candidate::default());
        on_append(&mut node, NodeId(0), &append(0, 0, &[]), &mut cx);
        assert_eq!((node.role, node.leader), (Role::Follower, Some(NodeId(0))));
    }
}
