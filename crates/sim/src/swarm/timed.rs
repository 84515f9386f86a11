//! A swarm in the time of a world.

use super::company::{Company, IN_THE_RING, MESSAGE, TIMER};
use super::hall::{Hall, Stand, intervene};
use super::ring::{Alarm, Bucket, Letter};
use super::turn::{Actor, Floor, Held};
use super::{Bytes, Faults, Reached, moment};
use crate::network::NetworkConfig;
use crate::queue::{Due, Entry};
use faultline_kernel::{NodeId, Protocol, RequestId, Span, Time, TimerName};

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
    company: Company<P::Message>,
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
            company: Company::default(),
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
        self.company.expect(handled);
        if self.is_plain() {
            self.play::<true>(bucket, handled);
        } else {
            self.play::<false>(bucket, handled);
        }
        for (place, entry) in (0..).zip(&self.agenda) {
            self.company.wait(entry, place);
        }
        if !self.company.is_empty() {
            self.attend_to_company();
        }
        self.agenda.clear();
        handled as u64
    }

    /// Whether nothing is unusual, so that whoever has no company needs no second look.
    fn is_plain(&self) -> bool {
        let NetworkConfig { disk, latency, .. } = self.hall.network.config;
        let usual = disk.max == Span::ZERO && latency.min > Span::ZERO;
        usual && self.hall.whole && self.hall.all_stand() && self.floor.is_plain()
    }

    /// So much happens now: all of it that happens to whoever has no company.
    fn play<const PLAIN: bool>(&mut self, mut bucket: Bucket, handled: usize) {
        let Self { nodes, config, hall, floor, company, mail, alarms, agenda, .. } = self;
        if handled > 1 {
            moment::look::<P, PLAIN>(nodes, config, floor, &mut company.filter, bucket);
            for entry in agenda {
                // Seen twice, so that whatever else happens to this node waits for its turn.
                company.filter.see(entry.node());
                company.filter.see(entry.node());
            }
        }
        while moment::open_letters::<P>(&mut floor.ring, &mut bucket, &company.filter, hall, mail) {
            moment::deliver::<P, PLAIN>(nodes, config, hall, floor, company, mail);
        }
        while floor.ring.alarms.take_chunk(&mut bucket.alarms, alarms) {
            self.fetched ^= moment::fetch_timers::<P>(nodes, floor, alarms);
            moment::time_out::<P, PLAIN>(nodes, config, hall, floor, company, alarms);
        }
    }

    /// What happens to nodes with company, in the order of a world.
    fn attend_to_company(&mut self) {
        let mut guests = self.company.take();
        for guest in guests.drain(..) {
            match guest.due() {
                MESSAGE => {
                    if let Some(letter) = self.company.kept[guest.place as usize].take() {
                        let Self { nodes, config, hall, floor, .. } = self;
                        moment::hear::<P, false>(nodes, config, hall, floor, letter);
                    }
                }
                TIMER if guest.place == IN_THE_RING => {
                    let Self { nodes, config, hall, floor, .. } = self;
                    moment::run_out::<P, false>(nodes, config, hall, floor, guest.node());
                }
                _ => self.come_due(self.agenda[guest.place as usize]),
            }
        }
        self.company.done(guests);
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

    /// Runs a handler of a node that is up, unless it is of those that run most.
    fn handle(&mut self, me: NodeId, run: impl FnOnce(&mut P::Node, &mut Actor<'_, P, false>)) {
        let Self { nodes, config, hall, floor, .. } = self;
        let node = &mut nodes[me.index()];
        let before = P::role(node);
        let mut actor = Actor::begin(me, config, &mut *hall, floor);
        run(node, &mut actor);
        actor.end();
        hall.changes_role(before, P::role(node));
    }

    fn boot(&mut self, me: NodeId) {
        let Self { nodes, config, hall, floor, .. } = self;
        let (disk, member) = (hall.disks[me.index()].clone(), hall.member(me));
        let mut actor = Actor::<P, false>::begin(me, config, &mut *hall, floor);
        let node = P::boot(&disk, &member, &mut actor);
        actor.end();
        hall.rise(me, P::role(&node));
        match nodes.get_mut(me.index()) {
            Some(place) => *place = node,
            None => nodes.push(node),
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        let [mail, timers, ring] = self.floor.ring.bytes();
        let instant = self.mail.capacity() * size_of::<Option<Letter<P::Message>>>()
            + self.alarms.capacity() * size_of::<Alarm>()
            + self.agenda.capacity() * size_of::<Entry>()
            + self.company.bytes();
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
