//! Histories: what clients asked and what they were told, line by line.

use crate::operation::{Call, End, Operation};
use crate::values::{ValueId, Values};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// How many lines a history may have.
pub(crate) const LINES_MOST: u32 = 1_000_000;

/// What kind of data the clients share. Each key has data of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// A register that is read, written, and compared and set; at first it holds `null`.
    Register,
    /// A text that is got, put, appended to, and compared and set; at first it is empty.
    KeyValue,
}

/// One line of a history.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The client. It has one operation open at a time.
    pub process: u64,
    /// Whether it calls or is answered.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What is asked; an answer need not repeat it.
    #[serde(default, rename = "f", skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Of which data; a register needs no key, and an answer need not repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Value>,
    /// What is written, or was read; `[expected, new]` for `cas`.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Whether a client calls or is answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It calls.
    Invoke,
    /// It is told that the operation is done; a read is told what it found.
    Ok,
    /// A `cas` found another value; a write, put or append did not take effect; a read that fails
    /// says nothing.
    Fail,
    /// It does not know. The operation may take effect at any time from its call on, or never.
    Info,
}

/// What a client asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Function {
    /// Reads a register.
    Read,
    /// Writes a register.
    Write,
    /// Compares with one value, and sets to another if it is equal.
    Cas,
    /// Reads a key.
    Get,
    /// Sets a key.
    Put,
    /// Appends to a key.
    Append,
}

/// What is wrong with a history, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bad {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, if it is the form of the line that is wrong.
    pub column: Option<usize>,
    /// What is wrong.
    pub what: String,
}

/// A history that can be judged.
#[derive(Clone, Debug)]
pub struct History {
    model: Model,
    lines: u32,
    /// By the keys as they are written in JSON.
    pub(crate) parts: BTreeMap<String, Part>,
    open: BTreeMap<u64, Open>,
}

/// The history of one key.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) operations: Vec<Operation>,
    pub(crate) values: Values,
    pub(crate) initial: ValueId,
    /// Whether something is appended.
    grows: bool,
    /// Whether something is put that is not a text.
    marked: bool,
}

/// The operation that a process has open.
#[derive(Clone, Debug)]
struct Open {
    key: String,
    function: Function,
    /// Its number in the part of its key.
    number: usize,
}

impl History {
    /// A history without a line.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self { model, lines: 0, parts: BTreeMap::new(), open: BTreeMap::new() }
    }

    /// Reads a history with a JSON object in each line; empty lines are passed over.
    ///
    /// # Errors
    /// What is wrong and in which line.
    pub fn read(model: Model, text: &str) -> Result<Self, Bad> {
        let mut history = Self::new(model);
        for (number, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() {
                history.lines = number;
                continue;
            }
            if let Some(column) = list(text) {
                let what = "this is a list; a line is an object".to_owned();
                return Err(Bad { line: number, column: Some(column), what });
            }
            let line: Line = serde_json::from_str(text).map_err(|error| Bad {
                line: number,
                column: Some(error.column()),
                what: plain(&error),
            })?;
            history.push(line)?;
        }
        Ok(history)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What is wrong with it; the history is as before then.
    pub fn push(&mut self, mut line: Line) -> Result<(), Bad> {
        let number = self.lines + 1;
        let bad = |what: String| Bad { line: number, column: None, what };
        for value in [&mut line.key, &mut line.value].into_iter().flatten() {
            tell_apart(value).map_err(bad)?;
        }
        if number > LINES_MOST {
            return Err(bad(format!("a history has at most {LINES_MOST} lines")));
        }
        match line.kind {
            Kind::Invoke => self.call(number, line).map_err(bad)?,
            Kind::Ok | Kind::Fail | Kind::Info => self.end(number, &line).map_err(bad)?,
        }
        self.lines = number;
        Ok(())
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.lines
    }

    /// How many operations it has.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.parts.values().map(|part| part.operations.len()).sum()
    }

    fn call(&mut self, number: u32, line: Line) -> Result<(), String> {
        let process = line.process;
        if self.open.contains_key(&process) {
            return Err(format!("process {process} calls while it has an operation open"));
        }
        let function = line.function.ok_or("“f” is missing: what is asked?")?;
        self.check_model(function)?;
        let key = match line.key {
            Some(key) => key.to_string(),
            None if self.model == Model::Register => String::new(),
            None => return Err(format!("“key” is missing: what to {}?", function.name())),
        };
        let model = self.model;
        let fresh = !self.parts.contains_key(&key);
        let part = self.parts.entry(key.clone()).or_insert_with(|| Part::new(model));
        let call = match part.read_call(function, line.value.as_ref(), model) {
            Ok(call) => call,
            Err(what) => {
                if fresh {
                    self.parts.remove(&key);
                }
                return Err(what);
            }
        };
        part.operations.push(Operation { call, called: number, end: None });
        let open = Open { key, function, number: part.operations.len() - 1 };
        self.open.insert(process, open);
        Ok(())
    }

    fn check_model(&self, function: Function) -> Result<(), String> {
        let known: &[Function] = match self.model {
            Model::Register => &[Function::Read, Function::Write, Function::Cas],
            Model::KeyValue => &[Function::Get, Function::Put, Function::Append, Function::Cas],
        };
        if known.contains(&function) {
            return Ok(());
        }
        let names: Vec<&str> = known.iter().map(|function| function.name()).collect();
        let (model, names) = (self.model.name(), names.join(", "));
        Err(format!("“{}” is no operation of the model {model}: {names}", function.name()))
    }

    fn end(&mut self, number: u32, line: &Line) -> Result<(), String> {
        let process = line.process;
        let Some(open) = self.open.get(&process) else {
            return Err(format!("process {process} is answered but has no operation open"));
        };
        if line.function.is_some_and(|function| function != open.function) {
            let name = open.function.name();
            return Err(format!("process {process} has a {name} open, not this operation"));
        }
        if line.key.as_ref().map(Value::to_string).is_some_and(|key| key != open.key) {
            let key = &open.key;
            return Err(format!("process {process} has an operation on {key} open, not on this"));
        }
        let part =
            self.parts.get_mut(&open.key).expect("it was made when the operation was called");
        let end = match (line.kind, open.function) {
            (Kind::Ok, Function::Read | Function::Get) => {
                let read = "“value” is missing: what was read? (null is a value too)";
                let value = line.value.as_ref().ok_or(read)?;
                Some(End::Found(part.value(value, self.model)))
            }
            (Kind::Ok, _) => Some(End::Done),
            (Kind::Fail, _) => Some(End::Failed),
            (Kind::Invoke | Kind::Info, _) => None,
        };
        part.operations[open.number].end = end.map(|end| (number, end));
        self.open.remove(&process);
        Ok(())
    }
}

impl Part {
    fn new(model: Model) -> Self {
        let mut values = Values::default();
        let initial = match model {
            Model::Register => values.mark("null"),
            Model::KeyValue => values.text(""),
        };
        Self { operations: Vec::new(), values, initial, grows: false, marked: false }
    }

    fn value(&mut self, value: &Value, model: Model) -> ValueId {
        match (model, value) {
            (Model::KeyValue, Value::String(text)) => self.values.text(text),
            _ => self.values.mark(&value.to_string()),
        }
    }

    /// What is put; where something is appended, a text.
    fn new_value(&mut self, value: &Value, model: Model) -> Result<ValueId, String> {
        let marks = model == Model::KeyValue && !value.is_string();
        if marks && self.grows {
            return Err("a key that is appended to holds text, and this is none".into());
        }
        self.marked |= marks;
        Ok(self.value(value, model))
    }

    fn read_call(
        &mut self,
        function: Function,
        value: Option<&Value>,
        model: Model,
    ) -> Result<Call, String> {
        let missing = || format!("“value” is missing: what to {}?", function.name());
        match function {
            Function::Read | Function::Get => Ok(Call::Read),
            Function::Write | Function::Put => {
                Ok(Call::Write(self.new_value(value.ok_or_else(missing)?, model)?))
            }
            Function::Cas => match value.ok_or_else(missing)?.as_array().map(Vec::as_slice) {
                Some([expected, new]) => {
                    Ok(Call::Swap(self.value(expected, model), self.new_value(new, model)?))
                }
                _ => Err("the value of a cas is [expected, new]".into()),
            },
            Function::Append => {
                let piece = value.ok_or_else(missing)?.as_str();
                let piece = piece.ok_or("what is appended is a text")?;
                if self.marked {
                    return Err("this key holds something else than text".into());
                }
                self.grows = true;
                Ok(Call::Append(self.values.piece(piece)))
            }
        }
    }
}

impl Model {
    /// Its name in the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::KeyValue => "kv",
        }
    }
}

impl Function {
    /// Its name in a history.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Cas => "cas",
            Self::Get => "get",
            Self::Put => "put",
            Self::Append => "append",
        }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Bad {}

/// What serde says, without its place: within one line it is always line 1.
fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or(said.clone(), |(what, _)| what.to_owned())
}

/// In which column a line begins that is a list: serde would take its elements for fields.
fn list(line: &str) -> Option<usize> {
    let text = line.trim_start();
    text.starts_with('[').then(|| line.len() - text.len() + 1)
}

/// From here on not every whole number is one that a JSON number with a fraction can hold.
const EXACT_MOST: f64 = 9_007_199_254_740_992.0;

/// Makes equal what is equal, 1.0 and 1, and refuses what would look equal but is not.
fn tell_apart(value: &mut Value) -> Result<(), String> {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().expect("it is one");
            if float.abs() >= EXACT_MOST {
                return Err(format!(
                    "numbers as large as {number} are not told apart; write it as a text"
                ));
            }
            if float.fract() == 0.0 {
                *value = Value::from(whole(float));
            }
            Ok(())
        }
        Value::Array(values) => values.iter_mut().try_for_each(tell_apart),
        Value::Object(fields) => fields.values_mut().try_for_each(tell_apart),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2⁵³")]
fn whole(float: f64) -> i64 {
    float as i64
}

/// Tells `null` from nothing at all.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
