//! The log and what becomes of it (§5.3, §6, §7).

use super::*;
use alloc::vec;

/// §5.3.
#[test]
fn what_a_client_asks_goes_into_the_log_onto_the_disk_and_to_everybody() {
    let mut server = Server::leading(3, &[1, 3], 3);
    let sent = server.is_asked(1, 9);
    let entries = Entries::from_iter([put(3, 9)]);
    let message = Message::AppendEntries {
        term: 3,
        prev_log_index: 2,
        prev_log_term: 3,
        entries: entries.clone(),
        leader_commit: 0,
        round: 0,
    };
    assert_eq!(sent, [(N2, message.clone()), (N3, message)], "with the place before it");
    assert_eq!(server.cx.saved, [Write::Append { from: 3, entries }]);
    assert_eq!(server.node.log.entry(3), Some(put(3, 9)));
}

/// §5.3.
#[test]
fn the_next_append_says_what_is_committed() {
    let mut server = Server::leading(1, &[1], 3);
    server.node.commit_index = 1;
    server.node.last_applied = 1;
    server.is_asked(1, 9);
    assert_eq!((server.node.commit_index, server.cx.answered.len()), (1, 0));
    server.hears(N2, accepted(1, 2));
    assert_eq!(server.cx.answered, [(RequestId(1), Answer::Done)]);
    let sent = server.is_asked(2, 8);
    assert!(sent.iter().all(|(_, message)| {
        matches!(message, Message::AppendEntries { leader_commit: 2, .. })
    }));
    assert!(!sent.is_empty());
}

/// §5.3.
#[test]
fn an_entry_is_committed_once_a_majority_has_it() {
    let cases: [(u32, &[u32], bool); 11] = [
        (3, &[], false),
        (3, &[1], true),
        (3, &[1, 2], true),
        (5, &[], false),
        (5, &[1], false),
        (5, &[1, 2], true),
        (5, &[1, 2, 3], true),
        (5, &[1, 2, 3, 4], true),
        (4, &[1], false),
        (4, &[1, 3], true),
        (2, &[1], true),
    ];
    for (servers, acceptors, committed) in cases {
        let mut server = Server::leading(1, &[1], servers);
        server.is_asked(1, 9);
        for acceptor in acceptors {
            server.hears(NodeId(*acceptor), accepted(1, 2));
        }
        assert_eq!(server.node.commit_index == 2, committed, "{servers} {acceptors:?}");
    }
}

/// §5.3.
#[test]
fn an_entry_takes_all_before_it_along_whoever_wrote_them() {
    for terms in [&[][..], &[2], &[1, 2], &[1]] {
        let mut server = Server::new(0, 3, follower(2, terms));
        server.times_out();
        server.hears(N2, vote(3, true));
        let last_index = terms.len() as u64 + 1;
        assert_eq!((server.role(), server.node.log.last_index()), (LEADER, last_index));
        server.hears(N2, accepted(3, last_index));
        assert_eq!(server.node.commit_index, last_index, "{terms:?}");
        assert_eq!(server.node.last_applied, last_index);
    }
}

/// §5.3.
#[test]
fn a_follower_applies_what_it_learns_to_be_committed_in_the_order_of_the_log() {
    let entries = Entries::from_iter([put(1, 5), put(1, 6), put(1, 7)]);
    for committed in 0..=3 {
        let mut server = Server::new(1, 3, follower(1, &[]));
        let message = Message::AppendEntries {
            term: 1,
            prev_log_index: 0,
            prev_log_term: 0,
            entries: entries.clone(),
            leader_commit: committed,
            round: 0,
        };
        server.hears(N1, message);
        let value = (committed > 0).then(|| 4 + u32::try_from(committed).expect("small"));
        assert_eq!(server.node.machine.value(Key::sample(0)), value);
        assert_eq!((server.node.last_applied, server.node.machine.changes), (committed, committed));
    }
}

/// §5.3.
#[test]
fn an_append_is_refused_where_the_entry_before_it_is_not_the_leaders() {
    let log = [1, 2];
    for (index, term, fits) in [(0, 0, true), (1, 1, true), (2, 2, true)] {
        let mut server = Server::new(0, 3, follower(2, &log));
        let said = server.hears(N2, heartbeat(2, index, term, 0));
        assert_eq!(said == [(N2, accepted(2, index))], fits);
    }
    for (index, term, conflict) in [
        (1, 2, Conflict { term: Some(1), index: 1 }),
        (2, 3, Conflict { term: Some(2), index: 2 }),
        (3, 3, Conflict { term: None, index: 3 }),
    ] {
        let mut server = Server::new(0, 3, follower(3, &log));
        let said = server.hears(N2, heartbeat(3, index, term, 0));
        let refused = Message::AppendRefused { term: 3, prev_log_index: index, conflict, round: 0 };
        assert_eq!(said, [(N2, refused)]);
        assert_eq!(server.node.log, log_of(&log), "nothing changes");
    }
}

/// §5.3.
#[test]
fn only_what_conflicts_goes() {
    let cases = [
        (2, 2, vec![3], vec![1, 2, 3], 1),
        (1, 1, vec![3, 4], vec![1, 3, 4], 1),
        (0, 0, vec![1], vec![1, 2], 0),
        (0, 0, vec![3], vec![3], 1),
    ];
    for (index, term, terms, becomes, writes) in cases {
        let mut server = Server::new(0, 3, follower(4, &[1, 2]));
        server.hears(N2, append(4, index, term, &terms, 0));
        assert_eq!(server.node.log, log_of(&becomes), "{terms:?} after {index}");
        assert_eq!(server.cx.saved.len(), writes, "and that is written");
    }
}

/// §5.3, Figure 7.
#[test]
fn every_log_of_figure_7_becomes_the_leaders() {
    let leads = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let logs: [&[u32]; 6] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    for log in logs {
        let mut first = Server::new(0, 3, follower(7, &leads));
        let mut other = Server::new(1, 3, follower(7, log));
        first.times_out();
        // The third server votes for it; of these logs not all would.
        let mut on_the_way = first.hears(N3, vote(8, true));
        let mut messages = 0;
        while let Some((to, message)) = on_the_way.pop() {
            messages += 1;
            assert!(messages < 50, "it ends");
            on_the_way.extend(match to {
                N1 => first.hears(N2, message),
                N2 => other.hears(N1, message),
                _ => Vec::new(),
            });
        }
        let all: Vec<u32> = leads.into_iter().chain([8]).collect();
        assert_eq!(other.node.log, log_of(&all), "{log:?}");
        assert_eq!(first.node.commit_index, 11);
    }
}

/// Its acknowledgement was lost, and so was the word that the entries are committed: the next
/// heartbeat says how far the log is known to be alike, and the one after its answer the rest.
#[test]
fn a_follower_that_missed_the_commit_learns_of_it_by_heartbeats() {
    let mut first = Server::leading(1, &[1], 3);
    let mut late = Server::new(2, 3, follower(1, &[1]));
    first.node.commit_index = 1;
    for (to, message) in first.is_asked(1, 9) {
        if to == N3 {
            late.hears(N1, message);
        }
    }
    first.hears(N2, accepted(1, 2));
    assert_eq!((first.node.commit_index, late.node.commit_index), (2, 1));
    for _ in 0..2 {
        Raft::on_timer(&mut first.node, Timer::Heartbeat, &mut first.cx);
        let mut on_the_way = core::mem::take(&mut first.cx.sent);
        while let Some((to, message)) = on_the_way.pop() {
            on_the_way.extend(match to {
                N1 => first.hears(N3, message),
                N3 => late.hears(N1, message),
                _ => Vec::new(),
            });
        }
    }
    assert_eq!((late.node.commit_index, late.node.log.last_index()), (2, 2));
}

/// The snapshot reaches to the very end of the log, so no entry follows that would tell how far the
/// follower is; its acknowledgement alone does.
#[test]
fn a_snapshot_that_ends_the_log_leaves_nothing_in_doubt() {
    let mut server = Server::leading(1, &[1, 1, 1], 3);
    let snapshot = Snapshot {
        index: 3,
        term: 1,
        configuration: server.node.configuration(),
        ..Snapshot::default()
    };
    server.node.cover(&alloc::rc::Rc::new(snapshot));
    (server.node.commit_index, server.node.last_applied) = (3, 3);
    let peer = |server: &Server| server.node.leading().expect("it leads").peers[2].clone();
    server.node.leading_mut().expect("it leads").peers[2] = Peer::new(4, Default::default());
    let gap = Conflict { term: None, index: 1 };
    let refused = Message::AppendRefused { term: 1, prev_log_index: 3, conflict: gap, round: 0 };
    let sent = server.hears(N3, refused);
    assert!(matches!(sent[..], [(N3, Message::InstallSnapshot { .. })]), "{sent:?}");
    server.hears(N3, accepted(1, 3));
    assert_eq!((peer(&server).probing, peer(&server).match_index), (false, 3));
    assert_eq!(server.is_asked(1, 9).len(), 2, "the next entry goes there at once");
}

/// A leader of three, of which the configuration entry at index 2 makes a joint group.
fn joint() -> Server {
    let mut server = Server::leading(1, &[1], 5);
    let group = |first: u32, last: u32| (first..=last).map(NodeId).collect::<Voters>();
    let joint =
        Configuration { voters: group(0, 2), old: group(0, 4), learners: Voters::default() };
    server.cx.config.joint = true;
    let entry = Entry::new(1, Command::Configure(joint.into()));
    server.node.replace(2, &[entry], group(0, 4));
    (server.node.commit_index, server.node.last_applied) = (1, 1);
    server.node.leading_mut().expect("it leads").peers[0].match_index = 2;
    server
}

/// §6.
#[test]
fn no_other_change_while_a_group_is_joint() {
    let mut server = joint();
    let change = Request::Change(Change::Add(NodeId(4)));
    Raft::on_request(&mut server.node, RequestId(7), change, &mut server.cx);
    assert_eq!(server.cx.answered, [(RequestId(7), Answer::Refused)]);
}

/// §6.
#[test]
fn whoever_leads_when_a_joint_group_is_settled_goes_on_to_the_new_one() {
    let mut server = joint();
    for follower in [1, 2] {
        server.hears(NodeId(follower), accepted(1, 2));
    }
    let group = server.node.configuration();
    assert_eq!((server.node.commit_index, group.is_joint(), group.voters.count()), (2, false, 3));
    assert_eq!(
        server.node.log.last_index(),
        3,
        "nobody waits for it, and it is written all the same"
    );
}
