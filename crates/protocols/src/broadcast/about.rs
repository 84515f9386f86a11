//! What the room says about itself: its tables.

use Weight::{Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, MessageKind, NoteKind, PropertyKind, RoleKind, RoleShape, Shape,
    TimerKind, Weight,
};

pub(super) const OUTSIDE: u8 = 0;
pub(super) const MEMBER: u8 = 1;
pub(super) const SOURCE: u8 = 2;
pub(super) const INFORMED: u8 = 3;

pub(super) const JOINS: u8 = 0;
pub(super) const LINKS: u8 = 1;
pub(super) const DROPS: u8 = 2;
pub(super) const GIVES_UP: u8 = 3;
pub(super) const SEEKS: u8 = 4;
pub(super) const BEGINS: u8 = 5;
pub(super) const DELIVERS: u8 = 6;
pub(super) const PRUNES: u8 = 7;
pub(super) const GRAFTS: u8 = 8;
pub(super) const DELIVERS_AGAIN: u8 = 9;

pub(super) const ABOUT: About = About {
    id: "broadcast",
    version: 2,
    sources: &[
        "João Leitão, José Pereira and Luís Rodrigues, \"HyParView: a membership protocol for \
         reliable gossip-based broadcast\", 2007.",
        "João Leitão, José Pereira and Luís Rodrigues, \"Epidemic broadcast trees\", 2007.",
    ],
    roles: &[
        RoleKind { id: "outside", shape: RoleShape::Dashed },
        RoleKind { id: "member", shape: RoleShape::Plain },
        RoleKind { id: "source", shape: RoleShape::Crowned },
        RoleKind { id: "informed", shape: RoleShape::Square },
    ],
    messages: &[
        message("join", Shape::Triangle, 'J', Form::Request),
        message("forward-join", Shape::Triangle, 'F', Form::Request),
        message("neighbour", Shape::Diamond, 'N', Form::Request),
        message("accept", Shape::Diamond, 'N', Form::Reply),
        message("refuse", Shape::Diamond, 'N', Form::Refusal),
        message("disconnect", Shape::Triangle, 'D', Form::Refusal),
        routine("alive", Shape::Round, '♥', Form::Request),
        routine("shuffle", Shape::Diamond, 'S', Form::Request),
        routine("shuffle-reply", Shape::Diamond, 'S', Form::Reply),
        message("gossip", Shape::Square, 'G', Form::Request),
        message("i-have", Shape::Round, 'I', Form::Request),
        message("prune", Shape::Square, 'P', Form::Refusal),
        message("graft", Shape::Square, 'G', Form::Reply),
    ],
    timers: &[
        TimerKind { id: "join", shown: true },
        TimerKind { id: "tick", shown: false },
        TimerKind { id: "shuffle", shown: false },
        TimerKind { id: "missing", shown: true },
    ],
    notes: &[
        note("joins", &["contact"], "HyParView §4.2", Stirs),
        note("links", &["peer"], "HyParView §4.1, §4.5", Plain),
        note("drops", &["dropped", "peer"], "HyParView §4.2", Plain),
        note("gives-up", &["peer", "waited"], "HyParView §4.3", Stirs),
        note("seeks", &["peer"], "HyParView §4.3", Plain),
        note("begins", &["number"], "Epidemic broadcast trees §3.4", Leads),
        note("delivers", &["origin", "number", "from"], "Epidemic broadcast trees §3.4", Settles),
        note("prunes", &["peer"], "Epidemic broadcast trees §3.4", Plain),
        note("grafts", &["peer"], "Epidemic broadcast trees §3.5", Stirs),
        note("delivers-again", &[], "Epidemic broadcast trees §3.4", Stirs),
    ],
    answers: &[AnswerKind { id: "sent", done: true }],
    properties: &[
        PropertyKind { id: "views-disjoint", source: "HyParView §4.5, algorithm 1" },
        PropertyKind {
            id: "delivered-once", source: "Epidemic broadcast trees §3.4, algorithm 1"
        },
        PropertyKind { id: "delivered-was-sent", source: "Epidemic broadcast trees §3.4" },
    ],
};

const fn message(id: &'static str, shape: Shape, letter: char, form: Form) -> MessageKind {
    MessageKind { id, shape, letter, form, routine: false }
}

const fn routine(id: &'static str, shape: Shape, letter: char, form: Form) -> MessageKind {
    MessageKind { routine: true, ..message(id, shape, letter, form) }
}

const fn note(
    id: &'static str,
    args: &'static [&'static str],
    source: &'static str,
    weight: Weight,
) -> NoteKind {
    NoteKind { id, args, source, weight }
}
