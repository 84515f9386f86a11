//! What the room says about itself: its tables.

use Weight::{Detail, Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const HEARS_NOTHING: u8 = 0;
pub(super) const INSISTS: u8 = 1;
pub(super) const LACKS_PROMISES: u8 = 2;
pub(super) const LACKS_SLOTS: u8 = 3;
pub(super) const PREPARES: u8 = 4;
pub(super) const PROMISES: u8 = 5;
pub(super) const PROMISES_AND_REPORTS: u8 = 6;
pub(super) const REFUSES: u8 = 7;
pub(super) const IS_OUTBID: u8 = 8;
pub(super) const BACKS_OFF: u8 = 9;
pub(super) const LEADS: u8 = 10;
pub(super) const ADOPTS: u8 = 11;
pub(super) const FILLS: u8 = 12;
pub(super) const IGNORES: u8 = 13;
pub(super) const FOLLOWS: u8 = 14;
pub(super) const PROPOSES: u8 = 15;
pub(super) const ACCEPTS: u8 = 16;
pub(super) const IS_CHOSEN: u8 = 17;
pub(super) const WAITS_FOR_A_HOLE: u8 = 18;
pub(super) const IS_TOLD: u8 = 19;
pub(super) const ASKS: u8 = 20;
pub(super) const COLLECTS: u8 = 21;
pub(super) const SENDS_SNAPSHOT: u8 = 22;
pub(super) const INSTALLS: u8 = 23;
pub(super) const KNOWS_THE_REQUEST: u8 = 24;
pub(super) const APPLIES_TWICE: u8 = 25;
pub(super) const READS_BY_LEASE: u8 = 26;
pub(super) const READS_WITHOUT_LEASE: u8 = 27;
pub(super) const KEEPS_LEASE: u8 = 28;
pub(super) const BREAKS_LEASE: u8 = 29;
pub(super) const HAS_PROMISED: u8 = 30;
pub(super) const FORGETS: u8 = 31;
pub(super) const REFERS: u8 = 32;
pub(super) const KNOWS_NO_LEADER: u8 = 33;
pub(super) const READS: u8 = 34;
pub(super) const WAITS_FOR_LEASE: u8 = 35;

const PHASE_1A: &str = "Paxos made simple §2.2 phase 1 (a), §3";
const PHASE_1B: &str = "Paxos made simple §2.2 phase 1 (b), §3";
const PHASE_2A: &str = "Paxos made simple §2.2 phase 2 (a), §3";
const PHASE_2B: &str = "Paxos made simple §2.2 phase 2 (b)";
const SIMPLE_3: &str = "Paxos made simple §3";
const LEASES: &str = "Paxos made live §5.2; Paxos made moderately complex §4.5";
const COMPLEX_2: &str = "Paxos made moderately complex §2.1";
const COMPLEX_4: &str = "Paxos made moderately complex §4.2";

pub(super) const ABOUT: About = About {
    id: "multipaxos",
    version: 1,
    sources: &[
        "Leslie Lamport, \"The part-time parliament\", 1998.",
        "Leslie Lamport, \"Paxos made simple\", 2001.",
        "Robbert van Renesse and Deniz Altinbuken, \"Paxos made moderately complex\", 2015.",
        "Heidi Howard, Dahlia Malkhi and Alexander Spiegelman, \"Flexible Paxos: quorum \
         intersection revisited\", 2016.",
        "Cary Gray and David Cheriton, \"Leases: an efficient fault-tolerant mechanism for \
         distributed file cache consistency\", 1989.",
        "Tushar Chandra, Robert Griesemer and Joshua Redstone, \"Paxos made live\", 2007.",
    ],
    roles: &[
        RoleKind { id: "follower", shape: RoleShape::Plain },
        RoleKind { id: "outbid", shape: RoleShape::Dashed },
        RoleKind { id: "candidate", shape: RoleShape::Dashed },
        RoleKind { id: "leader", shape: RoleShape::Crowned },
    ],
    messages: &[
        message("prepare", Shape::Diamond, 'P', Form::Request, false),
        message("promise", Shape::Diamond, 'P', Form::Reply, false),
        message("report", Shape::Triangle, 'R', Form::Reply, false),
        message("refused", Shape::Diamond, 'N', Form::Refusal, false),
        message("accept", Shape::Square, 'A', Form::Request, false),
        message("accepted", Shape::Square, 'A', Form::Reply, false),
        message("chosen", Shape::Round, 'C', Form::Request, false),
        message("heartbeat", Shape::Round, 'H', Form::Request, true),
        message("granted", Shape::Round, 'L', Form::Reply, true),
        message("ask", Shape::Round, 'Q', Form::Request, false),
        message("snapshot", Shape::Square, 'S', Form::Request, false),
    ],
    timers: &[
        TimerKind { id: "election", shown: true },
        TimerKind { id: "heartbeat", shown: false },
    ],
    notes: &[
        note("hears-nothing", &["waited"], "Paxos made simple §2.4", Plain),
        note("insists", &[], "Paxos made moderately complex, Figure 7", Plain),
        note("lacks-promises", &["waited", "ballot"], "Paxos made simple §2.4", Plain),
        note("lacks-slots", &["waited", "ballot"], SIMPLE_3, Plain),
        note("prepares", &["ballot", "slot"], PHASE_1A, Stirs),
        note("promises", &["candidate", "ballot"], PHASE_1B, Plain),
        note("promises-and-reports", &["candidate", "ballot", "count", "slot"], PHASE_1B, Plain),
        note("refuses", &["sender", "ballot", "promised"], "Paxos made simple §2.2", Plain),
        note("is-outbid", &["ballot", "by", "promised"], "Paxos made simple §2.2", Plain),
        note("backs-off", &["wait"], "Paxos made moderately complex §3", Plain),
        note("leads", &["ballot", "promises", "slot"], SIMPLE_3, Leads),
        note("adopts", &["slot", "command", "accepted"], PHASE_2A, Plain),
        note("fills", &["slot"], SIMPLE_3, Plain),
        note("ignores", &["slot", "command", "accepted"], "Paxos made simple §2.2, P2c", Plain),
        note("follows", &["leader", "ballot"], SIMPLE_3, Detail),
        note("proposes", &["command", "slot", "ballot"], PHASE_2A, Plain),
        note("accepts", &["command", "slot", "ballot", "leader"], PHASE_2B, Plain),
        note(
            "is-chosen",
            &["count", "servers", "command", "slot"],
            "Paxos made simple §2.2",
            Settles,
        ),
        note("waits-for-a-hole", &["slot", "hole"], SIMPLE_3, Plain),
        note("is-told", &["sender", "count", "slot"], "Paxos made simple §2.3", Plain),
        note("asks", &["whom", "slot"], SIMPLE_3, Plain),
        note("collects", &["count", "slot"], COMPLEX_4, Plain),
        note("sends-snapshot", &["whom", "slot", "last"], COMPLEX_4, Plain),
        note("installs", &["sender", "slot"], COMPLEX_4, Plain),
        note("knows-the-request", &["command", "slot", "client"], COMPLEX_2, Plain),
        note("applies-twice", &["command", "slot", "client"], COMPLEX_2, Plain),
        note("reads-by-lease", &["command", "value", "left"], LEASES, Plain),
        note("reads-without-lease", &["command", "value", "left"], LEASES, Plain),
        note("keeps-lease", &["candidate", "left"], LEASES, Plain),
        note("breaks-lease", &["candidate", "left"], LEASES, Plain),
        note("has-promised", &["promised", "slot"], "Paxos made simple §2.5", Plain),
        note("forgets", &["promised", "slot"], "Paxos made simple §2.5", Plain),
        note("refers", &["leader"], SIMPLE_3, Plain),
        note("knows-no-leader", &[], SIMPLE_3, Plain),
        note("reads", &["command", "slot", "value"], SIMPLE_3, Plain),
        note("waits-for-lease", &["left"], LEASES, Plain),
    ],
    answers: &[
        AnswerKind { id: "done", done: true },
        AnswerKind { id: "read", done: true },
        AnswerKind { id: "swapped", done: true },
        AnswerKind { id: "differs", done: true },
        AnswerKind { id: "not-leader", done: false },
        AnswerKind { id: "busy", done: false },
    ],
    properties: &[
        property("one-value-chosen", "Paxos made simple §2.1, for each slot"),
        property("chosen-was-proposed", "Paxos made simple §2.1, for each slot"),
        property("promise-only-rises", "Paxos made simple §2.2, phase 1 (b)"),
        property("promise-kept", "Paxos made simple §2.2, P1a"),
        property("one-value-per-ballot", "Paxos made simple §2.5; The part-time parliament, B1"),
        property("votes-are-safe", "Paxos made simple §2.2, P2c; The part-time parliament, B3"),
        property("later-ballots-agree", "Paxos made simple §2.2, P2b"),
        property("learned-is-chosen", "Paxos made simple §2.1"),
        property("prefixes-agree", "Paxos made moderately complex §2.1, R1"),
        property("applied-once", "Paxos made moderately complex §2.1, R3"),
        property("reads-are-fresh", LEASES),
        property("led-in-time", "Paxos made simple §2.4, §3"),
        property("goes-on-in-time", "Paxos made moderately complex §3"),
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("time_to_leader_ms", Measure::First(&[LEADS])),
    metric("time_without_leader_ms", Measure::Without(&[3])),
    metric("time_to_commit_ms", Measure::Wait),
    metric("ballots", Measure::Notes(&[PREPARES])),
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

const fn property(id: &'static str, source: &'static str) -> PropertyKind {
    PropertyKind { id, source }
}

const fn metric(id: &'static str, measure: Measure) -> Metric {
    Metric { id, measure }
}
