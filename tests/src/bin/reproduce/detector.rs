//! φ accrual: how often somebody who runs is suspected, by the threshold.

use crate::Found;
use crate::cores::on_all_cores;
use faultline_kernel::Time;
use faultline_lab::Scenario;
use faultline_lab::metrics::measure;

const MINUTE: Time = Time(60_000_000);
/// Thresholds, in thousandths of φ.
const THRESHOLDS: [u64; 5] = [500, 1_000, 2_000, 4_000, 8_000];

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let found = THRESHOLDS.map(|threshold| Found {
        of: format!("φ = {}", threshold as f64 / 1e3),
        measure: "false suspicions in a minute",
        samples: on_all_cores(runs.min(50), |seed| false_suspicions(threshold, seed)),
    });
    found.into()
}

/// Four nodes over a network that is slow and loses one message in a hundred.
fn false_suspicions(threshold: u64, seed: u64) -> f64 {
    let mut scenario = Scenario::plain("detector", seed).expect("the room is there");
    scenario.config.extend([("accrual".into(), 1), ("phi_thousandths".into(), threshold)]);
    scenario.network.latency_us = [5_000, 120_000];
    scenario.network.loss_ppm = 10_000;
    let wanted = ["false_suspicions".to_owned()];
    let found = measure(&scenario, MINUTE, &wanted).expect("a sound scenario");
    found["false_suspicions"].expect("a count is always there")
}
