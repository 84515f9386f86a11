//! What clients ask (§8).

use super::{Answer, Node, Raft, Request, replication, show};
use faultline_kernel::{Cx, Note, RequestId};

/// A client wants a variable set. Only a leader may; it answers once the entry is committed.
///
/// "If the client's first choice is not the leader, that server will reject the client's request
/// and supply information about the most recent leader it has heard from" (§8).
pub(super) fn on_request(
    node: &mut Node,
    id: RequestId,
    request: &Request,
    cx: &mut impl Cx<Raft>,
) {
    let index = node.log.last_index() + 1;
    let Some(leader) = node.leading_mut() else {
        refuse(node, id, cx);
        return;
    };
    leader.waiting.push_back((index, id));
    replication::write(node, request.command(), cx);
    replication::send_all(node, cx);
}

fn refuse(node: &Node, id: RequestId, cx: &mut impl Cx<Raft>) {
    let hint = node.leader;
    cx.note(|| match hint {
        Some(leader) => Note::new(show::REFERS, &[leader.into()]),
        None => Note::new(show::KNOWS_NO_LEADER, &[]),
    });
    cx.answer(id, Answer::NotLeader { hint });
}
