//! A room whose protocol is forgotten: what is left of it is data and a few functions.
//!
//! With the cast of `sim` this is all that is compiled once for each room.

use crate::play::Play;
use crate::scenario::Branch;
use crate::{Error, Input, Scenario};
use faultline_kernel::{About, Knob, Knobs, Metric, NodeId, Protocol};
#[cfg(feature = "whole")]
use faultline_kernel::{Draw, Operation};
use faultline_sim::{Positioned, Recipe, Run, Sealed, Setup, World};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::rc::Rc;

/// A room, as the lab sees it.
pub(crate) struct Room {
    pub(crate) about: &'static About,
    pub(crate) knobs: &'static [Knob],
    /// Knobs that older versions had.
    retired: &'static [&'static str],
    pub(crate) metrics: &'static [Metric],
    /// How many take part; or how knobs contradict each other.
    members: fn(&[u64]) -> Result<usize, &'static str>,
    /// A world with these knobs, and these disks where there are any.
    world: MakeWorld,
    disk: fn(&Value) -> Result<Sealed, String>,
    request: fn(&Value) -> Result<Sealed, String>,
    /// The way back, for files and links.
    show_request: fn(&Sealed) -> Value,
    /// What the makers of random runs want to know; the program that the page opens with has none.
    #[cfg(feature = "whole")]
    pub(crate) random: Random,
    /// How up to a million of its nodes are played, if the room is compiled for that.
    #[cfg(feature = "whole")]
    pub(crate) swarm: Option<crate::crowd::ForSwarm>,
}

/// What a room offers to random runs.
#[cfg(feature = "whole")]
pub(crate) struct Random {
    /// Knobs that they turn, and the values among which they choose.
    pub(crate) varied: &'static [(&'static str, &'static [u64])],
    /// The request of a client that wants this done, as scenarios write it.
    pub(crate) request_for: fn(&Operation) -> Option<Value>,
    /// What clients ask first who name their operations, as scenarios write it.
    pub(crate) introduction: fn(u32) -> Option<Value>,
    clocks: fn(&[u64]) -> Option<(u32, u32)>,
    request: fn(&[u64], u64, u64, &mut Draw) -> Option<Value>,
}

#[cfg(feature = "whole")]
impl Random {
    const fn of<P: Protocol>() -> Self {
        Self {
            varied: P::Config::VARIED,
            request_for: |operation| serde_json::to_value(P::request(operation)?).ok(),
            introduction: |client| serde_json::to_value(P::introduction(client)?).ok(),
            clocks: |values| Some(P::clocks(&P::Config::from_values(values).ok()?)),
            request: |values, mood, number, draw| {
                let config = P::Config::from_values(values).ok()?;
                serde_json::to_value(P::random_request(&config, mood, number, draw)?).ok()
            },
        }
    }
}

type MakeWorld = fn(Setup, &[u64], &[Option<Sealed>]) -> Result<World, &'static str>;

impl Room {
    pub(crate) const fn of<P: Protocol>() -> Self {
        Self {
            about: const { &P::ABOUT },
            knobs: P::Config::KNOBS,
            retired: P::Config::RETIRED,
            metrics: P::METRICS,
            members: members::<P>,
            world: world::<P>,
            disk: seal::<P::Disk>,
            request: seal::<P::Request>,
            show_request: |sealed| {
                let request = sealed.downcast_ref::<P::Request>().map(serde_json::to_value);
                let shown = request.expect("the request of another room");
                shown.expect("what a client may ask has a form in JSON")
            },
            #[cfg(feature = "whole")]
            random: Random::of::<P>(),
            #[cfg(feature = "whole")]
            swarm: None,
        }
    }

    /// A room that a swarm can play, too; that is compiled on top of the rest.
    #[cfg(feature = "whole")]
    pub(crate) const fn with_swarm<P: Protocol>(make: faultline_swarms::Make) -> Self {
        Self { swarm: Some(crate::crowd::ForSwarm::of::<P>(make)), ..Self::of::<P>() }
    }

    /// Checks what only the room can read: disks and requests.
    pub(crate) fn check(&self, scenario: &Scenario) -> Result<(), Error> {
        for (name, disk) in &scenario.disks {
            self.read_disk(name, disk)?;
        }
        self.seal_all(&scenario.inputs).map_err(|error| error.within("inputs"))?;
        for Branch { id, inputs, .. } in &scenario.branches {
            self.seal_all(inputs).map_err(|error| error.within(&format!("branch {id}")))?;
        }
        Ok(())
    }

    /// Between which rates of clocks, in millionths, all that the room promises holds.
    #[cfg(feature = "whole")]
    pub(crate) fn clocks(&self, scenario: &Scenario) -> Result<(u32, u32), Error> {
        let values = self.values(scenario)?;
        (self.members)(&values).map_err(odd)?;
        Ok((self.random.clocks)(&values).expect("the knobs go with one another"))
    }

    /// What the `number`-th client of a random run asks, as scenarios write it; none where clients
    /// have no wishes but the samples of the room.
    #[cfg(feature = "whole")]
    pub(crate) fn random_request(
        &self,
        scenario: &Scenario,
        mood: u64,
        number: u64,
        draw: &mut Draw,
    ) -> Result<Option<Value>, Error> {
        let values = self.values(scenario)?;
        Ok((self.random.request)(&values, mood, number, draw))
    }

    /// How many take part.
    pub(crate) fn members(&self, scenario: &Scenario) -> Result<usize, Error> {
        let values = self.values(scenario)?;
        (self.members)(&values).map_err(odd)
    }

    /// A run in which nothing has happened yet.
    pub(crate) fn open(&'static self, scenario: &Scenario, judged: bool) -> Result<Play, Error> {
        if scenario.is_swarm() {
            return Err(Error::new("this is a swarm: it keeps counts and has no events to show"));
        }
        let values = self.values(scenario)?;
        let members = (self.members)(&values).map_err(odd)?;
        let mut disks = vec![None; members];
        for (name, disk) in &scenario.disks {
            let node = NodeId::parse(name).filter(|node| node.index() < members);
            let node = node.ok_or_else(|| Error::new(format!("disks: there is no node {name}")))?;
            disks[node.index()] = Some(self.read_disk(name, disk)?);
        }
        let setup = Setup {
            seed: scenario.seed,
            draws: scenario.draws(),
            network: scenario.network.config(),
            load: scenario.load,
            judged,
        };
        let inputs = self.seal_all(&scenario.inputs).map_err(|error| error.within("inputs"))?;
        let world = (self.world)(setup, &values, &disks).map_err(odd)?;
        Ok(Play { run: Run::new(world, inputs), room: self })
    }

    /// The request of an input, for the room alone.
    pub(crate) fn seal(&self, input: &Input) -> Result<faultline_sim::Input<Sealed>, Error> {
        let read = |request: &Value| (self.request)(request).map_err(Error::new);
        input.try_map(|request| read(request).map_err(|error| error.within("request")))
    }

    pub(crate) fn seal_all(
        &self,
        inputs: &[Positioned<Value>],
    ) -> Result<Vec<Positioned<Sealed>>, Error> {
        let sealed = |(number, positioned): (usize, &Positioned<Value>)| {
            let place = format!("number {}", number + 1);
            let input = self.seal(&positioned.input).map_err(|error| error.within(&place))?;
            Ok(Positioned { at: positioned.at, after: positioned.after, input })
        };
        inputs.iter().enumerate().map(sealed).collect()
    }

    /// The way back.
    pub(crate) fn unseal(&self, input: &faultline_sim::Input<Sealed>) -> Input {
        let shown: Result<_, std::convert::Infallible> =
            input.try_map(|request| Ok((self.show_request)(request)));
        let Ok(shown) = shown;
        shown
    }

    pub(crate) fn read_disk(&self, name: &str, disk: &Value) -> Result<Sealed, Error> {
        let error = |error: String| Error::new(error).within(&format!("disks.{name}"));
        (self.disk)(disk).map_err(error)
    }

    /// Whether this is a knob today.
    pub(crate) fn has_knob(&self, id: &str) -> bool {
        self.knobs.iter().any(|knob| knob.id == id)
    }

    /// The values of all knobs, each within its bounds.
    pub(crate) fn values(&self, scenario: &Scenario) -> Result<Vec<u64>, Error> {
        let older = scenario.version < self.about.version;
        for id in scenario.config.keys() {
            let went = older && self.retired.contains(&id.as_str());
            if !self.has_knob(id) && !went {
                return Err(Error::new(format!("config: {} has no knob {id}", self.about.id)));
            }
        }
        let value = |knob: &Knob| {
            let value = scenario.config.get(knob.id).copied().unwrap_or(knob.default);
            let Knob { id, min, max, max_in_swarm, .. } = *knob;
            let max = if scenario.is_swarm() { max_in_swarm } else { max };
            if (min..=max).contains(&value) {
                return Ok(value);
            }
            #[cfg(feature = "whole")]
            if (max..=max_in_swarm).contains(&value) {
                return Err(Error::new(format!(
                    "config: {id} is {value}; above {max} the scenario needs time = \"cycles\" or \
                     time = \"timed\": then counts are kept instead of events"
                )));
            }
            Err(Error::new(format!("config: {id} is {value}; it goes from {min} to {max}")))
        };
        self.knobs.iter().map(value).collect()
    }
}

fn odd(contradiction: &str) -> Error {
    Error::new(contradiction).within("config")
}

/// How many take part; of a million equals no list is made.
fn members<P: Protocol>(values: &[u64]) -> Result<usize, &'static str> {
    let config = P::Config::from_values(values)?;
    let equals = P::population(&config).map(|(count, _)| count as usize);
    Ok(equals.unwrap_or_else(|| P::members(&config).len()))
}

fn world<P: Protocol>(
    setup: Setup,
    values: &[u64],
    disks: &[Option<Sealed>],
) -> Result<World, &'static str> {
    let config = P::Config::from_values(values)?;
    let disk = |sealed: &Option<Sealed>| {
        sealed.as_ref().and_then(|sealed| sealed.downcast_ref()).cloned().unwrap_or_default()
    };
    Ok(World::new(Recipe::<P> { setup, config, disks: disks.iter().map(disk).collect() }))
}

fn seal<T: DeserializeOwned + 'static>(value: &Value) -> Result<Sealed, String> {
    match T::deserialize(value) {
        Ok(read) => Ok(Rc::new(read)),
        Err(error) => Err(error.to_string()),
    }
}
