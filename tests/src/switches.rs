//! Each rule broken on purpose, in every room, is found by the random runs that anybody can ask for
//! in a terminal: `faultline check raft --seeds 1..1000 --chaos --set early_change=on`.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use faultline_kernel::Time;
use faultline_lab::chaos::wild;
use faultline_lab::{Recording, Scenario, link, rooms};
use faultline_sim::EventKind;

/// As far as the terminal plays them.
const UNTIL: Time = Time(9_000_000);

/// How many seeds are tried at once before somebody looks.
const AT_ONCE: u64 = 40;

fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000)
}

fn scenario(room: &str, knob: &str, seed: u64) -> Scenario {
    let mut first = link::decode(&format!("p={room}")).expect("the room has a lesson");
    first.config.insert(knob.to_owned(), 1);
    wild(&first, seed, UNTIL).expect("the scenario is sound")
}

/// When this property breaks.
fn breaks(scenario: &Scenario, property: &str) -> Option<Time> {
    let recording = Recording::of(scenario, UNTIL).expect("chaos is a sound scenario");
    let properties = recording.about().properties;
    let mut records = recording.log().iter_from(0);
    let found = records.find(|record| {
        record.kind() == EventKind::Broken && properties[usize::from(record.which())].id == property
    })?;
    Some(found.time)
}

/// The first seed under which it does.
fn first(room: &str, knob: &str, property: &str) -> Option<u64> {
    (1..=seeds()).step_by(AT_ONCE as usize).find_map(|from| {
        let tried =
            on_all_cores(AT_ONCE, |more| breaks(&scenario(room, knob, from + more), property));
        let found = tried.iter().position(Option::is_some)?;
        Some(from + found as u64)
    })
}

#[test]
fn every_switch_of_every_room_is_found_from_the_terminal() {
    let mut held = Vec::new();
    for (about, knobs) in rooms() {
        for (knob, property) in knobs.iter().filter_map(|knob| Some((knob.id, knob.breaks?))) {
            let room = about.id;
            let Some(seed) = first(room, knob, property) else {
                held.push(format!("{room}: {property} held with {knob}"));
                continue;
            };
            let scenario = scenario(room, knob, seed);
            let link = link::encode(&Scenario { open_us: breaks(&scenario, property), ..scenario });
            say(&format!(
                "switch: {room}, {knob} breaks {property} first under seed {seed}: #{link}"
            ));
        }
    }
    assert!(held.is_empty(), "{}", held.join("\n"));
}
