//! A history of what clients saw, a JSON object in each line.

#![no_main]

use faultline_lab::judge::{History, Model, judge};

/// How many steps the judge may take for one history.
const STEPS: u64 = 5_000;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for model in [Model::Register, Model::KeyValue] {
        match History::read(model, text) {
            Ok(history) => drop(judge(&history, STEPS)),
            Err(bad) => assert!(bad.to_string().len() < 20_000 + 4 * text.len()),
        }
    }
});
