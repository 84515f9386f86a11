//! Echo: ask a neighbour, get your words back. The smallest room; read it first, copy it.
//!
//! A client gives a word to one node. The node sends it to the next node round the ring and waits.
//! The neighbour sends it back. When it comes back the node tells the client.
//! A message may be lost, so the node asks again each time its patience ends, until it is answered.
//! The word is on disk before it is sent, so a node that crashes asks on when it is back.

mod about;
mod ask;
mod message;
mod node;
mod properties;
mod show;

pub use message::Message;
pub use node::{Answer, Config, Disk, Node, Request, Timer, Write};
pub use properties::Witness;

use faultline_kernel::{
    About, Card, Cluster, Cx, Member, MessageCard, NodeId, RequestId, Value, Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Echo;

/// What the catalogue calls it.
pub type Room = Echo;

impl faultline_kernel::Protocol for Echo {
    const ABOUT: About = about::ABOUT;
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
        (0..config.nodes).map(|index| Member::equal(index, "node")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        ask::resume(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Ask { word } => ask::reply(from, word, cx),
            Message::Reply { word } => ask::accept(node, word, cx),
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Patience => ask::again(node, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, request: Request, cx: &mut impl Cx<Self>) {
        ask::begin(node, id, request.word, cx);
    }

    fn write(disk: &mut Disk, write: Write) {
        disk.asking = write.asking;
    }

    fn check(
        witness: &mut Witness,
        changed: NodeId,
        cluster: &Cluster<'_, Self>,
        verdicts: &mut Verdicts,
    ) {
        properties::check(witness, changed, cluster, verdicts);
    }

    fn show(_: &Config, node: Option<&Node>, disk: &Disk, _: &Member) -> Card {
        show::card(node, disk)
    }

    fn kind(message: &Message) -> u8 {
        message.kind()
    }

    fn show_message(message: &Message) -> MessageCard {
        show::message(message)
    }

    fn answer_kind(answer: &Answer) -> u8 {
        match answer {
            Answer::Echoed => 0,
            Answer::Busy => 1,
        }
    }

    fn sample_request(count: u32) -> Request {
        Request { word: count }
    }

    fn show_request(request: &Request) -> Value {
        request.word.into()
    }
}
