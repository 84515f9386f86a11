//! `faultline sweep`.

use crate::arguments::{metrics, seeds, shard, text, time, values};
use crate::out::{Exit, Out, Stop, aside, progress};
use crate::rows::{Known, Rows};
use crate::run::{Swarm, read_time};
use crate::{run, source};
use faultline_lab::chaos::chaos;
use faultline_lab::metrics::{key, measure};
use faultline_lab::{Scenario, Time};
use lexopt::{Arg, Parser, ValueExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const HELP: &str = "\
faultline sweep SCENARIO --seeds 1..100 --metrics a,b,c [options]

Plays a scenario under each of these seeds, with each value of each knob, on all cores, and writes
one JSON object for each run: its key, the knobs that were set, the seed, and the metrics.
faultline list tells which metrics a room has, and in what they are counted. A metric is null if
what it counts from never happened.

  --seeds 1..100      from 1 to 100, both included; 7 is one seed
  --metrics a,b,c     what is counted
  --set knob=1,2,3    these values for a knob; may be given several times: every combination is run
  --chaos             with random faults in place of the scenario's own interventions
  --time cycles|timed play each as a swarm: up to a million nodes, and counts instead of events;
                      faultline list tells what can be counted then
  --slice 100ms       with --time: the length of a cycle or slice
  --until 10s         play each so far instead of to the scenario's end
  --shard i/n         only the i-th of n parts of the work, from 1; all parts together are the whole
  --out FILE          write the rows to a file instead of the standard output
  --resume            leave out what is in the file already, and write behind it

A row is named by its key, a hash of scenario, knobs, seed, metrics and version: rows of one key are
alike, wherever and whenever they were made.

Exit code: 0 all rows are written, 2 bad input, 3 a run was too long to be counted, as its row says.
";

/// How many runs one call may ask for.
const RUNS_MOST: u64 = 100_000_000;
/// How many combinations of knobs: all of them are looked at before the work begins.
const SETTINGS_MOST: u64 = 100_000;
/// How often progress is told: once in so many parts of the work.
const PARTS: u64 = 10;

struct Task {
    scenario: Scenario,
    seeds: RangeInclusive<u64>,
    /// Each combination of knobs.
    settings: Vec<Vec<(String, u64)>>,
    metrics: Vec<String>,
    chaos: bool,
    until: Time,
}

#[derive(Default)]
struct Options {
    name: Option<String>,
    seeds: Option<RangeInclusive<u64>>,
    metrics: Option<Vec<String>>,
    knobs: Vec<(String, Vec<u64>)>,
    chaos: bool,
    swarm: Swarm,
    until: Option<Time>,
    shard: Option<(usize, usize)>,
    file: Option<String>,
    resume: bool,
}

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => {
                return out.help(&format!("{HELP}\n{}", source::HELP));
            }
            Arg::Long("seeds") => options.seeds = Some(seeds(parser)?),
            Arg::Long("metrics") => options.metrics = Some(metrics(&text(parser)?)?),
            Arg::Long("set") => options.knobs.push(values(&text(parser)?)?),
            Arg::Long("chaos") => options.chaos = true,
            Arg::Long("time") => options.swarm.time = Some(read_time(&text(parser)?)?),
            Arg::Long("slice") => options.swarm.slice = Some(time(parser, "--slice")?),
            Arg::Long("until") => options.until = Some(time(parser, "--until")?),
            Arg::Long("shard") => options.shard = Some(shard(&text(parser)?)?),
            Arg::Long("out") => options.file = Some(text(parser)?),
            Arg::Long("resume") => options.resume = true,
            Arg::Value(value) if options.name.is_none() => options.name = Some(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.resume && options.file.is_none() {
        return Err(Stop::bad("--resume needs --out FILE"));
    }
    let task = task(&options)?;
    let shard = options.shard.unwrap_or((1, 1));
    let mut rows = Rows::open(options.file.as_deref(), options.resume, out)?;
    let exit = task.work(task.part(shard), task.runs().div_ceil(shard.1 as u64), &mut rows)?;
    rows.close()?;
    Ok(exit)
}

fn task(options: &Options) -> Result<Task, Stop> {
    let name = options.name.as_deref();
    let name =
        name.ok_or_else(|| Stop::bad("which scenario? faultline sweep --help tells more"))?;
    let seeds = options.seeds.clone();
    let seeds = seeds.ok_or_else(|| Stop::bad("which seeds? write --seeds 1..100"))?;
    let missing = "which metrics? write --metrics a,b,c; faultline list has them all";
    let metrics = options.metrics.clone().ok_or_else(|| Stop::bad(missing))?;
    let mut scenario = source::scenario(name)?;
    scenario.expect.clear();
    options.swarm.put_on(&mut scenario)?;
    if options.chaos && scenario.is_swarm() {
        return Err(Stop::bad(
            "--chaos: its faults are for single messages and nodes, not a swarm",
        ));
    }
    let mut settings = vec![Vec::new()];
    for (place, (knob, values)) in options.knobs.iter().enumerate() {
        if options.knobs[..place].iter().any(|(known, _)| known == knob) {
            return Err(Stop::bad(format!("--set: {knob} is there twice; write {knob}=1,2,3")));
        }
        let count = (settings.len() as u64).saturating_mul(values.len() as u64);
        if count > SETTINGS_MOST {
            return Err(Stop::bad(format!(
                "--set: these are more than {SETTINGS_MOST} combinations of knobs"
            )));
        }
        let with = |setting: &Vec<(String, u64)>, value: &u64| {
            let mut setting = setting.clone();
            setting.push((knob.clone(), *value));
            setting
        };
        let each = |setting| values.iter().map(move |value| with(setting, value));
        settings = settings.iter().flat_map(each).collect();
        let runs = (settings.len() as u64).saturating_mul(seeds.end() - seeds.start() + 1);
        if runs > RUNS_MOST {
            return Err(Stop::bad("these are more runs than one call may ask for"));
        }
    }
    let until = options.until.unwrap_or_else(|| run::end(&scenario));
    let task = Task { scenario, seeds, settings, metrics, chaos: options.chaos, until };
    // What is wrong with any of the settings is found before the work begins.
    for setting in &task.settings {
        task.under(setting, *task.seeds.start())?.check()?;
    }
    let shortest = task.under(&task.settings[0], *task.seeds.start())?;
    measure(&shortest, Time::ZERO, &task.metrics)?;
    Ok(task)
}

/// One run: the number of its setting, and its seed.
type One = (usize, u64);

impl Task {
    /// How many runs there are in all parts.
    fn runs(&self) -> u64 {
        (self.seeds.end() - self.seeds.start() + 1).saturating_mul(self.settings.len() as u64)
    }

    /// The runs of one of so many parts, in the order of rows.
    fn part(&self, (part, of): (usize, usize)) -> impl Iterator<Item = One> + Send {
        let seeds = self.seeds.clone();
        let settings = 0..self.settings.len();
        let all = settings.flat_map(move |setting| seeds.clone().map(move |seed| (setting, seed)));
        all.skip(part - 1).step_by(of)
    }

    fn under(&self, setting: &[(String, u64)], seed: u64) -> Result<Scenario, Stop> {
        let mut scenario = Scenario { seed, scene: String::new(), ..self.scenario.clone() };
        scenario.config.extend(setting.iter().cloned());
        Ok(match self.chaos {
            true => chaos(&scenario, seed, self.until)?,
            false => scenario,
        })
    }

    /// Plays these runs on all cores, and writes their rows in order.
    fn work(
        &self,
        runs: impl Iterator<Item = One> + Send,
        of: u64,
        rows: &mut Rows<'_>,
    ) -> Result<Exit, Stop> {
        let known = rows.known();
        if !known.is_empty() {
            aside(&format!("{} rows are there already", known.len()));
        }
        let stop = AtomicBool::new(false);
        let runs = Mutex::new((0..).zip(runs));
        let desk =
            Desk { rows, waiting: BTreeMap::new(), next: 0, told: 0, undecided: 0, stop: None };
        let desk = Mutex::new(desk);
        let take = || {
            while !stop.load(Ordering::Relaxed) {
                let run = runs.lock().expect("no other core failed").next();
                let Some((number, (setting, seed))) = run else { break };
                let row = self.row(setting, seed, &known);
                let mut desk = desk.lock().expect("no other core failed");
                if !desk.put(number, row) {
                    stop.store(true, Ordering::Relaxed);
                }
                desk.report(of);
            }
        };
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(take);
            }
        });
        progress(None);
        let desk = desk.into_inner().expect("no core failed");
        match (desk.stop, desk.undecided) {
            (Some(stop), _) => Err(stop),
            (None, 0) => Ok(Exit::Fine),
            (None, count) => {
                aside(&format!("{count} runs were too long to be counted"));
                Ok(Exit::Undecided)
            }
        }
    }

    /// A row, unless it is known.
    fn row(&self, setting: usize, seed: u64, known: &Known) -> Result<Row, Stop> {
        let setting = &self.settings[setting];
        let scenario = self.under(setting, seed)?;
        let key = key(&scenario, self.until, &self.metrics);
        if let Some(too_long) = known.get(&key) {
            return Ok(Row::Known { too_long: *too_long });
        }
        let set: BTreeMap<&str, u64> = setting.iter().map(|(id, value)| (&**id, *value)).collect();
        let protocol = &self.scenario.protocol;
        let mut row = json!({ "key": key, "protocol": protocol, "seed": seed, "set": set });
        Ok(match measure(&scenario, self.until, &self.metrics) {
            Ok(metrics) => {
                let metrics = metrics.iter().map(|(id, value)| (id, value.map(number)));
                row["metrics"] = json!(metrics.collect::<BTreeMap<_, _>>());
                Row::Counted(row)
            }
            Err(error) => {
                row["undecided"] = error.to_string().into();
                Row::TooLong(row)
            }
        })
    }
}

/// A whole number is written as one: `279`, not `279.0`.
fn number(value: f64) -> Value {
    /// Up to here every whole number has a float of its own.
    const WHOLE_MOST: f64 = 9_007_199_254_740_992.0;
    match value.fract() == 0.0 && value.abs() <= WHOLE_MOST {
        true => json!(value as i64),
        false => json!(value),
    }
}

/// What became of one run.
enum Row {
    Known { too_long: bool },
    Counted(Value),
    TooLong(Value),
}

/// Where rows are put in order.
struct Desk<'a, 'o> {
    rows: &'a mut Rows<'o>,
    waiting: BTreeMap<u64, Row>,
    /// The next row to be written.
    next: u64,
    /// How many parts of the work were told to be done.
    told: u64,
    undecided: u64,
    /// Why nothing more can be written.
    stop: Option<Stop>,
}

impl Desk<'_, '_> {
    /// Takes a row, and writes all whose turn it is; `false` if that is no longer possible.
    fn put(&mut self, number: u64, row: Result<Row, Stop>) -> bool {
        let row = match row {
            Ok(row) => row,
            Err(stop) => {
                self.stop.get_or_insert(stop);
                return false;
            }
        };
        self.undecided += u64::from(matches!(row, Row::TooLong(_) | Row::Known { too_long: true }));
        self.waiting.insert(number, row);
        while let Some(row) = self.waiting.remove(&self.next) {
            self.next += 1;
            let written = match row {
                Row::Known { .. } => Ok(()),
                Row::Counted(row) | Row::TooLong(row) => self.rows.write(&row),
            };
            if let Err(stop) = written {
                self.stop.get_or_insert(stop);
            }
        }
        self.stop.is_none()
    }

    /// Says how far it has come, once for each part of the work: rows may wait for an earlier one.
    fn report(&mut self, of: u64) {
        let parts = self.next / of.div_ceil(PARTS).max(20);
        if parts > self.told {
            self.told = parts;
            progress(Some(&format!("{} of {of} runs", self.next)));
        }
    }
}
