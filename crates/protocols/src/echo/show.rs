//! How the room describes itself and looks.

use super::{Disk, Message, Node};
use alloc::vec;
use faultline_kernel::{
    About, AnswerKind, Badge, Card, Field, Form, MessageCard, MessageKind, NoteKind, PropertyKind,
    RoleKind, RoleShape, Shape, TimerKind, Weight,
};

pub(super) const ASKS: u8 = 0;
pub(super) const ASKS_AGAIN: u8 = 1;
pub(super) const ECHOED: u8 = 2;

const SOURCE: &str = "Echo";

pub(super) const ABOUT: About = About {
    id: "echo",
    version: 1,
    sources: &["The smallest exchange there is; compare the echo server of RFC 862."],
    roles: &[
        RoleKind { id: "idle", shape: RoleShape::Plain },
        RoleKind { id: "asking", shape: RoleShape::Dashed },
    ],
    messages: &[
        MessageKind {
            id: "ask",
            shape: Shape::Diamond,
            letter: 'A',
            form: Form::Request,
            routine: false,
        },
        MessageKind {
            id: "reply",
            shape: Shape::Diamond,
            letter: 'R',
            form: Form::Reply,
            routine: false,
        },
    ],
    timers: &[TimerKind { id: "patience", shown: true }],
    notes: &[
        NoteKind { id: "asks", args: &["word", "to"], source: SOURCE, weight: Weight::Stirs },
        NoteKind {
            id: "asks-again",
            args: &["word", "waited"],
            source: SOURCE,
            weight: Weight::Stirs,
        },
        NoteKind { id: "echoed", args: &["word"], source: SOURCE, weight: Weight::Settles },
    ],
    answers: &[AnswerKind { id: "echoed", done: true }, AnswerKind { id: "busy", done: false }],
    properties: &[PropertyKind { id: "only-what-was-asked", source: SOURCE }],
};

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
