//! What a member remembers, and what it keeps through a crash.

use super::opinion::{Opinion, Rumour, State};
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, Time, TimerName};
use serde::{Deserialize, Serialize};

/// How many rumours ride on one message.
pub const PIGGYBACK_MAX: usize = 8;
/// How many members one packet of a list holds.
pub const SYNC_MAX: usize = 32;
/// For how many probes of others a member keeps in mind that it owes a word (Lifeguard).
pub(super) const RELAYS_MAX: usize = 64;

/// Memory. Every list in it has at most one entry for each member.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// What it thinks of each member, in their order; of itself, what it says of itself.
    table: Rc<Vec<Opinion>>,
    /// How many others are in the group, as far as it knows.
    others: u32,
    /// The highest opinion on itself that it was told.
    pub heard: Opinion,
    /// In which order it probes the others it has heard of.
    pub order: Rc<Vec<NodeId>>,
    /// Where in that order it is.
    pub next: u32,
    /// The number of its last probe.
    pub number: u32,
    /// The probe under way, unless it was answered.
    pub probe: Option<Probe>,
    /// Whom it suspects.
    pub suspicions: Vec<Suspicion>,
    /// What it passes on, the least told first.
    pub rumours: Vec<Spread>,
    /// Whom it owes a word (Lifeguard).
    pub relays: Vec<Relay>,
    /// How bad its own health seems, 0 is good (Lifeguard: the local health multiplier).
    pub health: u32,
    /// When its period began, by its own clock.
    pub began: Time,
    /// How many whole periods it has lived.
    pub periods: u32,
}

/// A probe that nobody has answered yet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Probe {
    /// Who is probed.
    pub target: NodeId,
    /// Whether others were asked, and which.
    pub asked: Option<Vec<NodeId>>,
    /// Who of them had no answer either, but said so (Lifeguard).
    pub nacked: Vec<NodeId>,
}

/// Somebody is suspected.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Suspicion {
    /// Who.
    pub about: NodeId,
    /// Since when, by the own clock.
    pub since: Time,
    /// Who found that out, each by itself. More than one count only with Lifeguard.
    pub accusers: Vec<NodeId>,
}

/// A rumour and how often it was told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Spread {
    /// The rumour.
    pub rumour: Rumour,
    /// How often.
    pub told: u32,
}

/// A probe for somebody else.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Relay {
    /// For whom.
    pub origin: NodeId,
    /// Which of its probes.
    pub number: u32,
}

impl Node {
    /// Somebody who knows nobody.
    pub(super) fn new(members: u32, me: NodeId, own: Opinion) -> Self {
        let mut table = alloc::vec![Opinion::UNKNOWN; members as usize];
        table[me.index()] = own;
        Self {
            table: Rc::new(table),
            others: 0,
            heard: Opinion::UNKNOWN,
            order: Rc::default(),
            next: 0,
            // Answers to probes of an earlier life do not count.
            number: own.life << 16,
            probe: None,
            suspicions: Vec::new(),
            rumours: Vec::new(),
            relays: Vec::new(),
            health: 0,
            began: Time::ZERO,
            periods: 0,
        }
    }

    /// What it thinks of a member.
    pub(super) fn opinion(&self, about: NodeId) -> Opinion {
        self.table[about.index()]
    }

    /// All it thinks.
    pub(super) fn table(&self) -> &Rc<Vec<Opinion>> {
        &self.table
    }

    /// Changes its mind; nothing else writes the table.
    pub(super) fn set(&mut self, me: NodeId, about: NodeId, opinion: Opinion) {
        if about != me {
            let now_in = u32::from(opinion.is_in());
            self.others = self.others + now_in - u32::from(self.opinion(about).is_in());
        }
        Rc::make_mut(&mut self.table)[about.index()] = opinion;
    }

    /// How many are in the group, itself included, as far as it knows.
    pub(super) fn group(&self) -> u32 {
        self.others + 1
    }

    /// Whether it knows nobody else who is there.
    pub(super) fn is_alone(&self) -> bool {
        self.others == 0
    }

    /// Whether it takes part.
    pub(super) fn is_member(&self, me: NodeId) -> bool {
        self.opinion(me).is_in()
    }

    /// The members of which it thinks so, in their order.
    pub(super) fn those(&self, state: State) -> impl Iterator<Item = NodeId> + '_ {
        let thinks = move |(_, opinion): &(NodeId, &Opinion)| opinion.state() == state;
        (0..).map(NodeId).zip(self.table.iter()).filter(thinks).map(|(about, _)| about)
    }

    /// Bytes that a copy of it takes beside its own size, and may not share.
    pub(super) fn weight(&self) -> usize {
        self.table.len() * size_of::<Opinion>()
            + self.order.len() * size_of::<NodeId>()
            + self.suspicions.len() * (size_of::<Suspicion>() + 4 * size_of::<NodeId>())
            + self.rumours.len() * size_of::<Spread>()
            + self.relays.len() * size_of::<Relay>()
    }
}

/// What survives a crash: which life it was. A process that starts again is a new one.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disk {
    /// The last life; 0 if it has never been in the group.
    pub life: u16,
}

/// One change to the disk: a new life begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// Which.
    pub life: u32,
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// The protocol period is over.
    Period,
    /// A ping has had its time; others are asked.
    Ping,
    /// A suspected member has had its time.
    Suspicion(NodeId),
    /// Whom another had probed for it has not answered (Lifeguard).
    Nack(NodeId),
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        match self {
            Self::Period => 0,
            Self::Ping => 1,
            Self::Suspicion(about) => 2 + about.0 * 2,
            Self::Nack(about) => 3 + about.0 * 2,
        }
    }

    fn from_key(key: u32) -> Self {
        match key {
            0 => Self::Period,
            1 => Self::Ping,
            _ if key.is_multiple_of(2) => Self::Suspicion(NodeId(key / 2 - 1)),
            _ => Self::Nack(NodeId(key / 2 - 1)),
        }
    }

    fn kind(self) -> u8 {
        match self {
            Self::Period => 0,
            Self::Ping => 1,
            Self::Suspicion(_) => 2,
            Self::Nack(_) => 3,
        }
    }

    fn about(self) -> Option<NodeId> {
        match self {
            Self::Period | Self::Ping => None,
            Self::Suspicion(about) | Self::Nack(about) => Some(about),
        }
    }
}

/// What somebody outside may ask of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Join the group.
    Join,
    /// Leave it.
    Leave,
    /// Leave if you are in, join if you are not.
    Change,
}

/// What it says to that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It joins.
    Joins,
    /// It has left.
    Left,
    /// There is nothing to do.
    Already,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_found_by_its_key() {
        let (first, last) = (NodeId(0), NodeId(999));
        for timer in [Timer::Period, Timer::Ping, Timer::Suspicion(first), Timer::Nack(last)] {
            assert_eq!(Timer::from_key(timer.key()), timer);
        }
    }

    #[test]
    fn the_group_is_counted_as_opinions_change() {
        let (me, other) = (NodeId(0), NodeId(2));
        let alive = Opinion::alive(1, 0);
        let mut node = Node::new(3, me, alive);
        node.set(me, other, alive);
        node.set(me, other, alive.suspected());
        assert_eq!(node.group(), 2, "who is suspected is still in");
        node.set(me, other, alive.dead());
        assert!(node.is_alone() && node.is_member(me));
        node.set(me, me, alive.left());
        assert!(node.is_alone() && !node.is_member(me));
    }
}
