//! Who leads: a server that hears nothing wants to, and one that hears of a higher ballot no longer
//! does.
//!
//! Nothing here is needed for safety: any number of servers may believe that they lead. A stable
//! leader is needed so that something is ever chosen (Paxos made simple §2.4), and so that phase 1
//! is not needed for each slot (§3).

use super::disk::{Disk, Write};
use super::node::{Answer, Node, Role, Served, Timer};
use super::{Message, MultiPaxos, learn, lease, prepare, propose, show};
use crate::ballot::Ballot;
use crate::store::Store;
use faultline_kernel::{Cx, NodeId, Note, Span, SpanRange};

/// Starts a server with what its disk has. What was chosen is applied again, in the order of slots.
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<MultiPaxos>) -> Node {
    let forgets = cx.config().sabotage.forget_promise && disk.promised != Ballot::NONE;
    let mut node = Node {
        promised: if forgets { Ballot::NONE } else { disk.promised },
        heard: disk.promised,
        log: disk.log.clone(),
        store: Store::clone(&disk.store),
        role: Role::Follower,
        leader: None,
        told: 0,
        granted: lease::granted_before(disk, cx),
        waiting_since: cx.now(),
        served: Served::default(),
    };
    for vote in &*disk.log.votes(disk.log.collected() + 1, usize::MAX) {
        node.store.apply(vote.command, !cx.config().sabotage.apply_twice);
    }
    if disk.promised != Ballot::NONE {
        let kind = if forgets { show::FORGETS } else { show::HAS_PROMISED };
        cx.note(|| Note::new(kind, &[disk.promised.into(), disk.log.chosen().into()]));
    }
    wait_for_a_leader(&mut node, cx);
    node
}

/// Everybody but the server itself.
pub(super) fn others<C: Cx<MultiPaxos>>(cx: &C) -> impl Iterator<Item = NodeId> + use<C> {
    let me = cx.me();
    (0..cx.config().servers).map(NodeId).filter(move |id| *id != me)
}

/// Sets the time after which it wants to lead, a little different for each: electing one leader
/// "must use either randomness or real time" (Paxos made simple §2.4).
pub(super) fn wait_for_a_leader(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    node.waiting_since = cx.now();
    let patience = cx.span(cx.config().election_timeout);
    cx.set_timer(Timer::Election, patience);
}

/// It has waited long enough: for a leader to speak, for promises, to try again, or, as a leader,
/// to be told what it lacks.
pub(super) fn on_timeout(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    if let Some(left) = lease::left(node, cx) {
        // Its own ballot would break the lease as well.
        cx.note(|| Note::new(show::WAITS_FOR_LEASE, &[left.into()]));
        cx.set_timer(Timer::Election, left);
        return;
    }
    let waited = cx.now().since(node.waiting_since);
    let ballot = node.ballot().unwrap_or_default();
    match &node.role {
        Role::Follower => cx.note(|| Note::new(show::HEARS_NOTHING, &[waited.into()])),
        Role::Outbid { .. } => cx.note(|| Note::new(show::INSISTS, &[])),
        Role::Candidate(_) => {
            cx.note(|| Note::new(show::LACKS_PROMISES, &[waited.into(), ballot.into()]));
        }
        Role::Leader(_) if learn::lacks(node).is_none() => return,
        Role::Leader(_) => {
            cx.note(|| Note::new(show::LACKS_SLOTS, &[waited.into(), ballot.into()]));
        }
    }
    step_down(node, None, cx);
    prepare::begin(node, cx);
}

/// The server leads: it says so, and goes on saying so.
pub(super) fn begin(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    if learn::lacks(node).is_some() {
        wait_for_a_leader(node, cx);
    } else {
        cx.cancel_timer(Timer::Election);
    }
    beat(node, cx);
}

/// It is time to say again what was said.
pub(super) fn on_heartbeat_due(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    match node.role {
        Role::Candidate(_) => prepare::ask_again(node, cx),
        Role::Leader(_) => {
            propose::propose_again(node, cx);
            beat(node, cx);
        }
        Role::Follower | Role::Outbid { .. } => {}
    }
}

fn beat(node: &mut Node, cx: &mut impl Cx<MultiPaxos>) {
    let (chosen, sent) = (node.log.chosen(), cx.now());
    let Some(ballot) = node.leading().map(|leader| leader.ballot) else { return };
    for other in others(cx) {
        cx.send(other, Message::Heartbeat { ballot, chosen, sent });
    }
    lease::grant(node, cx.me(), cx);
    lease::on_granted(node, cx.me(), ballot, sent, cx);
    if let Some(informed) = learn::lacks(node) {
        cx.send(informed, Message::Ask { first: chosen + 1 });
    }
    cx.set_timer(Timer::Heartbeat, cx.config().heartbeat);
}

/// A leader is there. One that has fallen behind says so.
pub(super) fn on_heartbeat(
    node: &mut Node,
    from: NodeId,
    (ballot, chosen, sent): (Ballot, u64, faultline_kernel::Time),
    cx: &mut impl Cx<MultiPaxos>,
) {
    if !follow(node, from, ballot, cx) {
        return;
    }
    if lease::grant(node, from, cx) {
        cx.send(from, Message::Granted { ballot, sent });
    }
    // What the leader knew a heartbeat ago must have arrived by now.
    let told = core::mem::replace(&mut node.told, chosen);
    if node.log.chosen() < told.min(chosen) {
        learn::ask(node, from, cx);
    }
}

/// Something arrives in a leader's ballot: it is refused, or its sender is the leader from now on.
pub(super) fn follow(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    cx: &mut impl Cx<MultiPaxos>,
) -> bool {
    if ballot < node.promised {
        refuse(node, from, ballot, cx);
        return false;
    }
    if ballot > node.promised {
        promise(node, from, ballot, cx);
    }
    if node.leading().is_some() {
        // Only if ballots are shared: another leads with the same one.
        return true;
    }
    if node.leader != Some(from) {
        cx.note(|| Note::new(show::FOLLOWS, &[from.into(), ballot.into()]));
    }
    node.leader = Some(from);
    if node.role != Role::Follower {
        node.role = Role::Follower;
        cx.cancel_timer(Timer::Heartbeat);
    }
    wait_for_a_leader(node, cx);
    true
}

/// It promises a higher ballot; whatever it wanted itself is over.
pub(super) fn promise(node: &mut Node, from: NodeId, ballot: Ballot, cx: &mut impl Cx<MultiPaxos>) {
    if let Some(own) = node.ballot() {
        cx.note(|| Note::new(show::IS_OUTBID, &[own.into(), from.into(), ballot.into()]));
        step_down(node, Some(from), cx);
    } else if node.role == Role::Follower {
        wait_for_a_leader(node, cx);
    }
    node.promised = ballot;
    node.heard = node.heard.max(ballot);
    node.leader = None;
    cx.save(Write::Promise(ballot));
}

/// It has promised a higher ballot, and says which.
pub(super) fn refuse(node: &Node, from: NodeId, ballot: Ballot, cx: &mut impl Cx<MultiPaxos>) {
    let promised = node.promised;
    cx.note(|| Note::new(show::REFUSES, &[from.into(), ballot.into(), promised.into()]));
    cx.send(from, Message::Refused { ballot, promised });
}

/// Somebody has promised a higher ballot.
pub(super) fn on_refused(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    promised: Ballot,
    cx: &mut impl Cx<MultiPaxos>,
) {
    node.heard = node.heard.max(promised);
    if node.ballot() != Some(ballot) {
        return;
    }
    cx.note(|| Note::new(show::IS_OUTBID, &[ballot.into(), from.into(), promised.into()]));
    node.leader = None;
    step_down(node, Some(from), cx);
}

/// It no longer leads, nor wants to. Clients that wait for a slot ask elsewhere; those whose
/// command is proposed already may still see it chosen, and hear nothing.
///
/// In "Paxos made moderately complex" (Figure 7) a leader that was preempted tries again with a
/// higher ballot; two of them may go on so for ever (§3), unless they wait for a time of their own
/// choice.
fn step_down(node: &mut Node, by: Option<NodeId>, cx: &mut impl Cx<MultiPaxos>) {
    let before = core::mem::replace(&mut node.role, Role::Follower);
    if let Role::Leader(leader) = before {
        for (client, _) in leader.queue {
            cx.answer(client, Answer::NotLeader { hint: None });
        }
    }
    cx.cancel_timer(Timer::Heartbeat);
    match by.filter(|_| cx.config().insist) {
        Some(by) => {
            node.role = Role::Outbid { by };
            node.waiting_since = cx.now();
            let wait = cx.span(SpanRange::new(Span::ZERO, cx.config().backoff));
            if wait > Span::ZERO {
                cx.note(|| Note::new(show::BACKS_OFF, &[wait.into()]));
            }
            cx.set_timer(Timer::Election, wait);
        }
        None => wait_for_a_leader(node, cx),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader, put, vote};
    use super::*;
    use faultline_kernel::{RequestId, Time};

    #[test]
    fn a_server_starts_with_its_disk_and_applies_what_is_chosen() {
        let mut disk = Disk { promised: Ballot(4), ..Disk::default() };
        disk.log.choose(1, &[vote(1, 7)]);
        let mut cx = Stub::new(0);
        let node = start(&disk, &mut cx);
        assert_eq!((node.promised, node.store.label().as_str()), (Ballot(4), "x=7"));
        assert_eq!(cx.noted, [show::HAS_PROMISED]);
        cx.config.sabotage.forget_promise = true;
        let node = start(&disk, &mut cx);
        assert_eq!((node.promised, node.heard), (Ballot::NONE, Ballot(4)));
    }

    #[test]
    fn silence_makes_a_server_begin_a_ballot_of_its_own() {
        let mut cx = Stub::new(1);
        let mut node = follower(4, &[]);
        on_timeout(&mut node, &mut cx);
        assert_eq!(node.ballot(), Some(Ballot(5)));
        assert_eq!(cx.saved, [Write::Promise(Ballot(5))]);
        assert_eq!(cx.sent, [0, 2].map(|to| (NodeId(to), Message::Prepare { ballot: Ballot(5) })));
    }

    #[test]
    fn a_heartbeat_of_a_lower_ballot_is_refused_and_one_of_a_higher_is_followed() {
        let mut cx = Stub::new(1);
        let mut node = follower(4, &[]);
        on_heartbeat(&mut node, NodeId(0), (Ballot(1), 0, Time::ZERO), &mut cx);
        let refused = Message::Refused { ballot: Ballot(1), promised: Ballot(4) };
        assert_eq!(cx.sent, [(NodeId(0), refused)]);
        assert_eq!(node.leader, None);
        on_heartbeat(&mut node, NodeId(2), (Ballot(6), 0, Time::ZERO), &mut cx);
        assert_eq!((node.leader, node.promised), (Some(NodeId(2)), Ballot(6)));
        assert_eq!(cx.saved, [Write::Promise(Ballot(6))]);
    }

    #[test]
    fn one_who_lacks_what_the_leader_knew_a_heartbeat_ago_asks_for_it() {
        let mut cx = Stub::new(1);
        let mut node = follower(1, &[]);
        on_heartbeat(&mut node, NodeId(0), (Ballot(1), 2, Time::ZERO), &mut cx);
        assert_eq!(cx.sent, [], "the news may still be on its way");
        on_heartbeat(&mut node, NodeId(0), (Ballot(1), 3, Time::ZERO), &mut cx);
        assert_eq!(cx.sent, [(NodeId(0), Message::Ask { first: 1 })]);
    }

    #[test]
    fn a_leader_that_is_outbid_sends_waiting_clients_away() {
        let mut cx = Stub::new(0);
        let mut node = leader();
        node.leading_mut().expect("it leads").queue.push_back((RequestId(7), put(1)));
        on_refused(&mut node, NodeId(2), Ballot(1), Ballot(9), &mut cx);
        assert!(node.leading().is_some(), "that was about an old ballot");
        on_refused(&mut node, NodeId(2), Ballot(4), Ballot(9), &mut cx);
        assert_eq!((&node.role, node.heard), (&Role::Follower, Ballot(9)));
        assert_eq!(cx.answered, [(RequestId(7), Answer::NotLeader { hint: None })]);
    }

    #[test]
    fn one_that_insists_waits_for_a_time_of_its_own_and_a_leader_quiets_it() {
        let mut cx = Stub::new(0);
        (cx.config.insist, cx.latest) = (true, true);
        let mut node = leader();
        promise(&mut node, NodeId(1), Ballot(5), &mut cx);
        assert_eq!(node.role, Role::Outbid { by: NodeId(1) });
        let wait = Some(cx.config.backoff);
        assert_eq!(cx.timers.last(), Some(&(Timer::Election, wait)));
        promise(&mut node, NodeId(2), Ballot(6), &mut cx);
        assert_eq!(cx.timers.last(), Some(&(Timer::Election, wait)), "the wait goes on");
        assert!(follow(&mut node, NodeId(2), Ballot(6), &mut cx));
        assert_eq!(node.role, Role::Follower);
    }
}
