//! Everything at one instant. A clone of it is a snapshot.

use crate::cast::Cast;
use crate::disk::Waiting;
use crate::flight::{FlightView, Flights};
use crate::load::{Load, LoadState, Pending};
use crate::network::{Network, NetworkConfig};
use crate::players::Players;
use crate::queue::{Due, Entry, Queue};
use crate::station::{Condition, CountdownView, Station};
use faultline_kernel::{
    About, Calm, Card, Cell, Draws, Member, MessageCard, NodeId, Protocol, Seat, Time,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// How many messages, timers and requests may be on their way at once.
const ON_THE_WAY_MOST: usize = 200_000;

/// How much may wait for one node's disk, or for a node that is paused.
const WAITING_MOST: usize = 20_000;

/// What determines a run, beside the interventions in it.
pub struct Recipe<P: Protocol> {
    /// What does not depend on the protocol.
    pub setup: Setup,
    /// The knobs.
    pub config: P::Config,
    /// What is on the disks at first, in the order of members; empty disks where it ends.
    pub disks: Vec<P::Disk>,
}

/// The part of a recipe that does not depend on the protocol.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Decides every draw.
    pub seed: u64,
    /// How it does.
    pub draws: Draws,
    /// What the network is like at first.
    pub network: NetworkConfig,
    /// A steady stream of requests.
    pub load: Option<Load>,
    /// Whether properties are checked after every step.
    pub judged: bool,
}

/// The part of a world that does not depend on the protocol.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) setup: Rc<Setup>,
    pub(crate) members: Rc<[Member]>,
    pub(crate) now: Time,
    /// How many events have happened.
    pub(crate) events: u32,
    /// How many inputs have acted.
    pub(crate) inputs_done: usize,
    /// How many requests were made.
    pub(crate) requests: u32,
    pub(crate) queue: Queue,
    pub(crate) stations: Vec<Station>,
    pub(crate) flights: Flights,
    pub(crate) pending: VecDeque<Pending>,
    pub(crate) network: Network,
    /// Since when nobody interferes.
    pub(crate) calm: Option<Calm>,
    /// When the last of what was sent or written under other rules has come due.
    pub(crate) unsettled: Time,
    pub(crate) load: LoadState,
    /// The properties that broke, as bits.
    pub(crate) broken: u64,
    /// The nodes where the last step happened.
    pub(crate) touched: Option<NodeId>,
}

/// Everything at one instant.
#[derive(Clone)]
pub struct World {
    pub(crate) base: Base,
    pub(crate) cast: Box<dyn Cast>,
}

impl World {
    /// The world before anything happens: every node is about to start.
    #[must_use]
    pub fn new<P: Protocol>(recipe: Recipe<P>) -> Self {
        let Recipe { setup, config, disks } = recipe;
        let members = P::members(&config);
        let cast = Players::<P>::new(config, disks, members.len());
        Self::of(setup, members, Box::new(cast))
    }

    fn of(setup: Setup, members: Vec<Member>, cast: Box<dyn Cast>) -> Self {
        let mut queue = Queue::default();
        for member in &members {
            queue.push(Entry::new(Due::Boot, Time::ZERO, member.id, 0, 0));
        }
        if let Some(load) = setup.load.filter(|load| load.count > 0) {
            queue.push(Entry::new(Due::Request, load.from, NodeId(0), 0, 0));
        }
        let mut base = Base {
            now: Time::ZERO,
            events: 0,
            inputs_done: 0,
            requests: 0,
            queue,
            stations: vec![Station::default(); members.len()],
            flights: Flights::default(),
            pending: VecDeque::new(),
            network: Network::new(setup.network),
            calm: None,
            unsettled: Time::ZERO,
            load: LoadState::default(),
            broken: 0,
            touched: None,
            setup: Rc::new(setup),
            members: members.into(),
        };
        base.calm_down();
        Self { base, cast }
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
        &self.base.members
    }

    /// What the room says about itself.
    #[must_use]
    pub fn about(&self) -> &'static About {
        self.cast.about()
    }

    /// The memory and disk of a member, for those who know the protocol; none if it is another.
    #[must_use]
    pub fn seat<P: Protocol>(&self, node: NodeId) -> Option<&Seat<P>> {
        let players = self.cast.any().downcast_ref::<Players<P>>()?;
        players.seats.get(node.index())
    }

    /// How a node looks.
    #[must_use]
    pub fn card(&self, node: NodeId) -> Card {
        self.cast.card(&self.base.members[node.index()])
    }

    /// Every cell of a node's strip, if its card shows only the last ones.
    #[must_use]
    pub fn cells(&self, node: NodeId) -> Vec<Cell> {
        self.cast.cells(node)
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
        let cast = &*self.cast;
        self.base.stations[node.index()].countdowns().map(|(key, set_at, deadline)| {
            let (kind, about) = cast.timer(key);
            CountdownView { key, kind, about, set_at, deadline }
        })
    }

    /// Whether a write of the node is on its way to its disk.
    #[must_use]
    pub fn writing(&self, node: NodeId) -> bool {
        !self.base.stations[node.index()].outbox.is_empty()
    }

    /// The messages on their way.
    pub fn flights(&self) -> impl Iterator<Item = FlightView> + '_ {
        self.base.flights.iter().map(|(slot, flight)| flight.view(slot))
    }

    /// What a message carries that is on its way.
    #[must_use]
    pub fn message(&self, flight: &FlightView) -> MessageCard {
        self.cast.message(flight.slot)
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

    /// Whether so much waits in this world that it goes no further.
    pub(crate) fn is_crowded(&self) -> bool {
        let on_the_way = self.base.flights.len() + self.base.queue.len();
        // What grew in the last step grew at the node that was touched.
        let at_touched = self.base.touched.map_or(0, |node| {
            let station = &self.base.stations[node.index()];
            station.outbox.len() + station.backlog.len()
        });
        on_the_way > ON_THE_WAY_MOST || at_touched > WAITING_MOST
    }

    /// Bytes of memory, roughly: what a snapshot of this world costs. What copies share is left
    /// out.
    #[must_use]
    pub fn weight(&self) -> usize {
        let base = &self.base;
        let stations: usize = base.stations.iter().map(Station::weight).sum();
        let waiting: usize = base.stations.iter().map(|station| station.outbox.len()).sum();
        let outboxes = waiting * size_of::<(u32, Waiting)>();
        let pending = base.pending.len() * size_of::<Pending>();
        let queues = base.queue.weight() + base.flights.weight();
        self.cast.weight() + stations + outboxes + pending + queues
    }
}
