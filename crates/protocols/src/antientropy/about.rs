//! What the room says about itself: its tables.

use Weight::{Detail, Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const EMPTY: u8 = 0;
pub(super) const HOLDS: u8 = 1;
pub(super) const BURIED: u8 = 2;

pub(super) const WRITES: u8 = 0;
pub(super) const DELETES: u8 = 1;
pub(super) const DELETES_BARELY: u8 = 2;
pub(super) const COMPARES: u8 = 3;
pub(super) const AGREES: u8 = 4;
pub(super) const DIFFERS: u8 = 5;
pub(super) const TAKES: u8 = 6;
pub(super) const TAKES_CERTIFICATE: u8 = 7;
pub(super) const FALLS_BACK: u8 = 8;
pub(super) const DISCARDS: u8 = 9;
pub(super) const SLEEPS: u8 = 10;
pub(super) const AWAKENS: u8 = 11;

pub(super) const ABOUT: About = About {
    id: "antientropy",
    version: 1,
    sources: &[
        "Alan Demers, Dan Greene, Carl Hauser, Wes Irish, John Larson, Scott Shenker, Howard \
         Sturgis, Dan Swinehart and Doug Terry, \"Epidemic algorithms for replicated database \
         maintenance\", 1987.",
        "Ralph Merkle, \"A digital signature based on a conventional encryption function\", 1987.",
        "Giuseppe DeCandia and others, \"Dynamo: Amazon's highly available key-value store\", \
         2007.",
    ],
    // By the newest version that a site has: green is a value, a dashed ring a deletion.
    roles: &[
        RoleKind { id: "empty", shape: RoleShape::Plain },
        RoleKind { id: "holds", shape: RoleShape::Square },
        RoleKind { id: "buried", shape: RoleShape::Dashed },
    ],
    messages: &[
        message("digests", Shape::Diamond, 'D', Form::Request, true),
        message("digests", Shape::Diamond, 'D', Form::Reply, true),
        message("stamps", Shape::Square, 'T', Form::Request, true),
        message("stamps", Shape::Square, 'T', Form::Reply, true),
        message("items", Shape::Round, 'V', Form::Request, false),
        message("items", Shape::Round, 'V', Form::Reply, false),
        message("wanted", Shape::Triangle, 'W', Form::Request, false),
        message("wanted", Shape::Triangle, 'W', Form::Reply, false),
    ],
    timers: &[TimerKind { id: "round", shown: true }],
    notes: &[
        note("writes", &["key", "value"], "Demers §1.1", Leads),
        note("deletes", &["key"], "Demers §2", Leads),
        note("deletes-barely", &["key"], "Demers §2", Leads),
        note("compares", &["partner"], "Demers §1.3", Detail),
        note("agrees", &["partner"], "Demers §1.3", Detail),
        note("differs", &["partner", "sent", "wanted"], "Demers §1.3", Plain),
        note("takes", &["key", "value", "from"], "Demers §1.3", Settles),
        note("takes-certificate", &["key", "from"], "Demers §2", Settles),
        note("falls-back", &["key", "from"], "Demers §1.1", Stirs),
        note("discards", &["key"], "Demers §2, §2.1", Stirs),
        note("sleeps", &["key"], "Demers §2.1", Stirs),
        note("awakens", &["key"], "Demers §2.1, §2.2", Stirs),
    ],
    answers: &[
        AnswerKind { id: "written", done: true },
        AnswerKind { id: "deleted", done: true },
        AnswerKind { id: "no-key", done: false },
    ],
    properties: &[
        PropertyKind { id: "newest-wins", source: "Demers §1.1" },
        PropertyKind { id: "dead-stay-dead", source: "Demers §2" },
        PropertyKind { id: "one-version-per-stamp", source: "Demers §1.1" },
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("traffic", Measure::PerNode(&[4, 5])),
    metric("t_last", Measure::Last(WRITES, TAKES, "round_ms")),
    metric("t_ave", Measure::Average(WRITES, TAKES, "round_ms")),
];

const fn message(
    id: &'static str,
    shape: Shape,
    letter: char,
    form: Form,
    routine: bool,
) -> MessageKind {
    MessageKind { id, shape, letter, form, routine }
}

const fn note(
    id: &'static str,
    args: &'static [&'static str],
    source: &'static str,
    weight: Weight,
) -> NoteKind {
    NoteKind { id, args, source, weight }
}

const fn metric(id: &'static str, measure: Measure) -> Metric {
    Metric { id, measure }
}
