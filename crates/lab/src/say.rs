//! Sentences: what an event is called, from the data in its record and note.

use crate::Input;
use crate::play::Play;
use crate::rows::{EventRow, MarkKind};
use crate::scene::Moment;
use crate::words::{Arg, plain, say, say_parts, shortened, span, word};
use faultline_kernel::{About, NodeId, Span, Value};
use faultline_sim::{EventKind, Mark, Record, Why};

/// So many characters tell who stands on a side: of a thousand nodes the first and the last.
const NAMED_MOST: usize = 120;

/// What speaks of a run: its room's words and its log.
pub(crate) struct Teller<'a> {
    pub(crate) about: &'static About,
    pub(crate) play: &'a Play,
}

impl Teller<'_> {
    /// One event as a line.
    pub(crate) fn row(&self, event: u32) -> Option<EventRow> {
        let log = self.play.run.log();
        let record = log.get(event)?;
        Some(EventRow {
            event,
            time: record.time,
            moment: Moment { events: log.step_end(event), time: record.time },
            node: record.at(),
            text: self.text(record),
            mark: mark(record),
            begins: record.begins(),
            cause: record.caused_by(),
            source: self.source(record),
        })
    }

    /// The event, its cause, the cause of that, and so on.
    pub(crate) fn why(&self, event: u32, most: usize) -> Vec<EventRow> {
        let cause = |row: &EventRow| self.row(row.cause?);
        std::iter::successors(self.row(event), cause).take(most).collect()
    }

    fn source(&self, record: &Record) -> &'static str {
        let which = usize::from(record.which());
        match record.kind() {
            EventKind::Note => self.about.notes[which].source,
            EventKind::Broken => self.about.properties[which].source,
            _ => "",
        }
    }

    fn text(&self, record: &Record) -> String {
        let id = match record.kind() {
            EventKind::Note => return self.note(record),
            EventKind::Broken => return self.broken(record),
            EventKind::Input => return self.input(record),
            EventKind::InVain => {
                return say("event-in-vain", &[("input", self.input(record).into())]);
            }
            EventKind::Request if record.which() > 0 => "event-request-down",
            EventKind::Request => "event-request",
            EventKind::Boot => "event-boot",
            EventKind::Deliver => "event-deliver",
            EventKind::Timer => "event-timer",
            EventKind::Saved => "event-saved",
            EventKind::Send => "event-send",
            EventKind::Answer => "event-answer",
            EventKind::Duplicate => "event-duplicate",
            EventKind::Lost => lost(record.why()),
        };
        say(id, &self.arguments(record))
    }

    fn arguments(&self, record: &Record) -> Vec<(&'static str, Arg)> {
        let room = self.about.id;
        let which = usize::from(record.which());
        let mut arguments = Vec::new();
        if let Some(node) = record.at() {
            arguments.push(("node", node.to_string().into()));
        }
        let thing = match record.kind() {
            EventKind::Deliver | EventKind::Send | EventKind::Duplicate | EventKind::Lost => {
                arguments.push(("other", NodeId(record.other).to_string().into()));
                ("message", word(&[room, "message", self.about.messages[which].id]))
            }
            EventKind::Timer => ("timer", word(&[room, "timer", self.about.timers[which].id])),
            EventKind::Answer => ("answer", word(&[room, "answer", self.about.answers[which].id])),
            EventKind::Request => {
                let note = self.play.run.log().note(record);
                let value = note.map_or(Value::Nothing, |note| note.args[1]);
                arguments.push(("request", Arg::value(room, value)));
                return arguments;
            }
            _ => return arguments,
        };
        arguments.push((thing.0, thing.1.into()));
        arguments
    }

    fn note(&self, record: &Record) -> String {
        let kind = &self.about.notes[usize::from(record.which())];
        let Some(note) = self.play.run.log().note(record) else {
            return String::new();
        };
        let node = ("node", record.at().map_or_else(String::new, |node| node.to_string()).into());
        let values = kind.args.iter().zip(note.args);
        let values = values.map(|(name, value)| (*name, Arg::value(self.about.id, value)));
        let arguments: Vec<_> = std::iter::once(node).chain(values).collect();
        say_parts(&[self.about.id, "note", kind.id], &arguments)
    }

    fn broken(&self, record: &Record) -> String {
        let id = self.about.properties[usize::from(record.which())].id;
        let property = word(&[self.about.id, "property", id]);
        let mut arguments = vec![("property", property.into())];
        if let Some(node) = record.at() {
            arguments.push(("node", node.to_string().into()));
        }
        let note = self.play.run.log().note(record);
        match note.map_or(Value::Nothing, |note| note.args[1]) {
            Value::Node(other) => {
                arguments.push(("other", other.to_string().into()));
                say("event-broken-two", &arguments)
            }
            _ => say("event-broken", &arguments),
        }
    }

    fn input(&self, record: &Record) -> String {
        let input = self.play.input(record.other);
        input.map_or_else(String::new, |input| describe(self.about, &input))
    }
}

fn lost(why: Why) -> &'static str {
    match why {
        Why::Chance => "event-lost-chance",
        Why::Cut => "event-lost-cut",
        Why::CutLater => "event-lost-cut-later",
        Why::Down => "event-lost-down",
        Why::Taken => "event-lost-taken",
    }
}

/// How an event is marked on the timeline.
pub(crate) fn mark(record: &Record) -> Option<MarkKind> {
    match record.mark() {
        Mark::None => None,
        Mark::Stirs => Some(MarkKind::Stirs),
        Mark::Settles => Some(MarkKind::Settles),
        Mark::Leads => Some(MarkKind::Leads),
        Mark::Act => Some(MarkKind::Act),
        Mark::Broken => Some(MarkKind::Broken),
    }
}

/// An intervention in a sentence.
pub(crate) fn describe(about: &About, input: &Input) -> String {
    let node = |node: &NodeId| ("node", node.to_string().into());
    let link = |from: &NodeId, to: &NodeId| {
        vec![("from", from.to_string().into()), ("to", to.to_string().into())]
    };
    let (id, arguments): (&str, Vec<(&str, Arg)>) = match input {
        Input::Crash { node: at }
        | Input::Restart { node: at }
        | Input::Pause { node: at }
        | Input::Resume { node: at }
        | Input::LoseDisk { node: at } => (plain_act(input), vec![node(at)]),
        Input::Clock { node: at, rate_ppm } => {
            ("input-clock", vec![node(at), ("rate", (rate_ppm / 10_000).into())])
        }
        Input::Fire { node: at, timer, .. } => {
            ("input-fire", vec![node(at), ("timer", word(&[about.id, "timer", timer]).into())])
        }
        Input::Request { node: at, .. } => ("input-request", vec![node(at)]),
        Input::Cut { groups } => ("input-cut", vec![("sides", sides(groups).into())]),
        Input::CrashSome { ppm } => ("input-crash-some", vec![("percent", percent(*ppm).into())]),
        Input::Heal => ("input-heal", Vec::new()),
        Input::CutLink { from, to, both: false } => ("input-cut-link", link(from, to)),
        Input::CutLink { from, to, both: true } => ("input-cut-link-both", link(from, to)),
        Input::HealLink { from, to, both: false } => ("input-heal-link", link(from, to)),
        Input::HealLink { from, to, both: true } => ("input-heal-link-both", link(from, to)),
        Input::Loss { .. }
        | Input::Duplication { .. }
        | Input::Latency { .. }
        | Input::Disk { .. } => network_act(input),
        Input::Drop { message: name } => ("input-drop", link(&name.from, &name.to)),
        Input::Duplicate { message } => ("input-duplicate", link(&message.from, &message.to)),
        Input::Deliver { message } => ("input-deliver", link(&message.from, &message.to)),
        Input::Delay { message, by_us } => {
            let mut arguments = link(&message.from, &message.to);
            arguments.push(("by", span(Span(*by_us)).into()));
            ("input-delay", arguments)
        }
        Input::Hold { on: true } => ("input-hold-on", Vec::new()),
        Input::Hold { on: false } => ("input-hold-off", Vec::new()),
    };
    say(id, &arguments)
}

/// What is done to a node, without further particulars.
fn plain_act(input: &Input) -> &'static str {
    match input {
        Input::Restart { .. } => "input-restart",
        Input::Pause { .. } => "input-pause",
        Input::Resume { .. } => "input-resume",
        Input::LoseDisk { .. } => "input-lose-disk",
        _ => "input-crash",
    }
}

/// What is done to the whole network.
fn network_act(input: &Input) -> (&'static str, Vec<(&'static str, Arg)>) {
    let range =
        |min: u64, max: u64| vec![("min", span(Span(min)).into()), ("max", span(Span(max)).into())];
    match input {
        Input::Loss { ppm } => ("input-loss", vec![("percent", percent(*ppm).into())]),
        Input::Duplication { ppm } => {
            ("input-duplication", vec![("percent", percent(*ppm).into())])
        }
        Input::Disk { min_us, max_us } => ("input-disk", range(*min_us, *max_us)),
        Input::Latency { min_us, max_us } => ("input-latency", range(*min_us, *max_us)),
        _ => ("input-latency", Vec::new()),
    }
}

fn percent(ppm: u32) -> String {
    match (ppm / 10_000, ppm % 10_000 / 1_000) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

fn sides(groups: &[Vec<NodeId>]) -> String {
    let names = |group: &Vec<NodeId>| {
        let names: Vec<String> = group.iter().map(NodeId::to_string).collect();
        shortened(names.join(", "), NAMED_MOST)
    };
    groups.iter().map(names).collect::<Vec<_>>().join(" | ")
}

/// The value of a field in words.
pub(crate) fn value(about: &About, value: Value) -> String {
    match value {
        Value::Nothing => plain("word-nothing"),
        Value::Number(number) => number.to_string(),
        Value::Node(node) => node.to_string(),
        Value::Span(length) => span(length),
        Value::Word(id) => word(&[about.id, "word", id]),
        Value::Label(label) => label.as_str().to_owned(),
    }
}

/// The label of a field, which may be one of many.
pub(crate) fn label(about: &About, id: &str, of: Option<NodeId>) -> String {
    named(word(&[about.id, "field", id]), of)
}

/// A name of something, of which there may be one for each node.
pub(crate) fn named(label: String, of: Option<NodeId>) -> String {
    match of {
        None => label,
        Some(node) => {
            say("field-of", &[("label", label.into()), ("node", node.to_string().into())])
        }
    }
}

/// The name of a kind of message.
pub(crate) fn message(about: &About, facts: &faultline_sim::FlightView) -> String {
    word(&[about.id, "message", about.messages[usize::from(facts.kind)].id])
}
