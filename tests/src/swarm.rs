//! A swarm is a world without a memory: the same recipe gives the same nodes and the same counts.

use faultline_kernel::{Draws, Knobs, NodeId, Protocol, Span, SpanRange, Time};
use faultline_protocols::{echo::Echo, paxos::Paxos, raft::Raft, rumour::Rumour};
use faultline_sim::swarm::{AnySwarm, DOWN, Pace, Reached, Slice, Swarm};
use faultline_sim::{
    EventKind, Input, NetworkConfig, Positioned, Recipe, Run, Sealed, Setup, World,
};

/// Slices of this length; what is compared ends where one of them ends.
const SLICE: Span = Span::millis(10);
const UNTIL: Time = Time(4_000_000);

/// Knobs by name, beside the defaults.
fn config<P: Protocol>(knobs: &[(&str, u64)]) -> P::Config {
    let mut values = P::Config::defaults();
    for (id, value) in knobs {
        let place = P::Config::KNOBS.iter().position(|knob| knob.id == *id);
        values[place.expect("the room has this knob")] = *value;
    }
    let Ok(config) = P::Config::from_values(&values) else { panic!("the knobs go together") };
    config
}

fn recipe<P: Protocol>(
    config: &P::Config,
    (seed, draws): (u64, Draws),
    network: NetworkConfig,
) -> Recipe<P> {
    let setup = Setup { seed, draws, network, load: None, judged: false };
    Recipe { setup, config: config.clone(), disks: Vec::new() }
}

/// Sends, copies, deliveries, losses, timers.
type Counts = [u32; 5];

fn counts_of_log(run: &Run) -> Counts {
    let kinds = [
        EventKind::Send,
        EventKind::Duplicate,
        EventKind::Deliver,
        EventKind::Lost,
        EventKind::Timer,
    ];
    let count = |kind| run.log().iter_from(0).filter(|record| record.kind() == kind).count();
    kinds.map(|kind| u32::try_from(count(kind)).expect("a short run"))
}

fn counts_of_slices(swarm: &impl AnySwarm) -> Counts {
    swarm.slices().iter().fold([0; 5], |sum, slice| {
        let counts = [slice.sends, slice.copies, slice.deliveries, slice.losses, slice.timers];
        std::array::from_fn(|place| sum[place] + counts[place])
    })
}

/// The same recipe in a world and in a swarm, until the same moment.
#[track_caller]
fn agrees<P: Protocol>(
    config: &P::Config,
    seed: (u64, Draws),
    network: NetworkConfig,
    inputs: &[(u64, Input<Sealed>)],
) -> Counts {
    let positioned = |(at, input): &(u64, Input<Sealed>)| Positioned {
        at: Time(*at),
        after: None,
        input: input.clone(),
    };
    let inputs: Vec<_> = inputs.iter().map(positioned).collect();
    let mut run = Run::new(World::new(recipe::<P>(config, seed, network)), inputs.clone());
    run.advance(UNTIL, u32::MAX);
    let pace = Pace::Timed(SLICE);
    let mut swarm = Swarm::<P>::new(recipe(config, seed, network), inputs, pace).expect("it can");
    // In several goes, as a page would.
    for part in 1..=7 {
        while swarm.advance(Time(UNTIL.0 * part / 7), 100) == Reached::Budget {}
    }
    let counts = counts_of_log(&run);
    assert_eq!(counts_of_slices(&swarm), counts, "{} seed {seed:?}", P::ABOUT.id);
    for node in (0..swarm.count()).map(NodeId) {
        let seat = run.head().seat::<P>(node).expect("it is the same room");
        assert!(seat.node.as_ref() == swarm.node(node), "{} seed {seed:?}: {node}", P::ABOUT.id);
        assert!(seat.disk == *swarm.disk(node), "{} seed {seed:?}: {node}'s disk", P::ABOUT.id);
    }
    counts
}

fn ask(node: u32) -> Input<Sealed> {
    Input::Request { node: NodeId(node), request: None }
}

/// Everything that can happen to a swarm, to the first of its nodes.
fn troubles() -> Vec<(u64, Input<Sealed>)> {
    let [one, two, three] = [0, 1, 2].map(NodeId);
    vec![
        (0, ask(0)),
        (20_000, ask(0)),
        (300_000, Input::Pause { node: two }),
        (310_000, ask(1)),
        (400_000, Input::Cut { groups: vec![vec![one, two]] }),
        (500_000, Input::Crash { node: three }),
        (600_000, Input::Resume { node: two }),
        (650_000, Input::Clock { node: one, rate_ppm: 500_000 }),
        (651_000, Input::Clock { node: three, rate_ppm: 3_000 }),
        (700_000, Input::Restart { node: three }),
        (700_000, ask(2)),
        (800_000, Input::Heal),
        (900_000, Input::CutLink { from: one, to: three, both: false }),
        (950_000, Input::Loss { ppm: 200_000 }),
        (960_000, Input::Duplication { ppm: 200_000 }),
        (970_000, Input::Latency { min_us: 1, max_us: 40 }),
        (1_000_000, ask(1)),
        (1_200_000, Input::Disk { min_us: 1_000, max_us: 9_000 }),
        (1_300_000, Input::Pause { node: one }),
        (1_350_000, Input::Crash { node: one }),
        (1_360_000, Input::LoseDisk { node: one }),
        (1_400_000, Input::Restart { node: one }),
        (1_450_000, Input::CrashSome { ppm: 400_000 }),
        (1_500_000, Input::Heal),
        (1_550_000, Input::Restart { node: one }),
        (1_600_000, ask(0)),
    ]
}

fn harsh() -> NetworkConfig {
    let span = |min, max| SpanRange::new(Span(min), Span(max));
    NetworkConfig {
        latency: span(500, 20_000),
        loss_ppm: 100_000,
        duplicate_ppm: 100_000,
        disk: span(100, 3_000),
    }
}

/// A network so fast that many things happen at one instant.
fn crowded() -> NetworkConfig {
    let latency = SpanRange::new(Span(1), Span(3));
    NetworkConfig { latency, loss_ppm: 50_000, duplicate_ppm: 300_000, ..Default::default() }
}

/// The same, and everything arrives.
fn calm() -> NetworkConfig {
    NetworkConfig { loss_ppm: 0, duplicate_ppm: 0, ..crowded() }
}

#[test]
fn every_room_is_the_same_in_a_swarm_as_in_a_world() {
    let rngs = [Draws::One, Draws::Two].into_iter().cycle();
    for seed in (0..20).zip(rngs) {
        for network in [NetworkConfig::default(), harsh(), crowded()] {
            for inputs in [vec![(20_000, ask(0))], troubles()] {
                agrees::<Echo>(&config::<Echo>(&[]), seed, network, &inputs);
                agrees::<Raft>(&config::<Raft>(&[]), seed, network, &inputs);
                agrees::<Paxos>(&config::<Paxos>(&[]), seed, network, &inputs);
                agrees::<Rumour>(&config::<Rumour>(&[]), seed, network, &inputs);
            }
        }
    }
}

#[test]
fn a_rumour_among_two_hundred_spreads_as_in_a_world() {
    let variants: [&[(&str, u64)]; 5] = [
        &[("k", 3), ("jitter_ms", 0)],
        &[("push", 0), ("pull", 1), ("fanout", 2)],
        &[("blind", 1), ("coin", 1), ("k", 4), ("fanout", 3)],
        &[("pull", 1), ("round_ms", 3), ("jitter_ms", 1)],
        &[("blind", 1), ("k", 20), ("fanout", 2), ("round_ms", 1), ("jitter_ms", 0)],
    ];
    for (seed, knobs) in (0..).zip(variants) {
        let config = config::<Rumour>(&[&[("nodes", 200)], knobs].concat());
        for draws in [Draws::One, Draws::Two] {
            for network in [harsh(), crowded(), calm()] {
                for inputs in [vec![(20_000, ask(0))], troubles()] {
                    let counts = agrees::<Rumour>(&config, (seed, draws), network, &inputs);
                    assert!(counts[2] > 200, "{counts:?}");
                }
            }
        }
    }
}

/// So many that an instant is looked at in several goes: answers and rounds come together, and
/// both draw.
#[test]
fn a_rumour_among_nine_thousand_in_step_spreads_as_in_a_world() {
    let knobs = [("nodes", 9_000), ("coin", 1), ("k", 3), ("round_ms", 3), ("jitter_ms", 0)];
    let latency = SpanRange::new(Span::millis(3), Span::millis(3));
    let network = NetworkConfig { latency, ..NetworkConfig::default() };
    let told = [(20_000, ask(0))];
    let counts = agrees::<Rumour>(&config::<Rumour>(&knobs), (3, Draws::Two), network, &told);
    assert!(counts[2] > 30_000, "{counts:?}");
}

/// A swarm in which a client tells `n1` the rumour in the first moment.
fn told(
    pace: Pace,
    knobs: &[(&str, u64)],
    seed: u64,
    network: NetworkConfig,
    inputs: &[(u64, Input<Sealed>)],
) -> Swarm<Rumour> {
    let config = config::<Rumour>(&[&[("jitter_ms", 0)], knobs].concat());
    let told = std::iter::once((1, ask(0))).chain(inputs.iter().cloned());
    let told = told.map(|(at, input)| Positioned { at: Time(at), after: None, input });
    Swarm::new(recipe(&config, (seed, Draws::default()), network), told.collect(), pace)
        .expect("it can")
}

/// The same in cycles of a tenth of a second: it is told in cycle 1.
fn in_cycles(
    knobs: &[(&str, u64)],
    seed: u64,
    network: NetworkConfig,
    inputs: &[(u64, Input<Sealed>)],
) -> Swarm<Rumour> {
    told(Pace::Cycles(Span::millis(100)), knobs, seed, network, inputs)
}

/// Demers and others, 1987, table 1: n = 1000, push with feedback and counter.
/// Residue, messages for each site, cycle of the last receipt, in thousandths.
fn table_1(k: u64) -> [u64; 3] {
    const RUNS: u64 = 100;
    let mut sums = [0; 3];
    for seed in 0..RUNS {
        let mut swarm =
            in_cycles(&[("nodes", 1_000), ("k", k)], seed, NetworkConfig::default(), &[]);
        assert_eq!(swarm.advance(Time(u64::MAX), u64::MAX), Reached::Rest);
        let slices = swarm.slices();
        let heard = |pair: &[Slice]| pair[1].roles[0] < pair[0].roles[0];
        let last = slices.windows(2).rposition(heard).expect("somebody heard of it");
        // It is told in cycle 1, whose push the next cycle has: the first of the paper's.
        let found = [swarm.roles()[0].into(), swarm.said()[0], last as u64 * 1_000];
        sums = std::array::from_fn(|place| sums[place] + found[place]);
    }
    sums.map(|sum| sum / RUNS)
}

#[test]
fn table_1_of_the_paper_comes_out_of_the_swarm() {
    for (k, paper, width) in
        [(1, [180, 1_700, 16_800], [15, 80, 900]), (2, [37, 3_300, 16_900], [6, 80, 900])]
    {
        let found = table_1(k);
        for place in 0..3 {
            assert!(found[place].abs_diff(paper[place]) <= width[place], "k = {k}: {found:?}");
        }
    }
}

#[test]
fn a_quarter_that_crashes_a_partition_and_loss_do_to_a_swarm_what_they_do() {
    const NODES: u32 = 10_000;
    let knobs = [("nodes", u64::from(NODES)), ("blind", 1), ("k", 20)];
    let quarter: Vec<_> = (1..=NODES / 4).map(|node| NodeId(node * 4 - 1)).collect();
    let crashes: Vec<_> =
        quarter.iter().map(|node| (850_000, Input::Crash { node: *node })).collect();
    let mut swarm = in_cycles(&knobs, 1, NetworkConfig::default(), &crashes);
    swarm.advance(Time(3_000_000), u64::MAX);
    let [missed, spreading, removed, ..] = swarm.roles();
    assert_eq!(missed + spreading + removed, NODES * 3 / 4);
    assert!(missed < 5, "{missed}");
    let total = |swarm: &Swarm<Rumour>| counts_of_slices(swarm);
    let [sends, _, deliveries, losses, _] = total(&swarm);
    assert_eq!(sends, deliveries + losses);
    assert!(losses > sends / 5, "a quarter of what is sent finds nobody: {losses} of {sends}");

    let apart = vec![(50_000, Input::Cut { groups: vec![quarter.clone()] })];
    let mut swarm = in_cycles(&knobs, 1, NetworkConfig::default(), &apart);
    swarm.advance(Time(3_000_000), u64::MAX);
    let reached = |node: &NodeId| swarm.node(*node).is_some_and(|node| node.state() as u8 > 0);
    assert_eq!(quarter.iter().filter(|node| reached(node)).count(), 0);
    assert!(swarm.roles()[0] < NODES / 4 + 100, "the others know it: {:?}", swarm.roles());

    let lossy = NetworkConfig { loss_ppm: 300_000, ..NetworkConfig::default() };
    let mut swarm = in_cycles(&knobs, 1, lossy, &[]);
    swarm.advance(Time(3_000_000), u64::MAX);
    let [sends, _, _, losses, _] = total(&swarm);
    let share = u64::from(losses) * 1_000 / u64::from(sends);
    assert!((295..305).contains(&share), "{share}");
}

/// Plays a swarm in goes of so much: slices, messages, who stands where, and how many goes.
fn in_goes(mut swarm: Swarm<Rumour>, budget: u64) -> (Vec<Slice>, [u64; 32], Vec<u8>, usize) {
    let mut goes = 0;
    while swarm.advance(Time(2_000_000), budget) == Reached::Budget {
        goes += 1;
    }
    let mut cells = vec![0; swarm.count() as usize];
    swarm.paint(NodeId(0), &mut cells);
    (swarm.slices(), swarm.said(), cells, goes)
}

#[track_caller]
fn is_the_same_in_however_many_goes(swarm: impl Fn() -> Swarm<Rumour>) {
    let (slices, said, cells, goes) = in_goes(swarm(), u64::MAX);
    assert_eq!(goes, 0);
    assert!(cells.iter().filter(|cell| **cell == DOWN).count() > 4_000, "a quarter is down");
    for budget in [1, 5_000] {
        let (parted_slices, parted_said, parted_cells, goes) = in_goes(swarm(), budget);
        assert_eq!((&parted_slices, parted_said, &parted_cells), (&slices, said, &cells));
        assert!(goes > 50, "{budget}: {goes}");
    }
}

/// A quarter crashes.
const STRUCK: [(u64, Input<Sealed>); 1] = [(700_000, Input::CrashSome { ppm: 250_000 })];

#[test]
fn a_cycle_is_the_same_in_however_many_goes_it_is_played() {
    let knobs = [("nodes", 20_000), ("k", 2), ("pull", 1), ("fanout", 2)];
    let lossy = NetworkConfig { loss_ppm: 50_000, ..NetworkConfig::default() };
    is_the_same_in_however_many_goes(|| in_cycles(&knobs, 3, lossy, &STRUCK));
    // Timers that are set for more than the next cycle.
    let slow = [&knobs[..], &[("round_ms", 300)]].concat();
    is_the_same_in_however_many_goes(|| in_cycles(&slow, 3, lossy, &STRUCK));
}

#[test]
fn an_instant_is_the_same_in_however_many_goes_it_is_played() {
    let knobs = [("nodes", 20_000), ("k", 2), ("pull", 1), ("fanout", 2)];
    // All rounds come at one instant; where all messages take as long, they do too, and then many
    // nodes have company.
    let spread = NetworkConfig::default();
    let one = SpanRange::new(Span::millis(4), Span::millis(4));
    let in_step = NetworkConfig { latency: one, ..spread };
    let lossy = NetworkConfig { loss_ppm: 50_000, duplicate_ppm: 50_000, ..in_step };
    for network in [spread, in_step, lossy, NetworkConfig { disk: one, ..lossy }] {
        let swarm = || told(Pace::Timed(SLICE), &knobs, 3, network, &STRUCK);
        is_the_same_in_however_many_goes(swarm);
    }
}

#[test]
fn what_a_swarm_cannot_do_it_refuses() {
    let refused = |input: Input<Sealed>| {
        let config = config::<Rumour>(&[]);
        let inputs = vec![Positioned { at: Time(1), after: None, input }];
        let network = NetworkConfig::default();
        Swarm::<Rumour>::new(
            recipe(&config, (1, Draws::default()), network),
            inputs,
            Pace::Timed(SLICE),
        )
        .is_err()
    };
    assert!(refused(Input::Hold { on: true }));
    assert!(refused(Input::Fire { node: NodeId(0), timer: "round".into(), about: None }));
    assert!(!refused(Input::Heal));
}
