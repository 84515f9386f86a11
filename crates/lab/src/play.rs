//! A run whose protocol is forgotten: what stands above this line knows no room.

use crate::scenario::Branch;
use crate::{Error, Input, Scenario, words};
use faultline_kernel::{
    About, Card, Cell, Knob, Knobs, Member, MessageCard, NodeId, Protocol, Span, Time, TimerName,
};
use faultline_sim::{
    Condition, Flying, Log, MessageName, Network, Positioned, Progress, Recipe, Run, World,
};
use serde_json::Value;

/// A room, as the lab sees it.
pub(crate) struct Room {
    pub(crate) about: &'static About,
    pub(crate) knobs: &'static [Knob],
    open: Open,
    members: fn(&[u64]) -> Result<usize, &'static str>,
    check: fn(&Scenario) -> Result<(), Error>,
}

type Open = fn(&Scenario, bool) -> Result<Box<dyn Play>, Error>;

/// What is known of one node at the moment looked at.
pub(crate) struct NodeFacts {
    pub(crate) card: Card,
    pub(crate) group: u32,
    pub(crate) condition: Condition,
    pub(crate) rate_ppm: u32,
    pub(crate) writing: bool,
    pub(crate) timers: Vec<TimerFacts>,
}

/// A timer that is set.
pub(crate) struct TimerFacts {
    pub(crate) kind: u8,
    pub(crate) about: Option<NodeId>,
    pub(crate) set_at: Time,
    pub(crate) deadline: Time,
}

/// A message on its way.
pub(crate) struct MessageFacts {
    pub(crate) name: MessageName,
    pub(crate) arrives: Time,
    pub(crate) kind: u8,
    pub(crate) flying: Flying,
    pub(crate) sent_by: u32,
}

/// A run of any protocol. See [`Run`] for what each call does.
pub(crate) trait Play {
    fn log(&self) -> &Log;
    fn head_time(&self) -> Time;
    fn head_events(&self) -> u32;
    fn next_due(&self) -> Option<Time>;
    fn is_full(&self) -> bool;
    fn advance(&mut self, until: Time, budget: u32) -> Progress;
    fn rest(&mut self, until: Time);
    fn seek(&mut self, events: u32, budget: u32) -> bool;
    fn work(&mut self, budget: u32) -> bool;
    fn inputs(&self) -> Vec<Positioned<Value>>;
    fn input(&self, number: u32) -> Option<Input>;
    fn inputs_done(&self) -> usize;
    fn inputs_done_at(&self, events: u32) -> usize;
    fn act(&mut self, time: Time, input: &Input) -> Result<(), Error>;
    fn rewind(&mut self, events: u32, inputs: &[Positioned<Value>]) -> Result<(), Error>;
    fn branch(&self, events: u32, inputs: &[Positioned<Value>]) -> Result<Box<dyn Play>, Error>;
    fn members(&self) -> &[Member];
    fn facts(&self, node: NodeId) -> NodeFacts;
    fn card_at(&self, events: u32, node: NodeId, budget: u32) -> Option<Card>;
    fn cells(&self, node: NodeId) -> Vec<Cell>;
    fn flying(&self) -> usize;
    fn messages(&self) -> Vec<MessageFacts>;
    fn message(&self, name: &MessageName) -> Option<(MessageFacts, MessageCard)>;
    fn network(&self) -> &Network;
    fn touched(&self) -> Option<NodeId>;
    fn weight(&self) -> usize;
}

impl MessageFacts {
    /// Whether it waits at `now` until somebody lets it go. The view stands just after an event,
    /// so a message that has come since may not know yet that it is held.
    pub(crate) fn is_held(&self, network: &Network, now: Time) -> bool {
        match self.flying {
            Flying::Held => true,
            Flying::Well => network.holding() && self.arrives <= now,
            Flying::Doomed(_) => false,
        }
    }
}

struct Playing<P: Protocol>(Run<P>);

impl Room {
    pub(crate) const fn of<P: Protocol>() -> Self {
        Self {
            about: const { &P::ABOUT },
            knobs: P::Config::KNOBS,
            open: open::<P>,
            members: |values| Ok(P::members(&P::Config::from_values(values)?).len()),
            check: check::<P>,
        }
    }

    /// Checks what only the room can read: disks and requests.
    pub(crate) fn check(&self, scenario: &Scenario) -> Result<(), Error> {
        (self.check)(scenario)
    }

    /// How many take part.
    pub(crate) fn members(&self, scenario: &Scenario) -> Result<usize, Error> {
        let values = self.values(scenario)?;
        (self.members)(&values).map_err(odd)
    }

    /// A run in which nothing has happened yet.
    pub(crate) fn open(&self, scenario: &Scenario, judged: bool) -> Result<Box<dyn Play>, Error> {
        (self.open)(scenario, judged)
    }

    /// The values of all knobs, each within its bounds.
    fn values(&self, scenario: &Scenario) -> Result<Vec<u64>, Error> {
        for id in scenario.config.keys() {
            if !self.knobs.iter().any(|knob| knob.id == id) {
                return Err(Error::new(format!("config: {} has no knob {id}", self.about.id)));
            }
        }
        let value = |knob: &Knob| {
            let value = scenario.config.get(knob.id).copied().unwrap_or(knob.default);
            if (knob.min..=knob.max).contains(&value) {
                return Ok(value);
            }
            let Knob { id, min, max, .. } = knob;
            Err(Error::new(format!("config: {id} is {value}; it goes from {min} to {max}")))
        };
        self.knobs.iter().map(value).collect()
    }
}

fn odd(knob: &str) -> Error {
    Error::new(format!("config: {knob} does not go with the other knobs"))
}

fn open<P: Protocol>(scenario: &Scenario, judged: bool) -> Result<Box<dyn Play>, Error> {
    let room = Room::of::<P>();
    let config = P::Config::from_values(&room.values(scenario)?).map_err(odd)?;
    let members = P::members(&config).len();
    let mut disks = vec![P::Disk::default(); members];
    for (name, disk) in &scenario.disks {
        let node = NodeId::parse(name).filter(|node| node.index() < members);
        let node = node.ok_or_else(|| Error::new(format!("disks: there is no node {name}")))?;
        disks[node.index()] = read(disk).map_err(|error| error.within(&format!("disks.{name}")))?;
    }
    let recipe = Recipe {
        seed: scenario.seed,
        config,
        network: scenario.network.config(),
        load: scenario.load,
        disks,
        judged,
    };
    let inputs = turn_all::<P>(&scenario.inputs).map_err(|error| error.within("inputs"))?;
    Ok(Box::new(Playing::<P>(Run::new(recipe, inputs))))
}

fn check<P: Protocol>(scenario: &Scenario) -> Result<(), Error> {
    for (name, disk) in &scenario.disks {
        read::<P::Disk>(disk).map_err(|error| error.within(&format!("disks.{name}")))?;
    }
    turn_all::<P>(&scenario.inputs).map_err(|error| error.within("inputs"))?;
    for Branch { id, inputs, .. } in &scenario.branches {
        turn_all::<P>(inputs).map_err(|error| error.within(&format!("branch {id}")))?;
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| Error::new(error.to_string()))
}

fn turn<P: Protocol>(input: &Input) -> Result<faultline_sim::Input<P::Request>, Error> {
    input.try_map(|request| read(request).map_err(|error| error.within("request")))
}

fn turn_all<P: Protocol>(
    inputs: &[Positioned<Value>],
) -> Result<Vec<Positioned<P::Request>>, Error> {
    let turned = |(number, positioned): (usize, &Positioned<Value>)| {
        let place = format!("number {}", number + 1);
        let input = turn::<P>(&positioned.input).map_err(|error| error.within(&place))?;
        Ok(Positioned { at: positioned.at, after: positioned.after, input })
    };
    inputs.iter().enumerate().map(turned).collect()
}

/// The way back, for files and links.
fn turn_back<R: Clone + serde::Serialize>(input: &faultline_sim::Input<R>) -> Input {
    let turned = input.try_map(|request| serde_json::to_value(request));
    turned.expect("what a client may ask has a form in JSON")
}

fn message_facts<M>(flight: &faultline_sim::FlightView<'_, M>) -> MessageFacts {
    MessageFacts {
        name: flight.name,
        arrives: flight.arrives,
        kind: flight.kind,
        flying: flight.flying,
        sent_by: flight.sent_by,
    }
}

fn card<P: Protocol>(world: &World<P>, node: NodeId) -> Card {
    let seat = world.seat(node);
    let member = &world.members()[node.index()];
    P::show(world.config(), seat.node.as_ref(), &seat.disk, member)
}

impl<P: Protocol> Play for Playing<P> {
    fn log(&self) -> &Log {
        self.0.log()
    }

    fn head_time(&self) -> Time {
        self.0.head().now()
    }

    fn head_events(&self) -> u32 {
        self.0.head().events()
    }

    fn next_due(&self) -> Option<Time> {
        self.0.next_due()
    }

    fn is_full(&self) -> bool {
        self.0.is_full()
    }

    fn advance(&mut self, until: Time, budget: u32) -> Progress {
        self.0.advance(until, budget)
    }

    fn rest(&mut self, until: Time) {
        self.0.rest(until);
    }

    fn seek(&mut self, events: u32, budget: u32) -> bool {
        self.0.seek(events, budget)
    }

    fn work(&mut self, budget: u32) -> bool {
        self.0.work(budget)
    }

    fn inputs(&self) -> Vec<Positioned<Value>> {
        let back = |positioned: &Positioned<P::Request>| Positioned {
            at: positioned.at,
            after: positioned.after,
            input: turn_back(&positioned.input),
        };
        self.0.inputs().iter().map(back).collect()
    }

    fn input(&self, number: u32) -> Option<Input> {
        self.0.inputs().get(number as usize).map(|positioned| turn_back(&positioned.input))
    }

    fn inputs_done(&self) -> usize {
        self.0.inputs_done()
    }

    fn inputs_done_at(&self, events: u32) -> usize {
        let done = self.0.look_at(events, u32::MAX, World::inputs_done);
        done.expect("no run is longer than this budget")
    }

    fn act(&mut self, time: Time, input: &Input) -> Result<(), Error> {
        let input = turn::<P>(input)?;
        if self.0.is_full() {
            return Err(Error::new(words::plain("lab-run-is-full")));
        }
        self.0.act(time, input);
        Ok(())
    }

    fn rewind(&mut self, events: u32, inputs: &[Positioned<Value>]) -> Result<(), Error> {
        self.0.rewind(events, turn_all::<P>(inputs)?);
        Ok(())
    }

    fn branch(&self, events: u32, inputs: &[Positioned<Value>]) -> Result<Box<dyn Play>, Error> {
        Ok(Box::new(Self(self.0.branch(events, turn_all::<P>(inputs)?))))
    }

    fn members(&self) -> &[Member] {
        self.0.head().members()
    }

    fn facts(&self, node: NodeId) -> NodeFacts {
        let world = self.0.view();
        let timer = |countdown: faultline_sim::CountdownView| {
            let name = P::Timer::from_key(countdown.key);
            TimerFacts {
                kind: name.kind(),
                about: name.about(),
                set_at: countdown.set_at,
                deadline: countdown.deadline,
            }
        };
        NodeFacts {
            card: card(world, node),
            group: world.members()[node.index()].group,
            condition: world.condition(node),
            rate_ppm: world.rate_ppm(node),
            writing: world.writing(node),
            timers: world.countdowns(node).map(timer).collect(),
        }
    }

    fn card_at(&self, events: u32, node: NodeId, budget: u32) -> Option<Card> {
        self.0.look_at(events, budget, |world| card(world, node))
    }

    fn cells(&self, node: NodeId) -> Vec<Cell> {
        let seat = self.0.view().seat(node);
        P::cells(seat.node.as_ref(), &seat.disk)
    }

    fn flying(&self) -> usize {
        self.0.view().flights().count()
    }

    fn messages(&self) -> Vec<MessageFacts> {
        self.0.view().flights().map(|flight| message_facts(&flight)).collect()
    }

    fn message(&self, name: &MessageName) -> Option<(MessageFacts, MessageCard)> {
        let flight = self.0.view().flights().find(|flight| flight.name == *name)?;
        Some((message_facts(&flight), P::show_message(flight.message)))
    }

    fn network(&self) -> &Network {
        self.0.view().network()
    }

    fn touched(&self) -> Option<NodeId> {
        self.0.view().touched()
    }

    fn weight(&self) -> usize {
        self.0.weight()
    }
}

/// The middle of a range of lengths.
pub(crate) fn middle(network: &Network) -> Span {
    Span((network.config.latency.min.0 + network.config.latency.max.0) / 2)
}
