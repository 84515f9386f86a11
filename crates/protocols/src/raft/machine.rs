//! The state machine that the log drives, with the sessions of clients (§8; diss. §6.3).
//!
//! A client that hears nothing asks again, and its command may be in the log twice. So clients
//! number their commands, and each session remembers the number of the latest command that was
//! carried out and what came of it: when the same number comes again, that is answered and nothing
//! is done.
//! Commands without a session are carried out as often as they are in the log.
//!
//! Only so many sessions are kept, and whoever comes back after its session was closed must not be
//! taken for somebody new: a late copy of a command that was carried out before would be carried
//! out again. The dissertation names a session by the index of the entry that opened it, so no
//! name is ever given twice.
//! Here clients bring their numbers along, so that a scenario can be written in advance; in return
//! a number that is not above every one whose session was closed opens no session any more.

use super::client::Answer;
use super::entry::{Command, Entry, Key, Serial};
use crate::store::appended;
use alloc::collections::BTreeMap;
use core::num::NonZeroU32;
use serde::{Deserialize, Serialize};

/// How many sessions are kept; of more, the one that was used least recently is closed. Every
/// server closes the same one, since all of them go by the log.
pub(super) const SESSIONS_MOST: usize = 32;

/// What the commands that were applied have made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Machine {
    /// The variables that were set.
    pub variables: BTreeMap<Key, u32>,
    /// The sessions that are open.
    pub sessions: BTreeMap<NonZeroU32, Session>,
    /// The highest number of a client whose session was closed: nobody up to there opens another.
    pub closed: u32,
    /// How many commands changed a variable.
    pub changes: u64,
}

/// What is kept of a client.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// The number of its latest command that was carried out; 0: none yet.
    pub sequence: u32,
    /// Whether that was a swap which found another value than expected,
    pub failed: bool,
    /// and which.
    pub found: Option<u32>,
    /// The index of its latest entry.
    pub used: u64,
}

/// What came of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    /// What the client is told.
    pub(super) answer: Answer,
    /// Whether it had been carried out before.
    pub(super) duplicate: bool,
}

impl Machine {
    /// Applies the entry at `index`. With `again`, a command that was carried out before is
    /// carried out once more: that rule may be broken on purpose.
    pub(super) fn apply(&mut self, index: u64, entry: &Entry, again: bool) -> Outcome {
        match entry.serial {
            None => Outcome { answer: self.carry_out(index, entry.command), duplicate: false },
            Some(serial) => self.apply_once(index, serial, entry.command, again),
        }
    }

    fn apply_once(&mut self, index: u64, serial: Serial, command: Command, again: bool) -> Outcome {
        let no_session = Outcome { answer: Answer::NoSession, duplicate: false };
        let Some(session) = self.sessions.get_mut(&serial.client) else {
            return no_session;
        };
        session.used = index;
        let sequence = serial.sequence.get();
        let duplicate = sequence <= session.sequence;
        if duplicate && !again {
            // Only the latest answer is kept: a client asks for one thing at a time.
            let latest = sequence == session.sequence;
            let answer = if latest { session.answer() } else { Answer::NoSession };
            return Outcome { answer, duplicate };
        }
        let answer = self.carry_out(index, command);
        let failed = matches!(answer, Answer::Differs(_));
        let found = if let Answer::Differs(found) = answer { found } else { None };
        self.sessions.insert(serial.client, Session { sequence, failed, found, used: index });
        Outcome { answer, duplicate }
    }

    fn carry_out(&mut self, index: u64, command: Command) -> Answer {
        match command {
            Command::NoOp | Command::Configure(_) => Answer::Done,
            Command::Put { key, value } => self.set(key, value),
            Command::Swap { key, expected, value } => match self.value(key) {
                found if found == expected => self.set(key, value),
                found => Answer::Differs(found),
            },
            Command::Append { key, value } => match appended(self.value(key), value) {
                Some(longer) => self.set(key, longer),
                None => Answer::Differs(self.value(key)),
            },
            Command::Get { key } => Answer::Value(self.value(key)),
            Command::Register { client } => self.open(index, client),
        }
    }

    /// What a variable is; `None` if it was never set.
    #[must_use]
    pub fn value(&self, key: Key) -> Option<u32> {
        self.variables.get(&key).copied()
    }

    fn set(&mut self, key: Key, value: u32) -> Answer {
        self.variables.insert(key, value);
        self.changes += 1;
        Answer::Done
    }

    /// Opens a session; one that is open stays as it is, since its client may only be asking again.
    /// One that was closed is not opened again.
    fn open(&mut self, index: u64, client: NonZeroU32) -> Answer {
        if client.get() <= self.closed && !self.sessions.contains_key(&client) {
            return Answer::NoSession;
        }
        self.sessions.entry(client).or_default().used = index;
        if self.sessions.len() > SESSIONS_MOST {
            let least = self.sessions.iter().min_by_key(|(_, session)| session.used);
            let least = least.map(|(client, _)| *client);
            if let Some(least) = least {
                self.sessions.remove(&least);
                self.closed = self.closed.max(least.get());
            }
        }
        Answer::Done
    }

    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>()
            + self.variables.len() * size_of::<(Key, u32)>()
            + self.sessions.len() * size_of::<(NonZeroU32, Session)>()
    }
}

impl Session {
    fn answer(self) -> Answer {
        if self.failed { Answer::Differs(self.found) } else { Answer::Done }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{client, put, serial};
    use super::*;

    fn swap(expected: Option<u32>, value: u32) -> Command {
        Command::Swap { key: Key::sample(0), expected, value }
    }

    /// The answers to these commands, each the one of this number in the session of client 7.
    fn answers(commands: &[(u32, Command)], again: bool) -> (alloc::vec::Vec<Answer>, Machine) {
        let mut machine = Machine::default();
        machine.apply(1, &Entry::new(1, Command::Register { client: client(7) }), again);
        let mut index = 1;
        let answers = commands.iter().map(|(sequence, command)| {
            index += 1;
            let serial = Some(serial(7, *sequence));
            machine.apply(index, &Entry { term: 1, command: *command, serial }, again).answer
        });
        (answers.collect(), machine)
    }

    #[test]
    fn a_command_that_comes_twice_is_carried_out_once_and_answered_twice() {
        let twice = [(1, swap(None, 5)), (1, swap(None, 5)), (2, swap(Some(4), 6))];
        let (found, machine) = answers(&twice, false);
        assert_eq!(found, [Answer::Done, Answer::Done, Answer::Differs(Some(5))]);
        assert_eq!(machine.changes, 1);
        let (found, _) = answers(&[(2, swap(Some(4), 6)), (2, swap(None, 6))], false);
        assert_eq!(found, [Answer::Differs(None); 2], "the first answer counts");
        assert_eq!(answers(&twice, true).0[1], Answer::Differs(Some(5)), "with the rule broken");
    }

    #[test]
    fn an_older_command_than_the_latest_is_not_carried_out() {
        let put = |value| put(1, value).command;
        let (found, machine) = answers(&[(2, put(5)), (1, put(6))], false);
        assert_eq!(found, [Answer::Done, Answer::NoSession]);
        assert_eq!(machine.value(Key::sample(0)), Some(5));
    }

    #[test]
    fn without_a_session_nothing_is_carried_out_in_one() {
        let mut machine = Machine::default();
        let entry = Entry { serial: Some(serial(3, 1)), ..put(1, 9) };
        assert_eq!(machine.apply(1, &entry, false).answer, Answer::NoSession);
        assert_eq!(machine.changes, 0);
    }

    #[test]
    fn the_session_used_least_recently_is_closed() {
        let mut machine = Machine::default();
        let clients = (1..).map(client).zip(1..).take(SESSIONS_MOST);
        for (client, index) in clients {
            machine.apply(index, &Entry::new(1, Command::Register { client }), false);
        }
        machine.apply(100, &Entry::new(1, Command::Register { client: client(1) }), false);
        machine.apply(101, &Entry::new(1, Command::Register { client: client(99) }), false);
        assert_eq!(machine.sessions.len(), SESSIONS_MOST);
        assert!(machine.sessions.contains_key(&client(1)), "used again since");
        assert!(!machine.sessions.contains_key(&client(2)));
    }

    /// Else a copy of its command that was long on its way would find a session which knows
    /// nothing of it.
    #[test]
    fn a_session_that_was_closed_is_not_opened_again() {
        let mut machine = Machine::default();
        let mut apply = |index, command, serial| {
            machine.apply(index, &Entry { term: 1, command, serial }, false).answer
        };
        let register = |number| Command::Register { client: client(number) };
        let late = (put(1, 5).command, Some(serial(1, 1)));
        assert_eq!(apply(1, register(1), None), Answer::Done);
        assert_eq!(apply(2, late.0, late.1), Answer::Done);
        assert_eq!(apply(3, put(1, 6).command, None), Answer::Done);
        for (number, index) in (2..).zip(4..).take(SESSIONS_MOST) {
            assert_eq!(apply(index, register(number), None), Answer::Done);
        }
        assert_eq!(apply(90, register(1), None), Answer::NoSession);
        assert_eq!(apply(91, late.0, late.1), Answer::NoSession);
        assert_eq!(apply(92, register(2), None), Answer::Done, "that one is open");
        assert_eq!(apply(93, register(40), None), Answer::Done, "and this one is new");
        assert_eq!((machine.value(Key::sample(0)), machine.changes), (Some(6), 2));
    }
}
