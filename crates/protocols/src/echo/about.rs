//! What the room says about itself: its tables.

use faultline_kernel::{
    About, AnswerKind, Form, MessageKind, NoteKind, PropertyKind, RoleKind, RoleShape, Shape,
    TimerKind, Weight,
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
