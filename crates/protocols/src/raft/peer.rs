//! What a leader knows of one follower, and how it learns it (§5.3).
//!
//! A leader first **probes**: it does not know where the logs part, so it sends one append at a
//! time and steps back at each refusal. Once an append is accepted it **streams**: it sends ahead,
//! at most `window` appends beyond what is acknowledged.
//! Entries that are still unacknowledged after a whole heartbeat count as lost: it probes again.
//! So loss, duplication and reordering cost time, never more.

use super::log::Log;
use super::message::Conflict;
use faultline_kernel::Time;

/// What a leader knows of one follower.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Peer {
    /// The next entry to send.
    pub next_index: u64,
    /// The highest index known to be stored there.
    pub match_index: u64,
    /// Whether it is unknown where the logs part.
    pub probing: bool,
    /// Whether entries were already unacknowledged at the last heartbeat.
    pub overdue: bool,
    /// How many appends are on their way; an estimate, as replies may be lost.
    pub in_flight: u32,
    /// The index of the snapshot that is on its way, 0 if there is none.
    pub awaits: u64,
    /// The index of the snapshot of which it was sent a piece, 0 if there is none,
    pub sends: u64,
    /// and how many records of that it is known to have.
    pub stored: u32,
    /// The latest round that it returned.
    pub round: u64,
    /// When it was last heard of, by the leader's own clock.
    pub heard: Time,
}

impl Peer {
    /// A follower as a new leader sees it: `nextIndex` is one past the leader's last entry.
    pub(super) fn new(next_index: u64, now: Time) -> Self {
        Self {
            next_index,
            match_index: 0,
            probing: true,
            overdue: false,
            in_flight: 0,
            awaits: 0,
            sends: 0,
            stored: 0,
            round: 0,
            heard: now,
        }
    }

    /// Whether entries up to `last_index` may be sent now.
    pub(super) fn may_send(&self, last_index: u64, window: u32) -> bool {
        !self.probing
            && self.awaits == 0
            && self.in_flight < window
            && self.next_index <= last_index
    }

    /// Whether it needs entries that the log no longer has: those up to `before` are gone.
    pub(super) fn needs_snapshot(&self, before: u64) -> bool {
        self.awaits == 0 && self.next_index <= before
    }

    /// A snapshot up to `index` is on its way, or the next piece of it; of another than before,
    /// the first.
    pub(super) fn sends_snapshot(&mut self, index: u64) {
        if self.sends != index {
            self.stored = 0;
        }
        (self.awaits, self.sends) = (index, index);
        self.overdue = false;
    }

    /// In answer to the piece after `offset` records the follower says that it has `stored` of the
    /// snapshot up to `index`. Returns whether that answers what was sent last: then the next
    /// piece is the one after these, whether the follower has more now, or has lost what it had.
    pub(super) fn has_stored(&mut self, index: u64, offset: u32, stored: u32) -> bool {
        if self.awaits != index || self.stored != offset {
            return false;
        }
        self.stored = stored;
        self.awaits = 0;
        self.overdue = false;
        true
    }

    /// Entries up to `index` are on their way.
    pub(super) fn sent(&mut self, index: u64) {
        self.next_index = index + 1;
        self.in_flight += 1;
    }

    /// The follower stores the leader's log up to `match_index`. Returns whether that is news.
    pub(super) fn accepted(&mut self, match_index: u64) -> bool {
        if match_index < self.match_index.max(self.awaits) {
            return false;
        }
        (self.awaits, self.sends) = (0, 0);
        let news = match_index > self.match_index;
        self.match_index = match_index;
        self.next_index = match self.probing {
            true => match_index + 1,
            false => self.next_index.max(match_index + 1),
        };
        self.probing = false;
        if news {
            self.overdue = false;
            self.in_flight = self.in_flight.saturating_sub(1);
        }
        if !self.has_outstanding() {
            self.in_flight = 0;
        }
        news
    }

    /// The follower refused the append after `prev_log_index`; `retry` is the next to try.
    /// Returns whether that is news.
    ///
    /// A refusal from below what is acknowledged was overtaken on its way, and so was one that
    /// answers another append than the probe. A refusal of exactly what is acknowledged means that
    /// the follower lost its disk: believing it can only make the leader count less.
    pub(super) fn refused(&mut self, prev_log_index: u64, retry: u64) -> bool {
        let overtaken = prev_log_index < self.match_index;
        let not_the_probe = self.probing && prev_log_index + 1 != self.next_index;
        if overtaken || not_the_probe || self.awaits > 0 {
            return false;
        }
        let lowest = match prev_log_index == self.match_index {
            true => 1,
            false => self.match_index + 1,
        };
        self.next_index = retry.min(prev_log_index).max(lowest);
        self.match_index = self.match_index.min(self.next_index - 1);
        self.probe();
        true
    }

    /// A heartbeat is due: what has been on its way since the last one counts as lost.
    pub(super) fn beat(&mut self) {
        let outstanding = self.has_outstanding() || self.awaits > 0;
        if self.overdue && self.awaits > 0 {
            self.awaits = 0;
            self.overdue = false;
        } else if outstanding && self.overdue {
            self.next_index = self.match_index + 1;
            self.probe();
        } else {
            self.overdue = outstanding;
        }
    }

    /// The index that a heartbeat builds on; where the log does not reach back so far, its very
    /// beginning, which is the same everywhere.
    pub(super) fn base(&self, before: u64) -> u64 {
        let base = match self.probing {
            true => self.next_index - 1,
            false => self.match_index,
        };
        if base < before { 0 } else { base }
    }

    fn probe(&mut self) {
        self.probing = true;
        self.overdue = false;
        self.in_flight = 0;
    }

    fn has_outstanding(&self) -> bool {
        !self.probing && self.next_index > self.match_index + 1
    }
}

/// Where to try next after a refusal (end of §5.3).
///
/// If the leader has entries of the conflicting term, the logs can part only after the last of
/// them; otherwise the follower's whole term is skipped.
pub(super) fn index_to_retry(log: &Log, prev_log_index: u64, conflict: Conflict) -> u64 {
    let Some(term) = conflict.term else {
        return conflict.index;
    };
    let after_term = log.first_index_of(term.saturating_add(1)).min(prev_log_index);
    match log.term_at(after_term.saturating_sub(1)) {
        Some(found) if found == term => after_term,
        _ => conflict.index,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::log_of;
    use super::*;

    fn streaming(match_index: u64, next_index: u64) -> Peer {
        Peer {
            next_index,
            match_index,
            probing: false,
            overdue: false,
            in_flight: u32::from(next_index > match_index + 1),
            ..Peer::new(next_index, Time::ZERO)
        }
    }

    #[test]
    fn a_stale_acknowledgement_is_ignored() {
        let mut peer = streaming(7, 9);
        let before = peer.clone();
        assert!(!peer.accepted(5));
        assert_eq!(peer, before);
    }

    #[test]
    fn a_refusal_that_was_overtaken_is_ignored() {
        let mut peer = streaming(7, 9);
        let before = peer.clone();
        assert!(!peer.refused(6, 3));
        assert_eq!(peer, before);
    }

    #[test]
    fn a_refusal_of_another_append_than_the_probe_is_ignored() {
        let mut peer = Peer::new(9, Time::ZERO);
        assert!(peer.refused(8, 4));
        assert!(!peer.refused(8, 4), "the same refusal, twice");
        assert_eq!((peer.next_index, peer.probing), (4, true));
    }

    #[test]
    fn a_follower_that_lost_its_disk_is_repaired_from_the_start() {
        let mut peer = streaming(7, 8);
        assert!(peer.refused(7, 1));
        assert_eq!((peer.next_index, peer.match_index, peer.probing), (1, 0, true));
    }

    #[test]
    fn entries_unacknowledged_for_a_whole_heartbeat_are_sent_again() {
        let mut peer = streaming(7, 9);
        peer.beat();
        assert_eq!((peer.base(0), peer.probing), (7, false));
        peer.beat();
        assert_eq!((peer.base(0), peer.probing), (7, true));
        assert!(!peer.accepted(7), "nothing new is stored,");
        assert!(peer.may_send(8, 1), "but the place is known and the stream goes on");
        assert_eq!(peer.next_index, 8);
    }

    #[test]
    fn a_full_window_waits_for_an_acknowledgement() {
        let mut peer = streaming(0, 1);
        peer.sent(2);
        peer.sent(4);
        assert!(!peer.may_send(9, 2));
        assert!(peer.accepted(2));
        assert!(peer.may_send(9, 2));
    }

    #[test]
    fn a_whole_term_is_skipped_at_each_refusal() {
        let leader = log_of(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]);
        let conflict = |term, index| Conflict { term, index };
        let retry = |prev, conflict| index_to_retry(&leader, prev, conflict);
        assert_eq!(retry(10, conflict(None, 5)), 5, "too short");
        assert_eq!(retry(10, conflict(Some(3), 7)), 7, "a term the leader never saw");
        assert_eq!(retry(10, conflict(Some(4), 4)), 6, "a term it has: after its last");
        assert_eq!(retry(3, conflict(Some(4), 2)), 2, "its own entries of it come later");
    }

    #[test]
    fn a_follower_that_is_sent_a_snapshot_gets_nothing_else_until_it_has_it() {
        let mut peer = Peer::new(9, Time::ZERO);
        assert!(peer.refused(8, 3));
        assert!(peer.needs_snapshot(5));
        peer.sends_snapshot(5);
        assert!(!peer.needs_snapshot(5) && !peer.may_send(9, 1));
        assert_eq!(peer.base(5), 0, "a heartbeat claims nothing");
        assert!(!peer.accepted(0) && !peer.refused(2, 1));
        assert!(peer.accepted(5));
        assert!(peer.may_send(9, 1));
        assert_eq!(peer.next_index, 6);
    }

    #[test]
    fn an_answer_to_another_chunk_than_the_last_is_ignored() {
        let mut peer = Peer::new(3, Time::ZERO);
        peer.sends_snapshot(5);
        assert!(peer.has_stored(5, 0, 2));
        peer.sends_snapshot(5);
        let before = peer.clone();
        assert!(!peer.has_stored(5, 0, 2), "the same answer, twice");
        assert!(!peer.has_stored(4, 2, 3), "of a snapshot that is gone");
        assert_eq!(peer, before);
        assert!(peer.has_stored(5, 2, 0), "it has lost what it had");
        assert_eq!((peer.stored, peer.needs_snapshot(5)), (0, true));
    }

    #[test]
    fn a_newer_snapshot_is_sent_from_its_beginning_and_the_same_one_from_where_it_is() {
        let mut peer = Peer::new(3, Time::ZERO);
        peer.sends_snapshot(5);
        assert!(peer.has_stored(5, 0, 2));
        peer.sends_snapshot(5);
        peer.beat();
        peer.beat();
        assert!(peer.needs_snapshot(5), "the chunk is lost,");
        peer.sends_snapshot(5);
        assert_eq!(peer.stored, 2, "and only that");
        peer.sends_snapshot(8);
        assert_eq!(peer.stored, 0);
        assert!(peer.has_stored(8, 0, 2) && peer.accepted(8));
        peer.sends_snapshot(8);
        assert_eq!(peer.stored, 0, "it was whole, and is needed once more");
    }

    #[test]
    fn a_snapshot_unacknowledged_for_a_whole_heartbeat_is_sent_again() {
        let mut peer = Peer::new(3, Time::ZERO);
        peer.sends_snapshot(5);
        peer.beat();
        assert!(!peer.needs_snapshot(5));
        peer.beat();
        assert!(peer.needs_snapshot(5));
    }
}
