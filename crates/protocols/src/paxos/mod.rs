//! Paxos: proposers want a value, acceptors choose one, learners find out which.
//!
//! One value is to be chosen, once and for ever, though nodes crash and messages are lost.
//! It is chosen when a *quorum* of acceptors, by default more than half, has accepted it in one
//! *ballot*. Every ballot has a number of its own and belongs to one proposer.
//!
//! In phase 1 a proposer asks the acceptors to promise that they will accept nothing in a lower
//! ballot; each that promises also tells what it has accepted. In phase 2 the proposer proposes a
//! value: if it was told of any, that of the highest ballot, otherwise its own; and each acceptor
//! accepts unless it has promised a higher ballot meanwhile.
//! Two quorums always have an acceptor in common. So whoever comes after a choice is told of it by
//! at least one acceptor, and proposes the same value again: a choice can never be undone.
//! Only the quorums of the two phases have to meet each other, which leaves their sizes free.
//!
//! Promises and acceptances are on disk before anybody hears of them, and so is the number of a
//! ballot before it begins.
//!
//! Lamport, "The part-time parliament", 1998, and "Paxos made simple", 2001, whose sections are
//! meant by the numbers in this room; Howard, Malkhi, Spiegelman, "Flexible Paxos", 2016.
//!
//! Read [`Message`] first, then `prepare.rs`, `propose.rs`, `learn.rs`, `retry.rs`, `leader.rs`;
//! `roster.rs` tells who plays which role, and `../ballot.rs` how ballots are numbered.

mod about;
mod config;
mod leader;
mod learn;
mod message;
mod node;
mod prepare;
mod properties;
mod propose;
mod request;
mod retry;
mod roster;
mod show;
#[cfg(test)]
mod testing;

pub use crate::ballot::{Ballot, Decree, Vote};
pub use crate::quorum::{Acceptors, Quorum};
pub use config::{Config, Sabotage};
pub use message::Message;
pub use node::{Acceptor, Answer, Attempt, Disk, Learner, Node, Proposer, Request, Timer, Write};
pub use properties::Witness;
pub use roster::Roster;

use faultline_kernel::{
    About, Card, Cluster, Cx, Draw, Member, MessageCard, Metric, NodeId, RequestId, Seat, Value,
    Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Paxos;

/// What the catalogue calls it.
pub type Room = Paxos;

impl faultline_kernel::Protocol for Paxos {
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

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        request::start(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Prepare { ballot } => prepare::on_prepare(node, from, ballot, cx),
            Message::Promise { ballot, accepted } => {
                prepare::on_promise(node, from, ballot, accepted, cx);
            }
            Message::PrepareRefused { ballot, promised }
            | Message::AcceptRefused { ballot, promised } => {
                retry::on_refused(node, from, ballot, promised, cx);
            }
            Message::Accept(vote) => propose::on_accept(node, from, vote, cx),
            Message::Accepted(vote) => {
                propose::on_accepted(node, from, vote, cx);
                learn::on_accepted(node, from, vote, cx);
            }
            Message::Chosen(vote) => learn::on_chosen(node, from, vote, cx),
            Message::Ask => learn::on_ask(node, from, cx),
            Message::Alive => leader::on_alive(node, from, cx),
            Message::Forward { value } => leader::on_forward(node, from, value, cx),
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Retry => retry::on_timeout(node, cx),
            Timer::Ask => learn::on_timeout(node, cx),
            Timer::Speak => leader::speak(cx),
        }
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

    fn show(_: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
        show::card(node, disk, member)
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
