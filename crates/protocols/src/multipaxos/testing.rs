//! What the tests of the rules need: servers as a test wants them, and a context.

use super::disk::Disk;
use super::log::Vote;
use super::node::{Leader, Node, Role};
use super::{Config, MultiPaxos, lead};
use crate::ballot::Ballot;
use crate::store::{Command, Key, Operation};
use alloc::collections::VecDeque;
use faultline_kernel::NodeId;

/// The context of one of three servers.
pub(super) type Stub = crate::testing::Stub<MultiPaxos>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        let config: Config = crate::testing::defaults();
        let quorum = crate::quorum::Quorum { enough: 2, of: 3 };
        Self::with(me, Config { servers: 3, phase1: quorum, phase2: quorum, ..config })
    }
}

/// A client sets x.
pub(super) fn put(value: u32) -> Command {
    Command { operation: Operation::Put { key: Key::sample(0), value }, session: None }
}

/// A client reads x.
pub(super) fn get() -> Command {
    Command { operation: Operation::Get { key: Key::sample(0) }, session: None }
}

pub(super) fn vote(ballot: u64, value: u32) -> Vote {
    Vote { ballot: Ballot(ballot), command: put(value) }
}

/// A follower with this promise, and these votes in slots from 1 on; 0 is a hole.
pub(super) fn follower(promised: u64, votes: &[u64]) -> Node {
    let mut node = lead::start(&Disk::default(), &mut Stub::new(0));
    node.promised = Ballot(promised);
    node.heard = Ballot(promised);
    for (slot, ballot) in (1..).zip(votes).filter(|(_, ballot)| **ballot > 0) {
        node.log.accept(slot, vote(*ballot, u32::try_from(slot).unwrap_or(0)));
    }
    node
}

/// The first server, as the leader of ballot 4, with nothing in its log.
pub(super) fn leader() -> Node {
    let mut node = follower(4, &[]);
    node.leader = Some(NodeId(0));
    node.role = Role::Leader(Leader {
        ballot: Ballot(4),
        next: 1,
        recovered: 0,
        chosen: (0, NodeId(0)),
        proposals: VecDeque::new(),
        queue: VecDeque::new(),
        granted: alloc::vec![None; 3],
    });
    node
}
