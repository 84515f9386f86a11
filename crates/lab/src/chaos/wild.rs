//! Everything at once: random knobs, random faults, and clients with all the wishes of the room.

use super::{CONTESTED, EVERYTHING, Mix, PARTED, RESTLESS, below, chaos_of, positioned};
use crate::scenario::INPUTS_MOST;
use crate::{Error, Input, Scenario, catalogue};
use faultline_kernel::{Draw, NodeId, Purpose, Span, SpanRange, Time};
use faultline_sim::{Load, Positioned};

/// What goes wrong, each as often as it stands here.
const MIXES: [&Mix; 5] = [&EVERYTHING, &RESTLESS, &CONTESTED, &CONTESTED, &PARTED];

/// When clients begin to ask, and from when a steady stream of samples is asked besides.
const BEGIN: Time = Time(200_000);

/// How often a sample is asked, where the scenario has no stream of its own.
const SAMPLES: Span = Span::millis(35);

/// How long from one wish to the next: in some runs clients are in a hurry.
const HURRY: Span = Span::millis(17);
const EASE: Span = Span::millis(45);

/// How long from one node to the next, when a client that does not know whom to ask asks them all.
const NEXT_NODE: Span = Span::millis(1);

/// How long a client waits before it asks for the same once more, if it does.
const AGAIN: SpanRange = SpanRange { min: Span::millis(20), max: Span::millis(220) };

/// The same scenario under this seed, with whatever the room has to offer: knobs that it leaves
/// alone are turned, faults come at ease or in quick succession, and clients ask for everything
/// that can be asked, some of it twice.
///
/// # Errors
/// See [`chaos_of`].
pub fn wild(scenario: &Scenario, seed: u64, until: Time) -> Result<Scenario, Error> {
    let mut draw = Draw::keyed(seed, Purpose::Chaos, &[0, 2]);
    let mood = draw.word();
    let mix = MIXES[below(&mut draw, MIXES.len() as u32) as usize];
    let (hurry, rivals) = (mood & 1 == 1, mood & 2 == 2);
    let gap = if hurry { HURRY } else { EASE };
    let clients = Clients { bent: mood >> 2, rivals, gap };
    let mut scenario = vary(scenario, seed)?;
    let load = Load { every: SAMPLES, from: BEGIN, count: u32::MAX };
    scenario.load.get_or_insert(load);
    clients.join(&chaos_of(&scenario, mix, seed, until)?, Time(until.0 / 3 * 2))
}

/// Turns the knobs that the scenario leaves alone, as long as they go with the others.
fn vary(scenario: &Scenario, seed: u64) -> Result<Scenario, Error> {
    let room = catalogue::room(&scenario.protocol)?;
    let mut varied = scenario.clone();
    for ((knob, values), number) in room.random.varied.iter().zip(0..) {
        if scenario.config.contains_key(*knob) {
            continue;
        }
        let mut draw = Draw::keyed(seed, Purpose::Chaos, &[number, 3]);
        let count = u32::try_from(values.len()).expect("few values");
        varied.config.insert((*knob).to_owned(), values[below(&mut draw, count) as usize]);
        if room.members(&varied).is_err() {
            varied.config.remove(*knob);
        }
    }
    Ok(varied)
}

/// Clients with all the wishes of a room, as far as they are alike.
#[derive(Clone, Copy, Debug)]
pub struct Clients {
    /// The mood of the run, which the room makes something of.
    pub bent: u64,
    /// Whether as many of them come at once as there are nodes, each to another node first. What
    /// the first wish settles for good is hardly ever in dispute otherwise.
    pub rivals: bool,
    /// How long from one wish to the next, on average.
    pub gap: Span,
}

impl Clients {
    /// The same scenario with what they ask up to `end`, under the seed that it has.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn join(&self, scenario: &Scenario, end: Time) -> Result<Scenario, Error> {
        let wishes = self.wishes(scenario, end)?;
        let mut inputs = scenario.inputs.clone();
        let room = INPUTS_MOST.saturating_sub(inputs.len());
        inputs.extend(wishes.into_iter().take(room));
        inputs.sort_by_key(|input| input.at);
        Ok(Scenario { inputs, ..scenario.clone() })
    }

    /// What they ask from the beginning up to `end`: each wish goes to every node, so that whoever
    /// can fulfil it hears of it.
    fn wishes(
        &self,
        scenario: &Scenario,
        end: Time,
    ) -> Result<Vec<Positioned<serde_json::Value>>, Error> {
        let room = catalogue::room(&scenario.protocol)?;
        let nodes = u32::try_from(room.members(scenario)?).unwrap_or(u32::MAX);
        let at_once = if self.rivals { nodes.max(1) } else { 1 };
        let gap = Span(self.gap.0.max(1) * u64::from(at_once));
        let mut inputs = Vec::new();
        for (number, client) in (0..).zip((0..at_once).cycle()) {
            let at = BEGIN + Span(gap.0 * (number / u64::from(at_once)));
            if at >= end || inputs.len() >= INPUTS_MOST {
                break;
            }
            let mut draw = Draw::keyed(scenario.seed, Purpose::Chaos, &[number, 1]);
            let Some(request) = room.random_request(scenario, self.bent, number, &mut draw)? else {
                break;
            };
            let again = draw.chance(500_000).then(|| at + draw.span(AGAIN)).filter(|at| *at < end);
            for at in [Some(at), again].into_iter().flatten() {
                for turn in 0..nodes {
                    let node = NodeId((client + turn) % nodes);
                    let at = at + Span(NEXT_NODE.0 * u64::from(turn));
                    inputs.push(positioned(
                        at,
                        Input::Request { node, request: Some(request.clone()) },
                    ));
                }
            }
        }
        inputs.sort_by_key(|input| input.at);
        Ok(inputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::ROOMS;

    const UNTIL: Time = Time(3_000_000);

    #[test]
    fn a_wild_run_is_a_sound_scenario_in_every_room_and_repeats() {
        for room in ROOMS {
            let plain = Scenario::plain(room.about.id, 1).expect("a room has a plain scenario");
            for seed in 0..20 {
                let made = wild(&plain, seed, UNTIL).expect("it is sound");
                assert_eq!(Scenario::from_json(&made.to_json()).as_ref(), Ok(&made));
                assert_eq!(wild(&made, seed, UNTIL).as_ref(), Ok(&made), "nothing is left to turn");
            }
        }
    }

    #[test]
    fn what_a_scenario_says_about_a_knob_stays_and_the_others_are_turned() {
        let mut plain = Scenario::plain("raft", 1).expect("the room is there");
        plain.config.insert("batch".to_owned(), 3);
        let mut modes = Vec::new();
        for seed in 0..20 {
            let made = wild(&plain, seed, UNTIL).expect("it is sound");
            assert_eq!(made.config["batch"], 3);
            modes.push(made.config["read_mode"]);
        }
        assert!([0, 1, 2].iter().all(|mode| modes.contains(mode)), "{modes:?}");
    }
}
