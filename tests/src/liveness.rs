//! Once Raft is left alone it serves again: within a bounded number of election timeouts there is a
//! leader, and what clients ask is committed.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use faultline_kernel::{Span, Time};
use faultline_lab::chaos::{EVERYTHING, RESTLESS, chaos_of, wild};
use faultline_lab::{Recording, Scenario, library_scenario, link};
use faultline_sim::{EventKind, Load, Log, Record};

/// Six seconds of faults, three in which everything is whole: ten of the longest timeouts.
const UNTIL: Time = Time(9_000_000);
const WHOLE: Time = Time(6_000_000);
const LONGEST: Span = Span::millis(300);

fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000) / 2
}

fn broken(recording: &Recording) -> Option<(&'static str, Time)> {
    let properties = recording.about().properties;
    let mut records = recording.log().iter_from(0);
    let found = records.find(|record| record.kind() == EventKind::Broken)?;
    Some((properties[usize::from(found.which())].id, found.time))
}

fn told(scenario: &Scenario) -> String {
    format!("#{}", link::encode(scenario))
}

/// The records of remarks of this kind.
fn remarks<'a>(recording: &'a Recording, id: &str) -> impl Iterator<Item = &'a Record> {
    let notes = recording.about().notes;
    let kind = notes.iter().position(|note| note.id == id).expect("there is such a remark");
    let said = move |record: &&Record| {
        record.kind() == EventKind::Note && usize::from(record.which()) == kind
    };
    log_of(recording).iter_from(0).filter(said)
}

fn log_of(recording: &Recording) -> &Log {
    recording.log()
}

/// How long it took until something was committed after everything was whole.
fn took(recording: &Recording) -> Option<Span> {
    let mut commits = remarks(recording, "commits").map(|record| record.time);
    commits.find(|time| *time >= WHOLE).map(|time| time.since(WHOLE))
}

/// A cluster with a client that never stops asking.
fn plain(servers: u64, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    scenario.config.insert("servers".into(), servers);
    scenario.load = Some(Load { every: Span::millis(35), from: Time(200_000), count: u32::MAX });
    let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

#[test]
fn after_all_faults_raft_commits_within_a_bounded_number_of_timeouts() {
    for servers in [3, 5] {
        let took = on_all_cores(seeds(), |seed| {
            let scenario = plain(servers, seed);
            let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
            assert_eq!(broken(&recording), None, "{}", told(&scenario));
            took(&recording).unwrap_or_else(|| panic!("no progress: {}", told(&scenario)))
        });
        let timeouts = |span: Span| span.0.div_ceil(LONGEST.0);
        let longest = took.iter().copied().max().expect("there are seeds");
        let within = |most: u64| took.iter().filter(|span| timeouts(**span) <= most).count();
        say(&format!(
            "liveness: {servers} servers, {} seeds: {} commit within one timeout, {} within two, \
             {} within three, the slowest after {longest}",
            took.len(),
            within(1),
            within(2),
            within(3),
        ));
        assert!(timeouts(longest) <= 8, "{longest}");
    }
}

/// Everything that the room has to offer, and every property judged, the promise of progress too.
#[test]
fn with_all_knobs_turned_and_all_wishes_asked_no_property_breaks() {
    let everything = |seed: u64| {
        let first = library_scenario("raft", "first-leader").expect("the lesson is there");
        wild(&first, seed, UNTIL).expect("the scenario is sound")
    };
    let failed = on_all_cores(seeds(), |seed| {
        let scenario = everything(seed);
        let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
        broken(&recording).map(|(property, at)| format!("{property} at {at}: {}", told(&scenario)))
    });
    let failed: Vec<String> = failed.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

/// "To prevent split votes": of two servers that wait, seldom do both run out before one hears of
/// the other (§5.2).
#[test]
fn few_first_elections_have_two_candidates() {
    for servers in [3, 5] {
        let contested = on_all_cores(seeds(), |seed| {
            let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
            scenario.config.insert("servers".into(), servers);
            let recording = Recording::of(&scenario, Time(1_000_000)).expect("it is sound");
            let first = remarks(&recording, "leads").next().expect("somebody leads").time;
            remarks(&recording, "stands").filter(|record| record.time <= first).count() > 1
        });
        let count = contested.iter().filter(|contested| **contested).count();
        say(&format!(
            "first elections: {count} of {} of {servers} servers are contested",
            contested.len()
        ));
        assert!(count * 100 < contested.len() * 45, "too many");
    }
}
