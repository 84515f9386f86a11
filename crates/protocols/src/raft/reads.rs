//! Reads that are not in the log (§8; diss. §6.4).
//!
//! A leader may be deposed without knowing it. So before it answers a read from its own state it
//! must know two things: what was committed when the client asked, and that it still led then.
//!
//! For the first it notes its commit index, and waits until it has applied so much; before it has
//! committed the first entry of its term it does not know what its predecessors committed, so it
//! waits for that entry.
//! For the second it begins a round of heartbeats and waits until a majority has returned it; or it
//! holds a lease.

use super::entry::{Command, Key};
use super::{Answer, Node, Raft, contact, replication, request, show};
use alloc::collections::VecDeque;
use faultline_kernel::{Cx, Label, Note, RequestId};

/// How reads are served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReadMode {
    /// As entries of the log.
    Log,
    /// After a round of heartbeats (diss. §6.4, "ReadIndex").
    Index,
    /// At once while the leader holds a lease, else after a round (diss. §6.4.1).
    Lease,
}

/// How many reads are remembered after they were served, for the judges.
const SERVED_KEPT: usize = 64;

/// The reads at a leader.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Reads {
    /// Those that wait, in the order in which they came; at most
    /// [`super::request::WAITING_MOST`].
    pub waiting: VecDeque<Read>,
    /// The latest that were served, and the index up to which the state was applied then.
    pub served: VecDeque<(RequestId, u64)>,
    /// How many were served in all.
    pub count: u64,
    /// How many came in all.
    pub asked: u64,
}

/// A read that waits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Read {
    /// Who asks.
    pub client: RequestId,
    /// For which variable.
    pub key: Key,
    /// Up to where the log must be applied: the read index.
    pub index: u64,
    /// The round that a majority must have returned; 0 if a lease vouches for the leader.
    pub round: u64,
}

/// A client asks a leader for the value of a variable.
pub(super) fn on_get(node: &mut Node, client: RequestId, key: Key, cx: &mut impl Cx<Raft>) {
    if cx.config().sabotage.stale_reads {
        let read = Read { client, key, index: 0, round: 0 };
        serve_one(node, read, cx);
        return;
    }
    match cx.config().read_mode {
        ReadMode::Log => request::write(node, client, Command::Get { key }, None, cx),
        ReadMode::Index => ask_the_others(node, client, key, cx),
        ReadMode::Lease if holds_lease(node, cx) => trust_the_lease(node, client, key, cx),
        ReadMode::Lease => ask_the_others(node, client, key, cx),
    }
}

/// Whether nobody else can have been elected yet.
pub(super) fn holds_lease<C: Cx<Raft>>(node: &Node, cx: &C) -> bool {
    node.leading()
        .is_some_and(|leader| !leader.contact.void && cx.now() < leader.contact.lease_until)
}

fn ask_the_others(node: &mut Node, client: RequestId, key: Key, cx: &mut impl Cx<Raft>) {
    let index = read_index(node);
    let Some(leader) = node.leading_mut() else {
        return;
    };
    if leader.reads.waiting.len() >= request::WAITING_MOST {
        request::turn_away(client, cx);
        return;
    }
    let round = contact::begin_round(leader, cx);
    leader.reads.push(Read { client, key, index, round });
    cx.note(|| Note::new(show::ASKS_TO_READ, &[name(key).into(), index.into()]));
    replication::send_heartbeats(node, cx);
    serve(node, cx);
}

fn trust_the_lease(node: &mut Node, client: RequestId, key: Key, cx: &mut impl Cx<Raft>) {
    let index = read_index(node);
    let Some(leader) = node.leading_mut() else {
        return;
    };
    if leader.reads.waiting.len() >= request::WAITING_MOST {
        request::turn_away(client, cx);
        return;
    }
    let left = leader.contact.lease_until.since(cx.now());
    leader.reads.push(Read { client, key, index, round: 0 });
    cx.note(|| Note::new(show::TRUSTS_LEASE, &[name(key).into(), left.into()]));
    serve(node, cx);
}

/// What a leader knows to be committed now; at the beginning of its term it knows too little, and
/// its first entry takes its place.
fn read_index(node: &Node) -> u64 {
    node.commit_index.max(node.leading().map_or(0, |leader| leader.first_index))
}

/// Serves the reads whose time has come: after a reply, and after entries were applied.
pub(super) fn serve(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let (group, me, applied) = (node.configuration(), cx.me(), node.last_applied);
    while let Some(leader) = node.leading_mut()
        && let Some(read) = leader.reads.waiting.front().copied()
        && read.index <= applied
        && contact::is_confirmed(leader, group, me, read.round)
    {
        leader.reads.waiting.pop_front();
        serve_one(node, read, cx);
    }
}

fn serve_one(node: &mut Node, read: Read, cx: &mut impl Cx<Raft>) {
    let (value, applied) = (node.machine.value(read.key), node.last_applied);
    let Some(leader) = node.leading_mut() else {
        return;
    };
    leader.reads.serve(read.client, applied);
    tell(read.key, value, applied, cx);
    cx.answer(read.client, Answer::Value(value));
}

/// Says what was read.
pub(super) fn tell(key: Key, value: Option<u32>, index: u64, cx: &mut impl Cx<Raft>) {
    let found = match value {
        Some(value) => Label::format(format_args!("{key}={value}")),
        None => Label::format(format_args!("{key}=–")),
    };
    cx.note(|| Note::new(show::READS, &[found.into(), index.into()]));
}

/// A leader that leads no more knows nothing of later writes: whoever waits asks somewhere else.
pub(super) fn send_away(reads: &Reads, cx: &mut impl Cx<Raft>) {
    for read in &reads.waiting {
        cx.answer(read.client, Answer::NotLeader { hint: None });
    }
}

fn name(key: Key) -> Label {
    Label::format(format_args!("{key}"))
}

impl Reads {
    fn push(&mut self, read: Read) {
        self.waiting.push_back(read);
        self.asked += 1;
    }

    fn serve(&mut self, client: RequestId, applied: u64) {
        if self.served.len() == SERVED_KEPT {
            self.served.pop_front();
        }
        self.served.push_back((client, applied));
        self.count += 1;
    }

    /// How many wait.
    pub(super) fn asked_still(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.waiting.capacity() * size_of::<Read>()
            + self.served.capacity() * size_of::<(RequestId, u64)>()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, leader};
    use super::*;
    use faultline_kernel::{NodeId, Span, Time};

    const KEY: Key = Key::sample(0);

    /// A leader of three in term 2, whose first entry has index 2 and which knows this to be
    /// committed.
    fn leading(commit_index: u64, read_mode: ReadMode) -> (Node, Stub) {
        let mut cx = Stub::new(0, 3);
        cx.config.read_mode = read_mode;
        let mut node = leader(2, &[1, 2], &[2, 0]);
        (node.commit_index, node.last_applied) = (commit_index, commit_index);
        node.leading_mut().expect("it leads").first_index = 2;
        (node, cx)
    }

    #[test]
    fn a_read_waits_for_a_majority_that_was_asked_after_it_came() {
        let (mut node, mut cx) = leading(2, ReadMode::Index);
        contact::begin_round(node.leading_mut().expect("it leads"), &cx);
        on_get(&mut node, RequestId(4), KEY, &mut cx);
        assert_eq!((cx.sent.len(), cx.answered.len()), (2, 0));
        contact::heard(&mut node, NodeId(1), 1, &cx);
        serve(&mut node, &mut cx);
        assert_eq!(cx.answered, [], "that round began before the client asked");
        contact::heard(&mut node, NodeId(2), 2, &cx);
        serve(&mut node, &mut cx);
        assert_eq!(cx.answered, [(RequestId(4), Answer::Value(None))]);
    }

    #[test]
    fn a_read_waits_for_the_first_entry_of_the_term() {
        let (mut node, mut cx) = leading(1, ReadMode::Index);
        on_get(&mut node, RequestId(4), KEY, &mut cx);
        contact::heard(&mut node, NodeId(1), 1, &cx);
        serve(&mut node, &mut cx);
        assert_eq!(cx.answered, [], "what is committed is not known before");
        (node.commit_index, node.last_applied) = (2, 2);
        serve(&mut node, &mut cx);
        assert_eq!(cx.answered.len(), 1);
    }

    #[test]
    fn a_lease_counts_from_when_the_round_began_and_is_shorter_than_the_election_timeout() {
        let (mut node, mut cx) = leading(2, ReadMode::Lease);
        contact::begin_round(node.leading_mut().expect("it leads"), &cx);
        cx.now = Time(30_000);
        contact::heard(&mut node, NodeId(1), 1, &cx);
        let until = node.leading().expect("it leads").contact.lease_until;
        assert_eq!(until, Time::ZERO + Span(150_000 * 100 / 110));
        on_get(&mut node, RequestId(4), KEY, &mut cx);
        assert_eq!((cx.answered.len(), cx.sent.len()), (1, 0), "at once");
        cx.now = until;
        on_get(&mut node, RequestId(5), KEY, &mut cx);
        assert_eq!((cx.answered.len(), cx.sent.len()), (1, 2), "the lease is over");
    }

    #[test]
    fn who_waits_at_a_leader_that_steps_down_is_sent_away() {
        let (mut node, mut cx) = leading(2, ReadMode::Index);
        on_get(&mut node, RequestId(4), KEY, &mut cx);
        super::super::election::become_follower(&mut node, None, &mut cx);
        assert_eq!(cx.answered, [(RequestId(4), Answer::NotLeader { hint: None })]);
    }
}
