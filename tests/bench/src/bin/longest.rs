//! How long the longest call of a page takes that plays a million nodes: one JSON object per line.

use faultline_lab::crowd::Crowd;
use faultline_lab::{Command, Input, Scenario, Span, SwarmTime, Time};
use std::collections::BTreeMap;
#[expect(clippy::disallowed_types, reason = "a benchmark looks at the clock")]
use std::time::Instant;

/// What the page asks for in one call.
const AT_ONCE: u64 = 20_000;
const RUNS: usize = 3;
/// How many slices are played.
const SLICES: u32 = 36;

fn main() {
    let timed = |scenario: &mut Scenario| scenario.time = Some(SwarmTime::Timed);
    longest("cycles", |_| {});
    longest("cycles, pull", |scenario| knob(scenario, "pull", 1));
    longest("cycles, a far timer", |scenario| {
        knob(scenario, "pull", 1);
        scenario.slice_us = Some(Span(20_000));
        scenario.until_us = Some(Time(700_000));
    });
    longest("timed", |scenario| {
        timed(scenario);
        knob(scenario, "pull", 1);
        knob(scenario, "jitter_ms", 50);
    });
    longest("timed, in step", |scenario| {
        timed(scenario);
        knob(scenario, "pull", 1);
        scenario.inputs[0].at = Time(1);
    });
    longest("timed, in step, one latency", |scenario| {
        timed(scenario);
        knob(scenario, "pull", 1);
        scenario.inputs[0].at = Time(1);
        scenario.network.latency_us = [5_000, 5_000];
    });
}

fn knob(scenario: &mut Scenario, id: &str, value: u64) {
    scenario.config.insert(id.into(), value);
}

/// The run is the same each time, so each call has its best time.
fn longest(name: &str, change: impl Fn(&mut Scenario)) {
    let mut scenario = faultline_lab::library_scenario("rumour", "a-million").expect("it is there");
    change(&mut scenario);
    let mut best: Vec<Call> = Vec::new();
    for _ in 0..RUNS {
        let calls = play(Crowd::open(scenario.clone()).expect("a sound scenario"));
        if best.is_empty() {
            best = calls;
        } else {
            for (best, call) in best.iter_mut().zip(calls) {
                best.ms = best.ms.min(call.ms);
            }
        }
    }
    let mut longest = BTreeMap::new();
    for Call { why, ms } in best {
        let most: &mut f64 = longest.entry(why).or_default();
        *most = most.max(ms);
    }
    println!(
        r#"{{"measure":"crowd.longest","where":"native","swarm":"{name}","ms":{longest:.2?}}}"#
    );
}

/// A call, and for what it was.
struct Call {
    why: &'static str,
    ms: f64,
}

/// Steps through a run in which a quarter crashes, to its end.
fn play(mut crowd: Crowd) -> Vec<Call> {
    let mut calls = Vec::new();
    arrive(&mut crowd, "open", &mut calls);
    for slice in 0..SLICES {
        if slice == SLICES / 4 {
            crowd.apply(Command::Act(Input::CrashSome { ppm: 250_000 })).expect("it can be done");
            crowd.apply(Command::StepForward).expect("a step");
            arrive(&mut crowd, "crash", &mut calls);
        }
        crowd.apply(Command::StepForward).expect("a step");
        arrive(&mut crowd, "step", &mut calls);
    }
    calls
}

fn arrive(crowd: &mut Crowd, why: &'static str, calls: &mut Vec<Call>) {
    while crowd.pending() {
        #[expect(clippy::disallowed_types, reason = "a benchmark looks at the clock")]
        let began = Instant::now();
        crowd.work(AT_ONCE);
        calls.push(Call { why, ms: began.elapsed().as_secs_f64() * 1e3 });
    }
}
