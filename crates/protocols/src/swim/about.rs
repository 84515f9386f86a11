//! What the room says about itself: its tables.

use Weight::{Detail, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const MEMBER: u8 = 0;
pub(super) const SUSPICIOUS: u8 = 1;
pub(super) const ALONE: u8 = 2;
pub(super) const OUTSIDE: u8 = 3;

pub(super) const ASKS_OTHERS: u8 = 0;
pub(super) const REACHED_THROUGH: u8 = 1;
pub(super) const SUSPECTS: u8 = 2;
pub(super) const HEARS_SUSPICION: u8 = 3;
pub(super) const REFUTES: u8 = 4;
pub(super) const CLEARS: u8 = 5;
pub(super) const DECLARES: u8 = 6;
pub(super) const DECLARES_AT_ONCE: u8 = 7;
pub(super) const HEARS_DEATH: u8 = 8;
pub(super) const LEARNS_OWN_DEATH: u8 = 9;
pub(super) const TELLS_DEAD: u8 = 10;
pub(super) const MEETS: u8 = 11;
pub(super) const JOINS: u8 = 12;
pub(super) const KNOCKS: u8 = 13;
pub(super) const HAS_LIST: u8 = 14;
pub(super) const LEAVES: u8 = 15;
pub(super) const HEARS_LEAVE: u8 = 16;
pub(super) const CONFIRMS: u8 = 17;
pub(super) const DOUBTS_ITSELF: u8 = 18;
pub(super) const TRUSTS_ITSELF: u8 = 19;
pub(super) const SPEAKS_FOR: u8 = 20;
pub(super) const KEEPS_SILENT: u8 = 21;

pub(super) const ABOUT: About = About {
    id: "swim",
    version: 1,
    sources: &[
        "Abhinandan Das, Indranil Gupta and Ashish Motivala, \"SWIM: scalable weakly-consistent \
         infection-style process group membership protocol\", 2002.",
        "Armon Dadgar, James Phillips and Jon Currey, \"Lifeguard: local health awareness for \
         more accurate failure detection\", 2018.",
    ],
    roles: &[
        role("member", RoleShape::Plain),
        role("suspicious", RoleShape::Dashed),
        role("alone", RoleShape::Dashed),
        role("outside", RoleShape::Square),
    ],
    messages: &[
        routine(message("ping", Shape::Round, 'P', Form::Request)),
        message("ping-news", Shape::Square, 'P', Form::Request),
        routine(message("ack", Shape::Round, 'P', Form::Reply)),
        message("ack-news", Shape::Square, 'P', Form::Reply),
        message("ping-req", Shape::Triangle, 'R', Form::Request),
        message("nack", Shape::Triangle, 'R', Form::Refusal),
        message("join", Shape::Diamond, 'J', Form::Request),
        message("sync", Shape::Diamond, 'J', Form::Reply),
        message("notice", Shape::Square, 'N', Form::Request),
    ],
    timers: &[
        TimerKind { id: "period", shown: false },
        TimerKind { id: "ping", shown: false },
        TimerKind { id: "suspicion", shown: true },
        TimerKind { id: "nack", shown: false },
    ],
    notes: &[
        note("asks-others", &["about", "count"], "SWIM §3.1", Plain),
        note("reached-through", &["about", "helper"], "SWIM §3.1", Plain),
        note("suspects", &["about", "incarnation"], "SWIM §4.2", Stirs),
        note("hears-suspicion", &["about", "by", "from", "incarnation"], "SWIM §4.1, §4.2", Plain),
        note("refutes", &["by", "from", "incarnation"], "SWIM §4.2", Settles),
        note("clears", &["about", "from", "incarnation"], "SWIM §4.2", Plain),
        note("declares", &["about", "incarnation"], "SWIM §4.2", Settles),
        note("declares-at-once", &["about", "incarnation"], "SWIM §3.1", Settles),
        note("hears-death", &["about", "by", "from"], "SWIM §4.1, §4.2", Plain),
        note("learns-own-death", &["by", "from", "life"], "SWIM §4.2", Stirs),
        note("tells-dead", &["about"], "SWIM §4.2", Detail),
        note("meets", &["about", "from", "life"], "SWIM §4.1", Plain),
        note("joins", &["life"], "SWIM §3.2", Stirs),
        note("knocks", &["about"], "SWIM §3.2, a contact member", Detail),
        note("has-list", &["from", "count", "members"], "SWIM §3.2", Plain),
        note("leaves", &[], "SWIM §3.2", Stirs),
        note("hears-leave", &["about", "from"], "SWIM §3.2, §4.1", Plain),
        note("confirms", &["about", "by", "count", "left"], "Lifeguard §IV-B", Plain),
        note("doubts-itself", &["times"], "Lifeguard §IV-A", Plain),
        note("trusts-itself", &["times"], "Lifeguard §IV-A", Detail),
        note("speaks-for", &["about", "incarnation"], "SWIM §4.2", Stirs),
        note("keeps-silent", &["by", "from"], "SWIM §4.2", Stirs),
    ],
    answers: &[
        AnswerKind { id: "joins", done: true },
        AnswerKind { id: "left", done: true },
        AnswerKind { id: "already", done: true },
    ],
    properties: &[
        property("own-incarnation", "SWIM §4.2"),
        property("opinions-rise", "SWIM §4.2"),
        property("suspicion-answered", "SWIM §4.2"),
        property("second-opinion", "SWIM §3.1"),
        property("suspected-first", "SWIM §4.2"),
        property("crash-noticed", "SWIM §4.3, time-bounded completeness"),
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("first_detection", Measure::Detection(&[SUSPECTS, DECLARES_AT_ONCE], "period_ms")),
    metric("load", Measure::Load("period_ms")),
    metric("false_suspicions", Measure::False(&[SUSPECTS, DECLARES_AT_ONCE])),
];

const fn role(id: &'static str, shape: RoleShape) -> RoleKind {
    RoleKind { id, shape }
}

/// Said over and over, without news on its back.
const fn routine(kind: MessageKind) -> MessageKind {
    MessageKind { routine: true, ..kind }
}

const fn message(id: &'static str, shape: Shape, letter: char, form: Form) -> MessageKind {
    MessageKind { id, shape, letter, form, routine: false }
}

const fn note(
    id: &'static str,
    args: &'static [&'static str],
    source: &'static str,
    weight: Weight,
) -> NoteKind {
    NoteKind { id, args, source, weight }
}

const fn property(id: &'static str, source: &'static str) -> PropertyKind {
    PropertyKind { id, source }
}

const fn metric(id: &'static str, measure: Measure) -> Metric {
    Metric { id, measure }
}
