//! How commands of the store are written in scenarios: `{ put = "x", value = 9 }`.

use crate::store::{CLIENTS_MOST, Command, Key, Operation, Session};
use serde::{Deserialize, Serialize};

/// A command as a scenario writes it, before it is looked at.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    put: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    append: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    get: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cas: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<u32>,
}

impl TryFrom<Written> for Command {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { put, append, get, cas, expect, value, client, serial } = written;
        let operation = match (put, append, get, cas, expect, value) {
            (Some(key), None, None, None, None, Some(value)) => Operation::Put { key, value },
            (None, Some(key), None, None, None, Some(value)) => Operation::Append { key, value },
            (None, None, Some(key), None, None, None) => Operation::Get { key },
            (None, None, None, Some(key), expected, Some(value)) => {
                Operation::Swap { key, expected, value }
            }
            _ => {
                return Err("a command puts or appends a value, gets, or compares and sets (cas)");
            }
        };
        let session = match (client, serial) {
            (None, None) => None,
            (Some(client @ 1..=CLIENTS_MOST), Some(serial)) => Some(Session { client, serial }),
            _ => return Err("client (1 to 16) and serial go together"),
        };
        Ok(Self { operation, session })
    }
}

impl From<Command> for Written {
    fn from(command: Command) -> Self {
        let session = command.session;
        let written = Self {
            client: session.map(|session| session.client),
            serial: session.map(|session| session.serial),
            ..Self::default()
        };
        match command.operation {
            Operation::NoOp => written,
            Operation::Put { key, value } => Self { put: Some(key), value: Some(value), ..written },
            Operation::Append { key, value } => {
                Self { append: Some(key), value: Some(value), ..written }
            }
            Operation::Get { key } => Self { get: Some(key), ..written },
            Operation::Swap { key, expected, value } => {
                Self { cas: Some(key), expect: expected, value: Some(value), ..written }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scenario_writes_is_read_and_nonsense_is_not() {
        let x = Key::sample(0);
        let written = |put, get, cas, value, client| {
            let serial = client;
            let (append, expect) = (None, None);
            Command::try_from(Written { put, append, get, cas, expect, value, client, serial })
        };
        let session = Some(Session { client: 1, serial: 1 });
        let sample = Command { operation: Operation::Put { key: x, value: 9 }, session };
        assert_eq!(written(Some(x), None, None, Some(9), Some(1)), Ok(sample));
        for bad in [
            written(None, None, None, None, None),
            written(Some(x), None, None, None, None),
            written(Some(x), Some(x), None, Some(1), None),
            written(None, Some(x), None, Some(1), None),
            written(None, None, Some(x), None, None),
            written(None, Some(x), None, None, Some(17)),
            written(None, Some(x), None, None, Some(0)),
        ] {
            assert!(bad.is_err(), "{bad:?}");
        }
        let append = Command { operation: Operation::Append { key: x, value: 3 }, session };
        for command in (0..16).map(Command::sample).chain([append]) {
            assert_eq!(Command::try_from(Written::from(command)), Ok(command));
        }
        assert_eq!(Command::sample(6), Command::sample(7));
    }
}
