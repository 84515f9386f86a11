//! One step of the world: the next thing that is due, and all that follows from it at once.

use crate::cast::{Cast, Sealed};
use crate::clients::Said;
use crate::desk::{Desk, Tape};
use crate::disk::writes_at_front;
use crate::flight::{Flight, Flying};
use crate::input::Positioned;
use crate::load::{Pending, TRIES};
use crate::log::{EventKind, Mark, NO_EVENT, Record, Why, aside};
use crate::queue::{Due, Entry};
use crate::station::Condition;
use crate::world::{Base, World};
use faultline_kernel::{Draw, NodeId, Outcome, Purpose, RequestId, Span, Time, Value, Verdicts};

/// How many requests a world remembers whose answer is still out.
const PENDING_MOST: usize = 1_024;

impl World {
    /// When the next step happens, if there is one; inputs may come before it.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.base.queue.peek().map(|entry| entry.time)
    }

    /// Takes the next step: an input whose turn it is, or what is due next.
    /// `false` if nothing ever happens again, or nothing until after `until`.
    pub(crate) fn step(
        &mut self,
        inputs: &[Positioned<Sealed>],
        until: Time,
        tape: &mut Tape<'_>,
    ) -> bool {
        let before = self.base.events;
        while self.base.events == before {
            if let Some(input) = self.input_due(inputs) {
                if input.at > until {
                    return false;
                }
                self.base.now = self.base.now.max(input.at);
                self.base.inputs_done += 1;
                self.intervene(&input.input, tape);
                continue;
            }
            match self.base.queue.peek() {
                Some(entry) if entry.time <= until => {}
                _ => return false,
            }
            let entry = self.base.queue.pop().expect("it was there to see");
            self.base.now = self.base.now.max(entry.time);
            self.come_due(entry, tape);
        }
        self.clear_stale();
        true
    }

    /// Lets pass, up to `until`, what comes due without anything happening: what reaches a node
    /// that stands still, or a network that is held.
    pub(crate) fn rest(&mut self, inputs: &[Positioned<Sealed>], until: Time) {
        let mut tape = Tape { log: None };
        while self.input_due(inputs).is_none() {
            let Some(entry) = self.base.queue.peek().copied() else { return };
            if entry.time > until || !self.passes_silently(entry) {
                return;
            }
            self.base.queue.pop();
            self.base.now = self.base.now.max(entry.time);
            self.come_due(entry, &mut tape);
            self.clear_stale();
        }
    }

    /// Whether nothing happens when this entry comes due.
    fn passes_silently(&self, entry: Entry) -> bool {
        let paused = self.base.stations[entry.node().index()].condition == Condition::Paused;
        match entry.due() {
            Due::Message => self.base.flights.get(entry.slot).is_some_and(|flight| {
                let cut = self.base.network.is_cut(flight.from, flight.to);
                flight.flying == Flying::Well && (self.base.network.holding || (paused && !cut))
            }),
            Due::Disk => paused,
            Due::Boot => !self.base.stations[entry.node().index()].is_new(),
            Due::Timer | Due::Request => false,
        }
    }

    /// Takes out of the front of the queue what no longer stands for anything, so that
    /// [`World::next_due`] tells when something really happens.
    fn clear_stale(&mut self) {
        while let Some(entry) = self.base.queue.peek().copied() {
            let station = &mut self.base.stations[entry.node().index()];
            let stale = match entry.due() {
                Due::Timer => !station.runs_out(entry),
                Due::Disk => u64::from(station.epoch) != entry.tail(),
                Due::Boot => !station.is_new(),
                Due::Message | Due::Request => false,
            };
            if !stale {
                return;
            }
            self.base.queue.pop();
            if entry.due() == Due::Timer {
                station.requeue(&mut self.base.queue, entry);
            }
        }
    }

    /// The next input, if nothing else comes before it.
    fn input_due<'i>(&self, inputs: &'i [Positioned<Sealed>]) -> Option<&'i Positioned<Sealed>> {
        let input = inputs.get(self.base.inputs_done)?;
        let Some(next) = self.next_due() else {
            return Some(input);
        };
        let turn = self.base.events >= input.after.unwrap_or(0) && next >= input.at;
        turn.then_some(input)
    }

    fn come_due(&mut self, entry: Entry, tape: &mut Tape<'_>) {
        let node = entry.node();
        match entry.due() {
            // Somebody may have started it by hand before its time.
            Due::Boot if !self.base.stations[node.index()].is_new() => {}
            Due::Boot => self.boot(node, NO_EVENT, tape),
            Due::Disk => self.disk_done(entry, tape),
            Due::Message => self.arrive(entry, tape),
            Due::Timer => self.time_out(entry, tape),
            Due::Request if entry.tail() == 0 => self.make_request(tape),
            Due::Request => self.ask(RequestId(entry.about()), node, Mark::None, tape),
        }
    }

    /// Runs a handler of `node` with `cause` as the event that it handles, then judges.
    fn handle(
        &mut self,
        node: NodeId,
        cause: u32,
        tape: &mut Tape<'_>,
        handler: impl FnOnce(&mut dyn Cast, &mut Desk<'_, '_>),
    ) {
        self.base.touched = Some(node);
        let mut desk = Desk { me: node, cause, world: &mut self.base, tape };
        handler(&mut *self.cast, &mut desk);
        self.base.begin_write(node);
        self.judge(node, cause, tape);
    }

    /// Starts a node from its disk.
    pub(crate) fn boot(&mut self, node: NodeId, cause: u32, tape: &mut Tape<'_>) {
        let record = Record::new(EventKind::Boot, self.base.now, cause, node, NO_EVENT);
        let record = if cause == NO_EVENT { record.begins_step() } else { record };
        let event = tape.record(&mut self.base, record);
        self.base.stations[node.index()].condition = Condition::Up;
        self.handle(node, event, tape, |cast, desk| cast.boot(desk));
    }

    fn arrive(&mut self, entry: Entry, tape: &mut Tape<'_>) {
        let Some(flight) = self.base.flights.get_mut(entry.slot) else {
            return;
        };
        if let Flying::Doomed(why) = flight.flying {
            return self.lose(entry.slot, why, NO_EVENT, tape);
        }
        if self.base.network.holding {
            flight.flying = Flying::Held;
            return;
        }
        let cut = self.base.network.is_cut(flight.from, flight.to);
        let station = &mut self.base.stations[flight.to.index()];
        match station.condition {
            _ if cut => self.lose(entry.slot, Why::CutLater, NO_EVENT, tape),
            Condition::Down => self.lose(entry.slot, Why::Down, NO_EVENT, tape),
            Condition::Paused => station.backlog.push(entry),
            Condition::Up => self.deliver(entry.slot, true, tape),
        }
    }

    /// Hands a message to its receiver.
    pub(crate) fn deliver(&mut self, slot: u32, begins: bool, tape: &mut Tape<'_>) {
        let Some(flight) = self.base.flights.remove(slot) else {
            return;
        };
        let Flight { from, to, kind, sent_by, .. } = flight;
        let record = Record::new(EventKind::Deliver, self.base.now, sent_by, to, from.0);
        let record = record.of_kind(kind);
        let record = if begins { record.begins_step() } else { record };
        let event = tape.record(&mut self.base, record);
        self.handle(to, event, tape, |cast, desk| cast.deliver(slot, from, desk));
    }

    /// Loses a message; begins a step unless it follows from `within`.
    pub(crate) fn lose(&mut self, slot: u32, why: Why, within: u32, tape: &mut Tape<'_>) {
        let Some(flight) = self.base.flights.remove(slot) else {
            return;
        };
        self.cast.forget_message(slot);
        let now = self.base.now;
        let record = Record::new(EventKind::Lost, now, flight.sent_by, flight.from, flight.to.0)
            .of_kind(flight.kind)
            .lost(why, flight.way(now));
        let record = if within == NO_EVENT { record.begins_step() } else { record };
        tape.record(&mut self.base, record);
        self.base.touched = None;
    }

    fn time_out(&mut self, entry: Entry, tape: &mut Tape<'_>) {
        let node = entry.node();
        let station = &mut self.base.stations[node.index()];
        if !station.runs_out(entry) {
            return station.requeue(&mut self.base.queue, entry);
        }
        let set_by = station.run_out(entry);
        let (kind, about) = self.cast.timer(entry.about());
        let about = about.map_or(NO_EVENT, |peer| peer.0);
        let record = Record::new(EventKind::Timer, self.base.now, set_by, node, about);
        let event = tape.record(&mut self.base, record.of_kind(kind).begins_step());
        self.handle(node, event, tape, |cast, desk| cast.time_out(entry.about(), desk));
    }

    /// The next request of the steady stream.
    fn make_request(&mut self, tape: &mut Tape<'_>) {
        let Some(load) = self.base.setup.load else { return };
        let count = self.base.load.made;
        self.base.load.made += 1;
        if self.base.load.made < load.count {
            let next = self.base.now + Span(load.every.0.max(1));
            self.base.queue.push(Entry::new(Due::Request, next, NodeId(0), 0, 0));
        }
        let members = self.base.members.len() as u64;
        let target = self.base.load.target.unwrap_or_else(|| {
            let circumstances = [u64::from(count)];
            let mut draw = Draw::keyed(self.base.setup.seed, Purpose::Request, &circumstances);
            NodeId(u32::try_from(draw.below(members)).expect("a member"))
        });
        let id = self.open_request(None, count, TRIES);
        self.ask(id, target, Mark::None, tape);
    }

    /// Takes a request in hand: this one, or the `count`-th sample of the room.
    pub(crate) fn open_request(
        &mut self,
        request: Option<&Sealed>,
        count: u32,
        tries: u8,
    ) -> RequestId {
        let id = RequestId(self.base.requests);
        self.base.requests += 1;
        if self.base.pending.len() == PENDING_MOST {
            self.close_request(0);
        }
        self.base.pending.push_back(Pending { id, tries, asked_by: NO_EVENT });
        self.cast.open_request(request, count);
        id
    }

    fn close_request(&mut self, place: usize) {
        self.base.pending.remove(place);
        self.cast.close_request(place);
    }

    /// A client asks a node.
    pub(crate) fn ask(&mut self, id: RequestId, node: NodeId, mark: Mark, tape: &mut Tape<'_>) {
        let Some(place) = self.base.pending.iter().rposition(|pending| pending.id == id) else {
            return;
        };
        let Pending { asked_by, tries, .. } = self.base.pending[place];
        let condition = self.base.stations[node.index()].condition;
        let label = || self.cast.show_request(place);
        let note = tape.note(|| aside(&[Value::Number(u64::from(id.0)), label()]));
        let record = Record::new(EventKind::Request, self.base.now, asked_by, node, note);
        let record = record.of_kind(u8::from(condition == Condition::Down)).marked(mark);
        let event = tape.record(&mut self.base, record.begins_step());
        tape.hear(id, || self.cast.operation(place).map(Said::Asked));
        self.base.touched = Some(node);
        match condition {
            Condition::Down => {
                // Nobody hears it; a client of the steady stream asks somewhere else next time.
                tape.hear(id, || Some(Said::Told(Outcome::Refused)));
                self.close_request(place);
                if tries > 0 {
                    self.base.load.target = None;
                }
            }
            Condition::Paused => {
                self.base.pending[place].asked_by = event;
                let again = Entry::new(Due::Request, self.base.now, node, id.0, 1);
                self.base.stations[node.index()].backlog.push(again);
            }
            Condition::Up => {
                self.handle(node, event, tape, |cast, desk| cast.ask(place, id, desk));
            }
        }
    }

    /// A write is durable: what waited for it goes out, up to the next write.
    fn disk_done(&mut self, entry: Entry, tape: &mut Tape<'_>) {
        let node = entry.node();
        let station = &mut self.base.stations[node.index()];
        if u64::from(station.epoch) != entry.tail() {
            return;
        }
        if station.condition == Condition::Paused {
            return station.backlog.push(entry);
        }
        let writes = std::mem::take(&mut station.writing);
        let cause = station.outbox.front().map_or(NO_EVENT, |(cause, _)| *cause);
        station.outbox.drain(..writes);
        let record = Record::new(EventKind::Saved, self.base.now, cause, node, NO_EVENT);
        let event = tape.record(&mut self.base, record.begins_step());
        self.handle(node, event, tape, |cast, desk| cast.saved(writes, desk));
    }

    /// Judges the cluster after `changed` was touched.
    pub(crate) fn judge(&mut self, changed: NodeId, cause: u32, tape: &mut Tape<'_>) {
        if !self.base.setup.judged {
            return;
        }
        let mut verdicts = Verdicts::default();
        self.cast.judge(changed, &self.base, &mut verdicts);
        for verdict in verdicts.take() {
            let bit = 1 << verdict.property.min(63);
            if self.base.broken & bit != 0 {
                continue;
            }
            self.base.broken |= bit;
            let [one, other] = verdict.witnesses;
            let note = tape.note(|| aside(&[Value::Number(verdict.place), other.into()]));
            let node = one.unwrap_or(changed);
            let record = Record::new(EventKind::Broken, self.base.now, cause, node, note);
            tape.record(&mut self.base, record.of_kind(verdict.property).marked(Mark::Broken));
        }
    }
}

impl Base {
    /// If writes wait and the disk is idle, the disk begins.
    fn begin_write(&mut self, node: NodeId) {
        let station = &mut self.stations[node.index()];
        if station.writing > 0 || station.outbox.is_empty() {
            return;
        }
        station.writing = writes_at_front(&station.outbox);
        let ordinal = station.wrote.next(self.now);
        let circumstances = [u64::from(node.0), self.now.0, ordinal];
        let mut draw = Draw::keyed(self.setup.seed, Purpose::Disk, &circumstances);
        let done = self.now + draw.span(self.network.config.disk);
        let epoch = u64::from(station.epoch);
        self.queue.push(Entry::new(Due::Disk, done, node, 0, epoch));
    }
}
