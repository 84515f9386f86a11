//! Log compaction (§7; diss. §5).
//!
//! Each server takes snapshots on its own: the state machine stands for all entries that made it,
//! and they leave the log. A follower that needs entries which its leader no longer has is sent
//! the snapshot instead.
//! Here a snapshot is small and travels in one message; the paper cuts it into chunks.

use super::log::Place;
use super::stable::save_then_send;
use super::{Configuration, Machine, Message, Node, Raft, Write, append, election, show};
use alloc::rc::Rc;
use faultline_kernel::{Cx, NodeId, Note};
use serde::{Deserialize, Serialize};

/// What stands for the beginning of the log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snapshot {
    /// The index of the last entry that it covers.
    pub index: u64,
    /// The term of that entry.
    pub term: u32,
    /// What the entries made.
    pub machine: Machine,
    /// The configuration in force at that entry; without voters it is the first one.
    pub configuration: Configuration,
}

impl Snapshot {
    /// The last entry that it covers.
    #[must_use]
    pub fn last(&self) -> Place {
        Place { index: self.index, term: self.term }
    }
}

/// Once enough was applied since the last snapshot, takes the next one.
pub(super) fn compact(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let every = u64::from(cx.config().snapshot_every);
    let (before, index) = (node.log.before(), node.last_applied);
    let Some(term) = node.log.term_at(index) else {
        return;
    };
    if every == 0 || index < before.index + every {
        return;
    }
    let machine = Machine::clone(&node.machine);
    let configuration = node.configuration_at(index);
    let snapshot = Rc::new(Snapshot { index, term, machine, configuration });
    cx.note(|| Note::new(show::TAKES_SNAPSHOT, &[index.into(), (index - before.index).into()]));
    node.cover(&snapshot);
    cx.save(Write::Snapshot(snapshot));
}

/// The message that brings a follower what the log no longer has.
pub(super) fn install(node: &Node, to: NodeId, cx: &mut impl Cx<Raft>) {
    let (Some(snapshot), Some(leader)) = (&node.snapshot, node.leading()) else {
        return;
    };
    cx.note(|| Note::new(show::SENDS_SNAPSHOT, &[to.into(), snapshot.index.into()]));
    let message = Message::InstallSnapshot {
        term: node.current_term,
        snapshot: snapshot.clone(),
        round: leader.contact.round,
    };
    cx.send(to, message);
}

/// A leader sends its snapshot (Figure 13, "InstallSnapshot RPC, receiver").
pub(super) fn on_install(
    node: &mut Node,
    leader: NodeId,
    snapshot: Rc<Snapshot>,
    round: u64,
    cx: &mut impl Cx<Raft>,
) {
    if !append::follow(node, leader, cx) {
        return;
    }
    let accepted =
        Message::AppendAccepted { term: node.current_term, match_index: snapshot.index, round };
    // What it covers is committed. A follower that knows that much to be committed has it all.
    if snapshot.index <= node.commit_index {
        cx.send(leader, accepted);
        return;
    }
    cx.note(|| Note::new(show::INSTALLS_SNAPSHOT, &[leader.into(), snapshot.index.into()]));
    let could_stand = election::may_stand(node, cx);
    node.cover(&snapshot);
    election::begin_to_wait(node, could_stand, cx);
    node.machine = Rc::new(snapshot.machine.clone());
    (node.commit_index, node.last_applied) = (snapshot.index, snapshot.index);
    save_then_send(Write::Snapshot(snapshot), leader, accepted, cx);
}
