//! A swarm in the time of a world.

use super::company::{Company, Guest, IN_THE_RING, MESSAGE, TIMER};
use super::hall::{Hall, STRETCH, Stand, intervene};
use super::letter::{Alarm, Letter};
use super::pool::{EMPTY, List};
use super::ring::{Bucket, NOTHING};
use super::turn::{Actor, Floor, Held};
use super::{Bytes, Faults, Reached, moment};
use crate::network::NetworkConfig;
use crate::queue::{Due, Entry};
use faultline_kernel::{NodeId, Protocol, RequestId, Span, Time, TimerName};

/// How many chunks of messages or timers are handled before the budget is looked at.
const CHUNKS: u32 = 32;
/// So few are looked at in one go.
const LOOKED_AT_MOST: u64 = 128 * CHUNKS as u64;
/// Finding out for so many messages who has company takes as long as handling one.
const LOOKED_AT_ONCE: u64 = 8;

/// A swarm in the time of a world.
pub(super) struct Timed<P: Protocol> {
    pub(super) nodes: Vec<P::Node>,
    config: P::Config,
    pub(super) hall: Hall<P>,
    floor: Floor<P>,
    stage: Stage,
    /// What comes due now.
    bucket: Bucket,
    /// Whether nothing is unusual now.
    plain: bool,
    /// A chunk of that; here so that its place is used again.
    mail: Vec<Option<Letter<P::Message>>>,
    alarms: Vec<Alarm>,
    agenda: Vec<Entry>,
    company: Company<P::Message>,
    /// Something of each node that was fetched, so that it must be fetched.
    fetched: u8,
}

/// How far an instant has come. That of a million nodes is played in several goes.
#[derive(Clone, Copy)]
enum Stage {
    /// It is over.
    Between,
    /// Whatever somebody outside does now comes first.
    Deeds,
    /// Those who have not started yet do, in order: that is the first instant.
    Starts,
    /// Where nothing is unusual: which messages are ignored? So many are still to be sifted.
    Sifts(List),
    /// Who has company? So much is still to be looked at.
    Looks(Bucket),
    /// Whoever has none has a turn. So much has not happened yet.
    Alone(Bucket),
    /// Whoever has company has a turn.
    Company,
}

impl<P: Protocol> Timed<P> {
    pub(super) fn new(config: P::Config, hall: Hall<P>) -> Self {
        Self {
            nodes: Vec::with_capacity(hall.count as usize),
            config,
            floor: Floor::new(hall.count),
            hall,
            // What was done before the beginning is done before anybody starts.
            stage: Stage::Deeds,
            bucket: NOTHING,
            plain: false,
            mail: Vec::new(),
            alarms: Vec::new(),
            agenda: Vec::new(),
            company: Company::default(),
            fetched: 0,
        }
    }

    pub(super) fn advance(&mut self, until: Time, budget: u64) -> Reached {
        let mut left = budget;
        while left > 0 {
            if matches!(self.stage, Stage::Between)
                && let Some(reached) = self.go_to_next(until)
            {
                return reached;
            }
            left = left.saturating_sub(self.go_on());
        }
        Reached::Budget
    }

    /// Goes to the next instant, unless there is none up to `until`.
    fn go_to_next(&mut self, until: Time) -> Option<Reached> {
        let others = [self.floor.agenda.peek().map(|entry| entry.time), self.hall.input_at()];
        let other = others.into_iter().flatten().min();
        let bound = other.map_or(until, |other| other.min(until));
        let next = self.floor.ring.next(bound).into_iter().chain(other).min();
        let Some(next) = next else { return Some(Reached::Rest) };
        if next > until {
            self.pass(until);
            return Some(Reached::Time);
        }
        if !self.pass(next) {
            return Some(Reached::Full);
        }
        self.stage = Stage::Deeds;
        None
    }

    /// Time goes on. `false` if it cannot.
    fn pass(&mut self, now: Time) -> bool {
        self.hall.now = self.hall.now.max(now);
        self.hall.tally.reach(self.hall.now)
    }

    /// Plays another stretch of the instant: how much it was. What is little goes on to the next
    /// stage at once: most instants are over in one go.
    fn go_on(&mut self) -> u64 {
        match self.stage {
            Stage::Between => 0,
            Stage::Deeds => match self.hall.next_deed(self.hall.now) {
                Some(deed) => {
                    intervene(self, &deed);
                    self.floor.leave_early(self.hall.now);
                    deed.cost()
                }
                None => self.take_what_is_due(),
            },
            Stage::Starts => self.start_some(),
            Stage::Sifts(mail) => self.sift(mail),
            Stage::Looks(bucket) => self.look(bucket),
            Stage::Alone(bucket) => self.play(bucket),
            Stage::Company => self.attend_to_company(),
        }
    }

    fn start_some(&mut self) -> u64 {
        let started = u32::try_from(self.nodes.len()).expect("nodes are bounded");
        let end = started.saturating_add(STRETCH).min(self.hall.count);
        (started..end).map(NodeId).for_each(|node| self.boot(node));
        if end == self.hall.count {
            self.stage = Stage::Between;
        }
        u64::from(end - started)
    }

    /// All that comes due at this instant.
    fn take_what_is_due(&mut self) -> u64 {
        if self.nodes.len() < self.hall.count as usize {
            self.stage = Stage::Starts;
            return 0;
        }
        let now = self.hall.now;
        self.bucket = self.floor.ring.take(now);
        while self.floor.agenda.peek().is_some_and(|entry| entry.time <= now) {
            self.agenda.extend(self.floor.agenda.pop());
        }
        let Bucket { mail, alarms } = self.bucket;
        let due = mail.count as usize + alarms.count as usize + self.agenda.len();
        self.company.expect(due);
        self.plain = self.is_plain();
        match (due > 1, self.plain) {
            (true, true) => {
                let mail = std::mem::replace(&mut self.bucket.mail, EMPTY);
                self.sift(mail)
            }
            (true, false) => self.look(self.bucket),
            (false, _) => self.play(self.bucket),
        }
    }

    /// Whether nothing is unusual, so that whoever has no company needs no second look.
    fn is_plain(&self) -> bool {
        let NetworkConfig { disk, latency, .. } = self.hall.network.config;
        let usual = disk.max == Span::ZERO && latency.min > Span::ZERO;
        usual && self.hall.whole && self.hall.all_stand() && self.floor.is_plain()
    }

    /// Leaves only those of some messages that are not ignored.
    fn sift(&mut self, mut mail: List) -> u64 {
        let Self { config, hall, floor, bucket, mail: chunk, .. } = self;
        let before = mail.count;
        for _ in 0..CHUNKS {
            moment::sift::<P>(config, hall, floor, &mut mail, &mut bucket.mail, chunk);
        }
        let sifted = u64::from(before - mail.count) / LOOKED_AT_ONCE;
        if mail.count > 0 {
            self.stage = Stage::Sifts(mail);
            return sifted;
        }
        sifted + self.look(self.bucket)
    }

    /// Finds out for some of what comes due who has company.
    fn look(&mut self, bucket: Bucket) -> u64 {
        let Self { floor, company, agenda, .. } = self;
        let [part, rest] = match bucket.count() {
            ..=LOOKED_AT_MOST => [bucket, NOTHING],
            _ => floor.ring.parted(bucket, CHUNKS),
        };
        moment::look(floor, &mut company.filter, part);
        if rest.count() > 0 {
            self.stage = Stage::Looks(rest);
            return part.count() / LOOKED_AT_ONCE;
        }
        for entry in agenda {
            // Seen twice, so that whatever else happens to this node waits for its turn.
            company.filter.see(entry.node());
            company.filter.see(entry.node());
        }
        part.count() / LOOKED_AT_ONCE + self.play(self.bucket)
    }

    /// Some of what happens to whoever has no company.
    fn play(&mut self, bucket: Bucket) -> u64 {
        match self.plain {
            true => self.play_as::<true>(bucket),
            false => self.play_as::<false>(bucket),
        }
    }

    fn play_as<const PLAIN: bool>(&mut self, mut bucket: Bucket) -> u64 {
        let Self { nodes, config, hall, floor, company, mail, alarms, .. } = self;
        let before = bucket.count();
        for _ in 0..CHUNKS {
            if floor.ring.mail.take_chunk(&mut bucket.mail, mail) {
                moment::deliver::<P, PLAIN>(nodes, config, hall, floor, company, mail);
            } else if floor.ring.alarms.take_chunk(&mut bucket.alarms, alarms) {
                self.fetched ^= moment::fetch_timers::<P>(nodes, floor, alarms);
                moment::time_out::<P, PLAIN>(nodes, config, hall, floor, company, alarms);
            } else {
                break;
            }
        }
        let played = before - bucket.count();
        if played < before {
            self.stage = Stage::Alone(bucket);
            return played;
        }
        for (place, entry) in (0..).zip(&self.agenda) {
            self.company.wait(entry, place);
        }
        if self.company.is_empty() {
            self.stage = Stage::Between;
            return played;
        }
        self.company.gather();
        self.stage = Stage::Company;
        played + self.attend_to_company()
    }

    /// What happens to some of the nodes with company, in the order of a world.
    fn attend_to_company(&mut self) -> u64 {
        let mut attended = 0;
        while attended < STRETCH as usize {
            let Some(group) = self.company.next_group() else {
                self.agenda.clear();
                self.stage = Stage::Between;
                break;
            };
            attended += group.len();
            for place in group {
                self.attend_to(self.company.grouped[place]);
            }
        }
        attended as u64
    }

    fn attend_to(&mut self, guest: Guest) {
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
        hall.changes_role(me, before, P::role(node));
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
        self.hall.fall(node);
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
