//! The judge against the slowest one there is: every order is tried.

mod common;

use common::{Dice, Shape, history, random};
use faultline_check::{Function, Kind, Line, Model, Verdict, judge};
use serde_json::{Value, json};

/// An operation as known in a prefix.
struct Operation {
    called: usize,
    returned: Option<usize>,
    function: Function,
    value: Value,
    /// For a `cas`: whether it failed.
    failed: bool,
}

fn operations(lines: &[Line], key: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (called, call) in lines.iter().enumerate() {
        if call.kind != Kind::Invoke || call.key.as_ref() != Some(key) {
            continue;
        }
        let later = lines.iter().enumerate().skip(called + 1);
        let end = later.filter(|(_, line)| line.process == call.process).map(|(at, _)| at).next();
        let end = end.filter(|at| lines[*at].kind != Kind::Info);
        let function = call.function.unwrap();
        let failed = end.is_some_and(|at| lines[at].kind == Kind::Fail);
        let looks = matches!(function, Function::Read | Function::Get);
        if (failed && function != Function::Cas) || (looks && end.is_none()) {
            continue;
        }
        let value = if looks { lines[end.unwrap()].value.clone() } else { call.value.clone() };
        let value = value.unwrap();
        operations.push(Operation { called, returned: end, function, value, failed });
    }
    operations
}

/// Whether the operations that are left can be put in order after this value.
fn orderly(operations: &[Operation], left: &mut Vec<usize>, value: &Value) -> bool {
    if left.iter().all(|one| operations[*one].returned.is_none()) {
        return true;
    }
    let earliest = left.iter().filter_map(|one| operations[*one].returned).min().unwrap();
    for place in 0..left.len() {
        let one = &operations[left[place]];
        if one.called > earliest {
            continue;
        }
        let Some(next) = apply(one, value) else { continue };
        let taken = left.remove(place);
        let found = orderly(operations, left, &next);
        left.insert(place, taken);
        if found {
            return true;
        }
    }
    false
}

fn apply(one: &Operation, value: &Value) -> Option<Value> {
    match one.function {
        Function::Read | Function::Get => (one.value == *value).then(|| value.clone()),
        Function::Write | Function::Put => Some(one.value.clone()),
        Function::Append => {
            Some(json!(value.as_str().unwrap().to_owned() + one.value.as_str().unwrap()))
        }
        Function::Cas if one.failed => (one.value[0] != *value).then(|| value.clone()),
        Function::Cas => (one.value[0] == *value).then(|| one.value[1].clone()),
    }
}

fn linearizable(lines: &[Line], shape: Shape) -> bool {
    let start = if shape.model == Model::Register { Value::Null } else { json!("") };
    (0..shape.keys).all(|key| {
        let operations = operations(lines, &json!(key));
        orderly(&operations, &mut (0..operations.len()).collect(), &start)
    })
}

fn compare(shape: Shape, count: u64, seed: u64) -> (u64, u64) {
    let (mut right, mut wrong) = (0, 0);
    for number in 0..count {
        let lines = random(shape, &mut Dice(seed + number));
        let prefix = (0..=lines.len()).find(|count| !linearizable(&lines[..*count], shape));
        let verdict = judge(&history(&lines, shape.model), u64::MAX).verdict;
        match (prefix, &verdict) {
            (None, Verdict::Linearizable) => right += 1,
            (Some(count), Verdict::NotLinearizable { lines: said, shortest: true, .. })
                if count as u32 == *said =>
            {
                wrong += 1;
            }
            _ => panic!("{number}: {prefix:?} against {verdict:?} of {lines:#?}"),
        }
    }
    (right, wrong)
}

const SHAPE: Shape = Shape {
    model: Model::Register,
    processes: 4,
    operations: 7,
    keys: 1,
    values: 3,
    lies: 30,
    unknown: 15,
    fails: true,
};

#[test]
fn every_small_history_of_a_register_is_judged_as_by_trying_every_order() {
    let (right, wrong) = compare(SHAPE, 6_000, 1);
    assert!(right > 1_500 && wrong > 1_500, "too much of one kind: {right}, {wrong}");
}

#[test]
fn every_small_history_of_a_text_is_judged_as_by_trying_every_order() {
    let shape = Shape { model: Model::KeyValue, ..SHAPE };
    let (right, wrong) = compare(shape, 6_000, 2);
    assert!(right > 1_500 && wrong > 1_500, "too much of one kind: {right}, {wrong}");
}

#[test]
fn keys_are_judged_apart_and_the_earliest_fault_counts() {
    for model in [Model::Register, Model::KeyValue] {
        let shape = Shape { model, keys: 3, operations: 12, lies: 25, ..SHAPE };
        let (right, wrong) = compare(shape, 2_000, 3);
        assert!(right > 100 && wrong > 300, "too much of one kind: {right}, {wrong}");
    }
}

#[test]
fn many_operations_that_nobody_knows_of_are_judged_too() {
    let shape = Shape { operations: 8, unknown: 50, values: 2, ..SHAPE };
    for model in [Model::Register, Model::KeyValue] {
        compare(Shape { model, ..shape }, 3_000, 4);
    }
}

#[test]
fn values_that_are_hardly_ever_written_twice_are_judged_too() {
    let shape = Shape { values: 40, operations: 8, ..SHAPE };
    let (right, wrong) = compare(shape, 6_000, 5);
    assert!(right > 1_500 && wrong > 1_500, "too much of one kind: {right}, {wrong}");
}
