//! Numbers of whole runs: what a sweep makes a table of.
//!
//! Some are there for every room; the others a room names itself, and what they mean is said here
//! once for all rooms.

use crate::scenario::Scenario;
use crate::{Error, Input, Recording, catalogue};
use faultline_kernel::{Digest, Measure, Metric, NodeId, Span, Time, Value};
use faultline_sim::{Condition, EventKind, Log, Progress, Record};
use std::collections::BTreeMap;

/// What every room counts, and what it is.
const EVERYWHERE: [(&str, &str, Count); 5] = [
    ("events", "events in the log", Count::Events),
    ("messages", "messages sent", Count::Kind(EventKind::Send)),
    ("lost", "messages lost", Count::Kind(EventKind::Lost)),
    ("requests", "questions of clients, each time they ask", Count::Kind(EventKind::Request)),
    ("broken", "properties that broke", Count::Kind(EventKind::Broken)),
];

#[derive(Clone, Copy)]
enum Count {
    Events,
    Kind(EventKind),
}

/// A metric, in words.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct MetricListing {
    /// Its name in tables.
    pub id: &'static str,
    /// What it counts: `count`, `ms`, `share` or `periods`.
    pub unit: &'static str,
    /// What it is.
    pub says: String,
}

/// The metrics of a room.
#[must_use]
pub fn metrics(room: &str) -> Vec<MetricListing> {
    let everywhere = EVERYWHERE.iter();
    let everywhere = everywhere.map(|(id, says, _)| MetricListing {
        id,
        unit: "count",
        says: (*says).to_owned(),
    });
    let own = catalogue::room(room).map_or(&[][..], |room| room.metrics);
    everywhere.chain(own.iter().map(|metric| in_words(room, metric))).collect()
}

fn in_words(room: &str, metric: &Metric) -> MetricListing {
    let about = catalogue::room(room).map(|room| room.about).ok();
    let note = |which: &u8| about.map_or("", |about| about.notes[usize::from(*which)].id);
    let notes = |which: &[u8]| which.iter().map(note).collect::<Vec<_>>().join(", ");
    let role = |which: u8| about.map_or("", |about| about.roles[usize::from(which)].id);
    let (unit, says) = match metric.measure {
        Measure::Notes(which) => ("count", format!("remarks: {}", notes(which))),
        Measure::First(which) => ("ms", format!("time of the first remark of: {}", notes(which))),
        Measure::Without(which) => {
            let roles: Vec<&str> = which.iter().map(|which| role(*which)).collect();
            ("ms", format!("time in which no running node is {}", roles.join(" or ")))
        }
        Measure::Wait => ("ms", "mean time from a question to what the client wanted".into()),
        Measure::Share(which) => ("share", format!("nodes that are {} in the end", role(which))),
        Measure::PerNode(which) => {
            let id = |which: &u8| about.map_or("", |about| about.messages[usize::from(*which)].id);
            let mut ids: Vec<&str> = which.iter().map(id).collect();
            ids.dedup();
            ("count", format!("messages for each node: {}", ids.join(", ")))
        }
        Measure::Load(knob) => ("count", format!("messages for each node and {knob}")),
        Measure::Last(from, to, knob) => {
            let [from, to] = [note(&from), note(&to)];
            ("periods", format!("from the first {from} to the last {to}, in {knob}"))
        }
        Measure::Average(from, to, knob) => {
            let [from, to] = [note(&from), note(&to)];
            ("periods", format!("from the first {from} to {to}, on average, in {knob}"))
        }
        Measure::Detection(which, knob) => {
            ("periods", format!("from a crash to the first of: {}, in {knob}", notes(which)))
        }
        Measure::False(which) => {
            ("count", format!("remarks about a node that runs: {}", notes(which)))
        }
    };
    MetricListing { id: metric.id, unit, says }
}

/// Plays a scenario up to `until` and counts; a number is `None` if what it counts from never
/// happened.
///
/// # Errors
/// What is wrong with the scenario, a metric that its room does not have, or that the run is as
/// long as a run may be.
pub fn measure(
    scenario: &Scenario,
    until: Time,
    wanted: &[String],
) -> Result<BTreeMap<String, Option<f64>>, Error> {
    #[cfg(feature = "whole")]
    if scenario.is_swarm() {
        return crate::crowd::measure(scenario, until, wanted);
    }
    let room = catalogue::room(&scenario.protocol)?;
    let mut takers = Vec::new();
    for id in wanted {
        let own = room.metrics.iter().find(|metric| metric.id == id).map(|metric| metric.measure);
        let everywhere = EVERYWHERE.iter().find(|(known, ..)| known == id).map(|found| found.2);
        if own.is_none() && everywhere.is_none() {
            let known: Vec<&str> = metrics(room.about.id).iter().map(|metric| metric.id).collect();
            let (room, known) = (room.about.id, known.join(", "));
            return Err(Error::new(format!("{room} has no metric {id}; it has {known}")));
        }
        takers.push((id, everywhere, own));
    }
    let mut recording = Recording::begin(scenario, wanted.iter().any(|id| id == "broken"))?;
    let watched = takers.iter().find_map(|(.., own)| match own {
        Some(Measure::Without(roles)) => Some(*roles),
        _ => None,
    });
    let without = match watched {
        Some(roles) => watch(&mut recording, roles, until)?,
        None if recording.play_until(until) => Span::ZERO,
        None => return Err(too_long()),
    };
    let run = Counted { recording: &recording, scenario, until, without };
    let number = |everywhere: Option<Count>, own: Option<Measure>| match (everywhere, own) {
        (Some(Count::Events), _) => Some(f64::from(recording.log().len())),
        (Some(Count::Kind(kind)), _) => {
            Some(count(records(recording.log()).filter(|(_, record)| record.kind() == kind)))
        }
        (None, Some(measure)) => run.take(measure),
        (None, None) => None,
    };
    Ok(takers
        .into_iter()
        .map(|(id, everywhere, own)| (id.clone(), number(everywhere, own)))
        .collect())
}

/// A name for a run and what is counted in it, the same whenever it is the same.
#[must_use]
pub fn key(scenario: &Scenario, until: Time, wanted: &[String]) -> String {
    let mut digest = Digest::default();
    digest.bytes(env!("CARGO_PKG_VERSION").as_bytes());
    digest.bytes(scenario.to_json().as_bytes());
    digest.word(until.0);
    wanted.iter().for_each(|id| digest.bytes(id.as_bytes()));
    format!("{:016x}", digest.value())
}

pub(crate) fn too_long() -> Error {
    Error::new("the run is as long as a run may be")
}

/// Plays a run to its end, and adds up how long no running node has one of these roles.
fn watch(recording: &mut Recording, roles: &[u8], until: Time) -> Result<Span, Error> {
    let members = recording.members().len();
    let mut has = vec![false; members];
    let (mut since, mut without) = (Time::ZERO, Span::ZERO);
    loop {
        let progress = recording.play.run.advance(until, 1);
        let world = recording.play.run.head();
        let now = if progress == Progress::Done { until } else { world.now() };
        if !has.iter().any(|has| *has) {
            without = without + now.since(since);
        }
        since = now;
        match progress {
            Progress::More => {}
            Progress::Done => return Ok(without),
            Progress::Full => return Err(too_long()),
        }
        let has_role = |node| roles.contains(&world.card(node).role);
        let look = |node| world.condition(node) == Condition::Up && has_role(node);
        match world.touched() {
            Some(node) => has[node.index()] = look(node),
            None => (0..).map(NodeId).zip(&mut has).for_each(|(node, has)| *has = look(node)),
        }
    }
}

/// A run in which something is counted.
struct Counted<'a> {
    recording: &'a Recording,
    scenario: &'a Scenario,
    until: Time,
    without: Span,
}

impl Counted<'_> {
    fn take(&self, measure: Measure) -> Option<f64> {
        let log = self.recording.log();
        let notes = |which: &'static [u8]| self.notes(which);
        match measure {
            Measure::Notes(which) => Some(count(notes(which))),
            Measure::First(which) => notes(which).next().map(|note| millis(note.time.0)),
            Measure::Without(_) => Some(millis(self.without.0)),
            Measure::Wait => self.wait(),
            Measure::Share(role) => {
                let cards = self.recording.cards();
                let those = cards.iter().filter(|card| card.role == role);
                Some(count(those) / self.nodes())
            }
            Measure::PerNode(which) => {
                let sent = records(log).filter(|(_, record)| record.kind() == EventKind::Send);
                let those = sent.filter(|(_, record)| which.contains(&record.which()));
                Some(count(those) / self.nodes())
            }
            Measure::Load(knob) => {
                let sent = records(log).filter(|(_, record)| record.kind() == EventKind::Send);
                Some(count(sent) / self.nodes() / (real(self.until.0) / self.period(knob)?))
            }
            Measure::Last(from, to, knob) => {
                let last = self.spans(from, to).last()?;
                Some(last / self.period(knob)?)
            }
            Measure::Average(from, to, knob) => {
                Some(mean(self.spans(from, to))? / self.period(knob)?)
            }
            Measure::Detection(which, knob) => {
                Some(mean(self.detections(which).into_iter())? / self.period(knob)?)
            }
            Measure::False(which) => Some(self.false_alarms(which)),
        }
    }

    fn nodes(&self) -> f64 {
        real(self.recording.members().len() as u64)
    }

    /// The value of a knob, in microseconds.
    fn period(&self, id: &str) -> Option<f64> {
        let knobs = self.recording.play.room.knobs;
        let default = knobs.iter().find(|knob| knob.id == id)?.default;
        let value = self.scenario.config.get(id).copied().unwrap_or(default);
        Some(real(value) * 1e3)
    }

    fn notes(&self, which: &'static [u8]) -> impl Iterator<Item = &Record> {
        let all = self.recording.log().iter_from(0);
        all.filter(move |record| {
            record.kind() == EventKind::Note && which.contains(&record.which())
        })
    }

    /// From the first remark of one kind to each of the other, in microseconds.
    fn spans(&self, from: u8, to: u8) -> impl Iterator<Item = f64> {
        let is = move |record: &&Record, which: u8| {
            record.kind() == EventKind::Note && record.which() == which
        };
        let log = self.recording.log();
        let begin = log.iter_from(0).find(|record| is(record, from)).map(|record| record.time);
        let those = log.iter_from(0).filter(move |record| is(record, to));
        those.filter_map(move |record| Some(real(record.time.since(begin?).0)))
    }

    /// From the first question of each request to the answer that it is done.
    fn wait(&self) -> Option<f64> {
        let log = self.recording.log();
        let mut asked = BTreeMap::new();
        let mut waits = Vec::new();
        for record in log.iter_from(0) {
            match record.kind() {
                EventKind::Request => {
                    if let Some(Value::Number(id)) = log.note(record).map(|note| note.args[0]) {
                        asked.entry(id).or_insert(record.time);
                    }
                }
                EventKind::Answer => {
                    let done = self.recording.about.answers[usize::from(record.which())].done;
                    let begin = asked.get(&u64::from(record.other)).filter(|_| done);
                    waits.extend(begin.map(|begin| millis(record.time.since(*begin).0)));
                }
                _ => {}
            }
        }
        mean(waits.into_iter())
    }

    /// From each crash to the first remark about the node, in microseconds.
    fn detections(&self, which: &'static [u8]) -> Vec<f64> {
        let mut down: BTreeMap<NodeId, Time> = BTreeMap::new();
        let mut found = Vec::new();
        for record in self.recording.log().iter_from(0) {
            if let Some(node) = self.crash(record) {
                down.insert(node, record.time);
            } else if record.kind() == EventKind::Boot {
                record.at().map(|node| down.remove(&node));
            } else if let Some(node) = self.about(record, which) {
                found.extend(down.remove(&node).map(|crash| real(record.time.since(crash).0)));
            }
        }
        found
    }

    fn false_alarms(&self, which: &'static [u8]) -> f64 {
        let mut up = vec![false; self.recording.members().len()];
        let mut alarms = 0.0;
        for record in self.recording.log().iter_from(0) {
            if let Some(node) = self.crash(record) {
                up[node.index()] = false;
            } else if record.kind() == EventKind::Boot {
                record.at().into_iter().for_each(|node| up[node.index()] = true);
            } else if self.about(record, which).is_some_and(|node| up[node.index()]) {
                alarms += 1.0;
            }
        }
        alarms
    }

    fn crash(&self, record: &Record) -> Option<NodeId> {
        let input = (record.kind() == EventKind::Input).then_some(record.other)?;
        match self.recording.play.input(input)? {
            Input::Crash { node } => Some(node),
            _ => None,
        }
    }

    /// About whom a remark of these kinds is: its first argument.
    fn about(&self, record: &Record, which: &[u8]) -> Option<NodeId> {
        let is = record.kind() == EventKind::Note && which.contains(&record.which());
        match self.recording.log().note(record).filter(|_| is)?.args[0] {
            Value::Node(node) => Some(node),
            _ => None,
        }
    }
}

fn records(log: &Log) -> impl Iterator<Item = (u32, &Record)> {
    (0..).zip(log.iter_from(0))
}

fn count(things: impl Iterator) -> f64 {
    real(things.count() as u64)
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = numbers.fold((0_u32, 0.0), |(count, sum), one| (count + 1, sum + one));
    (count > 0).then(|| sum / f64::from(count))
}

fn millis(micros: u64) -> f64 {
    real(micros) / 1e3
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of a run are far below 2^53")]
fn real(number: u64) -> f64 {
    number as f64
}
