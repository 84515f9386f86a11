//! A message of the page around this one, and what it makes the lab do.

#![no_main]

use faultline_lab::{Scenario, Session};
use faultline_wasm::host;
use faultline_wasm::message::{self, Outgoing, Part};
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let answer = match message::read(&|name: &str| Part::of_json(&value, name)) {
        Err(refusal) => *refusal,
        Ok((id, ask)) => {
            let scenario = Scenario::plain("echo", 1).expect("the room is there");
            let mut session = Session::open(scenario).expect("a plain scenario opens");
            let answer = Outgoing::new(host::carry_out(&mut session, ask), id);
            session.work(100);
            session.tick(16.0);
            drop(host::state(&session));
            answer
        }
    };
    let answer = serde_json::to_string(&answer).expect("an answer has a form");
    assert!(answer.len() < 20_000 + text.len());
});
