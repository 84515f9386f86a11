//! What a node remembers, and what it keeps through a crash.

use crate::ballot::{Ballot, Decree, Vote};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use faultline_kernel::{NodeId, RequestId, Time, TimerName};
use serde::{Deserialize, Serialize};

/// Memory: what the node knows in its role.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    /// What it is.
    pub part: Part,
    /// What is chosen, once it knows.
    pub chosen: Option<Vote>,
}

/// What a node is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// It opens rounds and settles collisions.
    Coordinator(Coordinator),
    /// It proposes what clients want.
    Proposer(Proposer),
    /// It accepts.
    Acceptor(Acceptor),
    /// It finds out what is chosen.
    Learner(Learner),
}

/// A coordinator.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Coordinator {
    /// Its last round.
    pub tried: Ballot,
    /// The highest round of anybody that it has heard of.
    pub heard: Ballot,
    /// A value that a proposer wants.
    pub wish: Option<Decree>,
    /// How far its round is.
    pub attempt: Attempt,
    /// When it began to wait for what it waits for, by its own clock.
    pub waiting_since: Time,
}

/// How far a coordinator's round is.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Attempt {
    /// It has begun none, or all is done.
    #[default]
    Idle,
    /// Phase 1: it gathers promises, with what each acceptor accepted last.
    Preparing(BTreeMap<NodeId, Option<Vote>>),
    /// Phase 2 of a fast round: acceptors may accept any value, and this is what they did.
    Open(BTreeMap<NodeId, Decree>),
    /// Phase 2 with this value, and who accepted it.
    Proposing(Decree, Vec<NodeId>),
    /// An acceptor has promised a higher round; it will try again.
    Outbid(NodeId),
}

/// A proposer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Proposer {
    /// The value it proposes.
    pub wish: Option<Decree>,
    /// The clients that wait, each with what it asked for.
    pub clients: Vec<(RequestId, Decree)>,
}

/// An acceptor.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Acceptor {
    /// It accepts nothing in a lower round.
    pub promised: Ballot,
    /// What it accepted last.
    pub accepted: Option<Vote>,
    /// The fast round in which it may accept any value; lost in a crash.
    pub open: Ballot,
    /// The value that a proposer sent first.
    pub offered: Option<Decree>,
}

/// A learner.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Learner {
    /// The last acceptance heard from each acceptor.
    pub heard: BTreeMap<NodeId, Vote>,
}

impl Node {
    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        match &self.part {
            Part::Coordinator(coordinator) => match &coordinator.attempt {
                Attempt::Preparing(reports) => reports.len() * size_of::<(NodeId, Option<Vote>)>(),
                Attempt::Open(votes) => votes.len() * size_of::<(NodeId, Decree)>(),
                Attempt::Proposing(_, acceptors) => acceptors.capacity() * size_of::<NodeId>(),
                Attempt::Idle | Attempt::Outbid(_) => 0,
            },
            Part::Proposer(proposer) => {
                proposer.clients.capacity() * size_of::<(RequestId, Decree)>()
            }
            Part::Acceptor(_) => 0,
            Part::Learner(learner) => learner.heard.len() * size_of::<(NodeId, Vote)>(),
        }
    }

    /// What it knows as a coordinator.
    pub(super) fn coordinator(&mut self) -> Option<&mut Coordinator> {
        match &mut self.part {
            Part::Coordinator(coordinator) => Some(coordinator),
            Part::Proposer(_) | Part::Acceptor(_) | Part::Learner(_) => None,
        }
    }

    /// What it knows as an acceptor.
    pub(super) fn acceptor(&mut self) -> Option<&mut Acceptor> {
        match &mut self.part {
            Part::Acceptor(acceptor) => Some(acceptor),
            Part::Coordinator(_) | Part::Proposer(_) | Part::Learner(_) => None,
        }
    }
}

/// What survives a crash: for a coordinator its last round, for an acceptor what it promised and
/// accepted.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disk {
    /// The coordinator's last round.
    #[serde(skip)]
    pub tried: Ballot,
    /// The acceptor's promise.
    #[serde(skip)]
    pub promised: Ballot,
    /// What the acceptor accepted last.
    #[serde(skip)]
    pub accepted: Option<Vote>,
}

/// One change to the disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// A coordinator begins a round.
    Try(Ballot),
    /// An acceptor promises a round.
    Promise(Ballot),
    /// An acceptor accepts, which is a promise as well.
    Accept(Vote),
}

impl Disk {
    /// Makes a change durable.
    pub(super) fn write(&mut self, write: &Write) {
        match write {
            Write::Try(round) => self.tried = *round,
            Write::Promise(round) => self.promised = *round,
            Write::Accept(vote) => {
                self.promised = vote.ballot;
                self.accepted = Some(*vote);
            }
        }
    }
}

/// The timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timer {
    /// Runs out when a coordinator, a proposer or a learner has waited long enough.
    Retry,
}

impl TimerName for Timer {
    fn key(self) -> u32 {
        0
    }

    fn from_key(_: u32) -> Self {
        Self::Retry
    }

    fn kind(self) -> u8 {
        0
    }
}

/// What a client asks: that this be chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The value.
    pub propose: Decree,
}

/// What a client is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Its value is chosen.
    Chosen,
    /// Another value is chosen.
    Other,
    /// This node proposes nothing.
    NotProposer {
        /// One that does.
        hint: NodeId,
    },
    /// Too many clients wait here already.
    Busy,
}
