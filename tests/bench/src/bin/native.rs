//! Measures natively; prints one JSON object per line.

use faultline_bench::{Race, Tape, count};
#[expect(clippy::disallowed_types, reason = "a benchmark looks at the clock")]
use std::time::Instant;

const RUNS: usize = 5;

fn main() {
    for (servers, until_ms) in [(5, 300_000), (9, 100_000), (25, 20_000), (100, 4_000)] {
        race(servers, 20, until_ms, false);
    }
    race(5, 20, 300_000, true);
    history();
    seeks();
}

/// Milliseconds that `work` takes.
fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    #[expect(clippy::disallowed_types, reason = "a benchmark looks at the clock")]
    let started = Instant::now();
    let outcome = work();
    (started.elapsed().as_secs_f64() * 1e3, outcome)
}

fn percentile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into the samples"
    )]
    let place = ((samples.len() - 1) as f64 * share).round() as usize;
    samples[place]
}

fn race(servers: u32, every_ms: u32, until_ms: u32, judged: bool) {
    let counts = count(servers, every_ms, until_ms);
    let mut samples: Vec<f64> =
        (0..RUNS).map(|_| time(|| Race::new(servers, every_ms, judged).play(until_ms)).0).collect();
    let ms = percentile(&mut samples, 0.5);
    let per_second = |count: u32| f64::from(count) / ms * 1e3;
    println!(
        concat!(
            r#"{{"measure":"race","where":"native","n":{},"judged":{},"ms":{:.1},"#,
            r#""events_per_s":{:.0},"messages_per_s":{:.0},"records_per_s":{:.0}}}"#,
        ),
        servers,
        judged,
        ms,
        per_second(counts.deliveries + counts.timer_sends),
        per_second(counts.deliveries),
        per_second(counts.records),
    );
}

fn history() {
    let (ms, tape) = time(|| Tape::new(5, 20, 60_000));
    println!(
        concat!(
            r#"{{"measure":"history","where":"native","virtual_s":60,"#,
            r#""record_ms":{:.1},"events":{},"mb":{:.2}}}"#,
        ),
        ms,
        tape.events(),
        tape.bytes() / 1e6,
    );
}

fn seeks() {
    let (record_ms, mut tape) = time(|| Tape::new(5, 20, 670_000));
    let mut samples: Vec<f64> = (0..300).map(|_| time(|| tape.jump()).0).collect();
    let mut frames: Vec<f64> = (0..600).map(|_| time(|| tape.frame()).0).collect();
    println!(
        concat!(
            r#"{{"measure":"seek","where":"native","events":{},"record_ms":{:.0},"mb":{:.1},"#,
            r#""median_ms":{:.3},"p95_ms":{:.3},"frame_ms":{:.3}}}"#,
        ),
        tape.events(),
        record_ms,
        tape.bytes() / 1e6,
        percentile(&mut samples, 0.5),
        percentile(&mut samples, 0.95),
        percentile(&mut frames, 0.5),
    );
}
