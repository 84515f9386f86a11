//! What is no scenario: messages of a host, the query of an address, histories, values of the
//! command line.

// The query is read by a file of the page that uses nothing of the page.
#[path = "../../../web/src/look.rs"]
mod look;

use super::{PLAYING_BYTES_MOST, READING_BYTES_MOST, bombard, of_texts, pick};
use crate::goldens::{scenarios, swarms};
use crate::mutate;
use crate::wild;
use faultline_cli::{arguments, out::Stop};
use faultline_kernel::Draw;
use faultline_lab::chaos::with_clients;
use faultline_lab::judge::{History, Model, judge};
use faultline_lab::{Recording, Scenario, Session, link};
use faultline_wasm::host;
use faultline_wasm::message::{self, Outgoing, Part};
use lexopt::Parser;
use look::Look;
use serde_json::{Value, json};

/// How many steps are played after each message.
const STEPS: u32 = 200;

/// How many steps the judge may take for one history.
const JUDGE_STEPS: u64 = 2_000;

/// Does what a host asks, if it is understood; the answer is no longer than what it is about.
fn obey(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let (answer, accepted) = match message::read(&|name: &str| Part::of_json(&value, name)) {
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
    for (_, scenario) in scenarios().into_iter().chain(swarms()) {
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
    bombard("messages", 5, PLAYING_BYTES_MOST, make, obey);
}

/// What clients of Raft saw, in both models: some runs append.
fn histories() -> Vec<(Model, String)> {
    let recorded = |seed| {
        let plain = wild::raft(3, None, seed);
        let scenario = with_clients(&plain, seed, wild::UNTIL).expect("Raft has clients");
        let mut recording = Recording::begin(&scenario, false).expect("it is sound");
        recording.listen();
        recording.play_until(faultline_lab::Time(350_000));
        let (model, lines) = recording.history();
        let line = |line| serde_json::to_string(&line).expect("a line has a form") + "\n";
        (model, lines.into_iter().map(line).collect())
    };
    (0..16).map(recorded).collect()
}

#[test]
fn hostile_histories_are_judged_or_refused() {
    let (models, texts): (Vec<Model>, Vec<String>) = histories().into_iter().unzip();
    for (number, wanted) in (7..).zip([Model::Register, Model::KeyValue]) {
        let of_model = texts.iter().zip(&models).filter(|(_, model)| **model == wanted);
        let texts: Vec<String> = of_model.map(|(text, _)| text.clone()).collect();
        let read = |text: &str| match History::read(wanted, text) {
            Ok(history) => {
                drop(judge(&history, JUDGE_STEPS));
                true
            }
            Err(bad) => {
                assert!(bad.to_string().len() < 20_000 + 4 * text.len(), "it is a sentence");
                false
            }
        };
        let name = format!("histories ({wanted:?})");
        bombard(&name, number, READING_BYTES_MOST, of_texts(&texts), read);
    }
}

/// Options and their values, one in each line.
const ARGUMENTS: [&str; 8] = [
    "--seed\n7\n--until=1.5s\n--seeds\n1..=9\n--set\nservers=3\n--set=batch=on",
    "--until\n250ms\n--set\nelection_min_ms=100",
    "--until\n300us\n--seeds=7",
    "--seeds\n1..1000\n--values=servers=3,5,9",
    "--shard\n2/8\n--metrics\nevents,lost,elections",
    "--set=forget_vote=off\n--set\nsnapshot_every=50",
    "--values\nloss=on,off,7\n--seed=18446744073709551615",
    "--until=86400s\n--shard=1/1",
];

/// Reads one argument as the commands do; `false` when there are no more.
fn read_argument(parser: &mut Parser, scenario: &mut Scenario) -> Result<bool, Stop> {
    use lexopt::Arg::Long;
    let Some(argument) = parser.next()? else { return Ok(false) };
    match argument {
        Long("seed") => scenario.seed = arguments::number(parser, "--seed")?,
        Long("until") => scenario.until_us = Some(arguments::time(parser, "--until")?),
        Long("seeds") => assert!(!arguments::seeds(parser)?.is_empty(), "it has a first"),
        Long("shard") => {
            let (part, of) = arguments::shard(&arguments::text(parser)?)?;
            assert!((1..=of).contains(&part), "{part} of {of}");
        }
        Long("metrics") => {
            let metrics = arguments::metrics(&arguments::text(parser)?)?;
            assert!(!metrics.is_empty() && metrics.iter().all(|id| !id.is_empty()));
        }
        Long("values") => {
            let (_, values) = arguments::values(&arguments::text(parser)?)?;
            assert!(!values.is_empty(), "a knob has a value");
        }
        Long("set") => arguments::set(scenario, &arguments::text(parser)?)?,
        other => return Err(other.unexpected().into()),
    }
    Ok(true)
}

#[test]
fn hostile_values_of_the_command_line_are_read_or_refused() {
    let texts = ARGUMENTS.map(str::to_owned);
    let read = |text: &str| {
        let mut parser = Parser::from_args(text.lines());
        let mut scenario = Scenario::plain("raft", 1).expect("the room is there");
        loop {
            match read_argument(&mut parser, &mut scenario) {
                Ok(true) => {}
                Ok(false) => break,
                Err(Stop::Bad(what)) => {
                    assert!(what.len() < 1_000 + 4 * text.len(), "it is a sentence");
                    return false;
                }
                Err(Stop::Closed) => unreachable!("nothing is written"),
            }
        }
        match scenario.check() {
            Ok(()) => drop(Session::open(scenario).expect("what is accepted can be opened")),
            Err(error) => assert!(error.to_string().len() < 1_000 + 4 * text.len()),
        }
        true
    };
    bombard("arguments", 9, PLAYING_BYTES_MOST, of_texts(&texts), read);
}

/// Queries of pages that embed.
const QUERIES: [&str; 7] = [
    "?embed=1&controls=play&theme=dark&panels=events,captions&autoplay=1",
    "?speed=1%2F50&t=700&until=1200&loop=1&start=click",
    "?motion=reduced&edit=0&lang=en-GB&panels=none",
    "?theme=contrast&speed=0.02&motion=auto&utm_source=a+course",
    "?panels=library%2Cinspector,properties,sentence&controls=none",
    "?embed=true&autoplay=no&edit=yes&loop=false&lang=%65%6e",
    "?t=18446744073709551615&until=0&speed=100",
];

#[test]
fn hostile_queries_are_read_and_what_they_mean_is_told() {
    let texts = QUERIES.map(str::to_owned);
    let read = |query: &str| {
        let look = Look::read(query, query.len().is_multiple_of(2));
        assert!(look.class().len() < 500, "{}", look.class());
        assert!(look.speed.is_none_or(|speed| (0.000_1..=100.0).contains(&speed)));
        assert!(look.strange.iter().all(|strange| strange.value.len() < 500));
        look.strange.is_empty()
    };
    bombard("queries", 10, READING_BYTES_MOST, of_texts(&texts), read);
}
