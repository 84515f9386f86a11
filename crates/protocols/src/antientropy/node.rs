//! What a site remembers, and what it keeps through a crash.

use super::item::{Item, Key, Store};
use crate::ballot::Decree;
use faultline_kernel::TimerName;
use serde::{Deserialize, Serialize};

/// Memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Node {
    /// What it has, and compares.
    pub items: Store,
    /// Death certificates that sleep here: no part of any comparison.
    pub asleep: Store,
    /// How many bytes it has sent since it started.
    pub sent: u64,
}

/// What survives a crash: everything it has.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// What it has, certificates that sleep included.
    pub items: Store,
    /// How often it was written: so judges see at once that nothing changed.
    #[serde(skip)]
    pub revision: u32,
}

/// One change to the disk: a version comes, or a certificate goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// Of which key.
    pub key: Key,
    /// What it has from now on.
    pub item: Option<Item>,
}

impl Disk {
    pub(super) fn write(&mut self, write: Write) {
        self.revision = self.revision.wrapping_add(1);
        match write.item {
            Some(item) => self.items.insert(write.key, item),
            None => self.items.remove(&write.key),
        };
    }
}

/// The only timer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next exchange.
    Round,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        0
    }

    fn from_key(_key: u32) -> Self {
        Self::Round
    }

    fn kind(self) -> u8 {
        0
    }
}

/// What a client asks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Request {
    /// Write a value.
    Put {
        /// Under which key.
        put: Key,
        /// Which.
        value: Decree,
    },
    /// Delete what is there.
    Delete {
        /// Under which key.
        delete: Key,
    },
}

impl Request {
    /// Two values for one of four keys, then its deletion, then the next key.
    pub(super) fn sample(count: u32) -> Self {
        // One of four, so it fits.
        let key = Key((count / 3 % 4) as u16);
        match count % 3 {
            2 => Self::Delete { delete: key },
            _ => Self::Put { put: key, value: Decree::sample(count) },
        }
    }
}

/// What a client is told. The numbers are the places in [`super::show::ABOUT`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Answer {
    /// It is written here.
    Written = 0,
    /// It is deleted here.
    Deleted = 1,
    /// There is no such key.
    NoKey = 2,
}
