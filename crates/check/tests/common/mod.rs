//! Random histories.

use faultline_check::{Function, History, Kind, Line, Model};
use serde_json::{Value, json};

/// A small generator of numbers; the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }

    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What kind of histories to make.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) model: Model,
    pub(crate) processes: u64,
    pub(crate) operations: u64,
    pub(crate) keys: u64,
    /// How many different values there are.
    pub(crate) values: u64,
    /// How often an answer is made up, in percent.
    pub(crate) lies: u64,
    /// How often nobody knows how an operation ended, in percent.
    pub(crate) unknown: u64,
    /// Whether there are operations that fail, and `cas`.
    pub(crate) fails: bool,
}

/// An operation on its way: what is asked, and what it met if it took effect.
struct Flying {
    function: Function,
    key: u64,
    value: Value,
    met: Option<Value>,
}

pub(crate) fn history(lines: &[Line], model: Model) -> History {
    let mut history = History::new(model);
    lines.iter().for_each(|line| history.push(line.clone()).expect("it is well formed"));
    history
}

/// Clients of one true copy of the data, some of whom are told something else.
pub(crate) fn random(shape: Shape, dice: &mut Dice) -> Vec<Line> {
    let start = if shape.model == Model::Register { Value::Null } else { json!("") };
    let mut data = vec![start; shape.keys as usize];
    let mut flying: Vec<Option<Flying>> = (0..shape.processes).map(|_| None).collect();
    let (mut left, mut lines) = (shape.operations, Vec::new());
    while left > 0 || flying.iter().any(Option::is_some) {
        let process = dice.below(shape.processes);
        match flying[process as usize].take() {
            None if left > 0 => {
                left -= 1;
                let (function, value) = ask(shape, dice);
                let key = dice.below(shape.keys);
                lines.push(line(process, Kind::Invoke, function, key, Some(value.clone())));
                flying[process as usize] = Some(Flying { function, key, value, met: None });
            }
            None => {}
            Some(mut one) if one.met.is_none() && !dice.chance(10) => {
                let cell = &mut data[one.key as usize];
                one.met = Some(cell.clone());
                take_effect(&one, cell);
                flying[process as usize] = Some(one);
            }
            Some(one) => lines.extend(answer(shape, process, &one, dice)),
        }
    }
    lines
}

fn line(process: u64, kind: Kind, function: Function, key: u64, value: Option<Value>) -> Line {
    Line { process, kind, function: Some(function), key: Some(json!(key)), value }
}

fn ask(shape: Shape, dice: &mut Dice) -> (Function, Value) {
    let value = some_value(shape, dice);
    let kinds = match shape.model {
        _ if !shape.fails => 2,
        Model::Register => 3,
        Model::KeyValue => 4,
    };
    match (shape.model, dice.below(kinds)) {
        (Model::Register, 0) => (Function::Read, Value::Null),
        (Model::Register, 1) => (Function::Write, value),
        (Model::Register, _) => (Function::Cas, json!([value, some_value(shape, dice)])),
        (Model::KeyValue, 0) => (Function::Get, Value::Null),
        (Model::KeyValue, 1) => (Function::Append, value),
        (Model::KeyValue, 2) => (Function::Put, value),
        (Model::KeyValue, _) => (Function::Cas, json!([value, some_value(shape, dice)])),
    }
}

fn some_value(shape: Shape, dice: &mut Dice) -> Value {
    let number = dice.below(shape.values);
    match shape.model {
        Model::Register => json!(number),
        Model::KeyValue => json!("ab".repeat(2)[..1 + (number % 3) as usize].to_owned()),
    }
}

fn take_effect(one: &Flying, cell: &mut Value) {
    match one.function {
        Function::Read | Function::Get => {}
        Function::Write | Function::Put => *cell = one.value.clone(),
        Function::Cas if *cell == one.value[0] => *cell = one.value[1].clone(),
        Function::Cas => {}
        Function::Append => {
            *cell = json!(cell.as_str().unwrap().to_owned() + one.value.as_str().unwrap());
        }
    }
}

fn answer(shape: Shape, process: u64, one: &Flying, dice: &mut Dice) -> Option<Line> {
    let told = |kind, value| Some(line(process, kind, one.function, one.key, value));
    let lie = dice.chance(shape.lies);
    if dice.chance(shape.unknown) {
        return told(Kind::Info, None);
    }
    let Some(met) = &one.met else {
        // It never took effect: whoever says so does not lie.
        let kind = if shape.fails && one.function != Function::Cas && !lie {
            Kind::Fail
        } else {
            Kind::Info
        };
        return told(kind, None);
    };
    match one.function {
        Function::Read | Function::Get => {
            told(Kind::Ok, Some(if lie { some_value(shape, dice) } else { met.clone() }))
        }
        Function::Cas if (*met == one.value[0]) == lie => told(Kind::Fail, None),
        _ if lie && shape.fails => told(Kind::Fail, None),
        _ => told(Kind::Ok, None),
    }
}
