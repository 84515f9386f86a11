//! SWIM: everybody in a group knows who else is in it, and hears soon who is not any more.
//!
//! Once in a *protocol period* each member pings one other. Who does not answer is asked again by
//! way of `k` others, for it may be only the path. Who has not answered by the end of the period
//! is *suspected*: it has time to object, and only then it is declared dead.
//! That is news, and news has no messages of its own: it rides on the pings and answers that fly
//! anyway, a few rumours on each, like an infection. So what a member has to send and receive does
//! not grow with the group, and a crash is known to all after a time that grows with its logarithm.
//!
//! Rumours overtake one another. Therefore each member has an *incarnation*, which it alone raises,
//! when it hears that it is suspected; and opinions have an order: alive(i) < suspect(i) <
//! alive(i + 1), and dead overrides all. Who was declared dead wrongly comes back as a new process.
//!
//! With *Lifeguard* a member that gets few answers doubts itself first.
//!
//! Das, Gupta, Motivala, "SWIM", 2002; Dadgar, Phillips, Currey, "Lifeguard", 2018.
//!
//! Read [`Message`] first, then `opinion.rs`, `probe.rs`, `suspect.rs`, `spread.rs`, `join.rs`,
//! `lifeguard.rs`; `scale.rs` has the logarithms.

mod about;
mod config;
mod join;
mod lifeguard;
mod message;
mod node;
mod opinion;
mod probe;
mod properties;
mod scale;
mod show;
mod spread;
mod suspect;
#[cfg(test)]
mod testing;

pub use config::{Config, Sabotage};
pub use message::{Message, Says};
pub use node::{
    Answer, Disk, Node, PIGGYBACK_MAX, Probe, Relay, Request, SYNC_MAX, Spread, Suspicion, Timer,
    Write,
};
pub use opinion::{Opinion, Rumour, State};
pub use properties::Witness;

use faultline_kernel::{
    About, Card, Cluster, Cx, Label, Member, MessageCard, Metric, NodeId, RequestId, Seat, Value,
    Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Swim;

/// What the catalogue calls it.
pub type Room = Swim;

impl faultline_kernel::Protocol for Swim {
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
        (0..config.members).map(|index| Member::equal(index, "member")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        join::boot(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        spread::on_message(node, from, message, cx);
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Period => probe::on_period(node, cx),
            Timer::Ping => probe::on_ping_timeout(node, cx),
            Timer::Suspicion(about) => suspect::on_timeout(node, about, cx),
            Timer::Nack(origin) => lifeguard::on_nack_timeout(node, origin, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, request: Request, cx: &mut impl Cx<Self>) {
        let me = cx.me();
        let wants_in = match request {
            Request::Join => true,
            Request::Leave => false,
            Request::Change => !node.is_member(me),
        };
        let answer = match (wants_in, node.is_member(me)) {
            (true, false) => {
                join::enter(node, node.opinion(me).life + 1, cx);
                Answer::Joins
            }
            (false, true) => {
                join::leave(node, cx);
                Answer::Left
            }
            (true, true) | (false, false) => Answer::Already,
        };
        cx.answer(id, answer);
    }

    fn write(disk: &mut Disk, write: Write) {
        disk.life = u16::try_from(write.life).unwrap_or(u16::MAX);
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
            Answer::Joins => 0,
            Answer::Left => 1,
            Answer::Already => 2,
        }
    }

    fn sample_request(count: u32) -> Request {
        // Now and then somebody leaves, and comes back soon: a group is left for others to see.
        if count.is_multiple_of(4) { Request::Change } else { Request::Join }
    }

    fn show_request(request: &Request) -> Value {
        Value::Label(Label::new(match request {
            Request::Join => "join",
            Request::Leave => "leave",
            Request::Change => "join or leave",
        }))
    }
}
