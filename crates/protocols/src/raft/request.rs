//! What clients ask (§8).

use super::entry::{Command, Serial};
use super::{Answer, Node, Raft, Request, membership, reads, replication, show, transfer};
use faultline_kernel::{Cx, Note, RequestId};

/// How many clients may wait at one leader; whoever comes then is turned away at once, and
/// nothing is written for it.
pub(super) const WAITING_MOST: usize = 1_024;

/// A client asks. Only a leader may do what it wants; it answers once the entry is committed.
///
/// "If the client's first choice is not the leader, that server will reject the client's request
/// and supply information about the most recent leader it has heard from" (§8).
pub(super) fn on_request(
    node: &mut Node,
    id: RequestId,
    request: &Request,
    cx: &mut impl Cx<Raft>,
) {
    if node.leading().is_none() {
        refuse(node, id, cx);
        return;
    }
    let hands_over = node.leading().is_some_and(|leader| leader.transfer.is_some());
    if hands_over {
        refuse_for_now(node, id, cx);
        return;
    }
    match *request {
        Request::Do { command, serial } => write(node, id, command, serial, cx),
        Request::Get { key } => reads::on_get(node, id, key, cx),
        Request::Change(change) => membership::on_change(node, id, change, cx),
        Request::Transfer { to } => transfer::on_request(node, id, to, cx),
    }
}

/// Puts a command into the log and lets the client wait for it.
pub(super) fn write(
    node: &mut Node,
    id: RequestId,
    command: Command,
    serial: Option<Serial>,
    cx: &mut impl Cx<Raft>,
) {
    if let_wait(node, id, cx) {
        replication::write(node, command, serial, cx);
        replication::send_all(node, cx);
    }
}

/// Lets a client wait for the entry that is written next, if there is room for it.
pub(super) fn let_wait(node: &mut Node, id: RequestId, cx: &mut impl Cx<Raft>) -> bool {
    let index = node.log.last_index() + 1;
    let Some(leader) = node.leading_mut() else {
        return false;
    };
    if leader.waiting.len() >= WAITING_MOST {
        turn_away(id, cx);
        return false;
    }
    leader.waiting.push_back((index, id));
    true
}

/// It is about to hand over: "the prior leader stops accepting new client requests" (diss. §3.10).
fn refuse_for_now(node: &Node, id: RequestId, cx: &mut impl Cx<Raft>) {
    let transfer = node.leading().and_then(|leader| leader.transfer);
    let to = transfer.map(|transfer| transfer.to);
    cx.note(|| Note::new(show::IS_HANDING_OVER, &[to.into()]));
    cx.answer(id, Answer::Refused);
}

pub(super) fn turn_away(id: RequestId, cx: &mut impl Cx<Raft>) {
    let most = WAITING_MOST as u64;
    cx.note(|| Note::new(show::TURNS_AWAY, &[most.into()]));
    cx.answer(id, Answer::Busy);
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
    use super::super::Key;
    use super::super::testing::{Stub, follower, leader, put};
    use super::*;
    use alloc::string::ToString;
    use faultline_kernel::NodeId;

    fn request(value: u32) -> Request {
        Request::Do { command: put(1, value).command, serial: None }
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
        assert_eq!(request(9).label().as_str(), "x=9");
        assert_eq!(Key::sample(4).to_string(), "y");
    }

    #[test]
    fn no_more_clients_wait_than_there_is_room_for() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(2, &[2], &[1, 1]);
        for id in 0..=1_024 {
            on_request(&mut node, RequestId(id), &request(9), &mut cx);
        }
        assert_eq!(cx.answered, [(RequestId(1_024), Answer::Busy)]);
        assert_eq!(node.log.last_index(), 1 + 1_024, "nothing is written for the last one");
    }
}
