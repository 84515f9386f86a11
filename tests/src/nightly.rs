//! More seeds than the gate has time for: every room that agrees on something under random faults,
//! every property judged after every event, and what clients saw.

use crate::cores::on_all_cores;
use crate::judged::{fault, led_in_the_end, noted, serves_again};
use crate::wild::{self, SIZES, UNTIL};
use faultline_lab::chaos::with_clients;
use faultline_lab::{Recording, Scenario};
use faultline_sim::EventKind;
use std::fmt;
use std::time::Duration;

/// How many seeds each row has, unless somebody asks for another number.
pub const SEEDS: u64 = 10_000;
/// How many seeds one call may ask for.
pub const SEEDS_MOST: u64 = 1_000_000;
/// How many steps the judge of a history takes at most: some seconds.
const STEPS: u64 = 100_000_000;
/// How many failures of a row are told; each is a link.
const TOLD_MOST: usize = 5;

/// A row of the table: a room with some of its settings.
pub struct Row {
    /// What it is called in the table.
    pub name: &'static str,
    /// The run under a seed.
    wild: fn(u64) -> Scenario,
    /// Whether there is progress once everything is whole.
    progress: fn(&Recording) -> bool,
    /// The remarks that tell of an election, or of a ballot that begins.
    elections: &'static [&'static str],
    /// The remarks that tell that something was decided.
    decisions: &'static [&'static str],
}

/// Every row.
pub const ROWS: [Row; 5] = [
    Row {
        name: "raft",
        wild: |seed| wild::raft(size(seed), None, seed),
        progress: serves,
        elections: &["stands", "stands-again"],
        decisions: &["commits"],
    },
    Row {
        name: "raft, all on",
        wild: |seed| wild::whole(size(seed), None, seed),
        progress: serves,
        elections: &["stands", "stands-again", "stands-encouraged", "stands-told"],
        decisions: &["commits"],
    },
    Row {
        name: "multipaxos",
        wild: wild::multipaxos,
        progress: serves,
        elections: &["prepares"],
        decisions: &["is-chosen"],
    },
    Row {
        name: "paxos",
        wild: wild::paxos,
        progress: |recording| noted(recording, &["learns", "is-told"]) > 0,
        elections: &["prepares"],
        decisions: &["learns"],
    },
    Row {
        name: "fastpaxos",
        wild: wild::fastpaxos,
        progress: |recording| noted(recording, &["learns", "learns-fast", "is-told"]) > 0,
        elections: &["prepares", "prepares-fast"],
        decisions: &["learns", "learns-fast"],
    },
];

/// Seeds take turns in pairs, since every other one gets no rest.
fn size(seed: u64) -> u64 {
    SIZES[usize::from(seed / 2 % 2 == 1)]
}

fn serves(recording: &Recording) -> bool {
    led_in_the_end(recording) && serves_again(recording)
}

/// What came of a row.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many seeds were tried.
    pub seeds: u64,
    /// How many events happened.
    pub events: u64,
    /// Elections, or ballots begun.
    pub elections: u64,
    /// Decisions remarked.
    pub decisions: u64,
    /// Nodes that started again.
    pub restarts: u64,
    /// Messages lost.
    pub lost: u64,
    /// Seeds under which a property broke or nothing went on.
    pub broken: u64,
    /// Seeds whose clients were judged.
    pub histories: u64,
    /// Histories that no order explains.
    pub wrong: u64,
    /// Histories that the judge could not decide.
    pub undecided: u64,
    /// The first failures, as links.
    pub failures: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.events += other.events;
        self.elections += other.elections;
        self.decisions += other.decisions;
        self.restarts += other.restarts;
        self.lost += other.lost;
        self.broken += other.broken;
        self.histories += other.histories;
        self.wrong += other.wrong;
        self.undecided += other.undecided;
        let room = TOLD_MOST.saturating_sub(self.failures.len());
        self.failures.extend(other.failures.into_iter().take(room));
    }

    /// Whether nothing went wrong.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.broken == 0 && self.wrong == 0 && self.undecided == 0
    }
}

impl Row {
    /// Plays so many seeds on all cores.
    #[must_use]
    pub fn play(&self, seeds: u64) -> Outcome {
        let mut whole = Outcome::default();
        for outcome in on_all_cores(seeds, |seed| self.one(seed)) {
            whole.add(outcome);
        }
        whole
    }

    fn one(&self, seed: u64) -> Outcome {
        let scenario = (self.wild)(seed);
        let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
        let log = recording.log();
        let count = |kind| log.iter_from(0).filter(|record| record.kind() == kind).count() as u64;
        let fault = fault(&scenario, &recording, (self.progress)(&recording));
        let mut outcome = Outcome {
            seeds: 1,
            events: log.len().into(),
            elections: noted(&recording, self.elections),
            decisions: noted(&recording, self.decisions),
            restarts: count(EventKind::Boot) - recording.members().len() as u64,
            lost: count(EventKind::Lost),
            broken: u64::from(fault.is_some()),
            failures: fault.map(|fault| format!("seed {seed}: {fault}")).into_iter().collect(),
            ..Outcome::default()
        };
        // Rooms whose clients share no data have no histories.
        if let Ok(scenario) = with_clients(&scenario, seed, UNTIL) {
            outcome.listen(&scenario, seed);
        }
        outcome
    }
}

impl Outcome {
    /// Plays it again with clients that read and write, and judges what they saw.
    fn listen(&mut self, scenario: &Scenario, seed: u64) {
        let mut recording = Recording::begin(scenario, false).expect("it is sound");
        recording.listen();
        recording.play_until(UNTIL);
        self.histories = 1;
        match recording.judge_clients(STEPS) {
            Ok(None) => {}
            Ok(Some(found)) => {
                self.wrong = 1;
                let link = crate::judged::told(scenario, Some(found.at));
                self.failures.push(format!("seed {seed}: {} {link}", found.text));
            }
            Err(error) => {
                self.undecided = 1;
                self.failures.push(format!("seed {seed}: {error}"));
            }
        }
    }
}

/// The head of the table.
pub const HEAD: &str = "\
room            seeds      events  elections  decisions  restarts        lost  broken  \
linearizable       seconds";

/// A line of the table.
pub struct Line<'a>(pub &'a Row, pub &'a Outcome, pub Duration);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(row, outcome, took) = self;
        let Outcome { seeds, events, elections, decisions, restarts, lost, broken, .. } = outcome;
        let histories = match outcome.histories {
            0 => "–".to_owned(),
            all => format!("{} of {all}", all - outcome.wrong - outcome.undecided),
        };
        write!(
            f,
            "{:<13} {seeds:>7} {events:>11} {elections:>10} {decisions:>10} {restarts:>9} \
             {lost:>11} {broken:>7}  {histories:<16} {:>9.1}",
            row.name,
            took.as_secs_f64(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_happens_and_is_counted() {
        for row in &ROWS {
            let outcome = row.play(6);
            assert!(outcome.is_fine(), "{}: {:?}", row.name, outcome.failures);
            let Outcome { seeds, events, elections, decisions, restarts, lost, .. } = outcome;
            let counts = [events, elections, decisions, restarts, lost];
            assert!(counts.iter().all(|count| *count > 0), "{}: {counts:?}", row.name);
            let shares = row.name.starts_with("raft") || row.name == "multipaxos";
            assert!(!shares || outcome.histories == seeds, "{}", row.name);
        }
    }

    #[test]
    fn what_breaks_is_told_as_a_link_and_counted() {
        let row = Row {
            name: "raft that skips a check",
            wild: |seed| wild::raft(5, Some("skip_consistency"), seed),
            ..ROWS[0]
        };
        let outcome = row.play(4);
        assert!(outcome.broken > 0 && !outcome.is_fine());
        assert!(outcome.failures[0].contains(" #s1="), "{:?}", outcome.failures);
    }

    #[test]
    fn a_line_stands_under_its_head() {
        let outcome = Outcome { seeds: 10_000, histories: 10_000, wrong: 1, ..Outcome::default() };
        let line = Line(&ROWS[0], &outcome, Duration::from_secs(61)).to_string();
        assert!(line.contains("9999 of 10000"), "{line}");
        assert_eq!(line.chars().count(), HEAD.chars().count(), "{HEAD}\n{line}");
    }
}
