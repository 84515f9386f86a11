//! What happened: an append-only list in which every event names the event that caused it.

use crate::clients::Clients;
pub use crate::record::{EventKind, Mark, NO_EVENT, Record, Why};
use faultline_kernel::{Digest, Note, SharedLog, Time, Value};

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
    use faultline_kernel::NodeId;

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
