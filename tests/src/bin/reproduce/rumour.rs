//! Rumours in synchronous cycles: tables 1 to 3 of Demers and others.

use crate::Found;
use crate::cores::on_all_cores;
use crate::setup::{ask, config, network, recipe};
use faultline_kernel::{Span, Time};
use faultline_protocols::rumour::Rumour;
use faultline_sim::swarm::{AnySwarm, Pace, Swarm};

const SITES: u32 = 1_000;
const CYCLE: Span = Span::millis(100);
/// The cycle in which the rumour begins: everybody is there by then.
const BEGINS: u64 = 1;
/// Where nobody spreads the rumour any more, a run ends; none takes as long as this.
const CYCLES_MOST: u64 = 2_000;

type Variant = (&'static str, &'static [(&'static str, u64)], u64);

const VARIANTS: [Variant; 3] = [
    ("push, feedback, counter", &[], 5),
    ("push, blind, coin", &[("blind", 1), ("coin", 1)], 5),
    ("pull, feedback, counter", &[("push", 0), ("pull", 1)], 3),
];

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let mut found = Vec::new();
    for (name, knobs, most) in VARIANTS {
        for k in 1..=most {
            let of = format!("{name}, k = {k}");
            let all = on_all_cores(runs, |seed| play(knobs, k, seed));
            let measures = ["residue", "traffic", "t_ave", "t_last"];
            found.extend(measures.into_iter().enumerate().map(|(place, measure)| {
                let samples = all.iter().map(|one| one[place]).collect();
                let grain = if measure == "residue" { 1.0 / f64::from(SITES) } else { 0.0 };
                Found { grain, ..Found::new(&*of, measure, samples) }
            }));
        }
    }
    found
}

/// Plays until nobody spreads the rumour: residue, traffic, and the cycles of the average and the
/// last receipt, counted from the injection at the first site, over all sites that it reached.
fn play(knobs: &[(&str, u64)], k: u64, seed: u64) -> [f64; 4] {
    let all = [("nodes", u64::from(SITES)), ("k", k), ("jitter_ms", 0)];
    let knobs: Vec<(&str, u64)> = all.iter().chain(knobs).copied().collect();
    let recipe = recipe::<Rumour>(config::<Rumour>(&knobs), seed, network(1, 1, 0));
    let begins = ask(Time(BEGINS * CYCLE.0), 0);
    let mut swarm = Swarm::new(recipe, vec![begins], Pace::Cycles(CYCLE)).expect("it can");
    let (mut receipts, mut sum, mut last, mut ignorant) = (0, 0, 0, SITES - 1);
    for cycle in 0..CYCLES_MOST {
        swarm.advance(Time(cycle * CYCLE.0), u64::MAX);
        // Susceptible, infective, removed: in the order of the room.
        let [susceptible, infective, ..] = swarm.roles();
        if susceptible < ignorant {
            let new = u64::from(ignorant - susceptible);
            (receipts, sum, last) = (receipts + new, sum + new * (cycle - BEGINS), cycle - BEGINS);
            ignorant = susceptible;
        }
        if infective == 0 && cycle > BEGINS {
            break;
        }
    }
    // The rumour itself is a push or an answer to a pull.
    let told = swarm.said()[0] + swarm.said()[2];
    let share = |count: u64| count as f64 / f64::from(SITES);
    let average = sum as f64 / receipts.max(1) as f64;
    [share(ignorant.into()), share(told), average, last as f64]
}
