//! What sites say to one another.

use super::item::{Item, Key, Stamp};
use alloc::vec::Vec;

/// The messages. Each can be understood alone: nobody remembers an exchange that has begun.
///
/// ```text
/// by lists
///
/// the site that begins                   its partner
///  │── Stamps { every key } ──────────────►│  compares
///  │◄── Items { newer here, wanted } ──────│  nothing differs: silence
///  │── Items { wanted } ──────────────────►│
///
/// by digests
///
///  │── Digests { of everything } ─────────►│  equal: silence
///  │◄── Digests { of each part } ──────────│
///  │── Digests { of parts that differ } ──►│
///  │              …                        │  down to single keys
///  │◄── Stamps { keys under what differs }─│
///  │── Items { newer here, wanted } ──────►│
///  │◄── Items { wanted } ──────────────────│
/// ```
///
/// `back` says whether it goes to the site that began.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Compare these parts of the tree with yours.
    Digests {
        /// Whether the receiver began the exchange.
        back: bool,
        /// How far down the tree.
        level: u32,
        /// Each part by its place on that level, and its digest.
        digests: Vec<(u32, u64)>,
    },
    /// Compare these keys with yours.
    Stamps {
        /// Whether the receiver began the exchange.
        back: bool,
        /// Whether keys that are not named are not there either.
        whole: bool,
        /// In the order of keys; [`Stamp::NONE`] for one that is not there.
        stamps: Vec<(Key, Stamp)>,
    },
    /// Here are newer versions, and send me those of yours.
    Items {
        /// Whether the receiver began the exchange.
        back: bool,
        /// What is newer at the sender.
        items: Vec<(Key, Item)>,
        /// What is newer at the receiver.
        wanted: Vec<Key>,
    },
}

/// What a message takes on the wire, in bytes: its head, and the parts of an entry.
const HEAD: usize = 4;
const KEY: usize = 2;
const PLACE: usize = 2;
const DIGEST: usize = 8;
const STAMP: usize = 12;
const AWAKE: usize = 8;

impl Message {
    /// Its place in [`super::show::ABOUT`].
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Digests { back, .. } => u8::from(*back),
            Self::Stamps { back, .. } => 2 + u8::from(*back),
            Self::Items { back, items, .. } if items.is_empty() => 6 + u8::from(*back),
            Self::Items { back, .. } => 4 + u8::from(*back),
        }
    }

    /// How many bytes it would take on the wire.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let bytes = HEAD
            + match self {
                Self::Digests { digests, .. } => digests.len() * (PLACE + DIGEST),
                Self::Stamps { stamps, .. } => stamps.len() * (KEY + STAMP),
                Self::Items { items, wanted, .. } => {
                    let size = |(_, item): &(Key, Item)| KEY + STAMP + content(item);
                    items.iter().map(size).sum::<usize>() + wanted.len() * KEY
                }
            };
        bytes as u64
    }

    /// How many digests, timestamps or versions it carries.
    pub(super) fn entries(&self) -> u64 {
        let entries = match self {
            Self::Digests { digests, .. } => digests.len(),
            Self::Stamps { stamps, .. } => stamps.len(),
            Self::Items { items, .. } => items.len(),
        };
        entries as u64
    }
}

/// The length of a value and the value; when a certificate was awakened.
fn content(item: &Item) -> usize {
    item.value.map_or(AWAKE, |value| 1 + value.label().as_str().len())
}
