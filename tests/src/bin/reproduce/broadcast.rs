//! HyParView and Plumtree: whom a broadcast reaches after many nodes failed at once, and how much
//! of it comes twice.

use crate::Found;
use crate::cores::on_all_cores;
use crate::setup::{ask, at, config, network, recipe};
use faultline_kernel::{Draw, NodeId, Purpose, Span, Time};
use faultline_protocols::broadcast::Broadcast;
use faultline_sim::swarm::{AnySwarm, Pace, Swarm};
use faultline_sim::{Input, Positioned, Sealed};

/// The paper has ten times as many.
const NODES: u32 = 1_000;
/// As in the paper: views of 5 and 30, walks of 6, remembered at 3.
const VIEWS: [(&str, u64); 4] = [("active", 5), ("passive", 30), ("walk", 6), ("remember", 3)];
/// One node after the other; then views are mixed so many times before anything is looked at.
const JOINED: Time = Time(20_000_000);
const SHUFFLE_MS: u64 = 30_000;
const SHUFFLES: u64 = 6;
const TIMES: [(&str, u64); 4] =
    [("join_ms", 20_000), ("alive_ms", 400), ("patience_ms", 700), ("shuffle_ms", SHUFFLE_MS)];
const RUNS_MOST: u64 = 6;

const SECOND: u64 = 1_000_000;
const STABLE: Time = Time(JOINED.0 + SHUFFLES * SHUFFLE_MS * 1_000);
/// Neighbours notice failures by silence, and ask others one after the other: so long they have.
/// The paper's connections break at once.
const HEALED: Time = Time(STABLE.0 + 25 * SECOND);
/// Of how many nodes in a hundred fail.
const FAILED: [u32; 4] = [50, 80, 90, 95];
const BROADCASTS: u32 = 10;
/// How long a broadcast may take.
const TAKES: u64 = SECOND;

/// Where broadcasts stand among the kinds of messages.
const GOSSIP: usize = 9;

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let runs = runs.min(RUNS_MOST);
    let mut found = Vec::new();
    for failed in FAILED {
        let all = on_all_cores(runs, |seed| reliability(failed, seed));
        found.push(Found::new(format!("{failed} % of nodes failed"), "reliability", all));
    }
    let all = on_all_cores(runs, stable);
    let of = |place: usize| all.iter().map(|one| one[place]).collect();
    found.push(Found::new("stable", "reliability", of(0)));
    found.push(Found::new("stable", "nodes with a full active view", of(1)));
    found.push(Found::new("flooding, stable", "relative message redundancy", of(2)));
    for number in 1..=BROADCASTS {
        let of = of(2 + number as usize);
        let name = format!("tree, broadcast {number}");
        found.push(Found::new(name, "relative message redundancy", of));
    }
    found
}

/// What share of the nodes that are left gets a broadcast, after so many in a hundred failed at
/// one moment; the mean of some broadcasts, each by another node.
fn reliability(failed: u32, seed: u64) -> f64 {
    let mut nodes: Vec<u32> = (0..NODES).collect();
    shuffle(&mut nodes, seed);
    let (failed, left) = nodes.split_at((NODES * failed / 100) as usize);
    let crash = |node: &u32| at(STABLE, Input::Crash { node: NodeId(*node) });
    let mut inputs: Vec<Positioned<Sealed>> = failed.iter().map(crash).collect();
    let senders: Vec<u32> = left.iter().copied().cycle().take(BROADCASTS as usize).collect();
    inputs.extend((0..).zip(&senders).map(|(count, node)| ask(begins(HEALED, count), *node)));
    let mut swarm = overlay(inputs, seed);
    swarm.advance(begins(HEALED, u64::from(BROADCASTS)), u64::MAX);
    let got: usize = left.iter().map(|node| delivered(&swarm, *node)).sum();
    got as f64 / left.len() as f64 / f64::from(BROADCASTS)
}

/// How many broadcasts a node has had.
fn delivered(swarm: &Swarm<Broadcast>, node: u32) -> usize {
    swarm.node(NodeId(node)).map_or(0, |node| node.delivered.len())
}

/// Nothing fails, and one node broadcasts: how many get it, how many nodes have all the neighbours
/// that they may have, the redundancy of a flood over all links as they stand, and that of each
/// broadcast.
fn stable(seed: u64) -> [f64; BROADCASTS as usize + 3] {
    let sender = u32::try_from(seed).unwrap_or(0) % NODES;
    let times = (0..u64::from(BROADCASTS)).map(|count| begins(STABLE, count));
    let mut swarm = overlay(times.map(|time| ask(time, sender)).collect(), seed);
    swarm.advance(Time(STABLE.0 - 1), u64::MAX);
    let mut found = [0.0; BROADCASTS as usize + 3];
    let active = |node: u32| swarm.node(NodeId(node)).map_or(0, |node| node.active.len());
    let full = (0..NODES).filter(|node| active(*node) as u64 == VIEWS[0].1).count();
    found[1] = full as f64 / f64::from(NODES);
    // Everybody passes it on over every link but the one by which it came.
    let links: usize = (0..NODES).map(active).sum();
    let others = f64::from(NODES - 1);
    found[2] = links as f64 / others - 2.0;
    let mut before = 0;
    for (found, count) in found[3..].iter_mut().zip(1..) {
        swarm.advance(Time(begins(STABLE, count).0 - 1), u64::MAX);
        let sent = swarm.said()[GOSSIP];
        *found = (sent - before) as f64 / others - 1.0;
        before = sent;
    }
    let got: usize = (0..NODES).map(|node| delivered(&swarm, node)).sum();
    found[0] = got as f64 / f64::from(NODES) / f64::from(BROADCASTS);
    found
}

fn begins(first: Time, count: u64) -> Time {
    Time(first.0 + count * TAKES)
}

fn overlay(inputs: Vec<Positioned<Sealed>>, seed: u64) -> Swarm<Broadcast> {
    let knobs = [&[("nodes", u64::from(NODES))], &VIEWS[..], &TIMES].concat();
    let config = config::<Broadcast>(&knobs);
    let recipe = recipe::<Broadcast>(config, seed, network(1_000, 10_000, 0));
    let pace = Pace::Timed(Span(SECOND));
    Swarm::new(recipe, inputs, pace).expect("it can")
}

/// In an order drawn at random.
fn shuffle(nodes: &mut [u32], seed: u64) {
    let mut draw = Draw::keyed(seed, Purpose::Choose, &[]);
    for place in (1..nodes.len()).rev() {
        let other = draw.below(place as u64 + 1);
        nodes.swap(place, usize::try_from(other).expect("a place"));
    }
}
