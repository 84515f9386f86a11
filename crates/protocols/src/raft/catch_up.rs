//! Catching up before a vote (diss. §4.2.1).
//!
//! A server that is given a vote with an empty log counts in majorities that it cannot help to
//! reach, and until it has the log perhaps nothing is committed. So the leader first sends it the
//! log, and only then writes the group in which it has a vote.
//!
//! The log grows meanwhile, so this goes in rounds: each brings over all that the log held when
//! the round began. Once a round was shorter than an election timeout, little is lacking, and the
//! change is written. When ten rounds have not been enough, or one lasts as long as all of them
//! might, or nothing is heard from a newcomer, nothing is written, and whoever asked may ask again.
//!
//! Until then the newcomer is in no group: it stores what it is sent and counts for nothing.

use super::client::Change;
use super::quorum::Voters;
use super::{Answer, Node, Peer, Raft, membership, replication, show};
use alloc::boxed::Box;
use faultline_kernel::{Cx, Label, NodeId, Note, RequestId, Span, Time};

/// How many rounds there are at most: "a fixed number of rounds (such as 10)".
const ROUNDS_MOST: u32 = 10;

/// A change of the group that waits for newcomers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CatchUp {
    /// The change.
    pub change: Change,
    /// Who asked for it.
    pub client: RequestId,
    /// Who will have a vote by it, and has none yet.
    pub newcomers: Voters,
    /// Which round it is, counted from 1.
    pub round: u32,
    /// What they must have so that the round is over.
    pub target: u64,
    /// When the round began, by the leader's own clock.
    pub since: Time,
}

/// A change is asked for that gives these servers a vote: first they catch up.
pub(super) fn begin(
    node: &mut Node,
    client: RequestId,
    change: Change,
    newcomers: Voters,
    cx: &mut impl Cx<Raft>,
) {
    let (target, now) = (node.log.last_index(), cx.now());
    let strangers = newcomers.without(node.configuration().everybody());
    let Some(leader) = node.leading_mut() else {
        return;
    };
    newcomers.iter().for_each(|server| leader.peers[server.index()].heard = now);
    for server in strangers.iter() {
        leader.peers[server.index()] = Peer::new(target + 1, now);
    }
    let round = 1;
    let catch_up = CatchUp { change, client, newcomers, round, target, since: now };
    leader.catching_up = Some(Box::new(catch_up));
    cx.note(|| Note::new(show::CATCHES_UP, &[change.label().into(), target.into()]));
    strangers.iter().for_each(|server| replication::probe_one(node, server, cx));
    on_progress(node, cx);
}

/// A newcomer may have reached the end of the round.
pub(super) fn on_progress(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let (last_index, now) = (node.log.last_index(), cx.now());
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let Some(catch_up) = &mut leader.catching_up else {
        return;
    };
    let lacks = |server: NodeId| leader.peers[server.index()].match_index < catch_up.target;
    if catch_up.newcomers.iter().any(lacks) {
        return;
    }
    let took = now.since(catch_up.since);
    let round = catch_up.round;
    if took < cx.config().election_timeout.min {
        cx.note(|| Note::new(show::HAS_CAUGHT_UP, &[round.into(), took.into()]));
        finish(node, cx);
    } else if round == ROUNDS_MOST {
        give_up(node, took, cx);
    } else {
        (catch_up.round, catch_up.target, catch_up.since) = (round + 1, last_index, now);
        let args = [round.into(), took.into(), last_index.into()];
        cx.note(|| Note::new(show::BEGINS_ROUND, &args));
        on_progress(node, cx);
    }
}

/// They have caught up: the change is written, unless the leader is about to hand over.
fn finish(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let Some(leader) = node.leading_mut() else {
        return;
    };
    let hands_over = leader.transfer.is_some();
    let Some(catch_up) = leader.catching_up.take() else {
        return;
    };
    let CatchUp { client, change, newcomers, .. } = *catch_up;
    match hands_over {
        true => cx.answer(client, Answer::Refused),
        false => membership::go_ahead(node, client, change, newcomers, cx),
    }
}

/// A heartbeat is due: is a newcomer silent, or a round without end? "If the new server is
/// unavailable or is so slow that it will never catch up", the leader gives up.
pub(super) fn look(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let (longest, now) = (cx.config().election_timeout.max, cx.now());
    let Some(leader) = node.leading() else { return };
    let Some(catch_up) = &leader.catching_up else {
        return;
    };
    let silent = |server: &NodeId| now.since(leader.peers[server.index()].heard) >= longest;
    let took = now.since(catch_up.since);
    if let Some(server) = catch_up.newcomers.iter().find(silent) {
        let args = [catch_up.change.label().into(), server.into(), longest.into()];
        cx.note(|| Note::new(show::IS_SILENT, &args));
        end(node, cx);
    } else if took.0 >= longest.0 * u64::from(ROUNDS_MOST) {
        give_up(node, took, cx);
    }
}

fn give_up(node: &mut Node, took: Span, cx: &mut impl Cx<Raft>) {
    let catch_up = node.leading().and_then(|leader| leader.catching_up.as_ref());
    if let Some(catch_up) = catch_up {
        let args = [catch_up.change.label().into(), catch_up.round.into(), took.into()];
        cx.note(|| Note::new(show::IS_TOO_SLOW, &args));
    }
    end(node, cx);
}

fn end(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let catch_up = node.leading_mut().and_then(|leader| leader.catching_up.take());
    if let Some(catch_up) = catch_up {
        cx.answer(catch_up.client, Answer::Refused);
    }
}

/// A leader that leads no more has written nothing: whoever asked asks somewhere else.
pub(super) fn send_away(catch_up: Option<Box<CatchUp>>, cx: &mut impl Cx<Raft>) {
    if let Some(catch_up) = catch_up {
        cx.answer(catch_up.client, Answer::NotLeader { hint: None });
    }
}

/// Everybody to whom a leader sends: the group, and those who catch up.
pub(super) fn audience(node: &Node) -> Voters {
    let catch_up = node.leading().and_then(|leader| leader.catching_up.as_ref());
    let newcomers = catch_up.map_or(Voters::default(), |catch_up| catch_up.newcomers);
    node.configuration().everybody().union(newcomers)
}

impl CatchUp {
    /// In short: the round, and what it must reach.
    pub(super) fn label(&self) -> Label {
        Label::format(format_args!("#{} → {}", self.round, self.target))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, leader, put};
    use super::super::{Configuration, Message, Raft, Request, election};
    use super::*;
    use alloc::vec::Vec;
    use faultline_kernel::Protocol;

    /// A leader of three out of five, with a log of four entries of its own term.
    fn leading() -> (Node, Stub) {
        let mut node = leader(2, &[2, 2, 2, 2], &[4, 4]);
        (node.commit_index, node.last_applied) = (4, 4);
        node.leading_mut().expect("it leads").peers.resize(5, Peer::new(1, Time::ZERO));
        let mut cx = Stub::new(0, 5);
        cx.config.catch_up = true;
        (node, cx)
    }

    fn asks(node: &mut Node, id: u32, change: Change, cx: &mut Stub) {
        Raft::on_request(node, RequestId(id), Request::Change(change), cx);
    }

    /// A follower has stored so much, at this time.
    fn stored(node: &mut Node, from: u32, match_index: u64, at_ms: u64, cx: &mut Stub) {
        cx.now = Time::ZERO + Span::millis(at_ms);
        let accepted = Message::AppendAccepted { term: 2, match_index, round: 0 };
        Raft::on_message(node, NodeId(from), accepted, cx);
    }

    fn write(node: &mut Node, cx: &mut Stub) {
        let request = Request::Do { command: put(2, 9).command, serial: None };
        Raft::on_request(node, RequestId(99), request, cx);
    }

    fn voters(node: &Node) -> Vec<u32> {
        node.configuration().voters.iter().map(|server| server.0).collect()
    }

    #[test]
    fn a_newcomer_is_sent_the_log_and_gets_its_vote_when_it_has_it() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        assert!(cx.sent.iter().all(|(to, _)| *to == NodeId(3)) && cx.sent.len() == 1, "a probe");
        assert_eq!((voters(&node).len(), cx.saved.len(), cx.answered.len()), (3, 0, 0));
        stored(&mut node, 3, 2, 20, &mut cx);
        assert_eq!(voters(&node).len(), 3, "that is half of it");
        stored(&mut node, 3, 4, 40, &mut cx);
        assert_eq!((voters(&node), cx.answered.len()), ([0, 1, 2, 3].into(), 0));
        let peer = &node.leading().expect("it leads").peers[3];
        assert_eq!(peer.match_index, 4, "what is known of it stays known");
        stored(&mut node, 1, 5, 50, &mut cx);
        stored(&mut node, 2, 5, 50, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Done)]);
    }

    /// Its copies would be of use to nobody who counts by the group in force.
    #[test]
    fn who_catches_up_counts_for_nothing() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        (0..2).for_each(|_| write(&mut node, &mut cx));
        stored(&mut node, 3, 5, 200, &mut cx);
        assert_eq!((node.commit_index, voters(&node).len()), (4, 3));
        stored(&mut node, 1, 5, 210, &mut cx);
        assert_eq!(node.commit_index, 5, "two of three");
    }

    #[test]
    fn after_a_round_as_long_as_an_election_timeout_comes_another_up_to_the_end_of_the_log() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        write(&mut node, &mut cx);
        stored(&mut node, 3, 4, 150, &mut cx);
        let round = |node: &Node| {
            let catch_up = node.leading().and_then(|leader| leader.catching_up.clone());
            catch_up.map(|catch_up| (catch_up.round, catch_up.target))
        };
        assert_eq!(round(&node), Some((2, 5)));
        stored(&mut node, 3, 5, 299, &mut cx);
        assert_eq!((round(&node), voters(&node).len()), (None, 4));
    }

    #[test]
    fn when_ten_rounds_were_not_enough_the_change_is_refused() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        for round in 1..=10 {
            assert_eq!(cx.answered, [], "round {round}");
            write(&mut node, &mut cx);
            stored(&mut node, 3, 3 + round, 150 * round, &mut cx);
        }
        assert_eq!(cx.answered, [(RequestId(1), Answer::Refused)]);
        assert_eq!((cx.noted.last(), voters(&node).len()), (Some(&show::IS_TOO_SLOW), 3));
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        node.leading_mut().expect("it leads").peers[3].heard = Time::ZERO + Span::millis(2_999);
        cx.now = Time::ZERO + Span::millis(3_000);
        look(&mut node, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Refused)], "a round that does not end");
    }

    #[test]
    fn a_newcomer_that_is_silent_for_the_longest_election_timeout_is_given_up() {
        let (mut node, mut cx) = leading();
        cx.now = Time::ZERO + Span::millis(1_000);
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        cx.now = Time::ZERO + Span::millis(1_299);
        replication::on_heartbeat(&mut node, &mut cx);
        assert_eq!(cx.answered, []);
        cx.now = Time::ZERO + Span::millis(1_300);
        cx.sent.clear();
        replication::on_heartbeat(&mut node, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Refused)]);
        assert!(cx.sent.iter().all(|(to, _)| *to != NodeId(3)), "it is sent nothing more");
    }

    #[test]
    fn one_change_at_a_time_catches_up_and_one_without_newcomers_needs_not() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        asks(&mut node, 2, Change::Remove(NodeId(2)), &mut cx);
        assert_eq!(cx.answered, [(RequestId(2), Answer::Refused)]);
        assert_eq!(cx.noted.last(), Some(&show::WAITS_FOR_NEWCOMERS));
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Remove(NodeId(2)), &mut cx);
        assert_eq!(voters(&node), [0, 1]);
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Learn(NodeId(3)), &mut cx);
        assert!(node.configuration().learners.contains(NodeId(3)), "a learner is no burden");
    }

    #[test]
    fn a_learner_that_has_the_log_gets_its_vote_at_once() {
        let (mut node, mut cx) = leading();
        let group = Configuration { learners: Voters::only(NodeId(3)), ..node.configuration() };
        node.configurations.push((4, group));
        node.leading_mut().expect("it leads").peers[3] =
            Peer { match_index: 4, probing: false, ..Peer::new(5, Time::ZERO) };
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        assert_eq!(voters(&node), [0, 1, 2, 3]);
    }

    #[test]
    fn in_joint_consensus_all_who_are_new_catch_up_before_the_joint_group() {
        let (mut node, mut cx) = leading();
        cx.config.joint = true;
        let new = [0, 3, 4].map(NodeId).into_iter().collect();
        asks(&mut node, 1, Change::Voters(new), &mut cx);
        stored(&mut node, 3, 4, 20, &mut cx);
        assert!(!node.configuration().is_joint(), "the other one is behind");
        stored(&mut node, 4, 4, 40, &mut cx);
        assert!(node.configuration().is_joint());
        assert_eq!(voters(&node), [0, 3, 4]);
    }

    #[test]
    fn who_waits_at_a_leader_that_steps_down_is_sent_away_and_nothing_is_written() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        election::become_follower(&mut node, None, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::NotLeader { hint: None })]);
        assert_eq!((node.log.last_index(), cx.saved.len()), (4, 0));
    }

    #[test]
    fn a_leader_that_hands_over_writes_no_group_any_more() {
        let (mut node, mut cx) = leading();
        asks(&mut node, 1, Change::Add(NodeId(3)), &mut cx);
        let handing = Request::Transfer { to: NodeId(1) };
        Raft::on_request(&mut node, RequestId(2), handing, &mut cx);
        stored(&mut node, 3, 4, 20, &mut cx);
        assert_eq!(cx.answered, [(RequestId(1), Answer::Refused)]);
        assert_eq!(voters(&node), [0, 1, 2]);
    }
}
