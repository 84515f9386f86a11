//! φ accrual: how often somebody who runs is suspected, by the threshold and by the window.

use crate::Found;
use crate::cores::on_all_cores;
use crate::setup::{config, network, recipe};
use faultline_kernel::{Protocol, Time};
use faultline_protocols::detector::{Config, Detector};
use faultline_sim::{EventKind, NetworkConfig, Progress, Run, World};

const NODES: u64 = 5;
/// Between heartbeats; so in the paper.
const HEARTBEAT_MS: u64 = 100;
/// As many intervals as the paper remembers: until then a detector is not looked at.
const WINDOW: u64 = 1_000;
const WARM: Time = Time(110_000_000);
const UNTIL: Time = Time(310_000_000);
const RUNS_MOST: u64 = 12;

/// Between continents: the paper's mean and least round trip. There heartbeats were lost in
/// bursts, one in 250; here they are lost one by one, so that as many of them stand alone.
fn far() -> NetworkConfig {
    network(135_100, 148_200, 20_000)
}

/// A network that loses nothing.
fn lossless() -> NetworkConfig {
    network(20_000, 80_000, 0)
}

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let runs = runs.min(RUNS_MOST);
    let rate = |phi: u64, window: u64, network: NetworkConfig| {
        on_all_cores(runs, |seed| mistakes(phi, window, network, seed))
    };
    let mut found = Vec::new();
    for phi in [1, 2, 3] {
        let share = rate(phi * 1_000, WINDOW, lossless());
        let share = share.iter().map(|rate| rate * HEARTBEAT_MS as f64 / 1e3);
        let measure = "wrong suspicions per heartbeat";
        found.push(Found::new(format!("no loss, Φ = {phi}"), measure, share.collect()));
    }
    let [low, two, eight, twelve] = [500, 2_000, 8_000, 12_000].map(|phi| rate(phi, WINDOW, far()));
    let measure = "wrong suspicions in a second";
    let plots = [("0.5", &low), ("2", &two), ("8", &eight), ("12", &twelve)];
    found.extend(
        plots.map(|(phi, rates)| {
            Found::new(format!("far apart, Φ = {phi}"), measure, rates.clone())
        }),
    );
    let measure = "mistakes at the higher Φ over the lower";
    found.push(Found::new("far apart, Φ = 0.5 and 2", measure, ratios(&two, &low)));
    found.push(Found::new("far apart, Φ = 2 and 8", measure, ratios(&eight, &two)));
    found.push(Found::new("far apart, Φ = 8 and 12", measure, ratios(&twelve, &eight)));
    let few = rate(1_000, 20, far());
    for window in [100, 1_000] {
        let many = rate(1_000, window, far());
        let of = format!("far apart, Φ = 1, window {window}");
        found.push(Found::new(of, "mistakes over those with a window of 20", ratios(&many, &few)));
    }
    found
}

/// One for another, run by run: they have the same heartbeats.
fn ratios(some: &[f64], of: &[f64]) -> Vec<f64> {
    some.iter().zip(of).map(|(some, of)| some / of).collect()
}

/// How often in a second one of two nodes that both run suspects the other.
fn mistakes(phi: u64, window: u64, network: NetworkConfig, seed: u64) -> f64 {
    let knobs = [("nodes", NODES), ("heartbeat_ms", HEARTBEAT_MS), ("accrual", 1)];
    let more = [("phi_thousandths", phi), ("window", window), ("deviation_min_ms", 1)];
    let config: Config = config::<Detector>(&[&knobs[..], &more].concat());
    let mut run = Run::new(World::new(recipe::<Detector>(config, seed, network)), Vec::new());
    while run.advance(UNTIL, u32::MAX) == Progress::More {}
    assert!(!run.is_full(), "it is short enough to be written down");
    let suspects = Detector::ABOUT.notes.iter().position(|note| note.id == "suspects-by-phi");
    let log = run.log();
    let late = log.iter_from(log.count_until(WARM));
    let wrong = late.filter(|record| {
        record.kind() == EventKind::Note && Some(usize::from(record.which())) == suspects
    });
    let links = (NODES * (NODES - 1)) as f64;
    wrong.count() as f64 / links / ((UNTIL.0 - WARM.0) as f64 / 1e6)
}
