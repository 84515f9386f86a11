//! Raft: several servers keep one log, and one of them leads.
//!
//! Time is cut into *terms*. In each term at most one server leads: a follower that hears nothing
//! for its election timeout stands as candidate in the next term and asks the others for their
//! votes; each server has one vote a term, and whoever gets more than half of all leads.
//! A vote goes only to a candidate whose log is at least as up to date as the voter's.
//!
//! Clients ask the leader. It writes each command into its log and sends it to the followers,
//! together with the index and term of the entry before it. A follower that has another entry
//! there refuses, the leader backs up until the logs agree, and from there on the follower's log
//! becomes the leader's.
//! An entry of the leader's own term that a majority has stored is *committed*, and with it
//! everything before it: no later leader can lack it. Then the leader applies it and answers.
//!
//! Term, vote and log are on disk before anybody hears of them, so a server that crashes keeps its
//! word.
//!
//! Ongaro and Ousterhout, "In search of an understandable consensus algorithm (extended version)",
//! 2014. Section numbers in this room are those of the paper; "diss." is Ongaro's dissertation,
//! "Consensus: bridging theory and practice", 2014.
//!
//! Read [`Message`] first, then `term.rs`, `election.rs`, `replication.rs` with `append.rs`,
//! `commit.rs`; `stable.rs` tells what waits for the disk.
//! What a scenario may switch on besides has a file each: sessions (`machine.rs`), reads
//! (`reads.rs` on `contact.rs`), snapshots (`snapshot.rs` on `chunk.rs`), changes of the group
//! (`membership.rs` on `configuration.rs`), catching up before that (`catch_up.rs`), asking before
//! standing (`prevote.rs`), handing over (`transfer.rs`).

mod about;
mod append;
mod catch_up;
mod chunk;
mod client;
mod commit;
mod config;
mod configuration;
mod contact;
mod disk;
mod election;
mod entry;
mod log;
mod machine;
mod membership;
mod message;
mod node;
#[cfg(test)]
mod paper;
mod peer;
mod prevote;
mod properties;
mod quorum;
mod reads;
mod replication;
mod request;
mod show;
mod snapshot;
mod stable;
mod term;
#[cfg(test)]
mod testing;
mod transfer;
mod wishes;
mod written;

pub use catch_up::CatchUp;
pub use chunk::{Chunk, Partial, Record};
pub use client::{Answer, Change, Request};
pub use config::{Config, Sabotage};
pub use configuration::Configuration;
pub use contact::Contact;
pub use disk::{Disk, Write};
pub use entry::{Command, Entries, Entry, Group, Key, Serial};
pub use log::{Log, Place};
pub use machine::{Machine, Session};
pub use message::{Conflict, Message};
pub use node::{Candidate, Leader, Node, Role, Timer};
pub use peer::Peer;
pub use properties::Witness;
pub use quorum::Voters;
pub use reads::{Read, ReadMode, Reads};
pub use snapshot::Snapshot;
pub use transfer::Transfer;

use alloc::vec::Vec;
use append::Append;
use faultline_kernel::{
    About, Card, Cell, Cluster, Cx, Draw, Member, MessageCard, Metric, NodeId, Operation, Outcome,
    RequestId, Seat, Value, Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Raft;

/// What the catalogue calls it.
pub type Room = Raft;

impl faultline_kernel::Protocol for Raft {
    const ABOUT: About = show::ABOUT;
    const METRICS: &'static [Metric] = about::METRICS;
    type Config = Config;
    type Node = Node;
    type Disk = Disk;
    type Write = Write;
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Answer = Answer;
    type Witness = Witness;

    fn members(config: &Config) -> alloc::vec::Vec<Member> {
        (0..config.servers).map(|index| Member::equal(index, "server")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        election::start(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        if let Message::PreVote { term, last_log_index, last_log_term } = message {
            prevote::on_pre_vote(node, from, term, last_log_index, last_log_term, cx);
            return;
        }
        if prevote::pays_no_heed(node, from, &message, cx) || !term::admit(node, from, &message, cx)
        {
            return;
        }
        match message {
            Message::PreVote { .. } => {}
            Message::PreVoteAnswer { granted, .. } => prevote::on_answer(node, from, granted, cx),
            Message::InstallSnapshot { chunk, round, .. } => {
                snapshot::on_install(node, from, &chunk, round, cx);
            }
            Message::SnapshotStored { index, offset, stored, round, .. } => {
                contact::heard(node, from, round, cx);
                snapshot::on_answer(node, from, (index, offset, stored), cx);
            }
            Message::TimeoutNow { .. } => transfer::on_timeout_now(node, from, cx),
            Message::RequestVote { last_log_index, last_log_term, .. } => {
                election::on_request_vote(node, from, last_log_index, last_log_term, cx)
            }
            Message::Vote { granted, .. } => election::on_vote(node, from, granted, cx),
            Message::AppendEntries {
                prev_log_index,
                prev_log_term,
                entries,
                leader_commit,
                round,
                ..
            } => {
                let append =
                    Append { prev_log_index, prev_log_term, entries, leader_commit, round };
                append::on_append(node, from, &append, cx);
            }
            Message::AppendAccepted { match_index, round, .. } => {
                contact::heard(node, from, round, cx);
                replication::on_accepted(node, from, match_index, cx);
            }
            Message::AppendRefused { prev_log_index, conflict, round, .. } => {
                contact::heard(node, from, round, cx);
                replication::on_refused(node, from, prev_log_index, conflict, cx);
            }
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Election => election::on_timeout(node, cx),
            Timer::Heartbeat => replication::on_heartbeat(node, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, request: Request, cx: &mut impl Cx<Self>) {
        request::on_request(node, id, &request, cx);
    }

    fn write(disk: &mut Disk, write: Write) {
        disk.write(&write);
    }

    fn check(
        witness: &mut Witness,
        changed: NodeId,
        cluster: &Cluster<'_, Self>,
        verdicts: &mut Verdicts,
    ) {
        properties::check(witness, changed, cluster, verdicts);
    }

    fn weight(seat: &Seat<Self>) -> usize {
        seat.node.as_ref().map_or(0, Node::weight) + seat.disk.log.weight()
    }

    fn witness_weight(witness: &Witness) -> usize {
        witness.weight()
    }

    fn show(config: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
        show::card(config, node, disk, member.id)
    }

    fn cells(node: Option<&Node>, disk: &Disk) -> Vec<Cell> {
        show::whole(node, disk)
    }

    fn kind(message: &Message) -> u8 {
        message.kind()
    }

    fn show_message(message: &Message) -> MessageCard {
        show::message(message)
    }

    fn answer_kind(answer: &Answer) -> u8 {
        answer.kind()
    }

    fn redirect(answer: &Answer) -> Option<NodeId> {
        match answer {
            Answer::NotLeader { hint } => *hint,
            Answer::Done
            | Answer::Busy
            | Answer::Value(_)
            | Answer::Differs(_)
            | Answer::NoSession
            | Answer::Refused => None,
        }
    }

    fn sample_request(count: u32) -> Request {
        let command = Command::Put { key: Key::sample(count), value: count.saturating_add(1) };
        Request::Do { command, serial: None }
    }

    fn random_request(config: &Config, mood: u64, number: u64, draw: &mut Draw) -> Option<Request> {
        wishes::random(config, mood, number, draw)
    }

    fn introduction(client: u32) -> Option<Request> {
        wishes::introduction(client)
    }

    fn clocks(config: &Config) -> (u32, u32) {
        wishes::clocks(config)
    }

    fn show_request(request: &Request) -> Value {
        request.label().into()
    }

    fn operation(request: &Request) -> Option<Operation> {
        client::operation(request)
    }

    fn request(operation: &Operation) -> Option<Request> {
        client::request(operation)
    }

    fn outcome(answer: &Answer) -> Outcome {
        answer.outcome()
    }
}
