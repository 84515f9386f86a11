//! What the clients of random runs of Raft see is linearizable, in every way to serve reads, with
//! commands of sessions that are asked for twice; and it is not where a rule about that is broken.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use faultline_kernel::{NodeId, Span, Time};
use faultline_lab::chaos::{EVERYTHING, RESTLESS, chaos_of, with_clients};
use faultline_lab::{Input, Recording, Scenario, link};
use faultline_sim::Positioned;
use serde_json::json;

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
    let lines = recording.history().1.len();
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

/// How often the leader is cut off in [`fast_clocks`], and how long one time is after another.
const CUTS: u64 = 6;
const CYCLE: Span = Span::millis(500);

/// A leader with a true clock that is cut off again and again, two followers with clocks twice as
/// fast, and clients that write everywhere and read from the old leader.
fn fast_clocks(bound_percent: u64, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    let knobs = [
        ("servers", 3),
        ("read_mode", 2),
        ("clock_bound_percent", bound_percent),
        ("election_max_ms", 200),
        ("heartbeat_ms", 20),
    ];
    scenario.config.extend(knobs.map(|(knob, value)| (knob.to_owned(), value)));
    // What is left of a lease in which others no longer believe must be enough for a write.
    scenario.network.latency_us = [500, 1_500];
    let [first, second, third] = [0, 1, 2].map(NodeId);
    let mut add = |at, input| scenario.inputs.push(Positioned { at, after: None, input });
    for node in [second, third] {
        add(Time(1_000), Input::Clock { node, rate_ppm: 2_000_000 });
    }
    for cycle in 0..CUTS {
        let begin = Time(50_000) + Span(CYCLE.0 * cycle);
        add(begin, Input::Fire { node: first, timer: "election".into(), about: None });
        add(begin + Span::millis(60), Input::Cut { groups: vec![vec![first]] });
        for (number, node) in (0..40).zip([first, second, third].into_iter().cycle()) {
            let at = begin + Span::millis(20 + 6 * number);
            let put = json!({ "put": "x", "value": cycle * 100 + number });
            add(at, Input::Request { node, request: Some(put) });
            let get = json!({ "get": "x" });
            add(at + Span::millis(2), Input::Request { node: first, request: Some(get) });
        }
        add(begin + Span::millis(300), Input::Heal);
    }
    scenario.inputs.sort_by_key(|input| input.at);
    scenario
}

/// Once with a bound that allows for such clocks, and once with one that does not.
#[test]
fn leases_hold_within_the_bound_on_clocks_and_break_beyond_it() {
    let found = on_all_cores(seeds(), |seed| {
        assert_eq!(wrong(&fast_clocks(100, seed)), None);
        wrong(&fast_clocks(10, seed)).is_some()
    });
    let count = found.iter().filter(|found| **found).count();
    say(&format!("histories: leases break in {count} of {} runs with fast clocks", found.len()));
    assert!(count > 0, "leases hold with clocks twice as fast");
}
