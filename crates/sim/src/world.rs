//! Everything at one instant. A clone of it is a snapshot.

use crate::disk::{Outbox, Waiting};
use crate::flight::{FlightView, Flights};
use crate::load::{Load, LoadState, Pending};
use crate::network::{Network, NetworkConfig};
use crate::queue::{Due, Entry, Queue};
use crate::station::{Condition, CountdownView, Station};
use faultline_kernel::{Member, NodeId, Protocol, Seat, Time};
use std::collections::VecDeque;
use std::rc::Rc;

/// How many messages, timers and requests may be on their way at once.
const ON_THE_WAY_MOST: usize = 200_000;

/// How much may wait for one node's disk, or for a node that is paused.
const WAITING_MOST: usize = 20_000;

/// What determines a run, beside the interventions in it.
pub struct Recipe<P: Protocol> {
    /// Decides every draw.
    pub seed: u64,
    /// The knobs.
    pub config: P::Config,
    /// What the network is like at first.
    pub network: NetworkConfig,
    /// A steady stream of requests.
    pub load: Option<Load>,
    /// What is on the disks at first, in the order of members; empty disks where it ends.
    pub disks: Vec<P::Disk>,
    /// Whether properties are checked after every step.
    pub judged: bool,
}

/// The part of a world that does not depend on the protocol.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) now: Time,
    /// How many events have happened.
    pub(crate) events: u32,
    /// How many inputs have acted.
    pub(crate) inputs_done: usize,
    /// How many requests were made.
    pub(crate) requests: u32,
    pub(crate) queue: Queue,
    pub(crate) stations: Vec<Station>,
    pub(crate) network: Network,
    pub(crate) load: LoadState,
    /// The properties that broke, as bits.
    pub(crate) broken: u64,
    /// The nodes where the last step happened.
    pub(crate) touched: Option<NodeId>,
}

/// Everything at one instant.
pub struct World<P: Protocol> {
    pub(crate) recipe: Rc<Recipe<P>>,
    pub(crate) members: Rc<[Member]>,
    pub(crate) base: Base,
    pub(crate) seats: Vec<Seat<P>>,
    pub(crate) outboxes: Vec<Outbox<P>>,
    pub(crate) flights: Flights<P::Message>,
    pub(crate) pending: VecDeque<Pending<P::Request>>,
    pub(crate) witness: P::Witness,
}

impl<P: Protocol> Clone for World<P> {
    fn clone(&self) -> Self {
        Self {
            recipe: Rc::clone(&self.recipe),
            members: Rc::clone(&self.members),
            base: self.base.clone(),
            seats: self.seats.clone(),
            outboxes: self.outboxes.clone(),
            flights: self.flights.clone(),
            pending: self.pending.clone(),
            witness: self.witness.clone(),
        }
    }
}

impl<P: Protocol> World<P> {
    /// The world before anything happens: every node is about to start.
    #[must_use]
    pub fn new(recipe: Rc<Recipe<P>>) -> Self {
        let members: Rc<[Member]> = P::members(&recipe.config).into();
        let mut queue = Queue::default();
        for member in &*members {
            queue.push(Entry::new(Due::Boot, Time::ZERO, member.id, 0, 0));
        }
        if let Some(load) = recipe.load.filter(|load| load.count > 0) {
            queue.push(Entry::new(Due::Request, load.from, NodeId(0), 0, 0));
        }
        let disk = |index: usize| recipe.disks.get(index).cloned().unwrap_or_default();
        let seats = (0..members.len()).map(|index| Seat { node: None, disk: disk(index) });
        Self {
            base: Base {
                now: Time::ZERO,
                events: 0,
                inputs_done: 0,
                requests: 0,
                queue,
                stations: vec![Station::default(); members.len()],
                network: Network::new(recipe.network),
                load: LoadState::default(),
                broken: 0,
                touched: None,
            },
            seats: seats.collect(),
            outboxes: (0..members.len()).map(|_| Outbox::<P>::new()).collect(),
            flights: Flights::default(),
            pending: VecDeque::new(),
            witness: P::Witness::default(),
            members,
            recipe,
        }
    }

    /// The time of the last step.
    #[must_use]
    pub fn now(&self) -> Time {
        self.base.now
    }

    /// How many events have happened.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.base.events
    }

    /// How many interventions have acted.
    #[must_use]
    pub fn inputs_done(&self) -> usize {
        self.base.inputs_done
    }

    /// Who takes part.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The memory and disk of a member.
    #[must_use]
    pub fn seat(&self, node: NodeId) -> &Seat<P> {
        &self.seats[node.index()]
    }

    /// Whether a node runs.
    #[must_use]
    pub fn condition(&self, node: NodeId) -> Condition {
        self.base.stations[node.index()].condition
    }

    /// How fast a node's clock runs, in millionths.
    #[must_use]
    pub fn rate_ppm(&self, node: NodeId) -> u32 {
        self.base.stations[node.index()].clock.rate_ppm()
    }

    /// The timers of a node that are set.
    pub fn countdowns(&self, node: NodeId) -> impl Iterator<Item = CountdownView> + '_ {
        self.base.stations[node.index()].countdowns()
    }

    /// Whether a write of the node is on its way to its disk.
    #[must_use]
    pub fn writing(&self, node: NodeId) -> bool {
        !self.outboxes[node.index()].is_empty()
    }

    /// The messages on their way.
    pub fn flights(&self) -> impl Iterator<Item = FlightView<'_, P::Message>> + '_ {
        self.flights.iter().map(|(_, flight)| flight.view())
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.base.network
    }

    /// The node where the last step happened.
    #[must_use]
    pub fn touched(&self) -> Option<NodeId> {
        self.base.touched
    }

    /// The knobs.
    #[must_use]
    pub fn config(&self) -> &P::Config {
        &self.recipe.config
    }

    /// Whether so much waits in this world that it goes no further.
    pub(crate) fn is_crowded(&self) -> bool {
        let on_the_way = self.flights.len() + self.base.queue.len();
        // What grew in the last step grew at the node that was touched.
        let at_touched = self.base.touched.map_or(0, |node| {
            let place = node.index();
            self.outboxes[place].len() + self.base.stations[place].backlog.len()
        });
        on_the_way > ON_THE_WAY_MOST || at_touched > WAITING_MOST
    }

    /// Bytes of memory, roughly: what a snapshot of this world costs. What copies share is left
    /// out.
    #[must_use]
    pub fn weight(&self) -> usize {
        let seats: usize =
            self.seats.iter().map(|seat| size_of::<Seat<P>>() + P::weight(seat)).sum();
        let stations: usize = self.base.stations.iter().map(Station::weight).sum();
        let outboxes: usize = self.outboxes.iter().map(VecDeque::len).sum();
        let waiting = outboxes * size_of::<(u32, Waiting<P>)>()
            + self.pending.len() * size_of::<Pending<P::Request>>();
        let judges = size_of::<P::Witness>() + P::witness_weight(&self.witness);
        let queues = self.base.queue.weight() + self.flights.weight();
        seats + stations + waiting + judges + queues
    }
}
