//! What the tests of the rules need: nodes as a test wants them, and a context.

use super::node::{Disk, Node};
use super::{FastPaxos, request};
use crate::ballot::{Ballot, Decree, Vote};
use faultline_kernel::Protocol;

/// The context of one of nine nodes: 0 coordinates, 1 and 2 propose, 3 to 7 accept, 8 learns.
pub(super) type Stub = crate::testing::Stub<FastPaxos>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        Self::with(me, crate::testing::defaults())
    }
}

pub(super) fn decree(value: &str) -> Decree {
    Decree::new(value).expect("values of tests are short")
}

pub(super) fn vote(round: u64, value: &str) -> Vote {
    Vote { ballot: Ballot(round), value: decree(value) }
}

/// The node of this context, just started with this disk.
pub(super) fn started(disk: &Disk, cx: &mut Stub) -> Node {
    let member = FastPaxos::members(&cx.config).swap_remove(cx.me.index());
    let node = request::start(disk, &member, cx);
    cx.clear();
    node
}
