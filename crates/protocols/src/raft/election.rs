//! Leader election (§5.2) and who may win it (§5.4.1).

use super::peer::Peer;
use super::quorum::{Voters, majority};
use super::stable::{others, save_then_send};
use super::{Candidate, Leader};
use super::{Command, Disk, Message, Node, Raft, Role, Timer, Write, replication, show};
use alloc::collections::VecDeque;
use faultline_kernel::{Cx, NodeId, Note};

/// Starts as a follower with what the disk has: "when servers start up, they begin as followers"
/// (§5.2).
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<Raft>) -> Node {
    let forgets = cx.config().sabotage.forget_vote;
    let mut node = Node {
        current_term: disk.current_term,
        voted_for: disk.voted_for.filter(|_| !forgets),
        log: disk.log.clone(),
        commit_index: 0,
        last_applied: 0,
        role: Role::Follower,
        leader: None,
        waiting_since: cx.now(),
    };
    if *disk != Disk::default() {
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
        Role::Leader(_) => {
            // Clients that wait are told nothing: the next leader may yet commit what they asked.
            cx.cancel_timer(Timer::Heartbeat);
            wait_for_leader(node, cx);
        }
    }
}

/// It stands in the next term and votes for itself (§5.2).
fn become_candidate(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let me = cx.me();
    let servers = cx.config().servers;
    let alone = servers == 1;
    let mut candidate = Candidate {
        servers,
        ..Candidate::default()
    };
    if !alone {
        candidate.granted.insert(me);
    }
    node.current_term += 1;
    node.voted_for = Some(me);
    node.leader = None;
    node.role = Role::Candidate(candidate);
    cx.save(Write::SetTerm {
        current_term: node.current_term,
        voted_for: Some(me),
    });
    if alone {
        let vote = Message::Vote {
            term: node.current_term,
            granted: true,
        };
        cx.send(me, vote);
    }
}

/// It leads: it knows nothing of the others' logs, and writes an entry of its own term, without
/// which it could not commit what its predecessors left (§5.4.2, §8).
fn become_leader(node: &mut Node, votes: Voters, cx: &mut impl Cx<Raft>) {
    let servers = cx.config().servers;
    let next_index = node.log.last_index() + 1;
    node.leader = Some(cx.me());
    node.role = Role::Leader(Leader {
        peers: alloc::vec![Peer::new(next_index); servers as usize],
        waiting: VecDeque::new(),
    });
    cx.cancel_timer(Timer::Election);
    let (term, count) = (node.current_term, votes.count());
    cx.note(|| Note::new(show::LEADS, &[term.into(), count.into(), servers.into()]));
    replication::write(node, Command::NoOp, cx);
    replication::probe_all(node, cx);
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// The election timer ran out: no leader spoke, or nobody won (§5.2).
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let kind = match node.role {
        Role::Follower => show::STANDS,
        Role::Candidate(_) => show::STANDS_AGAIN,
        Role::Leader(_) => return,
    };
    let waited = cx.now().since(node.waiting_since);
    become_candidate(node, cx);
    let term = node.current_term;
    cx.note(|| Note::new(kind, &[waited.into(), term.into()]));
    wait_for_leader(node, cx);
    ask_for_votes(node, cx);
}

/// A candidate asks those who have not answered: "servers retry RPCs if they do not receive a
/// response in a timely manner" (§5.1).
pub(super) fn ask_for_votes(node: &Node, cx: &mut impl Cx<Raft>) {
    let Role::Candidate(candidate) = &node.role else {
        return;
    };
    let request = Message::RequestVote {
        term: node.current_term,
        last_log_index: node.log.last_index(),
        last_log_term: node.log.last_term(),
    };
    for server in others(cx) {
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
        refuse(
            node,
            candidate,
            Note::new(show::REFUSES_VOTE_GIVEN, &args),
            cx,
        );
        return;
    }
    // Up to date is the log whose last entry has the later term,
    // or, with the same term, the one that is not shorter.
    let up_to_date =
        (last_log_term, last_log_index) >= (node.log.last_term(), node.log.last_index());
    if !up_to_date && !cx.config().sabotage.skip_up_to_date {
        let args = [candidate.into(), term.into()];
        refuse(
            node,
            candidate,
            Note::new(show::REFUSES_VOTE_LOG, &args),
            cx,
        );
        return;
    }
    grant(node, candidate, cx);
}

fn refuse(node: &Node, candidate: NodeId, why: Note, cx: &mut impl Cx<Raft>) {
    cx.note(|| why);
    let vote = Message::Vote {
        term: node.current_term,
        granted: false,
    };
    cx.send(candidate, vote);
}

/// It gives its vote, on disk first: one vote in a term, over any crash (§5.2).
fn grant(node: &mut Node, candidate: NodeId, cx: &mut impl Cx<Raft>) {
    let term = node.current_term;
    let vote = Message::Vote {
        term,
        granted: true,
    };
    if node.voted_for == Some(candidate) {
        cx.send(candidate, vote);
        return;
    }
    node.voted_for = Some(candidate);
    cx.note(|| Note::new(show::VOTES, &[candidate.into(), term.into()]));
    let write = Write::SetTerm {
        current_term: term,
        voted_for: node.voted_for,
    };
    save_then_send(write, candidate, vote, cx);
    wait_for_leader(node, cx);
}

/// A server answered. More than half of all make a leader (§5.2).
pub(super) fn on_vote(node: &mut Node, voter: NodeId, granted: bool, cx: &mut impl Cx<Raft>) {
    let Role::Candidate(candidate) = &mut node.role else {
        return;
    };
    match granted {
        true => candidate.granted.insert(voter),
        false => candidate.refused.insert(voter),
    }
    let votes = candidate.granted;
    if votes.count() >= majority(candidate.servers) {
        become_leader(node, votes, cx);
    }
}

/// Sets the election timer, to a time of its own choice: "to prevent split votes" (§5.2).
pub(super) fn wait_for_leader(node: &mut Node, cx: &mut impl Cx<Raft>) {
    node.waiting_since = cx.now();
    let patience = cx.span(cx.config().election_timeout);
    cx.set_timer(Timer::Election, patience);
}
