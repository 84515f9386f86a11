//! Log replication, the leader's half (§5.3).

use super::entry::{Entries, Entry, Serial};
use super::message::Conflict;
use super::peer::index_to_retry;
use super::quorum::Voters;
use super::{Command, Leader, Log, Message, Node, Raft, Role, Timer, Write};
use super::{catch_up, commit, contact, election, membership, reads, show, snapshot, transfer};
use faultline_kernel::{Cx, NodeId, Note};

/// Writes an entry of its own into its log; a leader never overwrites (§5.3).
pub(super) fn write(
    node: &mut Node,
    command: Command,
    serial: Option<Serial>,
    cx: &mut impl Cx<Raft>,
) {
    let term = node.current_term;
    let from = node.log.last_index() + 1;
    let entry = Entry { term, command, serial };
    let entries = Entries::from_iter([entry]);
    node.replace(from, entries.as_slice(), membership::everyone(cx));
    let kind = match command {
        Command::NoOp => show::WRITES_NO_OP,
        Command::Configure(_) => show::CHANGES,
        Command::Put { .. }
        | Command::Swap { .. }
        | Command::Append { .. }
        | Command::Get { .. }
        | Command::Register { .. } => show::WRITES,
    };
    cx.note(|| Note::new(kind, &[from.into(), term.into(), entry.label().into()]));
    cx.save(Write::Append { from, entries });
    count_itself(node, cx);
}

/// The leader's own copy counts; one that is alone waits for its disk to say so.
fn count_itself(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let (me, match_index) = (cx.me(), node.log.last_index());
    if node.configuration().is_alone(me) {
        let term = node.current_term;
        cx.send(me, Message::AppendAccepted { term, match_index, round: 0 });
    } else if let Some(leader) = node.leading_mut() {
        leader.peers[me.index()].match_index = match_index;
    }
}

/// Sends everybody what fits, after the log grew.
pub(super) fn send_all(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let mut batch = Batch::default();
    for follower in others(node, cx).iter() {
        send(node, follower, &mut batch, cx);
    }
}

/// Sends one follower what comes next.
pub(super) fn send_next(node: &mut Node, to: NodeId, cx: &mut impl Cx<Raft>) {
    send(node, to, &mut Batch::default(), cx);
}

/// Sends one follower the next entries, if it may be sent any: "if last log index ≥ nextIndex:
/// send AppendEntries RPC with log entries starting at nextIndex" (Figure 2).
fn send(node: &mut Node, to: NodeId, batch: &mut Batch, cx: &mut impl Cx<Raft>) {
    let (window, most) = (cx.config().window, cx.config().batch);
    let (before, last_index) = (node.log.before(), node.log.last_index());
    // Who has left the group is sent nothing more, though its last replies may still arrive; and a
    // leader that is alone hears itself.
    if !others(node, cx).contains(to) {
        return;
    }
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let peer = &mut leader.peers[to.index()];
    if peer.needs_snapshot(before.index) {
        peer.sends_snapshot(before.index);
        snapshot::install(node, to, cx);
        return;
    }
    if !peer.may_send(last_index, window) {
        return;
    }
    let from = peer.next_index;
    peer.sent(last_index.min(from + u64::from(most) - 1));
    let entries = batch.get(&node.log, from, most);
    cx.send(to, append_entries(node, from - 1, entries));
}

/// Finds out where everybody's log parts from its own, right after the election.
pub(super) fn probe_all(node: &Node, cx: &mut impl Cx<Raft>) {
    let mut batch = Batch::default();
    for follower in others(node, cx).iter() {
        probe(node, follower, &mut batch, cx);
    }
}

/// The same with one who has just begun to follow.
pub(super) fn probe_one(node: &Node, to: NodeId, cx: &mut impl Cx<Raft>) {
    probe(node, to, &mut Batch::default(), cx);
}

/// Sends the next entries to see whether they fit, and waits for the reply.
fn probe(node: &Node, to: NodeId, batch: &mut Batch, cx: &mut impl Cx<Raft>) {
    let Some(leader) = node.leading() else { return };
    let from = leader.peers[to.index()].next_index;
    let entries = batch.get(&node.log, from, cx.config().batch);
    cx.send(to, append_entries(node, from - 1, entries));
}

/// Time to speak: a leader says that it is there, "to prevent election timeouts" (Figure 2);
/// a candidate asks again.
pub(super) fn on_heartbeat(node: &mut Node, cx: &mut impl Cx<Raft>) {
    match node.role {
        Role::Follower => {}
        Role::Candidate(_) => election::ask_for_votes(node, cx),
        Role::Leader(_) => beat_all(node, cx),
    }
}

fn beat_all(node: &mut Node, cx: &mut impl Cx<Raft>) {
    if contact::is_lost(node, cx) {
        cx.note(|| Note::new(show::LOSES_TOUCH, &[node.current_term.into()]));
        election::become_follower(node, None, cx);
        return;
    }
    transfer::look(node, cx);
    catch_up::look(node, cx);
    let followers = others(node, cx);
    let Some(leader) = node.leading_mut() else {
        return;
    };
    contact::begin_round(leader, cx);
    followers.iter().for_each(|follower| leader.peers[follower.index()].beat());
    send_heartbeats(node, cx);
    send_lost_snapshots(node, followers, cx);
    if node.configuration().is_alone(cx.me()) {
        count_itself(node, cx);
    }
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// A snapshot that was not acknowledged for a whole heartbeat counts as lost, as entries do.
fn send_lost_snapshots(node: &mut Node, followers: Voters, cx: &mut impl Cx<Raft>) {
    for follower in followers.iter() {
        let before = node.log.before().index;
        let lost = |leader: &Leader| leader.peers[follower.index()].next_index <= before;
        if node.leading().is_some_and(lost) {
            send_next(node, follower, cx);
        }
    }
}

/// Says to everybody that it leads, and asks for a sign of life.
pub(super) fn send_heartbeats(node: &Node, cx: &mut impl Cx<Raft>) {
    let Some(leader) = node.leading() else { return };
    let before = node.log.before().index;
    for follower in others(node, cx).iter() {
        let prev_log_index = leader.peers[follower.index()].base(before);
        cx.send(follower, append_entries(node, prev_log_index, Entries::default()));
    }
}

/// Everybody to whom a leader sends.
fn others<C: Cx<Raft>>(node: &Node, cx: &C) -> Voters {
    catch_up::audience(node).without(Voters::only(cx.me()))
}

/// A follower stored what it was sent: commit what a majority has, send what comes next.
pub(super) fn on_accepted(node: &mut Node, from: NodeId, match_index: u64, cx: &mut impl Cx<Raft>) {
    let Some(leader) = node.leading_mut() else {
        return;
    };
    if leader.peers[from.index()].accepted(match_index) {
        commit::advance(node, match_index, cx);
    }
    reads::serve(node, cx);
    transfer::go_on(node, cx);
    catch_up::on_progress(node, cx);
    send_next(node, from, cx);
}

/// A follower's log does not fit: "the leader decrements nextIndex and retries" (§5.3).
pub(super) fn on_refused(
    node: &mut Node,
    from: NodeId,
    prev_log_index: u64,
    conflict: Conflict,
    cx: &mut impl Cx<Raft>,
) {
    reads::serve(node, cx);
    if !catch_up::audience(node).contains(from) {
        return;
    }
    let retry = index_to_retry(&node.log, prev_log_index, conflict);
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let peer = &mut leader.peers[from.index()];
    if !peer.refused(prev_log_index, retry) {
        return;
    }
    let next_index = peer.next_index;
    cx.note(|| Note::new(show::BACKS_UP, &[from.into(), next_index.into()]));
    if next_index <= node.log.before().index {
        send_next(node, from, cx);
        return;
    }
    probe(node, from, &mut Batch::default(), cx);
}

fn append_entries(node: &Node, prev_log_index: u64, entries: Entries) -> Message {
    Message::AppendEntries {
        term: node.current_term,
        prev_log_index,
        prev_log_term: node.log.term_at(prev_log_index).unwrap_or(0),
        entries,
        leader_commit: node.commit_index,
        round: node.leading().map_or(0, |leader| leader.contact.round),
    }
}

/// The entries that were sent last: followers that are equally far share one copy.
#[derive(Default)]
struct Batch {
    from: u64,
    entries: Entries,
}

impl Batch {
    fn get(&mut self, log: &Log, from: u64, most: u32) -> Entries {
        if self.from != from {
            self.from = from;
            self.entries = log.entries(from, most);
        }
        self.entries.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader};
    use super::*;
    use alloc::vec::Vec;

    /// To whom appends were sent: after which index, and how many entries.
    fn appends(cx: &Stub) -> Vec<(u32, u64, u64)> {
        let look = |(to, message): &(NodeId, Message)| match message {
            Message::AppendEntries { prev_log_index, entries, .. } => {
                Some((to.0, *prev_log_index, entries.count()))
            }
            Message::RequestVote { .. }
            | Message::Vote { .. }
            | Message::AppendAccepted { .. }
            | Message::AppendRefused { .. }
            | Message::PreVote { .. }
            | Message::PreVoteAnswer { .. }
            | Message::InstallSnapshot { .. }
            | Message::SnapshotStored { .. }
            | Message::TimeoutNow { .. } => None,
        };
        cx.sent.iter().filter_map(look).collect()
    }

    #[test]
    fn a_follower_that_is_behind_gets_the_next_batch_when_it_acknowledges() {
        let mut cx = Stub::new(0, 3);
        cx.config.batch = 2;
        let mut node = leader(1, &[1, 1, 1, 1, 1], &[0, 0]);
        node.leading_mut().expect("it leads").peers[1].next_index = 3;
        on_accepted(&mut node, NodeId(1), 2, &mut cx);
        assert_eq!(appends(&cx), [(1, 2, 2)]);
    }

    #[test]
    fn one_append_at_a_time_is_on_its_way_to_each_follower() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(1, &[1], &[1, 1]);
        for _ in 0..3 {
            write(&mut node, Command::NoOp, None, &mut cx);
            send_all(&mut node, &mut cx);
        }
        assert_eq!(appends(&cx), [(1, 1, 1), (2, 1, 1)]);
        on_accepted(&mut node, NodeId(2), 2, &mut cx);
        assert_eq!(appends(&cx)[2..], [(2, 2, 2)], "what has gathered goes together");
    }

    #[test]
    fn a_refusal_makes_the_leader_step_back_and_try_again() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(6, &[1, 1, 4, 4, 6], &[0, 0]);
        let conflict = Conflict { term: None, index: 2 };
        on_refused(&mut node, NodeId(1), 5, conflict, &mut cx);
        assert_eq!(appends(&cx), [(1, 1, 4)]);
        on_refused(&mut node, NodeId(1), 5, conflict, &mut cx);
        assert_eq!(appends(&cx).len(), 1, "a refusal that comes twice counts once");
    }

    #[test]
    fn heartbeats_carry_nothing_and_build_on_what_is_known() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(1, &[1, 1, 1], &[3, 2]);
        on_heartbeat(&mut node, &mut cx);
        assert_eq!(appends(&cx), [(1, 3, 0), (2, 2, 0)]);
        assert_eq!(cx.timers.len(), 1);
    }

    /// Its second write comes before its disk has said that the first one is done.
    #[test]
    fn a_leader_that_is_alone_sends_itself_no_entries() {
        let mut cx = Stub::new(0, 1);
        let mut node = leader(1, &[1], &[]);
        for _ in 0..2 {
            write(&mut node, Command::NoOp, None, &mut cx);
        }
        on_accepted(&mut node, NodeId(0), 2, &mut cx);
        assert_eq!((appends(&cx), node.commit_index), (alloc::vec![], 2));
        on_accepted(&mut node, NodeId(0), 3, &mut cx);
        assert_eq!((appends(&cx), node.commit_index), (alloc::vec![], 3));
    }

    #[test]
    fn an_acknowledgement_for_one_who_no_longer_leads_changes_nothing() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(1, &[1]);
        let before = node.clone();
        on_accepted(&mut node, NodeId(1), 1, &mut cx);
        assert_eq!((node, cx.sent.len()), (before, 0));
    }
}
