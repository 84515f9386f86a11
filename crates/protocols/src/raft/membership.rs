//! Changing the group (§6; diss. §4).
//!
//! A configuration is an entry of the log, and every server goes by the latest one in its log,
//! committed or not. Two ways lead from one group to the next so that no two majorities can decide
//! apart: one server at a time, where any majority of the old group meets any of the new one; or
//! joint consensus, where decisions take a majority of both until the change is committed.

use super::client::Change;
use super::entry::Command;
use super::quorum::Voters;
use super::{Answer, Configuration, Node, Peer, Raft};
use super::{catch_up, election, replication, request, show};
use faultline_kernel::{Cx, Note, RequestId};

/// Somebody wants the group changed.
pub(super) fn on_change(
    node: &mut Node,
    client: RequestId,
    change: Change,
    cx: &mut impl Cx<Raft>,
) {
    let why_not = why_not_now(node, cx);
    let next = next_group(node.configuration(), change, cx);
    match (why_not, next) {
        (None, Some(next)) => {
            let newcomers = next.voters.without(node.configuration().voters);
            match cx.config().catch_up && !newcomers.is_empty() {
                true => catch_up::begin(node, client, change, newcomers, cx),
                false => go_ahead(node, client, change, Voters::default(), cx),
            }
        }
        (why_not, _) => {
            let why = why_not.unwrap_or(show::REFUSES_CHANGE);
            cx.note(|| Note::new(why, &[change.label().into()]));
            cx.answer(client, Answer::Refused);
        }
    }
}

/// Writes the change, and lets the client wait for it. These are known to have the log already.
pub(super) fn go_ahead(
    node: &mut Node,
    client: RequestId,
    change: Change,
    caught_up: Voters,
    cx: &mut impl Cx<Raft>,
) {
    let Some(next) = next_group(node.configuration(), change, cx) else {
        return;
    };
    if request::let_wait(node, client, cx) {
        enact(node, next, caught_up, cx);
    }
}

/// What stands in the way of any change, if anything does.
///
/// Only one change may be under way. And a leader must have committed an entry of its own term
/// before it changes anything: else a change of its predecessor's may still be open which it does
/// not know of, and the two together are more than one step (Ongaro, "Bug in single-server
/// membership changes", raft-dev, 2015).
fn why_not_now<C: Cx<Raft>>(node: &Node, cx: &C) -> Option<u8> {
    let leader = node.leading()?;
    let open = node.configurations.last().is_some_and(|(index, _)| *index > node.commit_index);
    let early = node.commit_index < leader.first_index && !cx.config().sabotage.early_change;
    match (open, early, leader.catching_up.is_some()) {
        (true, ..) => Some(show::HAS_OPEN_CHANGE),
        (_, true, _) => Some(show::IS_TOO_EARLY),
        (.., true) => Some(show::WAITS_FOR_NEWCOMERS),
        (false, false, false) => None,
    }
}

/// The group that follows, if this change leads to one: by one server, or through joint consensus
/// by as many as one likes.
fn next_group<C: Cx<Raft>>(group: Configuration, change: Change, cx: &C) -> Option<Configuration> {
    let joint = cx.config().joint;
    let (voters, learners) = match change {
        Change::Add(server) => {
            (group.voters.union(Voters::only(server)), group.learners.without(Voters::only(server)))
        }
        Change::Remove(server) => {
            let gone = Voters::only(server);
            (group.voters.without(gone), group.learners.without(gone))
        }
        Change::Learn(server) => {
            (group.voters, group.learners.union(Voters::only(server)).without(group.voters))
        }
        Change::Voters(voters) => (voters, group.learners.without(voters)),
    };
    let changes = voters.without(group.voters).union(group.voters.without(voters)).count();
    let possible = !voters.is_empty()
        && voters.union(learners).without(everyone(cx)).is_empty()
        && (voters, learners) != (group.voters, group.learners)
        && (joint || changes <= 1);
    let old = if joint && changes > 0 { group.voters } else { Voters::default() };
    let next = Configuration { voters, old, learners };
    (possible && next.fits_an_entry()).then_some(next)
}

/// Everybody who may take part.
pub(super) fn everyone<C: Cx<Raft>>(cx: &C) -> Voters {
    Voters::first(cx.config().servers)
}

/// Writes a configuration. It is in force from this moment on (diss. §4.1).
fn enact(node: &mut Node, next: Configuration, caught_up: Voters, cx: &mut impl Cx<Raft>) {
    let known = node.configuration().everybody().union(caught_up);
    let newcomers = next.everybody().without(known);
    let (next_index, now) = (node.log.last_index() + 1, cx.now());
    if let Some(leader) = node.leading_mut() {
        for server in newcomers.iter() {
            leader.peers[server.index()] = Peer::new(next_index, now);
        }
    }
    replication::write(node, Command::Configure(next.into()), None, cx);
    replication::send_all(node, cx);
}

/// More has been committed: a leader goes on to the new group once the joint one is settled, and
/// leaves once a group is settled in which it has no vote (§6).
pub(super) fn on_commit(node: &mut Node, cx: &mut impl Cx<Raft>) {
    let me = cx.me();
    let Some((index, group)) = node.configurations.last().copied() else {
        return;
    };
    if index == 0 || index > node.commit_index || node.leading().is_none() {
        return;
    }
    if group.is_joint() {
        let next_index = node.log.last_index() + 1;
        if let Some(leader) = node.leading_mut() {
            let client = leader.changing.take();
            leader.waiting.extend(client.map(|client| (next_index, client)));
        }
        let next = Configuration { old: Voters::default(), ..group };
        enact(node, next, Voters::default(), cx);
    } else if !group.voters.contains(me) {
        cx.note(|| Note::new(show::LEAVES, &[index.into()]));
        election::become_follower(node, None, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::commit;
    use super::super::testing::{Stub, follower, leader};
    use super::*;
    use faultline_kernel::NodeId;

    /// A leader of three out of five that has committed its first entry.
    fn leading() -> (Node, Stub) {
        let mut node = leader(2, &[2], &[1, 1]);
        (node.commit_index, node.last_applied) = (1, 1);
        node.leading_mut().expect("it leads").peers.resize(5, Peer::new(1, Default::default()));
        (node, Stub::new(0, 5))
    }

    fn set(servers: &[u32]) -> Voters {
        servers.iter().map(|server| NodeId(*server)).collect()
    }

    /// What a request for a change is answered with, and who votes then.
    fn ask(node: &mut Node, change: Change, cx: &mut Stub) -> (Option<Answer>, Voters) {
        on_change(node, RequestId(1), change, cx);
        (cx.answered.pop().map(|(_, answer)| answer), node.configuration().voters)
    }

    #[test]
    fn a_change_is_in_force_as_soon_as_it_is_written_and_only_one_is_under_way() {
        let (mut node, mut cx) = leading();
        assert_eq!(ask(&mut node, Change::Add(NodeId(3)), &mut cx), (None, set(&[0, 1, 2, 3])));
        let refused = (Some(Answer::Refused), set(&[0, 1, 2, 3]));
        assert_eq!(ask(&mut node, Change::Remove(NodeId(1)), &mut cx), refused);
        assert_eq!(cx.noted.last(), Some(&show::HAS_OPEN_CHANGE));
    }

    #[test]
    fn no_change_before_an_entry_of_its_own_term_is_committed() {
        let (mut node, mut cx) = leading();
        node.commit_index = 0;
        let refused = (Some(Answer::Refused), set(&[0, 1, 2]));
        assert_eq!(ask(&mut node, Change::Add(NodeId(3)), &mut cx), refused);
        assert_eq!(cx.noted, [show::IS_TOO_EARLY]);
        cx.config.sabotage.early_change = true;
        assert_eq!(ask(&mut node, Change::Add(NodeId(3)), &mut cx).0, None);
    }

    #[test]
    fn without_joint_consensus_one_server_at_a_time() {
        let (mut node, mut cx) = leading();
        let two = Change::Voters(set(&[0, 1, 3]));
        assert_eq!(ask(&mut node, two, &mut cx).0, Some(Answer::Refused));
        assert_eq!(ask(&mut node, Change::Remove(NodeId(4)), &mut cx).0, Some(Answer::Refused));
        assert_eq!(ask(&mut node, Change::Add(NodeId(9)), &mut cx).0, Some(Answer::Refused));
        cx.config.joint = true;
        assert_eq!(ask(&mut node, two, &mut cx), (None, set(&[0, 1, 3])));
        assert_eq!(node.configuration().old, set(&[0, 1, 2]));
    }

    #[test]
    fn a_joint_group_is_followed_by_the_new_one_and_a_leader_outside_leaves() {
        let (mut node, mut cx) = leading();
        cx.config.joint = true;
        ask(&mut node, Change::Voters(set(&[1, 2, 3])), &mut cx);
        on_commit(&mut node, &mut cx);
        assert!(node.configuration().is_joint(), "not before it is committed");
        node.commit_index = 2;
        on_commit(&mut node, &mut cx);
        assert_eq!(
            node.configuration(),
            Configuration { voters: set(&[1, 2, 3]), ..Default::default() }
        );
        assert!(node.leading().is_some());
        node.commit_index = 3;
        on_commit(&mut node, &mut cx);
        assert!(node.leading().is_none());
    }

    /// Once the joint group is committed the change is only half done (§6).
    #[test]
    fn who_asks_for_a_joint_change_is_told_when_the_new_group_is_settled() {
        let (mut node, mut cx) = leading();
        cx.config.joint = true;
        ask(&mut node, Change::Voters(set(&[0, 3, 4])), &mut cx);
        let stored = |node: &mut Node, index, cx: &mut Stub| {
            for server in 0..5 {
                node.leading_mut().expect("it leads").peers[server].match_index = index;
            }
            commit::advance(node, index, cx);
            cx.answered.pop()
        };
        assert_eq!(stored(&mut node, 2, &mut cx), None);
        assert_eq!((node.commit_index, node.configuration().voters), (2, set(&[0, 3, 4])));
        assert_eq!(stored(&mut node, 3, &mut cx), Some((RequestId(1), Answer::Done)));
    }

    #[test]
    fn a_learner_gets_the_log_and_no_vote() {
        let (mut node, mut cx) = leading();
        ask(&mut node, Change::Learn(NodeId(4)), &mut cx);
        assert_eq!(node.configuration().learners, set(&[4]));
        assert_eq!(node.configuration().voters, set(&[0, 1, 2]));
        node.commit_index = 2;
        let promoted = ask(&mut node, Change::Add(NodeId(4)), &mut cx);
        assert_eq!(promoted, (None, set(&[0, 1, 2, 4])));
        assert!(node.configuration().learners.is_empty());
    }

    /// The entry that takes its vote away may not be committed yet, and nobody else may have it.
    #[test]
    fn a_server_that_is_being_removed_stands_and_does_not_count_its_own_vote() {
        let mut cx = Stub::new(0, 3);
        let mut node = follower(5, &[5]);
        node.configurations.push((1, Configuration { voters: set(&[1, 2]), ..Default::default() }));
        election::on_timeout(&mut node, &mut cx);
        assert_eq!(node.current_term, 6);
        election::on_vote(&mut node, NodeId(1), true, &mut cx);
        assert_eq!(node.role.kind(), 1, "one of two");
        election::on_vote(&mut node, NodeId(2), true, &mut cx);
        assert_eq!(node.role.kind(), 2);
    }
}
