//! A swarm in the time of a world.

use super::filter::Filter;
use super::hall::{Hall, Stand, intervene};
use super::turn::{Actor, Floor, Held};
use super::{Bytes, Faults, Mail, Reached};
use crate::queue::{Due, Entry};
use faultline_kernel::{NodeId, Protocol, RequestId, Time, TimerName};

/// The place of a timer that is not in the agenda.
const IN_THE_RING: usize = usize::MAX;

/// A swarm in the time of a world.
pub(super) struct Timed<P: Protocol> {
    pub(super) nodes: Vec<P::Node>,
    pub(super) hall: Hall<P>,
    floor: Floor<P>,
    /// What happens at one instant, taken out of the queue; here so that its place is used again.
    mail: Vec<Option<Mail<P::Message>>>,
    timers: Vec<u32>,
    agenda: Vec<Entry>,
    filter: Filter,
    /// What happens to nodes that have company: receiver, kind, sender or key, place.
    company: Vec<(NodeId, Due, u32, usize)>,
    /// Something of each node that was fetched, so that it must be fetched.
    fetched: u8,
    begun: bool,
}

impl<P: Protocol> Timed<P> {
    pub(super) fn new(hall: Hall<P>) -> Self {
        Self {
            nodes: Vec::with_capacity(hall.count as usize),
            floor: Floor::new(hall.count),
            hall,
            mail: Vec::new(),
            timers: Vec::new(),
            agenda: Vec::new(),
            filter: Filter::default(),
            company: Vec::new(),
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
            let due = [self.floor.ring.next(), self.floor.agenda.peek().map(|entry| entry.time)];
            let due = due.into_iter().flatten().min();
            let next = due.into_iter().chain(self.hall.input_at()).min();
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
        self.floor.ring.pass(self.hall.now);
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
        let (mut mail, mut timers) = (std::mem::take(&mut self.mail), Vec::new());
        std::mem::swap(&mut timers, &mut self.timers);
        self.floor.ring.take(now, &mut mail, &mut timers);
        while self.floor.agenda.peek().is_some_and(|entry| entry.time <= now) {
            self.agenda.extend(self.floor.agenda.pop());
        }
        self.look(&mail, &timers);
        for (place, slot) in mail.iter_mut().enumerate() {
            let Some(Mail { to, from, .. }) = slot else { continue };
            if self.filter.has_company(to.0) {
                self.company.push((*to, Due::Message, from.0, place));
            } else if let Some(mail) = slot.take() {
                self.deliver(mail);
            }
        }
        for node in timers.iter().copied().map(NodeId) {
            if self.filter.has_company(node.0) {
                self.company.push((node, Due::Timer, 0, IN_THE_RING));
            } else {
                self.time_out(node);
            }
        }
        for (place, entry) in self.agenda.iter().enumerate() {
            self.company.push((entry.node(), entry.due(), entry.about(), place));
        }
        self.attend_to_company(&mut mail);
        let handled = mail.len() + timers.len() + self.agenda.len();
        mail.clear();
        timers.clear();
        self.agenda.clear();
        (self.mail, self.timers) = (mail, timers);
        handled as u64
    }

    /// Finds out who has company.
    fn look(&mut self, mail: &[Option<Mail<P::Message>>], timers: &[u32]) {
        let things = mail.len() + timers.len() + self.agenda.len();
        self.filter.clear(things);
        if things < 2 {
            return;
        }
        // Whoever is asked for something here is at hand later: one after the other, each of a
        // million nodes would have to be waited for.
        for mail in mail.iter().flatten() {
            self.filter.see(mail.to.0);
            self.fetched ^= P::role(&self.nodes[mail.to.index()]);
        }
        for node in timers {
            self.filter.see(*node);
            self.fetched ^= P::role(&self.nodes[*node as usize]);
        }
        for entry in &self.agenda {
            // Seen twice, so that whatever else happens to this node waits for its turn.
            self.filter.see(entry.node().0);
            self.filter.see(entry.node().0);
        }
    }

    /// What happens to nodes with company, in the order of a world.
    fn attend_to_company(&mut self, mail: &mut [Option<Mail<P::Message>>]) {
        let mut company = std::mem::take(&mut self.company);
        // Places tell everything apart, and of one sender the earlier message has the lower one.
        company.sort_unstable();
        for (node, due, _, place) in company.drain(..) {
            match due {
                Due::Message => {
                    if let Some(mail) = mail[place].take() {
                        self.deliver(mail);
                    }
                }
                Due::Timer if place == IN_THE_RING => self.time_out(node),
                _ => self.come_due(self.agenda[place]),
            }
        }
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
    fn deliver(&mut self, mail: Mail<P::Message>) {
        let Mail { from, to, message, .. } = mail;
        if !self.hall.network.is_whole() && self.hall.network.is_cut(from, to) {
            self.hall.tally.open.losses += 1;
            return;
        }
        match self.hall.stand(to) {
            Stand::Up => {
                self.hall.tally.open.deliveries += 1;
                self.handle(to, |node, actor| P::on_message(node, from, message, actor));
            }
            Stand::Down => self.hall.tally.open.losses += 1,
            Stand::Paused => self.floor.hold(to, Held::Mail(from, message)),
        }
    }

    #[inline]
    fn time_out(&mut self, node: NodeId) {
        let now = self.hall.now;
        match self.hall.stand(node) {
            Stand::Up => {
                if self.floor.timers.runs_out(node, now) {
                    self.hall.tally.open.timers += 1;
                    let timer = P::Timer::from_key(0);
                    self.handle(node, |node, actor| P::on_timer(node, timer, actor));
                }
            }
            Stand::Paused => self.floor.timers.keep(node, now),
            Stand::Down => {}
        }
    }

    /// Runs a handler of a node that is up.
    #[inline(always)]
    fn handle(&mut self, me: NodeId, run: impl FnOnce(&mut P::Node, &mut Actor<'_, P>)) {
        let Self { nodes, hall, floor, .. } = self;
        floor.begin_turn(me, hall.now);
        let node = &mut nodes[me.index()];
        let before = P::role(node);
        run(node, &mut Actor { me, hall: &mut *hall, floor: &mut *floor });
        hall.changes_role(before, P::role(node));
        floor.end_turn(me, hall);
    }

    fn boot(&mut self, me: NodeId) {
        let Self { nodes, hall, floor, .. } = self;
        floor.begin_turn(me, hall.now);
        let (disk, member) = (hall.disks[me.index()].clone(), hall.member(me));
        let node = P::boot(&disk, &member, &mut Actor { me, hall: &mut *hall, floor: &mut *floor });
        hall.rise(me, P::role(&node));
        floor.end_turn(me, hall);
        match nodes.get_mut(me.index()) {
            Some(place) => *place = node,
            None => nodes.push(node),
        }
    }

    pub(super) fn bytes(&self) -> Bytes {
        let [mail, timers, ring] = self.floor.ring.bytes();
        let instant = self.mail.capacity() * size_of::<Option<Mail<P::Message>>>()
            + self.timers.capacity() * size_of::<u32>()
            + self.agenda.capacity() * size_of::<Entry>()
            + self.company.capacity() * size_of::<(NodeId, Due, u32, usize)>();
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
