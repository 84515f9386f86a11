//! What clients do and are told, in the words of the judges.

use super::Answer;
use crate::store::{CLIENTS_MOST, Command, Key, Operation, Outcome, Session};
use faultline_kernel::{self as kernel, Deed, Draw, Label, Value};

/// What a command does to the variables.
pub(super) fn operation(command: &Command) -> Option<kernel::Operation> {
    let (key, deed) = match command.operation {
        Operation::NoOp => return None,
        Operation::Get { key } => (key, Deed::Read),
        Operation::Put { key, value } => (key, Deed::Write(value.into())),
        Operation::Append { key, value } => (key, Deed::Append(value.into())),
        Operation::Swap { key, expected, value } => {
            (key, Deed::Swap(expected.into(), value.into()))
        }
    };
    let name = |session: Session| u64::from(session.client) << 32 | u64::from(session.serial);
    let key = Label::format(format_args!("{key}")).into();
    Some(kernel::Operation { key, deed, name: command.session.map(name) })
}

/// The way back: the command of a client, with a session if its operation has a name.
pub(super) fn request(operation: &kernel::Operation) -> Option<Command> {
    let Value::Label(key) = operation.key else { return None };
    let key = Key::try_from(key.as_str().chars().next()?).ok()?;
    let named = match operation.name {
        Some(name) => Some(session(name)?),
        None => None,
    };
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
        Deed::Append(value) => Operation::Append { key, value: number(value)? },
    };
    Some(Command { operation, session: named })
}

/// The client is the upper half of a name, and the number of its request the lower.
fn session(name: u64) -> Option<Session> {
    let client = u32::try_from(name >> 32).ok()?;
    let serial = u32::try_from(name & u64::from(u32::MAX)).ok()?;
    (1..=CLIENTS_MOST).contains(&client).then_some(Session { client, serial })
}

/// Sessions need no introduction; whoever names its operations begins with a read.
pub(super) fn introduction(client: u32) -> Option<Command> {
    let operation = Operation::Get { key: Key::sample(0) };
    Some(Command { operation, session: session(u64::from(client) << 32) })
}

/// What the `number`-th client of a random run wants; some of them have sessions.
pub(super) fn random(number: u64, draw: &mut Draw) -> Command {
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let key = Key::sample(small(draw.below(2)));
    let value = small(number + 1);
    let operation = match draw.below(8) {
        0..4 => Operation::Get { key },
        4..6 => Operation::Put { key, value },
        6 => Operation::Append { key, value: value % 9 + 1 },
        _ => {
            let expected = number.saturating_sub(draw.below(8));
            let expected = (expected > 0).then_some(small(expected));
            Operation::Swap { key, expected, value }
        }
    };
    let client = 1 + draw.below(8);
    let named = draw.chance(500_000).then_some(client << 32 | (number + 1));
    Command { operation, session: named.and_then(session) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::Purpose;

    #[test]
    fn what_a_client_wants_and_its_command_are_the_same() {
        let mut named = 0;
        for number in 0..200 {
            let command = random(number, &mut Draw::keyed(1, Purpose::Chaos, &[number]));
            let back = operation(&command).and_then(|operation| request(&operation));
            assert_eq!(back, Some(command));
            named += u32::from(command.session.is_some());
        }
        assert!((50..150).contains(&named));
        assert_eq!(session(17 << 32), None, "so many clients have no sessions");
        assert_eq!(
            introduction(2).and_then(|command| command.session).map(|one| one.client),
            Some(2)
        );
    }
}
