//! One event: 24 bytes that say what happened, when, where and because of what.

use faultline_kernel::{NodeId, Time};

/// Stands for "no event" as a cause, and for "no node".
pub const NO_EVENT: u32 = u32::MAX;

/// What kind of thing happened. Part of the format of logs: never renumber.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum EventKind {
    /// A node started.
    Boot = 0,
    /// A message reached its receiver. `other` sent it; caused by the sending.
    Deliver = 1,
    /// A timer ran out; caused by the event that set it.
    Timer = 2,
    /// A client asked.
    Request = 3,
    /// A write became durable; caused by the event that began it.
    Saved = 4,
    /// A message was sent to `other`.
    Send = 5,
    /// A message of `node` to `other` was lost; caused by its sending.
    Lost = 6,
    /// A client was answered; `other` is the request.
    Answer = 7,
    /// A node remarked on what it does; `other` is the note.
    Note = 8,
    /// A message was sent a second time by the network; caused by its sending.
    Duplicate = 9,
    /// Somebody intervened; `other` is the input.
    Input = 10,
    /// Somebody intervened in vain: there was nothing to act on; `other` is the input.
    InVain = 11,
    /// A property stopped to hold; `other` is the note with its place and second witness.
    Broken = 12,
}

/// Why a message was lost. Part of the format of logs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Why {
    /// Bad luck: the network loses some.
    Chance = 0,
    /// The link was cut when it was sent.
    Cut = 1,
    /// The link was cut while it was on its way.
    CutLater = 2,
    /// The receiver was down.
    Down = 3,
    /// Somebody took it away.
    Taken = 4,
}

/// How much an event stands out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Mark {
    /// Not at all.
    None = 0,
    /// A remark of weight [`faultline_kernel::Weight::Stirs`].
    Stirs = 1,
    /// A remark of weight [`faultline_kernel::Weight::Settles`].
    Settles = 2,
    /// A remark of weight [`faultline_kernel::Weight::Leads`].
    Leads = 3,
    /// An intervention.
    Act = 4,
    /// A property that broke.
    Broken = 5,
}

/// One event, in 24 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// When.
    pub time: Time,
    /// The event that caused it, or [`NO_EVENT`].
    pub cause: u32,
    /// Where, or [`NO_EVENT`] if not at a node.
    pub node: u32,
    /// The other node, the note, the request or the input: see [`EventKind`].
    pub other: u32,
    pub(crate) kind: EventKind,
    flags: u8,
    detail: u16,
}

const BEGINS: u8 = 1;
const MARK_SHIFT: u8 = 1;
const WHY_SHIFT: u8 = 4;

impl Record {
    /// An event at a node.
    #[must_use]
    pub fn new(kind: EventKind, time: Time, cause: u32, node: NodeId, other: u32) -> Self {
        Self { time, cause, node: node.0, other, kind, flags: 0, detail: 0 }
    }

    pub(crate) fn begins_step(mut self) -> Self {
        self.flags |= BEGINS;
        self
    }

    pub(crate) fn of_kind(mut self, which: u8) -> Self {
        self.detail |= u16::from(which);
        self
    }

    pub(crate) fn marked(mut self, mark: Mark) -> Self {
        self.flags |= (mark as u8) << MARK_SHIFT;
        self
    }

    /// Lost for this reason, so far along its way (in 255ths).
    pub(crate) fn lost(mut self, why: Why, way: u8) -> Self {
        self.flags |= (why as u8) << WHY_SHIFT;
        self.detail |= u16::from(way) << 8;
        self
    }

    /// What kind of thing happened.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Whether it begins a step, or follows from one at once.
    #[must_use]
    pub fn begins(&self) -> bool {
        self.flags & BEGINS != 0
    }

    /// Which kind of message, timer, answer, remark or property it is about.
    #[must_use]
    pub fn which(&self) -> u8 {
        self.detail.to_le_bytes()[0]
    }

    /// For a lost message: how far it had come, in 255ths of its way.
    #[must_use]
    pub fn way(&self) -> u8 {
        self.detail.to_le_bytes()[1]
    }

    /// How much it stands out.
    #[must_use]
    pub fn mark(&self) -> Mark {
        match (self.flags >> MARK_SHIFT) & 7 {
            1 => Mark::Stirs,
            2 => Mark::Settles,
            3 => Mark::Leads,
            4 => Mark::Act,
            5 => Mark::Broken,
            _ => Mark::None,
        }
    }

    /// For a lost message: why.
    #[must_use]
    pub fn why(&self) -> Why {
        match self.flags >> WHY_SHIFT {
            1 => Why::Cut,
            2 => Why::CutLater,
            3 => Why::Down,
            4 => Why::Taken,
            _ => Why::Chance,
        }
    }

    /// The node it happened at, if it happened at one.
    #[must_use]
    pub fn at(&self) -> Option<NodeId> {
        (self.node != NO_EVENT).then_some(NodeId(self.node))
    }

    /// Its cause, if it has one.
    #[must_use]
    pub fn caused_by(&self) -> Option<u32> {
        (self.cause != NO_EVENT).then_some(self.cause)
    }

    /// The canonical form: 24 bytes, little-endian, the same on every machine.
    #[must_use]
    pub fn bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.time.0.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.cause.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.node.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.other.to_le_bytes());
        bytes[20] = self.kind as u8;
        bytes[21] = self.flags;
        bytes[22..].copy_from_slice(&self.detail.to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_takes_24_bytes_and_keeps_what_it_is_told() {
        assert_eq!(size_of::<Record>(), 24);
        let record = Record::new(EventKind::Lost, Time(5), 3, NodeId(1), 2)
            .of_kind(7)
            .marked(Mark::Act)
            .lost(Why::Taken, 128)
            .begins_step();
        assert_eq!((record.which(), record.way(), record.why()), (7, 128, Why::Taken));
        assert_eq!((record.mark(), record.begins()), (Mark::Act, true));
        assert_eq!(record.bytes()[..8], 5_u64.to_le_bytes());
    }
}
