//! Reading what a host asks, doing it, and saying how it went.

use crate::message::{self, Ask, NodeState, Outgoing, Part, State, Tell};
use faultline_lab::scenario::{JSON_MOST, TIME_MOST};
use faultline_lab::{
    Command, Condition, Error, EventRow, MarkKind, Moment, Scenario, SceneNode, Session, Tempo,
    Time, link, words,
};
use js_sys::{JsString, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// What this release understands.
pub const FEATURES: &[&str] = &[
    "hello", "load", "play", "pause", "step", "stepBack", "seek", "setSpeed", "getState", "getLink",
];

/// A virtual day: no run goes on for longer.
#[expect(clippy::cast_precision_loss, reason = "it is far below what a float holds")]
const DAY_US: f64 = TIME_MOST.0 as f64;

/// Whether a value is meant for us at all: other scripts send messages too.
#[must_use]
pub fn is_ours(value: &JsValue) -> bool {
    message::is_ours(&|name: &str| part(value, name))
}

/// A part of a message. What throws when it is looked at is as if it were not there, and a text is
/// measured before it is copied.
fn part(value: &JsValue, name: &str) -> Result<Option<Part>, String> {
    let found = Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let short = |text: &&JsString| text.length() as usize <= JSON_MOST;
    if let Some(number) = found.as_f64() {
        return Ok(Some(Part::Number(number)));
    }
    if let Some(text) = found.dyn_ref().filter(short) {
        return Ok(Some(Part::Text(text.into())));
    }
    if found.is_null() || found.is_undefined() {
        return Ok(None);
    }
    Err(format!("{name} is no number and no text of up to {JSON_MOST} letters"))
}

/// Reads a message: its number and what it asks.
///
/// # Errors
/// An answer that says what is wrong with it.
pub fn read(value: &JsValue) -> Result<(Option<f64>, Ask), Box<Outgoing>> {
    message::read(&|name: &str| part(value, name))
}

/// Turns an answer into a value of JavaScript.
#[must_use]
pub fn write(outgoing: &Outgoing) -> JsValue {
    // Numbers stay numbers and objects plain: whoever listens need not know of `Map` or `BigInt`.
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    outgoing.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// Does what is asked. Opening a scenario replaces the session.
pub fn carry_out(session: &mut Session, ask: Ask) -> Tell {
    if let Some(wrong) = wrong(&ask) {
        return wrong;
    }
    let (code, outcome) = match ask {
        Ask::Hello => return ready(),
        Ask::GetState => return Tell::State(state(session)),
        Ask::GetLink => return Tell::Link { link: link::encode(&session.scenario()) },
        Ask::Load { link, scenario } => ("scenario", load(session, link, scenario)),
        Ask::Play => ("command", session.apply(Command::Play)),
        Ask::Pause => ("command", session.apply(Command::Pause)),
        Ask::Step => ("command", session.apply(Command::StepForward)),
        Ask::StepBack => ("command", session.apply(Command::StepBack)),
        Ask::Seek { time_us, events } => ("command", seek(session, time_us, events)),
        Ask::SetSpeed { speed } => {
            let tempo = speed.map_or(Tempo::Adaptive, Tempo::Fixed);
            ("command", session.apply(Command::Tempo(tempo)))
        }
    };
    match outcome {
        Ok(()) => Tell::Reply,
        Err(wrong) => Tell::Error { code, message: wrong.to_string() },
    }
}

/// What is wrong with the numbers of a message, or missing: `NaN` is a number in JavaScript.
#[must_use]
pub fn wrong(ask: &Ask) -> Option<Tell> {
    let (code, message) = match ask {
        Ask::SetSpeed { speed: Some(speed) } if !(speed.is_finite() && *speed > 0.0) => {
            ("command", "speed is a number above 0")
        }
        Ask::Seek { time_us: None, events: None } => ("command", "seek needs timeUs or events"),
        Ask::Seek { time_us, events }
            if [time_us, events].into_iter().flatten().any(|number| number.is_nan()) =>
        {
            ("command", "timeUs and events are numbers")
        }
        Ask::Seek { time_us: Some(time), .. } if *time > DAY_US => {
            ("command", "timeUs lies more than a virtual day ahead")
        }
        Ask::Load { link: None, scenario: None } => ("scenario", "load needs link or scenario"),
        _ => return None,
    };
    Some(Tell::Error { code, message: message.to_owned() })
}

/// The greeting.
#[must_use]
pub fn ready() -> Tell {
    Tell::Ready { version: env!("CARGO_PKG_VERSION"), features: FEATURES }
}

fn load(
    session: &mut Session,
    link: Option<String>,
    scenario: Option<String>,
) -> Result<(), Error> {
    let scenario = match scenario {
        Some(json) => Scenario::from_json(&json)?,
        None => link::decode(&link.unwrap_or_default())?,
    };
    *session = Session::open(scenario)?;
    Ok(())
}

fn seek(session: &mut Session, time_us: Option<f64>, events: Option<f64>) -> Result<(), Error> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest whole number there is"
    )]
    let whole = |number: f64| number.max(0.0) as u64;
    match (time_us, events) {
        (Some(time), _) => session.apply(Command::RunTo(Time(whole(time)))),
        (None, events) => {
            let events = u32::try_from(whole(events.unwrap_or(0.0))).unwrap_or(u32::MAX);
            // The session settles on the nearest moment after so many events.
            session.apply(Command::Seek(Moment { events, time: Time::ZERO }))
        }
    }
}

/// How the session looks.
#[must_use]
pub fn state(session: &Session) -> State {
    let node = |node: &SceneNode| NodeState {
        name: node.id.to_string(),
        role: words::plain(node.role_word),
        badge: node.badge,
        condition: match node.condition {
            Condition::Up => "up",
            Condition::Down => "down",
            Condition::Paused => "paused",
        },
    };
    let moment = session.moment();
    State {
        protocol: session.room().to_owned(),
        title: session.title().to_owned(),
        time_us: moment.time.0,
        events: moment.events,
        playing: session.playing(),
        sentence: session.sentence().map_or_else(String::new, |row| row.text),
        nodes: session.scene().nodes.iter().map(node).collect(),
    }
}

/// The moment, for a host that follows it.
#[must_use]
pub fn tick(session: &Session) -> Tell {
    let moment = session.moment();
    Tell::Tick { time_us: moment.time.0, events: moment.events }
}

/// An event that stands out, for a host that follows them.
#[must_use]
pub fn event(row: &EventRow) -> Option<Tell> {
    let kind = match row.mark? {
        MarkKind::Stirs => "stirs",
        MarkKind::Settles => "settles",
        MarkKind::Leads => "leads",
        MarkKind::Act => "act",
        MarkKind::Broken => "broken",
    };
    Some(Tell::Event { kind, text: row.text.clone(), time_us: row.time.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_lacks_or_leads_too_far_is_an_error_and_changes_nothing() {
        let scenario = link::decode("p=raft&t=300000").expect("a good name");
        let mut session = Session::open(scenario).expect("it opens");
        let before = session.scenario();
        let seek = |time_us, events| Ask::Seek { time_us, events };
        let load = |link: Option<&str>| Ask::Load { link: link.map(str::to_owned), scenario: None };
        for (ask, said) in [
            (seek(None, None), "needs timeUs or events"),
            (seek(Some(1e12), None), "more than a virtual day"),
            (seek(Some(f64::INFINITY), None), "more than a virtual day"),
            (seek(Some(f64::NAN), None), "are numbers"),
            (load(None), "needs link or scenario"),
            (load(Some("javascript:alert(1)")), "neither p="),
        ] {
            let told = carry_out(&mut session, ask.clone());
            let is_said = matches!(&told, Tell::Error { message, .. } if message.contains(said));
            assert!(is_said, "{ask:?}: {told:?}");
            assert_eq!(session.scenario(), before);
        }
        assert_eq!(carry_out(&mut session, seek(Some(0.0), None)), Tell::Reply);
        assert_eq!(session.moment().time, Time::ZERO);
    }
}
