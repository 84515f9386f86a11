//! What the tests of the rules need: a context that writes down what it is told.

use super::ballot::{Ballot, Decree, Vote};
use super::node::{Acceptor, Answer, Attempt, Learner, Node, Proposer, Timer, Write};
use super::{Config, Message, Paxos};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::{
    Cx, Knobs, Member, NodeId, Note, Protocol, RequestId, Span, SpanRange, Time,
};

/// Writes down what a handler does. Nodes 0 and 1 propose, 2 to 4 accept, 5 learns.
pub(super) struct Stub {
    pub(super) me: NodeId,
    pub(super) config: Config,
    /// Whether every length of time is drawn as the longest, not as the shortest.
    pub(super) latest: bool,
    members: Vec<Member>,
    pub(super) sent: Vec<(NodeId, Message)>,
    pub(super) saved: Vec<Write>,
    pub(super) answered: Vec<(RequestId, Answer)>,
    pub(super) noted: Vec<u8>,
    pub(super) timers: Vec<(Timer, Option<Span>)>,
}

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        let config = Config::from_values(&Config::defaults()).expect("defaults fit");
        Self {
            me: NodeId(me),
            members: Paxos::members(&config),
            config,
            latest: false,
            sent: Vec::new(),
            saved: Vec::new(),
            answered: Vec::new(),
            noted: Vec::new(),
            timers: Vec::new(),
        }
    }
}

impl Cx<Paxos> for Stub {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        Time::ZERO
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
        if self.latest { range.max } else { range.min }
    }
}

pub(super) fn decree(value: &str) -> Decree {
    Decree::new(value).expect("values of tests are short")
}

pub(super) fn vote(ballot: u64, value: &str) -> Vote {
    Vote { ballot: Ballot(ballot), value: decree(value) }
}

/// A node that plays no role.
fn nobody() -> Node {
    Node { proposer: None, acceptor: None, learner: None, chosen: None }
}

/// A proposer whose client 0 wants this value; its ballot has not begun.
pub(super) fn proposer(value: &str) -> Node {
    let proposer = Proposer {
        tried: Ballot::NONE,
        heard: Ballot::NONE,
        wish: Some(decree(value)),
        clients: [(RequestId(0), decree(value))].into(),
        attempt: Attempt::Idle,
        waiting_since: Time::ZERO,
    };
    Node { proposer: Some(proposer), ..nobody() }
}

/// An acceptor with this promise; 0 is none.
pub(super) fn acceptor(promised: u64, accepted: Option<Vote>) -> Node {
    let acceptor = Acceptor { promised: Ballot(promised), accepted };
    Node { acceptor: Some(acceptor), ..nobody() }
}

/// A learner that has heard nothing.
pub(super) fn learner() -> Node {
    let quorum = Stub::new(5).config.phase2;
    let learner = Learner { heard: BTreeMap::new(), quorum };
    Node { learner: Some(learner), ..nobody() }
}
