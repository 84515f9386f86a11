//! What the room says about itself: its tables.

use Weight::{Detail, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const TRUSTING: u8 = 0;
pub(super) const SUSPICIOUS: u8 = 1;

pub(super) const SUSPECTS: u8 = 0;
pub(super) const SUSPECTS_BY_PHI: u8 = 1;
pub(super) const WAS_WRONG: u8 = 2;
pub(super) const IS_BACK: u8 = 3;
pub(super) const IGNORES_OLD: u8 = 4;
pub(super) const ACCEPTS_OLD: u8 = 5;

pub(super) const ABOUT: About = About {
    id: "detector",
    version: 1,
    sources: &["Naohiro Hayashibara, Xavier Défago, Rami Yared and Takuya Katayama, \"The φ \
                accrual failure detector\", 2004."],
    roles: &[
        RoleKind { id: "trusting", shape: RoleShape::Plain },
        RoleKind { id: "suspicious", shape: RoleShape::Dashed },
    ],
    messages: &[MessageKind {
        id: "heartbeat",
        shape: Shape::Round,
        letter: 'H',
        form: Form::Request,
        routine: true,
    }],
    timers: &[TimerKind { id: "beat", shown: false }, TimerKind { id: "watch", shown: true }],
    notes: &[
        note("suspects", &["about", "silence"], "φ accrual: heartbeats and timeouts", Stirs),
        note("suspects-by-phi", &["about", "silence", "phi"], "φ accrual: calculating φ", Stirs),
        note("was-wrong", &["about", "silence"], "φ accrual: accuracy", Settles),
        note("is-back", &["about"], "φ accrual: sampling window", Plain),
        note("ignores-old", &["about", "number"], "φ accrual: sequence numbers", Detail),
        note("accepts-old", &["about", "number"], "φ accrual: sequence numbers", Stirs),
    ],
    answers: &[AnswerKind { id: "nobody", done: true }, AnswerKind { id: "somebody", done: true }],
    properties: &[
        PropertyKind { id: "crash-suspected", source: "φ accrual: completeness" },
        PropertyKind { id: "fresh-heartbeats", source: "φ accrual: sequence numbers" },
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("first_detection", Measure::Detection(&[SUSPECTS, SUSPECTS_BY_PHI], "heartbeat_ms")),
    metric("load", Measure::Load("heartbeat_ms")),
    metric("false_suspicions", Measure::False(&[SUSPECTS, SUSPECTS_BY_PHI])),
];

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
