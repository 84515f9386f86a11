//! Chaos: random faults as explicit inputs.
//!
//! Chaos is no mode of the simulator. It writes a list of interventions into a scenario, so a seed
//! that finds something is an ordinary scenario: it can be opened, stepped through, shortened by
//! hand and sent as a link.

use crate::scenario::{INPUTS_MOST, TIME_MOST};
use crate::{Error, Input, Scenario, catalogue};
use faultline_kernel::{Draw, NodeId, Purpose, Span, SpanRange, Time, TimerKind};
use faultline_sim::Positioned;

mod clients;
mod wild;

pub use clients::with_clients;
pub use wild::{Clients, wild};

/// What can go wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A node crashes, and starts again later.
    Crash,
    /// A node stands still for a while.
    Pause,
    /// A fault line runs through the cluster for a while.
    Part,
    /// One link is cut for a while, in one direction.
    CutLink,
    /// The network loses messages for a while.
    Loss,
    /// The network doubles messages for a while.
    Duplication,
    /// Messages take very different times for a while, so that they overtake one another.
    Latency,
    /// Disks are slow for a while.
    Disk,
    /// A node's clock runs fast or slow for a while, within what the room allows for.
    Clock,
    /// A timer runs out early.
    Fire,
    /// A client asks a node.
    Request,
}

/// What a schedule of faults is made of.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// How long from the beginning of one fault to that of the next.
    pub gap: SpanRange,
    /// How long a fault lasts.
    pub lasts: SpanRange,
    /// How often each fault is chosen, in relation to the others.
    pub weights: &'static [(Fault, u32)],
}

/// A bit of everything.
pub const EVERYTHING: Mix = Mix {
    gap: SpanRange { min: Span::millis(5), max: Span::millis(150) },
    lasts: SpanRange { min: Span::millis(10), max: Span::millis(700) },
    weights: &[
        (Fault::Crash, 6),
        (Fault::Pause, 3),
        (Fault::Part, 4),
        (Fault::CutLink, 5),
        (Fault::Loss, 2),
        (Fault::Duplication, 2),
        (Fault::Latency, 2),
        (Fault::Disk, 3),
        (Fault::Clock, 1),
        (Fault::Fire, 3),
        (Fault::Request, 8),
    ],
};

/// No rest: what takes effect at once, in quick succession. Few terms last longer than it takes to
/// send an entry, so logs part and old entries meet new leaders.
pub const RESTLESS: Mix = Mix {
    gap: SpanRange { min: Span::millis(2), max: Span::millis(25) },
    lasts: SpanRange { min: Span::millis(5), max: Span::millis(80) },
    weights: &[
        (Fault::Crash, 10),
        (Fault::Fire, 16),
        (Fault::Part, 8),
        (Fault::CutLink, 6),
        (Fault::Loss, 3),
        (Fault::Disk, 3),
        (Fault::Request, 4),
    ],
};

/// Nobody waits: timers run out before their time more than anything else, and the next fault comes
/// before a message has arrived, so that another wants to lead, or to begin, while what the last
/// one began is known on one side of a fault line only; and then the line runs elsewhere.
pub const CONTESTED: Mix = Mix {
    gap: SpanRange { min: Span::millis(1), max: Span::millis(10) },
    lasts: SpanRange { min: Span::millis(10), max: Span::millis(120) },
    weights: &[
        (Fault::Fire, 40),
        (Fault::Part, 10),
        (Fault::CutLink, 4),
        (Fault::Crash, 2),
        (Fault::Request, 1),
    ],
};

/// Long cuts, and life on both sides of them: whoever leads on one side is followed there while
/// another is elected on the other, and what either promised runs out by its own clock.
pub const PARTED: Mix = Mix {
    gap: SpanRange { min: Span::millis(40), max: Span::millis(300) },
    lasts: SpanRange { min: Span::millis(300), max: Span::millis(1_500) },
    weights: &[
        (Fault::Part, 8),
        (Fault::CutLink, 4),
        (Fault::Pause, 2),
        (Fault::Clock, 4),
        (Fault::Fire, 6),
        (Fault::Request, 4),
    ],
};

/// The same scenario under this seed, with a bit of everything going wrong.
///
/// # Errors
/// See [`chaos_of`].
pub fn chaos(scenario: &Scenario, seed: u64, until: Time) -> Result<Scenario, Error> {
    chaos_of(scenario, &EVERYTHING, seed, until)
}

/// The same scenario under this seed, with the faults of `mix` in place of its own interventions.
///
/// Faults begin and end in the first two thirds of the time up to `until`. Then everything is
/// whole: every node runs, every link is open, nothing is lost. In the last third every node is
/// asked once, so that progress shows.
///
/// # Errors
/// What is wrong with the scenario, or that `until` is more than a virtual day away.
pub fn chaos_of(scenario: &Scenario, mix: &Mix, seed: u64, until: Time) -> Result<Scenario, Error> {
    if until > TIME_MOST {
        return Err(Error::new("chaos lasts at most a virtual day"));
    }
    let room = catalogue::room(&scenario.protocol)?;
    let nodes = u32::try_from(room.members(scenario)?).unwrap_or(u32::MAX);
    let whole = Time(until.0 / 3 * 2);
    let (timers, clocks) = (room.about.timers, room.clocks(scenario)?);
    let schedule = Schedule { scenario, mix, seed, nodes, timers, clocks, whole };
    let mut inputs = schedule.faults();
    inputs.extend(schedule.calm());
    inputs.extend(last_requests(nodes, whole, until));
    inputs.sort_by_key(|input| input.at);
    Ok(Scenario {
        seed,
        until_us: Some(until),
        golden_us: None,
        inputs,
        scene: String::new(),
        open_us: None,
        end: None,
        branches: Vec::new(),
        branch: 0,
        moment: None,
        check: None,
        captions: Vec::new(),
        expect: Vec::new(),
        ..scenario.clone()
    })
}

/// What faults are drawn for.
struct Schedule<'a> {
    scenario: &'a Scenario,
    mix: &'a Mix,
    seed: u64,
    nodes: u32,
    timers: &'static [TimerKind],
    /// How fast clocks may run, in millionths.
    clocks: (u32, u32),
    /// When everything is whole again.
    whole: Time,
}

/// A fault, and what takes it away again.
type Episode = (Input, Option<Input>);

impl Schedule<'_> {
    fn faults(&self) -> Vec<Positioned<serde_json::Value>> {
        let mut inputs = Vec::new();
        let mut at = Time::ZERO;
        for number in 0.. {
            let mut draw = Draw::keyed(self.seed, Purpose::Chaos, &[number]);
            at += draw.span(self.mix.gap);
            if at >= self.whole || inputs.len() + 2 > INPUTS_MOST / 2 {
                break;
            }
            let end = (at + draw.span(self.mix.lasts)).min(self.whole);
            let Some((begins, ends)) = self.episode(&mut draw) else {
                continue;
            };
            inputs.push(positioned(at, begins));
            inputs.extend(ends.map(|ends| positioned(end, ends)));
        }
        inputs
    }

    fn episode(&self, draw: &mut Draw) -> Option<Episode> {
        let fault = choose(self.mix.weights, draw)?;
        let node = NodeId(below(draw, self.nodes));
        let many = self.nodes > 1;
        Some(match fault {
            Fault::Crash => (Input::Crash { node }, Some(Input::Restart { node })),
            Fault::Pause => (Input::Pause { node }, Some(Input::Resume { node })),
            Fault::Request => (Input::Request { node, request: None }, None),
            Fault::Fire => (self.fire(node, draw)?, None),
            Fault::Part => (self.part(draw), Some(Input::Heal)),
            Fault::CutLink if many => {
                let to = NodeId((node.0 + 1 + below(draw, self.nodes - 1)) % self.nodes);
                let (from, both) = (node, false);
                (Input::CutLink { from, to, both }, Some(Input::HealLink { from, to, both }))
            }
            Fault::CutLink => return None,
            Fault::Clock => {
                let (slowest, fastest) = self.clocks;
                let rate_ppm = slowest + below(draw, (fastest - slowest).max(1));
                let clock = |rate_ppm| Input::Clock { node, rate_ppm };
                (clock(rate_ppm), Some(clock(1_000_000)))
            }
            Fault::Loss => (Input::Loss { ppm: below(draw, 400_000) }, Some(self.loss())),
            Fault::Duplication => {
                (Input::Duplication { ppm: below(draw, 400_000) }, Some(self.duplication()))
            }
            Fault::Latency => (self.wide_latency(draw), Some(self.latency())),
            Fault::Disk => (self.slow_disk(draw), Some(self.disk())),
        })
    }

    fn fire(&self, node: NodeId, draw: &mut Draw) -> Option<Input> {
        let count = u32::try_from(self.timers.len()).ok()?;
        let timer = self.timers.get(below(draw, count) as usize)?.id.to_owned();
        Some(Input::Fire { node, timer, about: None })
    }

    /// Two sides, and the nodes named are one of them.
    fn part(&self, draw: &mut Draw) -> Input {
        let side = (0..self.nodes).map(NodeId).filter(|_| draw.chance(500_000)).collect();
        Input::Cut { groups: vec![side] }
    }

    /// Up to eight times the slowest message of the scenario.
    fn wide_latency(&self, draw: &mut Draw) -> Input {
        let slowest = self.scenario.network.latency_us[1].min(TIME_MOST.0 / 8);
        let max_us = slowest + draw.below(slowest * 7);
        Input::Latency { min_us: 1 + draw.below(slowest), max_us: max_us.max(slowest) + 1 }
    }

    /// Up to four times the slowest message of the scenario.
    fn slow_disk(&self, draw: &mut Draw) -> Input {
        let slowest = self.scenario.network.latency_us[1].min(TIME_MOST.0 / 8);
        let min_us = draw.below(slowest);
        Input::Disk { min_us, max_us: min_us + draw.below(slowest * 3) }
    }

    fn loss(&self) -> Input {
        Input::Loss { ppm: self.scenario.network.loss_ppm }
    }

    fn duplication(&self) -> Input {
        Input::Duplication { ppm: self.scenario.network.duplicate_ppm }
    }

    fn latency(&self) -> Input {
        let [min_us, max_us] = self.scenario.network.latency_us;
        Input::Latency { min_us, max_us }
    }

    fn disk(&self) -> Input {
        let [min_us, max_us] = self.scenario.network.disk_us;
        Input::Disk { min_us, max_us }
    }

    /// Every fault has been taken away by now, but the network of the scenario itself may be bad.
    fn calm(&self) -> Vec<Positioned<serde_json::Value>> {
        let network = &self.scenario.network;
        let lossy = (network.loss_ppm > 0).then_some(Input::Loss { ppm: 0 });
        let doubling = (network.duplicate_ppm > 0).then_some(Input::Duplication { ppm: 0 });
        let calm = |input| positioned(self.whole, input);
        lossy.into_iter().chain(doubling).map(calm).collect()
    }
}

/// Every node is asked once, after there was time to recover and before the end.
fn last_requests(
    nodes: u32,
    whole: Time,
    until: Time,
) -> impl Iterator<Item = Positioned<serde_json::Value>> {
    let quarter = until.since(whole).0 / 4;
    (0..nodes).map(move |node| {
        let later = quarter * 2 + quarter * u64::from(node) / u64::from(nodes);
        let node = NodeId(node);
        positioned(whole + Span(later), Input::Request { node, request: None })
    })
}

fn positioned(at: Time, input: Input) -> Positioned<serde_json::Value> {
    Positioned { at, after: None, input }
}

fn choose(weights: &[(Fault, u32)], draw: &mut Draw) -> Option<Fault> {
    let all = weights.iter().map(|(_, weight)| weight).sum();
    let mut place = below(draw, all);
    for (fault, weight) in weights {
        match place.checked_sub(*weight) {
            Some(rest) => place = rest,
            None => return Some(*fault),
        }
    }
    None
}

fn below(draw: &mut Draw, n: u32) -> u32 {
    u32::try_from(draw.below(u64::from(n))).expect("below a u32")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Recording, catalogue::ROOMS};

    #[test]
    fn chaos_is_a_sound_scenario_in_every_room_and_repeats() {
        for room in ROOMS {
            let plain = Scenario::plain(room.about.id, 1).expect("a room has a plain scenario");
            for seed in 0..20 {
                let wild = chaos(&plain, seed, Time(3_000_000)).expect("it is sound");
                assert_eq!(Scenario::from_json(&wild.to_json()).as_ref(), Ok(&wild));
                assert_eq!(chaos(&wild, seed, Time(3_000_000)).as_ref(), Ok(&wild));
                Recording::of(&wild, Time(3_000_000)).expect("it can be played");
            }
        }
    }

    #[test]
    fn what_begins_ends_before_the_last_third() {
        let plain = Scenario::plain(ROOMS[0].about.id, 1).expect("a room has a plain scenario");
        let wild = chaos(&plain, 5, Time(3_000_000)).expect("it is sound");
        let crash = |input: &&Positioned<_>| matches!(input.input, Input::Crash { .. });
        let restart = |input: &&Positioned<_>| matches!(input.input, Input::Restart { .. });
        let crashes = wild.inputs.iter().filter(crash).count();
        assert!(crashes > 0);
        assert_eq!(crashes, wild.inputs.iter().filter(restart).count());
        let late = wild.inputs.iter().filter(|input| input.at > Time(2_000_000));
        assert!(late.clone().count() > 0);
        assert!(late.into_iter().all(|input| matches!(input.input, Input::Request { .. })));
        assert!(wild.inputs.is_sorted_by_key(|input| input.at));
    }
}
