//! A run for other programs: each event as data, and after it the state of the node it touched.

use crate::recording::Recording;
use crate::say::Teller;
use crate::scene::Moment;
use crate::{Error, Scenario, catalogue};
use faultline_kernel::{Card, Cell, CellState, Field, NodeId, Place, Time, Value};
use faultline_sim::{Condition, EventKind, Positioned, Progress, Record, Why};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many steps are played at once where nobody needs to look between them.
const STEPS: u32 = 100_000;

/// Plays a recording step by step and tells of each event.
pub struct Exporter {
    recording: Recording,
    /// What the messages on their way say, by the events in which they were sent.
    messages: BTreeMap<u32, Json>,
}

/// An event, for other programs.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ExportedEvent {
    /// Its number in the log, from 0.
    pub id: u32,
    /// When it happened, in microseconds.
    pub time_us: Time,
    /// Where, if at a node.
    pub node: Option<NodeId>,
    /// The event that caused it.
    pub cause: Option<u32>,
    /// What kind of event it is.
    pub kind: &'static str,
    /// What is to be said of such an event.
    pub fields: Map<String, Json>,
    /// The state of the node after the step, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<NodeState>,
}

/// Everything that a node holds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NodeState {
    /// Who.
    pub node: NodeId,
    /// `up`, `down` or `paused`.
    pub condition: &'static str,
    /// Its role.
    pub role: &'static str,
    /// The number beside it in pictures, such as a term.
    pub badge: Option<u64>,
    /// What is on its disk.
    pub disk: Map<String, Json>,
    /// What is in its memory.
    pub memory: Map<String, Json>,
    /// Its log: pairs of a term (or what else colours the cells) and a value.
    pub log: Vec<(u64, String)>,
    /// How many entries of the log are settled for good.
    pub firm: usize,
    /// Whether a write is on its way to its disk.
    pub writing: bool,
}

/// A property that broke in a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokenProperty {
    /// Its id.
    pub property: &'static str,
    /// When it broke.
    pub at: Time,
    /// In which event.
    pub event: u32,
    /// In a sentence.
    pub text: String,
}

impl Exporter {
    /// An export in which nothing has happened yet.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn begin(scenario: &Scenario) -> Result<Self, Error> {
        let mut recording = Recording::begin(scenario, true)?;
        recording.listen();
        Ok(Self { recording, messages: BTreeMap::new() })
    }

    /// What was played so far.
    #[must_use]
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Plays one step; the events in it, or none at the end.
    ///
    /// # Errors
    /// That the run is as long as a run may be.
    pub fn step(&mut self, until: Time) -> Result<Range<u32>, Error> {
        let first = self.recording.log().len();
        match self.recording.play.run.advance(until, 1) {
            Progress::More | Progress::Done => Ok(first..self.recording.log().len()),
            Progress::Full => Err(Error::new("the run is as long as a run may be")),
        }
    }

    /// The events of the newest step, with the states of their nodes if `states` is set.
    pub fn events(&mut self, step: Range<u32>, states: bool) -> Vec<ExportedEvent> {
        let play = &self.recording.play;
        for facts in play.messages() {
            if step.contains(&facts.sent_by)
                && let Some((_, card)) = play.message(&facts.name)
            {
                let fields = card.fields.iter().map(|(id, value)| (*id, value_of(*value)));
                self.messages.insert(facts.sent_by, gather(fields));
            }
        }
        let events = step.clone().filter_map(|event| self.event(event, states)).collect();
        for record in step.filter_map(|event| self.recording.log().get(event)) {
            if matches!(record.kind(), EventKind::Deliver | EventKind::Lost) {
                self.messages.remove(&record.cause);
            }
        }
        events
    }

    fn event(&self, event: u32, states: bool) -> Option<ExportedEvent> {
        let record = self.recording.log().get(event)?;
        Some(ExportedEvent {
            id: event,
            time_us: record.time,
            node: record.at(),
            cause: record.caused_by(),
            kind: kind(record.kind()),
            fields: self.fields(event, record),
            state: record.at().filter(|_| states).map(|node| self.state(node)),
        })
    }

    fn fields(&self, event: u32, record: &Record) -> Map<String, Json> {
        let about = self.recording.about;
        let which = usize::from(record.which());
        let mut fields = Map::new();
        let mut put = |name: &str, value: Json| fields.insert(name.to_owned(), value);
        match record.kind() {
            EventKind::Boot | EventKind::Saved => {}
            EventKind::Deliver | EventKind::Send | EventKind::Duplicate | EventKind::Lost => {
                let other = NodeId(record.other).to_string();
                let delivered = record.kind() == EventKind::Deliver;
                put(if delivered { "from" } else { "to" }, other.into());
                put("message", about.messages[which].id.into());
                if record.kind() == EventKind::Lost {
                    put("why", why(record.why()).into());
                }
                let own = self.messages.get(&event);
                let sent = record.caused_by().and_then(|sent| self.messages.get(&sent));
                if let Some(says) = own.or(sent) {
                    put("says", says.clone());
                }
            }
            EventKind::Timer => {
                put("timer", about.timers[which].id.into());
            }
            EventKind::Request => {
                let args = self.recording.log().note(record).map(|note| note.args);
                let [number, asks, ..] = args.unwrap_or_default();
                put("request", value_of(number));
                put("asks", value_of(asks));
                put("refused", (which > 0).into());
            }
            EventKind::Answer => {
                put("request", record.other.into());
                put("answer", about.answers[which].id.into());
            }
            EventKind::Note => {
                put("note", about.notes[which].id.into());
                let args = self.recording.log().note(record).map(|note| note.args);
                for (name, value) in about.notes[which].args.iter().zip(args.unwrap_or_default()) {
                    put(name, value_of(value));
                }
            }
            EventKind::Input | EventKind::InVain => {
                put("input", self.recording.play.input(record.other).map(input).into());
            }
            EventKind::Broken => {
                put("property", about.properties[which].id.into());
                let args = self.recording.log().note(record).map(|note| note.args);
                let [place, other, ..] = args.unwrap_or_default();
                put("place", value_of(place));
                put("other", value_of(other));
            }
        }
        fields
    }

    /// Everything that the card of a node says, and all of its log.
    fn state(&self, node: NodeId) -> NodeState {
        let facts = self.recording.play.facts(node);
        let Card { role, badge, strip, fields, .. } = facts.card;
        let whole = self.recording.play.cells(node);
        let cells = if whole.is_empty() { strip } else { whole };
        let pair = |cell: &Cell| (cell.hue, cell.text.as_str().to_owned());
        NodeState {
            node,
            condition: match facts.condition {
                Condition::Up => "up",
                Condition::Down => "down",
                Condition::Paused => "paused",
            },
            role: self.recording.about.roles[usize::from(role)].id,
            badge: badge.map(|badge| badge.number),
            disk: kept(&fields, Place::Disk),
            memory: kept(&fields, Place::Memory),
            log: cells.iter().map(pair).collect(),
            firm: cells.iter().filter(|cell| cell.state == CellState::Firm).count(),
            writing: facts.writing,
        }
    }
}

impl Recording {
    /// The first property that breaks up to this time; the run is played no further than that.
    ///
    /// # Errors
    /// That the run is as long as a run may be.
    pub fn first_broken(&mut self, until: Time) -> Result<Option<BrokenProperty>, Error> {
        let mut seen = 0;
        loop {
            let progress = self.play.run.advance(until, STEPS);
            let events = self.log().len();
            if let Some(found) = self.broken(seen..events).next() {
                return Ok(Some(found));
            }
            seen = events;
            match progress {
                Progress::More => {}
                Progress::Done => return Ok(None),
                Progress::Full => return Err(Error::new("the run is as long as a run may be")),
            }
        }
    }

    /// The properties that broke in these events.
    pub fn broken(&self, events: Range<u32>) -> impl Iterator<Item = BrokenProperty> {
        let records = events.clone().zip(self.log().iter_from(events.start));
        let broken = records.filter(|(_, record)| record.kind() == EventKind::Broken);
        broken.filter_map(|(event, record)| {
            let teller = Teller { about: self.about, play: &self.play };
            let text = teller.row(event)?.text;
            let property = self.about.properties[usize::from(record.which())].id;
            Some(BrokenProperty { property, at: record.time, event, text })
        })
    }
}

impl Scenario {
    /// The same with the current branch as its trunk, and no other: what it shows is the same.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn current_branch(&self) -> Result<Self, Error> {
        self.check()?;
        let mut play = catalogue::room(&self.protocol)?.open(self, false)?;
        let mut chain = Vec::new();
        let mut id = self.branch;
        while let Some(branch) = self.branches.iter().find(|branch| branch.id == id) {
            chain.push(branch);
            id = branch.parent;
        }
        let mut end = self.end;
        for branch in chain.into_iter().rev() {
            let Moment { events, time } = branch.at;
            while play.head_events() < events && play.run.advance(time, 1) == Progress::More {}
            let mut inputs = play.inputs();
            inputs.truncate(play.run.inputs_done());
            inputs.extend(branch.inputs.iter().cloned());
            play = play.branch(play.head_events(), &inputs)?;
            end = branch.end;
        }
        let inputs = play.inputs();
        Ok(Self { inputs, end, branches: Vec::new(), branch: 0, ..self.clone() })
    }
}

/// The fields that are kept in this place; those of one kind about several nodes together.
fn kept(fields: &[Field], place: Place) -> Map<String, Json> {
    let mut found = Map::new();
    for field in fields.iter().filter(|field| field.place == place) {
        let value = value_of(field.value);
        match field.of {
            None => {
                found.insert(field.id.to_owned(), value);
            }
            Some(node) => {
                let of = found.entry(field.id).or_insert_with(|| Json::Object(Map::new()));
                if let Some(of) = of.as_object_mut() {
                    of.insert(node.to_string(), value);
                }
            }
        }
    }
    found
}

/// Fields as an object; what is there more than once becomes a list.
fn gather(fields: impl Iterator<Item = (&'static str, Json)>) -> Json {
    let mut found: Map<String, Json> = Map::new();
    for (id, value) in fields {
        match found.get_mut(id) {
            None => {
                found.insert(id.to_owned(), value);
            }
            Some(Json::Array(list)) => list.push(value),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    Json::Object(found)
}

fn value_of(value: Value) -> Json {
    match value {
        Value::Nothing => Json::Null,
        Value::Number(number) => number.into(),
        Value::Node(node) => node.to_string().into(),
        Value::Span(span) => span.0.into(),
        Value::Word(word) => word.into(),
        Value::Label(label) => label.as_str().into(),
    }
}

/// An intervention as scenarios write it, but for its place.
fn input(input: crate::Input) -> Json {
    let positioned = Positioned { at: Time::ZERO, after: None, input };
    let mut written = serde_json::to_value(positioned).unwrap_or_default();
    if let Some(fields) = written.as_object_mut() {
        fields.remove("at_us");
    }
    written
}

fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Boot => "boot",
        EventKind::Deliver => "deliver",
        EventKind::Timer => "timer",
        EventKind::Request => "request",
        EventKind::Saved => "saved",
        EventKind::Send => "send",
        EventKind::Lost => "lost",
        EventKind::Answer => "answer",
        EventKind::Note => "note",
        EventKind::Duplicate => "duplicate",
        EventKind::Input => "input",
        EventKind::InVain => "in-vain",
        EventKind::Broken => "broken",
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Chance => "chance",
        Why::Cut => "cut",
        Why::CutLater => "cut-later",
        Why::Down => "down",
        Why::Taken => "taken",
    }
}
