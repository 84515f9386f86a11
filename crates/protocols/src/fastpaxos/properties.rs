//! What must hold, judged over all history and in proportion to what changed.
//!
//! What an acceptor has accepted is judged by its disk: nobody hears of an acceptance before it is
//! durable, and until then a crash may take it back.
//! Losing a disk breaks these properties, as it breaks what Paxos rests on.

use super::node::{Attempt, Disk, Node, Part};
use super::{FastPaxos, round};
use crate::ballot::{Ballot, Decree, Vote};
use crate::history::History;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Verdicts};

pub(super) const ONE_VALUE_CHOSEN: u8 = 0;
pub(super) const CHOSEN_WAS_PROPOSED: u8 = 1;
pub(super) const PROMISE_ONLY_RISES: u8 = 2;
pub(super) const PROMISE_KEPT: u8 = 3;
pub(super) const ONE_VALUE_PER_ROUND: u8 = 4;
pub(super) const VOTES_ARE_SAFE: u8 = 5;
pub(super) const LEARNED_IS_CHOSEN: u8 = 6;
pub(super) const FAST_QUORUMS_MEET: u8 = 7;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each node as it was when last looked at; `None` if it never was.
    looks: Vec<Option<Look>>,
    /// The highest promise that ever was on the disk of each node.
    promised: Vec<Ballot>,
    /// Every value that a client wanted.
    wishes: Rc<Vec<Decree>>,
    /// What happened in each round.
    history: Rc<History<Decree>>,
}

/// The facts by which a change is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Look {
    wish: Option<Decree>,
    /// What a coordinator proposes in its round.
    proposal: Option<Vote>,
    /// How many values may have been chosen, as far as it could tell when it picked one.
    candidates: u32,
    promised: Option<Ballot>,
    chosen: Option<Decree>,
    disk_promised: Ballot,
    disk_accepted: Option<Vote>,
}

/// One node that was touched, and where to say what is wrong with it.
struct Case<'a> {
    node: NodeId,
    cluster: &'a Cluster<'a, FastPaxos>,
    verdicts: &'a mut Verdicts,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, FastPaxos>,
    verdicts: &mut Verdicts,
) {
    if witness.looks.len() != cluster.seats.len() {
        witness.looks.resize(cluster.seats.len(), None);
        witness.promised.resize(cluster.seats.len(), Ballot::NONE);
    }
    let after = Look::at(cluster.node(changed), cluster.disk(changed));
    let before = witness.looks[changed.index()].replace(after);
    if before == Some(after) {
        return;
    }
    let before = before.unwrap_or(Look::at(None, &Disk::default()));
    let mut case = Case { node: changed, cluster, verdicts };
    case.check_proposer(before, after, witness);
    case.check_acceptor(before, after, witness);
    if let Some(value) = after.chosen.filter(|_| before.chosen.is_none())
        && !witness.history.is_chosen(value)
    {
        case.broken(LEARNED_IS_CHOSEN, Ballot::NONE, None);
    }
}

impl Look {
    fn at(node: Option<&Node>, disk: &Disk) -> Self {
        let (mut wish, mut proposal, mut promised, mut candidates) = (None, None, None, 0);
        match node.map(|node| &node.part) {
            Some(Part::Coordinator(coordinator)) => {
                candidates = coordinator.candidates;
                if let Attempt::Proposing(value, _) = coordinator.attempt {
                    proposal = Some(Vote { ballot: coordinator.tried, value });
                }
            }
            Some(Part::Proposer(proposer)) => wish = proposer.wish,
            Some(Part::Acceptor(acceptor)) => promised = Some(acceptor.promised),
            Some(Part::Learner(_)) | None => {}
        }
        Self {
            wish,
            proposal,
            candidates,
            promised,
            chosen: node.and_then(|node| node.chosen).map(|vote| vote.value),
            disk_promised: disk.promised,
            disk_accepted: disk.accepted,
        }
    }
}

impl Case<'_> {
    fn broken(&mut self, property: u8, round: Ballot, other: Option<NodeId>) {
        self.verdicts.broken(property, round.0, self.node, other);
    }

    /// A coordinator proposes one value in a round, and the rule by which it picks it leaves one at
    /// most. That it may propose it is judged when it is accepted.
    fn check_proposer(&mut self, before: Look, after: Look, witness: &mut Witness) {
        if let Some(wish) = after.wish.filter(|wish| !witness.wishes.contains(wish)) {
            Rc::make_mut(&mut witness.wishes).push(wish);
        }
        let Some(vote) = after.proposal.filter(|_| before.proposal != after.proposal) else {
            return;
        };
        if after.candidates > 1 {
            self.broken(FAST_QUORUMS_MEET, vote.ballot, None);
        }
        let wanted = witness.wishes.contains(&vote.value);
        let history = Rc::make_mut(&mut witness.history);
        if let Some(other) = history.propose(vote.ballot, vote.value, self.node, wanted) {
            self.broken(ONE_VALUE_PER_ROUND, vote.ballot, Some(other));
        }
    }

    /// A promise only rises, over any crash, and nothing is accepted below it.
    fn check_acceptor(&mut self, before: Look, after: Look, witness: &mut Witness) {
        let promised = witness.promised[self.node.index()];
        let fell = |now: Ballot| now < promised;
        if fell(after.disk_promised) || after.promised.is_some_and(fell) {
            self.broken(PROMISE_ONLY_RISES, promised, None);
        }
        witness.promised[self.node.index()] = promised.max(after.disk_promised);
        let Some(vote) =
            after.disk_accepted.filter(|_| before.disk_accepted != after.disk_accepted)
        else {
            return;
        };
        if fell(vote.ballot) {
            self.broken(PROMISE_KEPT, vote.ballot, None);
        }
        self.check_safe(vote, witness);
        self.count(vote, witness);
    }

    /// CP: "if v is voted for in round i, no other value has been or might yet be chosen in a lower
    /// round".
    fn check_safe(&mut self, vote: Vote, witness: &Witness) {
        let config = self.cluster.config;
        let acceptors = crate::roster::nodes(config.roster.acceptors());
        let acceptors = acceptors.map(|id| (id, witness.promised[id.index()]));
        let acceptors: Vec<(NodeId, Ballot)> = acceptors.collect();
        let enough = |round: Ballot| config.quorum(round).enough;
        let all = acceptors.iter().copied();
        if witness.history.threatens(vote.ballot, vote.value, enough, all) {
            self.broken(VOTES_ARE_SAFE, vote.ballot, None);
        }
    }

    /// An acceptance became durable; with it a value may be chosen. In a fast round proposers send
    /// values themselves, so it is proposed there if any of them wanted it.
    fn count(&mut self, vote: Vote, witness: &mut Witness) {
        let Vote { ballot, value } = vote;
        let config = self.cluster.config;
        let wanted = witness.wishes.contains(&value);
        let history = Rc::make_mut(&mut witness.history);
        if wanted && round::is_fast(ballot) {
            history.take_at_its_word(ballot);
        }
        let votes = history.accept(ballot, value, self.node);
        if !config.quorum(ballot).is_in(votes) || history.is_chosen(value) {
            return;
        }
        if let Some(acceptors) = history.choose(ballot, value, votes) {
            let other = acceptors.iter().find(|acceptor| *acceptor != self.node);
            self.verdicts.broken(ONE_VALUE_CHOSEN, ballot.0, self.node, other);
        }
        if !history.was_proposed(ballot, value) {
            self.broken(CHOSEN_WAS_PROPOSED, ballot, None);
        }
    }
}

impl Witness {
    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        self.looks.capacity() * size_of::<Option<Look>>()
            + self.promised.capacity() * size_of::<Ballot>()
            + self.wishes.capacity() * size_of::<Decree>()
            + self.history.weight()
    }
}

#[cfg(test)]
mod tests;
