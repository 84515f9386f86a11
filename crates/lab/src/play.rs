//! A run and its room: what the lab asks of the two together.

use crate::room::Room;
use crate::{Error, Input, words};
use faultline_kernel::{Card, Cell, MessageCard, NodeId, Span, Time};
use faultline_sim::{
    Condition, CountdownView, FlightView, Flying, MessageName, Network, Positioned, Run, World,
};
use serde_json::Value;

/// A run that can be read and acted upon in the words of scenarios. See [`Run`] for the rest.
pub(crate) struct Play {
    pub(crate) run: Run,
    pub(crate) room: &'static Room,
}

/// What is known of one node at the moment looked at.
pub(crate) struct NodeFacts {
    pub(crate) card: Card,
    pub(crate) group: u32,
    pub(crate) rank: u32,
    pub(crate) condition: Condition,
    pub(crate) rate_ppm: u32,
    pub(crate) writing: bool,
    pub(crate) timers: Vec<CountdownView>,
}

impl Play {
    pub(crate) fn head_time(&self) -> Time {
        self.run.head().now()
    }

    pub(crate) fn head_events(&self) -> u32 {
        self.run.head().events()
    }

    pub(crate) fn inputs(&self) -> Vec<Positioned<Value>> {
        let shown = |positioned: &Positioned<_>| Positioned {
            at: positioned.at,
            after: positioned.after,
            input: self.room.unseal(&positioned.input),
        };
        self.run.inputs().iter().map(shown).collect()
    }

    pub(crate) fn input(&self, number: u32) -> Option<Input> {
        let positioned = self.run.inputs().get(number as usize)?;
        Some(self.room.unseal(&positioned.input))
    }

    pub(crate) fn inputs_done_at(&self, events: u32) -> usize {
        let done = self.run.look_at(events, u32::MAX, World::inputs_done);
        done.expect("no run is longer than this budget")
    }

    pub(crate) fn act(&mut self, time: Time, input: &Input) -> Result<(), Error> {
        let input = self.room.seal(input)?;
        if self.run.is_full() {
            return Err(Error::new(words::plain("lab-run-is-full")));
        }
        self.run.act(time, input);
        Ok(())
    }

    pub(crate) fn rewind(
        &mut self,
        events: u32,
        inputs: &[Positioned<Value>],
    ) -> Result<(), Error> {
        self.run.rewind(events, self.room.seal_all(inputs)?);
        Ok(())
    }

    pub(crate) fn branch(&self, events: u32, inputs: &[Positioned<Value>]) -> Result<Self, Error> {
        let run = self.run.branch(events, self.room.seal_all(inputs)?);
        Ok(Self { run, room: self.room })
    }

    pub(crate) fn facts(&self, node: NodeId) -> NodeFacts {
        let world = self.run.view();
        NodeFacts {
            card: world.card(node),
            group: world.members()[node.index()].group,
            rank: world.members()[node.index()].rank,
            condition: world.condition(node),
            rate_ppm: world.rate_ppm(node),
            writing: world.writing(node),
            timers: world.countdowns(node).collect(),
        }
    }

    pub(crate) fn card_at(&self, events: u32, node: NodeId, budget: u32) -> Option<Card> {
        self.run.look_at(events, budget, |world| world.card(node))
    }

    pub(crate) fn cells(&self, node: NodeId) -> Vec<Cell> {
        self.run.view().cells(node)
    }

    pub(crate) fn messages(&self) -> Vec<FlightView> {
        self.run.view().flights().collect()
    }

    pub(crate) fn message(&self, name: &MessageName) -> Option<(FlightView, MessageCard)> {
        let world = self.run.view();
        let flight = world.flights().find(|flight| flight.name == *name)?;
        let card = world.message(&flight);
        Some((flight, card))
    }

    pub(crate) fn network(&self) -> &Network {
        self.run.view().network()
    }
}

/// Whether a message waits at `now` until somebody lets it go. The view stands just after an event,
/// so a message that has come since may not know yet that it is held.
pub(crate) fn is_held(flight: &FlightView, network: &Network, now: Time) -> bool {
    match flight.flying {
        Flying::Held => true,
        Flying::Well => network.holding() && flight.arrives <= now,
        Flying::Doomed(_) => false,
    }
}

/// The middle of a range of lengths.
pub(crate) fn middle(network: &Network) -> Span {
    Span((network.config.latency.min.0 + network.config.latency.max.0) / 2)
}
