//! The messages, both ways.

use serde::{Deserialize, Serialize};

/// The name that every message carries.
pub const APP: &str = "faultline";
/// The version of the messages.
pub const VERSION: u32 = 1;

/// What the embedding page asks.
///
/// ```text
/// host                                lab
///  │◄── ready { version, features } ───│
///  │─── load { link } ────────────────►│
///  │◄── reply { id } ──────────────────│   if the message had an id
///  │─── play, pause, seek, … ─────────►│
///  │◄── tick, event, state, error ─────│
/// ```
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Ask {
    /// Is somebody there?
    Hello,
    /// Open a scenario: a link's fragment, or the JSON of a scenario as text.
    Load {
        /// The fragment of a link, with or without `#`.
        link: Option<String>,
        /// The JSON of a scenario.
        scenario: Option<String>,
    },
    /// Let time run.
    Play,
    /// Stop time.
    Pause,
    /// One step on.
    Step,
    /// One step back.
    StepBack,
    /// Go to a moment: a time, or a number of events.
    Seek {
        /// Microseconds of virtual time.
        time_us: Option<f64>,
        /// How many events have happened.
        events: Option<f64>,
    },
    /// Virtual seconds per second; without a number, adaptive.
    SetSpeed {
        /// Above 0.
        speed: Option<f64>,
    },
    /// How does it look?
    GetState,
    /// What is the link to exactly this?
    GetLink,
}

/// What the lab says.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Tell {
    /// It is there.
    Ready {
        /// The version of the release.
        version: &'static str,
        /// The messages it understands.
        features: &'static [&'static str],
    },
    /// It is done.
    Reply,
    /// How it looks.
    State(State),
    /// The link to exactly this, without `#`.
    Link {
        /// The fragment.
        link: String,
    },
    /// The moment has moved; at most four times a second.
    Tick {
        /// Microseconds of virtual time.
        time_us: u64,
        /// How many events have happened.
        events: u32,
    },
    /// Something stood out.
    Event {
        /// `stirs`, `settles`, `leads`, `act` or `broken`.
        kind: &'static str,
        /// In a sentence.
        text: String,
        /// When, in microseconds of virtual time.
        time_us: u64,
    },
    /// It could not be done; nothing has changed.
    Error {
        /// `message`, `scenario` or `command`.
        code: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// How the lab looks at its moment.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The room.
    pub protocol: String,
    /// What the scenario is called.
    pub title: String,
    /// Microseconds of virtual time.
    pub time_us: u64,
    /// How many events have happened.
    pub events: u32,
    /// Whether time runs.
    pub playing: bool,
    /// What just happened, in a sentence.
    pub sentence: String,
    /// The nodes.
    pub nodes: Vec<NodeState>,
}

/// How a node looks.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeState {
    /// `n3`.
    pub name: String,
    /// Its role, in words.
    pub role: String,
    /// The number beside it, such as a term.
    pub badge: Option<u64>,
    /// `up`, `down` or `paused`.
    pub condition: &'static str,
}

/// A message to the host, with the number of the one it answers.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Outgoing {
    /// Always [`APP`].
    pub app: &'static str,
    /// Always [`VERSION`].
    pub v: u32,
    /// The number of the message that this answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<f64>,
    /// What is said.
    #[serde(flatten)]
    pub tell: Tell,
}

impl Outgoing {
    /// A message that answers `id`, or nobody in particular.
    #[must_use]
    pub fn new(tell: Tell, id: Option<f64>) -> Self {
        Self { app: APP, v: VERSION, id, tell }
    }
}
