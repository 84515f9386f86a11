//! What a site remembers, and what it keeps through a crash.

use faultline_kernel::{Time, TimerName};
use serde::{Deserialize, Serialize};

/// Where a site stands (Demers §1.4, after the theory of epidemics).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It does not know the rumour.
    Susceptible,
    /// It knows the rumour and spreads it.
    Infective,
    /// It knows the rumour and has lost interest in it.
    Removed,
}

/// What happened to a site at one moment, as far as others that happen at the same moment depend
/// on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// Nothing that matters.
    Nothing,
    /// It heard of the rumour: whoever tells it at the same moment told it something new, and it
    /// tells nobody before the next one.
    Learned,
    /// A contact of it was useless.
    Useless,
    /// A contact of it was useful, so the useless ones of the same moment do not count.
    Useful,
}

/// Memory, in four bytes, so that a million sites fit anywhere.
///
/// From the lowest bit: the state (2), the mark (2), whether a client told it (1), the count of
/// useless contacts in a row (5), and the moment of the mark (22). Of that moment only the last
/// microseconds are kept: the mark is wiped in the next round, and no two moments within a round
/// end alike.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Node(u32);

const STATE: u32 = 0b11;
const MARK_AT: u32 = 2;
const MARK: u32 = 0b11 << MARK_AT;
const ORIGIN: u32 = 1 << 4;
const COUNT_AT: u32 = 5;
const COUNT: u32 = 0b1_1111 << COUNT_AT;
const MOMENT_AT: u32 = 10;

/// How far useless contacts are counted.
pub(super) const COUNT_MAX: u32 = COUNT >> COUNT_AT;

impl Node {
    /// A site in this state, to which nothing has happened yet.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self(state as u32)
    }

    /// Where it stands.
    #[inline]
    #[must_use]
    pub fn state(self) -> State {
        match self.0 & STATE {
            0 => State::Susceptible,
            1 => State::Infective,
            _ => State::Removed,
        }
    }

    /// The same as a number, and without a look at which.
    #[inline]
    #[must_use]
    pub(super) fn role(self) -> u8 {
        (self.0 & STATE) as u8
    }

    /// Whether it spreads the rumour.
    #[inline]
    #[must_use]
    pub fn is_infective(self) -> bool {
        self.0 & STATE == State::Infective as u32
    }

    /// How many contacts in a row were useless (in a blind epidemic: how many rounds it spread).
    #[inline]
    #[must_use]
    pub fn count(self) -> u32 {
        (self.0 & COUNT) >> COUNT_AT
    }

    /// Whether a client told it.
    #[inline]
    #[must_use]
    pub fn is_origin(self) -> bool {
        self.0 & ORIGIN != 0
    }

    /// What happened to it at this very moment.
    #[inline]
    #[must_use]
    pub fn mark_at(self, now: Time) -> Mark {
        match (self.0 & MARK) >> MARK_AT {
            _ if self.0 >> MOMENT_AT != moment(now) >> MOMENT_AT => Mark::Nothing,
            0 => Mark::Nothing,
            1 => Mark::Learned,
            2 => Mark::Useless,
            _ => Mark::Useful,
        }
    }

    /// Whether this and nothing else happened to it at this very moment.
    #[inline]
    #[must_use]
    pub(super) fn is_marked(self, mark: Mark, now: Time) -> bool {
        self.0 & !(STATE | ORIGIN | COUNT) == (mark as u32) << MARK_AT | moment(now)
    }

    #[inline]
    pub(super) fn mark(&mut self, mark: Mark, now: Time) {
        self.0 = self.0 & (STATE | ORIGIN | COUNT) | (mark as u32) << MARK_AT | moment(now);
    }

    #[inline]
    pub(super) fn set_state(&mut self, state: State) {
        self.0 = self.0 & !STATE | state as u32;
    }

    /// Counts up to [`COUNT_MAX`].
    #[inline]
    pub(super) fn set_count(&mut self, count: u32) {
        self.0 = self.0 & !COUNT | count.min(COUNT_MAX) << COUNT_AT;
    }

    /// Counts one more, up to [`COUNT_MAX`].
    #[inline]
    pub(super) fn count_one(&mut self) {
        self.0 += u32::from(self.0 & COUNT != COUNT) << COUNT_AT;
    }

    pub(super) fn set_origin(&mut self) {
        self.0 |= ORIGIN;
    }
}

/// The last 22 bits of a moment, in their place.
#[inline]
fn moment(now: Time) -> u32 {
    // Only the lowest bits are wanted.
    (now.0 as u32) << MOMENT_AT
}

/// What survives a crash: the rumour itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// Whether the rumour is there.
    pub knows: bool,
}

/// The one change to the disk: the rumour is written down.
#[derive(Clone, Copy, Debug)]
pub struct Write;

/// The only timer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The next round.
    Round,
}

impl TimerName for Timer {
    #[inline]
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

/// What a client asks: that the rumour be spread.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {}

/// What a client is told. The numbers are the places in [`super::show::ABOUT`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Answer {
    /// The rumour is new here, and will be spread.
    Spreading = 0,
    /// It was known here already.
    Known = 1,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_takes_four_bytes_and_its_disk_one() {
        assert_eq!([size_of::<Node>(), size_of::<Disk>()], [4, 1]);
        assert_eq!(size_of::<super::super::Message>(), 1);
    }

    #[test]
    fn no_part_of_a_site_touches_another() {
        let mut node = Node::new(State::Infective);
        let now = Time(0xffff_ffff_ffff);
        node.set_count(COUNT_MAX + 1);
        node.mark(Mark::Useful, now);
        assert_eq!((node.state(), node.count()), (State::Infective, COUNT_MAX));
        assert!(!node.is_origin());
        node.set_origin();
        node.set_state(State::Removed);
        node.set_count(3);
        assert_eq!((node.state(), node.count()), (State::Removed, 3));
        assert_eq!(node.mark_at(now), Mark::Useful);
        assert!(node.is_origin());
        assert_eq!(node.mark_at(Time(now.0 + 1)), Mark::Nothing);
        node.mark(Mark::Learned, Time(1));
        assert_eq!((node.mark_at(Time(1)), node.mark_at(now)), (Mark::Learned, Mark::Nothing));
        assert!(node.is_origin());
    }
}
