//! The rules: begin, reply, accept, ask again.

use super::{Answer, Disk, Echo, Message, Node, Timer, Write, about};
use faultline_kernel::{Cx, NodeId, Note, RequestId};

/// After a crash: a word on disk was promised, so ask on.
pub(super) fn resume(disk: &Disk, cx: &mut impl Cx<Echo>) -> Node {
    let node = Node { asking: disk.asking, client: None, echoes: 0 };
    ask(&node, cx);
    node
}

/// A client brings a word. One at a time.
pub(super) fn begin(node: &mut Node, id: RequestId, word: u32, cx: &mut impl Cx<Echo>) {
    if node.asking.is_some() {
        cx.answer(id, Answer::Busy);
        return;
    }
    node.asking = Some(word);
    node.client = Some(id);
    // On disk before it is sent: what was asked once is asked until it is answered.
    cx.save(Write { asking: Some(word) });
    let next = neighbour(cx);
    cx.note(|| Note::new(about::ASKS, &[word.into(), next.into()]));
    ask(node, cx);
}

/// A neighbour asks: send the word back.
pub(super) fn reply(from: NodeId, word: u32, cx: &mut impl Cx<Echo>) {
    cx.send(from, Message::Reply { word });
}

/// The word came back. A second reply to the same word is ignored.
pub(super) fn accept(node: &mut Node, word: u32, cx: &mut impl Cx<Echo>) {
    if node.asking != Some(word) {
        return;
    }
    node.asking = None;
    node.echoes += 1;
    cx.cancel_timer(Timer::Patience);
    cx.save(Write { asking: None });
    cx.note(|| Note::new(about::ECHOED, &[word.into()]));
    if let Some(client) = node.client.take() {
        cx.answer(client, Answer::Echoed);
    }
}

/// The patience ended.
pub(super) fn again(node: &Node, cx: &mut impl Cx<Echo>) {
    let Some(word) = node.asking else { return };
    let patience = cx.config().patience;
    cx.note(|| Note::new(about::ASKS_AGAIN, &[word.into(), patience.into()]));
    ask(node, cx);
}

fn ask(node: &Node, cx: &mut impl Cx<Echo>) {
    let Some(word) = node.asking else { return };
    cx.send(neighbour(cx), Message::Ask { word });
    cx.set_timer(Timer::Patience, cx.config().patience);
}

/// The next node round the ring.
fn neighbour(cx: &impl Cx<Echo>) -> NodeId {
    NodeId((cx.me().0 + 1) % cx.config().nodes)
}
