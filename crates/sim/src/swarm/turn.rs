//! A node's turn in a timed swarm: what it may do, and what it did at this instant already.

use super::hall::Hall;
use super::ordinals::Ordinals;
use super::ring::Ring;
use super::timers::Timers;
use crate::clock::Clock;
use crate::queue::{Due, Entry, Queue};
use faultline_kernel::{
    Cx, Draw, Key, Member, NodeId, Note, Protocol, Purpose, RequestId, Span, SpanRange, Time,
    TimerName,
};
use std::collections::{BTreeMap, VecDeque};

/// Everything that is to come, and what few nodes need.
pub(super) struct Floor<P: Protocol> {
    pub(super) ring: Ring<P::Message>,
    pub(super) timers: Timers,
    /// Writes that end, requests, and timers that are not in the ring.
    pub(super) agenda: Queue,
    /// Requests that waited for a node, and come with the agenda.
    pub(super) asked: BTreeMap<RequestId, P::Request>,
    /// What waits for disks.
    outboxes: BTreeMap<NodeId, Outbox<P>>,
    /// How often each node crashed.
    epochs: BTreeMap<NodeId, u32>,
    /// Clocks that do not run true, and what was drawn last by them.
    clocks: BTreeMap<NodeId, (Clock, Time, u64)>,
    /// What came for nodes that are paused.
    held: BTreeMap<NodeId, Vec<Held<P>>>,
    pub(super) turn: Turn,
    /// What the handler that runs has sent so far. It goes out when the handler is done, all at
    /// once: then what the sender's draws have in common is worked out once.
    pub(super) outgoing: Vec<(NodeId, P::Message)>,
    /// Turns of this instant that came before the queue had its own.
    early: BTreeMap<NodeId, Turn>,
}

/// Something that waits for a paused node.
pub(super) enum Held<P: Protocol> {
    Mail(NodeId, P::Message),
    Disk(u64),
    Request(RequestId, P::Request),
}

struct Outbox<P: Protocol> {
    /// How many writes the disk is busy with.
    writing: usize,
    waiting: VecDeque<Waiting<P>>,
}

enum Waiting<P: Protocol> {
    Write(P::Write),
    Message(NodeId, P::Message),
    /// Nobody listens; but a disk that is busy with nothing else is busy with this.
    Answer,
}

/// What a node has done at one instant.
#[derive(Clone)]
pub(super) struct Turn {
    node: NodeId,
    at: Time,
    /// What its own clock shows.
    shown: Time,
    drew: u64,
    wrote: u64,
    pub(super) sent: Ordinals,
}

const NOBODY: NodeId = NodeId(u32::MAX);

impl<P: Protocol> Floor<P> {
    pub(super) fn new(nodes: u32) -> Self {
        let turn = Turn {
            node: NOBODY,
            at: Time::ZERO,
            shown: Time::ZERO,
            drew: 0,
            wrote: 0,
            sent: Ordinals::default(),
        };
        Self {
            ring: Ring::new(),
            timers: Timers::new(nodes),
            agenda: Queue::default(),
            asked: BTreeMap::new(),
            outboxes: BTreeMap::new(),
            epochs: BTreeMap::new(),
            clocks: BTreeMap::new(),
            held: BTreeMap::new(),
            turn,
            outgoing: Vec::new(),
            early: BTreeMap::new(),
        }
    }

    /// All that happens to a node at one instant is one turn.
    #[inline(always)]
    pub(super) fn begin_turn(&mut self, node: NodeId, now: Time) {
        let turn = &mut self.turn;
        if turn.node == node && turn.at == now {
            return;
        }
        (turn.node, turn.at, turn.shown) = (node, now, now);
        (turn.drew, turn.wrote) = (0, 0);
        turn.sent.clear();
        if !self.early.is_empty() || !self.clocks.is_empty() {
            self.begin_odd_turn(node, now);
        }
    }

    #[cold]
    fn begin_odd_turn(&mut self, node: NodeId, now: Time) {
        match self.early.remove(&node) {
            Some(turn) if turn.at == now => self.turn = turn,
            _ => self.early.retain(|_, turn| turn.at == now),
        }
        if let Some((clock, drawn_at, drew)) = self.clocks.get(&node) {
            self.turn.shown = clock.local(now);
            self.turn.drew = if *drawn_at == self.turn.shown { *drew } else { 0 };
        }
    }

    /// What somebody outside made a node do is over; the queue may have something for it too.
    pub(super) fn leave_early(&mut self, now: Time) {
        if self.turn.node != NOBODY && self.turn.at == now {
            let turn = Turn { sent: std::mem::take(&mut self.turn.sent), ..self.turn.clone() };
            self.early.insert(turn.node, turn);
            self.turn.node = NOBODY;
        }
    }

    #[inline(always)]
    pub(super) fn end_turn(&mut self, node: NodeId, hall: &mut Hall<P>) {
        if !self.outgoing.is_empty() {
            self.post_all::<false>(node, hall);
        }
        if !self.outboxes.is_empty() || !self.clocks.is_empty() {
            self.end_odd_turn(node, hall);
        }
    }

    #[cold]
    fn end_odd_turn(&mut self, node: NodeId, hall: &mut Hall<P>) {
        self.begin_write(node, hall);
        if let Some(known) = self.clocks.get_mut(&node) {
            (known.1, known.2) = (self.turn.shown, self.turn.drew);
        }
    }

    /// If writes wait and the disk is idle, the disk begins.
    fn begin_write(&mut self, node: NodeId, hall: &mut Hall<P>) {
        let Some(outbox) = self.outboxes.get_mut(&node).filter(|outbox| outbox.writing == 0) else {
            return;
        };
        let is_write = |waiting: &&Waiting<P>| matches!(waiting, Waiting::Write(_));
        outbox.writing = outbox.waiting.iter().take_while(is_write).count();
        let circumstances = [u64::from(node.0), hall.now.0, self.turn.wrote];
        self.turn.wrote += 1;
        let mut draw = Draw::keyed(hall.seed, Purpose::Disk, &circumstances);
        let done = hall.now + draw.span(hall.network.config.disk);
        let epoch = u64::from(self.epoch(node));
        self.agenda.push(Entry::new(Due::Disk, done, node, 0, epoch));
    }

    pub(super) fn epoch(&self, node: NodeId) -> u32 {
        self.epochs.get(&node).copied().unwrap_or(0)
    }

    pub(super) fn hold(&mut self, node: NodeId, held: Held<P>) {
        self.held.entry(node).or_default().push(held);
    }

    pub(super) fn crash(&mut self, node: NodeId, now: Time) {
        self.timers.take(node, now);
        self.outboxes.remove(&node);
        *self.epochs.entry(node).or_default() += 1;
        self.release(node, now);
    }

    pub(super) fn resume(&mut self, node: NodeId, now: Time) {
        for (key, deadline) in self.timers.take(node, now) {
            let Self { timers, ring, agenda, .. } = self;
            timers.set(ring, agenda, (node, key), now, deadline.max(now));
        }
        self.release(node, now);
    }

    /// What waited for a node comes now.
    fn release(&mut self, node: NodeId, now: Time) {
        for held in self.held.remove(&node).unwrap_or_default() {
            match held {
                Held::Mail(from, message) => {
                    self.ring.push_mail(now, from, node, message);
                }
                Held::Disk(epoch) => self.agenda.push(Entry::new(Due::Disk, now, node, 0, epoch)),
                Held::Request(id, request) => {
                    self.asked.insert(id, request);
                    self.agenda.push(Entry::new(Due::Request, now, node, id.0, 1));
                }
            }
        }
    }

    /// What is left of each timer is stretched or shrunk.
    pub(super) fn set_rate(&mut self, node: NodeId, now: Time, rate_ppm: u32) {
        let fresh = (Clock::default(), Time(u64::MAX), 0);
        let known = self.clocks.entry(node).or_insert(fresh);
        let before = known.0;
        known.0.set_rate(now, rate_ppm);
        let clock = known.0;
        for (key, deadline) in self.timers.take(node, now) {
            let local = before.local(deadline).since(before.local(now));
            let real = if deadline > now { now + clock.real(local) } else { deadline.max(now) };
            let Self { timers, ring, agenda, .. } = self;
            timers.set(ring, agenda, (node, key), now, real);
        }
    }

    /// Whether nothing is unusual: no clock runs wrong, no write takes time, nobody acted already.
    pub(super) fn is_plain(&self) -> bool {
        self.early.is_empty() && self.clocks.is_empty() && self.outboxes.is_empty()
    }
}

/// One node while its handler runs. It is `ALONE` if nothing else happens to its node at this
/// instant and nothing is unusual: then what it has drawn so far is known to be nothing, and
/// nobody will ask for it.
pub(super) struct Actor<'a, P: Protocol, const ALONE: bool> {
    me: NodeId,
    shown: Time,
    drew: u64,
    /// The key of its choices, once it has chosen.
    choices: Option<Key>,
    config: &'a P::Config,
    hall: &'a mut Hall<P>,
    floor: &'a mut Floor<P>,
}

impl<'a, P: Protocol, const ALONE: bool> Actor<'a, P, ALONE> {
    #[inline(always)]
    pub(super) fn begin(
        me: NodeId,
        config: &'a P::Config,
        hall: &'a mut Hall<P>,
        floor: &'a mut Floor<P>,
    ) -> Self {
        let now = hall.now;
        if ALONE {
            return Self { me, shown: now, drew: 0, choices: None, config, hall, floor };
        }
        floor.begin_turn(me, now);
        let Turn { shown, drew, .. } = floor.turn;
        Self { me, shown, drew, choices: None, config, hall, floor }
    }

    /// Its handler is done.
    #[inline(always)]
    pub(super) fn end(self) {
        let Self { me, drew, hall, floor, .. } = self;
        if !ALONE {
            floor.turn.drew = drew;
            floor.end_turn(me, hall);
        } else if !floor.outgoing.is_empty() {
            floor.post_all::<true>(me, hall);
        }
    }
}

impl<P: Protocol, const ALONE: bool> Actor<'_, P, ALONE> {
    /// Its first writes are durable: what waited for them goes out, up to the next write.
    pub(super) fn saved(&mut self) {
        let Some(mut outbox) = self.floor.outboxes.remove(&self.me) else { return };
        for waiting in outbox.waiting.drain(..outbox.writing) {
            if let Waiting::Write(write) = waiting {
                P::write(&mut self.hall.disks[self.me.index()], write);
            }
        }
        outbox.writing = 0;
        while let Some(next) = outbox.waiting.pop_front() {
            match next {
                Waiting::Message(to, message) => self.floor.outgoing.push((to, message)),
                Waiting::Answer => {}
                Waiting::Write(_) => {
                    outbox.waiting.push_front(next);
                    self.floor.outboxes.insert(self.me, outbox);
                    return;
                }
            }
        }
    }

    fn wait(&mut self, what: Waiting<P>) {
        let empty = || Outbox { writing: 0, waiting: VecDeque::new() };
        let outbox = self.floor.outboxes.entry(self.me).or_insert_with(empty);
        outbox.waiting.push_back(what);
    }

    #[inline]
    fn waits(&self) -> bool {
        !ALONE && !self.floor.outboxes.is_empty() && self.floor.outboxes.contains_key(&self.me)
    }

    #[inline(always)]
    fn draw(&mut self, key: Key) -> Draw {
        let ordinal = self.drew;
        self.drew += 1;
        key.nth(ordinal, self.hall.draws)
    }

    #[inline(always)]
    fn key(&self, purpose: Key) -> Key {
        purpose.with(self.me.0.into()).with(self.shown.0)
    }
}

impl<P: Protocol, const ALONE: bool> Cx<P> for Actor<'_, P, ALONE> {
    #[inline]
    fn me(&self) -> NodeId {
        self.me
    }

    #[inline]
    fn now(&self) -> Time {
        self.shown
    }

    #[inline]
    fn config(&self) -> &P::Config {
        self.config
    }

    fn members(&self) -> &[Member] {
        self.hall.listed()
    }

    #[inline(always)]
    fn send(&mut self, to: NodeId, message: P::Message) {
        if self.waits() {
            return self.wait(Waiting::Message(to, message));
        }
        self.floor.outgoing.push((to, message));
    }

    #[inline(always)]
    fn set_timer(&mut self, timer: P::Timer, after: Span) {
        let now = self.hall.now;
        let after = match self.floor.clocks.get(&self.me) {
            Some((clock, ..)) if !ALONE => clock.real(after),
            _ => Span(after.0.max(1)),
        };
        let Floor { timers, ring, agenda, .. } = &mut *self.floor;
        timers.set(ring, agenda, (self.me, timer.key()), now, now + after);
    }

    fn cancel_timer(&mut self, timer: P::Timer) {
        self.floor.timers.cancel(self.me, timer.key());
    }

    #[inline]
    fn save(&mut self, write: P::Write) {
        if !ALONE && (self.hall.network.config.disk.max > Span::ZERO || self.waits()) {
            self.wait(Waiting::Write(write));
        } else {
            P::write(&mut self.hall.disks[self.me.index()], write);
        }
    }

    fn answer(&mut self, _to: RequestId, _answer: P::Answer) {
        if self.waits() {
            self.wait(Waiting::Answer);
        }
    }

    #[inline]
    fn note(&mut self, _note: impl FnOnce() -> Note) {}

    #[inline(always)]
    fn choose(&mut self, n: u32) -> u32 {
        let key = match self.choices {
            Some(key) => key,
            None => self.key(self.hall.choices),
        };
        self.choices = Some(key);
        self.draw(key).choice(n)
    }

    #[inline]
    fn span(&mut self, range: SpanRange) -> Span {
        let key = self.key(self.hall.spans);
        self.draw(key).span(range)
    }
}
