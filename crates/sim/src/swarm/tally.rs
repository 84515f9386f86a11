//! What a swarm says of itself instead of a log: counts per slice of time.

use faultline_kernel::{Span, Time};
use std::cmp::Ordering;

/// How many slices are kept; a run that would need more ends there, and says so.
pub const SLICES_MOST: usize = 100_000;
/// How many roles are counted.
pub const ROLES_MOST: usize = 8;
/// How many kinds of messages are counted.
pub const KINDS_MOST: usize = 32;

/// What happened in a slice of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slice {
    /// Messages that nodes sent.
    pub sends: u32,
    /// Messages that the network doubled.
    pub copies: u32,
    /// Messages that arrived.
    pub deliveries: u32,
    /// Messages that were lost: by chance, at a cut, or because their receiver was down.
    pub losses: u32,
    /// Timers that ran out.
    pub timers: u32,
    /// How many of the nodes that are up play each role, when the slice ends.
    pub roles: [u32; ROLES_MOST],
    /// How many nodes took up each role in it, by what they did.
    pub taken: [u32; ROLES_MOST],
}

/// All slices of a run, and the one that is open.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    width: Span,
    /// The open slice; what is in `slices` under its number, a loss to come, is added in the end.
    pub(super) open: Slice,
    place: usize,
    slices: Vec<Slice>,
    /// How often each kind of message was sent. Sends are counted here alone, and so at half the
    /// cost: a slice has what was added while it was open.
    pub(super) said: [u64; KINDS_MOST],
    /// The sum of `said` when the open slice began.
    said_before: u64,
}

impl Tally {
    pub(super) fn new(width: Span) -> Self {
        let width = Span(width.0.max(1));
        let (slices, said) = (Vec::new(), [0; KINDS_MOST]);
        Self { width, open: Slice::default(), place: 0, slices, said, said_before: 0 }
    }

    /// Which slice a moment belongs to: each has its end, and not its beginning.
    fn place(&self, time: Time) -> usize {
        let place = time.0.saturating_sub(1) / self.width.0;
        usize::try_from(place).unwrap_or(usize::MAX)
    }

    /// Time goes on to `now`. `false` if there are no more slices to be had.
    #[inline]
    pub(super) fn reach(&mut self, now: Time) -> bool {
        let place = self.place(now);
        place == self.place || self.turn(place)
    }

    #[cold]
    fn turn(&mut self, place: usize) -> bool {
        if place >= SLICES_MOST {
            return false;
        }
        self.make(place);
        let (open, roles) = (Slice { sends: self.sends(), ..self.open }, self.open.roles);
        self.said_before += u64::from(open.sends);
        let slice = &mut self.slices[self.place];
        // Losses to come are there already.
        *slice = Slice { losses: slice.losses + open.losses, ..open };
        for between in &mut self.slices[self.place + 1..place] {
            between.roles = roles;
        }
        self.open = Slice { roles, ..Slice::default() };
        self.place = place;
        true
    }

    /// How many messages were sent in the open slice.
    fn sends(&self) -> u32 {
        let sends = self.said.iter().sum::<u64>() - self.said_before;
        u32::try_from(sends).unwrap_or(u32::MAX)
    }

    fn make(&mut self, place: usize) {
        if self.slices.len() <= place {
            self.slices.resize(place + 1, Slice::default());
        }
    }

    /// A message that is lost half-way, at a time to come.
    pub(super) fn lost_at(&mut self, time: Time) {
        let place = self.place(time);
        if place == self.place {
            self.open.losses += 1;
        } else if place < SLICES_MOST {
            self.make(place);
            self.slices[place].losses += 1;
        }
    }

    /// Every slice so far, the open one last.
    pub(super) fn slices(&self) -> Vec<Slice> {
        (0..=self.place).map(|place| self.slice(place)).collect()
    }

    /// One of them, which may still be open or come later: then nothing has happened in it.
    pub(super) fn slice(&self, place: usize) -> Slice {
        let counted = self.slices.get(place).copied().unwrap_or_default();
        match place.cmp(&self.place) {
            Ordering::Less => counted,
            Ordering::Equal => {
                let losses = self.open.losses + counted.losses;
                Slice { sends: self.sends(), losses, ..self.open }
            }
            Ordering::Greater => Slice { roles: self.open.roles, ..counted },
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.slices.capacity() * size_of::<Slice>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_to_come_is_counted_when_it_comes() {
        let mut tally = Tally::new(Span(10));
        tally.said[1] = 3;
        tally.lost_at(Time(10));
        tally.lost_at(Time(25));
        assert_eq!(tally.slices().len(), 1);
        assert!(tally.reach(Time(10)), "a slice has its end");
        assert_eq!(tally.slices().len(), 1);
        assert!(tally.reach(Time(21)));
        tally.open.losses += 1;
        let slices = tally.slices();
        let counts: Vec<_> = slices.iter().map(|slice| (slice.sends, slice.losses)).collect();
        assert_eq!(counts, [(3, 1), (0, 0), (0, 2)]);
        assert!(!tally.reach(Time(u64::MAX)));
    }
}
