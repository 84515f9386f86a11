//! Rumour mongering: a site that hears something new tells others, until telling bores it.
//!
//! A rumour starts at one site. A site is *susceptible* while it does not know the rumour,
//! *infective* while it knows it and spreads it, and *removed* when it knows it and has lost
//! interest. Once in a round each spreading site picks a partner at random and *pushes* the rumour
//! to it; or every site picks a partner and *pulls*: is there anything new? Or both.
//!
//! With *feedback* the partner says whether the rumour was new to it, and a site loses interest in
//! it by contacts that were useless; *blind*, it does so whatever the partner knew. By *counter*,
//! after k such contacts in a row; by *coin*, after each of them with probability 1/k.
//! So a rumour ends by itself, but some sites may never hear of it: the *residue*.
//!
//! Push grows fast while few know and wastes its contacts near the end; pull is slow at first and
//! near the end leaves only the square of the share that did not know the round before.
//!
//! A site that knows the rumour has it on disk before it tells anybody. That it was spreading it
//! is forgotten in a crash.
//!
//! The same handlers run in two kinds of time: in free-running time every site has rounds of its
//! own; in synchronous cycles all that happens in a cycle happens at one moment of the clock. The
//! rules that speak of a cycle in the paper speak of a moment here.
//!
//! Demers and others, "Epidemic algorithms for replicated database maintenance", 1987, whose
//! sections and tables are meant by the numbers in this room; Karp, Schindelhauer, Shenker,
//! Vöcking, "Randomized rumor spreading", 2000.
//!
//! Read [`Message`] first, then `spread.rs`, `interest.rs`, `news.rs`.

mod about;
mod config;
#[cfg(test)]
mod cycles;
mod interest;
mod message;
mod news;
mod node;
mod properties;
mod show;
mod spread;
#[cfg(test)]
mod testing;

pub use config::{Config, Sabotage};
pub use message::Message;
pub use node::{Answer, Disk, Mark, Node, Request, State, Timer, Write};
pub use properties::Witness;

use faultline_kernel::{
    About, Card, Cluster, Cx, Member, MessageCard, Metric, NodeId, RequestId, SwarmMetric, Value,
    Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Rumour;

/// What the catalogue calls it.
pub type Room = Rumour;

impl faultline_kernel::Protocol for Rumour {
    const ABOUT: About = show::ABOUT;
    const METRICS: &'static [Metric] = about::METRICS;
    const SWARM_METRICS: &'static [SwarmMetric] = about::SWARM_METRICS;
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
        (0..config.nodes).map(|index| Member::equal(index, "site")).collect()
    }

    fn population(config: &Config) -> Option<(u32, &'static str)> {
        Some((config.nodes, "site"))
    }

    #[inline(always)]
    fn ignores(config: &Config, role: u8, message: &Message) -> bool {
        let told = matches!(message, Message::Push | Message::Tell);
        told & config.blind & (role != State::Susceptible as u8)
    }

    #[inline]
    fn role(node: &Node) -> u8 {
        node.role()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        news::start(disk, cx)
    }

    #[inline(always)]
    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Push | Message::Tell => news::on_rumour(node, from, cx),
            Message::Pull => spread::on_pull(node, from, cx),
            Message::New => interest::on_new(node, from, cx),
            Message::Knew => interest::on_knew(node, from, cx),
        }
    }

    #[inline(always)]
    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Round => spread::on_round(node, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, _request: Request, cx: &mut impl Cx<Self>) {
        news::on_request(node, id, cx);
    }

    #[inline]
    fn write(disk: &mut Disk, _write: Write) {
        disk.knows = true;
    }

    fn check(
        witness: &mut Witness,
        changed: NodeId,
        cluster: &Cluster<'_, Self>,
        verdicts: &mut Verdicts,
    ) {
        properties::check(witness, changed, cluster, verdicts);
    }

    fn witness_weight(witness: &Witness) -> usize {
        witness.weight()
    }

    fn show(config: &Config, node: Option<&Node>, disk: &Disk, _: &Member) -> Card {
        show::card(config, node, disk)
    }

    #[inline]
    fn kind(message: &Message) -> u8 {
        *message as u8
    }

    fn show_message(_: &Message) -> MessageCard {
        MessageCard::default()
    }

    fn answer_kind(answer: &Answer) -> u8 {
        *answer as u8
    }

    fn sample_request(_: u32) -> Request {
        Request {}
    }

    fn show_request(_: &Request) -> Value {
        Value::Word("rumour")
    }
}
