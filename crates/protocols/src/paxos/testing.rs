//! What the tests of the rules need: nodes as a test wants them, and a context.

use super::Paxos;
use super::node::{Acceptor, Attempt, Learner, Node, Proposer};
use crate::ballot::{Ballot, Decree, Vote};
use alloc::collections::BTreeMap;
use faultline_kernel::{RequestId, Time};

/// The context of one of six nodes: 0 and 1 propose, 2 to 4 accept, 5 learns.
pub(super) type Stub = crate::testing::Stub<Paxos>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        Self::with(me, crate::testing::defaults())
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
        alive: BTreeMap::new(),
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
