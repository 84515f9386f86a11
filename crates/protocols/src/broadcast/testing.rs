//! What the tests of the rules need: nodes as a test wants them, and a context.

use super::Broadcast;
use super::node::{Node, Peer};
use faultline_kernel::{NodeId, Time};

/// The context of one of nine nodes, each with at most four neighbours.
pub(super) type Stub = crate::testing::Stub<Broadcast>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        Self::with(me, crate::testing::defaults())
    }
}

/// A node with these neighbours, all of them eager.
pub(super) fn linked(peers: &[u32]) -> Node {
    let peer = |id: &u32| Peer { id: NodeId(*id), heard: Time::ZERO, eager: true };
    Node { active: peers.iter().map(peer).collect(), ..Node::default() }
}
