//! Numbers of the papers on failure detection, out of runs.

use crate::cores::on_all_cores;
use crate::effort::say;
use faultline_kernel::{NodeId, Time};
use faultline_lab::{Input, Recording, Scenario};
use faultline_sim::{EventKind, Log, Positioned, Record};

/// A group with the usual period, and nothing else.
fn group(members: u64, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("swim", seed).expect("the room is there");
    scenario.config.insert("members".into(), members);
    scenario
}

const PERIOD: u64 = 200_000;

/// Whether somebody draws this member as the target of its period: not when it pings for another.
fn draws(log: &Log, event: &Record, target: NodeId) -> bool {
    let cause = event.caused_by().and_then(|cause| log.get(cause));
    event.kind() == EventKind::Send
        && event.which() < 2
        && event.other == target.0
        && cause.is_some_and(|cause| cause.kind() == EventKind::Timer)
}

/// In which period after its crash a member is drawn for the first time, counted from 1.
fn periods_until_found(members: u64, seed: u64) -> u64 {
    // By then everybody's first period has begun; a little later in each run.
    let crash = PERIOD * 3 / 2 + seed % 997 * 100;
    let mut scenario = group(members, seed);
    scenario.config.insert("random_probes".into(), 1);
    // Somebody may have had a ping under way: nobody is to declare it dead before it is drawn.
    scenario.config.insert("suspicion_multiplier".into(), 20);
    let node = NodeId((seed % members) as u32);
    scenario.inputs.push(Positioned { at: Time(crash), after: None, input: Input::Crash { node } });
    let mut recording = Recording::begin(&scenario, false).expect("a sound scenario");
    for periods in 1..80 {
        recording.play_until(Time(crash + PERIOD * periods));
        let found = |event: &&Record| draws(recording.log(), event, node);
        let late = recording.log().count_until(Time(crash));
        if recording.log().iter_from(late).any(|event| found(&event)) {
            return periods;
        }
    }
    panic!("nobody draws {node} in eighty periods")
}

/// SWIM §3.1: the first period in which at least one of n − 1 others draws the crashed member
/// comes after 1 / (1 − (1 − 1/(n − 1))^(n − 1)) periods on average, towards e / (e − 1).
#[test]
fn a_crash_is_found_after_as_many_periods_as_the_paper_says() {
    const SEEDS: u64 = 3_000;
    for members in [5, 20] {
        let found = on_all_cores(SEEDS, |seed| periods_until_found(members, seed));
        let mean = found.iter().sum::<u64>() as f64 / SEEDS as f64;
        let others = (members - 1) as f64;
        let chance = 1.0 - (1.0 - 1.0 / others).powf(others);
        let expected = 1.0 / chance;
        say(&format!("swim, {members} members: found in period {mean:.3}, paper {expected:.3}"));
        // Five standard errors of a geometric distribution.
        let error = 5.0 * (1.0 - chance).sqrt() / chance / (SEEDS as f64).sqrt();
        assert!((mean - expected).abs() < error, "{members}: {mean}, not {expected} ± {error}");
    }
}

/// SWIM §3.1: each member sends and answers one ping in a period, however large the group is.
#[test]
fn the_load_of_a_member_does_not_grow_with_the_group() {
    for members in [4, 16, 64, 256] {
        let mut recording = Recording::begin(&group(members, 1), false).expect("sound");
        recording.play_until(Time(PERIOD * 11));
        let log = recording.log();
        let sent = log.iter_from(log.count_until(Time(PERIOD)));
        let sent = sent.filter(|record| record.kind() == EventKind::Send).count() as u64;
        let most = members * 10 * 2;
        assert!((most - members..=most + members).contains(&sent), "{members}: {sent}");
    }
}

/// How many suspicions fall in eight seconds in which nobody crashes, out of so many heartbeats.
fn false_suspicions(threshold: u64, seed: u64) -> (u64, u64) {
    let mut scenario = Scenario::plain("detector", seed).expect("the room is there");
    scenario.config.insert("accrual".into(), 1);
    scenario.config.insert("window".into(), 200);
    scenario.config.insert("phi_thousandths".into(), threshold);
    scenario.network.latency_us = [1_000, 150_000];
    let mut recording = Recording::begin(&scenario, false).expect("a sound scenario");
    recording.play_until(Time(10_000_000));
    // In the first two seconds it learns.
    let log = recording.log();
    let all = |kind| {
        log.iter_from(log.count_until(Time(2_000_000))).filter(move |one| one.kind() == kind)
    };
    let about = recording.about();
    let wrong = |note: &&Record| about.notes[usize::from(note.which())].id == "suspects-by-phi";
    (all(EventKind::Note).filter(wrong).count() as u64, all(EventKind::Deliver).count() as u64)
}

/// The φ accrual failure detector: at a threshold Φ about one heartbeat in 10^Φ is too late, if
/// intervals are as they were. Here they are no normal distribution, so it is the order that
/// counts: each step up makes fewer mistakes, and the last one none.
#[test]
fn a_higher_threshold_makes_fewer_mistakes() {
    let mut before = u64::MAX;
    for threshold in [500, 1_000, 1_500, 2_000, 3_000, 8_000] {
        let runs = on_all_cores(20, |seed| false_suspicions(threshold, seed));
        let wrong: u64 = runs.iter().map(|(wrong, _)| wrong).sum();
        let heartbeats: u64 = runs.iter().map(|(_, heartbeats)| heartbeats).sum();
        let phi = threshold as f64 / 1_000.0;
        say(&format!("φ {phi}: {wrong} false suspicions out of {heartbeats} heartbeats"));
        assert!(wrong < before, "{threshold}: {wrong}");
        before = wrong.max(1);
    }
    assert_eq!(before, 1, "none at the last");
}
