//! The trait that every room implements, and the one through which it acts.

use crate::{
    About, Card, Cell, Draw, Knobs, Member, MessageCard, Metric, NodeId, Note, Operation, Outcome,
    RequestId, Span, SpanRange, SwarmMetric, Time, Value, Verdicts,
};
use alloc::vec::Vec;
use core::hash::Hash;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A distributed protocol: what one node remembers and how it reacts.
///
/// Handlers are pure: they may change `node`, tell `cx` what to do, and nothing else.
pub trait Protocol: Sized + 'static {
    /// What the room says about itself.
    const ABOUT: About;
    /// What is counted of a run for comparing many, beside what is counted of every room.
    const METRICS: &'static [Metric] = &[];
    /// The same of a swarm, which keeps counts only.
    const SWARM_METRICS: &'static [SwarmMetric] = &[];
    /// Its knobs, with units and bounds.
    type Config: Knobs + Clone;
    /// Memory; lost in a crash.
    type Node: Clone + Eq + Hash;
    /// What survives a crash. Scenarios may write its beginning.
    type Disk: Clone + Eq + Hash + Default + Serialize + DeserializeOwned;
    /// One change to the disk.
    type Write: Clone;
    /// What nodes say to one another.
    type Message: Clone + Eq + Ord + Hash;
    /// The name of a timer: setting it again replaces it.
    type Timer: TimerName;
    /// What a client may ask.
    type Request: Clone + Serialize + DeserializeOwned;
    /// What a client may be told.
    type Answer: Clone;
    /// The judges' own memory.
    type Witness: Clone + Default;

    /// Who takes part.
    fn members(config: &Self::Config) -> Vec<Member>;

    /// Where all are alike: how many take part, and of which class. Then [`Protocol::members`] is
    /// that many of [`Member::equal`], no handler asks for [`Cx::members`], and the room can be
    /// played by a swarm of a million, for which no list of members is made.
    fn population(_config: &Self::Config) -> Option<(u32, &'static str)> {
        None
    }

    /// Whether every node that plays this role ([`Protocol::role`]) ignores a message, and goes on
    /// ignoring it until it restarts: then [`Protocol::on_message`] would change nothing and do
    /// nothing but note it, whoever sent it and whenever it came. A swarm then saves itself the
    /// handler, the order among such messages, and a look at the node. A room may leave it at "no";
    /// where assertions are on, every world holds every message against it.
    fn ignores(_config: &Self::Config, _role: u8, _message: &Self::Message) -> bool {
        false
    }

    /// Which role a node plays, as its card says it: an index into [`About::roles`]. A swarm
    /// counts roles and looks at no cards.
    fn role(_node: &Self::Node) -> u8 {
        0
    }

    /// Starts a node, for the first time or after a crash.
    fn boot(disk: &Self::Disk, member: &Member, cx: &mut impl Cx<Self>) -> Self::Node;

    /// Something was said to the node.
    fn on_message(
        node: &mut Self::Node,
        from: NodeId,
        message: Self::Message,
        cx: &mut impl Cx<Self>,
    );

    /// A timer ran out; it is no longer set.
    fn on_timer(node: &mut Self::Node, timer: Self::Timer, cx: &mut impl Cx<Self>);

    /// A client asks; sooner or later, or never, [`Cx::answer`].
    fn on_request(
        node: &mut Self::Node,
        id: RequestId,
        request: Self::Request,
        cx: &mut impl Cx<Self>,
    );

    /// Makes a change durable. Called when the disk has finished, never before.
    fn write(disk: &mut Self::Disk, write: Self::Write);

    /// Judges the cluster after `changed` was touched; works in proportion to what changed.
    fn check(
        witness: &mut Self::Witness,
        changed: NodeId,
        cluster: &Cluster<'_, Self>,
        verdicts: &mut Verdicts,
    );

    /// Bytes that a copy of this memory and disk takes beside their own size, and does not share
    /// with the original. It decides how many snapshots of a run are kept, and nothing else.
    fn weight(_seat: &Seat<Self>) -> usize {
        0
    }

    /// The same for the judges' memory.
    fn witness_weight(_witness: &Self::Witness) -> usize {
        0
    }

    /// How a node looks; `node` is `None` while it is down.
    fn show(
        config: &Self::Config,
        node: Option<&Self::Node>,
        disk: &Self::Disk,
        member: &Member,
    ) -> Card;

    /// Every cell of the row of which the card shows the end; none if the card shows them all.
    fn cells(_node: Option<&Self::Node>, _disk: &Self::Disk) -> Vec<Cell> {
        Vec::new()
    }

    /// Which kind of message this is: an index into [`About::messages`].
    fn kind(message: &Self::Message) -> u8;

    /// What a message carries.
    fn show_message(message: &Self::Message) -> MessageCard;

    /// Which kind of answer this is: an index into [`About::answers`].
    fn answer_kind(answer: &Self::Answer) -> u8;

    /// Whom the client should ask instead, if the answer says so.
    fn redirect(_answer: &Self::Answer) -> Option<NodeId> {
        None
    }

    /// The `count`-th request that a client without wishes of its own would make.
    fn sample_request(count: u32) -> Self::Request;

    /// What the `number`-th client of a random run asks. The `mood` of a run is one number for all
    /// its clients: the room may give them a common bent by it. Without any, clients ask samples.
    fn random_request(
        _config: &Self::Config,
        _mood: u64,
        _number: u64,
        _draw: &mut Draw,
    ) -> Option<Self::Request> {
        None
    }

    /// The slowest and the fastest clock, in millionths, between which all that the room promises
    /// holds; random runs keep to them.
    fn clocks(_config: &Self::Config) -> (u32, u32) {
        (500_000, 2_000_000)
    }

    /// A request in short, such as `x=9`.
    fn show_request(request: &Self::Request) -> Value;

    /// What a request does to shared data, for the judges of what clients saw; none if it does
    /// nothing of that kind.
    fn operation(_request: &Self::Request) -> Option<Operation> {
        None
    }

    /// The way back, if a client of this room can ask for that. The upper half of a name is the
    /// client of [`Protocol::introduction`].
    fn request(_operation: &Operation) -> Option<Self::Request> {
        None
    }

    /// What a client asks first that names its operations, the one of this number; none if clients
    /// of this room name none.
    fn introduction(_client: u32) -> Option<Self::Request> {
        None
    }

    /// How an operation ended whose client is told this for good. It is [`Outcome::Refused`] only
    /// if it can never take effect later.
    fn outcome(_answer: &Self::Answer) -> Outcome {
        Outcome::Unknown
    }
}

/// What a node may do. Everything a handler does to the world goes through here.
pub trait Cx<P: Protocol> {
    /// The node whose handler runs.
    fn me(&self) -> NodeId;
    /// What its own clock shows.
    fn now(&self) -> Time;
    /// The knobs.
    fn config(&self) -> &P::Config;
    /// Who takes part.
    fn members(&self) -> &[Member];
    /// Says something to another node (or to itself); it may never arrive.
    fn send(&mut self, to: NodeId, message: P::Message);
    /// Sets a timer on its own clock; at least one microsecond ahead.
    fn set_timer(&mut self, timer: P::Timer, after: Span);
    /// Stops a timer; no harm if it is not set.
    fn cancel_timer(&mut self, timer: P::Timer);
    /// Writes to disk. Whatever the node sends or answers after this waits until the write is
    /// durable; a crash before that loses the write and all that waits.
    fn save(&mut self, write: P::Write);
    /// Answers a client.
    fn answer(&mut self, to: RequestId, answer: P::Answer);
    /// Remarks on what it does; the note is not even built when nobody listens.
    fn note(&mut self, note: impl FnOnce() -> Note);
    /// Chooses one of `n`: 0 … n − 1. A draw in a run, a branching point in a search.
    fn choose(&mut self, n: u32) -> u32;
    /// Picks a length of time, both ends included.
    fn span(&mut self, range: SpanRange) -> Span;
}

/// The name of a timer.
pub trait TimerName: Copy + Eq {
    /// A number that stands for this name and no other.
    fn key(self) -> u32;
    /// The name that [`TimerName::key`] stands for.
    fn from_key(key: u32) -> Self;
    /// Which kind of timer: an index into [`About::timers`].
    fn kind(self) -> u8;
    /// The node it is about, for timers that are kept one per peer.
    fn about(self) -> Option<NodeId> {
        None
    }
}

/// A member's memory and disk, as the world holds them.
pub struct Seat<P: Protocol> {
    /// Memory; `None` while the node is down.
    pub node: Option<P::Node>,
    /// Disk.
    pub disk: P::Disk,
}

impl<P: Protocol> Clone for Seat<P> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), disk: self.disk.clone() }
    }
}

/// What judges may look at.
pub struct Cluster<'a, P: Protocol> {
    /// The knobs.
    pub config: &'a P::Config,
    /// Who takes part.
    pub members: &'a [Member],
    /// Their memories and disks, in the order of members.
    pub seats: &'a [Seat<P>],
    /// The moment.
    pub now: Time,
    /// Since when nobody interferes, if the network is whole and every node that is up runs true;
    /// promises of progress begin there.
    pub calm: Option<Calm>,
}

/// A time in which nobody interferes: every link is open, nothing is lost or held, no node stands
/// still or was crashed or started, and clocks run true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calm {
    /// When it began: what was on its way before has arrived by then.
    pub since: Time,
    /// The longest that a message takes, with what its sender writes to disk before.
    pub delay: Span,
}

impl<P: Protocol> Cluster<'_, P> {
    /// The memory of a node that is up.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&P::Node> {
        self.seats[id.index()].node.as_ref()
    }

    /// The disk of a node, up or down.
    #[must_use]
    pub fn disk(&self, id: NodeId) -> &P::Disk {
        &self.seats[id.index()].disk
    }
}
