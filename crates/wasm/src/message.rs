//! The messages, both ways.

use serde::Serialize;
use serde_json::Value;

/// The name that every message carries.
pub const APP: &str = "faultline";
/// The version of the messages.
pub const VERSION: u32 = 1;

/// How many characters of what is wrong with a message are said.
const SAID_MOST: usize = 500;

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
#[derive(Clone, PartialEq, Debug)]
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

/// A part of a message. There are no others: whatever else stands in a message is not looked at,
/// however deep it goes; a value of JavaScript may even hold itself.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// In quotes.
    Text(String),
    /// Any that JavaScript has, so it may be none.
    Number(f64),
}

impl Part {
    /// The part of this name of a message that came as JSON.
    ///
    /// # Errors
    /// If it is neither a text nor a number.
    pub fn of_json(message: &Value, name: &str) -> Result<Option<Self>, String> {
        match message.get(name) {
            Some(Value::String(text)) => Ok(Some(Self::Text(text.clone()))),
            Some(Value::Number(number)) => Ok(number.as_f64().map(Self::Number)),
            Some(Value::Null) | None => Ok(None),
            Some(_) => Err(format!("{name} is no number and no text")),
        }
    }
}

/// What looks a part of a message up by its name; an error if it is neither a text nor a number.
pub type Look<'a> = &'a dyn Fn(&str) -> Result<Option<Part>, String>;

/// Whether a message is for us, and we know its version. Other scripts send messages too.
#[must_use]
pub fn is_ours(look: Look) -> bool {
    number_of(look).is_some()
}

/// The number of a message, which it need not have, if it is ours.
fn number_of(look: Look) -> Option<Option<f64>> {
    let app = text(look, "app").ok()?? == APP;
    let version = number(look, "v").ok()?? == f64::from(VERSION);
    number(look, "id").ok().filter(|_| app && version)
}

/// Reads a message, whatever its parts are looked up in: its number and what it asks.
///
/// # Errors
/// An answer that says what is wrong with it.
pub fn read(look: Look) -> Result<(Option<f64>, Ask), Box<Outgoing>> {
    let wrong = |message: String, id| {
        // It may quote a part of the message, however long that is.
        let message = message.chars().take(SAID_MOST).collect();
        Box::new(Outgoing::new(Tell::Error { code: "message", message }, id))
    };
    let Some(id) = number_of(look) else {
        return Err(wrong("it is not a message of version 1 to faultline".to_owned(), None));
    };
    match ask(look).map_err(|error| wrong(error, id))? {
        Some(ask) => Ok((id, ask)),
        None => Err(wrong("there is no message of this type".to_owned(), id)),
    }
}

fn ask(look: Look) -> Result<Option<Ask>, String> {
    let kind = text(look, "type")?;
    let (link, scenario) = (text(look, "link")?, text(look, "scenario")?);
    let (time_us, events) = (number(look, "timeUs")?, number(look, "events")?);
    let speed = number(look, "speed")?;
    Ok(Some(match kind.as_deref() {
        Some("hello") => Ask::Hello,
        Some("load") => Ask::Load { link, scenario },
        Some("play") => Ask::Play,
        Some("pause") => Ask::Pause,
        Some("step") => Ask::Step,
        Some("stepBack") => Ask::StepBack,
        Some("seek") => Ask::Seek { time_us, events },
        Some("setSpeed") => Ask::SetSpeed { speed },
        Some("getState") => Ask::GetState,
        Some("getLink") => Ask::GetLink,
        _ => return Ok(None),
    }))
}

fn text(look: Look, name: &str) -> Result<Option<String>, String> {
    match look(name)? {
        Some(Part::Text(text)) => Ok(Some(text)),
        Some(Part::Number(_)) => Err(format!("{name} is a number and should be a string")),
        None => Ok(None),
    }
}

fn number(look: Look, name: &str) -> Result<Option<f64>, String> {
    match look(name)? {
        Some(Part::Number(number)) => Ok(Some(number)),
        Some(Part::Text(_)) => Err(format!("{name} is a string and should be a number")),
        None => Ok(None),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FEATURES;
    use serde_json::json;

    fn asked(message: Value) -> Result<(Option<f64>, Ask), Box<Outgoing>> {
        read(&|name: &str| Part::of_json(&message, name))
    }

    #[test]
    fn every_feature_is_understood_and_nothing_else() {
        for feature in FEATURES {
            let message = json!({ "app": APP, "v": VERSION, "id": 3, "type": feature });
            assert_eq!(asked(message).expect("it is a feature").0, Some(3.0), "{feature}");
        }
        let load =
            json!({ "app": APP, "v": VERSION, "type": "load", "link": "p=echo", "more": [1] });
        let link = Some("p=echo".to_owned());
        assert_eq!(asked(load).expect("as it should be").1, Ask::Load { link, scenario: None });
    }

    #[test]
    fn what_is_wrong_with_a_message_is_said_to_whoever_sent_it() {
        let said = |message| asked(message).expect_err("it is wrong");
        let explode = said(json!({ "app": APP, "v": VERSION, "id": 7, "type": "explode" }));
        assert_eq!(explode.id, Some(7.0));
        let number = said(json!({ "app": APP, "v": VERSION, "id": 8, "type": "load", "link": 5 }));
        assert!(matches!(&number.tell, Tell::Error { message, .. } if message.contains("string")));
        assert_eq!(said(json!({ "app": "other", "v": VERSION, "id": 9, "type": "play" })).id, None);
        assert_eq!(said(json!({ "app": APP, "v": 2, "id": 9, "type": "play" })).id, None);
    }
}
