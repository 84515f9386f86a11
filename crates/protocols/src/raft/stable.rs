//! Stable storage: what a server must have on disk before it speaks (Figure 2, "updated on stable
//! storage before responding to RPCs").
//!
//! Whatever a server sends after a save waits until the write is durable, while its memory changes
//! at once. So a server may decide ahead of its disk, but nobody hears of it before the disk does:
//!
//! - A candidate counts its own vote at once: whoever answers has seen its request, and the request
//!   left after the vote was saved.
//! - A leader counts its own copy of an entry at once: whoever acknowledges the entry got it in an
//!   append, and the append left after the entry was saved.
//! - A server that is alone hears no other. It tells itself, and that message waits as well.

use super::{Message, Raft, Write};
use faultline_kernel::{Cx, NodeId};

/// Saves a change, then gives the answer that rests on it.
pub(super) fn save_then_send(write: Write, to: NodeId, message: Message, cx: &mut impl Cx<Raft>) {
    if cx.config().sabotage.answer_before_saving {
        cx.send(to, message);
        cx.save(write);
        return;
    }
    cx.save(write);
    cx.send(to, message);
}
