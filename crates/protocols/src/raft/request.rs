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

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader, put};
    use super::super::{Command, Key};
    use super::*;
    use alloc::string::ToString;
    use faultline_kernel::NodeId;

    fn request(value: u32) -> Request {
        let Command::Put { key, value } = put(1, value).command else {
            unreachable!("a put puts");
        };
        Request { put: key, value }
    }

    #[test]
    fn a_follower_names_the_leader() {
        let mut cx = Stub::new(1, 3);
        let mut node = follower(1, &[1]);
        on_request(&mut node, RequestId(0), &request(9), &mut cx);
        node.leader = Some(NodeId(2));
        on_request(&mut node, RequestId(1), &request(9), &mut cx);
        let hints = [None, Some(NodeId(2))];
        let answers = [0, 1].map(|id| {
            let hint = hints[id as usize];
            (RequestId(id), Answer::NotLeader { hint })
        });
        assert_eq!(cx.answered, answers);
        assert_eq!(node.log.last_index(), 1);
    }

    #[test]
    fn a_leader_writes_sends_and_lets_the_client_wait() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(2, &[2], &[1, 1]);
        on_request(&mut node, RequestId(5), &request(9), &mut cx);
        assert_eq!(node.log.entry(2), Some(put(2, 9)));
        assert_eq!((cx.saved.len(), cx.sent.len(), cx.answered.len()), (1, 2, 0));
        let waiting = &node.leading().expect("it leads").waiting;
        assert!(waiting.iter().eq(&[(2, RequestId(5))]));
        assert_eq!(request(9).command().label().as_str(), "x=9");
        assert_eq!(Key::sample(4).to_string(), "y");
    }
}
