//! Keys, timestamps, and the versions of what is stored.

use crate::ballot::Decree;
use alloc::collections::BTreeMap;
use core::fmt;
use faultline_kernel::{Digest, Label, NodeId, Span, Time, Value};
use serde::{Deserialize, Serialize, Serializer};

/// The most keys there are: what a database grows to.
pub(super) const KEYS_MAX: u16 = 1_024;

/// A key. The first ones are called a to z, the others k26, k27, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(try_from = "Decree")]
pub struct Key(pub u16);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u8::try_from(self.0) {
            Ok(letter) if letter < 26 => write!(f, "{}", char::from(b'a' + letter)),
            _ => write!(f, "k{}", self.0),
        }
    }
}

impl Key {
    /// Its name.
    #[must_use]
    pub fn label(self) -> Label {
        Label::format(format_args!("{self}"))
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        Self::Label(key.label())
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<Decree> for Key {
    type Error = &'static str;

    fn try_from(name: Decree) -> Result<Self, Self::Error> {
        let label = name.label();
        let key = match label.as_str().as_bytes() {
            [letter @ b'a'..=b'z'] => Some(Self(u16::from(letter - b'a'))),
            _ => {
                label.as_str().strip_prefix('k').and_then(|digits| Some(Self(digits.parse().ok()?)))
            }
        };
        let sound = |key: &Self| key.0 < KEYS_MAX && key.label() == label;
        key.filter(sound).ok_or("a key is a letter, a to z, or k26, k27, … up to k1023")
    }
}

/// When and where a version was written: "a globally unique timestamp" (§1.1).
///
/// Ordered by time first, then by site, so no two are equal and everybody agrees which is newer.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// What the clock of that site showed.
    #[serde(rename = "at_us")]
    pub time: Time,
    /// Which site.
    pub by: NodeId,
    /// When it was awakened last, for a death certificate; otherwise nothing (§2.2).
    #[serde(rename = "awake_us", default, skip_serializing_if = "is_zero")]
    pub awake: Time,
}

fn is_zero(time: &Time) -> bool {
    *time == Time::ZERO
}

impl Stamp {
    /// Older than every other: no version at all.
    pub const NONE: Self = Self { time: Time::ZERO, by: NodeId(0), awake: Time::ZERO };

    /// Whether it stamps an older version than this one, not only a sleepier certificate.
    pub(super) fn is_before(self, other: Self) -> bool {
        (self.time, self.by) < (other.time, other.by)
    }
}

/// One version of what a key has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// When and where it was written.
    pub stamp: Stamp,
    /// What was written; nothing in a death certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decree>,
}

/// What a site has.
pub type Store = BTreeMap<Key, Item>;

impl Item {
    /// Whether it says that the key was deleted.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        self.value.is_none()
    }

    /// How long ago a certificate began to spread, by a clock that shows `now`.
    pub(super) fn age(&self, now: Time) -> Span {
        now.since(self.stamp.time.max(self.stamp.awake))
    }

    /// Takes it into a digest. A timestamp stands for its version.
    pub(super) fn digest(&self, key: Key, digest: &mut Digest) {
        let Stamp { time, by, awake } = self.stamp;
        let words = [u64::from(key.0), time.0, u64::from(by.0), awake.0];
        words.into_iter().for_each(|word| digest.word(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let read = |name: &str| Key::try_from(Decree::new(name).expect("short")).ok();
        for key in [0, 25, 26, 1_023].map(Key) {
            assert_eq!(read(key.label().as_str()), Some(key));
        }
        assert_eq!([Key(2).label(), Key(26).label()], [Label::new("c"), Label::new("k26")]);
        for bad in ["A", "k25", "k026", "k1024", "kk", "ab"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
