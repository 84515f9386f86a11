//! A crowd on its way to a slice: it plays, and paints what it played, a stretch at a time.

use super::pictures::{Picture, Sketch};
use super::{Crowd, Going};
use faultline_sim::swarm::Slice;

/// Painting so many nodes takes as long as handling one message.
const PAINTED_AT_ONCE: u64 = 16;
/// What a slice costs in which nothing happens.
const SLICE_COST: u64 = 100;

/// What is known of how the swarm looks after the slice that it played last.
pub(super) enum Look {
    /// Nothing.
    Unseen,
    /// A part of it.
    Sketched(Sketch),
    /// All of it.
    Seen(Picture),
}

impl Crowd {
    /// Goes on with what is on its way, for about so many messages and timers. `true` while there
    /// is more.
    pub fn work(&mut self, budget: u64) -> bool {
        let mut left = budget;
        while let Some(goal) = self.goal {
            if self.arrive(goal) || left == 0 {
                break;
            }
            left = left.saturating_sub(self.go_on(goal, left));
        }
        self.pending()
    }

    /// Shows a slice, if there is a picture of it.
    fn arrive(&mut self, goal: u32) -> bool {
        let seen = match &self.look {
            Look::Seen(picture) if self.headcount.played() == goal + 1 => Some(picture),
            _ => None,
        };
        let Some(picture) = self.pictures.get(goal).or(seen).cloned() else { return false };
        self.cursor = goal;
        self.shown = Some(picture);
        self.goal = None;
        self.revision += 1;
        self.playing = self.playing && !self.ended();
        true
    }

    /// Paints what was played, or plays on: what it cost.
    fn go_on(&mut self, goal: u32, left: u64) -> u64 {
        if let Look::Sketched(sketch) = &mut self.look {
            let nodes = left.saturating_mul(PAINTED_AT_ONCE);
            let Some(picture) = sketch.go_on(&*self.headcount.swarm, nodes) else { return left };
            self.take_down(picture);
            return u64::from(self.headcount.count()) / PAINTED_AT_ONCE;
        }
        if matches!(self.look, Look::Unseen) && self.wants_to_see(goal) {
            self.look = Look::Sketched(Sketch::default());
            return 0;
        }
        self.play_on(goal, left)
    }

    /// Whether a picture of the slice that was played last is needed: it is asked for, or new.
    fn wants_to_see(&self, goal: u32) -> bool {
        let last = self.headcount.played().checked_sub(1);
        last.is_some_and(|last| last == goal || last as usize == self.known.len())
    }

    /// A slice is played and painted: it is known from now on.
    fn take_down(&mut self, picture: Picture) {
        let number = self.headcount.played() - 1;
        if self.known.len() == number as usize {
            self.known.push(self.headcount.slices()[number as usize]);
            self.pictures.keep(number, &picture);
        }
        // However far it has to go, there is something to be seen from the beginning.
        if self.shown.is_none() && number == self.cursor {
            self.shown = Some(picture.clone());
        }
        self.look = Look::Seen(picture);
        self.whole |= self.headcount.is_over();
        self.revision += 1;
    }

    fn play_on(&mut self, goal: u32, left: u64) -> u64 {
        if self.headcount.played() > goal {
            self.begin_anew();
        }
        match self.headcount.go_on(left) {
            Going::On => left,
            Going::Counted => {
                self.look = Look::Unseen;
                let counted = self.headcount.slices().last().copied();
                let Slice { deliveries, timers, .. } = counted.unwrap_or_default();
                u64::from(deliveries) + u64::from(timers) + SLICE_COST
            }
            Going::Over => {
                self.whole = true;
                self.goal = Some(self.end().min(goal));
                0
            }
        }
    }
}
