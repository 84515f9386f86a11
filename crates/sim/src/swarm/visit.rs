//! A node's visit in a cycle: what it may do, and what that leaves to be done.

use super::Mail;
use super::bits::Bits;
use super::hall::{Hall, Stand};
use crate::network::FateKeys;
use faultline_kernel::{
    Cx, Draw, Form, Key, Member, NodeId, Note, Protocol, Purpose, RequestId, Span, SpanRange, Time,
    TimerName,
};
use std::collections::BTreeMap;

/// Everything that is to come.
pub(super) struct Floor<P: Protocol> {
    pub(super) cycle: u64,
    pub(super) length: Span,
    /// Twice that: a timer that is shorter belongs to the next cycle.
    near: Span,
    /// How many phases of replies this cycle has had.
    pub(super) phase: u64,
    /// Whose first timer runs out in this cycle, as far as nobody was there yet;
    pub(super) armed: Bits,
    /// and in the next.
    pub(super) next: Bits,
    /// Other timers: when they run out, and by cycle. What stands there for another cycle than
    /// `set` has is stale.
    set: BTreeMap<(NodeId, u32), u64>,
    pub(super) far: BTreeMap<u64, Vec<(NodeId, u32)>>,
    /// What arrives before the next block of nodes is visited.
    pub(super) requests: Vec<Mail<P::Message>>,
    /// What arrives in the next phase.
    pub(super) replies: Vec<Mail<P::Message>>,
    held: BTreeMap<NodeId, Vec<Held<P>>>,
    /// The keys of this cycle; of the draw of each, every visit has a stretch.
    fates: FateKeys,
    pub(super) choices: Key,
    spans: Key,
}

/// Something that waits for a paused node.
pub(super) enum Held<P: Protocol> {
    Mail(Mail<P::Message>),
    Request(RequestId, P::Request),
}

/// Why a handler runs, unless it is the visit of its node's first timer.
pub(super) enum Run<'a, M> {
    Message { phase: u64, mail: &'a Mail<M> },
    Request(RequestId),
    Timer(u32),
    Boot,
}

impl<M> Run<'_, M> {
    /// As a number that stands for nothing else in the cycle of its node.
    #[inline]
    pub(super) fn circumstance(&self) -> u64 {
        match *self {
            Self::Message { phase, mail } => {
                phase << 48 | u64::from(mail.from.0) << 16 | u64::from(mail.ordinal)
            }
            Self::Request(id) => 1 << 60 | u64::from(id.0),
            Self::Timer(key) => 2 << 60 | u64::from(key),
            Self::Boot => 3 << 60,
        }
    }
}

/// Marks the ordinal of a message that the network made.
const COPY: u16 = 1 << 15;
/// How many words of a draw belong to one visit, as a power of two.
const VISIT_WORDS: u32 = 16;

impl<P: Protocol> Floor<P> {
    pub(super) fn new(nodes: u32, length: Span) -> Self {
        let key = Key::new(0, Purpose::Choose);
        Self {
            cycle: 0,
            length,
            near: Span(length.0.saturating_mul(2)),
            phase: 0,
            armed: Bits::new(nodes),
            next: Bits::new(nodes),
            set: BTreeMap::new(),
            far: BTreeMap::new(),
            requests: Vec::new(),
            replies: Vec::new(),
            held: BTreeMap::new(),
            fates: FateKeys::new(0),
            choices: key,
            spans: key,
        }
    }

    pub(super) fn begin(&mut self, cycle: u64, seed: u64) {
        (self.cycle, self.phase) = (cycle, 0);
        self.fates = FateKeys::new(seed).with(cycle);
        self.choices = Key::new(seed, Purpose::Choose).with(cycle);
        self.spans = Key::new(seed, Purpose::Span).with(cycle);
    }

    /// Whether a timer in the map really runs out in this cycle; then it is no longer set.
    pub(super) fn comes_due(&mut self, timer: (NodeId, u32)) -> bool {
        let due = self.set.get(&timer) == Some(&self.cycle);
        if due {
            self.set.remove(&timer);
        }
        due
    }

    #[cold]
    pub(super) fn set_far(&mut self, node: NodeId, key: u32, cycle: u64) {
        if self.set.insert((node, key), cycle) != Some(cycle) {
            self.far.entry(cycle).or_default().push((node, key));
        }
    }

    /// In how many cycles a timer runs out.
    #[inline(always)]
    fn ahead(&self, after: Span) -> u64 {
        // A division is slower than a draw, and most timers are shorter than two cycles.
        if after < self.near { 1 } else { after.0 / self.length.0 }
    }

    #[inline(never)]
    fn set_timer(&mut self, node: NodeId, key: u32, after: Span) {
        let ahead = self.ahead(after);
        if key == 0 {
            self.armed.remove(node);
            if !self.set.is_empty() {
                self.set.remove(&(node, 0));
            }
            if ahead == 1 {
                self.next.insert(node);
                return;
            }
            self.next.remove(node);
        }
        self.set_far(node, key, self.cycle.saturating_add(ahead));
    }

    fn cancel_timer(&mut self, node: NodeId, key: u32) {
        if key == 0 {
            self.armed.remove(node);
            self.next.remove(node);
        }
        self.set.remove(&(node, key));
    }

    /// All timers of a node are gone.
    pub(super) fn disarm(&mut self, node: NodeId) {
        self.cancel_timer(node, 0);
        let keys = self.set.range((node, 0)..=(node, u32::MAX)).map(|(timer, _)| *timer);
        for timer in keys.collect::<Vec<_>>() {
            self.set.remove(&timer);
        }
    }

    /// A message comes to a node that is not up: it waits, or is lost.
    #[cold]
    pub(super) fn cannot_hear(&mut self, hall: &mut Hall<P>, mail: Mail<P::Message>) {
        if hall.stand(mail.to) == Stand::Paused {
            self.hold(mail.to, Held::Mail(mail));
        } else {
            hall.tally.open.losses += 1;
        }
    }

    pub(super) fn hold(&mut self, node: NodeId, held: Held<P>) {
        self.held.entry(node).or_default().push(held);
    }

    /// What waited for a node.
    pub(super) fn release(&mut self, node: NodeId) -> Vec<Held<P>> {
        self.held.remove(&node).unwrap_or_default()
    }

    pub(super) fn timer_bytes(&self) -> usize {
        let other = size_of::<((NodeId, u32), u64)>() + size_of::<(NodeId, u32)>();
        self.armed.bytes() + self.next.bytes() + self.set.len() * other
    }
}

/// One node while its handler runs. In the visit of its first timer it draws from its stretch of
/// the cycle's draw; otherwise by `run`, the reason why it runs.
pub(super) struct Actor<'a, P: Protocol, const VISIT: bool, const CALM: bool> {
    me: NodeId,
    run: Run<'a, P::Message>,
    /// The key of this cycle's choices: here so that a loop over many nodes has it at hand.
    choices: Key,
    drew: u64,
    sent: u16,
    /// Whether it has been visited and its first timer runs out in the next cycle again.
    pub(super) again: bool,
    /// Whether it has set its first timer for a later cycle in this visit.
    later: bool,
    config: &'a P::Config,
    hall: &'a mut Hall<P>,
    floor: &'a mut Floor<P>,
}

impl<'a, P: Protocol, const VISIT: bool, const CALM: bool> Actor<'a, P, VISIT, CALM> {
    #[inline(always)]
    pub(super) fn new(
        (me, run): (NodeId, Run<'a, P::Message>),
        choices: Key,
        config: &'a P::Config,
        hall: &'a mut Hall<P>,
        floor: &'a mut Floor<P>,
    ) -> Self {
        let (drew, sent, again, later) = (0, 0, false, false);
        Self { me, run, choices, drew, sent, again, later, config, hall, floor }
    }

    #[inline(always)]
    fn draw(&mut self, key: Key) -> Draw {
        let ordinal = self.drew;
        self.drew += 1;
        if VISIT {
            return key.draw().skip(stretch(self.me) + ordinal);
        }
        key.with(self.me.0.into()).with(self.run.circumstance()).draw().skip(ordinal)
    }
}

impl<P: Protocol> Floor<P> {
    #[inline(always)]
    fn post(&mut self, kind: u8, mail: Mail<P::Message>) {
        match const { &P::ABOUT }.messages[usize::from(kind)].form {
            Form::Request => self.requests.push(mail),
            Form::Reply | Form::Refusal => self.replies.push(mail),
        }
    }

    /// The same for whoever sends more than one message.
    #[inline(never)]
    fn post_more(&mut self, kind: u8, from: NodeId, to: NodeId, ordinal: u16, message: P::Message) {
        self.post(kind, Mail { from, to, ordinal, message });
    }

    /// The same where a message may be lost or doubled. It takes parts and not a whole, which would
    /// have to lie in memory even where all messages arrive.
    #[inline(never)]
    fn post_at_risk<const VISIT: bool>(
        &mut self,
        hall: &mut Hall<P>,
        circumstance: u64,
        from: NodeId,
        to: NodeId,
        ordinal: u16,
        message: P::Message,
    ) {
        let fates = &self.fates;
        let fate = hall.network.config.fate(hall.loss, |purpose| {
            let (key, ordinal) = (fates.key(purpose), u64::from(ordinal));
            if VISIT {
                return key.draw().skip(stretch(from) + ordinal);
            }
            key.with(from.0.into()).with(circumstance).draw().skip(ordinal)
        });
        let lost = fate.lost || hall.network.is_cut(from, to);
        let copies = u32::from(fate.copy.is_some());
        hall.tally.open.copies += copies;
        if lost {
            hall.tally.open.losses += 1 + copies;
            return;
        }
        let kind = P::kind(&message);
        if fate.copy.is_some() {
            let (ordinal, message) = (ordinal | COPY, message.clone());
            self.post(kind, Mail { from, to, ordinal, message });
        }
        self.post(kind, Mail { from, to, ordinal, message });
    }
}

/// What few visits do is not part of the loop over all of them: it would need registers there.
#[inline(never)]
fn choose_again(key: Key, me: NodeId, ordinal: u64, n: u32) -> u32 {
    key.draw().skip(stretch(me) + ordinal).choice(n)
}

/// Likewise.
#[inline(never)]
fn pick_span(key: Key, me: NodeId, ordinal: u64, range: SpanRange) -> Span {
    key.draw().skip(stretch(me) + ordinal).span(range)
}

/// Where the words of a node's visit begin.
#[inline]
fn stretch(node: NodeId) -> u64 {
    u64::from(node.0) << VISIT_WORDS
}

impl<P: Protocol, const VISIT: bool, const CALM: bool> Cx<P> for Actor<'_, P, VISIT, CALM> {
    #[inline]
    fn me(&self) -> NodeId {
        self.me
    }

    #[inline]
    fn now(&self) -> Time {
        self.hall.now
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
        let kind = P::kind(&message);
        self.hall.count_send(kind);
        let (from, ordinal) = (self.me, self.sent);
        self.sent = (self.sent + 1) % COPY;
        if VISIT && CALM && ordinal > 0 {
            self.floor.post_more(kind, from, to, ordinal, message);
        } else if CALM || self.hall.perfect {
            self.floor.post(kind, Mail { from, to, ordinal, message });
        } else {
            let run = if VISIT { 0 } else { self.run.circumstance() };
            self.floor.post_at_risk::<VISIT>(self.hall, run, from, to, ordinal, message);
        }
    }

    #[inline(always)]
    fn set_timer(&mut self, timer: P::Timer, after: Span) {
        let key = timer.key();
        if VISIT && key == 0 {
            // A timer that has just run out stands nowhere else, unless it was set again already.
            self.again = !self.later && self.floor.ahead(after) == 1;
            if self.again {
                return;
            }
            self.later = true;
        }
        self.floor.set_timer(self.me, key, after);
    }

    fn cancel_timer(&mut self, timer: P::Timer) {
        if VISIT && timer.key() == 0 {
            self.again = false;
        }
        self.floor.cancel_timer(self.me, timer.key());
    }

    #[inline]
    fn save(&mut self, write: P::Write) {
        P::write(&mut self.hall.disks[self.me.index()], write);
    }

    #[inline]
    fn answer(&mut self, _to: RequestId, _answer: P::Answer) {}

    #[inline]
    fn note(&mut self, _note: impl FnOnce() -> Note) {}

    #[inline(always)]
    fn choose(&mut self, n: u32) -> u32 {
        if VISIT && self.drew > 0 {
            self.drew += 1;
            return choose_again(self.choices, self.me, self.drew - 1, n);
        }
        self.draw(self.choices).choice(n)
    }

    #[inline(always)]
    fn span(&mut self, range: SpanRange) -> Span {
        if VISIT {
            self.drew += 1;
            return pick_span(self.floor.spans, self.me, self.drew - 1, range);
        }
        self.draw(self.floor.spans).span(range)
    }
}
