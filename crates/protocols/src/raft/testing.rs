//! What the tests of the rules need: a context that writes down what it is told.

use super::{
    Answer, Command, Config, Entry, Key, Leader, Log, Message, Node, Peer, Raft, Role, Timer, Write,
};
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use faultline_kernel::{
    Cx, Knobs, Member, NodeId, Note, Protocol, RequestId, Span, SpanRange, Time,
};

/// Writes down what a handler does.
pub(super) struct Stub {
    pub(super) me: NodeId,
    pub(super) now: Time,
    pub(super) config: Config,
    members: Vec<Member>,
    pub(super) sent: Vec<(NodeId, Message)>,
    pub(super) saved: Vec<Write>,
    pub(super) answered: Vec<(RequestId, Answer)>,
    pub(super) noted: Vec<u8>,
    pub(super) timers: Vec<(Timer, Option<Span>)>,
}

impl Stub {
    pub(super) fn new(me: u32, servers: u32) -> Self {
        let mut config = Config::from_values(&Config::defaults()).expect("defaults fit");
        config.servers = servers;
        Self {
            me: NodeId(me),
            now: Time::ZERO,
            members: Raft::members(&config),
            config,
            sent: Vec::new(),
            saved: Vec::new(),
            answered: Vec::new(),
            noted: Vec::new(),
            timers: Vec::new(),
        }
    }
}

impl Cx<Raft> for Stub {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        self.now
    }

    fn config(&self) -> &Config {
        &self.config
    }

    fn members(&self) -> &[Member] {
        &self.members
    }

    fn send(&mut self, to: NodeId, message: Message) {
        self.sent.push((to, message));
    }

    fn set_timer(&mut self, timer: Timer, after: Span) {
        self.timers.push((timer, Some(after)));
    }

    fn cancel_timer(&mut self, timer: Timer) {
        self.timers.push((timer, None));
    }

    fn save(&mut self, write: Write) {
        self.saved.push(write);
    }

    fn answer(&mut self, to: RequestId, answer: Answer) {
        self.answered.push((to, answer));
    }

    fn note(&mut self, note: impl FnOnce() -> Note) {
        self.noted.push(note().kind);
    }

    fn choose(&mut self, _n: u32) -> u32 {
        0
    }

    fn span(&mut self, range: SpanRange) -> Span {
        range.min
    }
}

/// The entry of a client.
pub(super) fn put(term: u32, value: u32) -> Entry {
    Entry { term, command: Command::Put { key: Key::sample(0), value } }
}

/// A log of entries that do nothing, with these terms.
pub(super) fn log_of(terms: &[u32]) -> Log {
    let entry = |term: &u32| Entry { term: *term, command: Command::NoOp };
    terms.iter().map(entry).collect()
}

/// A follower in `term` with a log of these terms.
pub(super) fn follower(term: u32, log: &[u32]) -> Node {
    Node {
        current_term: term,
        voted_for: None,
        log: log_of(log),
        commit_index: 0,
        last_applied: 0,
        role: Role::Follower,
        leader: None,
        waiting_since: Time::ZERO,
    }
}

/// A leader in `term`, whose followers are known to store up to `matched`; its own place is first.
pub(super) fn leader(term: u32, log: &[u32], matched: &[u64]) -> Node {
    let mut node = follower(term, log);
    let last_index = node.log.last_index();
    let peer = |match_index: &u64| Peer {
        match_index: *match_index,
        probing: false,
        ..Peer::new(last_index + 1)
    };
    let itself = peer(&last_index);
    node.voted_for = Some(NodeId(0));
    node.leader = Some(NodeId(0));
    node.role = Role::Leader(Leader {
        peers: core::iter::once(itself).chain(matched.iter().map(peer)).collect(),
        waiting: VecDeque::new(),
    });
    node
}
