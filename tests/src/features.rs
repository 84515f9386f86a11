//! What of Raft's larger features really happened in runs under chaos.

use faultline_kernel::{Note, Value};
use faultline_lab::Recording;
use faultline_sim::{EventKind, Record};
use std::collections::BTreeMap;
use std::fmt;

/// How often each thing happened, by its name.
#[derive(Clone, Debug)]
pub(crate) struct Features(BTreeMap<&'static str, u64>);

/// What must have happened, and the remark that tells of it.
const REMARKS: [(&str, &str); 19] = [
    ("snapshots taken", "takes-snapshot"),
    ("snapshots installed", "installs-snapshot"),
    ("chunks of snapshots kept", "keeps-chunk"),
    ("transfers of snapshots that began again", "goes-back"),
    ("parts of snapshots thrown away", "discards-chunks"),
    ("duplicates suppressed", "skips-duplicate"),
    ("reads after a round", "asks-to-read"),
    ("questions before standing", "asks-first"),
    ("elections after such a question", "stands-encouraged"),
    ("refusals because a leader is heard", "would-not-leader"),
    ("candidates not listened to", "pays-no-heed"),
    ("leaders without a majority", "loses-touch"),
    ("elections on a leader's word", "stands-told"),
    ("changes refused while one is open", "has-open-change"),
    ("changes refused as too early", "is-too-early"),
    ("leaders that left the group", "leaves"),
    ("newcomers that caught up", "has-caught-up"),
    ("newcomers that were silent", "is-silent"),
    ("changes refused while one catches up", "waits-for-newcomers"),
];

const CHANGES: &str = "changes of the group committed";
const TRANSFERS: &str = "transfers done";
const READS: &str = "reads served";

impl Default for Features {
    fn default() -> Self {
        let names = REMARKS.map(|(name, _)| name).into_iter().chain([CHANGES, TRANSFERS, READS]);
        Self(names.map(|name| (name, 0)).collect())
    }
}

impl Features {
    /// Counts one run.
    pub(crate) fn of(recording: &Recording) -> Self {
        let mut features = Self::default();
        let mut asked = BTreeMap::new();
        for record in recording.log().iter_from(0) {
            match record.kind() {
                EventKind::Note => {
                    let id = recording.about().notes[usize::from(record.which())].id;
                    let known = REMARKS.iter().find(|(_, remark)| *remark == id);
                    known.into_iter().for_each(|(name, _)| features.count(name));
                }
                EventKind::Request => {
                    let note = recording.log().note(record).expect("a request has a note");
                    asked.extend(request(note));
                }
                EventKind::Answer => features.answer(recording, &asked, record),
                _ => {}
            }
        }
        features
    }

    fn answer(&mut self, recording: &Recording, asked: &BTreeMap<u64, String>, record: &Record) {
        let answer = recording.about().answers[usize::from(record.which())];
        let Some(label) = asked.get(&u64::from(record.other)).filter(|_| answer.done) else {
            return;
        };
        match label.chars().next() {
            Some('+' | '−') => self.count(CHANGES),
            Some('→') => self.count(TRANSFERS),
            _ if label.ends_with('?') => self.count(READS),
            _ => {}
        }
    }

    fn count(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }

    /// Takes the counts of other runs in.
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    /// What never happened, though it should have.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        self.0.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect()
    }
}

/// The number of a request, and what it asks.
fn request(note: &Note) -> Option<(u64, String)> {
    match (note.args[0], note.args[1]) {
        (Value::Number(number), Value::Label(label)) => Some((number, label.to_string())),
        _ => None,
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<String> =
            self.0.iter().map(|(name, count)| format!("{count} {name}")).collect();
        f.write_str(&said.join(", "))
    }
}
