//! A swarm in synchronous cycles.

use super::hall::{Hall, STRETCH, Stand, intervene};
use super::visit::{Actor, Floor, Held, Run};
use super::{Bytes, Faults, Mail, Reached, Slice, rush};
use faultline_kernel::{NodeId, Protocol, RequestId, Span, SpanRange, Time, TimerName};
use std::collections::VecDeque;

/// How many phases of replies a cycle has; the rest waits for the next cycle.
const PHASES_MOST: u64 = 32;
/// How often a request may lead to a request before the next phase.
const HOPS_MOST: u32 = 32;
/// How many words of 64 nodes are visited before what they sent arrives: so few that it stays near
/// the processor, so many that many receivers can be fetched at once.
const BLOCK: usize = 16;

pub(super) struct Cycles<P: Protocol> {
    pub(super) nodes: Vec<P::Node>,
    config: P::Config,
    pub(super) hall: Hall<P>,
    floor: Floor<P>,
    /// Places for the requests that are being delivered.
    batch: Vec<Mail<P::Message>>,
    /// Timers of this cycle that are not their node's first, by nodes, last one first.
    others: Vec<(NodeId, u32)>,
    handled: u64,
    stage: Stage,
    /// Replies of this phase that are not delivered yet.
    pending: VecDeque<Mail<P::Message>>,
    /// Timers of this cycle that are looked at before anybody is visited.
    far: Vec<(NodeId, u32)>,
    /// Something of each node that was fetched: so it must be.
    fetched: u8,
}

/// How far a cycle has come. Of a million nodes it is played in several goes.
#[derive(Clone, Copy)]
enum Stage {
    /// It is over.
    Between,
    /// Whatever somebody outside has done since the last one comes first.
    Deeds,
    /// Those who have not started yet do, in order: that is the first cycle.
    Starts,
    /// Replies for which the last cycle had no phase arrive.
    Late,
    /// Timers that were set earlier than in the last cycle are looked at.
    Far,
    /// Words of nodes from this one on are still to be visited.
    Visits(usize),
    /// Replies have their phases.
    Replies,
}

impl<P: Protocol> Cycles<P> {
    pub(super) fn new(config: P::Config, hall: Hall<P>, length: Span) -> Self {
        let mut cycles = Self {
            nodes: Vec::with_capacity(hall.count as usize),
            config,
            floor: Floor::new(hall.count, Span(length.0.max(1))),
            hall,
            batch: Vec::new(),
            others: Vec::new(),
            handled: 0,
            stage: Stage::Between,
            pending: VecDeque::new(),
            far: Vec::new(),
            fetched: 0,
        };
        cycles.begin(0);
        cycles
    }

    pub(super) fn advance(&mut self, until: Time, budget: u64) -> Reached {
        let end = self.handled.saturating_add(budget);
        while self.handled < end {
            if !matches!(self.stage, Stage::Between) {
                let before = self.counted();
                self.go_on();
                self.handled += self.counted() - before;
                continue;
            }
            let Some(cycle) = self.next() else { return Reached::Rest };
            if cycle.saturating_mul(self.floor.length.0) > until.0 {
                self.hall.now = self.hall.now.max(until);
                return Reached::Time;
            }
            // The number of a cycle is the number of its slice.
            if !self.hall.tally.reach(Time(cycle.saturating_add(1))) {
                return Reached::Full;
            }
            self.begin(cycle);
        }
        Reached::Budget
    }

    /// What was handled in this cycle so far.
    fn counted(&self) -> u64 {
        let Slice { timers, deliveries, .. } = self.hall.tally.open;
        u64::from(timers) + u64::from(deliveries)
    }

    /// The next cycle in which something happens.
    fn next(&self) -> Option<u64> {
        let next = self.floor.cycle + 1;
        if !self.floor.replies.is_empty() || !self.floor.next.is_empty() {
            return Some(next);
        }
        let far = self.floor.far.keys().next().copied();
        let input = self.hall.input_at().map(|at| at.0.div_ceil(self.floor.length.0));
        far.into_iter().chain(input).min().map(|cycle| cycle.max(next))
    }

    fn begin(&mut self, cycle: u64) {
        self.hall.now = Time(cycle.saturating_mul(self.floor.length.0));
        self.floor.begin(cycle, self.hall.seed);
        std::mem::swap(&mut self.floor.armed, &mut self.floor.next);
        self.replies_come();
        // How long a message takes plays no part.
        self.hall.network.config.latency = SpanRange::default();
        self.stage = Stage::Deeds;
    }

    /// Plays another stretch of the cycle.
    fn go_on(&mut self) {
        match self.stage {
            Stage::Between => {}
            Stage::Deeds => match self.hall.next_deed(self.hall.now) {
                Some(deed) => {
                    intervene(self, &deed);
                    self.hall.network.config.latency = SpanRange::default();
                    self.hear_requests();
                    self.handled += deed.cost();
                }
                None => self.stage = Stage::Starts,
            },
            Stage::Starts => self.start_some(),
            Stage::Late if !self.pending.is_empty() => self.hear_pending(),
            Stage::Late => {
                self.hear_requests();
                self.far = self.floor.far.remove(&self.floor.cycle).unwrap_or_default();
                self.stage = Stage::Far;
            }
            Stage::Far => self.wake_some(),
            Stage::Visits(word) => self.visit_words(word),
            Stage::Replies => self.hear_replies(),
        }
    }

    fn start_some(&mut self) {
        let started = u32::try_from(self.nodes.len()).expect("nodes are bounded");
        let end = started.saturating_add(STRETCH).min(self.hall.count);
        (started..end).map(NodeId).for_each(|node| self.boot(node));
        self.handled += u64::from(end - started);
        if end == self.hall.count {
            self.stage = Stage::Late;
        }
    }

    /// Timers that were set for this cycle earlier than in the last one.
    fn wake_some(&mut self) {
        let rest = self.far.len().saturating_sub(STRETCH as usize);
        for timer in self.far.drain(rest..) {
            self.handled += 1;
            let (node, key) = timer;
            match self.floor.comes_due(timer) {
                true if key == 0 => self.floor.armed.insert(node),
                true => self.others.push(timer),
                false => {}
            }
        }
        if rest == 0 {
            self.others.sort_unstable_by(|one, other| other.cmp(one));
            self.stage = Stage::Visits(0);
        }
    }

    /// Delivers more replies of this phase, or opens the next one.
    fn hear_replies(&mut self) {
        if self.pending.is_empty() {
            self.hear_requests();
            if self.floor.replies.is_empty() || self.floor.phase >= PHASES_MOST {
                self.stage = Stage::Between;
                return;
            }
            self.floor.phase += 1;
            self.replies_come();
        }
        self.hear_pending();
    }

    /// Whatever waits for the next phase of replies waits no longer.
    fn replies_come(&mut self) {
        let empty = Vec::from(std::mem::take(&mut self.pending));
        self.pending = std::mem::replace(&mut self.floor.replies, empty).into();
    }

    fn hear_pending(&mut self) {
        let stretch = self.pending.len().min(STRETCH as usize);
        let mut batch = std::mem::take(&mut self.batch);
        batch.extend(self.pending.drain(..stretch));
        self.batch = self.deliver_all(batch);
    }

    /// Visits the nodes whose timer runs out, in order: those of one block from this word on.
    fn visit_words(&mut self, first: usize) {
        let words = self.floor.armed.0.len();
        let end = (first + BLOCK).min(words);
        for word in first..end {
            let armed = std::mem::take(&mut self.floor.armed.0[word]);
            self.visit_word(word, armed);
        }
        // A block in which nobody is visited takes a moment, too.
        self.handled += 1;
        self.stage = Stage::Visits(end);
        if end == words {
            self.visit_others(NodeId(u32::MAX));
            self.stage = Stage::Replies;
        }
        self.hear_requests();
    }

    /// Visits those of 64 nodes whose bits are set.
    fn visit_word(&mut self, word: usize, armed: u64) {
        let first = u32::try_from(word * 64).expect("nodes are bounded");
        let Self { nodes, config, hall, floor, .. } = self;
        if armed == 0 {
            return;
        }
        let nodes = &mut nodes[word * 64..];
        if !self.others.is_empty() {
            return self.visit_one_by_one(word, armed);
        }
        if hall.is_calm() {
            rush::visit::<P, true>(nodes, config, hall, floor, first, armed);
        } else {
            rush::visit::<P, false>(nodes, config, hall, floor, first, armed);
        }
    }

    /// The same where nodes have other timers, too.
    fn visit_one_by_one(&mut self, word: usize, mut armed: u64) {
        let first = u32::try_from(word * 64).expect("nodes are bounded");
        while armed != 0 {
            let bit = armed & armed.wrapping_neg();
            armed ^= bit;
            self.visit_others(NodeId(first + bit.trailing_zeros()));
            let Self { nodes, config, hall, floor, .. } = self;
            let nodes = &mut nodes[word * 64..];
            rush::visit::<P, false>(nodes, config, hall, floor, first, bit);
        }
    }

    /// Other timers of the nodes before `end`.
    fn visit_others(&mut self, end: NodeId) {
        while let Some((me, key)) = self.others.pop_if(|(node, _)| *node < end) {
            match self.hall.stand(me) {
                Stand::Up => {
                    self.hall.tally.open.timers += 1;
                    let (timer, run) = (P::Timer::from_key(key), Run::Timer(key));
                    self.handle(me, run, |node, actor| P::on_timer(node, timer, actor));
                }
                Stand::Paused => self.floor.set_far(me, key, self.floor.cycle + 1),
                Stand::Down => {}
            }
        }
    }

    /// Requests arrive, and those to which they lead.
    fn hear_requests(&mut self) {
        for _ in 0..HOPS_MOST {
            if self.floor.requests.is_empty() {
                return;
            }
            let empty = std::mem::take(&mut self.batch);
            let batch = std::mem::replace(&mut self.floor.requests, empty);
            self.batch = self.deliver_all(batch);
        }
        let Floor { requests, replies, .. } = &mut self.floor;
        replies.append(requests);
    }

    /// Delivers one after the other; the place they took is left.
    fn deliver_all(&mut self, mut batch: Vec<Mail<P::Message>>) -> Vec<Mail<P::Message>> {
        let Self { nodes, config, hall, floor, .. } = self;
        self.fetched ^= if hall.is_calm() {
            rush::deliver::<P, true>(nodes, config, hall, floor, &batch)
        } else {
            rush::deliver::<P, false>(nodes, config, hall, floor, &batch)
        };
        batch.clear();
        batch
    }

    /// Runs a handler of a node that is up, unless it is of those that run most.
    fn handle(
        &mut self,
        me: NodeId,
        run: Run<'_, P::Message>,
        handler: impl FnOnce(&mut P::Node, &mut Actor<'_, P, false, false>),
    ) {
        let Self { nodes, config, hall, floor, .. } = self;
        let node = &mut nodes[me.index()];
        let before = P::role(node);
        handler(node, &mut Actor::new((me, run), floor.choices, config, &mut *hall, floor));
        hall.changes_role(me, before, P::role(node));
    }

    fn boot(&mut self, me: NodeId) {
        let Self { nodes, config, hall, floor, .. } = self;
        let (disk, member) = (hall.disks[me.index()].clone(), hall.member(me));
        let why = (me, Run::Boot);
        let choices = floor.choices;
        let mut actor = Actor::<P, false, false>::new(why, choices, config, &mut *hall, floor);
        let node = P::boot(&disk, &member, &mut actor);
        hall.rise(me, P::role(&node));
        match nodes.get_mut(me.index()) {
            Some(place) => *place = node,
            None => nodes.push(node),
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        let mail = size_of::<Mail<P::Message>>();
        let replies = self.floor.replies.capacity() + self.pending.capacity();
        let requests = self.floor.requests.capacity() + self.batch.capacity();
        Bytes {
            nodes: self.nodes.capacity() * size_of::<P::Node>(),
            timers: self.floor.timer_bytes(),
            mail: (replies + requests) * mail,
            ..self.hall.bytes()
        }
    }
}

impl<P: Protocol> Faults<P> for Cycles<P> {
    fn hall(&mut self) -> &mut Hall<P> {
        &mut self.hall
    }

    fn crash(&mut self, node: NodeId) {
        self.hall.fall(node);
        self.floor.disarm(node);
        // What waited for it finds nobody.
        for held in self.floor.release(node) {
            self.hall.tally.open.losses += u32::from(matches!(held, Held::Mail(_)));
        }
    }

    fn restart(&mut self, node: NodeId) {
        // Before the beginning it is about to start anyway.
        if node.index() < self.nodes.len() {
            self.boot(node);
        }
    }

    fn resume(&mut self, node: NodeId) {
        for held in self.floor.release(node) {
            match held {
                Held::Mail(mail) => {
                    self.deliver_all(vec![mail]);
                }
                Held::Request(id, request) => self.ask(node, id, request),
            }
        }
    }

    fn set_rate(&mut self, _node: NodeId, _rate_ppm: u32) {}

    fn ask(&mut self, node: NodeId, id: RequestId, request: P::Request) {
        match self.hall.stand(node) {
            Stand::Up => {
                self.handle(node, Run::Request(id), |node, actor| {
                    P::on_request(node, id, request, actor);
                });
            }
            Stand::Paused => self.floor.hold(node, Held::Request(id, request)),
            Stand::Down => {}
        }
    }
}
