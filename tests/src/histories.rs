//! What the clients of random runs of Raft see is linearizable, in every way to serve reads, with
//! commands of sessions that are asked for twice; and it is not where a rule about that is broken.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use faultline_kernel::{Span, SpanRange, Time};
use faultline_lab::chaos::{EVERYTHING, Fault, Mix, RESTLESS, chaos_of, with_clients};
use faultline_lab::{Recording, Scenario, link};

const UNTIL: Time = Time(3_000_000);

/// More than any of these histories takes.
const STEPS: u64 = 20_000_000;

fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000) / 10
}

/// A cluster of three with clients that quarrel over two variables.
fn quarrel(knobs: &[(&str, u64)], seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    scenario.config.insert("servers".into(), 3);
    scenario.config.extend(knobs.iter().map(|(knob, value)| ((*knob).to_owned(), *value)));
    let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
    let faults = chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound");
    with_clients(&faults, seed, UNTIL).expect("clients of Raft share variables")
}

/// Whether what clients saw is not linearizable, as a link.
fn wrong(scenario: &Scenario) -> Option<String> {
    let mut recording = Recording::begin(scenario, false).expect("it is sound");
    recording.listen();
    recording.first_broken(UNTIL).expect("it ends");
    let lines = recording.history().len();
    assert!(lines > 100, "{lines} lines are no quarrel");
    let broken = recording.judge_clients(STEPS).expect("it is decided");
    broken.map(|broken| format!("{}: #{}", broken.text, link::encode(scenario)))
}

#[test]
fn what_clients_see_is_linearizable_however_reads_are_served() {
    for (mode, name) in [(0, "through the log"), (1, "after a round"), (2, "by lease")] {
        let wrong = on_all_cores(seeds(), |seed| {
            let more = [("read_mode", mode), ("snapshot_every", seed / 2 % 2 * 6), ("window", 4)];
            wrong(&quarrel(&more, seed))
        });
        let wrong: Vec<String> = wrong.into_iter().flatten().collect();
        assert!(wrong.is_empty(), "reads {name}: {} wrong\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn what_clients_see_is_not_linearizable_where_a_rule_about_it_is_broken() {
    for knob in ["stale_reads", "apply_duplicates"] {
        let found = on_all_cores(seeds(), |seed| wrong(&quarrel(&[(knob, 1)], seed)).is_some());
        let count = found.iter().filter(|found| **found).count();
        say(&format!("histories: {knob} shows in {count} of {} runs", found.len()));
        assert!(count > 0, "{knob} shows under no seed");
    }
}

/// Clocks that run wild, and leaders that are cut off.
const CLOCKS: Mix = Mix {
    gap: SpanRange { min: Span::millis(20), max: Span::millis(150) },
    lasts: SpanRange { min: Span::millis(100), max: Span::millis(900) },
    weights: &[(Fault::Clock, 8), (Fault::Part, 6), (Fault::CutLink, 3), (Fault::Crash, 1)],
};

/// Clocks up to twice as fast, once with a bound that allows for that, and once with one that does
/// not. Nothing else differs.
#[test]
fn leases_hold_within_the_bound_on_clocks_and_break_beyond_it() {
    let found = on_all_cores(seeds(), |seed| {
        let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
        let knobs = [("servers", 3), ("read_mode", 2), ("clock_bound_percent", 100)];
        scenario.config.extend(knobs.map(|(knob, value)| (knob.to_owned(), value)));
        let faults = chaos_of(&scenario, &CLOCKS, seed, UNTIL).expect("the scenario is sound");
        let mut scenario = with_clients(&faults, seed, UNTIL).expect("they share variables");
        assert_eq!(wrong(&scenario), None);
        scenario.config.insert("clock_bound_percent".to_owned(), 0);
        wrong(&scenario).is_some()
    });
    let count = found.iter().filter(|found| **found).count();
    say(&format!("histories: leases break in {count} of {} runs with fast clocks", found.len()));
    assert!(count > 0, "leases hold with clocks twice as fast");
}
