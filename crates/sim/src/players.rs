//! The cast of one protocol: all that is compiled once for each room.

use crate::actor::Actor;
use crate::cast::{Cast, Sealed};
#[cfg(debug_assertions)]
use crate::deaf;
use crate::desk::Desk;
use crate::disk::Waiting;
use crate::world::Base;
use faultline_kernel::{
    About, Card, Cell, Cluster, Member, MessageCard, NodeId, Operation, Protocol, RequestId, Seat,
    TimerName, Value, Verdicts,
};
use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;

/// Memories, disks, messages, writes, requests and the judges' memory of one protocol.
pub(crate) struct Players<P: Protocol> {
    pub(crate) config: Rc<P::Config>,
    pub(crate) seats: Vec<Seat<P>>,
    pub(crate) mail: Mail<P>,
    witness: P::Witness,
}

/// What was said and not yet heard, in the places that the world names.
pub(crate) struct Mail<P: Protocol> {
    /// By the slots of flights.
    messages: Vec<Option<P::Message>>,
    /// For each node what waits for its disk, in the order of its outbox.
    waiting: Vec<VecDeque<Payload<P>>>,
    /// In the order of the world's open requests.
    requests: VecDeque<P::Request>,
}

enum Payload<P: Protocol> {
    Write(P::Write),
    Message(P::Message),
    Answer(P::Answer),
}

impl<P: Protocol> Clone for Payload<P> {
    fn clone(&self) -> Self {
        match self {
            Self::Write(write) => Self::Write(write.clone()),
            Self::Message(message) => Self::Message(message.clone()),
            Self::Answer(answer) => Self::Answer(answer.clone()),
        }
    }
}

impl<P: Protocol> Players<P> {
    pub(crate) fn new(config: P::Config, disks: Vec<P::Disk>, members: usize) -> Self {
        let mut disks = disks.into_iter();
        let seats =
            (0..members).map(|_| Seat { node: None, disk: disks.next().unwrap_or_default() });
        Self {
            config: Rc::new(config),
            seats: seats.collect(),
            mail: Mail {
                messages: Vec::new(),
                waiting: (0..members).map(|_| VecDeque::new()).collect(),
                requests: VecDeque::new(),
            },
            witness: P::Witness::default(),
        }
    }

    /// Runs a handler of the desk's node, if it is up.
    fn handle<'w, 'l>(
        &mut self,
        desk: &mut Desk<'w, 'l>,
        handler: impl FnOnce(&mut P::Node, &mut Actor<'_, '_, 'w, 'l, P>),
    ) {
        let Seat { node, disk } = &mut self.seats[desk.me.index()];
        let Some(node) = node else { return };
        #[cfg(debug_assertions)]
        let before = P::role(node);
        handler(node, &mut Actor { config: &*self.config, disk, mail: &mut self.mail, desk });
        #[cfg(debug_assertions)]
        deaf::stays::<P>(&self.config, before, P::role(node), self.mail.messages.iter().flatten());
    }
}

impl<P: Protocol> Mail<P> {
    #[inline]
    pub(crate) fn put(&mut self, slot: u32, message: P::Message) {
        match self.messages.get_mut(slot as usize) {
            Some(place) => *place = Some(message),
            // Slots are given out one after the other.
            None => self.messages.push(Some(message)),
        }
    }

    #[inline]
    fn take(&mut self, slot: u32) -> P::Message {
        self.messages[slot as usize].take().expect("a flight carries a message")
    }

    pub(crate) fn hold_write(&mut self, node: NodeId, write: P::Write) {
        self.waiting[node.index()].push_back(Payload::Write(write));
    }

    pub(crate) fn hold_message(&mut self, node: NodeId, message: P::Message) {
        self.waiting[node.index()].push_back(Payload::Message(message));
    }

    pub(crate) fn hold_answer(&mut self, node: NodeId, answer: P::Answer) {
        self.waiting[node.index()].push_back(Payload::Answer(answer));
    }

    pub(crate) fn close(&mut self, place: usize) {
        self.requests.remove(place);
    }
}

impl<P: Protocol> Cast for Players<P> {
    fn any(&self) -> &dyn Any {
        self
    }

    fn copy(&self) -> Box<dyn Cast> {
        Box::new(Self {
            config: Rc::clone(&self.config),
            seats: self.seats.clone(),
            mail: Mail {
                messages: self.mail.messages.clone(),
                waiting: self.mail.waiting.clone(),
                requests: self.mail.requests.clone(),
            },
            witness: self.witness.clone(),
        })
    }

    fn about(&self) -> &'static About {
        const { &P::ABOUT }
    }

    fn boot(&mut self, desk: &mut Desk<'_, '_>) {
        let seat = &mut self.seats[desk.me.index()];
        // The handler writes to the disk while the node reads it: it reads a copy.
        let before = seat.disk.clone();
        let member = desk.member();
        let (config, disk, mail) = (&*self.config, &mut seat.disk, &mut self.mail);
        let node = P::boot(&before, &member, &mut Actor { config, disk, mail, desk });
        seat.node = Some(node);
    }

    fn deliver(&mut self, slot: u32, from: NodeId, desk: &mut Desk<'_, '_>) {
        let message = self.mail.take(slot);
        self.handle(desk, |node, actor| {
            #[cfg(debug_assertions)]
            if P::ignores(actor.config, P::role(node), &message) {
                deaf::does_nothing::<P>(node, from, &message, actor);
            }
            P::on_message(node, from, message, actor);
        });
    }

    fn time_out(&mut self, key: u32, desk: &mut Desk<'_, '_>) {
        self.handle(desk, |node, actor| P::on_timer(node, P::Timer::from_key(key), actor));
    }

    fn ask(&mut self, place: usize, id: RequestId, desk: &mut Desk<'_, '_>) {
        let request = self.mail.requests[place].clone();
        self.handle(desk, |node, actor| P::on_request(node, id, request, actor));
    }

    fn saved(&mut self, writes: usize, desk: &mut Desk<'_, '_>) {
        let seat = &mut self.seats[desk.me.index()];
        for payload in self.mail.waiting[desk.me.index()].drain(..writes) {
            if let Payload::Write(write) = payload {
                P::write(&mut seat.disk, write);
            }
        }
        let (config, disk, mail) = (&*self.config, &mut seat.disk, &mut self.mail);
        let mut actor = Actor { config, disk, mail, desk };
        while let Some((cause, waiting)) = actor.desk.released() {
            let payload = actor.mail.waiting[actor.desk.me.index()].pop_front();
            match (waiting, payload) {
                (Waiting::Send(to, kind), Some(Payload::Message(message))) => {
                    actor.post(cause, to, kind, message);
                }
                (Waiting::Answer(to), Some(Payload::Answer(answer))) => {
                    actor.reply(cause, to, &answer);
                }
                _ => unreachable!("what waits and what it says stand in one order"),
            }
        }
    }

    fn crash(&mut self, node: NodeId) {
        self.seats[node.index()].node = None;
        self.mail.waiting[node.index()].clear();
    }

    fn lose_disk(&mut self, node: NodeId) {
        self.seats[node.index()].disk = P::Disk::default();
    }

    fn judge(&mut self, changed: NodeId, base: &Base, verdicts: &mut Verdicts) {
        let Base { members, now, calm, .. } = base;
        let (config, seats) = (&*self.config, &*self.seats);
        let cluster = Cluster { config, members, seats, now: *now, calm: *calm };
        P::check(&mut self.witness, changed, &cluster, verdicts);
    }

    fn forget_message(&mut self, slot: u32) {
        self.mail.messages[slot as usize] = None;
    }

    fn copy_message(&mut self, slot: u32, copy: u32) {
        if let Some(message) = self.mail.messages[slot as usize].clone() {
            self.mail.put(copy, message);
        }
    }

    fn open_request(&mut self, request: Option<&Sealed>, count: u32) {
        let request = request.and_then(|sealed| sealed.downcast_ref::<P::Request>()).cloned();
        self.mail.requests.push_back(request.unwrap_or_else(|| P::sample_request(count)));
    }

    fn close_request(&mut self, place: usize) {
        self.mail.close(place);
    }

    fn show_request(&self, place: usize) -> Value {
        P::show_request(&self.mail.requests[place])
    }

    fn operation(&self, place: usize) -> Option<Operation> {
        P::operation(&self.mail.requests[place])
    }

    fn card(&self, member: &Member) -> Card {
        let Seat { node, disk } = &self.seats[member.id.index()];
        P::show(&*self.config, node.as_ref(), disk, member)
    }

    fn cells(&self, node: NodeId) -> Vec<Cell> {
        let Seat { node, disk } = &self.seats[node.index()];
        P::cells(node.as_ref(), disk)
    }

    fn message(&self, slot: u32) -> MessageCard {
        let message = self.mail.messages.get(slot as usize).and_then(Option::as_ref);
        message.map_or_else(MessageCard::default, P::show_message)
    }

    fn timer(&self, key: u32) -> (u8, Option<NodeId>) {
        let name = P::Timer::from_key(key);
        (name.kind(), name.about())
    }

    fn weight(&self) -> usize {
        let seats: usize =
            self.seats.iter().map(|seat| size_of::<Seat<P>>() + P::weight(seat)).sum();
        let waiting: usize = self.mail.waiting.iter().map(VecDeque::len).sum();
        let mail = self.mail.messages.capacity() * size_of::<Option<P::Message>>()
            + waiting * size_of::<Payload<P>>()
            + self.mail.requests.len() * size_of::<P::Request>();
        seats + mail + size_of::<P::Witness>() + P::witness_weight(&self.witness)
    }
}
