//! Terms and elections (§5.1, §5.2, §5.4.1).

use super::*;
use faultline_kernel::Span;

/// §5.1.
#[test]
fn a_newer_term_makes_a_follower_of_whoever_hears_of_it() {
    let candidate = || {
        let mut server = Server::new(0, 3, follower(1, &[]));
        server.times_out();
        server
    };
    let servers = [Server::new(0, 3, follower(1, &[])), candidate(), Server::leading(2, &[2], 3)];
    for (mut server, was) in servers.into_iter().zip([FOLLOWER, CANDIDATE, LEADER]) {
        assert_eq!(server.role(), was);
        server.hears(N2, heartbeat(7, 0, 0, 0));
        assert_eq!((server.node.current_term, server.role()), (7, FOLLOWER));
        assert_eq!(server.node.leader, Some(N2));
    }
}

/// §5.2.
#[test]
fn who_hears_nothing_stands_in_the_next_term_and_once_more_if_nobody_wins() {
    let mut server = Server::new(0, 3, follower(1, &[1]));
    for term in [2, 3, 4] {
        let asked = server.times_out();
        let request = request_vote(term, 1, 1);
        assert_eq!(asked, [(N2, request.clone()), (N3, request)]);
        assert_eq!((server.node.current_term, server.role()), (term, CANDIDATE));
        assert_eq!(server.node.voted_for, Some(N1), "it votes for itself");
        let timer = server.cx.timers.iter().rev().find(|(timer, _)| *timer == Timer::Election);
        assert!(timer.is_some_and(|(_, after)| after.is_some()), "and waits anew");
    }
}

/// §5.2.
#[test]
fn one_round_of_votes_is_won_by_a_majority_and_lost_or_open_otherwise() {
    let cases: [(u32, &[bool], u8); 11] = [
        (3, &[true, true], LEADER),
        (3, &[true], LEADER),
        (5, &[true, true, true, true], LEADER),
        (5, &[true, true, true], LEADER),
        (5, &[true, true], LEADER),
        (3, &[false, false], CANDIDATE),
        (5, &[false, false, false, false], CANDIDATE),
        (5, &[true, false, false, false], CANDIDATE),
        (3, &[], CANDIDATE),
        (5, &[true], CANDIDATE),
        (5, &[], CANDIDATE),
    ];
    for (servers, votes, becomes) in cases {
        let mut server = Server::new(0, servers, follower(0, &[]));
        server.times_out();
        for (voter, granted) in (1..).map(NodeId).zip(votes) {
            server.hears(voter, vote(1, *granted));
        }
        assert_eq!(server.role(), becomes, "{servers} servers, {votes:?}");
        assert_eq!(server.node.current_term, 1);
    }
}

/// §5.2.
#[test]
fn a_vote_goes_to_the_first_who_asks_and_to_nobody_else_in_that_term() {
    for (voted_for, candidate, granted) in [
        (None, N2, true),
        (None, N3, true),
        (Some(N2), N2, true),
        (Some(N3), N3, true),
        (Some(N2), N3, false),
        (Some(N3), N2, false),
    ] {
        let mut server = Server::new(0, 3, Node { voted_for, ..follower(1, &[]) });
        let said = server.hears(candidate, request_vote(1, 0, 0));
        assert_eq!(said, [(candidate, vote(1, granted))], "{voted_for:?} {candidate}");
    }
}

/// §5.2.
#[test]
fn a_candidate_follows_whoever_leads_its_term_or_a_later_one() {
    for term in [2, 3] {
        let mut server = Server::new(0, 3, follower(1, &[]));
        server.times_out();
        server.hears(N3, heartbeat(term, 0, 0, 0));
        assert_eq!((server.node.current_term, server.role()), (term, FOLLOWER));
        assert_eq!(server.node.leader, Some(N3));
    }
    let mut server = Server::new(0, 3, follower(1, &[]));
    server.times_out();
    server.hears(N3, heartbeat(1, 0, 0, 0));
    assert_eq!(server.role(), CANDIDATE, "of an earlier one it does not");
}

/// §5.2.
#[test]
fn timeouts_are_drawn_anew_each_time_from_the_whole_range() {
    for (latest, patience) in [(false, 150), (true, 300)] {
        let mut server = Server::new(0, 3, follower(1, &[]));
        server.cx.latest = latest;
        for happens in
            [Server::times_out, |server: &mut Server| server.hears(N2, heartbeat(9, 0, 0, 0))]
        {
            server.cx.timers.clear();
            happens(&mut server);
            let set = (Timer::Election, Some(Span::millis(patience)));
            assert!(server.cx.timers.contains(&set), "{:?}", server.cx.timers);
        }
    }
}

/// §5.4.1.
#[test]
fn a_request_for_a_vote_says_where_the_log_ends_and_goes_to_everybody_else() {
    for (log, index, term) in [(&[1][..], 1, 1), (&[1, 2], 2, 2), (&[1, 1, 2, 2, 2], 5, 2)] {
        let mut server = Server::new(1, 5, follower(2, log));
        let asked = server.times_out();
        let to: Vec<u32> = asked.iter().map(|(to, _)| to.0).collect();
        assert_eq!(to, [0, 2, 3, 4]);
        assert!(asked.iter().all(|(_, message)| *message == request_vote(3, index, term)));
    }
}

/// §5.4.1.
#[test]
fn no_vote_for_a_log_that_ends_earlier_or_in_an_earlier_term() {
    let cases: [(&[u32], u32, u64, bool); 9] = [
        (&[1], 1, 1, true),
        (&[1], 1, 2, true),
        (&[1, 1], 1, 1, false),
        (&[1], 2, 1, true),
        (&[1], 2, 2, true),
        (&[1, 1], 2, 1, true),
        (&[2], 1, 1, false),
        (&[2], 1, 2, false),
        (&[2, 2], 1, 1, false),
    ];
    for (log, last_term, last_index, granted) in cases {
        let mut server = Server::new(0, 2, follower(3, log));
        let said = server.hears(N2, request_vote(3, last_index, last_term));
        assert_eq!(said, [(N2, vote(3, granted))], "{log:?} {last_term} {last_index}");
    }
}
