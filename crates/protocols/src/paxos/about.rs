//! What the room says about itself: its tables.

use Weight::{Detail, Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const PROPOSER: u8 = 0;
pub(super) const PREPARING: u8 = 1;
pub(super) const PROPOSING: u8 = 2;
pub(super) const BEATEN: u8 = 3;
pub(super) const ACCEPTOR: u8 = 4;
pub(super) const LEARNER: u8 = 5;
pub(super) const NODE: u8 = 6;
pub(super) const DEFERRING: u8 = 7;

pub(super) const PREPARES: u8 = 0;
pub(super) const LACKS_PROMISES: u8 = 1;
pub(super) const LACKS_ACCEPTANCES: u8 = 2;
pub(super) const PROMISES: u8 = 3;
pub(super) const PROMISES_AND_REPORTS: u8 = 4;
pub(super) const REFUSES_PREPARE: u8 = 5;
pub(super) const PROPOSES: u8 = 6;
pub(super) const ADOPTS: u8 = 7;
pub(super) const IGNORES: u8 = 8;
pub(super) const ACCEPTS: u8 = 9;
pub(super) const REFUSES_ACCEPT: u8 = 10;
pub(super) const IS_BEATEN: u8 = 11;
pub(super) const BACKS_OFF: u8 = 12;
pub(super) const LEARNS: u8 = 13;
pub(super) const IS_TOLD: u8 = 14;
pub(super) const HAS_TRIED: u8 = 15;
pub(super) const HAS_PROMISED: u8 = 16;
pub(super) const HAS_ACCEPTED: u8 = 17;
pub(super) const FORGETS: u8 = 18;
pub(super) const HAS_A_WISH: u8 = 19;
pub(super) const KNOWS_ALREADY: u8 = 20;
pub(super) const REFERS: u8 = 21;
pub(super) const ASKS: u8 = 22;
pub(super) const DEFERS: u8 = 23;
pub(super) const TAKES_OVER: u8 = 24;

pub(super) const ABOUT: About = About {
    id: "paxos",
    version: 1,
    sources: &[
        "Leslie Lamport, \"The part-time parliament\", 1998.",
        "Leslie Lamport, \"Paxos made simple\", 2001.",
        "Heidi Howard, Dahlia Malkhi and Alexander Spiegelman, \"Flexible Paxos: quorum \
         intersection revisited\", 2016.",
    ],
    roles: &[
        role("proposer", RoleShape::Dashed),
        role("preparing", RoleShape::Dashed),
        role("proposing", RoleShape::Crowned),
        role("beaten", RoleShape::Dashed),
        role("acceptor", RoleShape::Plain),
        role("learner", RoleShape::Square),
        role("node", RoleShape::Plain),
        role("deferring", RoleShape::Plain),
    ],
    messages: &[
        message("prepare", Shape::Diamond, 'P', Form::Request),
        message("promise", Shape::Diamond, 'P', Form::Reply),
        message("report", Shape::Triangle, 'R', Form::Reply),
        message("prepare-refused", Shape::Diamond, 'P', Form::Refusal),
        message("accept", Shape::Square, 'A', Form::Request),
        message("accepted", Shape::Square, 'A', Form::Reply),
        message("accept-refused", Shape::Square, 'A', Form::Refusal),
        message("chosen", Shape::Round, 'C', Form::Request),
        message("ask", Shape::Round, 'Q', Form::Request),
        MessageKind { routine: true, ..message("alive", Shape::Round, 'L', Form::Request) },
        message("forward", Shape::Triangle, 'V', Form::Request),
    ],
    timers: &[
        TimerKind { id: "retry", shown: true },
        TimerKind { id: "ask", shown: false },
        TimerKind { id: "speak", shown: false },
    ],
    notes: &[
        note("prepares", &["ballot"], "Paxos made simple §2.2, phase 1 (a)", Stirs),
        note("lacks-promises", &["waited", "ballot"], "Paxos made simple §2.4", Plain),
        note("lacks-acceptances", &["waited", "ballot"], "Paxos made simple §2.4", Plain),
        note("promises", &["proposer", "ballot"], "Paxos made simple §2.2, phase 1 (b)", Plain),
        note(
            "promises-and-reports",
            &["proposer", "ballot", "value", "accepted"],
            "Paxos made simple §2.2, phase 1 (b)",
            Plain,
        ),
        note(
            "refuses-prepare",
            &["proposer", "ballot", "promised"],
            "Paxos made simple §2.2, phase 1 (b)",
            Plain,
        ),
        note(
            "proposes",
            &["ballot", "value", "promises"],
            "Paxos made simple §2.2, phase 2 (a)",
            Leads,
        ),
        note(
            "adopts",
            &["ballot", "value", "accepted", "wish"],
            "Paxos made simple §2.2, P2c and phase 2 (a)",
            Leads,
        ),
        note(
            "ignores",
            &["ballot", "value", "told", "accepted"],
            "Paxos made simple §2.2, P2c",
            Leads,
        ),
        note(
            "accepts",
            &["ballot", "value", "proposer"],
            "Paxos made simple §2.2, phase 2 (b)",
            Plain,
        ),
        note(
            "refuses-accept",
            &["value", "proposer", "ballot", "promised"],
            "Paxos made simple §2.2, phase 2 (b)",
            Plain,
        ),
        note("is-beaten", &["ballot", "acceptor", "promised"], "Paxos made simple §2.2", Plain),
        note("backs-off", &["wait"], "Paxos made simple §2.4", Plain),
        note(
            "learns",
            &["value", "ballot", "count", "acceptors"],
            "Paxos made simple §2.2, §2.3",
            Settles,
        ),
        note("is-told", &["learner", "value"], "Paxos made simple §2.3", Plain),
        note("has-tried", &["ballot"], "Paxos made simple §2.5", Plain),
        note("has-promised", &["promised"], "Paxos made simple §2.2, §2.5", Plain),
        note(
            "has-accepted",
            &["promised", "value", "accepted"],
            "Paxos made simple §2.2, §2.5",
            Plain,
        ),
        note("forgets", &["promised"], "Paxos made simple §2.2, §2.5", Plain),
        note("has-a-wish", &["wish", "value"], "Paxos made simple §2.2", Detail),
        note("knows-already", &["value"], "Paxos made simple §2.3", Plain),
        note("refers", &["proposer"], "Paxos made simple §2.1", Plain),
        note("asks", &[], "Paxos made simple §2.3", Detail),
        note("defers", &["leader", "value"], "Paxos made simple §2.4", Plain),
        note("takes-over", &["leader"], "Paxos made simple §2.4", Stirs),
    ],
    answers: &[
        AnswerKind { id: "chosen", done: true },
        AnswerKind { id: "other", done: false },
        AnswerKind { id: "not-proposer", done: false },
        AnswerKind { id: "busy", done: false },
    ],
    properties: &[
        property("one-value-chosen", "Paxos made simple §2.1"),
        property("chosen-was-proposed", "Paxos made simple §2.1"),
        property("promise-only-rises", "Paxos made simple §2.2, phase 1 (b)"),
        property("promise-kept", "Paxos made simple §2.2, P1a"),
        property("one-value-per-ballot", "Paxos made simple §2.5; The part-time parliament, B1"),
        property("votes-are-safe", "Paxos made simple §2.2, P2c; The part-time parliament, B3"),
        property("later-ballots-agree", "Paxos made simple §2.2, P2b"),
        property("learned-is-chosen", "Paxos made simple §2.1"),
        property("settled-in-time", "Paxos made simple §2.4"),
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("time_to_leader_ms", Measure::First(&[PROPOSES, ADOPTS, IGNORES])),
    metric("time_without_leader_ms", Measure::Without(&[PROPOSING])),
    metric("time_to_commit_ms", Measure::First(&[LEARNS])),
    metric("ballots", Measure::Notes(&[PREPARES])),
];

const fn role(id: &'static str, shape: RoleShape) -> RoleKind {
    RoleKind { id, shape }
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
