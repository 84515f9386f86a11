//! Interventions: what somebody outside does to a running cluster.

use crate::cast::Sealed;
use crate::desk::Tape;
use crate::flight::{Flight, Flying};
use crate::input::{Input, MessageName, is_hit};
use crate::log::{EventKind, Mark, NO_EVENT, Record, Why};
use crate::network::Network;
use crate::queue::Entry;
use crate::station::{Condition, CountdownView};
use crate::world::World;
use faultline_kernel::{Draw, NodeId, Purpose, Span, SpanRange};

impl World {
    /// Carries out an input: one step, whose first event names the input.
    pub(crate) fn intervene(&mut self, input: &Input<Sealed>, tape: &mut Tape<'_>) {
        self.base.touched = input.node();
        if let Input::Request { node, request } = input {
            let id = self.open_request(request.as_ref(), self.base.requests, 0);
            return self.ask(id, *node, Mark::Act, tape);
        }
        let possible = self.possible(input);
        let kind = if possible { EventKind::Input } else { EventKind::InVain };
        let number = u32::try_from(self.base.inputs_done - 1).expect("inputs are bounded");
        let node = input.node().unwrap_or(NodeId(NO_EVENT));
        let record = Record::new(kind, self.base.now, NO_EVENT, node, number);
        let event = tape.record(&mut self.base, record.marked(Mark::Act).begins_step());
        if possible {
            self.base.stir(input);
            self.carry_out(input, event, tape);
            self.base.calm_down();
        }
    }

    /// Whether there is something for the input to act on.
    fn possible(&self, input: &Input<Sealed>) -> bool {
        let condition = |node: &NodeId| self.base.stations[node.index()].condition;
        let network = &self.base.network;
        match input {
            Input::Crash { node } => condition(node) != Condition::Down,
            Input::Restart { node } | Input::LoseDisk { node } => {
                condition(node) == Condition::Down
            }
            Input::Pause { node } => condition(node) == Condition::Up,
            Input::Resume { node } => condition(node) == Condition::Paused,
            Input::Fire { node, timer, about } => {
                condition(node) == Condition::Up && self.timer_key(*node, timer, *about).is_some()
            }
            Input::Heal => !network.cuts().is_empty() || !network.sides().is_empty(),
            Input::CutLink { from, to, both } => {
                let open = |from, to| network.cuts().binary_search(&(from, to)).is_err();
                open(*from, *to) || (*both && open(*to, *from))
            }
            Input::HealLink { from, to, both } => {
                let cut = |from, to| network.cuts().binary_search(&(from, to)).is_ok();
                cut(*from, *to) || (*both && cut(*to, *from))
            }
            Input::Drop { message } | Input::Delay { message, .. } => {
                self.base.flights.find(*message).is_some()
            }
            Input::Duplicate { message } => {
                let copy = MessageName { copy: true, ..*message };
                self.base.flights.find(*message).is_some() && self.base.flights.find(copy).is_none()
            }
            Input::Deliver { message } => {
                let flight =
                    self.base.flights.find(*message).and_then(|slot| self.base.flights.get(slot));
                flight.is_some()
                    && condition(&message.to) == Condition::Up
                    && !network.is_cut(message.from, message.to)
            }
            Input::Hold { on } => network.holding != *on,
            Input::Cut { groups } => network.clone().part(groups, self.base.members.len()),
            Input::Clock { .. }
            | Input::CrashSome { .. }
            | Input::Request { .. }
            | Input::Loss { .. }
            | Input::Duplication { .. }
            | Input::Latency { .. }
            | Input::Disk { .. } => true,
        }
    }

    fn carry_out(&mut self, input: &Input<Sealed>, event: u32, tape: &mut Tape<'_>) {
        let members = self.base.members.len();
        let network = &mut self.base.network;
        match input {
            Input::Crash { node } => self.crash(*node, event, tape),
            Input::CrashSome { ppm } => self.crash_some(*ppm, event, tape),
            Input::Restart { node } => self.boot(*node, event, tape),
            Input::Pause { node } => {
                self.base.stations[node.index()].condition = Condition::Paused;
            }
            Input::Resume { node } => self.resume(*node),
            Input::LoseDisk { node } => {
                self.cast.lose_disk(*node);
                self.judge(*node, event, tape);
            }
            Input::Clock { node, rate_ppm } => {
                let station = &mut self.base.stations[node.index()];
                station.set_rate(&mut self.base.queue, *node, self.base.now, *rate_ppm);
            }
            Input::Fire { node, timer, about } => self.fire(*node, timer, *about, event),
            Input::Request { .. } => {}
            Input::Cut { .. }
            | Input::Heal
            | Input::CutLink { .. }
            | Input::HealLink { .. }
            | Input::Loss { .. }
            | Input::Duplication { .. }
            | Input::Latency { .. }
            | Input::Disk { .. } => network.change(input, members),
            Input::Drop { message } => {
                if let Some(slot) = self.ground(*message) {
                    self.lose(slot, Why::Taken, event, tape);
                }
            }
            Input::Duplicate { message } => self.double(*message, event, tape),
            Input::Deliver { message } => {
                if let Some(slot) = self.ground(*message) {
                    self.deliver(slot, false, tape);
                }
            }
            Input::Delay { message, by_us } => self.delay(*message, Span(*by_us)),
            Input::Hold { on } => {
                network.holding = *on;
                if !on {
                    self.let_go();
                }
            }
        }
    }

    /// Memory, timers and unfinished writes are gone.
    fn crash(&mut self, node: NodeId, event: u32, tape: &mut Tape<'_>) {
        self.cast.crash(node);
        let backlog = self.base.stations[node.index()].crash();
        for entry in backlog {
            self.base.queue.push(entry.at(self.base.now));
        }
        self.judge(node, event, tape);
    }

    fn crash_some(&mut self, ppm: u32, event: u32, tape: &mut Tape<'_>) {
        let (seed, now) = (self.base.setup.seed, self.base.now);
        for place in 0..self.base.stations.len() {
            let node = self.base.members[place].id;
            let runs = self.base.stations[place].condition != Condition::Down;
            if runs && is_hit(seed, now, node, ppm) {
                self.crash(node, event, tape);
            }
        }
    }

    /// What came meanwhile comes now.
    fn resume(&mut self, node: NodeId) {
        let now = self.base.now;
        let station = &mut self.base.stations[node.index()];
        station.condition = Condition::Up;
        let backlog = std::mem::take(&mut station.backlog);
        station.rearm(&mut self.base.queue, node, now);
        for entry in backlog {
            self.base.queue.push(entry.at(now));
        }
    }

    fn fire(&mut self, node: NodeId, timer: &str, about: Option<NodeId>, event: u32) {
        let Some(key) = self.timer_key(node, timer, about) else {
            return;
        };
        let station = &mut self.base.stations[node.index()];
        station.fire(&mut self.base.queue, node, key, self.base.now, event);
    }

    /// The key of the timer of this id that is set.
    fn timer_key(&self, node: NodeId, timer: &str, about: Option<NodeId>) -> Option<u32> {
        let kinds = self.about().timers;
        let meant = |countdown: &CountdownView| {
            let same_peer = about.is_none() || countdown.about == about;
            kinds[usize::from(countdown.kind)].id == timer && same_peer
        };
        self.countdowns(node).find(meant).map(|countdown| countdown.key)
    }

    /// Takes a message out of the queue, whatever it waits for.
    fn ground(&mut self, name: MessageName) -> Option<u32> {
        let slot = self.base.flights.find(name)?;
        self.base.queue.remove_message(slot);
        for station in &mut self.base.stations {
            station.backlog.retain(|entry| !entry.is_message(slot));
        }
        Some(slot)
    }

    fn double(&mut self, name: MessageName, event: u32, tape: &mut Tape<'_>) {
        let Some(slot) = self.base.flights.find(name) else { return };
        let Some(flight) = self.base.flights.get(slot).copied() else { return };
        let now = self.base.now;
        let circumstances =
            [u64::from(name.from.0), u64::from(name.to.0), now.0, u64::from(name.ordinal)];
        let mut draw = Draw::keyed(self.base.setup.seed, Purpose::Duplicate, &circumstances);
        let arrives = now + draw.span(self.base.network.config.latency);
        let Flight { from, to, kind, .. } = flight;
        let record = Record::new(EventKind::Duplicate, now, event, from, to.0).of_kind(kind);
        let sent_by = tape.record(&mut self.base, record);
        let copy = Flight { copy: true, arrives, flying: Flying::Well, sent_by, ..flight };
        let copy = self.base.launch(copy);
        self.cast.copy_message(slot, copy);
    }

    fn delay(&mut self, name: MessageName, by: Span) {
        let Some(slot) = self.ground(name) else {
            return;
        };
        let now = self.base.now;
        let Some(flight) = self.base.flights.get_mut(slot) else {
            return;
        };
        flight.arrives = flight.arrives.max(now) + by;
        if matches!(flight.flying, Flying::Held) {
            flight.flying = Flying::Well;
        }
        let (to, from, tail) = (flight.to, flight.from, flight.tail());
        self.base.queue.push(Entry::message(flight.arrives, to, from, tail, slot));
    }

    /// What was held goes on its way.
    fn let_go(&mut self) {
        let flights = &self.base.flights;
        let held: Vec<_> = flights
            .iter()
            .filter(|(_, flight)| flight.flying == Flying::Held)
            .map(|(slot, _)| slot)
            .collect();
        for slot in held {
            let Some(flight) = self.base.flights.get_mut(slot) else {
                continue;
            };
            flight.flying = Flying::Well;
            let (to, from, tail) = (flight.to, flight.from, flight.tail());
            self.base.queue.push(Entry::message(self.base.now, to, from, tail, slot));
        }
    }
}

impl Network {
    /// What an input does to the network of so many members; nothing, if it is about something
    /// else.
    pub(crate) fn change(&mut self, input: &Input<Sealed>, members: usize) {
        match input {
            Input::Cut { groups } => {
                self.part(groups, members);
            }
            Input::Heal => {
                self.heal();
            }
            Input::CutLink { from, to, both } => {
                self.cut_link(*from, *to);
                if *both {
                    self.cut_link(*to, *from);
                }
            }
            Input::HealLink { from, to, both } => {
                self.heal_link(*from, *to);
                if *both {
                    self.heal_link(*to, *from);
                }
            }
            Input::Loss { ppm } => self.config.loss_ppm = *ppm,
            Input::Duplication { ppm } => self.config.duplicate_ppm = *ppm,
            Input::Latency { min_us, max_us } => {
                self.config.latency = SpanRange::new(Span(*min_us), Span(*max_us));
            }
            Input::Disk { min_us, max_us } => {
                self.config.disk = SpanRange::new(Span(*min_us), Span(*max_us));
            }
            _ => {}
        }
    }
}
