//! A rumour among many: the room's own handlers in a swarm, beside the tight loops of `limit.rs`.

use faultline_kernel::{Draws, Knobs, NodeId, Span, SpanRange, Time};
use faultline_protocols::rumour::{Config, Rumour};
use faultline_sim::swarm::{AnySwarm, Bytes, Pace, Reached, Swarm};
use faultline_sim::{Input, NetworkConfig, Positioned, Recipe, Setup};
use wasm_bindgen::prelude::wasm_bindgen;

/// How many nodes are told at once.
pub const FANOUT: u32 = 3;
/// In how many rounds whoever knows it tells others.
pub const ROUNDS: u32 = 3;
/// How long a round takes.
pub const ROUND_TICKS: u32 = 16;
/// How long a message takes at most; one tick at least.
pub const LATENCY_TICKS: u32 = 16;
/// How many of a million messages are lost.
const LOSS_PPM: u32 = 50_000;
/// A cycle by the clock.
const CYCLE: Span = Span::millis(100);

/// A rumour that one node of a swarm has just heard.
#[wasm_bindgen]
pub struct Crowd {
    swarm: Swarm<Rumour>,
    /// Whether it ends when everybody knows, and not when everybody has stopped.
    in_cycles: bool,
}

/// Push alone, without answers: after `k` rounds interest is lost.
fn config(nodes: u32, fanout: u32, k: u32, round: Span) -> Config {
    let plain = Config::from_values(&Config::defaults());
    let Ok(plain) = plain else { panic!("what is usual goes together") };
    Config { nodes, fanout, k, round, jitter: Span::ZERO, blind: true, ..plain }
}

fn crowd(config: Config, network: NetworkConfig, pace: Pace) -> Swarm<Rumour> {
    let setup = Setup { seed: 1, draws: Draws::Two, network, load: None, judged: false };
    let recipe = Recipe { setup, config, disks: Vec::new() };
    let told = Input::Request { node: NodeId(0), request: None };
    let told = Positioned { at: Time(1), after: None, input: told };
    Swarm::new(recipe, vec![told], pace).expect("a swarm can do this")
}

#[wasm_bindgen]
impl Crowd {
    /// In synchronous cycles: who knows it pushes it to one in each.
    #[must_use]
    pub fn in_cycles(nodes: u32) -> Self {
        /// As many rounds as the room counts; by then everybody knows.
        const K: u32 = 31;
        let swarm =
            crowd(config(nodes, 1, K, CYCLE), NetworkConfig::default(), Pace::Cycles(CYCLE));
        Self { swarm, in_cycles: true }
    }

    /// As timed messages of which some are lost, with ticks of so many microseconds.
    #[must_use]
    pub fn timed(nodes: u32, tick_us: u32) -> Self {
        let ticks = |count: u32| Span(u64::from(count) * u64::from(tick_us));
        let latency = SpanRange::new(ticks(1), ticks(LATENCY_TICKS));
        let network = NetworkConfig { latency, loss_ppm: LOSS_PPM, ..NetworkConfig::default() };
        let config = config(nodes, FANOUT, ROUNDS, ticks(ROUND_TICKS));
        let swarm = crowd(config, network, Pace::Timed(ticks(ROUND_TICKS)));
        Self { swarm, in_cycles: false }
    }

    /// Plays to the end.
    pub fn play(&mut self) {
        let mut now = Time::ZERO;
        while self.swarm.advance(now, u64::MAX) == Reached::Time {
            if self.in_cycles && self.ignorant() == 0 {
                return;
            }
            now += CYCLE;
        }
    }

    /// How many have not heard of it.
    #[must_use]
    pub fn ignorant(&self) -> u32 {
        self.swarm.roles()[0]
    }

    /// How many messages were delivered.
    #[must_use]
    pub fn deliveries(&self) -> f64 {
        self.swarm.slices().iter().map(|slice| f64::from(slice.deliveries)).sum()
    }

    /// Bytes for each node, by what they are for, as JSON.
    #[must_use]
    pub fn bytes_per_node(&self) -> String {
        let bytes = self.swarm.bytes();
        let Bytes { nodes, disks, timers, flags, mail, queue, counts } = bytes;
        let kinds = [
            ("nodes", nodes),
            ("disks", disks),
            ("timers", timers),
            ("flags", flags),
            ("mail", mail),
            ("queue", queue),
            ("counts", counts),
            ("standing", bytes.standing()),
            ("all", bytes.all()),
        ];
        let each = f64::from(self.swarm.count());
        let kinds = kinds.map(|(kind, bytes)| format!("\"{kind}\":{:.2}", bytes as f64 / each));
        format!("{{{}}}", kinds.join(","))
    }
}
