//! The rules of the paper, one after the other, as tests; each name says the rule.
//!
//! `etcd-io/raft` does the same in `raft_paper_test.go`, and walks through whole stories in
//! `testdata/`. Both were gone through; this is where each of them is held here.
//!
//! In `raft_paper_test.go`:
//!
//! - §5.1, a newer term makes everybody a follower: `a_newer_term_…` below.
//! - §5.1, a stale term is rejected: `term.rs`; there it is ignored, ours answers with the new
//!   term.
//! - §5.2, servers start as followers: `election.rs`.
//! - §5.2, a leader sends heartbeats: `replication.rs`; ours build on what is known to match.
//! - §5.2, followers and candidates start elections: `who_hears_nothing_…`.
//! - §5.2, one round of votes is won, lost, or open: `one_round_of_votes_…`.
//! - §5.2, one vote a term, first come first served: `a_vote_goes_to_the_first_…`, `election.rs`.
//! - §5.2, a candidate falls back: `a_candidate_follows_…`.
//! - §5.2, timeouts are random, of followers and of candidates: `timeouts_are_drawn_…`; that few of
//!   them collide is counted in `tests/src/liveness.rs`.
//! - §5.3, a leader starts replication: `what_a_client_asks_goes_…`.
//! - §5.3, a leader commits, and says so: `the_next_append_says_…`.
//! - §5.3, a majority acknowledges: `an_entry_is_committed_once_…`.
//! - §5.3, earlier entries are committed along: `an_entry_takes_all_before_it_…`.
//! - §5.3, a follower applies what is committed: `a_follower_applies_…`.
//! - §5.3, a follower checks the entry before: `an_append_is_refused_where_…`, `append.rs`.
//! - §5.3, a follower drops what conflicts, and no more: `only_what_conflicts_goes`, `append.rs`.
//! - §5.3, a leader repairs the logs of Figure 7: `every_log_of_figure_7_…`, lesson `figure-7`.
//! - §5.4.1, what a request for a vote says: `a_request_for_a_vote_…`.
//! - §5.4.1, who is up to date: `no_vote_for_a_log_…`, `election.rs`.
//! - §5.4.2, only entries of the own term are counted: `commit.rs`, lessons `figure-8-…`.
//!
//! In `testdata/`:
//!
//! - `async_storage_writes`, `…_append_aba_race`: `stable.rs` says what waits for the disk; random
//!   runs with slow disks judge it by `committed-durable`.
//! - `campaign`, `single_node`: lesson `first-leader`; `election.rs` for one that is alone.
//! - `campaign_learner_must_vote`: `election.rs`; lesson `newcomer`.
//! - `checkquorum`: lesson `check-quorum`.
//! - `confchange_disable_validation`: there is no such switch; `membership.rs` refuses.
//! - `confchange_v1_add_single`, `…_v2_add_single_auto`: lessons `one-change-after-another`,
//!   `newcomer`.
//! - `confchange_v1_remove_leader`, `…_stepdown`: lessons `leader-leaves`, `leader-counts-itself`.
//! - `confchange_v2_add_double_auto`, `…_implicit`: lesson `joint-consensus`; a new leader in the
//!   middle of it: `whoever_leads_when_a_joint_group_…`.
//! - `confchange_v2_add_single_explicit`: `no_other_change_while_a_group_is_joint`; ours leaves the
//!   joint group by itself.
//! - `confchange_v2_replace_leader`, `…_stepdown`: lesson `leader-replaced`.
//! - `forget_leader`, `…_prevote_checkquorum`: there is no such command.
//! - `forget_leader_read_only_lease_based`: `prevote.rs`, lesson `lease-kept`: a word given holds.
//! - `heartbeat_resp_recovers_from_probing`: `peer.rs`.
//! - `lagging_commit`: `a_follower_that_missed_…`.
//! - `prevote`, `prevote_checkquorum`: `prevote.rs`, lessons `removed-asks-first`, `check-quorum`;
//!   with ours, candidates too say no while they have lately heard from a leader.
//! - `probe_and_replicate`: lesson `figure-7`.
//! - `replicate_pause`: `peer.rs`, lesson `flow-control`.
//! - `slow_follower_after_compaction`: lesson `snapshot`.
//! - `snapshot_succeed_via_app_resp`, `…_behind`: `a_snapshot_that_ends_the_log_…`, `peer.rs`.

mod election;
mod replication;

use super::testing::{Stub, follower, leader, log_of, one_of, put};
use super::*;
use faultline_kernel::Protocol;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

/// One of so many servers that hears messages.
struct Server {
    node: Node,
    cx: Stub,
}

impl Server {
    fn new(me: u32, servers: u32, node: Node) -> Self {
        Self { node: one_of(servers, node), cx: Stub::new(me, servers) }
    }

    /// A leader of so many, all of whom have as much as it has.
    fn leading(term: u32, log: &[u32], servers: u32) -> Self {
        let matched = alloc::vec![log.len() as u64; servers as usize - 1];
        Self { node: leader(term, log, &matched), cx: Stub::new(0, servers) }
    }

    /// What it says to a message.
    fn hears(&mut self, from: NodeId, message: Message) -> Vec<(NodeId, Message)> {
        Raft::on_message(&mut self.node, from, message, &mut self.cx);
        core::mem::take(&mut self.cx.sent)
    }

    fn times_out(&mut self) -> Vec<(NodeId, Message)> {
        Raft::on_timer(&mut self.node, Timer::Election, &mut self.cx);
        core::mem::take(&mut self.cx.sent)
    }

    fn is_asked(&mut self, id: u32, value: u32) -> Vec<(NodeId, Message)> {
        let request = Request::Do { command: put(1, value).command, serial: None };
        Raft::on_request(&mut self.node, RequestId(id), request, &mut self.cx);
        core::mem::take(&mut self.cx.sent)
    }

    fn role(&self) -> u8 {
        self.node.role.kind()
    }
}

const FOLLOWER: u8 = 0;
const CANDIDATE: u8 = 1;
const LEADER: u8 = 2;

fn heartbeat(term: u32, index: u64, index_term: u32, leader_commit: u64) -> Message {
    append(term, index, index_term, &[], leader_commit)
}

fn append(term: u32, index: u64, index_term: u32, terms: &[u32], leader_commit: u64) -> Message {
    Message::AppendEntries {
        term,
        prev_log_index: index,
        prev_log_term: index_term,
        entries: log_of(terms).entries(1, 64),
        leader_commit,
        round: 0,
    }
}

fn accepted(term: u32, match_index: u64) -> Message {
    Message::AppendAccepted { term, match_index, round: 0 }
}

fn request_vote(term: u32, last_log_index: u64, last_log_term: u32) -> Message {
    Message::RequestVote { term, last_log_index, last_log_term, transfer: false }
}

fn vote(term: u32, granted: bool) -> Message {
    Message::Vote { term, granted }
}
