//! Swarms: the same protocols, draws and faults, from three nodes to a million.
//!
//! A world ([`crate::World`]) remembers everything: a log in which every event names its cause,
//! snapshots, branches. A swarm plays the same handlers with the same draws under the same
//! network and the same inputs, and remembers only the nodes and, for each slice of time, counts.
//! What it does not do: properties are not judged, notes are not written, a single message has no
//! name, and clients ask only where an input says so; [`Swarm::new`] refuses what needs more.
//!
//! **Timed.** The time of a world. At rest, every node of a swarm is what it is in the world of
//! the same recipe, and so are the counts of messages sent, delivered and lost: a law holds it.
//! The order of equal times is promised node by node (writes, then messages by sender and time of
//! sending, then timers, then requests), which is all that a handler can see. Two exceptions:
//! what waited for a paused node comes by sender and time of arrival, and a write that takes no
//! time at all, where writes may take some, ends after the other events of its instant.
//!
//! Where nothing is unusual, messages that their receivers ignore ([`Protocol::ignores`]) are
//! counted and not handled.
//!
//! **Cycles.** Synchronous rounds, as papers about gossip have them. In each cycle the nodes whose
//! timer runs out are visited in order, in blocks of 1 024 places. Requests of a block arrive after
//! its visits, in the order of sending, and so do requests to which they lead; replies have their
//! own phase after all requests, replies to replies the next. Timers run out in whole cycles,
//! rounded down, at the earliest in the next one. Latency, the time that writes take and the rate
//! of clocks play no part; loss, duplication, cuts, crashes and pauses do. The clock shows the
//! beginning of the cycle. Draws are keyed by the cycle: of node and ordinal in a visit, of sender,
//! receiver and ordinal for a message.

mod bits;
mod company;
mod cycles;
mod filter;
mod hall;
mod letter;
mod moment;
mod ordinals;
mod pool;
mod post;
mod ring;
mod rush;
mod tally;
mod timed;
mod timers;
mod turn;
mod visit;

pub use tally::{KINDS_MOST, ROLES_MOST, SLICES_MOST, Slice};

use crate::cast::Sealed;
use crate::input::{Input, Positioned};
use crate::world::Recipe;
use cycles::Cycles;
use faultline_kernel::{NodeId, Protocol, RequestId, Span, Time};
use hall::Hall;
use timed::Timed;

/// How many may take part.
pub const NODES_MOST: u32 = 1_000_000;

/// What [`AnySwarm::paint`] writes for a node that is down; no role has this number.
pub const DOWN: u8 = 15;

/// The kind of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// Synchronous cycles, each so long by the clock, and each a slice of the counts.
    Cycles(Span),
    /// The time of a world, counted in slices of this length.
    Timed(Span),
}

/// A protocol played by up to a million nodes. See the module.
///
/// ```text
/// let mut swarm = Swarm::<P>::new(recipe, inputs, Pace::Cycles(Span::millis(100)))?;
/// swarm.advance(until, u64::MAX);
/// swarm.roles(); swarm.said(); swarm.slices();
/// ```
pub struct Swarm<P: Protocol>(Floor<P>);

enum Floor<P: Protocol> {
    Cycles(Box<Cycles<P>>),
    Timed(Box<Timed<P>>),
}

/// Why a stretch of a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// The moment that was asked for.
    Time,
    /// Nothing ever happens again.
    Rest,
    /// The budget is used up; there is more to do.
    Budget,
    /// [`SLICES_MOST`] slices: it goes no further.
    Full,
}

/// Bytes of memory, by what they are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bytes {
    /// Memories of nodes, without what they keep elsewhere.
    pub nodes: usize,
    /// Disks, likewise.
    pub disks: usize,
    /// When timers run out.
    pub timers: usize,
    /// Who is up, who is paused.
    pub flags: usize,
    /// Messages on their way, and places for more.
    pub mail: usize,
    /// What finds messages and timers when they come due.
    pub queue: usize,
    /// Counts.
    pub counts: usize,
}

impl Bytes {
    /// What a node takes at rest, for all of them.
    #[must_use]
    pub fn standing(&self) -> usize {
        self.nodes + self.disks + self.timers + self.flags
    }

    /// Everything.
    #[must_use]
    pub fn all(&self) -> usize {
        self.standing() + self.mail + self.queue + self.counts
    }
}

/// What is asked of a swarm when its protocol is forgotten.
pub trait AnySwarm {
    /// Plays on to `until`, or until about `budget` messages and timers were handled.
    fn advance(&mut self, until: Time, budget: u64) -> Reached;
    /// The time of the last thing that happened, or the end of what was asked for.
    fn now(&self) -> Time;
    /// How many take part.
    fn count(&self) -> u32;
    /// Counts for every slice so far, the open one last.
    fn slices(&self) -> Vec<Slice>;
    /// Counts for one slice, by its number from 0.
    fn slice(&self, number: usize) -> Slice;
    /// Writes the role of each node from this one on, or [`DOWN`].
    fn paint(&self, first: NodeId, cells: &mut [u8]);
    /// From now on this will happen too; it lies ahead of [`AnySwarm::now`].
    ///
    /// # Errors
    /// What a swarm cannot do.
    fn act(&mut self, input: Positioned<Sealed>) -> Result<(), &'static str>;
    /// How many of the nodes that are up play each role.
    fn roles(&self) -> [u32; ROLES_MOST];
    /// How often each kind of message was sent.
    fn said(&self) -> [u64; KINDS_MOST];
    /// What it takes of memory.
    fn bytes(&self) -> Bytes;
}

impl<P: Protocol> Swarm<P> {
    /// A swarm in which nothing has happened yet. Inputs stand in the order of their times.
    ///
    /// # Errors
    /// What a swarm cannot do: see the module.
    pub fn new(
        recipe: Recipe<P>,
        inputs: Vec<Positioned<Sealed>>,
        pace: Pace,
    ) -> Result<Self, &'static str> {
        let about = const { &P::ABOUT };
        if about.roles.len() > ROLES_MOST || about.messages.len() > KINDS_MOST {
            return Err("the room has too many roles or kinds of messages for a swarm");
        }
        let config = recipe.config.clone();
        Ok(Self(match pace {
            Pace::Cycles(length) => {
                let hall = Hall::new(recipe, inputs, Span(1))?;
                Floor::Cycles(Box::new(Cycles::new(config, hall, length)))
            }
            Pace::Timed(slice) => {
                let hall = Hall::new(recipe, inputs, slice)?;
                Floor::Timed(Box::new(Timed::new(config, hall)))
            }
        }))
    }

    fn hall(&self) -> &Hall<P> {
        match &self.0 {
            Floor::Cycles(floor) => &floor.hall,
            Floor::Timed(floor) => &floor.hall,
        }
    }

    fn hall_mut(&mut self) -> &mut Hall<P> {
        match &mut self.0 {
            Floor::Cycles(floor) => &mut floor.hall,
            Floor::Timed(floor) => &mut floor.hall,
        }
    }

    /// The memory of a node that is up.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&P::Node> {
        let nodes = match &self.0 {
            Floor::Cycles(floor) => &floor.nodes,
            Floor::Timed(floor) => &floor.nodes,
        };
        nodes.get(id.index()).filter(|_| self.hall().up.has(id))
    }

    /// The disk of a node, up or down.
    #[must_use]
    pub fn disk(&self, id: NodeId) -> &P::Disk {
        &self.hall().disks[id.index()]
    }
}

impl<P: Protocol> AnySwarm for Swarm<P> {
    fn advance(&mut self, until: Time, budget: u64) -> Reached {
        match &mut self.0 {
            Floor::Cycles(floor) => floor.advance(until, budget),
            Floor::Timed(floor) => floor.advance(until, budget),
        }
    }

    fn now(&self) -> Time {
        self.hall().now
    }

    fn count(&self) -> u32 {
        self.hall().count
    }

    fn slices(&self) -> Vec<Slice> {
        self.hall().tally.slices()
    }

    fn slice(&self, number: usize) -> Slice {
        self.hall().tally.slice(number)
    }

    fn paint(&self, first: NodeId, cells: &mut [u8]) {
        for (node, cell) in (first.0..).map(NodeId).zip(cells) {
            *cell = self.node(node).map_or(DOWN, P::role);
        }
    }

    fn act(&mut self, input: Positioned<Sealed>) -> Result<(), &'static str> {
        possible(std::slice::from_ref(&input))?;
        self.hall_mut().add_input(input);
        Ok(())
    }

    fn roles(&self) -> [u32; ROLES_MOST] {
        self.hall().tally.open.roles
    }

    fn said(&self) -> [u64; KINDS_MOST] {
        self.hall().tally.said
    }

    fn bytes(&self) -> Bytes {
        match &self.0 {
            Floor::Cycles(floor) => floor.bytes(),
            Floor::Timed(floor) => floor.bytes(),
        }
    }
}

/// What the two kinds of time do differently when somebody intervenes.
trait Faults<P: Protocol> {
    fn hall(&mut self) -> &mut Hall<P>;
    /// A node that is up stops, and all that it had not written is gone.
    fn crash(&mut self, node: NodeId);
    /// A node that is down starts from its disk.
    fn restart(&mut self, node: NodeId);
    /// A node goes on: what waited for it comes now.
    fn resume(&mut self, node: NodeId);
    /// A node's clock changes its rate.
    fn set_rate(&mut self, node: NodeId, rate_ppm: u32);
    /// A client asks.
    fn ask(&mut self, node: NodeId, id: RequestId, request: P::Request);
}

/// A message on its way within a cycle.
#[derive(Clone)]
struct Mail<M> {
    from: NodeId,
    to: NodeId,
    /// The how-manieth that the handler sent.
    ordinal: u16,
    message: M,
}

/// Whether a swarm can do all this.
///
/// # Errors
/// What it cannot do.
pub fn possible<R>(inputs: &[Positioned<R>]) -> Result<(), &'static str> {
    for Positioned { after, input, .. } in inputs {
        if after.is_some() {
            return Err("a swarm counts no events: an input acts at a time alone");
        }
        match input {
            Input::Drop { .. }
            | Input::Duplicate { .. }
            | Input::Deliver { .. }
            | Input::Delay { .. }
            | Input::Hold { .. } => return Err("in a swarm no message has a name"),
            Input::Fire { .. } => return Err("in a swarm no timer is fired by hand"),
            _ => {}
        }
    }
    Ok(())
}
