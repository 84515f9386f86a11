//! What both kinds of time have in common: who is up, the disks, the network, the counts.

use super::bits::{Bits, Smalls, bits_of};
use super::tally::Tally;
use super::{Bytes, Faults};
use crate::cast::Sealed;
use crate::input::{Input, Positioned, is_hit};
use crate::network::{FateKeys, Network};
use crate::world::{Recipe, Setup};
use faultline_kernel::{
    Chance, Draws, Key, Member, NodeId, Protocol, Purpose, RequestId, Span, Time,
};
use std::ops::Range;
use std::rc::Rc;

/// Everything but the memories, which a handler holds while it acts upon the rest.
pub(super) struct Hall<P: Protocol> {
    pub(super) seed: u64,
    /// How values are drawn in free-running time; cycles draw in their own way.
    pub(super) draws: Draws,
    pub(super) count: u32,
    class: &'static str,
    /// Empty where all are alike.
    pub(super) members: Vec<Member>,
    /// Nothing, where a disk has nothing on it.
    pub(super) disks: Vec<P::Disk>,
    pub(super) up: Bits,
    paused: Bits,
    /// Which role each node plays that is up, or played last: what a message needs to know of its
    /// receiver if that ignores it, and so small that it stays near the processor.
    roles: Smalls,
    /// How many are down or paused: usually nobody, and then nobody needs to be looked at.
    still: u32,
    pub(super) network: Network,
    /// The chance that a message is lost, worked out once;
    pub(super) loss: Option<Chance>,
    /// whether every message arrives, and once: looked up for each of them, so it is at hand.
    pub(super) perfect: bool,
    /// Whether every link is open.
    pub(super) whole: bool,
    /// The keys of all draws, as far as they are the same for all nodes: those of messages apart
    pub(super) keys: FateKeys,
    /// and together ([`Draws`]).
    pub(super) fates: Key,
    pub(super) choices: Key,
    pub(super) spans: Key,
    pub(super) now: Time,
    pub(super) tally: Tally,
    inputs: Rc<[Positioned<Sealed>]>,
    inputs_done: usize,
    /// Nodes before this one have had the next input already, if it is one for everybody.
    next_input_from: u32,
    requests: u32,
}

/// How many nodes have something happen to them before the budget is looked at.
pub(super) const STRETCH: u32 = 4_096;

/// Something that somebody outside does.
pub(super) struct Deed {
    input: Input<Sealed>,
    /// To whom, if it is done to everybody.
    nodes: Range<u32>,
}

impl Deed {
    /// It takes as long as so many messages.
    pub(super) fn cost(&self) -> u64 {
        u64::from(self.nodes.end - self.nodes.start).max(1)
    }
}

/// How a receiver stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    Up,
    Paused,
    Down,
}

impl<P: Protocol> Hall<P> {
    const ROLE_BITS: u32 = bits_of(P::ABOUT.roles.len());

    pub(super) fn new(
        recipe: Recipe<P>,
        inputs: Vec<Positioned<Sealed>>,
        slice: Span,
    ) -> Result<Self, &'static str> {
        let Recipe { setup, config, mut disks } = recipe;
        let Setup { seed, draws, network, .. } = setup;
        if setup.load.is_some() {
            return Err("a swarm has no steady stream of requests");
        }
        if setup.judged {
            return Err("a swarm is not judged");
        }
        super::possible(&inputs)?;
        let (members, count, class) = match P::population(&config) {
            Some((count, class)) => (Vec::new(), count, class),
            None => {
                let members = P::members(&config);
                let count = u32::try_from(members.len()).expect("members are bounded");
                (members, count, "")
            }
        };
        disks.resize_with(count as usize, P::Disk::default);
        disks.shrink_to_fit();
        let network = Network::new(network);
        Ok(Self {
            seed,
            draws,
            count,
            class,
            members,
            disks,
            up: Bits::new(count),
            paused: Bits::new(count),
            roles: Smalls::new(count, Self::ROLE_BITS),
            still: count,
            loss: network.config.loss(),
            perfect: network.is_perfect(),
            whole: network.is_whole(),
            network,
            keys: FateKeys::new(seed),
            fates: Key::new(seed, Purpose::Fate),
            choices: Key::new(seed, Purpose::Choose),
            spans: Key::new(seed, Purpose::Span),
            now: Time::ZERO,
            tally: Tally::new(slice),
            inputs: inputs.into(),
            inputs_done: 0,
            next_input_from: 0,
            requests: 0,
        })
    }

    pub(super) fn member(&self, node: NodeId) -> Member {
        let member = self.members.get(node.index()).cloned();
        member.unwrap_or_else(|| Member::equal(node.0, self.class))
    }

    /// Who takes part, as a list.
    pub(super) fn listed(&self) -> &[Member] {
        let listed = self.members.len() == self.count as usize;
        assert!(listed, "a room that has a population asks for no members");
        &self.members
    }

    #[inline]
    pub(super) fn stand(&self, node: NodeId) -> Stand {
        match self.still {
            0 => Stand::Up,
            _ if !self.up.has(node) => Stand::Down,
            _ if self.paused.has(node) => Stand::Paused,
            _ => Stand::Up,
        }
    }

    /// Whether nobody is down or paused.
    #[inline]
    pub(super) fn all_stand(&self) -> bool {
        self.still == 0
    }

    /// Whether nobody is down or paused, and every message arrives, and once.
    pub(super) fn is_calm(&self) -> bool {
        self.all_stand() && self.perfect
    }

    /// It is up from now on, in this role.
    pub(super) fn rise(&mut self, node: NodeId, role: u8) {
        self.still -= 1;
        self.up.insert(node);
        self.roles.set(node, Self::ROLE_BITS, role);
        self.tally.open.roles[usize::from(role)] += 1;
    }

    /// It is down from now on.
    pub(super) fn fall(&mut self, node: NodeId) {
        self.still += u32::from(!self.paused.has(node));
        self.up.remove(node);
        self.paused.remove(node);
        self.tally.open.roles[usize::from(self.role(node))] -= 1;
    }

    /// The role of a node that is up.
    #[inline(always)]
    pub(super) fn role(&self, node: NodeId) -> u8 {
        self.roles.get(node, Self::ROLE_BITS)
    }

    pub(super) fn stop(&mut self, node: NodeId) {
        self.still += 1;
        self.paused.insert(node);
    }

    pub(super) fn go_on(&mut self, node: NodeId) {
        self.still -= 1;
        self.paused.remove(node);
    }

    #[inline(always)]
    pub(super) fn changes_role(&mut self, node: NodeId, before: u8, after: u8) {
        if before != after {
            self.roles.set(node, Self::ROLE_BITS, after);
            let roles = &mut self.tally.open.roles;
            roles[usize::from(before)] -= 1;
            roles[usize::from(after)] += 1;
            self.tally.open.taken[usize::from(after)] += 1;
        }
    }

    #[inline]
    pub(super) fn count_send(&mut self, kind: u8) {
        self.tally.said[usize::from(kind)] += 1;
    }

    /// The next thing that is done at `until` or before. What is done to everybody is done to a
    /// stretch of nodes at a time.
    pub(super) fn next_deed(&mut self, until: Time) -> Option<Deed> {
        let input = self.inputs.get(self.inputs_done).filter(|input| input.at <= until)?;
        let input = input.input.clone();
        let first = self.next_input_from;
        let nodes = match input {
            Input::CrashSome { .. } => first..first.saturating_add(STRETCH).min(self.count),
            _ => 0..0,
        };
        if nodes.is_empty() || nodes.end == self.count {
            self.inputs_done += 1;
            self.next_input_from = 0;
        } else {
            self.next_input_from = nodes.end;
        }
        Some(Deed { input, nodes })
    }

    /// Another input, behind all those that act before it or with it.
    pub(super) fn add_input(&mut self, input: Positioned<Sealed>) {
        let mut inputs = self.inputs.to_vec();
        let place = inputs.partition_point(|known| known.at <= input.at).max(self.inputs_done);
        inputs.insert(place, input);
        self.inputs = inputs.into();
    }

    /// When the next input acts.
    pub(super) fn input_at(&self) -> Option<Time> {
        self.inputs.get(self.inputs_done).map(|input| input.at)
    }

    /// A request is made: this one, or the next one of a client without wishes of its own.
    pub(super) fn request(&mut self, sealed: Option<&Sealed>) -> (RequestId, P::Request) {
        let id = RequestId(self.requests);
        self.requests += 1;
        let request = sealed.and_then(|sealed| sealed.downcast_ref::<P::Request>()).cloned();
        (id, request.unwrap_or_else(|| P::sample_request(id.0)))
    }

    pub(super) fn bytes(&self) -> Bytes {
        Bytes {
            disks: self.disks.capacity() * size_of::<P::Disk>(),
            flags: self.up.bytes() + self.paused.bytes() + self.roles.bytes(),
            counts: self.tally.bytes(),
            ..Bytes::default()
        }
    }
}

/// Carries out what somebody outside does; each kind of time adds what is its own.
pub(super) fn intervene<P: Protocol>(floor: &mut impl Faults<P>, deed: &Deed) {
    let stand = |floor: &mut _, node| Faults::<P>::hall(floor).stand(node);
    match &deed.input {
        Input::Crash { node } if stand(floor, *node) != Stand::Down => floor.crash(*node),
        Input::CrashSome { ppm } => {
            let (seed, now) = (floor.hall().seed, floor.hall().now);
            for node in deed.nodes.clone().map(NodeId) {
                if stand(floor, node) != Stand::Down && is_hit(seed, now, node, *ppm) {
                    floor.crash(node);
                }
            }
        }
        Input::Restart { node } if stand(floor, *node) == Stand::Down => floor.restart(*node),
        Input::LoseDisk { node } if stand(floor, *node) == Stand::Down => {
            floor.hall().disks[node.index()] = P::Disk::default();
        }
        Input::Pause { node } if stand(floor, *node) == Stand::Up => floor.hall().stop(*node),
        Input::Resume { node } if stand(floor, *node) == Stand::Paused => {
            floor.hall().go_on(*node);
            floor.resume(*node);
        }
        Input::Clock { node, rate_ppm } => floor.set_rate(*node, *rate_ppm),
        Input::Request { node, request } => {
            let (id, request) = floor.hall().request(request.as_ref());
            floor.ask(*node, id, request);
        }
        // The rest is about the network, or about nothing that could be done.
        other => {
            let hall = floor.hall();
            hall.network.change(other, hall.count as usize);
            hall.loss = hall.network.config.loss();
            hall.perfect = hall.network.is_perfect();
            hall.whole = hall.network.is_whole();
        }
    }
}
