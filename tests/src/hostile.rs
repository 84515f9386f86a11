//! Whatever comes from outside is read or refused, in bounded time and memory, without a panic;
//! and what is read can be opened and played.
//!
//! Every parser takes 100 000 mutations of valid input from a fixed seed.
//! `FAULTLINE_MUTATIONS=10000000 cargo test -p faultline-tests hostile -- --nocapture` goes on for
//! longer in the same way; `cargo xtask fuzz` goes on guided by coverage.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use crate::goldens::scenarios;
use crate::journeys::journey;
use crate::mutate;
use faultline_kernel::{Draw, NodeId, Purpose};
use faultline_lab::{Command, Error, Input, Scenario, Session, library, link, scenario};
use faultline_wasm::host;
use faultline_wasm::message::{self, Outgoing};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

const SEED: u64 = 2_026;

/// How many steps of what was accepted are played.
const STEPS: u32 = 200;

/// How long one piece of input may take, from text to the last step. Generous: what takes so long
/// without a bound takes for ever.
const MOST_MS: u128 = 5_000;

fn mutations() -> u64 {
    effort("FAULTLINE_MUTATIONS", 100_000)
}

/// Valid scenarios: the library, and some with branches and many kinds of interventions.
fn corpus() -> Vec<Scenario> {
    let library = scenarios().into_iter().map(|(_, scenario)| scenario);
    let walked = library.clone().zip(0..).map(|(scenario, seed)| journey(&scenario, seed));
    let walked = walked.map(|session| session.scenario()).collect::<Vec<_>>();
    library.chain(walked).collect()
}

/// What became of the mutations of one kind.
#[derive(Clone, Copy, Default)]
struct Count {
    accepted: u64,
    refused: u64,
    /// The longest that one took, in milliseconds.
    slowest_ms: u128,
}

/// Gives every mutation to `take`, which says whether it was accepted.
fn bombard(
    kind: u64,
    make: impl Fn(&mut Draw) -> String + Sync,
    take: impl Fn(&str) -> bool + Sync,
) -> Count {
    let outcomes = on_all_cores(mutations(), |number| {
        let mut draw = Draw::keyed(SEED, Purpose::Chaos, &[kind, number]);
        let input = make(&mut draw);
        #[expect(clippy::disallowed_types, reason = "how long it takes is what is asked")]
        let started = std::time::Instant::now();
        let accepted = catch_unwind(AssertUnwindSafe(|| take(&input)));
        let accepted = accepted.unwrap_or_else(|_| panic!("mutation {number} is fatal:\n{input}"));
        (accepted, started.elapsed().as_millis())
    });
    let mut count = Count::default();
    for (accepted, took_ms) in outcomes {
        count.accepted += u64::from(accepted);
        count.refused += u64::from(!accepted);
        count.slowest_ms = count.slowest_ms.max(took_ms);
    }
    assert!(count.slowest_ms < MOST_MS, "one took {} ms", count.slowest_ms);
    count
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

/// Does what a host asks, if it is understood; the answer is no longer than what it is about.
fn obey(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let parts = || serde_json::from_value(value.clone());
    let (answer, accepted) = match message::read(serde_json::from_value(value.clone()).ok(), parts)
    {
        Err(refusal) => (*refusal, false),
        Ok((id, ask)) => {
            let scenario = Scenario::plain("echo", 1).expect("the room is there");
            let mut session = Session::open(scenario).expect("a plain scenario opens");
            let answer = Outgoing::new(host::carry_out(&mut session, ask), id);
            session.work(STEPS);
            session.tick(16.0);
            drop((host::state(&session), host::tick(&session)));
            (answer, true)
        }
    };
    let answer = serde_json::to_string(&answer).expect("an answer has a form");
    assert!(answer.len() < 20_000 + text.len(), "{} bytes", answer.len());
    accepted
}

/// What was accepted can be opened, looked at and played; what its rooms find odd is refused.
fn use_it(scenario: Scenario) {
    let Ok(mut session) = Session::open(scenario) else { return };
    session.work(STEPS);
    look_around(&mut session);
    assert!(session.weight() < 64 << 20, "{} bytes", session.weight());
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

/// Two different members of a corpus.
fn pick<'c, T>(corpus: &'c [T], draw: &mut Draw) -> (&'c T, &'c T) {
    let one = mutate::below(draw, corpus.len());
    let other = mutate::below(draw, corpus.len());
    (&corpus[one], &corpus[other])
}

fn said(name: &str, count: Count) {
    let Count { accepted, refused, slowest_ms } = count;
    say(&format!(
        "hostile {name}: {accepted} accepted and played, {refused} refused, {slowest_ms} ms most"
    ));
    assert!(accepted > 0 && refused > 0, "{name}: mutations hit nothing");
}

#[test]
fn hostile_scenario_texts_are_read_or_refused() {
    let texts: Vec<String> = corpus().iter().map(Scenario::to_json).collect();
    let make = |draw: &mut Draw| {
        let (one, other) = pick(&texts, draw);
        mutate::text(one, other, draw)
    };
    said("texts", bombard(1, make, |text| play(Scenario::from_json(text))));
}

#[test]
fn hostile_scenario_trees_are_read_or_refused() {
    let read = |scenario: &Scenario| serde_json::from_str(&scenario.to_json()).expect("JSON");
    let trees: Vec<Value> = corpus().iter().map(read).collect();
    let make = |draw: &mut Draw| {
        let (one, other) = pick(&trees, draw);
        mutate::tree(one, other, draw).to_string()
    };
    said("trees", bombard(2, make, |text| play(Scenario::from_json(text))));
}

#[test]
fn hostile_links_are_read_or_refused() {
    let links: Vec<String> = corpus().iter().map(link::encode).collect();
    let make = |draw: &mut Draw| {
        let (one, other) = pick(&links, draw);
        mutate::text(one, other, draw)
    };
    said("links", bombard(3, make, |text| play(link::decode(text))));
}

#[test]
fn hostile_names_are_read_or_refused() {
    let name = |row: faultline_lab::LibraryRow| {
        format!("#{}&n=5&seed=42", link::readable(row.protocol, row.scene))
    };
    let names: Vec<String> = library().into_iter().map(name).collect();
    let make = |draw: &mut Draw| {
        let (one, other) = pick(&names, draw);
        mutate::text(one, other, draw)
    };
    said("names", bombard(4, make, |text| play(link::decode(text))));
}

/// What a host may say, with all that the library has to load.
fn messages() -> Vec<Value> {
    let speak = |kind: &str| json!({ "app": "faultline", "v": 1, "id": 7, "type": kind });
    let mut messages: Vec<Value> = host::FEATURES.iter().map(|kind| speak(kind)).collect();
    let mut add = |kind: &str, part: &str, value: Value| {
        let mut message = speak(kind);
        message[part] = value;
        messages.push(message);
    };
    add("seek", "timeUs", json!(1_500.0));
    add("seek", "events", json!(12));
    add("setSpeed", "speed", json!(0.02));
    for (_, scenario) in scenarios() {
        add("load", "link", json!(link::encode(&scenario)));
        add("load", "scenario", json!(scenario.to_json()));
    }
    messages
}

#[test]
fn hostile_messages_of_a_host_are_obeyed_or_refused() {
    let trees = messages();
    let texts: Vec<String> = trees.iter().map(Value::to_string).collect();
    let make = |draw: &mut Draw| {
        if draw.chance(500_000) {
            let (one, other) = pick(&trees, draw);
            return mutate::tree(one, other, draw).to_string();
        }
        let (one, other) = pick(&texts, draw);
        mutate::text(one, other, draw)
    };
    said("messages", bombard(5, make, obey));
}

#[test]
fn a_small_link_that_unpacks_to_much_is_refused() {
    let mut bomb = library_text();
    bomb.insert_str(1, &" ".repeat(scenario::JSON_MOST));
    let padded = link::encode_text(&bomb);
    assert!(padded.len() < link::READ_MOST, "it is small: {}", padded.len());
    let refused = link::decode(&padded).expect_err("it is large");
    assert!(refused.to_string().contains("too large"), "{refused}");
}

fn library_text() -> String {
    faultline_lab::default_scenario().expect("the library is not empty").to_json()
}
