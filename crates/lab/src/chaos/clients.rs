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

/// Up to when these clients introduce themselves, and how often.
const INTRODUCED: Time = Time(1_500_000);
const INTRODUCTIONS: Span = Span::millis(300);

/// The same scenario with clients that read, write, and compare and set a few variables at random
/// nodes up to `until`, in place of all its own requests; so that what they see can be judged.
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
    let mut at = Time::ZERO;
    for number in 0.. {
        // Not the draws of the faults: those have one circumstance.
        let mut draw = Draw::keyed(seed, Purpose::Chaos, &[number, 1]);
        at += draw.span(ASKS);
        if at > until || inputs.len() >= INPUTS_MOST {
            break;
        }
        let mut wish = wish(number, &mut draw);
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
fn wish(number: u64, draw: &mut Draw) -> Operation {
    let key = Label::new(KEYS[below(draw, KEYS.len() as u32) as usize]).into();
    let new = Value::Number(number + 1);
    let deed = match draw.below(8) {
        0..4 => Deed::Read,
        4..7 => Deed::Write(new),
        // Something that was written lately, perhaps.
        _ => match number.saturating_sub(draw.below(12)) {
            0 => Deed::Swap(Value::Nothing, new),
            written => Deed::Swap(Value::Number(written), new),
        },
    };
    Operation { key, deed, name: None }
}
