//! The logs of the library's scenarios as text, so that WebAssembly can be held against the goldens
//! that lie beside the scenarios and that the native tests hold.

use faultline_lab::{Recording, Time, library, library_scenario};
use wasm_bindgen::prelude::wasm_bindgen;

/// How long a scenario without an end is played; the same as in the native tests.
const OTHERWISE: Time = Time(5_000_000);

/// Every scenario of the library, as `room/scene`.
#[wasm_bindgen]
#[must_use]
pub fn scenarios() -> Vec<String> {
    library().into_iter().map(|row| [row.protocol, row.scene].join("/")).collect()
}

/// What is in the golden log of a scenario: its events, and the check value of the log's bytes.
#[wasm_bindgen]
#[must_use]
pub fn transcript(id: &str) -> String {
    let (room, scene) = id.split_once('/').expect("an id has two parts");
    let scenario = library_scenario(room, scene).expect("the library is sound");
    let recording = Recording::of(&scenario, OTHERWISE).expect("a scenario can be played");
    let digest = recording.log().digest(recording.log().len());
    format!("{}check {digest:016x}\n", recording.transcript())
}
