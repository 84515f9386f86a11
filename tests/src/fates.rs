//! Losing one message leaves every draw of unrelated messages as it was.
//!
//! A message of which sender, receiver, time of sending and ordinal are the same in two runs has
//! the same fate in both, whatever else differs. Without that, "what if this message had been
//! lost?" would compare two runs that have nothing to do with each other.

use crate::effort::say;
use crate::goldens::{OTHERWISE, scenarios};
use faultline_kernel::{Draw, NodeId, Purpose, Time};
use faultline_lab::chaos::chaos;
use faultline_lab::{Input, MessageName, Positioned, Recording, Scenario};
use faultline_sim::{EventKind, Log, Mark, Why};
use std::collections::BTreeMap;

/// How many messages are taken out of each run, one at a time.
const TAKEN: u64 = 12;

/// What became of a message, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Flying,
    Arrived(Time),
    Lost(Time, Why),
}

/// Every message of a run: the event in which it was sent, and its fate.
fn fates(log: &Log) -> BTreeMap<MessageName, (u32, Fate)> {
    let mut names: BTreeMap<u32, MessageName> = BTreeMap::new();
    let mut sent: BTreeMap<(NodeId, NodeId, Time), u16> = BTreeMap::new();
    let mut fates = BTreeMap::new();
    for (event, record) in (0..).zip(log.iter_from(0)) {
        let (here, there) = (NodeId(record.node), NodeId(record.other));
        let cause = record.caused_by().and_then(|cause| names.get(&cause).copied());
        let fate = match record.kind() {
            EventKind::Send => {
                let next = sent.entry((here, there, record.time)).or_default();
                let ordinal = std::mem::replace(next, *next + 1);
                let (from, to, sent_us, copy) = (here, there, record.time, false);
                names.insert(event, MessageName { from, to, sent_us, ordinal, copy });
                Fate::Flying
            }
            EventKind::Duplicate => {
                let Some(original) = cause else { continue };
                names.insert(event, MessageName { copy: true, ..original });
                Fate::Flying
            }
            EventKind::Deliver => Fate::Arrived(record.time),
            EventKind::Lost => Fate::Lost(record.time, record.why()),
            _ => continue,
        };
        let sent_by = match fate {
            Fate::Flying => event,
            Fate::Arrived(_) | Fate::Lost(..) => record.caused_by().expect("it was sent"),
        };
        if let Some(name) = names.get(&sent_by) {
            fates.insert(*name, (sent_by, fate));
        }
    }
    fates
}

/// The same scenario, in which somebody takes this message away just after it was sent.
fn without(scenario: &Scenario, log: &Log, message: MessageName, sent_by: u32) -> Scenario {
    let after = log.step_end(sent_by);
    let done = log.iter_from(0).take(after as usize).filter(|record| record.mark() == Mark::Act);
    let place = done.count();
    let input = Input::Drop { message };
    let mut changed = scenario.clone();
    let taken = Positioned { at: message.sent_us, after: Some(after), input };
    changed.inputs.insert(place, taken);
    changed
}

#[test]
fn losing_one_message_leaves_the_fate_of_every_other_as_it_was() {
    let mut compared = 0;
    for (id, scenario) in scenarios() {
        let wild = (0..4).map(|seed| chaos(&scenario, seed, Time(2_000_000)).expect("it is sound"));
        for scenario in wild.chain([scenario.clone()]) {
            compared += take_some_out(&id, &scenario);
        }
    }
    say(&format!("fates: {compared} messages had the same fate in two runs that differ by one"));
    assert!(compared > 100_000, "too few: {compared}");
}

/// How many messages were found in both runs and compared.
fn take_some_out(id: &str, scenario: &Scenario) -> usize {
    let recording = Recording::of(scenario, OTHERWISE).expect("a sound scenario");
    let before = fates(recording.log());
    let arrived = |(_, (_, fate)): &(&MessageName, &(u32, Fate))| matches!(fate, Fate::Arrived(_));
    let candidates: Vec<_> = before.iter().filter(arrived).collect();
    let mut compared = 0;
    for number in 0..TAKEN.min(candidates.len() as u64) {
        let mut draw = Draw::keyed(scenario.seed, Purpose::Chaos, &[number]);
        let place = usize::try_from(draw.below(candidates.len() as u64)).expect("it fits");
        let (taken, (sent_by, _)) = candidates[place];
        let changed = without(scenario, recording.log(), *taken, *sent_by);
        let other = Recording::of(&changed, OTHERWISE).expect("a sound scenario");
        let after = fates(other.log());
        let gone = after.get(taken).map(|(_, fate)| *fate);
        let expected = Fate::Lost(taken.sent_us, Why::Taken);
        assert_eq!(gone, Some(expected), "{id}: {taken:?} is taken away");
        for (name, (_, fate)) in after.iter().filter(|(name, _)| *name != taken) {
            if let Some((_, known)) = before.get(name) {
                assert_eq!(fate, known, "{id} without {taken:?}: {name:?} has another fate");
                compared += 1;
            }
        }
    }
    compared
}
