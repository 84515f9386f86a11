//! Numbers that papers give, and the same numbers out of our runs: `cargo xtask reproduce`.
//!
//! What is run and how is said here, and nothing of it comes from the papers' figures: they are
//! read from `tests/papers/` for the report alone, and without them the same numbers come out.

#[path = "../../cores.rs"]
mod cores;

mod demers;
mod detector;
mod papers;
mod swim;

use papers::Figure;
use std::process::ExitCode;

/// What runs gave for one thing that a paper has a number for.
struct Found {
    /// Of which run, in words.
    of: String,
    /// What was measured.
    measure: &'static str,
    /// One number for each run.
    samples: Vec<f64>,
}

/// How many runs each number is the mean of, unless somebody asks for another count.
const RUNS: u64 = 300;

fn main() -> ExitCode {
    let runs = match std::env::args().nth(1).map(|text| text.parse::<u64>()) {
        None => RUNS,
        Some(Ok(runs @ 2..=1_000_000)) => runs,
        Some(_) => {
            eprintln!("error: the only argument is a number of runs, from 2 to 1000000");
            return ExitCode::from(2);
        }
    };
    let figures = match papers::read() {
        Ok(figures) => figures,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    println!("{runs} runs each; the interval holds the true mean with 95 %.\n");
    let mut off = 0;
    for experiment in [demers::run, swim::run, detector::run] {
        off += table(&experiment(runs), &figures);
    }
    println!("{off} of the papers' numbers lie off.");
    ExitCode::SUCCESS
}

/// Prints a row for each number; how many lie off.
fn table(found: &[Found], figures: &[Figure]) -> u32 {
    println!(
        "{:<36} {:<30} {:>9} {:>10}  {:<21} source",
        "of", "measure", "paper", "ours", "interval"
    );
    let mut off = 0;
    for Found { of, measure, samples } in found {
        let (mean, half) = interval(samples);
        let span = format!("{:.5} … {:.5}", mean - half, mean + half);
        let figure = figures.iter().find(|figure| figure.of == *of && figure.measure == *measure);
        let (says, verdict) = match figure {
            None => ("–", String::new()),
            Some(figure) => {
                let agrees = (figure.value - mean).abs() <= half + figure.rounding;
                off += u32::from(!agrees);
                let sign = if agrees { "=" } else { "≠" };
                (&*figure.says, format!("{sign} {}, {}", figure.source, figure.place))
            }
        };
        println!("{of:<36} {measure:<30} {says:>9} {mean:>10.5}  {span:<21} {verdict}");
    }
    println!();
    off
}

/// The mean of samples, and half the width of its interval.
fn interval(samples: &[f64]) -> (f64, f64) {
    let count = samples.len().max(1) as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|one| (one - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
    (mean, 1.96 * deviation / count.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_a_normal_mean() {
        let (mean, half) = interval(&[1.0, 2.0, 3.0, 4.0]);
        assert!((mean - 2.5).abs() < 1e-9);
        assert!((half - 1.96 * (5.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-9);
    }
}
