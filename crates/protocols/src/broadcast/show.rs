//! How the room looks: cards of nodes and messages. Its tables are in `about.rs`.

use super::node::{Disk, Id, Node, Peer};
use super::{Config, Message};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use faultline_kernel::{
    Card, Cell, CellState, Field, Label, Mark, Member, MessageCard, NodeId, Tally, Tie, Value,
};

pub(super) use super::about::*;

/// How many broadcasts stand under a node.
const CELLS: usize = 8;

/// A node; its dots are its neighbours: full over eager links, crossed over lazy ones.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
    let mut fields = Vec::from([Field::disk("number", disk.number)]);
    let Some(node) = node else {
        return Card { fields, ties: Some(Vec::new()), ..Card::default() };
    };
    for peer in &node.active {
        let kind = Value::Word(if peer.eager { "eager" } else { "lazy" });
        fields.push(Field::memory("link", kind).about(peer.id));
    }
    // One broadcast may be announced by several neighbours.
    let missing: BTreeSet<Id> = node.missing.iter().map(|missing| missing.id).collect();
    let count = |length: usize| length as u64;
    fields.extend(node.passive.iter().map(|id| Field::memory("passive", *id)));
    fields.extend([
        Field::memory("neighbours", count(node.active.len())),
        Field::memory("delivered", count(node.delivered.len())),
        Field::memory("duplicates", node.duplicates),
        Field::memory("missing", count(missing.len())),
    ]);
    let before = node.delivered.len().saturating_sub(CELLS);
    Card {
        role: role(node, member.id),
        tally: tally(config, node),
        strip: node.delivered.iter_from(before).map(cell).collect(),
        strip_before: before as u64,
        marks: marks(node),
        ties: Some(node.active.iter().map(tie).collect()),
        fields,
        ..Card::default()
    }
}

/// Eager links are the tree; lazy ones stand by.
fn tie(peer: &Peer) -> Tie {
    Tie { to: peer.id, strong: peer.eager }
}

fn role(node: &Node, me: NodeId) -> u8 {
    match node.delivered.last() {
        _ if node.active.is_empty() => OUTSIDE,
        Some(id) if id.origin == me => SOURCE,
        Some(_) => INFORMED,
        None => MEMBER,
    }
}

fn tally(config: &Config, node: &Node) -> Option<Tally> {
    let peers = |eager| {
        let peers = node.active.iter().filter(move |peer| peer.eager == eager);
        peers.map(|peer| peer.id).collect()
    };
    let of = config.active;
    Some(Tally { yes: peers(true), no: peers(false), of, enough: of })
}

fn cell(id: &Id) -> Cell {
    let text = Label::format(format_args!("{}·{}", id.origin, id.number));
    Cell { hue: u64::from(id.origin.0) + 1, text, state: CellState::Firm }
}

/// Whose announcement it waits for.
fn marks(node: &Node) -> Vec<Mark> {
    let waits = node.missing.first().map(|missing| missing.announcer);
    waits.map(|announcer| Mark { id: "misses", about: Some(announcer) }).into_iter().collect()
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let fields = match message {
        Message::ForwardJoin { new, ttl } => {
            Vec::from([("new", (*new).into()), ("ttl", (*ttl).into())])
        }
        Message::Shuffle { origin, ttl, nodes } => Vec::from([
            ("origin", (*origin).into()),
            ("ttl", (*ttl).into()),
            ("nodes", (nodes.len() as u64).into()),
        ]),
        Message::ShuffleReply { nodes } => Vec::from([("nodes", (nodes.len() as u64).into())]),
        Message::Gossip { id } | Message::IHave { id } | Message::Graft { id } => {
            Vec::from([("origin", id.origin.into()), ("number", id.number.into())])
        }
        Message::Join
        | Message::Neighbour { .. }
        | Message::Accept
        | Message::Refuse
        | Message::Disconnect
        | Message::Alive
        | Message::Prune => Vec::new(),
    };
    MessageCard { fields }
}
