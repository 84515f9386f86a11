//! Broadcast over an overlay: HyParView keeps the links, Plumtree makes a tree of them.
//!
//! Nobody knows everybody. A node keeps a small *active view*, its neighbours, with links that are
//! always symmetric, and a larger *passive view* of nodes that it might call when a neighbour
//! fails. A node joins at a contact, which spreads the news by random walks; views are mixed by
//! shuffles; a neighbour of which nothing was heard for long is taken for failed and replaced from
//! the passive view; whoever still has room for a neighbour looks there again after each shuffle.
//!
//! A broadcast goes at once over *eager* links, and over *lazy* ones only as an announcement. At
//! first all links are eager. Whoever gets a message a second time makes that link lazy and has
//! the sender *prune* it, so that soon the eager links are a tree. Whoever is told of a message
//! that does not come *grafts* the link over which it was announced: so the tree heals.
//!
//! Leitão, Pereira, Rodrigues, "HyParView: a membership protocol for reliable gossip-based
//! broadcast", 2007, and "Epidemic broadcast trees", 2007; "HPV" and "PT" in this room, by the
//! sections of the technical reports TR-07-13 and TR-07-14.
//!
//! Where the papers notice failed neighbours by their connections, nodes here send each other signs
//! of life. All announcements of a broadcast have the same patience (PT §3.5 has a shorter one
//! after the first), and the tree is not optimised (PT §3.8).
//!
//! Read [`Message`] first, then `join.rs`, `views.rs`, `shuffle.rs`, `tree.rs`.

mod about;
mod config;
mod join;
mod message;
mod node;
mod properties;
mod show;
mod shuffle;
#[cfg(test)]
mod testing;
mod tree;
mod views;

pub use config::{Config, Sabotage};
pub use message::Message;
pub use node::{Answer, Disk, Id, Missing, Node, Peer, Request, Timer, Write};
pub use properties::Witness;

use faultline_kernel::{
    About, Card, Cluster, Cx, Member, MessageCard, NodeId, RequestId, Seat, Value, Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct Broadcast;

/// What the catalogue calls it.
pub type Room = Broadcast;

impl faultline_kernel::Protocol for Broadcast {
    const ABOUT: About = show::ABOUT;
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
        join::start(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        match message {
            Message::Join => join::on_join(node, from, cx),
            Message::ForwardJoin { new, ttl } => join::on_forward_join(node, from, new, ttl, cx),
            Message::Neighbour { urgent } => views::on_neighbour(node, from, urgent, cx),
            Message::Accept => views::on_accept(node, from, cx),
            Message::Refuse => views::on_refuse(node, from, cx),
            Message::Disconnect => views::on_disconnect(node, from, cx),
            Message::Alive => views::on_alive(node, from, cx),
            Message::Shuffle { origin, ttl, nodes } => {
                shuffle::on_shuffle(node, from, origin, ttl, nodes, cx);
            }
            Message::ShuffleReply { nodes } => shuffle::on_shuffle_reply(node, &nodes, cx),
            Message::Gossip { id } => tree::on_gossip(node, from, id, cx),
            Message::IHave { id } => tree::on_i_have(node, from, id, cx),
            Message::Prune => tree::set_eager(node, from, false),
            Message::Graft { id } => tree::on_graft(node, from, id, cx),
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Join => join::join(node, cx),
            Timer::Tick => views::on_tick(node, cx),
            Timer::Shuffle => shuffle::begin(node, cx),
            Timer::Missing => tree::on_missing(node, cx),
        }
    }

    fn on_request(node: &mut Node, id: RequestId, _request: Request, cx: &mut impl Cx<Self>) {
        tree::broadcast(node, id, cx);
    }

    fn write(disk: &mut Disk, write: Write) {
        disk.number = write.number;
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
            Answer::Sent => 0,
        }
    }

    fn sample_request(_: u32) -> Request {
        Request {}
    }

    fn show_request(_: &Request) -> Value {
        Value::Word("broadcast")
    }
}
