//! SWIM: how soon a crash is noticed, and what a member sends. Lifeguard: how often somebody
//! healthy is declared dead by those who are slow.

use crate::Found;
use crate::cores::on_all_cores;
use crate::setup::{at, config, network, recipe};
use faultline_kernel::{NodeId, Protocol, Time, Value};
use faultline_lab::metrics::measure;
use faultline_lab::{Recording, Scenario};
use faultline_protocols::swim::Swim;
use faultline_sim::{EventKind, Input, Log, Positioned, Progress, Record, Run, World};

const PERIOD: u64 = 200_000;
const MEMBERS: [u64; 3] = [5, 20, 100];
/// The range of the paper's plot.
const MEMBERS_LOAD: [u64; 3] = [8, 28, 55];
const RUNS_MOST: u64 = 100;

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let detection = MEMBERS.map(|members| {
        let all = on_all_cores(runs, |seed| periods_until_found(members, seed));
        Found::new(format!("{members} members"), "first detection, periods", all)
    });
    let load = MEMBERS_LOAD.map(|members| {
        let all = on_all_cores(runs.min(RUNS_MOST), |seed| load(members, seed));
        Found::new(format!("{members} members"), "messages per member and period", all)
    });
    let found = detection.into_iter().chain(load);
    found.chain(lifeguard(runs.min(RUNS_SLOW_MOST))).collect()
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
    let crashes = faultline_lab::Input::Crash { node };
    scenario.inputs.push(Positioned { at: Time(crash), after: None, input: crashes });
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

/// A group in which some members hear and say nothing for a while again and again, though their
/// clocks run: memberlist's times, and as in the paper two minutes.
const SECOND: u64 = 1_000_000;
const GROUP: u64 = 48;
const SLOW: u32 = 4;
const DEAF: u64 = 15 * SECOND;
const WELL: u64 = 2 * SECOND;
const TROUBLE: Time = Time(120 * SECOND);
const TIMES: [(&str, u64); 4] =
    [("period_ms", 1_000), ("ping_timeout_ms", 500), ("suspicion_multiplier", 5), ("indirect", 3)];
const RUNS_SLOW_MOST: u64 = 12;

fn lifeguard(runs: u64) -> [Found; 3] {
    let [without, with] =
        [0, 1].map(|lifeguard| on_all_cores(runs, |seed| wrong_deaths(lifeguard, seed)));
    let mean = |counts: &[f64]| counts.iter().sum::<f64>() / counts.len() as f64;
    // Without any, there is no factor: at least so many times fewer.
    let least = mean(&with).max(1.0 / runs as f64);
    let factors = without.iter().map(|count| count / least).collect();
    let measure = "healthy declared dead";
    [
        Found::new("slow members, without Lifeguard", measure, without),
        Found::new("slow members, with Lifeguard", measure, with),
        Found::new("slow members", "healthy declared dead, without over with", factors),
    ]
}

/// How often a member is declared dead that always heard everything.
fn wrong_deaths(lifeguard: u64, seed: u64) -> f64 {
    let knobs = [&[("members", GROUP), ("lifeguard", lifeguard)][..], &TIMES].concat();
    let recipe = recipe::<Swim>(config::<Swim>(&knobs), seed, network(1_000, 3_000, 0));
    let mut inputs = Vec::new();
    let mut time = 10 * SECOND + seed % 100 * 10_000;
    while time < TROUBLE.0 {
        let groups = (0..SLOW).map(|node| vec![NodeId(node)]).collect();
        inputs.push(at(Time(time), Input::Cut { groups }));
        inputs.push(at(Time(time + DEAF), Input::Heal));
        time += DEAF + WELL;
    }
    let mut run = Run::new(World::new(recipe), inputs);
    while run.advance(TROUBLE, u32::MAX) == Progress::More {}
    let declares = Swim::ABOUT.notes.iter().position(|note| note.id == "declares");
    let log = run.log();
    let deaths = log.iter_from(0).filter(|record| {
        record.kind() == EventKind::Note && Some(usize::from(record.which())) == declares
    });
    let healthy = deaths.filter(|record| match log.note(record).map(|note| note.args[0]) {
        Some(Value::Node(node)) => node.0 >= SLOW,
        _ => false,
    });
    healthy.count() as f64
}
