//! Leader election (§5.2) and who may win it (§5.4.1).

use super::peer::Peer;
use super::quorum::Voters;
use super::stable::save_then_send;
use super::{Candidate, Command, Contact, Disk, Leader, Message, Node, Raft, ReadMode, Reads};
use super::{Role, Timer, Write, catch_up, prevote, reads, replication, show, transfer};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use faultline_kernel::{Cx, NodeId, Note};

/// Starts as a follower with what the disk has: "when servers start up, they begin as followers"
/// (§5.2).
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<Raft>) -> Node {
    let forgets = cx.config().sabotage.forget_vote;
    let restarts = *disk != Disk::default();
    let machine = disk.snapshot.as_ref().map(|snapshot| Rc::new(snapshot.machine.clone()));
    let configurations = disk.configurations(cx.config());
    let mut node = Node {
        current_term: disk.current_term,
        voted_for: disk.voted_for.filter(|_| !forgets),
        log: disk.log.clone(),
        snapshot: disk.snapshot_with(configurations[0].1),
        configurations,
        partial: None,
        commit_index: disk.log.before().index,
        last_applied: disk.log.before().index,
        machine: machine.unwrap_or_default(),
        role: Role::Follower,
        leader: None,
        waiting_since: cx.now(),
        // Before the crash it may have told a leader that it follows: a lease may rest on that.
        heard_leader: (restarts && cx.config().read_mode == ReadMode::Lease).then(|| cx.now()),
    };
    if restarts {
        let (term, last) = (node.current_term, node.log.last_index());
        cx.note(|| Note::new(show::STARTS, &[term.into(), last.into()]));
    }
    wait_for_leader(&mut node, cx);
    node
}

/// It follows, `leader` if it knows one. A leader had no election timer; a follower needs one.
pub(super) fn become_follower(node: &mut Node, leader: Option<NodeId>, cx: &mut impl Cx<Raft>) {
    let was = core::mem::replace(&mut node.role, Role::Follower);
    node.leader = leader;
    match was {
        Role::Follower => {}
        Role::Candidate(_) => cx.cancel_timer(Timer::Heartbeat),
        Role::Leader(leader) => {
            // Clients that wait are told nothing: the next leader may yet commit what they asked.
            cx.cancel_timer(Timer::Heartbeat);
            reads::send_away(&leader.reads, cx);
            leader.transfer.into_iter().for_each(|transfer| transfer::end(transfer, None, cx));
            catch_up::send_away(leader.catching_up, cx);
            wait_for_leader(node, cx);
        }
    }
}

/// It stands in the next term and votes for itself (§5.2).
fn become_candidate(node: &mut Node, told: bool, cx: &mut impl Cx<Raft>) {
    let (me, group) = (cx.me(), node.configuration());
    let (servers, alone) = (group.voters.count(), group.is_alone(me));
    let mut candidate = Candidate { servers, told, ..Candidate::default() };
    if !alone {
        candidate.granted.insert(me);
    }
    node.current_term += 1;
    node.voted_for = Some(me);
    node.leader = None;
    node.role = Role::Candidate(candidate);
    cx.save(Write::SetTerm { current_term: node.current_term, voted_for: Some(me) });
    if alone {
        let vote = Message::Vote { term: node.current_term, granted: true };
        cx.send(me, vote);
    }
}

/// It leads: it knows nothing of the others' logs, and writes an entry of its own term, without
/// which it could not commit what its predecessors left (§5.4.2, §8).
fn become_leader(node: &mut Node, votes: Voters, cx: &mut impl Cx<Raft>) {
    let servers = node.configuration().voters.count();
    let next_index = node.log.last_index() + 1;
    node.leader = Some(cx.me());
    node.role = Role::Leader(Leader {
        peers: alloc::vec![Peer::new(next_index, cx.now()); cx.config().servers as usize],
        waiting: VecDeque::new(),
        first_index: next_index,
        contact: Contact::default(),
        reads: Reads::default(),
        transfer: None,
        changing: None,
        catching_up: None,
    });
    cx.cancel_timer(Timer::Election);
    let (term, count) = (node.current_term, votes.count());
    cx.note(|| Note::new(show::LEADS, &[term.into(), count.into(), servers.into()]));
    replication::write(node, Command::NoOp, None, cx);
    replication::probe_all(node, cx);
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// Why a server stands.
pub(super) enum Standing {
    /// Its election timer ran out.
    TimedOut,
    /// A majority said that it would vote for it (diss. §9.6).
    Encouraged,
    /// Its leader told it to (diss. §3.10).
    Told,
}

/// The election timer ran out: no leader spoke, or nobody won (§5.2).
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<Raft>) {
    if matches!(node.role, Role::Leader(_)) || !may_stand(node, cx) {
        return;
    }
    if let Some(left) = prevote::lease_left(node, cx) {
        cx.note(|| Note::new(show::LEAVES_LEASE, &[left.into()]));
        cx.set_timer(Timer::Election, left);
        return;
    }
    match cx.config().pre_vote {
        true => ask_first(node, cx),
        false => stand(node, Standing::TimedOut, cx),
    }
}

/// Whether it has a vote, or may have one: "a server that is not part of its own latest
/// configuration should still start new elections, as it might still be needed until the entry is
/// committed" (diss. §4.2.2).
pub(super) fn may_stand<C: Cx<Raft>>(node: &Node, cx: &C) -> bool {
    has_vote(node, cx.me())
}

/// The same, of the server `me`.
pub(super) fn has_vote(node: &Node, me: NodeId) -> bool {
    node.configurations.iter().any(|(_, group)| group.voting().contains(me))
}

/// The log that it was sent may give it its first vote. Until then it had no election timer, and
/// the leader that sent this may crash before its next word.
pub(super) fn begin_to_wait(node: &mut Node, could_stand: bool, cx: &mut impl Cx<Raft>) {
    if !could_stand && may_stand(node, cx) {
        wait_for_leader(node, cx);
    }
}

/// It asks who would vote for it, and counts up its term only when a majority would (diss. §9.6).
fn ask_first(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let waited = cx.now().since(node.waiting_since);
    let (me, group) = (cx.me(), node.configuration());
    let servers = group.voters.count();
    let granted = Voters::only(me);
    let candidate = Candidate { servers, granted, asks_first: true, ..Candidate::default() };
    node.leader = None;
    node.role = Role::Candidate(candidate);
    let term = node.current_term;
    cx.note(|| Note::new(show::ASKS_FIRST, &[waited.into(), term.into()]));
    if group.is_quorum(granted) {
        stand(node, Standing::Encouraged, cx);
        return;
    }
    wait_for_leader(node, cx);
    ask_for_votes(node, cx);
}

/// It stands for election.
pub(super) fn stand(node: &mut Node, standing: Standing, cx: &mut impl Cx<Raft>) {
    let waited = cx.now().since(node.waiting_since);
    let again = matches!(node.role, Role::Candidate(_));
    become_candidate(node, matches!(standing, Standing::Told), cx);
    let term = node.current_term;
    cx.note(|| match standing {
        Standing::TimedOut if again => Note::new(show::STANDS_AGAIN, &[waited.into(), term.into()]),
        Standing::TimedOut => Note::new(show::STANDS, &[waited.into(), term.into()]),
        Standing::Encouraged => Note::new(show::STANDS_ENCOURAGED, &[term.into()]),
        Standing::Told => Note::new(show::STANDS_TOLD, &[term.into()]),
    });
    wait_for_leader(node, cx);
    ask_for_votes(node, cx);
}

/// A candidate asks those who have not answered: "servers retry RPCs if they do not receive a
/// response in a timely manner" (§5.1).
pub(super) fn ask_for_votes(node: &Node, cx: &mut impl Cx<Raft>) {
    let Role::Candidate(candidate) = &node.role else {
        return;
    };
    let (term, last) = (node.current_term, node.log.last());
    let (last_log_index, last_log_term) = (last.index, last.term);
    let request = match candidate.asks_first {
        true => Message::PreVote { term, last_log_index, last_log_term },
        false => {
            let transfer = candidate.told;
            Message::RequestVote { term, last_log_index, last_log_term, transfer }
        }
    };
    for server in node.configuration().voting().without(Voters::only(cx.me())).iter() {
        if !candidate.granted.contains(server) && !candidate.refused.contains(server) {
            cx.send(server, request.clone());
        }
    }
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// Somebody wants its vote (§5.2, §5.4.1).
pub(super) fn on_request_vote(
    node: &mut Node,
    candidate: NodeId,
    last_log_index: u64,
    last_log_term: u32,
    cx: &mut impl Cx<Raft>,
) {
    let term = node.current_term;
    if let Some(other) = node.voted_for.filter(|other| *other != candidate) {
        let args = [candidate.into(), term.into(), other.into()];
        refuse(node, candidate, Note::new(show::REFUSES_VOTE_GIVEN, &args), cx);
        return;
    }
    let up_to_date = is_up_to_date(node, last_log_index, last_log_term);
    if !up_to_date && !cx.config().sabotage.skip_up_to_date {
        let args = [candidate.into(), term.into()];
        refuse(node, candidate, Note::new(show::REFUSES_VOTE_LOG, &args), cx);
        return;
    }
    grant(node, candidate, cx);
}

/// Up to date is the log whose last entry has the later term, or, with the same term, the one that
/// is not shorter (§5.4.1).
pub(super) fn is_up_to_date(node: &Node, last_log_index: u64, last_log_term: u32) -> bool {
    (last_log_term, last_log_index) >= (node.log.last_term(), node.log.last_index())
}

fn refuse(node: &Node, candidate: NodeId, why: Note, cx: &mut impl Cx<Raft>) {
    cx.note(|| why);
    let vote = Message::Vote { term: node.current_term, granted: false };
    cx.send(candidate, vote);
}

/// It gives its vote, on disk first: one vote in a term, over any crash (§5.2).
fn grant(node: &mut Node, candidate: NodeId, cx: &mut impl Cx<Raft>) {
    let term = node.current_term;
    let vote = Message::Vote { term, granted: true };
    if node.voted_for == Some(candidate) {
        cx.send(candidate, vote);
        return;
    }
    node.voted_for = Some(candidate);
    cx.note(|| Note::new(show::VOTES, &[candidate.into(), term.into()]));
    let write = Write::SetTerm { current_term: term, voted_for: node.voted_for };
    save_then_send(write, candidate, vote, cx);
    wait_for_leader(node, cx);
}

/// A server answered. A majority makes a leader (§5.2).
pub(super) fn on_vote(node: &mut Node, voter: NodeId, granted: bool, cx: &mut impl Cx<Raft>) {
    let group = node.configuration();
    let Role::Candidate(candidate) = &mut node.role else {
        return;
    };
    if candidate.asks_first {
        return;
    }
    candidate.count(voter, granted);
    let votes = candidate.granted;
    if group.is_quorum(votes) {
        become_leader(node, votes, cx);
    }
}

/// Sets the election timer, to a time of its own choice: "to prevent split votes" (§5.2).
pub(super) fn wait_for_leader(node: &mut Node, cx: &mut impl Cx<Raft>) {
    node.waiting_since = cx.now();
    if !may_stand(node, cx) {
        cx.cancel_timer(Timer::Election);
        return;
    }
    let patience = cx.span(cx.config().election_timeout);
    cx.set_timer(Timer::Election, patience);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, log_of, one_of};
    use super::*;
    use faultline_kernel::{Span, Time};

    fn vote(granted: bool) -> Message {
        Message::Vote { term: 5, granted }
    }

    /// What a server with this log says to a candidate whose last entry is this one.
    fn answer(log: &[u32], last_log_index: u64, last_log_term: u32) -> Message {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(5, log);
        on_request_vote(&mut node, NodeId(1), last_log_index, last_log_term, &mut cx);
        cx.sent.pop().expect("every request is answered").1
    }

    #[test]
    fn a_candidate_with_a_shorter_log_gets_no_vote() {
        assert_eq!(answer(&[1, 1, 2], 2, 2), vote(false));
        assert_eq!(answer(&[1, 1, 2], 3, 2), vote(true));
    }

    #[test]
    fn a_later_last_term_counts_more_than_length() {
        assert_eq!(answer(&[1, 1, 1, 1], 1, 2), vote(true));
        assert_eq!(answer(&[2], 4, 1), vote(false));
    }

    #[test]
    fn a_vote_is_given_once_a_term_and_saved_before_it_is_said() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(5, &[]);
        on_request_vote(&mut node, NodeId(1), 0, 0, &mut cx);
        on_request_vote(&mut node, NodeId(2), 9, 4, &mut cx);
        on_request_vote(&mut node, NodeId(1), 0, 0, &mut cx);
        let votes = [(1, true), (2, false), (1, true)].map(|(to, yes)| (NodeId(to), vote(yes)));
        assert_eq!(cx.sent, votes, "asked again, it gives the same answer");
        let saved = Write::SetTerm { current_term: 5, voted_for: Some(NodeId(1)) };
        assert_eq!(cx.saved, [saved], "and saves it once");
    }

    #[test]
    fn a_candidate_leads_with_more_than_half_of_the_votes() {
        let mut cx = Stub::new(0, 5);
        let mut node = one_of(5, follower(4, &[1]));
        cx.now = Time(182_000);
        on_timeout(&mut node, &mut cx);
        assert_eq!((node.current_term, node.voted_for), (5, Some(NodeId(0))));
        assert_eq!(cx.sent.len(), 4);
        on_vote(&mut node, NodeId(1), true, &mut cx);
        on_vote(&mut node, NodeId(1), true, &mut cx);
        on_vote(&mut node, NodeId(2), false, &mut cx);
        assert_eq!(node.role.kind(), 1, "the same vote twice is one vote");
        on_vote(&mut node, NodeId(3), true, &mut cx);
        assert_eq!(node.role.kind(), 2);
        assert_eq!(node.log, log_of(&[1, 5]), "it opens its term with an empty entry");
        assert_eq!(cx.noted, [show::STANDS, show::LEADS, show::WRITES_NO_OP]);
    }

    #[test]
    fn a_candidate_asks_again_only_those_who_are_silent() {
        let mut cx = Stub::new(0, 5);
        let mut node = one_of(5, follower(4, &[]));
        on_timeout(&mut node, &mut cx);
        on_vote(&mut node, NodeId(1), false, &mut cx);
        cx.sent.clear();
        ask_for_votes(&node, &mut cx);
        let asked: alloc::vec::Vec<u32> = cx.sent.iter().map(|(to, _)| to.0).collect();
        assert_eq!(asked, [2, 3, 4]);
    }

    #[test]
    fn a_server_that_is_alone_hears_its_own_vote_through_its_disk() {
        let mut cx = Stub::new(0, 1);
        let mut node = one_of(1, follower(4, &[]));
        on_timeout(&mut node, &mut cx);
        assert_eq!(cx.sent, [(NodeId(0), vote(true))]);
        on_vote(&mut node, NodeId(0), true, &mut cx);
        assert_eq!(node.role.kind(), 2);
    }

    /// A learner may have been given a vote without knowing it yet: if it did not vote, perhaps
    /// nobody would ever be elected who could tell it.
    #[test]
    fn a_server_votes_even_if_it_has_no_vote_as_far_as_it_knows_but_does_not_stand() {
        let mut cx = Stub::new(2, 3);
        let mut node = one_of(2, follower(5, &[]));
        on_request_vote(&mut node, NodeId(1), 0, 0, &mut cx);
        assert_eq!(cx.sent, [(NodeId(1), vote(true))]);
        on_timeout(&mut node, &mut cx);
        assert_eq!((node.current_term, cx.sent.len()), (5, 1));
    }

    #[test]
    fn a_vote_that_comes_late_changes_nothing() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(5, &[1]);
        let before = node.clone();
        on_vote(&mut node, NodeId(1), true, &mut cx);
        assert_eq!(node, before);
    }

    #[test]
    fn a_server_starts_as_a_follower_with_what_its_disk_has() {
        let (mut cx, current_term, voted_for) = (Stub::new(0, 3), 7, Some(NodeId(2)));
        let disk = Disk { current_term, voted_for, snapshot: None, log: log_of(&[1, 7]) };
        let node = start(&disk, &mut cx);
        assert_eq!((node.current_term, node.voted_for), (current_term, voted_for));
        assert_eq!((node.log, node.commit_index), (disk.log.clone(), 0));
        assert_eq!(cx.timers, [(Timer::Election, Some(Span::millis(150)))]);
        cx.config.sabotage.forget_vote = true;
        assert_eq!(start(&disk, &mut cx).voted_for, None);
    }
}
