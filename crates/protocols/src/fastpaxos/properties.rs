//! What must hold, judged over all history and in proportion to what changed.
//!
//! What an acceptor has accepted is judged by its disk: nobody hears of an acceptance before it is
//! durable, and until then a crash may take it back. What a coordinator could tell from promises is
//! worked out from the disks as well, and not asked of it.
//!
//! That it ends in time is promised only once nothing stands in the way, and only to coordinators
//! that wait for times that differ enough; see `../deadline.rs`.
//! Losing a disk breaks these properties, as it breaks what Paxos rests on.

use super::node::{Attempt, Disk, Node, Part};
use super::{FastPaxos, round};
use crate::ballot::{Ballot, Decree, Vote};
use crate::deadline::{ballots_end, calm, is_late};
use crate::history::History;
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Time, Verdicts};

mod quorums;

pub(super) const ONE_VALUE_CHOSEN: u8 = 0;
pub(super) const CHOSEN_WAS_PROPOSED: u8 = 1;
pub(super) const PROMISE_ONLY_RISES: u8 = 2;
pub(super) const PROMISE_KEPT: u8 = 3;
pub(super) const ONE_VALUE_PER_ROUND: u8 = 4;
pub(super) const VOTES_ARE_SAFE: u8 = 5;
pub(super) const LEARNED_IS_CHOSEN: u8 = 6;
pub(super) const FAST_QUORUMS_MEET: u8 = 7;
pub(super) const LATER_ROUNDS_AGREE: u8 = 8;
pub(super) const SETTLED_IN_TIME: u8 = 9;

/// How many of the rounds in which acceptors may take any value are remembered.
const OPENED_MOST: usize = 32;

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
    /// The last rounds in which a coordinator let acceptors take any value, and who it was.
    opened: Rc<Vec<(Ballot, NodeId)>>,
    /// When each node began to wait for the choice.
    waits_since: Vec<Option<Time>>,
}

/// The facts by which a change is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Look {
    wish: Option<Decree>,
    /// What a coordinator proposes in its round.
    proposal: Option<Vote>,
    /// The round in which a coordinator lets acceptors take any value.
    opened: Option<Ballot>,
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
        witness.waits_since.resize(cluster.seats.len(), None);
    }
    check_in_time(witness, changed, cluster, verdicts);
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

/// Whoever wants a value, and every learner that heard of an acceptance once one is chosen, knows
/// the choice in time (§3.3).
fn check_in_time(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, FastPaxos>,
    verdicts: &mut Verdicts,
) {
    let waits = cluster.node(changed).is_some_and(|node| match &node.part {
        _ if node.chosen.is_some() => false,
        Part::Proposer(proposer) => proposer.wish.is_some(),
        Part::Learner(learner) => {
            !learner.heard.is_empty() && witness.history.first_chosen().is_some()
        }
        Part::Coordinator(_) | Part::Acceptor(_) => false,
    });
    let since = &mut witness.waits_since[changed.index()];
    *since = waits.then(|| since.unwrap_or(cluster.now));
    let Some((since, calm)) = since.zip(calm(cluster)) else { return };
    let config = cluster.config;
    let contenders = config.roster.coordinators().end;
    let within = ballots_end(calm, contenders, config.retry, config.backoff);
    if within.is_some_and(|within| is_late(cluster.now, calm, since, within)) {
        verdicts.broken(SETTLED_IN_TIME, 0, changed, None);
    }
}

impl Look {
    fn at(node: Option<&Node>, disk: &Disk) -> Self {
        let (mut wish, mut proposal, mut opened, mut promised) = (None, None, None, None);
        match node.map(|node| &node.part) {
            Some(Part::Coordinator(coordinator)) => match coordinator.attempt {
                Attempt::Proposing(value, _) => {
                    proposal = Some(Vote { ballot: coordinator.tried, value });
                }
                Attempt::Open(_) => opened = Some(coordinator.tried),
                Attempt::Idle | Attempt::Preparing(_) | Attempt::Outbid(_) => {}
            },
            Some(Part::Proposer(proposer)) => wish = proposer.wish,
            Some(Part::Acceptor(acceptor)) => promised = Some(acceptor.promised),
            Some(Part::Learner(_)) | None => {}
        }
        Self {
            wish,
            proposal,
            opened,
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

    /// A coordinator proposes one value in a round; after a choice the chosen one, and then it no
    /// longer lets acceptors take any.
    fn check_proposer(&mut self, before: Look, after: Look, witness: &mut Witness) {
        if let Some(wish) = after.wish.filter(|wish| !witness.wishes.contains(wish)) {
            Rc::make_mut(&mut witness.wishes).push(wish);
        }
        if let Some(round) = after.opened.filter(|_| before.opened != after.opened) {
            self.check_meet(round, witness);
            if let Some(other) = witness.history.chosen_below(round) {
                self.broken(LATER_ROUNDS_AGREE, round, Some(other));
            }
            witness.open(round, self.node);
        }
        let Some(vote) = after.proposal.filter(|_| before.proposal != after.proposal) else {
            return;
        };
        self.check_meet(vote.ballot, witness);
        let wanted = witness.wishes.contains(&vote.value);
        let history = Rc::make_mut(&mut witness.history);
        if let Some(other) = history.propose(vote.ballot, vote.value, self.node, wanted) {
            self.broken(ONE_VALUE_PER_ROUND, vote.ballot, Some(other));
        }
        if let Some(other) = history.chosen_otherwise(vote.ballot, vote.value) {
            self.broken(LATER_ROUNDS_AGREE, vote.ballot, Some(other));
        }
    }

    /// Whoever begins phase 2 of a round must not have to guess which of two values was chosen.
    fn check_meet(&mut self, round: Ballot, witness: &Witness) {
        let config = self.cluster.config;
        let acceptors = crate::roster::nodes(config.roster.acceptors());
        let stands =
            acceptors.map(|id| (id, witness.promised[id.index()], self.cluster.disk(id).accepted));
        if let Some(one) = quorums::may_have_to_guess(round, stands, config) {
            self.broken(FAST_QUORUMS_MEET, round, Some(one));
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

    /// CP: if an acceptor votes for v in a round, then in any lower round "no value other than v
    /// has been or might yet be chosen" (§2.2.2).
    fn check_safe(&mut self, vote: Vote, witness: &Witness) {
        let config = self.cluster.config;
        let acceptors = crate::roster::nodes(config.roster.acceptors());
        let acceptors = acceptors.map(|id| (id, witness.promised[id.index()]));
        let acceptors: Vec<(NodeId, Ballot)> = acceptors.collect();
        let enough = |round: Ballot| config.quorum(round).enough;
        let all = acceptors.iter().copied();
        if let Some(threat) = witness.history.threat(vote.ballot, vote.value, enough, all) {
            let other = threat.filter(|other| *other != self.node);
            self.broken(VOTES_ARE_SAFE, vote.ballot, other);
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
        self.check_later_rounds(vote, witness);
    }

    /// A choice binds those as well who began phase 2 of a higher round before it was complete.
    fn check_later_rounds(&mut self, chosen: Vote, witness: &Witness) {
        let Vote { ballot, value } = chosen;
        let opened = witness.opened.iter().filter(|(round, _)| *round > ballot);
        let others = opened.map(|(_, by)| *by);
        for other in others.chain(witness.history.later_proposers_of_others(ballot, value)) {
            self.broken(LATER_ROUNDS_AGREE, ballot, Some(other));
        }
    }
}

impl Witness {
    /// A coordinator lets acceptors take any value in this round.
    fn open(&mut self, round: Ballot, by: NodeId) {
        let opened = Rc::make_mut(&mut self.opened);
        if opened.len() == OPENED_MOST {
            opened.remove(0);
        }
        opened.push((round, by));
    }

    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        self.looks.capacity() * size_of::<Option<Look>>()
            + self.promised.capacity() * size_of::<Ballot>()
            + self.wishes.capacity() * size_of::<Decree>()
            + self.opened.capacity() * size_of::<(Ballot, NodeId)>()
            + self.waits_since.capacity() * size_of::<Option<Time>>()
            + self.history.weight()
    }
}

#[cfg(test)]
mod tests;
