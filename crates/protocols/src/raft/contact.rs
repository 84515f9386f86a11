//! What replies prove to a leader: that a majority followed it when it sent what they answer.
//!
//! A leader counts its rounds of appends. Every append carries the number of the latest round, and
//! every reply returns it. Once a majority has returned a round, no other server can have been
//! elected before that round began. Reads rest on this (§8; diss. §6.4).

use super::node::Leader;
use super::quorum::Voters;
use super::{Configuration, Node, Raft, ReadMode};
use alloc::collections::VecDeque;
use faultline_kernel::{Cx, NodeId, Span, Time};

/// How many rounds a leader remembers that are still out; of more, it forgets the oldest.
const ROUNDS_MOST: usize = 16;

/// What a leader knows of its contact with the others.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Contact {
    /// The number of the latest round.
    pub round: u64,
    /// Rounds that no majority has returned yet, and when each began, by its own clock.
    pub began: VecDeque<(u64, Time)>,
    /// Until when, by its own clock, nobody else can have been elected: the lease (diss. §6.4.1).
    pub lease_until: Time,
    /// Whether somebody was told to stand in this term: then a lease vouches for nothing.
    pub void: bool,
}

/// A new round begins: whatever is sent from now on carries its number.
pub(super) fn begin_round<C: Cx<Raft>>(leader: &mut Leader, cx: &C) -> u64 {
    let contact = &mut leader.contact;
    contact.round += 1;
    if cx.config().read_mode == ReadMode::Lease {
        if contact.began.len() >= ROUNDS_MOST {
            contact.began.pop_front();
        }
        contact.began.push_back((contact.round, cx.now()));
    }
    contact.round
}

/// A server has returned a round: it followed this leader then.
pub(super) fn heard<C: Cx<Raft>>(node: &mut Node, from: NodeId, round: u64, cx: &C) {
    let (group, me) = (node.configuration(), cx.me());
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let peer = &mut leader.peers[from.index()];
    peer.heard = cx.now();
    if round <= peer.round {
        return;
    }
    peer.round = round;
    if cx.config().read_mode == ReadMode::Lease {
        extend_lease(leader, group, me, lease(cx));
    }
}

/// "Once the leader's heartbeats were acknowledged by a majority of the cluster, the leader would
/// extend its lease to start + election timeout / clock drift bound" (diss. §6.4.1), where start is
/// the time at which it sent them.
fn extend_lease(leader: &mut Leader, group: Configuration, me: NodeId, lease: Span) {
    let returned = |(round, _): &&(u64, Time)| is_confirmed(leader, group, me, *round);
    let Some(&(round, began)) = leader.contact.began.iter().rev().find(returned) else {
        return;
    };
    leader.contact.began.retain(|(other, _)| *other > round);
    leader.contact.lease_until = began + lease;
}

/// How long a lease lasts: no server stands or votes sooner than the shortest election timeout
/// after it heard from its leader, by a clock that may be faster by the bound.
fn lease<C: Cx<Raft>>(cx: &C) -> Span {
    let config = cx.config();
    Span(config.election_timeout.min.0 * 100 / (100 + u64::from(config.clock_bound_percent)))
}

/// Whether a leader has not heard from a majority for as long as an election may take: "a leader
/// steps down if an election timeout elapses without a successful round of heartbeats to a majority
/// of its cluster" (diss. §6.2).
pub(super) fn is_lost<C: Cx<Raft>>(node: &Node, cx: &C) -> bool {
    let (me, now) = (cx.me(), cx.now());
    let longest = cx.config().election_timeout.max;
    let Some(leader) = node.leading().filter(|_| cx.config().check_quorum) else {
        return false;
    };
    let heard =
        |server: &NodeId| *server == me || now.since(leader.peers[server.index()].heard) < longest;
    let group = node.configuration();
    !group.is_quorum(group.voting().iter().filter(heard).collect::<Voters>())
}

/// Whether a majority has returned this round or a later one.
pub(super) fn is_confirmed(leader: &Leader, group: Configuration, me: NodeId, round: u64) -> bool {
    let followed = |server: &NodeId| *server == me || leader.peers[server.index()].round >= round;
    group.is_quorum(group.voting().iter().filter(followed).collect::<Voters>())
}
