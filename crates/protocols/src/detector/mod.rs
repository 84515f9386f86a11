//! Failure detectors: who has been silent for too long?
//!
//! Every node sends a heartbeat to every other, again and again. When none comes for some time its
//! sender is *suspected*; when the next one comes it is trusted again. The only question is how
//! long a silence is too long: the shorter, the sooner a crash is noticed, and the more often
//! somebody is suspected who is only slow.
//!
//! A fixed timeout answers it once and for all. The φ accrual detector learns from the intervals it
//! has seen: φ says how unlikely the present silence is, on a scale that goes up by one for each
//! factor of ten. So one threshold means the same on a quick network and on a slow one.
//!
//! Hayashibara, Défago, Yared, Katayama, "The φ accrual failure detector", 2004.
//!
//! Read [`Heartbeat`] first, then `watch.rs`, `window.rs`, `phi.rs`.

mod about;
mod config;
mod message;
mod node;
mod phi;
mod properties;
mod show;
mod watch;
mod window;

pub use config::Config;
pub use message::Heartbeat;
pub use node::{Answer, Disk, Node, Peer, Request, Timer};
pub use properties::Witness;
pub use window::Window;

use faultline_kernel::{
    About, Card, Cluster, Cx, Label, Member, MessageCard, Metric, NodeId, RequestId, Seat, Value,
    Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Detector;

/// What the catalogue calls it.
pub type Room = Detector;

impl faultline_kernel::Protocol for Detector {
    const ABOUT: About = show::ABOUT;
    const METRICS: &'static [Metric] = about::METRICS;
    type Config = Config;
    type Node = Node;
    type Disk = Disk;
    /// A new life begins.
    type Write = u32;
    type Message = Heartbeat;
    type Timer = Timer;
    type Request = Request;
    type Answer = Answer;
    type Witness = Witness;

    fn members(config: &Config) -> alloc::vec::Vec<Member> {
        (0..config.nodes).map(|index| Member::equal(index, "node")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        watch::boot(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Heartbeat, cx: &mut impl Cx<Self>) {
        watch::on_heartbeat(node, from, message, cx);
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Beat => watch::on_beat(node, cx),
            Timer::Watch(about) => watch::on_silence(node, about, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, _request: Request, cx: &mut impl Cx<Self>) {
        let somebody = node.peers.iter().any(|peer| peer.suspected);
        cx.answer(id, if somebody { Answer::Somebody } else { Answer::Nobody });
    }

    fn write(disk: &mut Disk, life: u32) {
        disk.life = u16::try_from(life).unwrap_or(u16::MAX);
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

    fn kind(_: &Heartbeat) -> u8 {
        0
    }

    fn show_message(message: &Heartbeat) -> MessageCard {
        show::message(*message)
    }

    fn answer_kind(answer: &Answer) -> u8 {
        match answer {
            Answer::Nobody => 0,
            Answer::Somebody => 1,
        }
    }

    fn sample_request(_: u32) -> Request {
        Request::Ask
    }

    fn show_request(_: &Request) -> Value {
        Value::Label(Label::new("suspects?"))
    }
}
