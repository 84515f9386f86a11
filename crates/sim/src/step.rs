//! One step of the world: the next thing that is due, and all that follows from it at once.

use crate::desk::{Desk, Tape};
use crate::disk::Waiting;
use crate::flight::{Flight, Flying};
use crate::input::Positioned;
use crate::load::{Pending, TRIES};
use crate::log::{EventKind, Mark, NO_EVENT, Record, Why, aside};
use crate::queue::{Due, Entry};
use crate::station::Condition;
use crate::world::World;
use faultline_kernel::{
    Cluster, Draw, NodeId, Protocol, Purpose, RequestId, Span, Time, TimerName, Value, Verdicts,
};

/// How many requests a world remembers whose answer is still out.
const PENDING_MOST: usize = 1_024;

impl<P: Protocol> World<P> {
    /// When the next step happens, if there is one; inputs may come before it.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.base.queue.peek().map(|entry| entry.time)
    }

    /// Takes the next step: an input whose turn it is, or what is due next.
    /// `false` if nothing ever happens again, or nothing until after `until`.
    pub(crate) fn step(
        &mut self,
        inputs: &[Positioned<P::Request>],
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
    pub(crate) fn rest(&mut self, inputs: &[Positioned<P::Request>], until: Time) {
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
            Due::Message => self.flights.get(entry.slot).is_some_and(|flight| {
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
    fn input_due<'i>(
        &self,
        inputs: &'i [Positioned<P::Request>],
    ) -> Option<&'i Positioned<P::Request>> {
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
        handler: impl FnOnce(&mut P::Node, &mut Desk<'_, '_, P>),
    ) {
        self.base.touched = Some(node);
        let seat = &mut self.seats[node.index()];
        let Some(memory) = seat.node.as_mut() else {
            return;
        };
        let mut desk = Desk {
            me: node,
            cause,
            recipe: &self.recipe,
            members: &self.members,
            base: &mut self.base,
            disk: &mut seat.disk,
            outbox: &mut self.outboxes[node.index()],
            flights: &mut self.flights,
            pending: &mut self.pending,
            tape,
        };
        handler(memory, &mut desk);
        self.begin_write(node);
        self.judge(node, cause, tape);
    }

    /// Starts a node from its disk.
    pub(crate) fn boot(&mut self, node: NodeId, cause: u32, tape: &mut Tape<'_>) {
        let record = Record::new(EventKind::Boot, self.base.now, cause, node, NO_EVENT);
        let record = if cause == NO_EVENT { record.begins_step() } else { record };
        let event = tape.record(&mut self.base, record);
        self.base.touched = Some(node);
        self.base.stations[node.index()].condition = Condition::Up;
        // The desk writes to the disk while the node reads it: it reads a copy.
        let disk = self.seats[node.index()].disk.clone();
        let mut desk = Desk {
            me: node,
            cause: event,
            recipe: &self.recipe,
            members: &self.members,
            base: &mut self.base,
            disk: &mut self.seats[node.index()].disk,
            outbox: &mut self.outboxes[node.index()],
            flights: &mut self.flights,
            pending: &mut self.pending,
            tape,
        };
        let memory = P::boot(&disk, &self.members[node.index()], &mut desk);
        self.seats[node.index()].node = Some(memory);
        self.begin_write(node);
        self.judge(node, event, tape);
    }

    fn arrive(&mut self, entry: Entry, tape: &mut Tape<'_>) {
        let Some(flight) = self.flights.get_mut(entry.slot) else {
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
        let Some(flight) = self.flights.remove(slot) else {
            return;
        };
        let Flight { from, to, kind, sent_by, message, .. } = flight;
        let record = Record::new(EventKind::Deliver, self.base.now, sent_by, to, from.0);
        let record = record.of_kind(kind);
        let record = if begins { record.begins_step() } else { record };
        let event = tape.record(&mut self.base, record);
        self.handle(to, event, tape, |node, desk| P::on_message(node, from, message, desk));
    }

    /// Loses a message; begins a step unless it follows from `within`.
    pub(crate) fn lose(&mut self, slot: u32, why: Why, within: u32, tape: &mut Tape<'_>) {
        let Some(flight) = self.flights.remove(slot) else {
            return;
        };
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
        let timer = P::Timer::from_key(entry.about());
        let about = timer.about().map_or(NO_EVENT, |peer| peer.0);
        let record = Record::new(EventKind::Timer, self.base.now, set_by, node, about);
        let record = record.of_kind(timer.kind()).begins_step();
        let event = tape.record(&mut self.base, record);
        self.handle(node, event, tape, |node, desk| P::on_timer(node, timer, desk));
    }

    /// The next request of the steady stream.
    fn make_request(&mut self, tape: &mut Tape<'_>) {
        let Some(load) = self.recipe.load else { return };
        let count = self.base.load.made;
        self.base.load.made += 1;
        if self.base.load.made < load.count {
            let next = self.base.now + Span(load.every.0.max(1));
            self.base.queue.push(Entry::new(Due::Request, next, NodeId(0), 0, 0));
        }
        let members = self.members.len() as u64;
        let target = self.base.load.target.unwrap_or_else(|| {
            let circumstances = [u64::from(count)];
            let mut draw = Draw::keyed(self.recipe.seed, Purpose::Request, &circumstances);
            NodeId(u32::try_from(draw.below(members)).expect("a member"))
        });
        let id = self.open_request(P::sample_request(count), TRIES, NO_EVENT);
        self.ask(id, target, Mark::None, tape);
    }

    /// Takes a request in hand; whoever made it is told when it is answered.
    pub(crate) fn open_request(
        &mut self,
        request: P::Request,
        tries: u8,
        asked_by: u32,
    ) -> RequestId {
        let id = RequestId(self.base.requests);
        self.base.requests += 1;
        if self.pending.len() == PENDING_MOST {
            self.pending.pop_front();
        }
        self.pending.push_back(Pending { id, request, tries, asked_by });
        id
    }

    /// A client asks a node.
    pub(crate) fn ask(&mut self, id: RequestId, node: NodeId, mark: Mark, tape: &mut Tape<'_>) {
        let Some(place) = self.pending.iter().rposition(|pending| pending.id == id) else {
            return;
        };
        let Pending { request, asked_by, tries, .. } = self.pending[place].clone();
        let condition = self.base.stations[node.index()].condition;
        let label = P::show_request(&request);
        let note = tape.note(|| aside(&[Value::Number(u64::from(id.0)), label]));
        let record = Record::new(EventKind::Request, self.base.now, asked_by, node, note);
        let record = record.of_kind(u8::from(condition == Condition::Down)).marked(mark);
        let event = tape.record(&mut self.base, record.begins_step());
        self.base.touched = Some(node);
        match condition {
            Condition::Down => {
                // Nobody hears it; a client of the steady stream asks somewhere else next time.
                self.pending.remove(place);
                if tries > 0 {
                    self.base.load.target = None;
                }
            }
            Condition::Paused => {
                self.pending[place].asked_by = event;
                let again = Entry::new(Due::Request, self.base.now, node, id.0, 1);
                self.base.stations[node.index()].backlog.push(again);
            }
            Condition::Up => {
                self.handle(node, event, tape, |node, desk| {
                    P::on_request(node, id, request, desk);
                });
            }
        }
    }

    /// If writes wait and the disk is idle, the disk begins.
    fn begin_write(&mut self, node: NodeId) {
        let outbox = &self.outboxes[node.index()];
        let station = &mut self.base.stations[node.index()];
        if station.writing > 0 || outbox.is_empty() {
            return;
        }
        let is_write = |(_, waiting): &&(u32, Waiting<P>)| matches!(waiting, Waiting::Write(_));
        station.writing = outbox.iter().take_while(is_write).count();
        let now = self.base.now;
        let ordinal = station.wrote.next(now);
        let circumstances = [u64::from(node.0), now.0, ordinal];
        let mut draw = Draw::keyed(self.recipe.seed, Purpose::Disk, &circumstances);
        let latency = draw.span(self.base.network.config.disk);
        let epoch = u64::from(station.epoch);
        self.base.queue.push(Entry::new(Due::Disk, now + latency, node, 0, epoch));
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
        let outbox = &mut self.outboxes[node.index()];
        let cause = outbox.front().map_or(NO_EVENT, |(cause, _)| *cause);
        let record = Record::new(EventKind::Saved, self.base.now, cause, node, NO_EVENT);
        let event = tape.record(&mut self.base, record.begins_step());
        for (_, waiting) in outbox.drain(..writes) {
            if let Waiting::Write(write) = waiting {
                P::write(&mut self.seats[node.index()].disk, write);
            }
        }
        self.handle(node, event, tape, |_, desk| release(desk));
    }

    /// Judges the cluster after `changed` was touched.
    pub(crate) fn judge(&mut self, changed: NodeId, cause: u32, tape: &mut Tape<'_>) {
        if !self.recipe.judged {
            return;
        }
        let mut verdicts = Verdicts::default();
        let cluster = Cluster {
            config: &self.recipe.config,
            members: &self.members,
            seats: &self.seats,
            now: self.base.now,
        };
        P::check(&mut self.witness, changed, &cluster, &mut verdicts);
        if verdicts.is_empty() {
            return;
        }
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

/// Lets out what waited behind a write that is now durable.
fn release<P: Protocol>(desk: &mut Desk<'_, '_, P>) {
    loop {
        match desk.outbox.front() {
            None | Some((_, Waiting::Write(_))) => return,
            Some(_) => {}
        }
        match desk.outbox.pop_front() {
            Some((cause, Waiting::Send(to, message))) => desk.post(cause, to, message),
            Some((cause, Waiting::Answer(to, answer))) => desk.reply(cause, to, &answer),
            Some((_, Waiting::Write(_))) | None => return,
        }
    }
}
