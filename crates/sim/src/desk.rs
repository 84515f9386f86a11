//! What a node's handler acts through: every effect goes straight into the world.

use crate::disk::{Outbox, Waiting};
use crate::flight::{Flight, Flights, Flying};
use crate::load::{Pending, TURN};
use crate::log::{EventKind, Log, Mark, NO_EVENT, Record, Why};
use crate::queue::{Due, Entry};
use crate::world::{Base, Recipe};
use faultline_kernel::{
    Cx, Draw, Member, NodeId, Note, Protocol, Purpose, RequestId, Span, SpanRange, Time, Weight,
};
use std::collections::VecDeque;

/// Where events go: into a log, or only counted when a known stretch is played again.
pub(crate) struct Tape<'a> {
    pub(crate) log: Option<&'a mut Log>,
}

impl Tape<'_> {
    /// Counts an event, and writes it down if somebody listens.
    pub(crate) fn record(&mut self, base: &mut Base, record: Record) -> u32 {
        if let Some(log) = &mut self.log {
            log.push(record);
        }
        base.events += 1;
        base.events - 1
    }

    /// Writes down a note for a record to point to.
    pub(crate) fn note(&mut self, note: impl FnOnce() -> Note) -> u32 {
        self.log.as_mut().map_or(NO_EVENT, |log| log.push_note(note()))
    }
}

/// The desk at which one handler works.
pub(crate) struct Desk<'a, 'log, P: Protocol> {
    pub(crate) me: NodeId,
    /// The event that is being handled.
    pub(crate) cause: u32,
    pub(crate) recipe: &'a Recipe<P>,
    pub(crate) members: &'a [Member],
    pub(crate) base: &'a mut Base,
    pub(crate) disk: &'a mut P::Disk,
    pub(crate) outbox: &'a mut Outbox<P>,
    pub(crate) flights: &'a mut Flights<P::Message>,
    pub(crate) pending: &'a mut VecDeque<Pending<P::Request>>,
    pub(crate) tape: &'a mut Tape<'log>,
}

impl<P: Protocol> Desk<'_, '_, P> {
    /// Puts a message on its way.
    pub(crate) fn post(&mut self, cause: u32, to: NodeId, message: P::Message) {
        let Base { now, stations, network, .. } = &mut *self.base;
        let (now, from) = (*now, self.me);
        let ordinal = stations[from.index()].ordinal(now, to);
        let fate = network.fate(self.recipe.seed, from, to, now, ordinal);
        let flying = match (network.is_cut(from, to), fate.lost) {
            (true, _) => Flying::Doomed(Why::Cut),
            (false, true) => Flying::Doomed(Why::Chance),
            (false, false) => Flying::Well,
        };
        let kind = P::kind(&message);
        let record = Record::new(EventKind::Send, now, cause, from, to.0).of_kind(kind);
        let sent_by = self.tape.record(self.base, record);
        let arrives = now + fate.latency;
        let copy = fate.copy.map(|after| (now + after, message.clone()));
        let flight = Flight {
            from,
            to,
            sent: now,
            arrives,
            ordinal,
            copy: false,
            kind,
            flying,
            sent_by,
            message,
        };
        if let Some((arrives, message)) = copy {
            let record = Record::new(EventKind::Duplicate, now, sent_by, from, to.0);
            let sent_by = self.tape.record(self.base, record.of_kind(kind));
            let copy = Flight { message, arrives, copy: true, sent_by, ..flight.clone() };
            launch(self.base, self.flights, copy);
        }
        launch(self.base, self.flights, flight);
    }

    /// Tells a client; one that is sent elsewhere turns there.
    pub(crate) fn reply(&mut self, cause: u32, to: RequestId, answer: &P::Answer) {
        let record = Record::new(EventKind::Answer, self.base.now, cause, self.me, to.0);
        let event = self.tape.record(self.base, record.of_kind(P::answer_kind(answer)));
        let Some(place) = self.pending.iter().rposition(|pending| pending.id == to) else {
            return;
        };
        match P::redirect(answer) {
            Some(other) if self.pending[place].tries > 0 && other != self.me => {
                self.pending[place].tries -= 1;
                self.pending[place].asked_by = event;
                self.base.load.target = Some(other);
                let again = Entry::new(Due::Request, self.base.now + TURN, other, to.0, 1);
                self.base.queue.push(again);
            }
            _ => {
                let kind = usize::from(P::answer_kind(answer));
                let welcome = const { &P::ABOUT }.answers[kind].done;
                let pending = self.pending.remove(place).expect("it was found there");
                // A client that was turned away for good tries somewhere else next time.
                if pending.tries > 0 && !welcome {
                    self.base.load.target = None;
                }
            }
        }
    }
}

/// Queues a flight: until it arrives, or until it is lost half-way.
pub(crate) fn launch<M>(base: &mut Base, flights: &mut Flights<M>, flight: Flight<M>) {
    let until = match flight.flying {
        Flying::Doomed(_) => flight.sent + Span(flight.arrives.since(flight.sent).0 / 2),
        Flying::Well | Flying::Held => flight.arrives,
    };
    let (to, from, tail) = (flight.to, flight.from, flight.tail());
    let slot = flights.insert(flight);
    base.queue.push(Entry::message(until, to, from, tail, slot));
}

impl<P: Protocol> Cx<P> for Desk<'_, '_, P> {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        self.base.stations[self.me.index()].clock.local(self.base.now)
    }

    fn config(&self) -> &P::Config {
        &self.recipe.config
    }

    fn members(&self) -> &[Member] {
        self.members
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        if self.outbox.is_empty() {
            self.post(self.cause, to, message);
        } else {
            self.outbox.push_back((self.cause, Waiting::Send(to, message)));
        }
    }

    fn set_timer(&mut self, timer: P::Timer, after: Span) {
        let Base { now, stations, queue, .. } = &mut *self.base;
        let key = faultline_kernel::TimerName::key(timer);
        let station = &mut stations[self.me.index()];
        station.set_timer(queue, self.me, key, *now, after, self.cause);
    }

    fn cancel_timer(&mut self, timer: P::Timer) {
        let key = faultline_kernel::TimerName::key(timer);
        self.base.stations[self.me.index()].cancel_timer(key);
    }

    fn save(&mut self, write: P::Write) {
        let at_once = self.base.network.config.disk.max == Span::ZERO;
        if at_once && self.outbox.is_empty() {
            P::write(self.disk, write);
        } else {
            self.outbox.push_back((self.cause, Waiting::Write(write)));
        }
    }

    fn answer(&mut self, to: RequestId, answer: P::Answer) {
        if self.outbox.is_empty() {
            self.reply(self.cause, to, &answer);
        } else {
            self.outbox.push_back((self.cause, Waiting::Answer(to, answer)));
        }
    }

    #[inline]
    fn note(&mut self, note: impl FnOnce() -> Note) {
        if self.tape.log.is_none() {
            self.base.events += 1;
            return;
        }
        let note = note();
        let weight = const { &P::ABOUT }.notes[usize::from(note.kind)].weight;
        let mark = match weight {
            Weight::Detail | Weight::Plain => Mark::None,
            Weight::Stirs => Mark::Stirs,
            Weight::Settles => Mark::Settles,
            Weight::Leads => Mark::Leads,
        };
        let kind = note.kind;
        let index = self.tape.note(|| note);
        let record = Record::new(EventKind::Note, self.base.now, self.cause, self.me, index);
        self.tape.record(self.base, record.of_kind(kind).marked(mark));
    }

    fn choose(&mut self, n: u32) -> u32 {
        let mut draw = self.draw(Purpose::Choose);
        u32::try_from(draw.below(u64::from(n))).expect("below a u32")
    }

    fn span(&mut self, range: SpanRange) -> Span {
        self.draw(Purpose::Span).span(range)
    }
}

impl<P: Protocol> Desk<'_, '_, P> {
    fn draw(&mut self, purpose: Purpose) -> Draw {
        let local = self.now();
        let ordinal = self.base.stations[self.me.index()].drew.next(local);
        let circumstances = [u64::from(self.me.0), local.0, ordinal];
        Draw::keyed(self.recipe.seed, purpose, &circumstances)
    }
}
