//! `faultline run`.

use crate::arguments::{number, set, text, time};
use crate::crowd;
use crate::out::{Exit, Out, Stop, aside};
use crate::source;
use faultline_lab::{BrokenProperty, Exporter, Recording, Scenario, Span, SwarmTime, Time};
use lexopt::{Arg, Parser, ValueExt};
use std::fs;

const HELP: &str = "\
faultline run SCENARIO [options]

Plays a scenario and writes down every event, with the event that caused it. At the end it says on
the standard error which properties broke. A scenario that is a swarm (time = cycles or timed
in it) is written down as a table of slices of time, or as one JSON object for each of them.

  --seed N            another seed
  --until 10s         play so far (10s, 1.5s, 250ms, 300us) instead of to the scenario's end
  --set knob=value    another value for a knob; may be given several times
  --log text          one line of words for each event (this is the default)
  --log ndjson        one JSON object for each event: id, time_us, node, cause, kind, fields
  --log none          only what broke
  --states            with ndjson: after each event the state of its node, with what is on its disk,
                      what is in its memory, and its log as pairs of term and value
  --time cycles|timed play as a swarm, in synchronous cycles or in the time of all other runs: up to
                      a million nodes, and counts for each slice of time instead of events
  --slice 100ms       with --time: the length of a cycle or slice
  --history FILE      write what clients asked and were told, to be judged by
                      faultline linearize --model register FILE, or, if something is appended,
                      --model kv FILE; - with --log none

Exit code: 0 nothing broke, 1 a property broke or an expectation of the scenario did not come true,
2 bad input, 3 nothing broke, but the run was too long to be played to its end.
";

/// How far a scenario without an end is played.
const OTHERWISE: Time = Time(10_000_000);

/// How the command line makes a swarm of a scenario.
#[derive(Default)]
pub(crate) struct Swarm {
    pub(crate) time: Option<SwarmTime>,
    pub(crate) slice: Option<Time>,
}

impl Swarm {
    /// What speaks of single events goes: a swarm has none.
    pub(crate) fn put_on(&self, scenario: &mut Scenario) -> Result<(), Stop> {
        if let Some(time) = self.time {
            scenario.time = Some(time);
            scenario.expect.clear();
            (scenario.end, scenario.moment, scenario.check) = (None, None, None);
        }
        if let Some(slice) = self.slice {
            if !scenario.is_swarm() {
                return Err(Stop::bad("--slice needs a swarm: --time cycles or --time timed"));
            }
            scenario.slice_us = Some(Span(slice.0));
        }
        Ok(())
    }
}

pub(crate) fn read_time(text: &str) -> Result<SwarmTime, Stop> {
    match text {
        "cycles" => Ok(SwarmTime::Cycles),
        "timed" => Ok(SwarmTime::Timed),
        _ => Err(Stop::bad(format!("--time: “{text}” is neither cycles nor timed"))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Ndjson,
    None,
}

struct Options {
    form: Form,
    states: bool,
    until: Time,
    history: Option<String>,
}

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let (mut name, mut seed, mut until) = (None, None, None);
    let (mut form, mut states, mut knobs, mut history) = (None, false, Vec::new(), None);
    let mut swarm = Swarm::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                return out.help(&format!("{HELP}\n{}", source::HELP));
            }
            Arg::Long("seed") => seed = Some(number(parser, "--seed")?),
            Arg::Long("until") => until = Some(time(parser, "--until")?),
            Arg::Long("set") => knobs.push(text(parser)?),
            Arg::Long("log") => form = Some(read_form(&text(parser)?)?),
            Arg::Long("time") => swarm.time = Some(read_time(&text(parser)?)?),
            Arg::Long("slice") => swarm.slice = Some(time(parser, "--slice")?),
            Arg::Long("states") => states = true,
            Arg::Long("history") => history = Some(text(parser)?),
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.ok_or_else(|| Stop::bad("which scenario? faultline run --help tells more"))?;
    let form = form.unwrap_or(if states { Form::Ndjson } else { Form::Text });
    if states && form != Form::Ndjson {
        return Err(Stop::bad("--states needs --log ndjson"));
    }
    if history.as_deref() == Some("-") && form != Form::None {
        return Err(Stop::bad("--history - needs --log none: only one of them fits the output"));
    }
    let mut scenario = source::scenario(&name)?;
    swarm.put_on(&mut scenario)?;
    for knob in &knobs {
        set(&mut scenario, knob)?;
    }
    let changed = seed.is_some_and(|seed| seed != scenario.seed) || !knobs.is_empty();
    scenario.seed = seed.unwrap_or(scenario.seed);
    if changed {
        scenario.expect.clear();
    }
    scenario.check()?;
    let until = until.unwrap_or_else(|| end(&scenario));
    if scenario.is_swarm() {
        if states || history.is_some() {
            return Err(Stop::bad("a swarm has counts alone: no --states and no --history"));
        }
        return crowd::play(&scenario, form, until, out);
    }
    let options = Options { form, states, until, history };
    play(&scenario, &options, out)
}

fn read_form(text: &str) -> Result<Form, Stop> {
    match text {
        "text" => Ok(Form::Text),
        "ndjson" => Ok(Form::Ndjson),
        "none" => Ok(Form::None),
        _ => Err(Stop::bad(format!("--log: “{text}” is none of text, ndjson, none"))),
    }
}

/// How far a scenario goes by itself.
pub(crate) fn end(scenario: &Scenario) -> Time {
    let recorded = scenario.end.map(|end| end.time).filter(|time| *time > Time::ZERO);
    scenario.until_us.or(scenario.golden_us).or(recorded).unwrap_or(OTHERWISE)
}

fn play(scenario: &Scenario, options: &Options, out: &mut Out) -> Result<Exit, Stop> {
    let mut exporter = Exporter::begin(scenario)?;
    let mut broken = Vec::new();
    let mut too_long = None;
    loop {
        let step = match exporter.step(options.until) {
            Ok(step) if step.is_empty() => break,
            Ok(step) => step,
            Err(error) => {
                too_long = Some(error);
                break;
            }
        };
        match options.form {
            Form::Text => {
                for event in step.clone() {
                    out.write(&exporter.recording().line(event).unwrap_or_default())?;
                }
            }
            Form::Ndjson => {
                for event in exporter.events(step.clone(), options.states) {
                    let line = serde_json::to_string(&event);
                    out.line(&line.expect("every part of an event has a form in JSON"))?;
                }
            }
            Form::None => {}
        }
        broken.extend(exporter.recording().broken(step));
    }
    let recording = exporter.recording();
    if let Some(name) = &options.history {
        write_history(recording, name, out)?;
    }
    // What is told beside the log comes after it, and is true though its reader left.
    out.end(Exit::Fine)?;
    Ok(tell(scenario, recording, options.until, &broken, too_long.as_ref()))
}

/// Says beside the log how the run ended.
fn tell(
    scenario: &Scenario,
    recording: &Recording,
    until: Time,
    broken: &[BrokenProperty],
    too_long: Option<&faultline_lab::Error>,
) -> Exit {
    let events = recording.log().len();
    let last = events.checked_sub(1).and_then(|last| recording.log().get(last));
    let until = match (too_long, last) {
        (Some(_), Some(last)) => last.time,
        _ => until,
    };
    aside(&format!("{events} events up to {until} s"));
    for BrokenProperty { property, at, event, text } in broken {
        aside(&format!("{property} broke at {at} s in event {event}: {text}"));
    }
    let reached = |expected: &&faultline_lab::scenario::Expectation| expected.at_us <= until;
    let mut scenario = scenario.clone();
    scenario.expect = scenario.expect.iter().filter(reached).cloned().collect();
    let unmet = recording.unmet(&scenario);
    unmet.iter().for_each(|unmet| aside(&format!("expected otherwise: {unmet}")));
    if let Some(error) = too_long {
        aside(&format!("{error}; what follows is not played"));
    }
    match (broken.is_empty() && unmet.is_empty(), too_long) {
        (false, _) => Exit::Broken,
        (true, Some(_)) => Exit::Undecided,
        (true, None) => Exit::Fine,
    }
}

fn write_history(recording: &Recording, name: &str, out: &mut Out) -> Result<(), Stop> {
    let (model, lines) = recording.history();
    match lines.len() {
        0 => aside("no client read or wrote anything that the rooms share with the judges"),
        count => aside(&format!("{count} lines of history, for --model {}", model.name())),
    }
    let json = |line| serde_json::to_string(line).expect("every part of a line has a form in JSON");
    let text: String = lines.iter().flat_map(|line| [json(line), "\n".to_owned()]).collect();
    match name {
        "-" => out.write(&text),
        _ => fs::write(name, text)
            .map_err(|error| Stop::bad(format!("{name}: cannot be written: {error}"))),
    }
}
