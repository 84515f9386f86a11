//! Tight loops: what a machine can do at most. A rumour among a million, written for this rumour
//! alone, with the smallest state, the cheapest draws and no faults. Swarms are measured beside.

use crate::crowd::{FANOUT, LATENCY_TICKS, ROUND_TICKS, ROUNDS};
use wasm_bindgen::prelude::wasm_bindgen;

/// The rumour has not been heard.
const NEVER: u32 = u32::MAX;
/// Longer than anything is ahead, and a power of two.
const RING: u32 = 32;

/// Xorshift (Marsaglia 2003).
struct Luck(u32);

impl Luck {
    #[inline]
    fn word(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    #[inline]
    fn below(&mut self, n: u32) -> u32 {
        let high = (u64::from(self.word()) * u64::from(n)) >> 32;
        high as u32
    }
}

/// Synchronous rounds: who knows it pushes it to somebody in each, until everybody knows it. How
/// many contacts there were.
#[wasm_bindgen]
#[must_use]
pub fn limit_cycles(nodes: u32) -> f64 {
    let mut luck = Luck(1);
    let mut heard_in = vec![NEVER; nodes as usize];
    heard_in[0] = 0;
    let (mut knowing, mut contacts) = (1, 0.0);
    for round in 1.. {
        let pushing = knowing;
        contacts += f64::from(pushing);
        for _ in 0..pushing {
            let heard = &mut heard_in[luck.below(nodes) as usize];
            if *heard == NEVER {
                *heard = round;
                knowing += 1;
            }
        }
        if knowing == nodes {
            break;
        }
    }
    contacts
}

/// Timed messages through a ring of buckets, one a tick: who hears of it pushes it in so many
/// rounds to so many others. How many messages were delivered.
#[wasm_bindgen]
#[must_use]
pub fn limit_timed(nodes: u32) -> f64 {
    let bucket = |tick: u32| (tick % RING) as usize;
    let ring = || (0..RING).map(|_| Vec::new()).collect::<Vec<Vec<u32>>>();
    let (mut messages, mut timers, mut luck) = (ring(), ring(), Luck(1));
    let mut heard_at = vec![NEVER; nodes as usize];
    let mut rounds = vec![0_u8; nodes as usize];
    (heard_at[0], timers[1]) = (0, vec![0]);
    let (mut deliveries, mut coming, mut tick) = (0.0, 1, 0);
    while coming > 0 {
        tick += 1;
        let mut arriving = std::mem::take(&mut messages[bucket(tick)]);
        let mut pushing = std::mem::take(&mut timers[bucket(tick)]);
        deliveries += arriving.len() as f64;
        coming -= arriving.len() + pushing.len();
        for node in arriving.drain(..) {
            let heard = &mut heard_at[node as usize];
            if *heard == NEVER {
                *heard = tick;
                pushing.push(node);
            }
        }
        for node in pushing.drain(..) {
            for _ in 0..FANOUT {
                let latency = 1 + luck.below(LATENCY_TICKS);
                messages[bucket(tick + latency)].push(luck.below(nodes));
            }
            coming += FANOUT as usize;
            let round = &mut rounds[node as usize];
            *round += 1;
            if u32::from(*round) < ROUNDS {
                timers[bucket(tick + ROUND_TICKS)].push(node);
                coming += 1;
            }
        }
        (messages[bucket(tick)], timers[bucket(tick)]) = (arriving, pushing);
    }
    deliveries
}
