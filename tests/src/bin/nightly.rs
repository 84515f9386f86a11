//! The table of `cargo xtask nightly`.

#![expect(clippy::disallowed_types, reason = "how long a row takes is part of the table")]

use faultline_tests::nightly::{HEAD, Line, ROWS, SEEDS, SEEDS_MOST};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seeds = match &arguments[..] {
        [] => Some(SEEDS),
        [number] => number.parse().ok().filter(|seeds| (1..=SEEDS_MOST).contains(seeds)),
        _ => None,
    };
    let Some(seeds) = seeds else {
        eprintln!("error: how many seeds? a number from 1 to {SEEDS_MOST}, or nothing: {SEEDS}");
        return ExitCode::from(2);
    };
    println!("{HEAD}");
    let mut failed = false;
    for row in &ROWS {
        let started = Instant::now();
        let outcome = row.play(seeds);
        println!("{}", Line(row, &outcome, started.elapsed()));
        for failure in &outcome.failures {
            eprintln!("{}, {failure}", row.name);
        }
        failed |= !outcome.is_fine();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
