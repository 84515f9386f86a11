//! Clients whose view of the data can be judged.

use super::{below, positioned};
use crate::scenario::INPUTS_MOST;
use crate::{Error, Input, Scenario, catalogue};
use faultline_kernel::{
    Deed, Draw, Label, NodeId, Operation, Purpose, Span, SpanRange, Time, Value,
};
use faultline_sim::Positioned;

/// Over how many keys the clients of [`with_clients`] quarrel: few, so that they meet.
const KEYS: [&str; 2] = ["x", "y"];

/// How long one of these clients waits before the next asks.
const ASKS: SpanRange = SpanRange { min: Span::millis(2), max: Span::millis(20) };

/// How many of these clients name what they ask, in rooms where that can be done.
const NAMED: u32 = 3;

/// How long such a client waits before it asks for the same again.
const PATIENCE: SpanRange = SpanRange { min: Span::millis(10), max: Span::millis(150) };

/// The least number that they write: up to 999 none is the beginning of another then, and what was
/// appended to which of them is plain.
const LEAST: u64 = 100;

/// Up to when these clients introduce themselves, and how often.
const INTRODUCED: Time = Time(1_500_000);
const INTRODUCTIONS: Span = Span::millis(300);

/// The same scenario with clients that read, write, and compare and set a few variables at random
/// nodes up to `until`, in place of all its own requests; so that what they see can be judged.
/// In half of the runs they append instead of comparing: what is done twice stays to be seen then.
/// Where operations can be named, some clients name theirs and ask for them twice.
///
/// # Errors
/// If the room has no such clients.
pub fn with_clients(scenario: &Scenario, seed: u64, until: Time) -> Result<Scenario, Error> {
    let room = catalogue::room(&scenario.protocol)?;
    let nodes = u32::try_from(room.members(scenario)?).unwrap_or(u32::MAX);
    let is_request = |input: &Positioned<_>| matches!(input.input, Input::Request { .. });
    let others = scenario.inputs.iter().filter(|input| !is_request(input));
    let mut inputs: Vec<Positioned<serde_json::Value>> = others.cloned().collect();
    let appends = Draw::keyed(seed, Purpose::Chaos, &[0, 4]).chance(500_000);
    let mut at = Time::ZERO;
    for number in 0.. {
        // Not the draws of the faults: those have one circumstance.
        let mut draw = Draw::keyed(seed, Purpose::Chaos, &[number, 1]);
        at += draw.span(ASKS);
        if at > until || inputs.len() >= INPUTS_MOST {
            break;
        }
        let mut wish = wish(number, appends, &mut draw);
        let node = NodeId(below(&mut draw, nodes));
        let names = (room.random.introduction)(1).is_some() && wish.deed != Deed::Read;
        let named = names && draw.chance(400_000);
        if named {
            let client = u64::from(1 + below(&mut draw, NAMED));
            wish.name = Some(client << 32 | (number + 1));
        }
        let Some(request) = (room.random.request_for)(&wish) else {
            let about = room.about.id;
            return Err(Error::new(format!("the clients of {about} share no data to be judged")));
        };
        if named {
            let (again, node) = (at + draw.span(PATIENCE), NodeId(below(&mut draw, nodes)));
            let request = Some(request.clone());
            inputs.push(positioned(again.min(until), Input::Request { node, request }));
        }
        inputs.push(positioned(at, Input::Request { node, request: Some(request) }));
    }
    inputs.extend(introductions(room.random.introduction, nodes));
    inputs.sort_by_key(|input| input.at);
    Ok(Scenario { inputs, load: None, ..scenario.clone() })
}

/// Whoever names its operations says so to everybody, a few times: nobody may lead yet.
fn introductions(
    introduction: fn(u32) -> Option<serde_json::Value>,
    nodes: u32,
) -> Vec<Positioned<serde_json::Value>> {
    let mut inputs = Vec::new();
    let mut at = Time::ZERO + INTRODUCTIONS;
    while at < INTRODUCED {
        for (client, node) in (1..=NAMED).flat_map(|client| (0..nodes).map(move |n| (client, n))) {
            let Some(request) = introduction(client) else { return inputs };
            let asks = Input::Request { node: NodeId(node), request: Some(request) };
            inputs.push(positioned(at, asks));
        }
        at += INTRODUCTIONS;
    }
    inputs
}

/// What the `number`-th client wants. No value is written twice.
fn wish(number: u64, appends: bool, draw: &mut Draw) -> Operation {
    let key = Label::new(KEYS[below(draw, KEYS.len() as u32) as usize]).into();
    let new = Value::Number(LEAST + number);
    let deed = match (draw.below(8), appends) {
        (0..4, _) => Deed::Read,
        (4..6, _) | (6, false) => Deed::Write(new),
        (_, true) => Deed::Append(Value::Number(10 + number % 90)),
        // Something that was written lately, perhaps.
        (_, false) => match number.checked_sub(1 + draw.below(12)) {
            None => Deed::Swap(Value::Nothing, new),
            Some(earlier) => Deed::Swap(Value::Number(LEAST + earlier), new),
        },
    };
    Operation { key, deed, name: None }
}
