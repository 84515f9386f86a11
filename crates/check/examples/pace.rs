//! How long the judge takes: histories of one register, good ones and ones with a single value
//! that nobody wrote. `cargo run --release -p faultline-check --example pace`

use faultline_check::{Function, History, Kind, Line, Model, Verdict, judge};
use serde_json::{Value, json};
use std::time::Duration;

const RUNS: u64 = 50;

fn main() {
    for spoiled in [false, true] {
        for (clients, operations) in [(4, 250), (8, 125), (16, 62)] {
            let mut times: Vec<Duration> =
                (0..RUNS).map(|run| time(clients, operations, run, spoiled)).collect();
            times.sort();
            let [least, middle, most] = [0, times.len() / 2, times.len() - 1].map(|at| times[at]);
            println!(
                "{clients} clients, {operations} operations each, spoiled {spoiled}: \
                 {middle:?} ({least:?} to {most:?})"
            );
        }
    }
}

fn time(clients: usize, operations: usize, run: u64, spoiled: bool) -> Duration {
    let history = history(clients, operations, run, spoiled);
    #[expect(clippy::disallowed_types, reason = "this measures")]
    let start = std::time::Instant::now();
    let verdict = judge(&history, u64::MAX).verdict;
    let took = start.elapsed();
    assert_eq!(verdict == Verdict::Linearizable, !spoiled);
    took
}

/// Each client is idle or has an operation open, which takes effect at a random moment.
fn history(clients: usize, operations: usize, run: u64, spoiled: bool) -> History {
    let mut state = 0x9e37_79b9_7f4a_7c15 + run * 7919;
    let mut draw = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    let mut history = History::new(Model::Register);
    let mut left = vec![operations; clients];
    let mut open: Vec<Option<(Function, Value, bool)>> = vec![None; clients];
    let (mut register, mut written, mut total) = (json!(0), 0, clients * operations);
    let mut spoil = spoiled;
    let mut tell = |process: usize, kind, function, value| {
        let process = process as u64;
        let line = Line { process, kind, function: Some(function), key: None, value: Some(value) };
        history.push(line).expect("it is well formed");
    };
    tell(clients, Kind::Invoke, Function::Write, json!(0));
    tell(clients, Kind::Ok, Function::Write, Value::Null);
    while total > 0 {
        let client = draw(clients);
        match open[client].take() {
            None if left[client] > 0 => {
                left[client] -= 1;
                let (function, value) = if draw(2) == 0 {
                    written += 1;
                    (Function::Write, json!(written))
                } else {
                    (Function::Read, Value::Null)
                };
                tell(client, Kind::Invoke, function, value.clone());
                open[client] = Some((function, value, false));
            }
            None => {}
            Some((Function::Write, value, false)) => {
                register = value.clone();
                open[client] = Some((Function::Write, value, true));
            }
            Some((function, _, false)) => {
                let lie = spoil && total < clients * operations / 2;
                spoil &= !lie;
                let found = if lie { json!(u32::MAX) } else { register.clone() };
                open[client] = Some((function, found, true));
            }
            Some((function, value, true)) => {
                tell(client, Kind::Ok, function, value);
                total -= 1;
            }
        }
    }
    history
}
