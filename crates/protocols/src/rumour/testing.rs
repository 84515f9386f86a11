//! What the tests of the rules need: sites as a test wants them, and a context.

use super::Rumour;
use super::node::{Node, State};

/// The context of one of sixteen sites.
pub(super) type Stub = crate::testing::Stub<Rumour>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        Self::with(me, crate::testing::defaults())
    }

    /// Whether the timer is set, as far as the handlers so far have said.
    pub(super) fn is_armed(&self) -> bool {
        self.timers.last().is_some_and(|(_, after)| after.is_some())
    }
}

/// A site that has spread the rumour for a while.
pub(super) fn infective() -> Node {
    Node::new(State::Infective)
}
