//! Scenarios: as JSON, as links, as names of the library, as TOML.

use super::{PLAYING_BYTES_MOST, bombard, of_texts, pick};
use crate::goldens::{golden, scenarios, swarms};
use crate::journeys::journey;
use crate::mutate;
use faultline_cli::{out::Stop, source};
use faultline_kernel::{Draw, NodeId, Time};
use faultline_lab::crowd::Crowd;
use faultline_lab::{Command, Error, Input, Scenario, Session, library, link, scenario};
use serde_json::Value;

/// How many steps of what was accepted are played.
const STEPS: u32 = 200;

/// Of a larger swarm than this only the beginning is played.
const SWARM_MOST: u32 = 20_000;

/// Valid scenarios: the library, and some with branches and many kinds of interventions.
fn corpus() -> Vec<Scenario> {
    let library = scenarios().into_iter().map(|(_, scenario)| scenario);
    let walked = library.clone().zip(0..).map(|(scenario, seed)| journey(&scenario, seed));
    let walked = walked.map(|session| session.scenario()).collect::<Vec<_>>();
    let swarms = swarms().into_iter().map(|(_, scenario)| scenario);
    library.chain(walked).chain(swarms).collect()
}

/// Plays what was read; what was refused is refused in a sentence.
fn play(read: Result<Scenario, Error>) -> bool {
    let accepted = read.is_ok();
    match read {
        Ok(scenario) => use_it(scenario),
        Err(error) => assert!(error.to_string().len() < 20_000, "an error is a sentence"),
    }
    accepted
}

/// What was accepted can be opened, looked at and played: after the check nothing fails.
fn use_it(scenario: Scenario) {
    if scenario.is_swarm() {
        return use_swarm(scenario);
    }
    let mut session = Session::open(scenario).expect("what is accepted can be opened");
    session.work(STEPS);
    look_around(&mut session);
    assert!(session.weight() < 64 << 20, "{} bytes", session.weight());
}

/// The same for a swarm; of a large one only the beginning.
fn use_swarm(scenario: Scenario) {
    let mut crowd = Crowd::open(scenario).expect("what is accepted can be opened");
    let budget = if crowd.count() > SWARM_MOST { 1 } else { u64::from(STEPS) * 100 };
    let commands = [
        Command::StepForward,
        Command::Play,
        Command::Act(Input::CrashSome { ppm: 250_000 }),
        Command::StepBack,
        Command::Act(Input::Crash { node: NodeId(0) }),
        Command::Undo,
        Command::Redo,
        Command::SeekTime(Time(50_000_000)),
        Command::End,
        Command::PreviousMark,
    ];
    for command in commands.into_iter().filter(|_| budget > 1) {
        let _ = crowd.apply(command);
        crowd.tick(16.0);
        crowd.work(budget);
    }
    drop((crowd.summary(), crowd.traffic(), crowd.deeds(), crowd.standings()));
    drop((crowd.caption().map(str::to_owned), crowd.cells().count(), crowd.curve(0).count()));
    assert!(crowd.weight() < 128 << 20, "{} bytes", crowd.weight());
    let canonical = crowd.scenario_here();
    let again = Scenario::from_json(&canonical.to_json()).expect("what we write we read");
    assert_eq!(again, canonical);
}

fn look_around(session: &mut Session) {
    let commands = [
        Command::Play,
        Command::StepBack,
        Command::End,
        Command::StepForward,
        Command::Act(Input::Crash { node: NodeId(0) }),
        Command::StepForward,
        Command::PreviousMark,
        Command::Act(Input::Heal),
        Command::Undo,
    ];
    for command in commands {
        // Waits while it is still opening, which may take longer than we do.
        let _ = session.apply(command);
        session.tick(16.0);
        session.work(STEPS);
    }
    let end = session.event_count();
    drop((session.scene(), session.caption().map(str::to_owned), session.sentence()));
    drop((session.events(end.saturating_sub(20)..end), session.properties(), session.branches()));
    drop((session.node_panel(NodeId(0)), session.why(end.saturating_sub(1))));
    let canonical = session.scenario();
    let again = Scenario::from_json(&canonical.to_json()).expect("what we write we read");
    assert_eq!(again, canonical);
}

#[test]
fn hostile_scenario_texts_are_read_or_refused() {
    let texts: Vec<String> = corpus().iter().map(Scenario::to_json).collect();
    let read = |text: &str| play(Scenario::from_json(text));
    bombard("texts", 1, PLAYING_BYTES_MOST, of_texts(&texts), read);
}

#[test]
fn hostile_scenario_trees_are_read_or_refused() {
    let tree = |scenario: &Scenario| serde_json::from_str(&scenario.to_json()).expect("JSON");
    let trees: Vec<Value> = corpus().iter().map(tree).collect();
    let make = |draw: &mut Draw| {
        let (one, other) = pick(&trees, draw);
        mutate::tree(one, other, draw).to_string()
    };
    bombard("trees", 2, PLAYING_BYTES_MOST, make, |text| play(Scenario::from_json(text)));
}

#[test]
fn hostile_links_are_read_or_refused() {
    let links: Vec<String> = corpus().iter().map(link::encode).collect();
    bombard("links", 3, PLAYING_BYTES_MOST, of_texts(&links), |text| play(link::decode(text)));
}

#[test]
fn hostile_names_are_read_or_refused() {
    let name = |row: faultline_lab::LibraryRow| {
        format!("#{}&n=5&seed=42", link::readable(row.protocol, row.scene))
    };
    let names: Vec<String> = library().into_iter().map(name).collect();
    let read = |text: &str| {
        // Whatever it is, what is told of it is a part of it.
        assert!(link::strange(text).is_none_or(|part| text.contains(part)));
        play(link::decode(text))
    };
    bombard("names", 4, PLAYING_BYTES_MOST, of_texts(&names), read);
}

#[test]
fn hostile_scenario_files_are_read_or_refused() {
    let file = |(id, _): (String, Scenario)| {
        std::fs::read_to_string(golden(&id).with_extension("toml")).expect("it is there")
    };
    let files: Vec<String> = scenarios().into_iter().map(file).collect();
    let read = |text: &str| match source::from_toml(text) {
        Ok(scenario) => play(Ok(scenario)),
        Err(Stop::Bad(what)) => {
            assert!(what.len() < 20_000 + 4 * text.len(), "an error shows a line at most");
            false
        }
        Err(Stop::Closed) => unreachable!("nothing is written"),
    };
    bombard("files", 6, PLAYING_BYTES_MOST, of_texts(&files), read);
}

#[test]
fn a_small_link_that_unpacks_to_much_is_refused() {
    let mut bomb = library_text();
    bomb.insert_str(1, &" ".repeat(scenario::JSON_MOST));
    let padded = link::encode_text(&bomb);
    assert!(padded.len() < link::READ_MOST, "it is small: {}", padded.len());
    let memory = allocation_counter::measure(|| {
        let refused = link::decode(&padded).expect_err("it is large");
        assert!(refused.to_string().contains("too large"), "{refused}");
    });
    let most = 4 * scenario::JSON_MOST as u64;
    assert!(memory.bytes_max < most, "{} bytes to refuse it", memory.bytes_max);
}

fn library_text() -> String {
    faultline_lab::default_scenario().expect("the library is not empty").to_json()
}
