//! What waits for a disk.

use faultline_kernel::{NodeId, RequestId};
use std::collections::VecDeque;

/// Something a node did that takes effect only when its writes are durable. What it says or writes
/// lies with the cast, in the same order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Waiting {
    /// A write; consecutive ones are made durable together.
    Write,
    /// A message to send, of this kind.
    Send(NodeId, u8),
    /// An answer to give.
    Answer(RequestId),
}

/// In the order in which the node did them, with the event of each. Not empty means that the disk
/// is busy with the writes at the front.
pub(crate) type Outbox = VecDeque<(u32, Waiting)>;

/// How many writes stand at the front: they become durable together.
pub(crate) fn writes_at_front(outbox: &Outbox) -> usize {
    outbox.iter().take_while(|(_, waiting)| *waiting == Waiting::Write).count()
}
