//! What clients do and are told, in the words of the judges.

use super::Answer;
use crate::store::{Command, Key, Operation, Outcome, Session};
use faultline_kernel::{self as kernel, Deed, Label, Value};

/// What a command does to the variables.
pub(super) fn operation(command: &Command) -> Option<kernel::Operation> {
    let (key, deed) = match command.operation {
        Operation::NoOp => return None,
        Operation::Get { key } => (key, Deed::Read),
        Operation::Put { key, value } => (key, Deed::Write(value.into())),
        Operation::Swap { key, expected, value } => {
            (key, Deed::Swap(expected.into(), value.into()))
        }
    };
    let name = |session: Session| u64::from(session.client) << 32 | u64::from(session.serial);
    let key = Label::format(format_args!("{key}")).into();
    Some(kernel::Operation { key, deed, name: command.session.map(name) })
}

/// The way back: the command of a client without a session.
pub(super) fn request(operation: &kernel::Operation) -> Option<Command> {
    let Value::Label(key) = operation.key else { return None };
    let key = Key::try_from(key.as_str().chars().next()?).ok()?;
    let number = |value| match value {
        Value::Number(number) => u32::try_from(number).ok(),
        Value::Nothing | Value::Node(_) | Value::Span(_) | Value::Word(_) | Value::Label(_) => None,
    };
    let operation = match operation.deed {
        Deed::Read => Operation::Get { key },
        Deed::Write(value) => Operation::Put { key, value: number(value)? },
        Deed::Swap(expected, value) => {
            Operation::Swap { key, expected: number(expected), value: number(value)? }
        }
    };
    Some(Command { operation, session: None })
}

/// How an operation ended.
pub(super) fn outcome(answer: &Answer) -> kernel::Outcome {
    match answer {
        Answer::Applied(Outcome::Done | Outcome::Swapped) => kernel::Outcome::Done,
        Answer::Applied(Outcome::Read(found)) => kernel::Outcome::Found((*found).into()),
        Answer::Applied(Outcome::Differs(_)) => kernel::Outcome::Differs,
        // It was not proposed: whoever leads no more leaves those with a slot in the dark.
        Answer::NotLeader { .. } | Answer::Busy => kernel::Outcome::Refused,
    }
}
