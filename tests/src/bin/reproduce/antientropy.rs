//! Anti-entropy in synchronous cycles: §1.3 of Demers and others; and what digests down a tree
//! cost.

use crate::Found;
use crate::cores::on_all_cores;
use crate::setup::{ask, at, config, network, recipe};
use faultline_kernel::{NodeId, Span, Time};
use faultline_protocols::antientropy::{AntiEntropy, Disk, Item, Key, Store};
use faultline_sim::Input;
use faultline_sim::swarm::{AnySwarm, Pace, Reached, Swarm};
use serde_json::json;

const CYCLE: Span = Span::millis(100);
/// The cycle in which the first site learns of the update.
const BEGINS: u64 = 1;
/// Pull and push reach a thousand sites in about twenty.
const CYCLES_MOST: u64 = 500;

const SITES: [u32; 2] = [125, 1_000];
/// The end of an epidemic: so many know that a cycle more decides.
const LATE: f64 = 0.5;

/// Push, pull: the knob that is off, and the share that does not know one cycle later.
type Way = (&'static str, &'static str, fn(f64, u32) -> f64);

const WAYS: [Way; 2] = [
    ("push", "pull", |share, sites| {
        let sites = f64::from(sites);
        share * (1.0 - 1.0 / sites).powf(sites * (1.0 - share))
    }),
    ("pull", "push", |share, _| share * share),
];

pub(crate) fn run(runs: u64) -> Vec<Found> {
    let mut found = Vec::new();
    for (name, off, next) in WAYS {
        for sites in SITES {
            let of = format!("{name}, {sites} sites");
            let all = on_all_cores(runs, |seed| ignorant(off, sites, seed));
            if name == "push" {
                let beyond = all.iter().map(|counts| cycles_beyond_theory(counts, sites));
                let measure = "cycles beyond log2 n + ln n";
                found.push(Found::new(&*of, measure, beyond.collect()));
            }
            let against = all.iter().map(|counts| against_recurrence(counts, sites, next));
            let measure = "still ignorant, by the recurrence";
            found.push(Found::new(of, measure, against.collect()));
        }
    }
    found.extend(digests(runs));
    found
}

/// How many do not know the update after each cycle, until all do.
fn ignorant(off: &str, sites: u32, seed: u64) -> Vec<u32> {
    let knobs = [("nodes", u64::from(sites)), ("keys", 4), (off, 0)];
    let times = [("round_ms", CYCLE.0 / 1_000), ("jitter_ms", 0)];
    let config = config::<AntiEntropy>(&[&knobs[..], &times].concat());
    let recipe = recipe::<AntiEntropy>(config, seed, network(1, 1, 0));
    let begins = ask(Time(BEGINS * CYCLE.0), 0);
    let mut swarm = Swarm::new(recipe, vec![begins], Pace::Cycles(CYCLE)).expect("it can");
    let mut counts = vec![sites - 1];
    for cycle in BEGINS..CYCLES_MOST {
        swarm.advance(Time(cycle * CYCLE.0), u64::MAX);
        let knows = |node| swarm.node(node).is_some_and(|node| !node.items.is_empty());
        let ignorant = (0..sites).map(NodeId).filter(|node| !knows(*node)).count();
        counts.push(u32::try_from(ignorant).expect("some of the sites"));
        if ignorant == 0 {
            break;
        }
    }
    counts
}

fn cycles_beyond_theory(counts: &[u32], sites: u32) -> f64 {
    let sites = f64::from(sites);
    (counts.len() - 1) as f64 - sites.log2() - sites.ln()
}

/// Near the end: those that still do not know a cycle later, over those whom the recurrence lets
/// not know.
fn against_recurrence(counts: &[u32], sites: u32, next: fn(f64, u32) -> f64) -> f64 {
    let share = |count: u32| f64::from(count) / f64::from(sites);
    let late = counts.windows(2).filter(|pair| share(pair[0]) <= LATE);
    let [ours, theirs] = late.fold([0.0; 2], |[ours, theirs], pair| {
        [ours + share(pair[1]), theirs + next(share(pair[0]), sites)]
    });
    ours / theirs
}

const KEYS: u16 = 1_024;
const DIFFERING: [u16; 6] = [0, 1, 4, 16, 64, 256];

/// Two sites compare a thousand keys, of which some differ: what both of them send, in bytes.
fn digests(runs: u64) -> Vec<Found> {
    let mut found = Vec::new();
    for differing in DIFFERING {
        let of = format!("{differing} of {KEYS} keys differ");
        let all = on_all_cores(runs.min(100), |seed| bytes(differing, true, seed));
        found.push(Found::new(of, "bytes by digests", all));
    }
    let of = format!("4 of {KEYS} keys differ");
    let all = on_all_cores(runs.min(100), |seed| bytes(4, false, seed));
    found.push(Found::new(of, "bytes by list", all));
    found
}

fn bytes(differing: u16, digests: bool, seed: u64) -> f64 {
    let knobs = [("nodes", 2), ("keys", KEYS.into()), ("digests", digests.into())];
    let config = config::<AntiEntropy>(&knobs);
    let mut recipe = recipe::<AntiEntropy>(config, seed, network(1, 1, 0));
    let mut ahead = same();
    for key in some_keys(differing, seed) {
        let item = ahead.get_mut(&key).expect("every key is there");
        item.stamp.time = Time(item.stamp.time.0 + 1);
    }
    recipe.disks = [ahead, same()].map(|items| Disk { items, ..Disk::default() }).into();
    // The other site waits: its clock is slow.
    let slow = at(Time::ZERO, Input::Clock { node: NodeId(1), rate_ppm: 1_000 });
    let pace = Pace::Timed(Span::millis(1_000));
    let mut swarm = Swarm::new(recipe, vec![slow], pace).expect("it can");
    let sent = |swarm: &Swarm<AntiEntropy>| -> u64 {
        [0, 1].map(|node| swarm.node(NodeId(node)).map_or(0, |node| node.sent)).iter().sum()
    };
    let mut time = Time::ZERO;
    while sent(&swarm) == 0 {
        time = Time(time.0 + 1_000);
        assert_eq!(swarm.advance(time, u64::MAX), Reached::Time, "an exchange begins some time");
    }
    // A message takes a microsecond, and there are less than ten.
    swarm.advance(Time(time.0 + 1_000), u64::MAX);
    sent(&swarm) as f64
}

/// Every key with the same value, and the same timestamp.
fn same() -> Store {
    let item = json!({ "stamp": { "at_us": 1, "by": "n1" }, "value": "old" });
    let item: Item = serde_json::from_value(item).expect("it is one");
    (0..KEYS).map(|key| (Key(key), item)).collect()
}

/// So many keys, each as likely as any other.
fn some_keys(count: u16, seed: u64) -> Vec<Key> {
    let mut draw = faultline_kernel::Draw::keyed(seed, faultline_kernel::Purpose::Choose, &[]);
    let mut keys: Vec<Key> = (0..KEYS).map(Key).collect();
    for place in 0..usize::from(count) {
        let other = draw.below((keys.len() - place) as u64);
        keys.swap(place, place + usize::try_from(other).expect("a place"));
    }
    keys.truncate(count.into());
    keys
}
