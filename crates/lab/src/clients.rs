//! What the clients of a run saw, as a history for the judge of linearizability.

use crate::judge::{Bad, Function, History, Kind, Line, Model, Verdict, judge};
use crate::{BrokenProperty, Error, Recording};
use faultline_kernel::{Deed, Operation, Outcome, RequestId, Time, Value};
use faultline_sim::{Heard, Said};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// A client that waits, and what for.
struct Waits {
    process: u64,
    function: Function,
    /// Whether its operation has a name: then it may be asked for again.
    named: bool,
}

/// Turns what was heard into lines. Each operation has a client of its own until it is over; then
/// another may take the place.
#[derive(Default)]
struct Scribe {
    lines: Vec<Line>,
    /// The event of each line.
    events: Vec<u32>,
    /// By the numbers of operations.
    waits: BTreeMap<u64, Waits>,
    /// Which operation a request belongs to.
    operations: BTreeMap<RequestId, u64>,
    named: BTreeMap<u64, u64>,
    idle: BTreeSet<u64>,
    processes: u64,
    /// Whether something is appended: then the data are texts.
    grows: bool,
}

impl Recording {
    /// From now on what clients ask and are told is kept.
    pub fn listen(&mut self) {
        self.play.run.listen();
    }

    /// What clients asked and were told, as lines of a history, and the model by which they are
    /// judged. Whoever was never told anything leaves the operation open.
    #[must_use]
    pub fn history(&self) -> (Model, Vec<Line>) {
        let scribe = self.scribe();
        (scribe.model(), scribe.lines)
    }

    /// Judges what clients saw, in so many steps: `None` if it is linearizable, else where it is
    /// not.
    ///
    /// # Errors
    /// That the steps were not enough, or that the history is longer than one may be.
    pub fn judge_clients(&self, steps: u64) -> Result<Option<BrokenProperty>, Error> {
        let scribe = self.scribe();
        let mut history = History::new(scribe.model());
        let Scribe { lines, events, .. } = scribe;
        let bad = |bad: Bad| Error::new(bad.to_string());
        lines.into_iter().try_for_each(|line| history.push(line)).map_err(bad)?;
        let (lines, key) = match judge(&history, steps).verdict {
            Verdict::Linearizable => return Ok(None),
            Verdict::Unknown => {
                return Err(Error::new(format!(
                    "what clients saw is undecided after {steps} steps"
                )));
            }
            Verdict::NotLinearizable { lines, key, .. } => (lines, key),
        };
        let event = events.get(lines as usize - 1).copied().unwrap_or_default();
        Ok(Some(BrokenProperty {
            property: "linearizable",
            at: self.log().get(event).map_or(Time::ZERO, |record| record.time),
            event,
            text: format!(
                "No order of what clients did to {key} explains what they saw: the first {lines} \
                 lines of the history are already wrong."
            ),
        }))
    }

    /// How often a client asked something that a history tells of.
    #[must_use]
    pub fn asked(&self) -> usize {
        let heard = self.log().clients().iter();
        heard.filter(|heard| matches!(heard.said, Said::Asked(_))).count()
    }

    fn scribe(&self) -> Scribe {
        let appends = |heard: &Heard| {
            matches!(heard.said, Said::Asked(Operation { deed: Deed::Append(_), .. }))
        };
        let grows = self.log().clients().iter().any(appends);
        let mut scribe = Scribe { grows, ..Scribe::default() };
        for Heard { event, request, said } in self.log().clients() {
            match said {
                Said::Asked(operation) => scribe.asks(*request, operation),
                Said::Told(outcome) => scribe.hears(*request, *outcome),
            }
            scribe.events.resize(scribe.lines.len(), *event);
        }
        scribe
    }
}

impl Scribe {
    fn asks(&mut self, request: RequestId, operation: &Operation) {
        let known = operation.name.and_then(|name| self.named.get(&name).copied());
        if let Some(number) = known {
            self.operations.entry(request).or_insert(number);
        }
        if self.operations.contains_key(&request) {
            return;
        }
        let number = self.operations.len() as u64;
        self.operations.insert(request, number);
        self.named.extend(operation.name.map(|name| (name, number)));
        let process = self.idle.pop_first().unwrap_or_else(|| {
            self.processes += 1;
            self.processes - 1
        });
        let data = |value| self.json(value);
        let (function, value) = match operation.deed {
            Deed::Read if self.grows => (Function::Get, None),
            Deed::Read => (Function::Read, None),
            Deed::Write(value) if self.grows => (Function::Put, Some(data(value))),
            Deed::Write(value) => (Function::Write, Some(data(value))),
            Deed::Swap(expected, new) => (Function::Cas, Some(json!([data(expected), data(new)]))),
            Deed::Append(value) => (Function::Append, Some(data(value))),
        };
        let key = Some(json(operation.key));
        let (kind, named) = (Kind::Invoke, operation.name.is_some());
        self.lines.push(Line { process, kind, function: Some(function), key, value });
        self.waits.insert(number, Waits { process, function, named });
    }

    fn hears(&mut self, request: RequestId, outcome: Outcome) {
        let Some(number) = self.operations.get(&request) else { return };
        let Some(Waits { process, function, named }) = self.waits.get(number) else { return };
        let (kind, value) = match outcome {
            Outcome::Done => (Kind::Ok, None),
            Outcome::Found(value) => (Kind::Ok, Some(self.json(value))),
            Outcome::Differs => (Kind::Fail, None),
            // Another request for the same operation may fare better.
            Outcome::Refused | Outcome::Unknown if *named => return,
            // A `cas` that fails says that it has looked; this one has not.
            Outcome::Refused if *function != Function::Cas => (Kind::Fail, None),
            Outcome::Refused | Outcome::Unknown => (Kind::Info, None),
        };
        let (process, function) = (*process, Some(*function));
        self.lines.push(Line { process, kind, function, key: None, value });
        self.waits.remove(number);
        self.idle.insert(process);
    }
}

impl Scribe {
    fn model(&self) -> Model {
        if self.grows { Model::KeyValue } else { Model::Register }
    }

    /// A value of the data: where something is appended it is a text, and nothing is an empty one.
    fn json(&self, value: Value) -> Json {
        match json(value) {
            Json::Null if self.grows => "".into(),
            Json::Number(number) if self.grows => number.to_string().into(),
            other => other,
        }
    }
}

fn json(value: Value) -> Json {
    match value {
        Value::Nothing => Json::Null,
        Value::Number(number) => number.into(),
        Value::Node(node) => node.to_string().into(),
        Value::Span(span) => span.0.into(),
        Value::Word(word) => word.into(),
        Value::Label(label) => label.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(name: Option<u64>) -> Operation {
        Operation { key: Value::Word("x"), deed: Deed::Write(1_u32.into()), name }
    }

    fn told(scribe: &Scribe) -> Vec<(u64, Kind)> {
        scribe.lines.iter().map(|line| (line.process, line.kind)).collect()
    }

    #[test]
    fn a_client_takes_the_place_of_one_that_was_answered_and_of_no_other() {
        let mut scribe = Scribe::default();
        scribe.asks(RequestId(0), &put(None));
        scribe.asks(RequestId(1), &put(None));
        scribe.hears(RequestId(1), Outcome::Done);
        scribe.hears(RequestId(1), Outcome::Done);
        scribe.asks(RequestId(2), &put(None));
        scribe.hears(RequestId(2), Outcome::Refused);
        let (call, ok, fail) = (Kind::Invoke, Kind::Ok, Kind::Fail);
        assert_eq!(told(&scribe), [(0, call), (1, call), (1, ok), (1, call), (1, fail)]);
    }

    #[test]
    fn where_something_is_appended_data_are_texts() {
        let x = |deed| Operation { deed, ..put(None) };
        let mut scribe = Scribe { grows: true, ..Scribe::default() };
        scribe.asks(RequestId(0), &x(Deed::Append(7_u32.into())));
        scribe.asks(RequestId(1), &x(Deed::Swap(Value::Nothing, 5_u32.into())));
        scribe.asks(RequestId(2), &x(Deed::Read));
        scribe.hears(RequestId(2), Outcome::Found(57_u32.into()));
        let told = scribe.lines.iter().map(|line| line.value.clone().unwrap_or_default());
        assert!(told.eq([json!("7"), json!(["", "5"]), Json::Null, json!("57")]));
        let mut history = History::new(scribe.model());
        scribe.lines.into_iter().for_each(|line| history.push(line).expect("it is sound"));
        assert_eq!(judge(&history, 1_000).verdict, Verdict::Linearizable);
    }

    #[test]
    fn what_is_asked_for_twice_by_one_name_is_one_operation() {
        let mut scribe = Scribe::default();
        scribe.asks(RequestId(0), &put(Some(9)));
        scribe.hears(RequestId(0), Outcome::Refused);
        scribe.asks(RequestId(1), &put(Some(9)));
        scribe.hears(RequestId(1), Outcome::Done);
        assert_eq!(told(&scribe), [(0, Kind::Invoke), (0, Kind::Ok)]);
    }
}
