//! The three rooms of the Paxos family under random faults that end: no property breaks, and what
//! is to happen in time happens; and what clients of Multi-Paxos see is linearizable.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use faultline_kernel::{Span, Time};
use faultline_lab::chaos::{EVERYTHING, RESTLESS, chaos_of, with_clients};
use faultline_lab::{BrokenProperty, Error, Input, NodeId, Recording, Scenario, link};
use faultline_sim::{EventKind, Load, Positioned};

/// Faults for three seconds; after that, and after the last requests of chaos, there is time for
/// every deadline to pass.
const FAULTS: Time = Time(4_500_000);
const UNTIL: Time = Time(13_000_000);

/// Up to when clients quarrel whose histories are judged.
const QUARREL: Time = Time(4_500_000);

/// More steps than the judge of any such history needs.
const STEPS: u64 = 100_000_000;

/// As many as it takes to see that many a history is wrong; some others stay undecided.
const STEPS_FEW: u64 = 100_000;

fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000)
}

type Knobs = &'static [(&'static str, u64)];

/// A room with these knobs, clients that ask so many times, and the faults of this seed.
fn wild(room: &str, knobs: Knobs, (every_ms, count): (u64, u32), seed: u64) -> Scenario {
    let mut scenario = Scenario::plain(room, seed).expect("the room is there");
    scenario.config.extend(knobs.iter().map(|(knob, value)| ((*knob).to_owned(), *value)));
    scenario.load = Some(Load { every: Span::millis(every_ms), from: Time(1_000), count });
    let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, FAULTS).expect("the scenario is sound")
}

fn told(scenario: &Scenario, at: Option<Time>) -> String {
    let scenario = Scenario { open_us: at, until_us: Some(UNTIL), ..scenario.clone() };
    format!("#{}", link::encode(&scenario))
}

/// Plays all cases; nothing may break, and each of these remarks must fall somewhere.
fn nothing_breaks(cases: u64, remarks: &[&str], case: impl Fn(u64) -> Scenario + Sync) {
    let outcomes = on_all_cores(cases, |number| {
        let scenario = case(number);
        let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
        let broken = recording.log().iter_from(0).find(|record| record.kind() == EventKind::Broken);
        let fault = broken.map(|record| {
            let property = recording.about().properties[usize::from(record.which())].id;
            format!("case {number}: {property} {}", told(&scenario, Some(record.time)))
        });
        (remarks.iter().map(|remark| noted(&recording, remark)).collect::<Vec<_>>(), fault)
    });
    let mut seen = vec![0; remarks.len()];
    for (counts, _) in &outcomes {
        seen.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
    }
    let room = case(0).protocol;
    let counts: Vec<String> =
        remarks.iter().zip(&seen).map(|(remark, count)| format!("{remark} {count}")).collect();
    say(&format!("chaos of {room}: {cases} runs, {}", counts.join(", ")));
    let failed: Vec<String> = outcomes.into_iter().filter_map(|(_, fault)| fault).collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(seen.iter().all(|count| *count > 0), "too tame: {counts:?}");
}

/// How often something was remarked.
fn noted(recording: &Recording, kind: &str) -> usize {
    let notes = recording.about().notes;
    let place = notes.iter().position(|note| note.id == kind).expect("there is such a remark");
    let log = recording.log();
    let notes = log.iter_from(0).filter(|record| record.kind() == EventKind::Note);
    notes
        .filter(|record| log.note(record).is_some_and(|note| usize::from(note.kind) == place))
        .count()
}

#[test]
fn paxos_under_faults_breaks_no_property_and_comes_to_an_end_in_time() {
    const SETTINGS: [Knobs; 6] = [
        &[],
        &[("leader_ms", 100)],
        &[("shared", 1), ("backoff_ms", 200)],
        &[("acceptors", 5), ("phase1_quorum", 4), ("phase2_quorum", 2), ("learners", 2)],
        &[("proposers", 3), ("backoff_ms", 200), ("leader_ms", 60)],
        &[("proposers", 3), ("backoff_ms", 200), ("acceptors", 4)],
    ];
    let remarks = ["adopts", "is-beaten", "defers", "takes-over", "has-promised", "asks"];
    nothing_breaks(seeds(), &remarks, |seed| {
        let knobs = SETTINGS[usize::try_from(seed % 6).expect("it is small")];
        wild("paxos", knobs, (35, 60), seed)
    });
}

#[test]
fn fast_paxos_with_one_to_three_coordinators_breaks_no_property_and_comes_to_an_end_in_time() {
    const SETTINGS: [Knobs; 5] = [
        &[("coordinators", 3), ("backoff_ms", 200)],
        &[("coordinators", 3), ("backoff_ms", 200), ("acceptors", 4), ("proposers", 3)],
        &[("coordinators", 3), ("backoff_ms", 200), ("acceptors", 7), ("learners", 2)],
        &[("coordinators", 2)],
        &[],
    ];
    let remarks = ["opens", "adopts", "adopts-the-only", "recovers", "learns-fast", "is-outbid"];
    // Four of five have more than one coordinator, three of five have three.
    nothing_breaks(seeds() * 4, &remarks, |seed| {
        let knobs = SETTINGS[usize::try_from(seed % 5).expect("it is small")];
        // Values collide only if clients ask in quick succession.
        let (every_ms, count) = if seed / 5 % 2 == 0 { (2, 100) } else { (35, 60) };
        wild("fastpaxos", knobs, (every_ms, count), seed)
    });
}

#[test]
fn multi_paxos_under_faults_goes_on_in_time() {
    const SETTINGS: [Knobs; 6] = [
        &[],
        &[("servers", 3), ("window", 64)],
        &[("servers", 3), ("lease_ms", 200), ("collect_after", 7)],
        &[("servers", 4), ("phase1_quorum", 3), ("phase2_quorum", 2), ("lease_ms", 100)],
        &[("insist", 1), ("backoff_ms", 200), ("collect_after", 3), ("window", 2)],
        &[("servers", 4), ("phase1_quorum", 4), ("phase2_quorum", 1)],
    ];
    let remarks = ["leads", "fills", "adopts", "installs", "reads-by-lease"];
    nothing_breaks(seeds(), &remarks, |seed| {
        let knobs = SETTINGS[usize::try_from(seed % 6).expect("it is small")];
        // So many that whoever was away lacks more slots than a log has room for.
        let load = if seed % 6 == 1 { (6, 500) } else { (35, 100) };
        wild("multipaxos", knobs, load, seed)
    });
}

/// What is wrong with what clients saw in a run of Multi-Paxos, as far as so many steps tell.
fn seen(scenario: &Scenario, steps: u64) -> Result<Option<BrokenProperty>, Error> {
    let mut recording = Recording::begin(scenario, false).expect("chaos is a sound scenario");
    recording.listen();
    recording.first_broken(QUARREL).expect("it is short enough");
    recording.judge_clients(steps)
}

/// Clients that quarrel over two variables while everything goes wrong.
fn quarrel(knobs: &[(&str, u64)], seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("multipaxos", seed).expect("the room is there");
    scenario.config.extend(knobs.iter().map(|(knob, value)| ((*knob).to_owned(), *value)));
    let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
    let wild = chaos_of(&scenario, &mix, seed, QUARREL).expect("the scenario is sound");
    with_clients(&wild, seed, QUARREL).expect("clients of the room share variables")
}

/// Clients with sessions: some commands are asked for again, everywhere and under the same number.
fn quarrel_with_sessions(knobs: &[(&str, u64)], seed: u64) -> Scenario {
    let mut scenario = quarrel(knobs, seed);
    let servers = u32::try_from(scenario.config["servers"]).expect("they are few");
    let mut again = Vec::new();
    for (serial, input) in (1..).zip(&mut scenario.inputs) {
        let Input::Request { request: Some(request), .. } = &mut input.input else { continue };
        if serial % 3 == 0 || request.get("put").or(request.get("append")).is_none() {
            continue;
        }
        // Clients of chaos with sessions have the first numbers.
        request["client"] = (9 + serial % 8).into();
        request["serial"] = serial.into();
        let at = input.at + Span::millis(20 + serial * 7 % 130);
        for node in (0..servers).map(NodeId) {
            let repeated = Input::Request { node, request: Some(request.clone()) };
            again.push(Positioned { at, after: None, input: repeated });
        }
    }
    scenario.inputs.extend(again);
    scenario.inputs.sort_by_key(|input| input.at);
    scenario
}

#[test]
fn what_clients_of_multi_paxos_see_is_linearizable_also_with_leases() {
    const SETTINGS: [Knobs; 5] = [
        &[("servers", 3)],
        &[("servers", 3), ("lease_ms", 300)],
        &[("servers", 5), ("lease_ms", 200), ("collect_after", 4)],
        &[("servers", 4), ("phase1_quorum", 3), ("phase2_quorum", 2), ("lease_ms", 300)],
        &[("servers", 3), ("insist", 1), ("window", 2), ("collect_after", 3)],
    ];
    let wrong = on_all_cores(seeds() / 2, |seed| {
        let knobs = SETTINGS[usize::try_from(seed % 5).expect("it is small")];
        let make = if seed / 5 % 2 == 0 { quarrel } else { quarrel_with_sessions };
        let scenario = make(knobs, seed);
        let wrong = seen(&scenario, STEPS).expect("the history is decided");
        wrong.map(|broken| format!("{} {}", broken.text, told(&scenario, Some(broken.at))))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each of these shows in what clients see; their seeds are few, because the judge need not look
/// further than the first.
#[test]
fn what_clients_of_multi_paxos_see_is_not_linearizable_if_a_rule_is_broken() {
    let rules: [&[(&str, u64)]; 4] = [
        &[("servers", 3), ("stale_reads", 1)],
        &[("servers", 3), ("lease_ms", 2_000), ("break_lease", 1)],
        &[("servers", 3), ("ignore_accepted", 1)],
        &[("servers", 3), ("apply_twice", 1)],
    ];
    for knobs in rules {
        let found = on_all_cores(seeds() / 5, |seed| {
            matches!(seen(&quarrel_with_sessions(knobs, seed), STEPS_FEW), Ok(Some(_)))
        });
        let count = found.iter().filter(|found| **found).count();
        let first = found.iter().position(|found| *found);
        let (rule, _) = knobs.last().expect("a rule is broken");
        say(&format!("{rule}: not linearizable in {count} of {} runs", found.len()));
        assert!(first.is_some(), "{rule}: what clients saw was linearizable under every seed");
    }
}
