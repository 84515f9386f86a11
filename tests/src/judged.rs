//! What a run of a room that agrees on something showed.

use crate::wild::WHOLE;
use faultline_kernel::{Time, Value};
use faultline_lab::{Recording, Scenario, link};
use faultline_sim::{EventKind, Record};

/// The properties that broke, and when.
pub fn broken(recording: &Recording) -> Vec<(&'static str, Time)> {
    let properties = recording.about().properties;
    let broken = recording.log().iter_from(0).filter(|record| record.kind() == EventKind::Broken);
    broken.map(|found| (properties[usize::from(found.which())].id, found.time)).collect()
}

/// Whether somebody leads in the end.
pub fn led_in_the_end(recording: &Recording) -> bool {
    let roles = recording.about().roles;
    let leads = |card: faultline_kernel::Card| roles[usize::from(card.role)].id == "leader";
    recording.cards().into_iter().any(leads)
}

/// Whether a request made after everything was whole was done.
pub fn serves_again(recording: &Recording) -> bool {
    let log = recording.log();
    let number = |record: &Record| match log.note(record).map(|note| note.args[0]) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let late = || log.iter_from(log.count_until(WHOLE));
    let requests = late().filter(|record| record.kind() == EventKind::Request);
    let asked: Vec<u64> = requests.filter_map(number).collect();
    let done = |record: &&Record| {
        record.kind() == EventKind::Answer
            && recording.about().answers[usize::from(record.which())].done
    };
    late().filter(done).any(|record| asked.contains(&record.other.into()))
}

/// How often one of these things was remarked.
#[must_use]
pub fn noted(recording: &Recording, kinds: &[&str]) -> u64 {
    let notes = recording.about().notes;
    let is_one = |record: &&Record| {
        record.kind() == EventKind::Note && kinds.contains(&notes[usize::from(record.which())].id)
    };
    recording.log().iter_from(0).filter(is_one).count() as u64
}

/// What went wrong, as a link: a property that broke, or no progress though everything is whole.
#[must_use]
pub fn fault(scenario: &Scenario, recording: &Recording, progress: bool) -> Option<String> {
    match broken(recording).first() {
        Some((property, at)) => Some(format!("{property} {}", told(scenario, Some(*at)))),
        None if !progress => Some(format!("no progress {}", told(scenario, None))),
        None => None,
    }
}

/// A link that opens where something broke.
pub fn told(scenario: &Scenario, at: Option<Time>) -> String {
    let scenario = Scenario { open_us: at, ..scenario.clone() };
    format!("#{}", link::encode(&scenario))
}
