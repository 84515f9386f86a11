//! A crash takes a node's memory and leaves its disk, in every room.

use faultline_kernel::{Draws, Knobs, NodeId, Protocol, Span, SpanRange, Time};
use faultline_sim::{Input, Load, NetworkConfig, Positioned, Recipe, Run, Setup, World};

const SEEDS: u64 = 20;
/// When a node crashes, at the earliest; each seed has a moment of its own.
const CRASH: Time = Time(600_000);
/// How long it is down.
const DOWN: Span = Span::millis(40);
/// So slow is a disk on which nothing becomes durable any more.
const NEVER: Span = Span::millis(3_600_000);

/// What was seen over all seeds of a room.
#[derive(Default)]
struct Seen {
    /// Crashes after which the memory was another than before.
    forgot: u32,
    /// Crashes of nodes with something on their disks.
    kept: u32,
    /// Crashes in the middle of a write.
    writing: u32,
}

fn world<P: Protocol>(seed: u64, disk: Span, disks: Vec<P::Disk>, load: Option<Load>) -> World {
    let range = |min, max| SpanRange::new(min, max);
    let network = NetworkConfig {
        latency: range(Span::millis(10), Span::millis(15)),
        loss_ppm: 0,
        duplicate_ppm: 0,
        disk: range(disk, disk),
    };
    let setup = Setup { seed, draws: Draws::default(), network, load, judged: true };
    let config = P::Config::from_values(&P::Config::defaults());
    let Ok(config) = config else { panic!("the defaults go together") };
    World::new(Recipe::<P> { setup, config, disks })
}

fn inputs(node: NodeId, crash: Time, restart: Time) -> Vec<Positioned<faultline_sim::Sealed>> {
    let positioned = |at, input| Positioned { at, after: None, input };
    vec![positioned(crash, Input::Crash { node }), positioned(restart, Input::Restart { node })]
}

/// Plays on to this time, and on to the end of the step in which the node starts.
fn until_it_starts<P: Protocol>(run: &mut Run, node: NodeId, time: Time) -> P::Node {
    run.advance(Time(time.0 - 1), u32::MAX);
    for _ in 0..1_000 {
        if let Some(memory) = &run.head().seat::<P>(node).expect("it is the same room").node {
            return memory.clone();
        }
        run.advance(time, 1);
    }
    panic!("{node} does not start");
}

/// What a node remembers that starts at this time from this disk, and never knew anything else: it
/// crashes before it hears from anybody, and nothing it writes at first becomes durable.
fn fresh<P: Protocol>(seed: u64, node: NodeId, disk: &P::Disk, restart: Time) -> P::Node {
    let mut disks = vec![P::Disk::default(); node.index()];
    disks.push(disk.clone());
    let world = world::<P>(seed, NEVER, disks, None);
    let mut run = Run::new(world, inputs(node, Time(1), restart));
    run.advance(Time(1), u32::MAX);
    until_it_starts::<P>(&mut run, node, restart)
}

fn crash<P: Protocol>(seed: u64, disk: Span, seen: &mut Seen) {
    let load = Load { every: Span::millis(15), from: Time(5_000), count: u32::MAX };
    let world = world::<P>(seed, disk, Vec::new(), Some(load));
    let nodes = u32::try_from(world.members().len()).expect("few nodes");
    let node = NodeId(u32::try_from(seed).expect("a small seed") % nodes);
    let crash = Time(CRASH.0 + seed * 3_701);
    let restart = crash + DOWN;
    let id = format!("{}, seed {seed}, {node}, disk {disk:?}", P::ABOUT.id);
    let mut run = Run::new(world, inputs(node, crash, restart));
    run.advance(Time(crash.0 - 1), u32::MAX);
    seen.writing += u32::from(run.head().writing(node));
    let seat = |run: &Run| run.head().seat::<P>(node).expect("it is the same room").clone();
    let before = seat(&run);
    for time in [crash, Time(restart.0 - 1)] {
        run.advance(time, u32::MAX);
        let down = seat(&run);
        assert!(down.node.is_none(), "{id}: its memory is there at {time}");
        assert!(down.disk == before.disk, "{id}: its disk changed while it was down");
    }
    let again = until_it_starts::<P>(&mut run, node, restart);
    let fresh = fresh::<P>(seed, node, &before.disk, restart);
    assert!(again == fresh, "{id}: it remembers something that is not on its disk");
    seen.forgot += u32::from(before.node.as_ref() != Some(&again));
    seen.kept += u32::from(before.disk != P::Disk::default());
}

fn law<P: Protocol>() {
    let mut seen = Seen::default();
    for seed in 0..SEEDS {
        crash::<P>(seed, Span::ZERO, &mut seen);
        crash::<P>(seed, Span::millis(25), &mut seen);
    }
    let Seen { forgot, kept, writing } = seen;
    let id = P::ABOUT.id;
    crate::effort::say(&format!(
        "crashes in {id}: {forgot} forgot something, {kept} kept something, {writing} while writing"
    ));
    assert!(forgot > 0, "{id}: nobody had anything to forget");
    let has_a_disk = size_of::<P::Disk>() > 0;
    assert_eq!(kept > 0, has_a_disk, "{id}: crashes with something on the disk: {kept}");
}

#[test]
fn a_crash_takes_the_memory_and_leaves_the_disk_in_every_room() {
    include!(concat!(env!("OUT_DIR"), "/rooms.rs"));
}
