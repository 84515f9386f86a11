//! How the room looks: cards of nodes and messages. Its tables are in `about.rs`.

use super::{Disk, Message, Node};
use alloc::vec;
use faultline_kernel::{Badge, Card, Field, MessageCard};

pub(super) fn card(node: Option<&Node>, disk: &Disk) -> Card {
    let asking = node.and_then(|node| node.asking);
    Card {
        role: u8::from(asking.is_some()),
        badge: node.map(|node| Badge { number: u64::from(node.echoes) }),
        fields: vec![
            Field::memory("waiting-for", asking),
            Field::memory("echoes", node.map(|node| node.echoes)),
            Field::disk("promised", disk.asking),
        ],
        ..Card::default()
    }
}

pub(super) fn message(message: &Message) -> MessageCard {
    let (Message::Ask { word } | Message::Reply { word }) = message;
    MessageCard { fields: vec![("word", (*word).into())] }
}
