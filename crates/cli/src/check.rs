//! `faultline check`.

use crate::arguments::{seeds, set, text, time};
use crate::out::{Exit, Out, Stop, aside, progress};
use crate::{run, source};
use faultline_lab::chaos::{wild, with_clients};
use faultline_lab::{BrokenProperty, Recording, Scenario, Time, link};
use lexopt::{Arg, Parser, ValueExt};
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

const HELP: &str = "\
faultline check SCENARIO --seeds 1..1000 [options]

Plays a scenario under each of these seeds, on all cores, and checks every property after every
event. The first seed under which one breaks is told, as a link that opens just there and as the
scenario itself.

  --seeds 1..1000     from 1 to 1000, both included; 7 is one seed
  --chaos             with random faults in place of the scenario's own interventions: crashes,
                      cuts, losses, slow disks and more, all of which end in the last third;
                      clients ask for everything that the room offers, and knobs that neither the
                      scenario nor --set names are turned at random
  --linearizable      judge what clients saw instead of the properties; with --chaos there are
                      clients that read, write, and compare and set a few variables everywhere, or
                      append to them
  --until 10s         play each so far instead of to the scenario's end (with --chaos at least 9s)
  --set knob=value    another value for a knob; may be given several times
  --json              the result as one JSON object

Exit code: 0 nothing broke, 1 a property broke (or what clients saw is not linearizable), 2 bad
input, 3 a run was too long to be judged, or clients saw nothing that could be.
";

/// How often progress is told: once in so many parts of the work.
const PARTS: u64 = 10;

/// How many steps the judge of a history takes at most: some seconds.
const STEPS: u64 = 100_000_000;

/// How far random faults go at least, unless something else is asked for.
///
/// The last third is long enough for judges of progress: ten of Raft's election timeouts.
const WILD: Time = Time(9_000_000);

struct Task {
    scenario: Scenario,
    seeds: RangeInclusive<u64>,
    chaos: bool,
    linearizable: bool,
    until: Time,
}

/// What the search has found so far.
#[derive(Default)]
struct Found {
    first: Option<Failure>,
    /// The first seed whose run could not be judged.
    undecided: Option<(u64, String)>,
    /// How often a client asked something that a history tells of.
    asked: usize,
}

impl Found {
    fn exit(&self, task: &Task) -> Exit {
        match (&self.first, &self.undecided) {
            (Some(_), _) => Exit::Broken,
            (None, Some(_)) => Exit::Undecided,
            // Where nobody asked, nothing was judged.
            (None, None) if task.linearizable && self.asked == 0 => Exit::Undecided,
            (None, None) => Exit::Fine,
        }
    }
}

struct Failure {
    seed: u64,
    broken: BrokenProperty,
    scenario: Scenario,
}

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let (mut name, mut range, mut until) = (None, None, None);
    let (mut wild, mut linearizable, mut json, mut knobs) = (false, false, false, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                return out.help(&format!("{HELP}\n{}", source::HELP));
            }
            Arg::Long("seeds") => range = Some(seeds(parser)?),
            Arg::Long("until") => until = Some(time(parser, "--until")?),
            Arg::Long("set") => knobs.push(text(parser)?),
            Arg::Long("chaos") => wild = true,
            Arg::Long("linearizable") => linearizable = true,
            Arg::Long("json") => json = true,
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name =
        name.ok_or_else(|| Stop::bad("which scenario? faultline check --help tells more"))?;
    let range = range.ok_or_else(|| Stop::bad("which seeds? write --seeds 1..1000"))?;
    let mut scenario = source::scenario(&name)?;
    for knob in &knobs {
        set(&mut scenario, knob)?;
    }
    scenario.expect.clear();
    scenario.check()?;
    source::not_a_swarm(&scenario)?;
    let end = run::end(&scenario);
    let until = until.unwrap_or(if wild { end.max(WILD) } else { end });
    let task = Task { scenario, seeds: range, chaos: wild, linearizable, until };
    // What is wrong with the scenario itself is found before the work begins.
    Recording::begin(&task.under(*task.seeds.start())?, true)?;
    let found = task.work();
    progress(None);
    let exit = found.exit(&task);
    match tell(&task, &found, json, out) {
        // A reader who leaves takes nothing of the verdict back.
        Ok(()) | Err(Stop::Closed) => Ok(exit),
        Err(stop) => Err(stop),
    }
}

impl Task {
    /// The scenario under a seed.
    fn under(&self, seed: u64) -> Result<Scenario, faultline_lab::Error> {
        match self.chaos {
            true if self.linearizable => {
                with_clients(&wild(&self.scenario, seed, self.until)?, seed, self.until)
            }
            true => wild(&self.scenario, seed, self.until),
            false => Ok(Scenario { seed, scene: String::new(), ..self.scenario.clone() }),
        }
    }

    /// The failure under a seed, and how often a client asked.
    fn judge(&self, seed: u64) -> Result<(Option<Failure>, usize), faultline_lab::Error> {
        let scenario = self.under(seed)?;
        let mut recording = Recording::begin(&scenario, !self.linearizable)?;
        let broken = if self.linearizable {
            recording.listen();
            recording.first_broken(self.until)?;
            recording.judge_clients(STEPS)?
        } else {
            recording.first_broken(self.until)?
        };
        Ok((broken.map(|broken| Failure { seed, broken, scenario }), recording.asked()))
    }

    /// Judges every seed up to the first that fails, on all cores.
    fn work(&self) -> Found {
        let (first, last) = (*self.seeds.start(), *self.seeds.end());
        let next = AtomicU64::new(0);
        let failed = AtomicU64::new(u64::MAX);
        let found = Mutex::new(Found::default());
        let take = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let seed = first.saturating_add(number);
                if number > last - first || seed > failed.load(Ordering::Relaxed) {
                    break;
                }
                self.report(number, last - first + 1);
                let judged = self.judge(seed);
                let mut found = found.lock().expect("no other core failed");
                found.asked += judged.as_ref().map_or(0, |(_, asked)| *asked);
                match judged {
                    Ok((None, _)) => {}
                    Ok((Some(failure), _)) => {
                        failed.fetch_min(seed, Ordering::Relaxed);
                        if found.first.as_ref().is_none_or(|known| seed < known.seed) {
                            found.first = Some(failure);
                        }
                    }
                    Err(error) => {
                        if found.undecided.as_ref().is_none_or(|(known, _)| seed < *known) {
                            found.undecided = Some((seed, error.to_string()));
                        }
                    }
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(take);
            }
        });
        found.into_inner().expect("no core failed")
    }

    fn report(&self, number: u64, of: u64) {
        if number > 0 && number.is_multiple_of(of.div_ceil(PARTS).max(20)) {
            progress(Some(&format!("{number} of {of} seeds")));
        }
    }
}

fn tell(task: &Task, found: &Found, json: bool, out: &mut Out) -> Result<(), Stop> {
    let (first, last) = (*task.seeds.start(), *task.seeds.end());
    if json {
        let undecided = found.undecided.as_ref().map(|(seed, _)| seed);
        let failure = found.first.as_ref().map(as_json);
        let told = serde_json::json!({
            "first_seed": first, "last_seed": last, "until_us": task.until.0,
            "chaos": task.chaos, "linearizable": task.linearizable, "failure": failure,
            "undecided_seed": undecided, "asked": task.linearizable.then_some(found.asked),
        });
        return out.line(&told.to_string());
    }
    if let Some(failure) = &found.first {
        let Failure { seed, broken, .. } = failure;
        let BrokenProperty { property, at, event, text } = broken;
        let scenario = opened(failure);
        out.line(&format!("seed {seed}: {property} broke at {at} s in event {event}"))?;
        out.line(text)?;
        out.line(&format!("#{}", link::encode(&scenario)))?;
        out.line(&scenario.to_json())
    } else if let Some((seed, why)) = &found.undecided {
        out.line(&format!("seed {seed} is not judged: {why}"))
    } else {
        aside(&format!("up to {} s each", task.until));
        let held = match task.linearizable {
            true if found.asked == 0 => "no client read or wrote anything that could be judged",
            true => "what clients saw is linearizable",
            false => "no property broke",
        };
        out.line(&format!("{} seeds, {first} to {last}: {held}", last - first + 1))
    }
}

/// The scenario of a failure, which opens where the property broke.
fn opened(failure: &Failure) -> Scenario {
    Scenario { open_us: Some(failure.broken.at), ..failure.scenario.clone() }
}

fn as_json(failure: &Failure) -> serde_json::Value {
    let Failure { seed, broken, .. } = failure;
    let scenario = opened(failure);
    serde_json::json!({
        "seed": seed, "property": broken.property, "at_us": broken.at.0, "event": broken.event,
        "text": broken.text, "link": format!("#{}", link::encode(&scenario)), "scenario": scenario,
    })
}
