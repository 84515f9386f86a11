//! SWIM: how soon a crash is noticed, and what a member sends.

use crate::Found;
use crate::cores::on_all_cores;
use faultline_kernel::{NodeId, Time};
use faultline_lab::metrics::measure;
use faultline_lab::{Input, Recording, Scenario};
use faultline_sim::{EventKind, Log, Positioned, Record};

const PERIOD: u64 = 200_000;
const MEMBERS: [u64; 3] = [5, 20, 100];

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let detection = MEMBERS.map(|members| Found {
        of: format!("{members} members"),
        measure: "first detection, periods",
        samples: on_all_cores(runs, |seed| periods_until_found(members, seed)),
    });
    let load = MEMBERS.map(|members| Found {
        of: format!("{members} members"),
        measure: "messages per member and period",
        samples: on_all_cores(runs.min(100), |seed| load(members, seed)),
    });
    detection.into_iter().chain(load).collect()
}

fn group(members: u64, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("swim", seed).expect("the room is there");
    scenario.config.insert("members".into(), members);
    scenario
}

/// In which period after its crash some member draws it for the first time, counted from 1.
fn periods_until_found(members: u64, seed: u64) -> f64 {
    // By then everybody's first period has begun; a little later in each run.
    let crash = PERIOD * 3 / 2 + seed % 997 * 100;
    let mut scenario = group(members, seed);
    scenario.config.insert("random_probes".into(), 1);
    // Nobody is to declare it dead before it is drawn.
    scenario.config.insert("suspicion_multiplier".into(), 20);
    let node = NodeId(u32::try_from(seed % members).expect("a small group"));
    scenario.inputs.push(Positioned { at: Time(crash), after: None, input: Input::Crash { node } });
    let mut recording = Recording::begin(&scenario, false).expect("a sound scenario");
    let mut periods = 0;
    loop {
        periods += 1;
        recording.play_until(Time(crash + PERIOD * periods));
        let late = recording.log().count_until(Time(crash));
        if recording.log().iter_from(late).any(|event| draws(recording.log(), event, node)) {
            return periods as f64;
        }
    }
}

/// Whether somebody draws this member as the target of its period: not when it pings for another.
fn draws(log: &Log, event: &Record, target: NodeId) -> bool {
    let cause = event.caused_by().and_then(|cause| log.get(cause));
    event.kind() == EventKind::Send
        && event.which() < 2
        && event.other == target.0
        && cause.is_some_and(|cause| cause.kind() == EventKind::Timer)
}

fn load(members: u64, seed: u64) -> f64 {
    let wanted = ["load".to_owned()];
    let found = measure(&group(members, seed), Time(PERIOD * 50), &wanted);
    found.expect("a sound scenario")["load"].expect("messages are sent")
}
