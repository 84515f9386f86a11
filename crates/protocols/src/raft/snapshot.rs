//! Log compaction (§7; diss. §5).
//!
//! Each server takes snapshots on its own: the state machine stands for all entries that made it,
//! and they leave the log. A follower that needs entries which its leader no longer has is sent
//! the snapshot instead: whole, or in chunks, the next one when it has answered for the last
//! (`chunk.rs`).
//!
//! The leader knows how far the follower is by its answers alone. A chunk that is not answered
//! comes again, as entries do. An answer says how much of the snapshot is there, and the leader
//! goes on from that place, be it the one that it expected or another: a follower that crashed has
//! nothing any more. When the leader takes a newer snapshot meanwhile, the old one is gone and the
//! new one is sent from its beginning.

use super::log::Place;
use super::stable::save_then_send;
use super::{Chunk, Configuration, Machine, Message, Node, Partial, Raft, Write};
use super::{append, election, replication, show};
use alloc::rc::Rc;
use faultline_kernel::{Cx, NodeId, Note, SharedLog};
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

/// The message that brings a follower what the log no longer has, or the next piece of it.
pub(super) fn install(node: &Node, to: NodeId, cx: &mut impl Cx<Raft>) {
    let (Some(snapshot), Some(leader)) = (&node.snapshot, node.leading()) else {
        return;
    };
    let chunk = snapshot.chunk(leader.peers[to.index()].stored, cx.config().chunk);
    let (index, end, size) = (snapshot.index, chunk.end(), snapshot.machine.size());
    cx.note(|| match chunk.is_whole() {
        true => Note::new(show::SENDS_SNAPSHOT, &[to.into(), index.into()]),
        false => Note::new(show::SENDS_CHUNK, &[to.into(), index.into(), end.into(), size.into()]),
    });
    let (term, round) = (node.current_term, leader.contact.round);
    cx.send(to, Message::InstallSnapshot { term, chunk: Rc::new(chunk), round });
}

/// A follower says how much of a snapshot it has, in answer to the chunk after `offset` records.
pub(super) fn on_answer(
    node: &mut Node,
    from: NodeId,
    (index, offset, stored): (u64, u32, u32),
    cx: &mut impl Cx<Raft>,
) {
    let Some(leader) = node.leading_mut() else {
        return;
    };
    if !leader.peers[from.index()].has_stored(index, offset, stored) {
        return;
    }
    if stored <= offset {
        cx.note(|| Note::new(show::GOES_BACK, &[from.into(), stored.into(), index.into()]));
    }
    replication::send_next(node, from, cx);
}

/// A leader sends its snapshot, or a piece of it (Figure 13, "InstallSnapshot RPC, receiver").
pub(super) fn on_install(
    node: &mut Node,
    leader: NodeId,
    chunk: &Chunk,
    round: u64,
    cx: &mut impl Cx<Raft>,
) {
    if !append::follow(node, leader, cx) {
        return;
    }
    let (term, match_index) = (node.current_term, chunk.last.index);
    let accepted = Message::AppendAccepted { term, match_index, round };
    // What it covers is committed. A follower that knows that much to be committed has it all.
    if match_index <= node.commit_index {
        cx.send(leader, accepted);
        return;
    }
    let Some(snapshot) = assemble(node, leader, chunk, round, cx).map(Rc::new) else {
        return;
    };
    cx.note(|| Note::new(show::INSTALLS_SNAPSHOT, &[leader.into(), snapshot.index.into()]));
    let could_stand = election::may_stand(node, cx);
    node.cover(&snapshot);
    election::begin_to_wait(node, could_stand, cx);
    node.machine = Rc::new(snapshot.machine.clone());
    (node.commit_index, node.last_applied) = (snapshot.index, snapshot.index);
    save_then_send(Write::Snapshot(snapshot), leader, accepted, cx);
}

/// Puts a chunk where it belongs. Returns the snapshot once it is whole (Figure 13, steps 2 to 5).
fn assemble(
    node: &mut Node,
    leader: NodeId,
    chunk: &Chunk,
    round: u64,
    cx: &mut impl Cx<Raft>,
) -> Option<Snapshot> {
    let (term, last, offset) = (node.current_term, chunk.last, chunk.offset);
    let of_this_leader = node.partial.as_ref().filter(|partial| partial.term == term);
    if of_this_leader.is_some_and(|partial| partial.last.index > last.index) {
        // It was overtaken: its leader sends a newer snapshot already.
        return None;
    }
    let known = of_this_leader.filter(|partial| partial.last == last);
    let stored = known.map_or(0, |partial| partial.stored());
    let index = last.index;
    if offset > stored {
        let args = [leader.into(), stored.into(), index.into(), offset.into()];
        cx.note(|| Note::new(show::REFUSES_CHUNK, &args));
        cx.send(leader, Message::SnapshotStored { term, index, offset, stored, round });
        return None;
    }
    if known.is_none() {
        begin(node, last, cx);
    }
    let partial = Rc::make_mut(node.partial.as_mut()?);
    partial.add(chunk);
    let stored = partial.stored();
    if chunk.done {
        return node.partial.take().map(|partial| partial.whole(chunk.configuration));
    }
    cx.note(|| Note::new(show::KEEPS_CHUNK, &[leader.into(), stored.into(), index.into()]));
    cx.send(leader, Message::SnapshotStored { term, index, offset, stored, round });
    None
}

/// "Create new snapshot file if first chunk (offset is 0)" (Figure 13). Another one that is not
/// whole is of no use any more: its leader leads no more, or sends this one in its place.
fn begin(node: &mut Node, last: Place, cx: &mut impl Cx<Raft>) {
    let term = node.current_term;
    let begun = Rc::new(Partial { term, last, records: SharedLog::default() });
    if let Some(other) = node.partial.replace(begun) {
        let args = [other.stored().into(), other.last.index.into()];
        cx.note(|| Note::new(show::DISCARDS_CHUNKS, &args));
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::Log;
    use super::super::quorum::Voters;
    use super::super::testing::{Stub, follower, leader, put};
    use super::super::{Command, Disk, Key};
    use super::*;
    use faultline_kernel::Protocol;

    /// Up to this index: the totals and three variables.
    fn snapshot(index: u64) -> Snapshot {
        let mut machine = Machine::default();
        for number in 0..3 {
            let command = Command::Put { key: Key::sample(number), value: 5 };
            machine.apply(1, &super::super::Entry { command, ..put(1, 5) }, false);
        }
        let configuration = Configuration::of_first(3);
        Snapshot { index, term: 1, machine, configuration }
    }

    /// A leader in term 2 whose log begins after a snapshot, and which sends a record at a time.
    fn leading(index: u64) -> (Node, Stub) {
        let mut cx = Stub::new(0, 3);
        cx.config.chunk = 1;
        let mut node = leader(2, &[1, 1, 1, 1, 1, 1, 1, 2], &[8, 8]);
        take(&mut node, index);
        let peer = &mut node.leading_mut().expect("it leads").peers[1];
        (peer.next_index, peer.match_index) = (1, 0);
        (node, cx)
    }

    fn take(node: &mut Node, index: u64) {
        node.cover(&Rc::new(snapshot(index)));
        (node.commit_index, node.last_applied) = (index, index);
    }

    /// The chunks that were sent: of which snapshot, after how many records.
    fn chunks(cx: &mut Stub) -> alloc::vec::Vec<(u64, u32)> {
        let look = |(_, message)| {
            let Message::InstallSnapshot { chunk, .. } = message else { return None };
            Some((chunk.last.index, chunk.offset))
        };
        core::mem::take(&mut cx.sent).into_iter().filter_map(look).collect()
    }

    /// A follower in term 2 hears a chunk of one record of a snapshot up to `index`.
    fn hears(node: &mut Node, term: u32, index: u64, offset: u32, cx: &mut Stub) -> Message {
        let chunk = Rc::new(snapshot(index).chunk(offset, 1));
        let message = Message::InstallSnapshot { term, chunk, round: 3 };
        Raft::on_message(node, NodeId(0), message, cx);
        cx.sent.pop().expect("it is answered").1
    }

    #[test]
    fn a_written_snapshot_is_sent_on_with_those_who_take_part_or_with_the_first_group() {
        let one = |server| Voters::only(NodeId(server));
        let nobody = Configuration { voters: one(7), ..Default::default() };
        let stranger = Configuration { learners: one(76), ..Configuration::of_first(3) };
        for configuration in [Configuration::default(), nobody, stranger] {
            let written = Snapshot { configuration, ..snapshot(6) };
            let log = Log::after(written.last(), Log::default());
            let disk =
                Disk { current_term: 1, voted_for: None, log, snapshot: Some(Rc::new(written)) };
            let mut cx = Stub::new(0, 3);
            cx.config.group = 3;
            let node = election::start(&disk, &mut cx);
            assert_eq!(node.snapshot.as_deref(), Some(&snapshot(6)));
            assert_eq!(node.configuration(), Configuration::of_first(3));
        }
    }

    fn stored(term: u32, index: u64, offset: u32, stored: u32) -> Message {
        Message::SnapshotStored { term, index, offset, stored, round: 3 }
    }

    fn receiving() -> (Node, Stub) {
        (follower(2, &[1]), Stub::new(1, 3))
    }

    #[test]
    fn the_next_chunk_follows_when_the_last_is_answered_and_a_lost_one_comes_again() {
        let (mut node, mut cx) = leading(6);
        replication::send_next(&mut node, NodeId(1), &mut cx);
        replication::send_next(&mut node, NodeId(1), &mut cx);
        assert_eq!(chunks(&mut cx), [(6, 0)], "one at a time");
        on_answer(&mut node, NodeId(1), (6, 0, 1), &mut cx);
        on_answer(&mut node, NodeId(1), (6, 0, 1), &mut cx);
        assert_eq!(chunks(&mut cx), [(6, 1)], "an answer that comes twice counts once");
        for _ in 0..2 {
            replication::on_heartbeat(&mut node, &mut cx);
        }
        assert_eq!(chunks(&mut cx), [(6, 1)], "nothing was heard for a whole heartbeat");
    }

    #[test]
    fn a_leader_that_has_a_newer_snapshot_sends_that_from_its_beginning() {
        let (mut node, mut cx) = leading(5);
        replication::send_next(&mut node, NodeId(1), &mut cx);
        on_answer(&mut node, NodeId(1), (5, 0, 1), &mut cx);
        take(&mut node, 7);
        on_answer(&mut node, NodeId(1), (5, 1, 2), &mut cx);
        assert_eq!(chunks(&mut cx), [(5, 0), (5, 1), (7, 0)]);
        on_answer(&mut node, NodeId(1), (5, 1, 2), &mut cx);
        assert_eq!(chunks(&mut cx), [], "of the old one nothing counts any more");
    }

    #[test]
    fn a_leader_goes_on_from_where_the_follower_is() {
        let (mut node, mut cx) = leading(6);
        replication::send_next(&mut node, NodeId(1), &mut cx);
        on_answer(&mut node, NodeId(1), (6, 0, 1), &mut cx);
        on_answer(&mut node, NodeId(1), (6, 1, 2), &mut cx);
        on_answer(&mut node, NodeId(1), (6, 2, 0), &mut cx);
        assert_eq!(chunks(&mut cx), [(6, 0), (6, 1), (6, 2), (6, 0)], "it has lost what it had");
        assert_eq!(cx.noted.iter().filter(|note| **note == show::GOES_BACK).count(), 1);
    }

    #[test]
    fn a_follower_keeps_chunks_and_installs_the_snapshot_when_it_is_whole() {
        let (mut node, mut cx) = receiving();
        for offset in 0..3 {
            let said = hears(&mut node, 2, 6, offset, &mut cx);
            assert_eq!(said, stored(2, 6, offset, offset + 1));
            assert_eq!((node.last_applied, cx.saved.len()), (0, 0), "nothing is installed");
        }
        let accepted = Message::AppendAccepted { term: 2, match_index: 6, round: 3 };
        assert_eq!(hears(&mut node, 2, 6, 3, &mut cx), accepted);
        assert_eq!(cx.saved, [Write::Snapshot(Rc::new(snapshot(6)))]);
        assert_eq!((node.last_applied, node.partial), (6, None));
        assert_eq!(*node.machine, snapshot(6).machine);
    }

    #[test]
    fn a_chunk_that_comes_twice_is_answered_twice_and_kept_once() {
        let (mut node, mut cx) = receiving();
        hears(&mut node, 2, 6, 0, &mut cx);
        hears(&mut node, 2, 6, 1, &mut cx);
        assert_eq!(hears(&mut node, 2, 6, 0, &mut cx), stored(2, 6, 0, 2));
        assert_eq!(node.partial.as_ref().map(|partial| partial.stored()), Some(2));
    }

    #[test]
    fn a_follower_without_what_comes_before_a_chunk_says_what_it_has() {
        let (mut node, mut cx) = receiving();
        assert_eq!(hears(&mut node, 2, 6, 2, &mut cx), stored(2, 6, 2, 0), "it has crashed");
        hears(&mut node, 2, 6, 0, &mut cx);
        assert_eq!(hears(&mut node, 2, 6, 2, &mut cx), stored(2, 6, 2, 1));
        assert_eq!(cx.noted[..], [show::REFUSES_CHUNK, show::KEEPS_CHUNK, show::REFUSES_CHUNK]);
    }

    #[test]
    fn a_newer_snapshot_takes_the_place_of_an_older_one_and_not_the_other_way_round() {
        let (mut node, mut cx) = receiving();
        hears(&mut node, 2, 6, 0, &mut cx);
        hears(&mut node, 2, 6, 1, &mut cx);
        assert_eq!(hears(&mut node, 2, 8, 1, &mut cx), stored(2, 8, 1, 0), "not its beginning");
        assert_eq!(hears(&mut node, 2, 8, 0, &mut cx), stored(2, 8, 0, 1));
        assert_eq!(cx.noted.iter().filter(|note| **note == show::DISCARDS_CHUNKS).count(), 1);
        let overtaken = Rc::new(snapshot(6).chunk(2, 1));
        on_install(&mut node, NodeId(0), &overtaken, 3, &mut cx);
        assert_eq!((cx.sent.len(), node.partial.map(|partial| partial.last.index)), (0, Some(8)));
    }

    /// What another leader had begun to send may be cut differently, and may be the older one.
    #[test]
    fn a_stale_leader_is_refused_and_a_new_one_begins_from_the_beginning() {
        let (mut node, mut cx) = receiving();
        hears(&mut node, 2, 8, 0, &mut cx);
        hears(&mut node, 2, 8, 1, &mut cx);
        assert_eq!(hears(&mut node, 3, 6, 1, &mut cx), stored(3, 6, 1, 0));
        assert_eq!(hears(&mut node, 3, 6, 0, &mut cx), stored(3, 6, 0, 1));
        let refusal = hears(&mut node, 2, 8, 2, &mut cx);
        assert!(matches!(refusal, Message::AppendRefused { term: 3, .. }), "{refusal:?}");
        let partial = node.partial.expect("it is being sent one");
        assert_eq!((partial.term, partial.last.index, partial.stored()), (3, 6, 1));
    }

    #[test]
    fn a_follower_that_has_the_entries_meanwhile_needs_no_snapshot() {
        let (mut node, mut cx) = receiving();
        hears(&mut node, 2, 6, 0, &mut cx);
        node.log = super::super::testing::log_of(&[1; 7]);
        super::super::commit::learn(&mut node, 7, &mut cx);
        assert_eq!(node.partial, None);
        let accepted = Message::AppendAccepted { term: 2, match_index: 6, round: 3 };
        assert_eq!(hears(&mut node, 2, 6, 1, &mut cx), accepted);
    }
}
