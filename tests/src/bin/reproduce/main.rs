//! Numbers that papers give, and the same numbers out of our runs: `cargo xtask reproduce`.
//!
//! What is run and how is said here, and nothing of it comes from the papers' figures: they are
//! read from `tests/papers/` for the report alone, and without them the same numbers come out.
//! The exit code is 1 if a number does not agree with its paper, or if a paper's number was not
//! measured.

#[path = "../../cores.rs"]
mod cores;

mod antientropy;
mod broadcast;
mod detector;
mod papers;
mod report;
mod rumour;
mod setup;
mod swim;

use std::path::PathBuf;
use std::process::ExitCode;

/// What runs gave for one thing that a paper has a number for.
struct Found {
    /// Of which run, in words.
    of: String,
    /// What was measured.
    measure: &'static str,
    /// One number for each run.
    samples: Vec<f64>,
    /// The least by which two runs can differ, where what is measured is rare.
    grain: f64,
}

impl Found {
    fn new(of: impl Into<String>, measure: &'static str, samples: Vec<f64>) -> Self {
        Self { of: of.into(), measure, samples, grain: 0.0 }
    }
}

/// How many runs each number is the mean of, unless somebody asks for another count; where a run
/// takes long, an experiment plays fewer.
const RUNS: u64 = 300;
const RUNS_MOST: u64 = 1_000_000;

/// A room, what its papers are about, and what is played for them.
type Experiment = (&'static str, &'static str, fn(u64) -> Vec<Found>);

const EXPERIMENTS: [Experiment; 5] = [
    ("rumour", "Rumour mongering", rumour::run),
    ("antientropy", "Anti-entropy", antientropy::run),
    ("swim", "SWIM and Lifeguard", swim::run),
    ("detector", "φ accrual failure detector", detector::run),
    ("broadcast", "HyParView and Plumtree", broadcast::run),
];

const USAGE: &str = "reproduce [RUNS] [ROOM…] [--papers FOLDER]";

fn main() -> ExitCode {
    report(std::env::args().skip(1)).unwrap_or_else(|error| {
        eprintln!("error: {error}\n{USAGE}");
        ExitCode::from(2)
    })
}

fn report(given: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let Wanted { runs, rooms, folder } = Wanted::read(given)?;
    let figures = papers::read(&folder)?;
    println!("{runs} runs each, or fewer where they take long.");
    println!("The interval holds the true mean with 95 %; a number agrees if it lies in the wider");
    println!(
        "one that holds the means of all rows at once with 95 %, or its rounding reaches there."
    );
    if figures.is_empty() {
        println!("No paper's figures in {}: nothing is compared.", folder.display());
    }
    let mut tally = report::Tally::new(&figures);
    for (room, title, experiment) in EXPERIMENTS {
        if rooms.is_empty() || rooms.iter().any(|wanted| wanted == room) {
            println!("\n{title}");
            tally.table(&experiment(runs));
        }
    }
    Ok(tally.close(rooms.is_empty()))
}

/// What somebody asks for.
#[derive(PartialEq, Eq, Debug)]
struct Wanted {
    runs: u64,
    /// Rooms; all if there is none.
    rooms: Vec<String>,
    /// Where the papers' figures are.
    folder: PathBuf,
}

impl Wanted {
    fn read(mut given: impl Iterator<Item = String>) -> Result<Self, String> {
        let folder = PathBuf::from(papers::FOLDER);
        let mut wanted = Self { runs: RUNS, rooms: Vec::new(), folder };
        while let Some(word) = given.next() {
            if word == "--papers" {
                wanted.folder = given.next().ok_or("--papers wants a folder")?.into();
            } else if let Ok(runs) = word.parse::<u64>() {
                let few = format!("a number of runs is from 2 to {RUNS_MOST}");
                wanted.runs =
                    Some(runs).filter(|runs| (2..=RUNS_MOST).contains(runs)).ok_or(few)?;
            } else if EXPERIMENTS.iter().any(|(room, ..)| *room == word) {
                wanted.rooms.push(word);
            } else {
                let rooms = EXPERIMENTS.map(|(room, ..)| room).join(", ");
                return Err(format!("{word:?} is no room with a paper's numbers: {rooms}"));
            }
        }
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[&str]) -> Result<Wanted, String> {
        Wanted::read(given.iter().map(|&text| text.to_owned()))
    }

    #[test]
    fn without_arguments_all_is_run_beside_the_papers_of_the_house() {
        let house = PathBuf::from(papers::FOLDER);
        let all = Wanted { runs: RUNS, rooms: Vec::new(), folder: house };
        assert_eq!(read(&[]), Ok(all));
        let some = read(&["7", "swim", "--papers", "elsewhere"]).expect("they are arguments");
        assert_eq!((some.runs, some.rooms), (7, vec!["swim".to_owned()]));
        assert_eq!(some.folder, PathBuf::from("elsewhere"));
        for bad in [&["1"][..], &["many"], &["2000000"], &["--papers"], &["-3"]] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_experiment_looks_at_the_papers_figures() {
        let experiments = [
            include_str!("antientropy.rs"),
            include_str!("broadcast.rs"),
            include_str!("detector.rs"),
            include_str!("rumour.rs"),
            include_str!("setup.rs"),
            include_str!("swim.rs"),
        ];
        for text in experiments {
            for word in ["papers::", "tests/papers", "Figure", ".toml", "std::fs", "include"] {
                assert!(!text.contains(word), "{word} in:\n{text}");
            }
        }
    }
}
