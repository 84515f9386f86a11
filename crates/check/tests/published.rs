//! The judge against a published, independent one: the linearizability tester of `stateright`.

mod common;

use common::{Dice, Shape, history, random};
use faultline_check::{Function, Kind, Line, Model, Verdict, judge};
use serde_json::{Value, json};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

/// The data, as the published judge wants it described.
#[derive(Clone, Debug)]
struct Cell(Value);

#[derive(Clone, Debug)]
struct Asked(Function, Value);

#[derive(Clone, Debug, PartialEq)]
enum Told {
    Done,
    Failed,
    Value(Value),
}

impl SequentialSpec for Cell {
    type Op = Asked;
    type Ret = Told;

    fn invoke(&mut self, Asked(function, value): &Asked) -> Told {
        match function {
            Function::Read | Function::Get => return Told::Value(self.0.clone()),
            Function::Write | Function::Put => self.0 = value.clone(),
            Function::Append => {
                self.0 = json!(self.0.as_str().unwrap().to_owned() + value.as_str().unwrap());
            }
            Function::Cas if self.0 != value[0] => return Told::Failed,
            Function::Cas => self.0 = value[1].clone(),
        }
        Told::Done
    }
}

/// What the published judge says. It knows no operation that fails without an effect, so the
/// histories have none; one that nobody knows of is a client that never comes back.
fn published(lines: &[Line], start: &Value) -> bool {
    let mut tester = LinearizabilityTester::new(Cell(start.clone()));
    let mut lives = [0; 16];
    for line in lines {
        let life = &mut lives[line.process as usize];
        let client = (line.process, *life);
        let value = line.value.clone().unwrap_or_default();
        let (function, value) = (line.function.unwrap(), value);
        let told = match (line.kind, function) {
            (Kind::Invoke, _) => {
                tester.on_invoke(client, Asked(function, value)).unwrap();
                continue;
            }
            (Kind::Info, _) => {
                *life += 1;
                continue;
            }
            (Kind::Fail, _) => Told::Failed,
            (Kind::Ok, Function::Read | Function::Get) => Told::Value(value),
            (Kind::Ok, _) => Told::Done,
        };
        tester.on_return(client, told).unwrap();
    }
    tester.is_consistent()
}

/// Without failures other than those of `cas`.
fn without_failures(mut lines: Vec<Line>) -> Vec<Line> {
    for line in &mut lines {
        if line.kind == Kind::Fail && line.function != Some(Function::Cas) {
            line.kind = Kind::Info;
        }
    }
    lines
}

#[test]
fn a_published_judge_agrees() {
    for (model, start) in [(Model::Register, Value::Null), (Model::KeyValue, json!(""))] {
        let shape = Shape {
            model,
            processes: 3,
            operations: 10,
            keys: 1,
            values: 4,
            lies: 20,
            unknown: 8,
            fails: true,
        };
        let (mut right, mut wrong) = (0, 0);
        for seed in 0..2_000 {
            let lines = without_failures(random(shape, &mut Dice(seed)));
            let theirs = published(&lines, &start);
            let ours = judge(&history(&lines, model), u64::MAX).verdict == Verdict::Linearizable;
            assert_eq!(ours, theirs, "{lines:#?}");
            *(if ours { &mut right } else { &mut wrong }) += 1;
        }
        assert!(right > 300 && wrong > 300, "too much of one kind: {right}, {wrong}");
    }
}
