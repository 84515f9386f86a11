//! Seeds of random faults in every room that agrees on something, every property checked after
//! every event; and each rule broken on purpose is found by the same seeds.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use crate::features::Features;
use crate::judged::{broken, fault, led_in_the_end, noted, serves_again, told};
use crate::shorten::shorten;
use crate::tally::Tally;
use crate::wild::{self, SIZES, UNTIL};
use faultline_kernel::{About, Knob, Span, Time};
use faultline_lab::chaos::{EVERYTHING, RESTLESS, chaos, chaos_of};
use faultline_lab::{Recording, Scenario, link, rooms};
use faultline_sim::Load;

/// How many seeds each size of cluster is run under; `FAULTLINE_SEEDS` asks for more.
pub(crate) fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000)
}

/// A run that is sound.
pub(crate) fn recorded(scenario: &Scenario) -> Recording {
    Recording::of(scenario, UNTIL).expect("chaos is a sound scenario")
}

/// Whether somebody leads in the end and does what is asked.
fn serves(recording: &Recording) -> bool {
    led_in_the_end(recording) && serves_again(recording)
}

fn none_failed(failed: &[String]) {
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_thousand_seeds_of_faults_break_no_property_and_the_cluster_always_serves_again() {
    let mut all = Tally::default();
    let mut failed = Vec::new();
    for servers in SIZES {
        let outcomes = on_all_cores(seeds(), |seed| {
            let scenario = wild::raft(servers, None, seed);
            let recording = recorded(&scenario);
            let fault = fault(&scenario, &recording, serves(&recording));
            let fault = fault.map(|fault| format!("{servers} servers, seed {seed}: {fault}"));
            (Tally::of(&scenario, &recording), fault)
        });
        let mut of_size = Tally::default();
        for (tally, fault) in outcomes {
            of_size.add(&tally);
            failed.extend(fault);
        }
        say(&format!("chaos on {servers} servers: {of_size}"));
        assert!(of_size.missing().is_empty(), "{servers}: never seen: {:?}", of_size.missing());
        let half = of_size.two_leaders * 2 >= of_size.seeds;
        assert!(half, "too tame: few seeds on {servers} servers saw two leaders");
        all.add(&of_size);
    }
    say(&format!("chaos: {all}"));
    none_failed(&failed);
}

#[test]
fn with_everything_switched_on_no_property_breaks_and_everything_happens() {
    let mut all = Features::default();
    let mut failed = Vec::new();
    for servers in SIZES {
        let outcomes = on_all_cores(seeds() / 2, |seed| {
            let scenario = wild::whole(servers, None, seed);
            let recording = recorded(&scenario);
            let fault = fault(&scenario, &recording, serves(&recording));
            let fault = fault.map(|fault| format!("{servers} servers, seed {seed}: {fault}"));
            (Features::of(&recording), fault)
        });
        for (features, fault) in outcomes {
            all.add(&features);
            failed.extend(fault);
        }
    }
    let broken_by_changes = |seed| {
        let scenario = wild::changing(None, seed);
        let fault = fault(&scenario, &recorded(&scenario), true);
        fault.map(|fault| format!("changes, seed {seed}: {fault}"))
    };
    failed.extend(on_all_cores(seeds() / 2, broken_by_changes).into_iter().flatten());
    say(&format!("chaos with everything on: {all}"));
    none_failed(&failed);
    assert!(all.missing().is_empty(), "never seen: {:?}", all.missing());
}

/// Runs a room under so many seeds: nothing may break, whatever is asked in the end must be done,
/// and each of these things must have been remarked at some time.
fn withstands(
    name: &str,
    count: u64,
    wild: impl Fn(u64) -> Scenario + Sync,
    progress: impl Fn(&Recording) -> bool + Sync,
    remarks: &[(&str, &[&str])],
) {
    let outcomes = on_all_cores(count, |seed| {
        let scenario = wild(seed);
        let recording = recorded(&scenario);
        let fault = fault(&scenario, &recording, progress(&recording));
        let seen: Vec<u64> = remarks.iter().map(|(_, ids)| noted(&recording, ids)).collect();
        (seen, fault.map(|fault| format!("seed {seed}: {fault}")))
    });
    let seen = |place: usize| outcomes.iter().map(|(seen, _)| seen[place]).sum::<u64>();
    let said = remarks.iter().enumerate().map(|(place, (what, _))| (seen(place), *what));
    let (never, said): (Vec<_>, Vec<_>) = said.partition(|(count, _)| *count == 0);
    let told: Vec<String> = said.iter().map(|(count, what)| format!("{count} {what}")).collect();
    say(&format!("chaos of {name}: {count} seeds, {}", told.join(", ")));
    none_failed(&outcomes.into_iter().filter_map(|(_, fault)| fault).collect::<Vec<_>>());
    assert!(never.is_empty(), "too tame: {never:?}");
}

#[test]
fn multi_paxos_under_faults_breaks_no_property_and_always_serves_again() {
    withstands(
        "Multi-Paxos",
        seeds(),
        wild::multipaxos,
        serves,
        &[
            ("leaders", &["leads"]),
            ("holes filled", &["fills"]),
            ("commands proposed again", &["adopts"]),
            ("snapshots taken", &["installs"]),
        ],
    );
}

#[test]
fn five_hundred_seeds_of_faults_break_no_property_of_paxos_and_something_is_always_chosen() {
    let chosen = |recording: &Recording| noted(recording, &["learns", "is-told"]) > 0;
    withstands(
        "Paxos",
        seeds() / 2,
        wild::paxos,
        chosen,
        &[
            ("ballots", &["prepares"]),
            ("values adopted from earlier ballots", &["adopts"]),
            ("refusals", &["refuses-prepare", "refuses-accept"]),
            ("ballots that were beaten", &["is-beaten"]),
            ("acceptors back with what they accepted", &["has-accepted"]),
            ("learners that count a choice", &["learns"]),
        ],
    );
}

#[test]
fn five_hundred_seeds_of_faults_break_no_property_of_fast_paxos_and_something_is_always_chosen() {
    let chosen =
        |recording: &Recording| noted(recording, &["learns", "learns-fast", "is-told"]) > 0;
    withstands(
        "Fast Paxos",
        seeds() / 2,
        wild::fastpaxos,
        chosen,
        &[
            ("fast rounds opened", &["opens"]),
            ("choices in a fast round", &["learns-fast"]),
            ("choices in a classic round", &["learns"]),
            ("collisions settled", &["recovers"]),
            ("values adopted", &["adopts"]),
            ("refusals", &["refuses"]),
        ],
    );
}

/// The switches that show only with everything else switched on.
const OF_THE_WHOLE: [&str; 3] = ["apply_duplicates", "stale_reads", "count_removed"];

/// Whether, and when, a property breaks.
fn breaks(scenario: &Scenario, property: &str) -> Option<Time> {
    broken(&recorded(scenario)).into_iter().find(|(found, _)| *found == property).map(|(_, at)| at)
}

/// Runs every case, and says under which of them the property breaks that a switch breaks.
fn find(knob: &str, property: &str, cases: u64, case: impl Fn(u64) -> Scenario + Sync) {
    let found = on_all_cores(cases, |number| breaks(&case(number), property).is_some());
    let count = found.iter().filter(|found| **found).count();
    let first = found.iter().position(|found| *found);
    let first = first.unwrap_or_else(|| panic!("{knob}: {property} held under every seed"));
    let scenario = case(first as u64);
    let short = shorten(&scenario, |scenario| breaks(scenario, property).is_some());
    let at = breaks(&short, property);
    let link = told(&short, at);
    let opened = link::decode(&link).expect("our own link");
    assert_eq!(breaks(&opened, property), at, "{knob}: the link shows something else");
    say(&format!(
        "{knob} breaks {property} in {count} of {cases} runs; first in {} with {:?} and seed {}, \
         where {} of {} inputs are enough: {link}",
        scenario.protocol,
        scenario.config,
        scenario.seed,
        short.inputs.len(),
        scenario.inputs.len(),
    ));
}

/// The switches of a room that break a rule, and the property that breaks with it.
fn sabotage(about: &About, knobs: &[Knob]) -> Vec<(&'static str, &'static str, &'static str)> {
    knobs.iter().filter_map(|knob| Some((about.id, knob.id, knob.breaks?))).collect()
}

#[test]
fn each_rule_broken_on_purpose_breaks_its_property_under_the_same_seeds() {
    let raft = rooms().filter(|(about, _)| about.id == "raft");
    for (_, knob, property) in raft.flat_map(|(about, knobs)| sabotage(about, knobs)) {
        find(knob, property, seeds() * SIZES.len() as u64, |number| {
            let servers = SIZES[usize::from(number >= seeds())];
            let seed = number % seeds();
            match knob {
                "early_change" => wild::changing(Some(knob), number),
                _ if OF_THE_WHOLE.contains(&knob) => wild::whole(servers, Some(knob), seed),
                _ => wild::raft(servers, Some(knob), seed),
            }
        });
    }
}

#[test]
fn each_rule_broken_in_another_room_breaks_its_property_too() {
    let others = rooms().filter(|(about, _)| about.id != "raft");
    for (room, knob, property) in others.flat_map(|(about, knobs)| sabotage(about, knobs)) {
        // Some switches show only with other knobs beside them; a lesson on one has those.
        let lessons = crate::goldens::scenarios().into_iter().map(|(_, lesson)| lesson);
        let mut lessons = lessons.filter(|lesson| lesson.protocol == room);
        let lesson = lessons.find(|lesson| lesson.config.contains_key(knob));
        let mut plain = Scenario::plain(room, 0).expect("the room is there");
        plain.config = lesson.map(|lesson| lesson.config).unwrap_or_default();
        plain.config.insert(knob.to_owned(), 1);
        // In a fast round values collide only if clients ask in quick succession.
        let (every, count) = if room == "fastpaxos" { (2, 100) } else { (35, u32::MAX) };
        plain.load = Some(Load { every: Span::millis(every), from: Time(1_000), count });
        find(knob, property, seeds(), |seed| {
            let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
            chaos_of(&plain, &mix, seed, UNTIL).expect("the scenario is sound")
        });
    }
}

#[test]
fn every_scenario_of_the_library_survives_chaos() {
    let scenarios = crate::goldens::scenarios();
    let of_sabotage = |scenario: &Scenario| {
        let knobs = rooms().flat_map(|(_, knobs)| knobs).filter(|knob| knob.breaks.is_some());
        knobs.into_iter().any(|knob| scenario.config.contains_key(knob.id))
    };
    for (id, scenario) in scenarios {
        for seed in 0..50 {
            let wild = chaos(&scenario, seed, UNTIL).expect("the scenario is sound");
            let whole = broken(&recorded(&wild)).is_empty();
            assert!(whole || of_sabotage(&scenario), "{id}, seed {seed}: {}", told(&wild, None));
        }
    }
}
