//! What the room says about itself: its tables.

use Weight::{Detail, Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, TimerKind, Weight,
};

pub(super) const STARTS: u8 = 0;
pub(super) const STANDS: u8 = 1;
pub(super) const STANDS_AGAIN: u8 = 2;
pub(super) const VOTES: u8 = 3;
pub(super) const REFUSES_VOTE_GIVEN: u8 = 4;
pub(super) const REFUSES_VOTE_LOG: u8 = 5;
pub(super) const LEADS: u8 = 6;
pub(super) const YIELDS: u8 = 7;
pub(super) const HEARS_OF_TERM: u8 = 8;
pub(super) const GIVES_UP: u8 = 9;
pub(super) const STEPS_DOWN: u8 = 10;
pub(super) const REJECTS_OLD_TERM: u8 = 11;
pub(super) const WRITES: u8 = 12;
pub(super) const WRITES_NO_OP: u8 = 13;
pub(super) const STORES: u8 = 14;
pub(super) const OVERWRITES: u8 = 15;
pub(super) const REFUSES_GAP: u8 = 16;
pub(super) const REFUSES_CONFLICT: u8 = 17;
pub(super) const BACKS_UP: u8 = 18;
pub(super) const COMMITS: u8 = 19;
pub(super) const HOLDS_BACK: u8 = 20;
pub(super) const LEARNS_COMMIT: u8 = 21;
pub(super) const REFERS: u8 = 22;
pub(super) const KNOWS_NO_LEADER: u8 = 23;
pub(super) const TURNS_AWAY: u8 = 24;
pub(super) const SKIPS_DUPLICATE: u8 = 25;
pub(super) const REPEATS: u8 = 26;
pub(super) const ASKS_TO_READ: u8 = 27;
pub(super) const TRUSTS_LEASE: u8 = 28;
pub(super) const READS: u8 = 29;
pub(super) const ASKS_FIRST: u8 = 30;
pub(super) const STANDS_ENCOURAGED: u8 = 31;
pub(super) const STANDS_TOLD: u8 = 32;
pub(super) const WOULD_VOTE: u8 = 33;
pub(super) const WOULD_NOT_LEADER: u8 = 34;
pub(super) const WOULD_NOT_LOG: u8 = 35;
pub(super) const PAYS_NO_HEED: u8 = 36;
pub(super) const LOSES_TOUCH: u8 = 37;
pub(super) const TAKES_SNAPSHOT: u8 = 38;
pub(super) const SENDS_SNAPSHOT: u8 = 39;
pub(super) const INSTALLS_SNAPSHOT: u8 = 40;
pub(super) const CHANGES: u8 = 41;
pub(super) const HAS_OPEN_CHANGE: u8 = 42;
pub(super) const IS_TOO_EARLY: u8 = 43;
pub(super) const REFUSES_CHANGE: u8 = 44;
pub(super) const LEAVES: u8 = 45;
pub(super) const HANDS_OVER: u8 = 46;
pub(super) const TELLS_TO_STAND: u8 = 47;
pub(super) const GIVES_UP_TRANSFER: u8 = 48;
pub(super) const REFUSES_TRANSFER: u8 = 49;
pub(super) const IS_HANDING_OVER: u8 = 50;
pub(super) const LEAVES_LEASE: u8 = 51;
pub(super) const SENDS_CHUNK: u8 = 52;
pub(super) const KEEPS_CHUNK: u8 = 53;
pub(super) const REFUSES_CHUNK: u8 = 54;
pub(super) const GOES_BACK: u8 = 55;
pub(super) const DISCARDS_CHUNKS: u8 = 56;
pub(super) const CATCHES_UP: u8 = 57;
pub(super) const BEGINS_ROUND: u8 = 58;
pub(super) const HAS_CAUGHT_UP: u8 = 59;
pub(super) const IS_TOO_SLOW: u8 = 60;
pub(super) const IS_SILENT: u8 = 61;
pub(super) const WAITS_FOR_NEWCOMERS: u8 = 62;

pub(super) const FOLLOWER: u8 = 0;
pub(super) const LEARNER: u8 = 4;
pub(super) const OUTSIDE: u8 = 5;

pub(super) const ABOUT: About = About {
    id: "raft",
    version: 1,
    sources: &[
        "Diego Ongaro and John Ousterhout, \"In search of an understandable consensus algorithm \
         (extended version)\", 2014.",
        "Diego Ongaro, \"Consensus: bridging theory and practice\", dissertation, 2014.",
    ],
    roles: &[
        role("follower", RoleShape::Plain),
        role("candidate", RoleShape::Dashed),
        role("leader", RoleShape::Crowned),
        role("asking", RoleShape::Dashed),
        role("learner", RoleShape::Square),
        role("outside", RoleShape::Square),
    ],
    messages: &[
        message("request-vote", Shape::Diamond, 'V', Form::Request),
        message("vote", Shape::Diamond, 'V', Form::Reply),
        message("vote-refused", Shape::Diamond, 'V', Form::Refusal),
        message("append-entries", Shape::Square, 'A', Form::Request),
        routine(message("heartbeat", Shape::Round, 'H', Form::Request)),
        routine(message("append-accepted", Shape::Square, 'A', Form::Reply)),
        message("append-refused", Shape::Square, 'A', Form::Refusal),
        message("pre-vote", Shape::Diamond, 'P', Form::Request),
        message("pre-vote-yes", Shape::Diamond, 'P', Form::Reply),
        message("pre-vote-no", Shape::Diamond, 'P', Form::Refusal),
        message("install-snapshot", Shape::Square, 'S', Form::Request),
        message("timeout-now", Shape::Triangle, 'T', Form::Request),
        message("snapshot-stored", Shape::Square, 'S', Form::Reply),
        message("snapshot-refused", Shape::Square, 'S', Form::Refusal),
    ],
    timers: &[timer("election", true), timer("heartbeat", false)],
    notes: &[
        note("starts", &["term", "last"], "Raft §5.2", Plain),
        note("stands", &["waited", "term"], "Raft §5.2", Stirs),
        note("stands-again", &["waited", "term"], "Raft §5.2", Stirs),
        note("votes", &["candidate", "term"], "Raft §5.2, §5.4.1", Plain),
        note("refuses-vote-given", &["candidate", "term", "other"], "Raft §5.2", Plain),
        note("refuses-vote-log", &["candidate", "term"], "Raft §5.4.1", Plain),
        note("leads", &["term", "votes", "servers"], "Raft §5.2", Leads),
        note("yields", &["leader", "term"], "Raft §5.2", Plain),
        note("hears-of-term", &["term", "from"], "Raft §5.1", Detail),
        note("gives-up", &["term", "from"], "Raft §5.1", Stirs),
        note("steps-down", &["term", "from"], "Raft §5.1", Stirs),
        note("rejects-old-term", &["from", "old", "term"], "Raft §5.1", Plain),
        note("writes", &["index", "term", "command"], "Raft §5.3", Plain),
        note("writes-no-op", &["index", "term", "command"], "Raft §8", Plain),
        note("stores", &["leader", "count", "last"], "Raft §5.3", Plain),
        note("overwrites", &["leader", "count", "first"], "Raft §5.3", Stirs),
        note("refuses-gap", &["leader", "index"], "Raft §5.3", Plain),
        note("refuses-conflict", &["leader", "index", "term", "other"], "Raft §5.3", Plain),
        note("backs-up", &["follower", "next"], "Raft §5.3", Plain),
        note("commits", &["index", "count"], "Raft §5.3, §5.4.2", Settles),
        note("holds-back", &["index", "old", "term"], "Raft §5.4.2", Plain),
        note("learns-commit", &["index"], "Raft §5.3", Detail),
        note("refers", &["leader"], "Raft §8", Plain),
        note("knows-no-leader", &[], "Raft §8", Plain),
        note("turns-away", &["most"], "", Plain),
        note("skips-duplicate", &["index", "sequence", "client"], "Raft diss. §6.3", Plain),
        note("repeats", &["index", "sequence", "client"], "Raft diss. §6.3", Plain),
        note("asks-to-read", &["variable", "index"], "Raft §8, diss. §6.4", Plain),
        note("trusts-lease", &["variable", "left"], "Raft diss. §6.4.1", Plain),
        note("reads", &["found", "index"], "Raft §8", Plain),
        note("asks-first", &["waited", "term"], "Raft diss. §9.6", Stirs),
        note("stands-encouraged", &["term"], "Raft diss. §9.6", Stirs),
        note("stands-told", &["term"], "Raft diss. §3.10", Stirs),
        note("would-vote", &["candidate"], "Raft diss. §9.6", Plain),
        note("would-not-leader", &["candidate"], "Raft diss. §9.6", Plain),
        note("would-not-log", &["candidate"], "Raft diss. §9.6", Plain),
        note("pays-no-heed", &["candidate", "term"], "Raft diss. §4.2.3", Plain),
        note("loses-touch", &["term"], "Raft diss. §6.2", Stirs),
        note("takes-snapshot", &["index", "count"], "Raft §7", Plain),
        note("sends-snapshot", &["follower", "index"], "Raft §7", Plain),
        note("installs-snapshot", &["leader", "index"], "Raft §7", Settles),
        note("changes", &["index", "term", "group"], "Raft §6", Stirs),
        note("has-open-change", &["change"], "Raft diss. §4.1", Plain),
        note("is-too-early", &["change"], "Raft-dev, July 2015", Plain),
        note("refuses-change", &["change"], "Raft diss. §4.1", Plain),
        note("leaves", &["index"], "Raft §6", Stirs),
        note("hands-over", &["to"], "Raft diss. §3.10", Stirs),
        note("tells-to-stand", &["to"], "Raft diss. §3.10", Plain),
        note("gives-up-transfer", &["to"], "Raft diss. §3.10", Plain),
        note("refuses-transfer", &["to"], "Raft diss. §3.10", Plain),
        note("is-handing-over", &["to"], "Raft diss. §3.10", Plain),
        note("leaves-lease", &["left"], "Raft diss. §6.4.1", Plain),
        note("sends-chunk", &["follower", "index", "end", "size"], "Raft §7, Figure 13", Plain),
        note("keeps-chunk", &["leader", "stored", "index"], "Raft §7, Figure 13", Plain),
        note("refuses-chunk", &["leader", "stored", "index", "offset"], "Raft §7", Stirs),
        note("goes-back", &["follower", "stored", "index"], "Raft §7", Stirs),
        note("discards-chunks", &["stored", "index"], "Raft §7, Figure 13", Plain),
        note("catches-up", &["change", "index"], "Raft diss. §4.2.1", Stirs),
        note("begins-round", &["round", "took", "index"], "Raft diss. §4.2.1", Plain),
        note("has-caught-up", &["round", "took"], "Raft diss. §4.2.1", Plain),
        note("is-too-slow", &["change", "round", "took"], "Raft diss. §4.2.1", Stirs),
        note("is-silent", &["change", "server", "longest"], "Raft diss. §4.2.1", Stirs),
        note("waits-for-newcomers", &["change"], "Raft diss. §4.2.1", Plain),
    ],
    answers: &[
        answer("done", true),
        answer("not-leader", false),
        answer("busy", false),
        answer("value", true),
        answer("differs", true),
        answer("no-session", false),
        answer("refused", false),
    ],
    properties: &[
        property("election-safety", "Raft, Figure 3"),
        property("leader-append-only", "Raft, Figure 3"),
        property("log-matching", "Raft, Figure 3"),
        property("leader-completeness", "Raft, Figure 3"),
        property("state-machine-safety", "Raft, Figure 3"),
        property("term-monotone", "Raft §5.1"),
        property("vote-once", "Raft §5.2"),
        property("committed-durable", "Raft, Figure 2 and §5.4.2"),
        property("commit-monotone", "Raft, Figure 2"),
        property("applied-once", "Raft diss. §6.3"),
        property("reads-fresh", "Raft §8"),
        property("one-change", "Raft diss. §4.1"),
        property("progress", "Raft §5.6"),
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("time_to_leader_ms", Measure::First(&[LEADS])),
    metric("time_without_leader_ms", Measure::Without(&[2])),
    metric("time_to_commit_ms", Measure::Wait),
    metric("ballots", Measure::Notes(&[STANDS, STANDS_AGAIN])),
];

const fn role(id: &'static str, shape: RoleShape) -> RoleKind {
    RoleKind { id, shape }
}

/// Said over and over: a heartbeat, and what answers it.
const fn routine(kind: MessageKind) -> MessageKind {
    MessageKind { routine: true, ..kind }
}

const fn message(id: &'static str, shape: Shape, letter: char, form: Form) -> MessageKind {
    MessageKind { id, shape, letter, form, routine: false }
}

const fn timer(id: &'static str, shown: bool) -> TimerKind {
    TimerKind { id, shown }
}

const fn note(
    id: &'static str,
    args: &'static [&'static str],
    source: &'static str,
    weight: Weight,
) -> NoteKind {
    NoteKind { id, args, source, weight }
}

const fn answer(id: &'static str, done: bool) -> AnswerKind {
    AnswerKind { id, done }
}

const fn property(id: &'static str, source: &'static str) -> PropertyKind {
    PropertyKind { id, source }
}

const fn metric(id: &'static str, measure: Measure) -> Metric {
    Metric { id, measure }
}
