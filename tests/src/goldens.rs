//! Every scenario of the library, played, must be what it was: goldens beside each scenario.
//!
//! `FAULTLINE_UPDATE=1 cargo test -p faultline-tests` writes them anew; read the diff and commit
//! what you understand.

use faultline_lab::crowd::Headcount;
use faultline_lab::{Recording, Scenario, Time, library, library_scenario, rooms};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

/// How long a scenario without an end is played.
pub(crate) const OTHERWISE: Time = Time(5_000_000);

/// Every scenario in the library that is played event by event.
pub(crate) fn scenarios() -> Vec<(String, Scenario)> {
    all().into_iter().filter(|(_, scenario)| !scenario.is_swarm()).collect()
}

/// Every scenario in the library that is a swarm.
pub(crate) fn swarms() -> Vec<(String, Scenario)> {
    all().into_iter().filter(|(_, scenario)| scenario.is_swarm()).collect()
}

fn all() -> Vec<(String, Scenario)> {
    let read = |row: faultline_lab::LibraryRow| {
        let scenario = library_scenario(row.protocol, row.scene).expect("the library is sound");
        (format!("{}/{}", row.protocol, row.scene), scenario)
    };
    library().into_iter().map(read).collect()
}

/// Where the golden log of a scenario is; the scenario itself is beside it.
pub(crate) fn golden(id: &str) -> PathBuf {
    let (room, scene) = id.split_once('/').expect("an id has two parts");
    let rooms = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols/src");
    rooms.join(room).join("scenarios").join(format!("{scene}.log"))
}

#[test]
fn every_scenario_is_what_it_was() {
    compare(scenarios(), |scenario| {
        let recording = Recording::of(scenario, OTHERWISE).expect("a scenario can be played");
        let digest = recording.log().digest(recording.log().len());
        format!("{}check {digest:016x}\n", recording.transcript())
    });
}

#[test]
fn every_swarm_is_counted_as_it_was() {
    compare(swarms(), |scenario| {
        let headcount = Headcount::of(scenario, OTHERWISE).expect("a scenario can be played");
        format!("{}check {}\n", headcount.table(), headcount.check_value())
    });
}

fn compare(scenarios: Vec<(String, Scenario)>, play: impl Fn(&Scenario) -> String) {
    let update = env::var_os("FAULTLINE_UPDATE").is_some();
    let on_ci = env::var_os("CI").is_some();
    assert!(!(update && on_ci), "what a test rewrites it cannot judge: unset FAULTLINE_UPDATE");
    let mut differ = Vec::new();
    for (id, scenario) in scenarios {
        let found = play(&scenario);
        let path = golden(&id);
        if update {
            fs::write(&path, &found).expect("the folder is there");
        } else if fs::read_to_string(&path).ok().as_ref() != Some(&found) {
            let wanted = fs::read_to_string(&path).unwrap_or_default();
            let first = wanted.lines().zip(found.lines()).find(|(wanted, found)| wanted != found);
            differ.push(format!("{id}: {first:#?}"));
        }
    }
    assert!(differ.is_empty(), "not as before (FAULTLINE_UPDATE=1 rewrites):\n{differ:#?}");
}

#[test]
fn every_expectation_comes_true() {
    let mut unmet = Vec::new();
    for (id, scenario) in scenarios() {
        let recording = Recording::of(&scenario, OTHERWISE).expect("a scenario can be played");
        let missed = recording.unmet(&scenario);
        unmet.extend(missed.into_iter().map(|what| format!("{id}: {what}")));
    }
    assert!(unmet.is_empty(), "{unmet:#?}");
}

#[test]
fn every_golden_belongs_to_a_scenario() {
    let known: BTreeSet<PathBuf> = all().iter().map(|(id, _)| golden(id)).collect();
    let mut found = 0;
    for (about, _) in rooms() {
        let folder = golden(&format!("{}/x", about.id)).with_file_name("");
        for entry in fs::read_dir(&folder).expect("a room has scenarios") {
            let path = folder.join(entry.expect("it can be read").file_name());
            if path.extension().is_some_and(|extension| extension == "log") {
                assert!(known.contains(&path), "{} has no scenario", path.display());
                found += 1;
            }
        }
    }
    assert_eq!(found, known.len(), "a scenario has no golden");
}
