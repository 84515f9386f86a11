//! A swarm in the time of a world.

use super::filter::Filter;
use super::hall::{Hall, Stand, intervene};
use super::pool::List;
use super::ring::{Alarm, Bucket, Letter};
use super::turn::{Actor, Floor, Held};
use super::{Bytes, Faults, Reached};
use crate::queue::{Due, Entry};
use faultline_kernel::{NodeId, Protocol, RequestId, Time, TimerName};

/// The place of a timer that is not in the agenda.
const IN_THE_RING: u32 = u32::MAX;

/// Something that happens to a node with company, in the order of a world.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Guest {
    /// Receiver, kind, sender or key.
    who: u64,
    /// Places tell everything apart, and of one sender the earlier message has the lower one.
    place: u32,
}

const MESSAGE: u8 = Due::Message as u8;
const TIMER: u8 = Due::Timer as u8;

impl Guest {
    fn new(node: NodeId, due: Due, about: u32, place: u32) -> Self {
        Self { who: u64::from(node.0) << 40 | (due as u64) << 32 | u64::from(about), place }
    }

    fn node(self) -> NodeId {
        NodeId((self.who >> 40) as u32)
    }

    fn due(self) -> u8 {
        self.who.to_le_bytes()[4]
    }
}

/// A swarm in the time of a world.
pub(super) struct Timed<P: Protocol> {
    pub(super) nodes: Vec<P::Node>,
    config: P::Config,
    pub(super) hall: Hall<P>,
    floor: Floor<P>,
    /// What happens now, a chunk at a time; here so that its place is used again.
    mail: Vec<Option<Letter<P::Message>>>,
    alarms: Vec<Alarm>,
    agenda: Vec<Entry>,
    filter: Filter,
    /// What happens to nodes that have company,
    company: Vec<Guest>,
    /// and the messages among that.
    kept: Vec<Option<Letter<P::Message>>>,
    /// Something of each node that was fetched, so that it must be fetched.
    fetched: u8,
    begun: bool,
}

impl<P: Protocol> Timed<P> {
    pub(super) fn new(config: P::Config, hall: Hall<P>) -> Self {
        Self {
            nodes: Vec::with_capacity(hall.count as usize),
            config,
            floor: Floor::new(hall.count),
            hall,
            mail: Vec::new(),
            alarms: Vec::new(),
            agenda: Vec::new(),
            filter: Filter::default(),
            company: Vec::new(),
            kept: Vec::new(),
            fetched: 0,
            begun: false,
        }
    }

    pub(super) fn advance(&mut self, until: Time, mut budget: u64) -> Reached {
        if !self.begun {
            self.begun = true;
            self.begin();
        }
        loop {
            let others = [self.floor.agenda.peek().map(|entry| entry.time), self.hall.input_at()];
            let other = others.into_iter().flatten().min();
            let bound = other.map_or(until, |other| other.min(until));
            let next = self.floor.ring.next(bound).into_iter().chain(other).min();
            let Some(next) = next else { return Reached::Rest };
            if next > until {
                self.pass(until);
                return Reached::Time;
            }
            if !self.pass(next) {
                return Reached::Full;
            }
            self.act(next);
            let handled = self.instant(next);
            if handled >= budget {
                return Reached::Budget;
            }
            budget -= handled;
        }
    }

    /// Time goes on. `false` if it cannot.
    fn pass(&mut self, now: Time) -> bool {
        self.hall.now = self.hall.now.max(now);
        self.hall.tally.reach(self.hall.now)
    }

    /// Whatever was done before the beginning is done; then everybody starts, in order.
    fn begin(&mut self) {
        self.act(Time::ZERO);
        for node in (0..self.hall.count).map(NodeId) {
            self.boot(node);
        }
    }

    /// Everything that somebody outside does up to `now`.
    fn act(&mut self, now: Time) {
        while let Some(input) = self.hall.next_input(now) {
            intervene(self, &input);
            self.floor.leave_early(self.hall.now);
        }
    }

    /// All that comes due at this instant: how much it was.
    fn instant(&mut self, now: Time) -> u64 {
        let bucket = self.floor.ring.take(now);
        while self.floor.agenda.peek().is_some_and(|entry| entry.time <= now) {
            self.agenda.extend(self.floor.agenda.pop());
        }
        let queued = bucket.mail.count as usize + bucket.alarms.count as usize;
        let handled = queued + self.agenda.len();
        self.filter.clear(handled);
        if handled > 1 {
            self.look(bucket);
        }
        self.deliver_all(bucket.mail);
        self.time_out_all(bucket.alarms);
        for (place, entry) in (0..).zip(&self.agenda) {
            self.company.push(Guest::new(entry.node(), entry.due(), entry.about(), place));
        }
        if !self.company.is_empty() {
            self.attend_to_company();
        }
        self.agenda.clear();
        handled as u64
    }

    /// Finds out who has company.
    fn look(&mut self, bucket: Bucket) {
        for chunk in self.floor.ring.mail.chunks(bucket.mail) {
            for letter in chunk.iter().flatten() {
                self.filter.see(letter.to());
            }
        }
        for chunk in self.floor.ring.alarms.chunks(bucket.alarms) {
            for alarm in chunk {
                self.filter.see(alarm.node());
            }
        }
        for entry in &self.agenda {
            // Seen twice, so that whatever else happens to this node waits for its turn.
            self.filter.see(entry.node());
            self.filter.see(entry.node());
        }
    }

    /// Delivers to whoever has no company.
    fn deliver_all(&mut self, mut list: List) {
        let mut chunk = std::mem::take(&mut self.mail);
        while self.floor.ring.mail.take_chunk(&mut list, &mut chunk) {
            // Whoever is asked for something here is at hand in a moment: one after the other, each
            // of a million nodes would have to be waited for.
            let role = |letter: &Letter<_>| P::role(&self.nodes[letter.to().index()]);
            self.fetched = chunk.iter().flatten().fold(self.fetched, |all, one| all ^ role(one));
            for letter in chunk.drain(..).flatten() {
                if self.filter.has_company(letter.to()) {
                    let place = u32::try_from(self.kept.len()).expect("memory ends before");
                    let (from, to) = (letter.from(), letter.to());
                    self.company.push(Guest::new(to, Due::Message, from.0, place));
                    self.kept.push(Some(letter));
                } else {
                    self.deliver(letter);
                }
            }
        }
        self.mail = chunk;
    }

    /// Lets the timers run out of whoever has no company.
    fn time_out_all(&mut self, mut list: List) {
        let mut chunk = std::mem::take(&mut self.alarms);
        while self.floor.ring.alarms.take_chunk(&mut list, &mut chunk) {
            let (nodes, timers) = (&self.nodes, &self.floor.timers);
            let touch =
                |node: NodeId| P::role(&nodes[node.index()]) ^ u8::from(timers.is_set(node));
            self.fetched = chunk.iter().fold(self.fetched, |all, one| all ^ touch(one.node()));
            for alarm in chunk.drain(..) {
                let node = alarm.node();
                if self.filter.has_company(node) {
                    self.company.push(Guest::new(node, Due::Timer, 0, IN_THE_RING));
                } else {
                    self.time_out(node);
                }
            }
        }
        self.alarms = chunk;
    }

    /// What happens to nodes with company, in the order of a world.
    fn attend_to_company(&mut self) {
        let mut company = std::mem::take(&mut self.company);
        company.sort_unstable();
        for guest in company.drain(..) {
            match guest.due() {
                MESSAGE => {
                    if let Some(letter) = self.kept[guest.place as usize].take() {
                        self.deliver(letter);
                    }
                }
                TIMER if guest.place == IN_THE_RING => self.time_out(guest.node()),
                _ => self.come_due(self.agenda[guest.place as usize]),
            }
        }
        self.kept.clear();
        self.company = company;
    }

    /// What is neither a message nor a node's first timer.
    fn come_due(&mut self, entry: Entry) {
        let (node, now) = (entry.node(), self.hall.now);
        match entry.due() {
            Due::Timer if self.hall.stand(node) == Stand::Up => {
                let key = entry.about();
                if self.floor.timers.other_runs_out(node, key, now) {
                    self.hall.tally.open.timers += 1;
                    let timer = P::Timer::from_key(key);
                    self.handle(node, |node, actor| P::on_timer(node, timer, actor));
                }
            }
            Due::Disk if u64::from(self.floor.epoch(node)) != entry.tail() => {}
            Due::Disk if self.hall.stand(node) == Stand::Paused => {
                self.floor.hold(node, Held::Disk(entry.tail()));
            }
            Due::Disk => self.handle(node, |_, actor| actor.saved()),
            Due::Request => {
                let id = RequestId(entry.about());
                if let Some(request) = self.floor.asked.remove(&id) {
                    self.ask(node, id, request);
                }
            }
            Due::Timer | Due::Boot | Due::Message => {}
        }
    }

    #[inline]
    fn deliver(&mut self, letter: Letter<P::Message>) {
        let (from, to, message) = (letter.from(), letter.to(), letter.message);
        if !self.hall.whole && self.hall.network.is_cut(from, to) {
            self.hall.tally.open.losses += 1;
            return;
        }
        match self.hall.stand(to) {
            Stand::Up => {
                self.hall.tally.open.deliveries += 1;
                let Self { nodes, config, hall, floor, .. } = self;
                floor.begin_turn(to, hall.now);
                let node = &mut nodes[to.index()];
                let before = P::role(node);
                let mut actor = Actor { me: to, config, hall: &mut *hall, floor: &mut *floor };
                P::on_message(node, from, message, &mut actor);
                hall.changes_role(before, P::role(node));
                floor.end_turn(to, hall);
            }
            Stand::Down => self.hall.tally.open.losses += 1,
            Stand::Paused => self.floor.hold(to, Held::Mail(from, message)),
        }
    }

    #[inline]
    fn time_out(&mut self, me: NodeId) {
        let now = self.hall.now;
        match self.hall.stand(me) {
            Stand::Up => {
                if self.floor.timers.runs_out(me, now) {
                    self.hall.tally.open.timers += 1;
                    let Self { nodes, config, hall, floor, .. } = self;
                    floor.begin_turn(me, now);
                    let node = &mut nodes[me.index()];
                    let before = P::role(node);
                    let mut actor = Actor { me, config, hall: &mut *hall, floor: &mut *floor };
                    P::on_timer(node, P::Timer::from_key(0), &mut actor);
                    hall.changes_role(before, P::role(node));
                    floor.end_turn(me, hall);
                }
            }
            Stand::Paused => self.floor.timers.keep(me, now),
            Stand::Down => {}
        }
    }

    /// Runs a handler of a node that is up. What happens most, messages and first timers, has these
    /// lines in its own place: behind a closure a handler is a call, and its actor lies in memory.
    fn handle(&mut self, me: NodeId, run: impl FnOnce(&mut P::Node, &mut Actor<'_, P>)) {
        let Self { nodes, config, hall, floor, .. } = self;
        floor.begin_turn(me, hall.now);
        let node = &mut nodes[me.index()];
        let before = P::role(node);
        run(node, &mut Actor { me, config, hall: &mut *hall, floor: &mut *floor });
        hall.changes_role(before, P::role(node));
        floor.end_turn(me, hall);
    }

    fn boot(&mut self, me: NodeId) {
        let Self { nodes, config, hall, floor, .. } = self;
        floor.begin_turn(me, hall.now);
        let (disk, member) = (hall.disks[me.index()].clone(), hall.member(me));
        let node = P::boot(&disk, &member, &mut Actor { me, config, hall: &mut *hall, floor: &mut *floor });
        hall.rise(me, P::role(&node));
        floor.end_turn(me, hall);
        match nodes.get_mut(me.index()) {
            Some(place) => *place = node,
            None => nodes.push(node),
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        let [mail, timers, ring] = self.floor.ring.bytes();
        let messages = self.mail.capacity() + self.kept.capacity();
        let instant = messages * size_of::<Option<Letter<P::Message>>>()
            + self.alarms.capacity() * size_of::<Alarm>()
            + self.agenda.capacity() * size_of::<Entry>()
            + self.company.capacity() * size_of::<Guest>()
            + self.filter.bytes();
        Bytes {
            nodes: self.nodes.capacity() * size_of::<P::Node>(),
            timers: self.floor.timers.bytes(),
            mail,
            queue: timers + ring + instant + self.floor.agenda.weight(),
            ..self.hall.bytes()
        }
    }
}

impl<P: Protocol> Faults<P> for Timed<P> {
    fn hall(&mut self) -> &mut Hall<P> {
        &mut self.hall
    }

    fn crash(&mut self, node: NodeId) {
        self.hall.fall(node, P::role(&self.nodes[node.index()]));
        self.floor.crash(node, self.hall.now);
    }

    fn restart(&mut self, node: NodeId) {
        // Before the beginning it is about to start anyway.
        if node.index() < self.nodes.len() {
            self.boot(node);
        }
    }

    fn resume(&mut self, node: NodeId) {
        self.floor.resume(node, self.hall.now);
    }

    fn set_rate(&mut self, node: NodeId, rate_ppm: u32) {
        self.floor.set_rate(node, self.hall.now, rate_ppm);
    }

    fn ask(&mut self, node: NodeId, id: RequestId, request: P::Request) {
        match self.hall.stand(node) {
            Stand::Up => self.handle(node, |node, actor| P::on_request(node, id, request, actor)),
            Stand::Paused => self.floor.hold(node, Held::Request(id, request)),
            Stand::Down => {}
        }
    }
}
