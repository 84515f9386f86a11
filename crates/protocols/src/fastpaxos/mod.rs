//! Fast Paxos: a value is chosen two messages after it was proposed, if nobody else proposes one.
//!
//! Paxos needs three: proposer to coordinator, coordinator to acceptors, acceptors to learners.
//! Here a coordinator opens a *fast* round beforehand with an "any" message, and from then on
//! proposers send their values to the acceptors themselves. Each acceptor accepts the first value
//! that reaches it.
//!
//! The price is that a fast round may end without a choice: if two values are on their way at once
//! some acceptors take the one and some the other. The coordinator sees the collision and settles
//! it in a *classic* round, with a value that it has to pick with care: one of the two may have
//! been chosen. For the rule to have one answer, fast quorums must be larger: any two of them and
//! any classic quorum need an acceptor in common. With five acceptors that is four.
//!
//! Lamport, "Fast Paxos", 2005, whose sections are meant by the numbers in this room. The room
//! `paxos` has what both have in common in more detail.
//!
//! Read [`Message`] first, then `round.rs`, `pick.rs`, `vote.rs`, `collision.rs`, `learn.rs`,
//! `request.rs`.

mod about;
mod collision;
mod config;
mod learn;
mod message;
mod node;
mod pick;
mod properties;
mod request;
mod roster;
mod round;
mod show;
#[cfg(test)]
mod testing;
mod vote;

pub use crate::ballot::{Ballot, Decree, Vote};
pub use config::{Config, Sabotage};
pub use message::Message;
pub use node::{
    Acceptor, Answer, Attempt, Coordinator, Disk, Learner, Node, Part, Proposer, Request, Timer,
    Write,
};
pub use properties::Witness;
pub use roster::Roster;

use faultline_kernel::{
    About, Card, Cluster, Cx, Draw, Member, MessageCard, Metric, NodeId, RequestId, Seat, Value,
    Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct FastPaxos;

/// What the catalogue calls it.
pub type Room = FastPaxos;

impl faultline_kernel::Protocol for FastPaxos {
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
        config.roster.members()
    }

    fn boot(disk: &Disk, member: &Member, cx: &mut impl Cx<Self>) -> Node {
        request::start(disk, member, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Prepare { round } => vote::on_prepare(node, from, round, cx),
            Message::Promise { round, accepted } => {
                round::on_promise(node, from, round, accepted, cx);
            }
            Message::Refused { round, promised } => {
                round::on_refused(node, from, round, promised, cx);
            }
            Message::Any { round } => vote::on_any(node, from, round, cx),
            Message::Accept(vote) => vote::on_accept(node, from, vote, cx),
            Message::Propose { value } => {
                vote::on_propose(node, value, cx);
                round::on_propose(node, from, value, cx);
            }
            Message::Accepted(vote) => {
                collision::on_accepted(node, from, vote, cx);
                learn::on_accepted(node, from, vote, cx);
            }
            Message::Chosen(vote) => learn::on_chosen(node, from, vote, cx),
            Message::Ask => {
                vote::on_ask(node, from, cx);
                round::on_ask(node, from, cx);
            }
        }
    }

    fn on_timer(node: &mut Node, _: Timer, cx: &mut impl Cx<Self>) {
        request::on_timeout(node, cx);
    }

    fn on_request(node: &mut Node, id: RequestId, request: Request, cx: &mut impl Cx<Self>) {
        request::on_request(node, id, request.propose, cx);
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
        seat.node.as_ref().map_or(0, Node::weight)
    }

    fn witness_weight(witness: &Witness) -> usize {
        witness.weight()
    }

    fn show(config: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
        show::card(config, node, disk, member)
    }

    fn kind(message: &Message) -> u8 {
        message.kind()
    }

    fn show_message(message: &Message) -> MessageCard {
        show::message(message)
    }

    fn answer_kind(answer: &Answer) -> u8 {
        match answer {
            Answer::Chosen => 0,
            Answer::Other => 1,
            Answer::NotProposer { .. } => 2,
            Answer::Busy => 3,
        }
    }

    fn redirect(answer: &Answer) -> Option<NodeId> {
        match answer {
            Answer::NotProposer { hint } => Some(*hint),
            Answer::Chosen | Answer::Other | Answer::Busy => None,
        }
    }

    fn sample_request(count: u32) -> Request {
        Request { propose: Decree::sample(count) }
    }

    fn random_request(_: &Config, _: u64, _: u64, draw: &mut Draw) -> Option<Request> {
        Some(Request { propose: request::any(draw) })
    }

    fn show_request(request: &Request) -> Value {
        request.propose.into()
    }
}
