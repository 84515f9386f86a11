//! What the variables are after each chosen slot, as the judges work it out by themselves.
//!
//! It is reckoned from what the disks of acceptors chose, by an account of commands of its own: the
//! room's variables are held against it.

use super::slots::Slots;
use crate::store::{Command, Key, Operation, Store, appended};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;

/// The variables after some slots in a row.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    /// The slot after which the first of them stand.
    first: u64,
    accounts: Rc<VecDeque<Rc<Account>>>,
    /// Two commands were chosen for one slot, or one is not known: it is no longer clear what the
    /// variables are.
    torn: bool,
}

/// The variables after one slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    variables: BTreeMap<Key, u32>,
    /// The number of the last request of each client.
    serials: BTreeMap<u32, u32>,
    /// How often a variable was set.
    writes: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        let accounts = Rc::new(VecDeque::from([Rc::default()]));
        Self { first: 0, accounts, torn: false }
    }
}

impl Ledger {
    /// The last slot that it has got to.
    fn last(&self) -> u64 {
        self.first + self.accounts.len() as u64 - 1
    }

    /// Reckons on, as far as the slots are chosen without a gap.
    pub(super) fn go_on(&mut self, slots: &Slots) {
        while let Some(command) = slots.chosen(self.last() + 1) {
            let accounts = Rc::make_mut(&mut self.accounts);
            let mut account = accounts.back().map(|last| Account::clone(last)).unwrap_or_default();
            account.take(command);
            accounts.push_back(Rc::new(account));
        }
    }

    /// The variables after a slot, if they are known and clear.
    pub(super) fn after(&self, slot: u64) -> Option<&Account> {
        let place = slot.checked_sub(self.first).filter(|_| !self.torn)?;
        self.accounts.get(usize::try_from(place).ok()?).map(|account| &**account)
    }

    /// Whether a variable was this after that slot, or has been since; or it is not clear.
    pub(super) fn was_since(&self, slot: u64, key: Key, value: Option<u32>) -> bool {
        let gone = usize::try_from(slot.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let mut since = self.accounts.iter().skip(gone);
        self.torn || since.any(|account| account.variables.get(&key).copied() == value)
    }

    /// Two commands were chosen for one slot.
    pub(super) fn tear(&mut self) {
        self.torn = true;
    }

    /// Nobody will ask for what was before this slot.
    pub(super) fn settle(&mut self, upto: u64) {
        self.torn |= upto > self.last();
        let gone = upto.min(self.last()).saturating_sub(self.first);
        Rc::make_mut(&mut self.accounts).drain(..usize::try_from(gone).unwrap_or(usize::MAX));
        self.first += gone;
    }

    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        self.accounts.len() * size_of::<Account>()
    }
}

impl Account {
    /// A command takes effect, unless its client asked for it or for a later one before.
    fn take(&mut self, command: Command) {
        if let Some(session) = command.session {
            let last = self.serials.get(&session.client);
            if last.is_some_and(|last| session.serial <= *last) {
                return;
            }
            self.serials.insert(session.client, session.serial);
        }
        match command.operation {
            Operation::NoOp | Operation::Get { .. } => {}
            Operation::Put { key, value } => self.set(key, value),
            Operation::Append { key, value } => {
                if let Some(longer) = appended(self.variables.get(&key).copied(), value) {
                    self.set(key, longer);
                }
            }
            Operation::Swap { key, expected, value } => {
                if self.variables.get(&key).copied() == expected {
                    self.set(key, value);
                }
            }
        }
    }

    fn set(&mut self, key: Key, value: u32) {
        self.variables.insert(key, value);
        self.writes += 1;
    }

    /// Whether the variables of a server are these, and were set as often.
    pub(super) fn agrees(&self, store: &Store) -> bool {
        let variables = self.variables.iter().map(|(key, value)| (*key, *value));
        self.writes == store.writes() && variables.eq(store.variables())
    }
}
