//! Anti-entropy: sites compare what they have, two at a time, until all have the same.
//!
//! Each site holds a small database: keys, and for each key the newest version that it has heard
//! of. A version carries a *timestamp*, the local clock of the site where it was written and that
//! site's number, so of two versions everybody takes the same for the newer one.
//!
//! Now and then each site picks a partner at random and resolves their differences: by *push* the
//! partner takes what is newer here, by *pull* this site takes what is newer there, or both. They
//! compare by a list of all keys with their timestamps; or by *digests* of ranges of keys, down a
//! tree, so that what is equal costs one digest and only what differs is looked at closely.
//!
//! Nothing needs to be remembered about who has what: whatever was lost is found at the next
//! comparison. So anti-entropy alone reaches everybody, if slowly.
//!
//! A deleted item would come back from any site that has not heard of the deletion. Therefore a
//! deletion is a version too, a *death certificate*, and is spread like any other; after a time τ1
//! it is taken for known everywhere and dropped. With *dormant* certificates a few sites keep it
//! for a further τ2 and awaken it when they meet the item again.
//!
//! Demers and others, "Epidemic algorithms for replicated database maintenance", 1987, whose
//! sections are meant by the numbers in this room; trees of digests after Merkle, "A digital
//! signature based on a conventional encryption function", 1987, used like this in DeCandia and
//! others, "Dynamo", 2007.
//!
//! Read [`Message`] first, then `exchange.rs`, `store.rs`, `certificates.rs`; `tree.rs` says which
//! keys a digest covers.

mod about;
mod certificates;
mod config;
mod exchange;
mod item;
mod message;
mod node;
mod properties;
mod show;
mod store;
#[cfg(test)]
mod testing;
mod tree;

pub use config::{Config, Sabotage};
pub use item::{Item, Key, Stamp, Store};
pub use message::Message;
pub use node::{Answer, Disk, Node, Request, Timer, Write};
pub use properties::Witness;

use faultline_kernel::{
    About, Card, Cluster, Cx, Member, MessageCard, Metric, NodeId, RequestId, Seat, Value, Verdicts,
};

/// The room.
#[derive(Clone, Copy, Debug)]
pub struct AntiEntropy;

/// What the catalogue calls it.
pub type Room = AntiEntropy;

impl faultline_kernel::Protocol for AntiEntropy {
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
        (0..config.nodes).map(|index| Member::equal(index, "site")).collect()
    }

    fn boot(disk: &Disk, _member: &Member, cx: &mut impl Cx<Self>) -> Node {
        exchange::set_round(cx);
        store::start(disk, cx)
    }

    fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Self>) {
        certificates::retire(node, cx);
        match message {
            Message::Digests { back, level, digests } => {
                exchange::on_digests(node, from, back, level, &digests, cx);
            }
            Message::Stamps { back, whole, stamps } => {
                exchange::on_stamps(node, from, back, whole, &stamps, cx);
            }
            Message::Items { back, items, wanted } => {
                exchange::on_items(node, from, back, &items, &wanted, cx);
            }
        }
    }

    fn on_timer(node: &mut Node, timer: Timer, cx: &mut impl Cx<Self>) {
        match timer {
            Timer::Round => {
                certificates::retire(node, cx);
                exchange::begin(node, cx);
            }
        }
    }

    fn on_request(node: &mut Node, id: RequestId, request: Request, cx: &mut impl Cx<Self>) {
        match request {
            Request::Put { put, value } => store::put(node, id, put, value, cx),
            Request::Delete { delete } => store::delete(node, id, delete, cx),
        }
    }

    fn write(disk: &mut Disk, write: Write) {
        disk.write(write);
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
        let memory = seat.node.as_ref().map_or(0, |node| node.items.len() + node.asleep.len());
        (memory + seat.disk.items.len()) * size_of::<(Key, Item)>()
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
        *answer as u8
    }

    fn sample_request(count: u32) -> Request {
        Request::sample(count)
    }

    fn show_request(request: &Request) -> Value {
        show::request(request)
    }
}
