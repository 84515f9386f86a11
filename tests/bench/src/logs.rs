//! Logs that must be the same everywhere: every scenario of the library, and a few long runs of
//! each room in which much goes wrong.

use faultline_lab::chaos::chaos;
use faultline_lab::crowd::Headcount;
use faultline_lab::{Recording, Scenario, Span, Time, library, library_scenario, rooms};
use faultline_sim::Load;
use wasm_bindgen::prelude::wasm_bindgen;

/// How long a scenario without an end is played; the same as in the native tests.
const OTHERWISE: Time = Time(5_000_000);

/// How many seeds of random faults each room is run under, and for how long.
const SEEDS: u64 = 4;
const CHAOS: Time = Time(15_000_000);

/// Every scenario of the library, as `room/scene`.
#[wasm_bindgen]
#[must_use]
pub fn scenarios() -> Vec<String> {
    library().into_iter().map(|row| [row.protocol, row.scene].join("/")).collect()
}

/// Every run whose log is compared: the scenarios, and `room/chaos/seed`.
#[wasm_bindgen]
#[must_use]
pub fn runs() -> Vec<String> {
    let wild = |room| (1..=SEEDS).map(move |seed| format!("{room}/chaos/{seed}"));
    let wild = rooms().flat_map(|(about, _)| wild(about.id));
    scenarios().into_iter().chain(wild).collect()
}

/// The canonical bytes of a run's log: see `faultline_sim::Log::bytes`; of a swarm, its counts and
/// where everybody stands in the end.
#[wasm_bindgen]
#[must_use]
pub fn log_bytes(id: &str) -> Vec<u8> {
    match swarm(id) {
        Some(headcount) => headcount.canonical(),
        None => recording(id).log().bytes(),
    }
}

/// What is in the golden log of a scenario: its events in words, and a check value.
#[wasm_bindgen]
#[must_use]
pub fn transcript(id: &str) -> String {
    if let Some(headcount) = swarm(id) {
        return format!("{}check {}\n", headcount.table(), headcount.check_value());
    }
    let recording = recording(id);
    let digest = recording.log().digest(recording.log().len());
    format!("{}check {digest:016x}\n", recording.transcript())
}

fn scenario(id: &str) -> Scenario {
    let (room, scene) = id.split_once('/').expect("an id has two parts");
    match scene.strip_prefix("chaos/") {
        Some(seed) => wild(room, seed.parse().expect("a seed is a number")),
        None => library_scenario(room, scene).expect("the library is sound"),
    }
}

/// A swarm, played; none if it is played event by event.
fn swarm(id: &str) -> Option<Headcount> {
    let scenario = scenario(id);
    let play = || Headcount::of(&scenario, OTHERWISE).expect("a scenario can be played");
    scenario.is_swarm().then(play)
}

fn recording(id: &str) -> Recording {
    Recording::of(&scenario(id), OTHERWISE).expect("a scenario can be played")
}

fn wild(room: &str, seed: u64) -> Scenario {
    let mut plain = Scenario::plain(room, seed).expect("the room is there");
    plain.load = Some(Load { every: Span::millis(40), from: Time(200_000), count: u32::MAX });
    chaos(&plain, seed, CHAOS).expect("the scenario is sound")
}
