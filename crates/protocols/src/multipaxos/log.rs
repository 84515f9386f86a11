//! The log as one server has it: slots counted from 1.

use crate::ballot::Ballot;
use crate::store::Command;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::SharedLog;

/// A command in a ballot: what a leader proposes for a slot there and acceptors accept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vote {
    /// In which ballot.
    pub ballot: Ballot,
    /// For which command.
    pub command: Command,
}

/// Some votes on their way, for one slot after the other; copies share them.
pub type Votes = Rc<[Vote]>;

/// Three stretches, each right after the one before.
///
/// First the slots that are forgotten: what was chosen there is in the variables. Then those known
/// to be chosen. At last the open ones: in some the server has accepted something, others are
/// holes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Log {
    /// The last slot that is forgotten; 0 if none is.
    collected: u64,
    chosen: SharedLog<Vote>,
    /// At most [`OPEN_MOST`]; the last one is never a hole.
    open: Vec<Option<Vote>>,
}

/// How many slots after the chosen ones a server has anything to do with. One that is further
/// behind has to catch up first.
pub(super) const OPEN_MOST: u64 = 64;

impl Log {
    /// The last slot that is forgotten; 0 if none is.
    #[must_use]
    pub fn collected(&self) -> u64 {
        self.collected
    }

    /// The last slot of those that are known to be chosen from the first on without a gap.
    #[must_use]
    pub fn chosen(&self) -> u64 {
        self.collected + self.chosen.len() as u64
    }

    /// The last slot of which it knows anything.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.chosen() + self.open.len() as u64
    }

    /// How many chosen slots are kept.
    pub(super) fn kept(&self) -> u64 {
        self.chosen.len() as u64
    }

    /// What was accepted or chosen in a slot, if it is known here.
    #[must_use]
    pub fn vote(&self, slot: u64) -> Option<Vote> {
        let place = place(slot.checked_sub(self.collected + 1)?);
        match place.checked_sub(self.chosen.len()) {
            None => self.chosen.get(place).copied(),
            Some(place) => self.open.get(place).copied().flatten(),
        }
    }

    /// What was accepted in slots that are not known to be chosen.
    pub(super) fn accepted(&self) -> impl Iterator<Item = (u64, Vote)> + '_ {
        let slots = (self.chosen() + 1..).zip(&self.open);
        slots.filter_map(|(slot, vote)| Some((slot, (*vote)?)))
    }

    /// Whether a slot is open, and not too far ahead.
    fn has_room(&self, slot: u64) -> bool {
        (self.chosen() + 1..=self.chosen() + OPEN_MOST).contains(&slot)
    }

    /// Puts a vote into an open slot; `false` if the slot is not open or too far ahead.
    pub(super) fn accept(&mut self, slot: u64, vote: Vote) -> bool {
        if !self.has_room(slot) {
            return false;
        }
        let place = place(slot - self.chosen() - 1);
        if self.open.len() <= place {
            self.open.resize(place + 1, None);
        }
        self.open[place] = Some(vote);
        true
    }

    /// Takes in what was chosen, from slot `first` on: what is new and leaves no gap.
    pub(super) fn choose(&mut self, first: u64, votes: &[Vote]) {
        let Some(known) = (self.chosen() + 1).checked_sub(first) else { return };
        let news = votes.get(place(known)..).unwrap_or_default();
        news.iter().for_each(|vote| self.chosen.push(*vote));
        self.open.drain(..news.len().min(self.open.len()));
    }

    /// Forgets every slot up to `upto`, which were chosen.
    pub(super) fn collect(&mut self, upto: u64) {
        let open = place(upto.saturating_sub(self.chosen())).min(self.open.len());
        self.open.drain(..open);
        let gone = place(upto.saturating_sub(self.collected));
        self.chosen = self.chosen.iter_from(gone.min(self.chosen.len())).copied().collect();
        self.collected = self.collected.max(upto);
    }

    /// At most `most` votes that were chosen, from slot `first` on.
    pub(super) fn votes(&self, first: u64, most: usize) -> Votes {
        let start = place(first.saturating_sub(self.collected + 1));
        let start = start.min(self.chosen.len());
        self.chosen.iter_from(start).take(most).copied().collect()
    }

    /// Bytes that a copy of it does not share with it.
    pub(super) fn weight(&self) -> usize {
        self.chosen.weight().0 + self.open.capacity() * size_of::<Option<Vote>>()
    }
}

/// A distance as a place in memory.
fn place(distance: u64) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::testing::vote;
    use super::*;

    fn log(chosen: u32) -> Log {
        let mut log = Log::default();
        let votes: Vec<Vote> = (1..=chosen).map(|value| vote(1, value)).collect();
        log.choose(1, &votes);
        log
    }

    #[test]
    fn a_slot_is_chosen_open_or_a_hole() {
        let mut log = log(2);
        assert!(log.accept(4, vote(2, 4)));
        assert_eq!([log.collected(), log.chosen(), log.last()], [0, 2, 4]);
        let known = [1, 2, 3, 4, 5].map(|slot| log.vote(slot));
        assert_eq!(known, [Some(vote(1, 1)), Some(vote(1, 2)), None, Some(vote(2, 4)), None]);
        assert!(!log.accept(2, vote(3, 9)), "what is chosen stays");
        assert!(!log.accept(3 + OPEN_MOST, vote(3, 9)), "too far ahead");
        assert!(log.accept(2 + OPEN_MOST, vote(3, 9)));
    }

    #[test]
    fn what_is_chosen_is_taken_without_gaps_and_only_once() {
        let mut log = log(2);
        log.accept(3, vote(2, 30));
        log.accept(5, vote(2, 50));
        log.choose(4, &[vote(3, 4)]);
        assert_eq!(log.chosen(), 2, "slot 3 is missing");
        log.choose(2, &[vote(9, 9), vote(3, 3), vote(3, 4)]);
        assert_eq!((log.chosen(), log.last()), (4, 5));
        let known = [2, 3, 4, 5].map(|slot| log.vote(slot));
        assert_eq!(known, [vote(1, 2), vote(3, 3), vote(3, 4), vote(2, 50)].map(Some));
    }

    #[test]
    fn collected_slots_are_gone_and_the_others_keep_their_numbers() {
        let mut log = log(3);
        log.accept(5, vote(2, 5));
        log.collect(2);
        assert_eq!([log.collected(), log.chosen(), log.last(), log.kept()], [2, 3, 5, 1]);
        assert_eq!([log.vote(2), log.vote(3)], [None, Some(vote(1, 3))]);
        assert_eq!(&*log.votes(3, 8), [vote(1, 3)]);
        log.collect(4);
        assert_eq!([log.collected(), log.chosen(), log.last()], [4, 4, 5]);
        assert_eq!(log.vote(5), Some(vote(2, 5)), "what is open stays");
        assert_eq!(log.votes(5, 8).len(), 0);
    }
}
