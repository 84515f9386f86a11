//! What the tests of the rules need: sites as a test wants them, and a context.

use super::AntiEntropy;
use super::item::{Item, Key, Stamp};
use super::node::Node;
use crate::ballot::Decree;
use faultline_kernel::{NodeId, Time};

/// The context of one of eight sites.
pub(super) type Stub = crate::testing::Stub<AntiEntropy>;

impl Stub {
    pub(super) fn new(me: u32) -> Self {
        Self::with(me, crate::testing::defaults())
    }
}

/// A version that this site wrote at this time.
pub(super) fn item(time: u64, by: u32, value: &str) -> Item {
    Item { value: Decree::new(value), ..certificate(time, by) }
}

/// A death certificate that this site wrote at this time.
pub(super) fn certificate(time: u64, by: u32) -> Item {
    let stamp = Stamp { time: Time(time), by: NodeId(by), awake: Time::ZERO };
    Item { stamp, value: None }
}

pub(super) fn site(items: &[(Key, Item)]) -> Node {
    Node { items: items.iter().copied().collect(), ..Node::default() }
}
