//! What clients ask.

use super::node::{Answer, Node};
use super::{MultiPaxos, lease, propose, show};
use crate::store::{Command, Operation, Outcome};
use faultline_kernel::{Cx, Note, RequestId};

/// How many clients may wait for a slot at one leader.
pub(super) const CLIENTS_MOST: usize = 64;

/// A client asks. Only a leader may propose; another server names the one that it knows.
pub(super) fn on_request(
    node: &mut Node,
    id: RequestId,
    command: Command,
    cx: &mut impl Cx<MultiPaxos>,
) {
    if node.leading().is_none() {
        refer(node, id, cx);
        return;
    }
    if read_from_memory(node, id, command, cx) {
        return;
    }
    let Some(leader) = node.leading_mut() else { return };
    if leader.queue.len() == CLIENTS_MOST {
        cx.answer(id, Answer::Busy);
        return;
    }
    leader.queue.push_back((id, command));
    propose::fill_window(node, cx);
}

/// A read need not go through the log if the leader is sure that nobody else leads, and if it has
/// applied all that earlier leaders may have had chosen.
fn read_from_memory(
    node: &mut Node,
    id: RequestId,
    command: Command,
    cx: &mut impl Cx<MultiPaxos>,
) -> bool {
    let Operation::Get { key } = command.operation else { return false };
    let caught_up = node.leading().is_some_and(|leader| node.log.chosen() >= leader.recovered);
    let left = lease::until(node, cx).map(|until| until.since(cx.now()));
    let leased = left.is_some_and(|left| left.0 > 0) && caught_up;
    if !leased && !cx.config().sabotage.stale_reads {
        return false;
    }
    let value = node.store.get(key);
    node.served.reads += 1;
    node.served.last = Some((key, value));
    let kind = if leased { show::READS_BY_LEASE } else { show::READS_WITHOUT_LEASE };
    cx.note(|| Note::new(kind, &[command.label().into(), value.into(), left.into()]));
    cx.answer(id, Answer::Applied(Outcome::Read(value)));
    true
}

fn refer(node: &Node, id: RequestId, cx: &mut impl Cx<MultiPaxos>) {
    let hint = node.leader;
    cx.note(|| match hint {
        Some(leader) => Note::new(show::REFERS, &[leader.into()]),
        None => Note::new(show::KNOWS_NO_LEADER, &[]),
    });
    cx.answer(id, Answer::NotLeader { hint });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, get, leader, put};
    use super::*;
    use faultline_kernel::{NodeId, Span, Time};

    #[test]
    fn a_follower_names_the_leader_it_knows() {
        let mut cx = Stub::new(1);
        let mut node = follower(4, &[]);
        on_request(&mut node, RequestId(0), put(9), &mut cx);
        node.leader = Some(NodeId(2));
        on_request(&mut node, RequestId(1), put(9), &mut cx);
        let hints = cx.answered.iter().map(|(_, answer)| match answer {
            Answer::NotLeader { hint } => *hint,
            Answer::Applied(_) | Answer::Busy => panic!("it does not lead"),
        });
        assert!(hints.eq([None, Some(NodeId(2))]));
    }

    #[test]
    fn no_more_clients_wait_than_there_is_room_for() {
        let mut cx = Stub::new(0);
        let mut node = leader();
        for id in 0..73 {
            on_request(&mut node, RequestId(id), put(id), &mut cx);
        }
        assert_eq!(cx.answered, [(RequestId(72), Answer::Busy)]);
    }

    #[test]
    fn a_read_takes_a_slot_unless_a_lease_is_held_and_all_of_before_is_applied() {
        let mut cx = Stub::new(0);
        cx.config.lease = Some(Span::millis(400));
        let mut node = leader();
        let in_log = |node: &Node| node.log.last();
        on_request(&mut node, RequestId(0), get(), &mut cx);
        assert_eq!((in_log(&node), cx.answered.len()), (1, 0), "no lease");
        let granted = |node: &mut Node, cx: &Stub| {
            let ballot = node.ballot().unwrap_or_default();
            for server in [0, 1] {
                lease::on_granted(node, NodeId(server), ballot, Time(5_000), cx);
            }
        };
        granted(&mut node, &cx);
        cx.now = Time(104_999);
        on_request(&mut node, RequestId(1), get(), &mut cx);
        let read = Answer::Applied(Outcome::Read(None));
        assert_eq!(cx.answered, [(RequestId(1), read.clone())]);
        cx.now = Time(105_000);
        on_request(&mut node, RequestId(2), get(), &mut cx);
        assert_eq!((in_log(&node), cx.answered.len()), (2, 1), "a quarter of it is over");
        cx.config.sabotage.stale_reads = true;
        on_request(&mut node, RequestId(3), get(), &mut cx);
        assert_eq!(cx.answered.last(), Some(&(RequestId(3), read)));
        (cx.now, cx.config.sabotage.stale_reads) = (Time(6_000), false);
        node.leading_mut().expect("it leads").recovered = 1;
        on_request(&mut node, RequestId(4), get(), &mut cx);
        assert_eq!((in_log(&node), cx.answered.len()), (3, 2), "slot 1 is still open");
    }
}
