//! The desk at which a handler works: what it does to the world, whatever the protocol.

use crate::clients::Said;
use crate::disk::Waiting;
use crate::flight::{Flight, Flying};
use crate::load::TURN;
use crate::log::{EventKind, Log, Mark, NO_EVENT, Record, Why};
use crate::queue::{Due, Entry};
use crate::world::{Base, Setup};
use faultline_kernel::{Draw, Key, Member, NodeId, Note, Purpose, RequestId, Span, Time, Weight};

/// Where events go: into a log, or only counted when a known stretch is played again.
pub(crate) struct Tape<'l> {
    pub(crate) log: Option<&'l mut Log>,
}

impl Tape<'_> {
    /// Counts an event, and writes it down if somebody listens.
    pub(crate) fn record(&mut self, world: &mut Base, record: Record) -> u32 {
        if let Some(log) = &mut self.log {
            log.push(record);
        }
        world.events += 1;
        world.events - 1
    }

    /// Keeps what a client asked or was told in the last event, if somebody judges it.
    pub(crate) fn hear(&mut self, request: RequestId, said: impl FnOnce() -> Option<Said>) {
        if let Some(log) = &mut self.log {
            log.hear(request, said);
        }
    }

    /// Writes down a note for a record to point to.
    pub(crate) fn note(&mut self, note: impl FnOnce() -> Note) -> u32 {
        self.log.as_mut().map_or(NO_EVENT, |log| log.push_note(note()))
    }
}

/// Where the handler of one node acts, because of one event.
pub(crate) struct Desk<'w, 'l> {
    pub(crate) me: NodeId,
    /// The event that is being handled.
    pub(crate) cause: u32,
    pub(crate) world: &'w mut Base,
    pub(crate) tape: &'w mut Tape<'l>,
}

impl Desk<'_, '_> {
    /// What the node's own clock shows.
    pub(crate) fn now(&self) -> Time {
        self.world.stations[self.me.index()].clock.local(self.world.now)
    }

    pub(crate) fn member(&self) -> Member {
        self.world.members[self.me.index()].clone()
    }

    /// Puts a message on its way: the slot of what it says, and of its copy if there is one.
    pub(crate) fn post(&mut self, cause: u32, to: NodeId, kind: u8) -> (u32, Option<u32>) {
        let from = self.me;
        let Base { now, stations, network, setup, .. } = &mut *self.world;
        let now = *now;
        let ordinal = stations[from.index()].ordinal(now, to);
        let fate = network.fate((setup.seed, setup.draws), from, to, now, ordinal);
        let flying = match (network.is_cut(from, to), fate.lost) {
            (true, _) => Flying::Doomed(Why::Cut),
            (false, true) => Flying::Doomed(Why::Chance),
            (false, false) => Flying::Well,
        };
        let record = Record::new(EventKind::Send, now, cause, from, to.0).of_kind(kind);
        let sent_by = self.tape.record(self.world, record);
        let arrives = now + fate.latency;
        let (sent, copy) = (now, false);
        let flight = Flight { from, to, sent, arrives, ordinal, copy, kind, flying, sent_by };
        let copy = fate.copy.map(|after| {
            let record = Record::new(EventKind::Duplicate, now, sent_by, from, to.0);
            let sent_by = self.tape.record(self.world, record.of_kind(kind));
            self.world.launch(Flight { arrives: now + after, copy: true, sent_by, ..flight })
        });
        (self.world.launch(flight), copy)
    }

    /// Tells a client. The place of the request if it is over; otherwise the client asks the node
    /// to which it is sent.
    pub(crate) fn reply(
        &mut self,
        cause: u32,
        to: RequestId,
        kind: u8,
        welcome: bool,
        elsewhere: Option<NodeId>,
    ) -> Option<usize> {
        let record = Record::new(EventKind::Answer, self.world.now, cause, self.me, to.0);
        let event = self.tape.record(self.world, record.of_kind(kind));
        let Base { pending, load, queue, now, .. } = &mut *self.world;
        let place = pending.iter().rposition(|pending| pending.id == to)?;
        match elsewhere {
            Some(other) if pending[place].tries > 0 && other != self.me => {
                pending[place].tries -= 1;
                pending[place].asked_by = event;
                load.target = Some(other);
                queue.push(Entry::new(Due::Request, *now + TURN, other, to.0, 1));
                None
            }
            _ => {
                let pending = pending.remove(place).expect("it was found there");
                // A client that was turned away for good tries somewhere else next time.
                if pending.tries > 0 && !welcome {
                    load.target = None;
                }
                Some(place)
            }
        }
    }

    /// Whether a message has to wait for the disk; if so, that it does is noted.
    pub(crate) fn sends_wait(&mut self, to: NodeId, kind: u8) -> bool {
        self.waits_behind(Waiting::Send(to, kind))
    }

    /// The same for an answer.
    pub(crate) fn answer_waits(&mut self, to: RequestId) -> bool {
        self.waits_behind(Waiting::Answer(to))
    }

    /// Whether a write takes time; if so, that it is on its way is noted.
    pub(crate) fn write_waits(&mut self) -> bool {
        let outbox = &mut self.world.stations[self.me.index()].outbox;
        let waits = self.world.network.config.disk.max > Span::ZERO || !outbox.is_empty();
        if waits {
            outbox.push_back((self.cause, Waiting::Write));
        }
        waits
    }

    fn waits_behind(&mut self, what: Waiting) -> bool {
        let outbox = &mut self.world.stations[self.me.index()].outbox;
        let waits = !outbox.is_empty();
        if waits {
            outbox.push_back((self.cause, what));
        }
        waits
    }

    /// What goes out next of what waited, up to the next write.
    pub(crate) fn released(&mut self) -> Option<(u32, Waiting)> {
        let outbox = &mut self.world.stations[self.me.index()].outbox;
        outbox.pop_front_if(|(_, waiting)| *waiting != Waiting::Write)
    }

    pub(crate) fn set_timer(&mut self, key: u32, after: Span) {
        let Base { now, stations, queue, .. } = &mut *self.world;
        let station = &mut stations[self.me.index()];
        station.set_timer(queue, self.me, key, *now, after, self.cause);
    }

    pub(crate) fn cancel_timer(&mut self, key: u32) {
        self.world.stations[self.me.index()].cancel_timer(key);
    }

    /// Writes down a remark.
    pub(crate) fn remark(&mut self, note: Note, weight: Weight) {
        let mark = match weight {
            Weight::Detail | Weight::Plain => Mark::None,
            Weight::Stirs => Mark::Stirs,
            Weight::Settles => Mark::Settles,
            Weight::Leads => Mark::Leads,
        };
        let kind = note.kind;
        let index = self.tape.note(|| note);
        let record = Record::new(EventKind::Note, self.world.now, self.cause, self.me, index);
        self.tape.record(self.world, record.of_kind(kind).marked(mark));
    }

    /// A draw of the node, by its own clock.
    pub(crate) fn draw(&mut self, purpose: Purpose) -> Draw {
        let local = self.now();
        let ordinal = self.world.stations[self.me.index()].drew.next(local);
        let Setup { seed, draws, .. } = *self.world.setup;
        Key::new(seed, purpose).with(self.me.0.into()).with(local.0).nth(ordinal, draws)
    }
}

impl Base {
    /// Queues a flight: until it arrives, or until it is lost half-way. Its slot.
    pub(crate) fn launch(&mut self, flight: Flight) -> u32 {
        let until = match flight.flying {
            Flying::Doomed(_) => flight.sent + Span(flight.arrives.since(flight.sent).0 / 2),
            Flying::Well | Flying::Held => flight.arrives,
        };
        let (to, from, tail) = (flight.to, flight.from, flight.tail());
        let slot = self.flights.insert(flight);
        self.queue.push(Entry::message(until, to, from, tail, slot));
        slot
    }
}
