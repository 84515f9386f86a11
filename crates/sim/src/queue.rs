//! What is to come, in one order that depends on nothing but itself.

use faultline_kernel::{NodeId, Time};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// What waits in the queue. The order of equal times and receivers: part of the format.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(crate) enum Due {
    /// A node starts.
    Boot = 0,
    /// A write to disk is done.
    Disk = 1,
    /// A message arrives, or is lost on its way.
    Message = 2,
    /// A timer runs out.
    Timer = 3,
    /// A client asks.
    Request = 4,
}

/// Ordered by time, receiver, kind, sender, time of sending, ordinal: never by a global counter,
/// so that an intervention elsewhere reorders nothing here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) time: Time,
    /// Receiver (24 bits), kind (8), sender (24) or timer (32).
    who: u64,
    /// Time of sending (48 bits), ordinal (15), copy (1); or the epoch of a disk.
    tail: u64,
    /// Where the rest of it lies.
    pub(crate) slot: u32,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |entry: &Self| (entry.time, entry.who, entry.tail, entry.slot);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    /// What the heap asks at every level. Times nearly always differ: then one comparison decides.
    fn le(&self, other: &Self) -> bool {
        if self.time != other.time {
            return self.time < other.time;
        }
        if self.who != other.who {
            return self.who < other.who;
        }
        (self.tail, self.slot) <= (other.tail, other.slot)
    }

    fn ge(&self, other: &Self) -> bool {
        other <= self
    }
}

impl Entry {
    pub(crate) fn new(due: Due, time: Time, node: NodeId, about: u32, tail: u64) -> Self {
        let who = u64::from(node.0) << 40 | (due as u64) << 32 | u64::from(about);
        Self { time, who, tail, slot: 0 }
    }

    pub(crate) fn message(time: Time, to: NodeId, from: NodeId, tail: u64, slot: u32) -> Self {
        Self { slot, ..Self::new(Due::Message, time, to, from.0, tail) }
    }

    pub(crate) fn at(self, time: Time) -> Self {
        Self { time, ..self }
    }

    pub(crate) fn due(self) -> Due {
        match (self.who >> 32) & 0xff {
            0 => Due::Boot,
            1 => Due::Disk,
            2 => Due::Message,
            3 => Due::Timer,
            _ => Due::Request,
        }
    }

    pub(crate) fn node(self) -> NodeId {
        NodeId(u32::try_from(self.who >> 40).expect("24 bits"))
    }

    pub(crate) fn is_message(self, slot: u32) -> bool {
        self.due() == Due::Message && self.slot == slot
    }

    /// The timer's key or the request's number.
    pub(crate) fn about(self) -> u32 {
        u32::try_from(self.who & 0xffff_ffff).expect("32 bits")
    }

    pub(crate) fn tail(self) -> u64 {
        self.tail
    }
}

/// A heap of small keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Reverse<Entry>>,
}

impl Queue {
    pub(crate) fn push(&mut self, entry: Entry) {
        self.heap.push(Reverse(entry));
    }

    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(crate) fn pop(&mut self) -> Option<Entry> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    pub(crate) fn peek(&self) -> Option<&Entry> {
        self.heap.peek().map(|Reverse(entry)| entry)
    }

    /// Takes out the entry of this message.
    pub(crate) fn remove_message(&mut self, slot: u32) {
        self.heap.retain(|Reverse(entry)| !entry.is_message(slot));
    }

    pub(crate) fn weight(&self) -> usize {
        self.heap.capacity() * size_of::<Entry>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_go_by_receiver_kind_sender_and_sending() {
        let time = Time(9);
        let ordered = [
            Entry::new(Due::Boot, Time(8), NodeId(5), 0, 0),
            Entry::new(Due::Disk, time, NodeId(0), 0, 0),
            Entry::message(time, NodeId(0), NodeId(1), 4 << 16, 7),
            Entry::message(time, NodeId(0), NodeId(1), 5 << 16, 3),
            Entry::message(time, NodeId(0), NodeId(2), 0, 1),
            Entry::new(Due::Timer, time, NodeId(0), 0, 0),
            Entry::new(Due::Disk, time, NodeId(1), 0, 0),
        ];
        let mut queue = Queue::default();
        for index in [3, 6, 0, 5, 1, 4, 2] {
            queue.push(ordered[index]);
        }
        let popped: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(popped, ordered);
        assert_eq!((popped[2].node(), popped[2].due()), (NodeId(0), Due::Message));
    }
}
