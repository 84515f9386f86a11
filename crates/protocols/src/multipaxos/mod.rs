//! Multi-Paxos: several servers agree on one command after the other, and one of them leads.
//!
//! The log has *slots*, and in each of them Paxos chooses one command: a quorum has accepted it in
//! one *ballot*. Every server is proposer, acceptor and learner at once.
//!
//! A server that wants to lead begins a ballot, higher than any it has heard of, and asks the
//! others to promise that they will accept nothing in a lower one: phase 1, and it is done once for
//! all slots. Those that promise tell what they have accepted and how far they know the log to be
//! chosen. With a quorum of promises it leads: in each open slot that it was told of it proposes
//! the command of the highest ballot again, holes it fills with a command that does nothing, and
//! from then on each command of a client costs one phase 2: accept, accepted, chosen.
//!
//! Servers apply what is chosen in the order of slots, and answer the clients that wait. One that
//! has fallen behind asks; a prefix that is applied may be forgotten, and then the variables are
//! told instead. With leases a leader reads from memory; without, a read takes a slot as well.
//!
//! Promises and acceptances are on disk before anybody hears of them.
//!
//! Lamport, "The part-time parliament", 1998, and "Paxos made simple", 2001; van Renesse and
//! Altinbuken, "Paxos made moderately complex", 2015; Howard, Malkhi, Spiegelman, "Flexible Paxos",
//! 2016. The room `paxos` shows one slot with its roles apart.
//!
//! Read [`Message`] first, then `lead.rs`, `prepare.rs`, `propose.rs`, `learn.rs`, `request.rs`,
//! `lease.rs`; `log.rs` tells what a server keeps.

mod about;
mod clients;
mod config;
mod disk;
mod lead;
mod learn;
mod lease;
mod log;
mod message;
mod node;
mod prepare;
mod properties;
mod propose;
mod request;
mod show;
#[cfg(test)]
mod testing;

pub use crate::ballot::Ballot;
pub use crate::store::{Command, Key, Operation, Outcome, Session, Store};
pub use config::{Config, Sabotage};
pub use disk::{Disk, Write};
pub use log::{Log, Vote, Votes};
pub use message::Message;
pub use node::{Answer, Candidate, Leader, Node, Proposal, Role, Served, Timer};
pub use properties::Witness;

use alloc::vec::Vec;
use faultline_kernel::{
    About, Card, Cell, Cluster, Cx, Draw, Member, MessageCard, Metric, NodeId, RequestId, Seat,
    Value, Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct MultiPaxos;

/// What the catalogue calls it.
pub type Room = MultiPaxos;

impl faultline_kernel::Protocol for MultiPaxos {
    const ABOUT: About = show::ABOUT;
    const METRICS: &'static [Metric] = about::METRICS;
    type Config = Config;
    type Node = Node;
    type Disk = Disk;
    type Write = Write;
    type Message = Message;
    type Timer = Timer;
    type Request = Command;
    type Answer = Answer;
    type Witness = Witness;

    fn members(config: &Config) -> Vec<Member> {
        (0..config.servers).map(|index| Member::equal(index, "server")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        lead::start(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Prepare { ballot } => prepare::on_prepare(node, from, ballot, cx),
            Message::Promise { ballot, chosen, votes } => {
                prepare::on_promise(node, from, ballot, (chosen, &votes), cx);
            }
            Message::Refused { ballot, promised } => {
                lead::on_refused(node, from, ballot, promised, cx);
            }
            Message::Accept { slot, vote } => propose::on_accept(node, from, slot, vote, cx),
            Message::Accepted { ballot, slot } => {
                propose::on_accepted(node, from, ballot, slot, cx);
            }
            Message::Chosen { first, votes } => learn::on_chosen(node, from, first, &votes, cx),
            Message::Heartbeat { ballot, chosen, sent } => {
                lead::on_heartbeat(node, from, (ballot, chosen, sent), cx);
            }
            Message::Granted { ballot, sent } => lease::on_granted(node, from, ballot, sent, cx),
            Message::Ask { first } => learn::on_ask(node, from, first, cx),
            Message::Snapshot { upto, store } => learn::on_snapshot(node, from, upto, &store, cx),
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Election => lead::on_timeout(node, cx),
            Timer::Heartbeat => lead::on_heartbeat_due(node, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, request: Command, cx: &mut impl Cx<Self>) {
        request::on_request(node, id, request, cx);
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

    fn show(config: &Config, node: Option<&Node>, disk: &Disk, _: &Member) -> Card {
        show::card(config, node, disk)
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
        match answer {
            Answer::Applied(Outcome::Done) => 0,
            Answer::Applied(Outcome::Read(_)) => 1,
            Answer::Applied(Outcome::Swapped) => 2,
            Answer::Applied(Outcome::Differs(_)) => 3,
            Answer::NotLeader { .. } => 4,
            Answer::Busy => 5,
        }
    }

    fn redirect(answer: &Answer) -> Option<NodeId> {
        match answer {
            Answer::NotLeader { hint } => *hint,
            Answer::Applied(_) | Answer::Busy => None,
        }
    }

    fn sample_request(count: u32) -> Command {
        Command::sample(count)
    }

    fn random_request(_: &Config, _: u64, number: u64, draw: &mut Draw) -> Option<Command> {
        Some(clients::random(number, draw))
    }

    fn clocks(config: &Config) -> (u32, u32) {
        config.clocks()
    }

    fn introduction(client: u32) -> Option<Command> {
        clients::introduction(client)
    }

    fn show_request(request: &Command) -> Value {
        request.label().into()
    }

    fn operation(request: &Command) -> Option<faultline_kernel::Operation> {
        clients::operation(request)
    }

    fn request(operation: &faultline_kernel::Operation) -> Option<Command> {
        clients::request(operation)
    }

    fn outcome(answer: &Answer) -> faultline_kernel::Outcome {
        clients::outcome(answer)
    }
}
