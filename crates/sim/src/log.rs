//! What happened: an append-only list in which every event names the event that caused it.

use crate::clients::Clients;
use faultline_kernel::{Digest, NodeId, Note, SharedLog, Time, Value};

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
    kind: EventKind,
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

/// A log: the events, and beside them the notes they point to.
#[derive(Clone, Debug, Default)]
pub struct Log {
    records: SharedLog<Record, 1024>,
    notes: SharedLog<Note, 256>,
    /// The check values after every so many events: the next one is folded on from there.
    digests: SharedLog<Digest>,
    /// What clients asked and were told, if somebody judges it; no part of the bytes.
    pub(crate) clients: Clients,
}

/// How many events lie between two check values that are kept.
const DIGEST_STRIDE: u32 = 4_096;

impl Log {
    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.records.len()).expect("a run stops long before")
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The event of this number.
    #[must_use]
    pub fn get(&self, event: u32) -> Option<&Record> {
        self.records.get(event as usize)
    }

    /// The events from `start` on.
    pub fn iter_from(&self, start: u32) -> impl Iterator<Item = &Record> + '_ {
        self.records.iter_from(start as usize)
    }

    /// The note that an event points to, if its kind has one.
    #[must_use]
    pub fn note(&self, record: &Record) -> Option<&Note> {
        match record.kind {
            EventKind::Note | EventKind::Request | EventKind::Broken => {
                self.notes.get(record.other as usize)
            }
            _ => None,
        }
    }

    /// How many events happened up to and at `time`.
    #[must_use]
    pub fn count_until(&self, time: Time) -> u32 {
        self.partition(|record| record.time <= time)
    }

    /// How many events come first, as long as `first` holds of them; it must not hold again later.
    fn partition(&self, first: impl Fn(&Record) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Where the step that holds event `event` begins.
    #[must_use]
    pub fn step_begin(&self, event: u32) -> u32 {
        let mut begin = event.min(self.len().saturating_sub(1));
        while begin > 0 && !self.get(begin).is_none_or(Record::begins) {
            begin -= 1;
        }
        begin
    }

    /// Just after the step that holds event `event`.
    #[must_use]
    pub fn step_end(&self, event: u32) -> u32 {
        let mut end = event.saturating_add(1).min(self.len());
        while self.get(end).is_some_and(|record| !record.begins()) {
            end += 1;
        }
        end
    }

    pub(crate) fn push(&mut self, record: Record) {
        self.records.push(record);
        let length = self.len();
        if length.is_multiple_of(DIGEST_STRIDE) {
            let digest = self.digest_after(length);
            self.digests.push(digest);
        }
    }

    pub(crate) fn push_note(&mut self, note: Note) -> u32 {
        let index = u32::try_from(self.notes.len()).expect("fewer than events");
        self.notes.push(note);
        index
    }

    /// Forgets everything from event `length` on.
    pub(crate) fn truncate(&mut self, length: u32) {
        self.clients.truncate(length);
        let first_note = self
            .iter_from(length)
            .find(|record| self.note(record).is_some())
            .map(|record| record.other as usize);
        if let Some(first_note) = first_note {
            self.notes.truncate(first_note);
        }
        self.records.truncate(length as usize);
        self.digests.truncate((length / DIGEST_STRIDE) as usize);
    }

    /// A check value of the first `events` events and their notes.
    #[must_use]
    pub fn digest(&self, events: u32) -> u64 {
        self.digest_after(events.min(self.len())).value()
    }

    /// Folds on from the last check value that is kept.
    fn digest_after(&self, events: u32) -> Digest {
        let kept = (events / DIGEST_STRIDE).min(u32::try_from(self.digests.len()).unwrap_or(0));
        let last = kept.checked_sub(1).and_then(|last| self.digests.get(last as usize));
        let mut digest = last.copied().unwrap_or_default();
        let start = kept * DIGEST_STRIDE;
        for record in self.iter_from(start).take((events - start) as usize) {
            for word in record.bytes().chunks_exact(8) {
                digest.word(u64::from_le_bytes(word.try_into().expect("eight bytes")));
            }
            if let Some(note) = self.note(record) {
                note.digest(&mut digest);
            }
        }
        digest
    }

    /// Bytes of memory.
    #[must_use]
    pub fn weight(&self) -> usize {
        let (records, shared_records) = self.records.weight();
        let (notes, shared_notes) = self.notes.weight();
        records + shared_records + notes + shared_notes
    }
}

/// A note that carries what does not fit a record.
pub(crate) fn aside(args: &[Value]) -> Note {
    Note::new(u8::MAX, args)
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

    #[test]
    fn a_check_value_is_the_same_whether_it_was_kept_on_the_way_or_not() {
        let event = |log: &mut Log, number: u32| {
            let index = log.push_note(aside(&[number.into()]));
            log.push(Record::new(EventKind::Note, Time(u64::from(number)), 0, NodeId(0), index));
        };
        let mut log = Log::default();
        (0..3 * DIGEST_STRIDE + 7).for_each(|number| event(&mut log, number));
        let plain = Log { digests: SharedLog::default(), ..log.clone() };
        let some = [0, 1, DIGEST_STRIDE - 1, DIGEST_STRIDE, DIGEST_STRIDE + 1, log.len(), u32::MAX];
        for events in some {
            assert_eq!(log.digest(events), plain.digest(events), "{events}");
        }
        let whole = log.digest(log.len());
        log.truncate(2 * DIGEST_STRIDE);
        (2 * DIGEST_STRIDE..3 * DIGEST_STRIDE + 7).for_each(|number| event(&mut log, number));
        assert_eq!(log.digest(log.len()), whole);
    }

    #[test]
    fn truncating_forgets_the_notes_too() {
        let mut log = Log::default();
        for number in 0..5_u32 {
            let index = log.push_note(aside(&[number.into()]));
            log.push(Record::new(EventKind::Note, Time(1), 0, NodeId(0), index));
            log.push(Record::new(EventKind::Send, Time(1), 0, NodeId(0), 1));
        }
        let before = log.digest(4);
        log.truncate(4);
        assert_eq!((log.len(), log.notes.len()), (4, 2));
        assert_eq!(log.digest(4), before);
    }
}
