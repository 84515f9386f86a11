//! What the room says about itself: its tables.

use Weight::{Detail, Leads, Plain, Settles, Stirs};
use faultline_kernel::{
    About, AnswerKind, Form, Measure, MessageKind, Metric, NoteKind, PropertyKind, RoleKind,
    RoleShape, Shape, SwarmMeasure, SwarmMetric, TimerKind, Weight,
};

pub(super) const BEGINS: u8 = 0;
pub(super) const HEARS: u8 = 1;
pub(super) const KNEW: u8 = 2;
pub(super) const TELLS: u8 = 3;
pub(super) const WAS_USELESS: u8 = 4;
pub(super) const COUNTS_ANEW: u8 = 5;
pub(super) const LOSES_INTEREST: u8 = 6;
pub(super) const COIN_SAYS_STOP: u8 = 7;
pub(super) const HAS_SPREAD_ENOUGH: u8 = 8;
pub(super) const GOES_ON: u8 = 9;
pub(super) const KNOWS_ALREADY: u8 = 10;
pub(super) const FINDS_IT: u8 = 11;
pub(super) const FORGETS: u8 = 12;

pub(super) const ABOUT: About = About {
    id: "rumour",
    version: 1,
    sources: &[
        "Alan Demers, Dan Greene, Carl Hauser, Wes Irish, John Larson, Scott Shenker, Howard \
         Sturgis, Dan Swinehart and Doug Terry, \"Epidemic algorithms for replicated database \
         maintenance\", 1987.",
        "Richard Karp, Christian Schindelhauer, Scott Shenker and Berthold Vöcking, \"Randomized \
         rumor spreading\", 2000.",
    ],
    // In the order of `State`: green is who knows, the crown who spreads it.
    roles: &[
        RoleKind { id: "susceptible", shape: RoleShape::Plain },
        RoleKind { id: "infective", shape: RoleShape::Crowned },
        RoleKind { id: "removed", shape: RoleShape::Square },
    ],
    messages: &[
        message("push", Shape::Round, 'R', Form::Request),
        MessageKind { routine: true, ..message("pull", Shape::Diamond, '?', Form::Request) },
        message("tell", Shape::Round, 'R', Form::Reply),
        message("new", Shape::Triangle, 'N', Form::Reply),
        message("knew", Shape::Triangle, 'K', Form::Refusal),
    ],
    timers: &[TimerKind { id: "round", shown: true }],
    notes: &[
        note("begins", &[], "Demers §1.4", Leads),
        note("hears", &["from"], "Demers §1.4", Settles),
        note("knew", &["from"], "Demers §1.4", Detail),
        note("tells", &["to"], "Demers §1.4, pull", Detail),
        note("was-useless", &["partner", "count"], "Demers §1.4, feedback", Plain),
        note("counts-anew", &["partner"], "Demers, table 3", Plain),
        note("loses-interest", &["count"], "Demers §1.4, counter", Stirs),
        note("coin-says-stop", &["k"], "Demers §1.4, coin", Stirs),
        note("has-spread-enough", &["count"], "Demers §1.4, blind", Stirs),
        note("goes-on", &["count"], "Demers §1.4, counter", Stirs),
        note("knows-already", &[], "Demers §1.4", Plain),
        note("finds-it", &[], "Demers §1.4", Plain),
        note("forgets", &[], "Demers §1.4", Stirs),
    ],
    answers: &[AnswerKind { id: "spreading", done: true }, AnswerKind { id: "known", done: true }],
    properties: &[
        PropertyKind { id: "has-a-source", source: "Demers §1.4" },
        PropertyKind { id: "never-forgets", source: "Demers §1.4" },
        PropertyKind { id: "interest-ends", source: "Demers §1.4, counter" },
    ],
};

/// What is counted of a run.
pub(super) const METRICS: &[Metric] = &[
    metric("residue", Measure::Share(0)),
    metric("traffic", Measure::PerNode(&[0, 2])),
    metric("t_last", Measure::Last(BEGINS, HEARS, "round_ms")),
    metric("t_ave", Measure::Average(BEGINS, HEARS, "round_ms")),
];

/// The same of a swarm: whoever hears the rumour becomes infective, and nobody else does.
pub(super) const SWARM_METRICS: &[SwarmMetric] = &[
    of_swarm("residue", SwarmMeasure::Share(0)),
    of_swarm("traffic", SwarmMeasure::PerNode(&[0, 2])),
    of_swarm("t_last", SwarmMeasure::Last(1, "round_ms")),
    of_swarm("t_ave", SwarmMeasure::Average(1, "round_ms")),
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

const fn metric(id: &'static str, measure: Measure) -> Metric {
    Metric { id, measure }
}

const fn of_swarm(id: &'static str, measure: SwarmMeasure) -> SwarmMetric {
    SwarmMetric { id, measure }
}
