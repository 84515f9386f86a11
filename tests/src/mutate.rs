//! Damages valid input in the ways in which input is damaged, by accident and on purpose.

use faultline_kernel::Draw;
use serde_json::{Map, Value, json};

/// Numbers at which something may go over an edge.
const EDGES: [u64; 12] = [
    0,
    1,
    2,
    63,
    64,
    255,
    10_001,
    1_000_001,
    u32::MAX as u64,
    u32::MAX as u64 + 1,
    i64::MAX as u64,
    u64::MAX,
];

/// Words that mean something somewhere in a scenario.
const WORDS: [&str; 24] = [
    "n1",
    "n2",
    "n5",
    "n9",
    "n99",
    "n0",
    "raft",
    "echo",
    "crash",
    "restart",
    "pause",
    "resume",
    "lose-disk",
    "cut",
    "heal",
    "hold",
    "drop",
    "deliver",
    "delay",
    "duplicate",
    "fire",
    "request",
    "election",
    "",
];

pub(crate) fn below(draw: &mut Draw, n: usize) -> usize {
    usize::try_from(draw.below(n.max(1) as u64)).expect("it was a usize")
}

/// One to four changes to the bytes of a text; what is no text afterwards is patched up.
pub(crate) fn text(original: &str, other: &str, draw: &mut Draw) -> String {
    let mut bytes = original.as_bytes().to_vec();
    for _ in 0..=draw.below(4) {
        damage(&mut bytes, other.as_bytes(), draw);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn damage(bytes: &mut Vec<u8>, other: &[u8], draw: &mut Draw) {
    let start = below(draw, bytes.len());
    let width = 1 + below(draw, 40.min(bytes.len() - start + 1));
    let end = (start + width).min(bytes.len());
    match draw.below(8) {
        0 if !bytes.is_empty() => bytes[start] ^= 1 << draw.below(8),
        1 if !bytes.is_empty() => bytes[start] = b' ' + u8::try_from(draw.below(95)).expect("< 95"),
        2 => bytes.truncate(start),
        3 => {
            let copy = bytes[start..end].to_vec();
            for _ in 0..=draw.below(6) {
                bytes.splice(start..start, copy.iter().copied());
            }
        }
        4 => drop(bytes.drain(start..end)),
        5 => {
            let from = below(draw, other.len());
            let to = (from + width).min(other.len());
            drop(bytes.splice(start..end, other[from..to].iter().copied()));
        }
        6 => replace_number(bytes, start, draw),
        _ => {
            let word = WORDS[below(draw, WORDS.len())];
            drop(bytes.splice(start..end, word.bytes()));
        }
    }
}

/// The next number in a text becomes one at an edge.
fn replace_number(bytes: &mut Vec<u8>, from: usize, draw: &mut Draw) {
    let Some(start) = (from..bytes.len()).find(|place| bytes[*place].is_ascii_digit()) else {
        return;
    };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let edge = EDGES[below(draw, EDGES.len())].to_string();
    bytes.splice(start..start + length, edge.into_bytes());
}

/// One to four changes to the tree of a JSON text; it stays JSON.
pub(crate) fn tree(original: &Value, other: &Value, draw: &mut Draw) -> Value {
    let mut changed = original.clone();
    for _ in 0..=draw.below(4) {
        let mut place = below(draw, count(&changed));
        let mut from = below(draw, count(other));
        let donor = nth(other, &mut from).cloned().unwrap_or_default();
        if let Some(value) = nth_mut(&mut changed, &mut place) {
            change(value, donor, draw);
        }
    }
    changed
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The value at this place, counted from the root downwards.
fn nth<'v>(value: &'v Value, place: &mut usize) -> Option<&'v Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(list) => list.iter().find_map(|inner| nth(inner, place)),
        Value::Object(map) => map.values().find_map(|inner| nth(inner, place)),
        _ => None,
    }
}

fn nth_mut<'v>(value: &'v mut Value, place: &mut usize) -> Option<&'v mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|inner| nth_mut(inner, place)),
        Value::Object(map) => map.values_mut().find_map(|inner| nth_mut(inner, place)),
        _ => None,
    }
}

fn change(value: &mut Value, donor: Value, draw: &mut Draw) {
    if draw.chance(150_000) {
        *value = donor;
        return;
    }
    match value {
        Value::Number(number) => *value = change_number(number.as_u64().unwrap_or(0), draw),
        Value::String(text) => *value = change_string(text, draw),
        Value::Array(list) => change_array(list, donor, draw),
        Value::Object(map) => change_object(map, donor, draw),
        Value::Bool(yes) => *yes = !*yes,
        Value::Null => *value = donor,
    }
}

fn change_number(number: u64, draw: &mut Draw) -> Value {
    match draw.below(8) {
        0 => json!(EDGES[below(draw, EDGES.len())]),
        1 => json!(number.wrapping_add(1)),
        2 => json!(number.wrapping_sub(1)),
        3 => json!(number / 2),
        4 => json!(number.saturating_mul(3)),
        5 => json!(-1.5),
        6 => json!(1e300),
        _ => json!(draw.below(2_000_000)),
    }
}

fn change_string(text: &str, draw: &mut Draw) -> Value {
    match draw.below(6) {
        0 => json!("x".repeat(5_000)),
        1 => json!("ü\u{0}\u{202e}💥"),
        2 => json!(format!("{text}{text}")),
        3 => json!(draw.below(9)),
        _ => json!(WORDS[below(draw, WORDS.len())]),
    }
}

fn change_array(list: &mut Vec<Value>, donor: Value, draw: &mut Draw) {
    let place = below(draw, list.len());
    match draw.below(6) {
        0 => list.clear(),
        1 if list.len() < 200 => {
            let length = list.len() * (2 + below(draw, 40));
            *list = list.iter().cycle().take(length).cloned().collect();
        }
        2 if !list.is_empty() => drop(list.remove(place)),
        3 if !list.is_empty() => list.swap(0, place),
        4 => list.push(donor),
        _ => list.reverse(),
    }
}

fn change_object(map: &mut Map<String, Value>, donor: Value, draw: &mut Draw) {
    let place = below(draw, map.len());
    let key = map.keys().nth(place).cloned().unwrap_or_default();
    match draw.below(5) {
        0 => drop(map.remove(&key)),
        1 => drop(map.insert(WORDS[below(draw, WORDS.len())].to_owned(), donor)),
        2 => drop(map.insert(key, donor)),
        3 => {
            // Deeper than any scenario is.
            let deep = (0..60 + below(draw, 100)).fold(donor, |inner, _| json!([inner]));
            drop(map.insert(key, deep));
        }
        _ => {
            let values: Vec<Value> = map.values().cloned().collect();
            let shifted = values.iter().cycle().skip(1);
            map.values_mut().zip(shifted).for_each(|(value, next)| *value = next.clone());
        }
    }
}
