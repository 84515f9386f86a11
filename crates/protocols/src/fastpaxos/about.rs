//! What the room says about itself: its tables.

use Weight::{Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const COORDINATOR: u8 = 0;
pub(super) const PREPARING: u8 = 1;
pub(super) const FAST: u8 = 2;
pub(super) const CLASSIC: u8 = 3;
pub(super) const OUTBID: u8 = 4;
pub(super) const PROPOSER: u8 = 5;
pub(super) const ACCEPTOR: u8 = 6;
pub(super) const LEARNER: u8 = 7;

pub(super) const PREPARES_FAST: u8 = 0;
pub(super) const PREPARES: u8 = 1;
pub(super) const PROMISES: u8 = 2;
pub(super) const PROMISES_AND_REPORTS: u8 = 3;
pub(super) const REFUSES: u8 = 4;
pub(super) const IS_OUTBID: u8 = 5;
pub(super) const LACKS_A_QUORUM: u8 = 6;
pub(super) const OPENS: u8 = 7;
pub(super) const PROPOSES: u8 = 8;
pub(super) const ADOPTS: u8 = 9;
pub(super) const MUST_GUESS: u8 = 10;
pub(super) const RECOVERS: u8 = 11;
pub(super) const SENDS_TO_ALL: u8 = 12;
pub(super) const ACCEPTS_FAST: u8 = 13;
pub(super) const ACCEPTS: u8 = 14;
pub(super) const LEARNS_FAST: u8 = 15;
pub(super) const LEARNS: u8 = 16;
pub(super) const IS_TOLD: u8 = 17;
pub(super) const REFERS: u8 = 18;
pub(super) const ADOPTS_THE_ONLY: u8 = 19;
pub(super) const IGNORES: u8 = 20;
pub(super) const FORGETS: u8 = 21;

const PHASE_1A: &str = "Fast Paxos §2.2.1, phase 1 (a)";
const PHASE_1B: &str = "Fast Paxos §2.2.1, phase 1 (b)";
const PHASE_2B: &str = "Fast Paxos §2.2.1, phase 2 (b)";
const ANY: &str = "Fast Paxos §3.1, phase 2a “any” message";
const REFUSAL: &str = "Fast Paxos §2.3.2, CA1";
const RETRY: &str = "Fast Paxos §2.3.2, CA3";
const RULE: &str = "Fast Paxos §3.1, Figure 2";
const RECOVERY: &str = "Fast Paxos §3.2, coordinated recovery";
const LEARNING: &str = "Fast Paxos §2.2.1, §3";
const TELLING: &str = "Fast Paxos §2.4.1";
const STORAGE: &str = "Fast Paxos §2.1";

pub(super) const ABOUT: About = About {
    id: "fastpaxos",
    version: 1,
    sources: &["Leslie Lamport, \"Fast Paxos\", 2005."],
    roles: &[
        RoleKind { id: "coordinator", shape: RoleShape::Plain },
        RoleKind { id: "preparing", shape: RoleShape::Dashed },
        RoleKind { id: "fast", shape: RoleShape::Crowned },
        RoleKind { id: "classic", shape: RoleShape::Crowned },
        RoleKind { id: "outbid", shape: RoleShape::Dashed },
        RoleKind { id: "proposer", shape: RoleShape::Square },
        RoleKind { id: "acceptor", shape: RoleShape::Plain },
        RoleKind { id: "learner", shape: RoleShape::Square },
    ],
    messages: &[
        message("prepare", Shape::Diamond, 'P', Form::Request),
        message("promise", Shape::Diamond, 'P', Form::Reply),
        message("report", Shape::Triangle, 'R', Form::Reply),
        message("refused", Shape::Diamond, 'N', Form::Refusal),
        message("any", Shape::Triangle, '*', Form::Request),
        message("accept", Shape::Square, 'A', Form::Request),
        message("propose", Shape::Triangle, 'V', Form::Request),
        message("accepted", Shape::Square, 'A', Form::Reply),
        message("chosen", Shape::Round, 'C', Form::Request),
        message("ask", Shape::Round, 'Q', Form::Request),
    ],
    timers: &[TimerKind { id: "retry", shown: true }],
    notes: &[
        note("prepares-fast", &["round"], PHASE_1A, Stirs),
        note("prepares", &["round"], PHASE_1A, Stirs),
        note("promises", &["coordinator", "round"], PHASE_1B, Plain),
        note(
            "promises-and-reports",
            &["coordinator", "round", "value", "accepted"],
            PHASE_1B,
            Plain,
        ),
        note("refuses", &["sender", "round", "promised"], REFUSAL, Plain),
        note("is-outbid", &["round", "by", "promised"], REFUSAL, Plain),
        note("lacks-a-quorum", &["waited", "round"], RETRY, Plain),
        note("opens", &["round"], ANY, Leads),
        note("proposes", &["round", "value"], RULE, Leads),
        note("adopts", &["round", "value", "last", "count"], RULE, Leads),
        note("must-guess", &["round", "value", "last", "count"], RULE, Leads),
        note("recovers", &["round", "next", "value"], RECOVERY, Leads),
        note("sends-to-all", &["value"], "Fast Paxos §3", Plain),
        note("accepts-fast", &["value", "round"], "Fast Paxos §3.1", Plain),
        note("accepts", &["value", "round"], PHASE_2B, Plain),
        note("learns-fast", &["value", "round", "count", "acceptors"], LEARNING, Settles),
        note("learns", &["value", "round", "count", "acceptors"], LEARNING, Settles),
        note("is-told", &["learner", "value"], TELLING, Plain),
        note("refers", &["proposer"], "Fast Paxos §2.1", Plain),
        note("adopts-the-only", &["round", "value", "last"], RULE, Leads),
        note("ignores", &["round", "value", "told", "last"], RULE, Leads),
        note("forgets", &["promised"], STORAGE, Plain),
    ],
    answers: &[
        AnswerKind { id: "chosen", done: true },
        AnswerKind { id: "other", done: false },
        AnswerKind { id: "not-proposer", done: false },
        AnswerKind { id: "busy", done: false },
    ],
    properties: &[
        property("one-value-chosen", "Fast Paxos §2.1, consistency"),
        property("chosen-was-proposed", "Fast Paxos §2.1, nontriviality"),
        property("promise-only-rises", "Fast Paxos §2.2.1, phase 1 (b)"),
        property("promise-kept", PHASE_2B),
        property("one-value-per-round", "Fast Paxos §2.2.1, phase 2 (a)"),
        property("votes-are-safe", "Fast Paxos §2.2.2, CP"),
        property("learned-is-chosen", "Fast Paxos §2.1"),
        property("fast-quorums-meet", "Fast Paxos §3.1, Quorum Requirement (b)"),
        property("later-rounds-agree", "Fast Paxos §2.2.2, CP(v, i)"),
        property("settled-in-time", "Fast Paxos §3.3, progress"),
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric(
        "time_to_leader_ms",
        Measure::First(&[OPENS, PROPOSES, ADOPTS, MUST_GUESS, ADOPTS_THE_ONLY]),
    ),
    metric("time_without_leader_ms", Measure::Without(&[FAST, CLASSIC])),
    metric("time_to_commit_ms", Measure::First(&[LEARNS_FAST, LEARNS])),
    metric("collisions", Measure::Notes(&[RECOVERS])),
    metric("ballots", Measure::Notes(&[PREPARES_FAST, PREPARES])),
];

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
