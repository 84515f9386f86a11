//! The timers of a swarm: four bytes for each node, and a map for what does not fit there.

use super::ring::Ring;
use crate::queue::{Due, Entry, Queue};
use faultline_kernel::{NodeId, Time};
use std::collections::BTreeMap;

/// No timer is set.
const NONE: u32 = u32::MAX;
/// It stands in the map.
const ELSEWHERE: u32 = u32::MAX - 1;
/// What is further ahead stands in the map, so that the low half of a deadline tells it apart from
/// every other that can lie in the ring at the same time.
const NEAR: u64 = 1 << 31;

/// Which timers are set. Each time one is set it is queued; what is queued for another time than
/// the one that stands here is stale.
pub(super) struct Timers {
    /// For each node the low half of when its timer with the key 0 runs out.
    first: Vec<u32>,
    /// All other timers that are set, by node and key.
    others: BTreeMap<(NodeId, u32), Time>,
}

impl Timers {
    pub(super) fn new(nodes: u32) -> Self {
        Self { first: vec![NONE; nodes as usize], others: BTreeMap::new() }
    }

    /// Sets a timer and queues it.
    #[inline(always)]
    pub(super) fn set<M>(
        &mut self,
        ring: &mut Ring<M>,
        agenda: &mut Queue,
        (node, key): (NodeId, u32),
        now: Time,
        deadline: Time,
    ) {
        let low = low(deadline);
        if key == 0 {
            let slot = &mut self.first[node.index()];
            // Where nothing stands elsewhere the slot is not read: it may be far away in memory.
            if !self.others.is_empty() && *slot == ELSEWHERE {
                self.others.remove(&(node, 0));
            }
            if low < ELSEWHERE && deadline.since(now).0 < NEAR {
                *slot = low;
                return ring.push_alarm(deadline, node);
            }
            *slot = ELSEWHERE;
        }
        self.others.insert((node, key), deadline);
        agenda.push(Entry::new(Due::Timer, deadline, node, key, 0));
    }

    pub(super) fn cancel(&mut self, node: NodeId, key: u32) {
        if key == 0 {
            let slot = std::mem::replace(&mut self.first[node.index()], NONE);
            if slot != ELSEWHERE {
                return;
            }
        }
        self.others.remove(&(node, key));
    }

    /// Whether a node's first timer is set.
    #[inline]
    pub(super) fn is_set(&self, node: NodeId) -> bool {
        self.first[node.index()] != NONE
    }

    /// Whether the node's timer in the ring really runs out now; then it is no longer set.
    #[inline]
    pub(super) fn runs_out(&mut self, node: NodeId, now: Time) -> bool {
        let slot = &mut self.first[node.index()];
        let due = *slot == low(now) && *slot < ELSEWHERE;
        if due {
            *slot = NONE;
        }
        due
    }

    /// The same for one in the map.
    pub(super) fn other_runs_out(&mut self, node: NodeId, key: u32, now: Time) -> bool {
        let due = self.others.get(&(node, key)) == Some(&now);
        if due {
            self.cancel(node, key);
        }
        due
    }

    /// It runs out while its node stands still: it is kept for when the node goes on.
    pub(super) fn keep(&mut self, node: NodeId, now: Time) {
        if self.runs_out(node, now) {
            self.first[node.index()] = ELSEWHERE;
            self.others.insert((node, 0), now);
        }
    }

    /// All timers of a node that are set, with their keys; they no longer are.
    pub(super) fn take(&mut self, node: NodeId, now: Time) -> Vec<(u32, Time)> {
        let mut taken = Vec::new();
        let slot = std::mem::replace(&mut self.first[node.index()], NONE);
        if slot < ELSEWHERE {
            // Not more than NEAR ahead, and none in the ring is overdue.
            let ahead = slot.wrapping_sub(low(now));
            taken.push((0, Time(now.0 + u64::from(ahead))));
        }
        let range = (node, 0)..=(node, u32::MAX);
        taken.extend(self.others.range(range).map(|((_, key), deadline)| (*key, *deadline)));
        for (key, _) in &taken {
            self.others.remove(&(node, *key));
        }
        taken
    }

    pub(super) fn bytes(&self) -> usize {
        let other = size_of::<((NodeId, u32), Time)>();
        self.first.capacity() * size_of::<u32>() + self.others.len() * other
    }
}

/// Only the low half is wanted.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "as said")]
fn low(time: Time) -> u32 {
    time.0 as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: NodeId = NodeId(1);

    /// When it runs out, by ring and agenda.
    fn played(timers: &mut Timers, ring: &mut Ring<u8>, agenda: &mut Queue) -> Vec<(u32, u64)> {
        let mut fired = Vec::new();
        while let Some(now) = ring.next(Time(u64::MAX)) {
            let (mut bucket, mut due) = (ring.take(now), Vec::new());
            while ring.alarms.take_chunk(&mut bucket.alarms, &mut due) {}
            let out = due.into_iter().filter(|due| timers.runs_out(due.node(), now)).count();
            fired.extend((0..out).map(|_| (0, now.0)));
        }
        while let Some(entry) = agenda.pop() {
            if timers.other_runs_out(entry.node(), entry.about(), entry.time) {
                fired.push((entry.about(), entry.time.0));
            }
        }
        fired
    }

    #[test]
    fn a_timer_set_again_runs_out_once_however_far_ahead() {
        let ends = [10, 5, 1 << 31, (1 << 32) + 10, u64::from(NONE), u64::from(ELSEWHERE), 70];
        for (place, last) in ends.iter().enumerate() {
            let (mut timers, mut ring) = (Timers::new(2), Ring::new());
            let mut agenda = Queue::default();
            for end in ends[..place].iter().chain([last]) {
                let at = Time(*end);
                timers.set(&mut ring, &mut agenda, (NODE, 0), Time::ZERO, at);
                timers.set(&mut ring, &mut agenda, (NODE, 3), Time::ZERO, at);
            }
            let fired = played(&mut timers, &mut ring, &mut agenda);
            assert!(fired.contains(&(0, *last)) && fired.contains(&(3, *last)), "{fired:?}");
            assert_eq!(fired.len(), 2, "{fired:?}");
        }
    }

    #[test]
    fn what_is_taken_or_cancelled_runs_out_no_more() {
        let (mut timers, mut ring, mut agenda) = (Timers::new(2), Ring::new(), Queue::default());
        for (key, end) in [(0, 7), (2, 9)] {
            timers.set(&mut ring, &mut agenda, (NODE, key), Time(3), Time(end));
        }
        assert_eq!(timers.take(NODE, Time(4)), [(0, Time(7)), (2, Time(9))]);
        timers.set(&mut ring, &mut agenda, (NODE, 0), Time(4), Time(1 << 40));
        timers.cancel(NODE, 0);
        assert_eq!(played(&mut timers, &mut ring, &mut agenda), []);
        assert_eq!(timers.take(NODE, Time(4)), []);
    }
}
