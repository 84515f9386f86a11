//! Leases: how a leader may answer a read from memory.
//!
//! Another leader may have been elected meanwhile, and may have had something chosen; so without
//! more a leader's memory is out of date at any time. A lease is the word of an acceptor that for
//! some time it promises no other ballot. If a quorum gave its word, no other leader begins before
//! the time is over: phase 1 needs one of them.
//!
//! The acceptor counts the time from when the heartbeat arrived, the leader from when it sent it,
//! and each by its own clock. So the leader counts on a part of it only, as little as the fastest
//! clock beside the slowest leaves: that clocks keep within that ratio is assumed, not checked.
//!
//! Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file cache
//! consistency", 1989; Chandra, Griesemer, Redstone, "Paxos made live", 2007, §5.2; van Renesse and
//! Altinbuken, "Paxos made moderately complex", 2015, §4.5.

use super::disk::Disk;
use super::node::Node;
use super::{MultiPaxos, show};
use crate::ballot::Ballot;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span, Time};

/// An acceptor gives its word to the leader whose heartbeat arrived. `false` without leases.
pub(super) fn grant(node: &mut Node, leader: NodeId, cx: &impl Cx<MultiPaxos>) -> bool {
    if let Some(lease) = cx.config().lease {
        node.granted = Some((Some(leader), cx.now() + lease));
    }
    node.granted.is_some()
}

/// After a crash nobody knows what the server granted before it, so it holds back for as long.
pub(super) fn granted_before(
    disk: &Disk,
    cx: &impl Cx<MultiPaxos>,
) -> Option<(Option<NodeId>, Time)> {
    let lease = cx.config().lease.filter(|_| disk.promised != Ballot::NONE)?;
    Some((None, cx.now() + lease))
}

/// How long the lease still runs that the server granted to another than `who`.
fn runs_on(node: &Node, who: NodeId, cx: &impl Cx<MultiPaxos>) -> Option<Span> {
    let (_, until) = node.granted.filter(|(leader, _)| *leader != Some(who))?;
    Some(until.since(cx.now())).filter(|left| *left > Span::ZERO)
}

/// How long the server has to wait itself before it may begin a ballot.
pub(super) fn left(node: &Node, cx: &impl Cx<MultiPaxos>) -> Option<Span> {
    runs_on(node, cx.me(), cx).filter(|_| !cx.config().sabotage.break_lease)
}

/// Whether the acceptor keeps its word and says nothing to a candidate, who asks again.
pub(super) fn holds_back(node: &Node, from: NodeId, cx: &mut impl Cx<MultiPaxos>) -> bool {
    let Some(left) = runs_on(node, from, cx) else { return false };
    let breaks = cx.config().sabotage.break_lease;
    let kind = if breaks { show::BREAKS_LEASE } else { show::KEEPS_LEASE };
    cx.note(|| Note::new(kind, &[from.into(), left.into()]));
    !breaks
}

/// The leader hears that its heartbeat of then was answered with a lease.
pub(super) fn on_granted(
    node: &mut Node,
    from: NodeId,
    ballot: Ballot,
    sent: Time,
    cx: &impl Cx<MultiPaxos>,
) {
    if cx.config().lease.is_none() {
        return;
    }
    let Some(leader) = node.leading_mut().filter(|leader| leader.ballot == ballot) else { return };
    let granted = &mut leader.granted[from.index()];
    *granted = (*granted).max(Some(sent));
}

/// Until when the leader may count on its lease, by its own clock: the time at which the last of a
/// quorum was asked, and as much of the lease as the fastest clock may leave.
///
/// A quorum of phase 2 is enough, since each meets every quorum of phase 1.
pub(super) fn until(node: &Node, cx: &impl Cx<MultiPaxos>) -> Option<Time> {
    let lease = cx.config().lease?;
    let mut asked: Vec<Time> = node.leading()?.granted.iter().copied().flatten().collect();
    asked.sort_unstable();
    let enough = cx.config().phase2.enough as usize;
    let last = *asked.get(asked.len().checked_sub(enough)?)?;
    Some(last + Span(lease.0 / cx.config().clock_ratio))
}

#[cfg(test)]
mod tests {
    use super::super::prepare::on_prepare;
    use super::super::testing::{Stub, follower, leader};
    use super::*;

    fn leased() -> Stub {
        let mut cx = Stub::new(1);
        cx.config.lease = Some(Span::millis(400));
        cx
    }

    #[test]
    fn while_a_lease_runs_only_its_leader_is_listened_to() {
        let mut cx = leased();
        let mut node = follower(4, &[]);
        assert!(grant(&mut node, NodeId(0), &cx));
        on_prepare(&mut node, NodeId(2), Ballot(6), &mut cx);
        assert_eq!((cx.sent.len(), node.promised), (0, Ballot(4)));
        on_prepare(&mut node, NodeId(0), Ballot(7), &mut cx);
        assert_eq!((cx.sent.len(), node.promised), (1, Ballot(7)));
        cx.now = Time(400_000);
        on_prepare(&mut node, NodeId(2), Ballot(9), &mut cx);
        assert_eq!((cx.sent.len(), node.promised), (2, Ballot(9)));
    }

    #[test]
    fn an_acceptor_that_breaks_its_word_listens_at_once() {
        let mut cx = leased();
        cx.config.sabotage.break_lease = true;
        let mut node = follower(4, &[]);
        grant(&mut node, NodeId(0), &cx);
        on_prepare(&mut node, NodeId(2), Ballot(6), &mut cx);
        assert_eq!((cx.noted[0], node.promised), (show::BREAKS_LEASE, Ballot(6)));
    }

    #[test]
    fn after_a_crash_a_server_holds_back_and_wants_nothing_itself() {
        let mut cx = leased();
        let disk = Disk { promised: Ballot(4), ..Disk::default() };
        let mut node = super::super::lead::start(&disk, &mut cx);
        assert_eq!(left(&node, &cx), Some(Span::millis(400)));
        super::super::lead::on_timeout(&mut node, &mut cx);
        assert_eq!((cx.sent.len(), node.ballot()), (0, None));
        assert_eq!(granted_before(&Disk::default(), &cx), None, "a new server granted nothing");
    }

    #[test]
    fn a_leader_counts_from_when_it_asked_the_last_of_a_quorum_and_on_a_part_only() {
        let mut cx = leased();
        let mut node = leader();
        on_granted(&mut node, NodeId(0), Ballot(4), Time(9_000), &cx);
        assert_eq!(until(&node, &cx), None);
        on_granted(&mut node, NodeId(2), Ballot(4), Time(3_000), &cx);
        on_granted(&mut node, NodeId(2), Ballot(4), Time(2_000), &cx);
        on_granted(&mut node, NodeId(1), Ballot(1), Time(8_000), &cx);
        assert_eq!(until(&node, &cx), Some(Time(103_000)));
        cx.config.clock_ratio = 1;
        assert_eq!(until(&node, &cx), Some(Time(403_000)));
    }
}
