//! What waits for a disk.

use faultline_kernel::{NodeId, Protocol, RequestId};
use std::collections::VecDeque;

/// Something a node did that takes effect only when its writes are durable.
pub(crate) enum Waiting<P: Protocol> {
    /// A write; consecutive ones are made durable together.
    Write(P::Write),
    /// A message to send.
    Send(NodeId, P::Message),
    /// An answer to give.
    Answer(RequestId, P::Answer),
}

impl<P: Protocol> Clone for Waiting<P> {
    fn clone(&self) -> Self {
        match self {
            Self::Write(write) => Self::Write(write.clone()),
            Self::Send(to, message) => Self::Send(*to, message.clone()),
            Self::Answer(to, answer) => Self::Answer(*to, answer.clone()),
        }
    }
}

/// In the order in which the node did them, with the event of each. Not empty means that the disk
/// is busy with the writes at the front.
pub(crate) type Outbox<P> = VecDeque<(u32, Waiting<P>)>;
