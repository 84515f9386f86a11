//! Measures natively; prints one JSON object per line.

use faultline_bench::crowd::Crowd;
use faultline_bench::limit::{limit_cycles, limit_timed};
use faultline_bench::{Race, Tape, count};
#[expect(clippy::disallowed_types, reason = "a benchmark looks at the clock")]
use std::time::Instant;

const RUNS: usize = 5;
/// How many take part in a swarm.
const CROWD: u32 = 1_000_000;

fn main() {
    for (servers, until_ms) in [(5, 300_000), (9, 100_000), (25, 20_000), (100, 4_000)] {
        race(servers, 20, until_ms, false);
    }
    race(5, 20, 300_000, true);
    history();
    seeks();
    swarm("cycles", 0, || Crowd::in_cycles(CROWD), limit_cycles);
    for tick_us in [1, 1_000] {
        swarm("timed", tick_us, || Crowd::timed(CROWD, tick_us), limit_timed);
    }
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

/// A swarm and the tight loop beside it, in turns: nanoseconds for each delivery, and the ratio.
fn swarm(kind: &str, tick_us: u32, begin: impl Fn() -> Crowd, limit: fn(u32) -> f64) {
    let ours = || {
        let (ms, crowd) = time(|| {
            let mut crowd = begin();
            crowd.play();
            crowd
        });
        (ms, ms * 1e6 / crowd.deliveries(), crowd)
    };
    let bound = || {
        let (ms, deliveries) = time(|| limit(CROWD));
        (ms, ms * 1e6 / deliveries)
    };
    let (crowd, _) = (ours().2, bound());
    let [mut ms, mut each, mut limit_ms, mut limit_each, mut ratios] = [const { Vec::new() }; 5];
    for _ in 0..RUNS {
        let ((our_ms, our_each, _), (bound_ms, bound_each)) = (ours(), bound());
        ms.push(our_ms);
        each.push(our_each);
        limit_ms.push(bound_ms);
        limit_each.push(bound_each);
        ratios.push(our_each / bound_each);
    }
    let tick = if tick_us > 0 { format!(r#""tick_us":{tick_us},"#) } else { String::new() };
    println!(
        concat!(
            r#"{{"measure":"limit.{}","where":"native","n":{},"ms":{:.1},"#,
            r#""ns_per_delivery":{:.2}}}"#,
        ),
        kind,
        CROWD,
        percentile(&mut limit_ms, 0.5),
        percentile(&mut limit_each, 0.5),
    );
    println!(
        concat!(
            r#"{{"measure":"swarm.{}","where":"native","n":{},{}"ms":{:.1},"deliveries":{:.0},"#,
            r#""ns_per_delivery":{:.2},"ratio":{:.2},"ignorant":{},"bytes_per_node":{}}}"#,
        ),
        kind,
        CROWD,
        tick,
        percentile(&mut ms, 0.5),
        crowd.deliveries(),
        percentile(&mut each, 0.5),
        percentile(&mut ratios, 0.5),
        crowd.ignorant(),
        crowd.bytes_per_node(),
    );
}
