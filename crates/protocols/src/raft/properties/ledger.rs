//! What the committed entries should have made, told by the rules of sessions alone.
//!
//! But for how digits are appended, this account shares no code with the state machine that it is
//! held against, and it never forgets what a client has had carried out: a command that is carried
//! out twice shows whatever became of its session in between (diss. §6.3).

use crate::raft::machine::SESSIONS_MOST;
use crate::raft::{Command, Entry, Key, Machine, Serial};
use crate::store::appended;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::num::NonZeroU32;
use faultline_kernel::Digest;

/// The account.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// What the variables should be.
    pub(super) variables: BTreeMap<Key, u32>,
    /// How many changes of variables there should have been.
    pub(super) changes: u64,
    /// What [`sum`] says of the variables.
    pub(super) sum: u64,
    /// The sessions that should be open, the one used longest ago first.
    open: Vec<NonZeroU32>,
    /// No number up to here opens a session any more.
    closed: u32,
    /// The latest command of each client that was ever carried out.
    latest: BTreeMap<NonZeroU32, NonZeroU32>,
}

impl Ledger {
    /// The account of a run that begins with what a snapshot holds.
    pub(super) fn after(machine: &Machine) -> Self {
        let mut ledger = Self {
            variables: machine.variables.clone(),
            changes: machine.changes,
            sum: sum(&machine.variables),
            closed: machine.closed,
            ..Self::default()
        };
        for (client, session) in &machine.sessions {
            let before = |open: &NonZeroU32| machine.sessions[open].used <= session.used;
            ledger.open.insert(ledger.open.partition_point(before), *client);
            if let Some(sequence) = NonZeroU32::new(session.sequence) {
                ledger.latest.insert(*client, sequence);
            }
        }
        ledger
    }

    /// The next entry is committed.
    pub(super) fn enter(&mut self, entry: Entry) {
        match (entry.command, entry.serial) {
            (Command::Register { client }, _) => self.register(client),
            (command, None) => self.carry_out(command),
            (command, Some(Serial { client, sequence })) => {
                let done = self.latest.get(&client).is_some_and(|latest| sequence <= *latest);
                if self.touch(client) && !done {
                    self.latest.insert(client, sequence);
                    self.carry_out(command);
                }
            }
        }
    }

    fn register(&mut self, client: NonZeroU32) {
        if self.touch(client) || client.get() <= self.closed {
            return;
        }
        self.open.push(client);
        if self.open.len() > SESSIONS_MOST {
            let gone = self.open.remove(0);
            self.closed = self.closed.max(gone.get());
        }
    }

    /// A session is used, if it is open.
    fn touch(&mut self, client: NonZeroU32) -> bool {
        let Some(place) = self.open.iter().position(|open| *open == client) else {
            return false;
        };
        self.open[place..].rotate_left(1);
        true
    }

    fn carry_out(&mut self, command: Command) {
        let changed = match command {
            Command::Put { key, value } => Some((key, value)),
            Command::Swap { key, expected, value } => {
                (self.variables.get(&key).copied() == expected).then_some((key, value))
            }
            Command::Append { key, value } => {
                appended(self.variables.get(&key).copied(), value).map(|longer| (key, longer))
            }
            Command::NoOp
            | Command::Get { .. }
            | Command::Register { .. }
            | Command::Configure(_) => None,
        };
        let Some((key, value)) = changed else { return };
        self.changes += 1;
        self.sum = self.sum.wrapping_add(term(key, value));
        if let Some(before) = self.variables.insert(key, value) {
            self.sum = self.sum.wrapping_sub(term(key, before));
        }
    }

    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.variables.len() * size_of::<(Key, u32)>()
            + self.open.capacity() * size_of::<NonZeroU32>()
            + self.latest.len() * size_of::<(NonZeroU32, NonZeroU32)>()
    }
}

/// One number for what all variables are, which an account keeps up as each of them changes.
pub(super) fn sum(variables: &BTreeMap<Key, u32>) -> u64 {
    let terms = variables.iter().map(|(key, value)| term(*key, *value));
    terms.fold(0, u64::wrapping_add)
}

fn term(key: Key, value: u32) -> u64 {
    let mut digest = Digest::default();
    digest.word(u64::from(u32::from(char::from(key))));
    digest.word(value.into());
    digest.value()
}
