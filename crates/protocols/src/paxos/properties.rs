//! What must hold, judged over all history and in proportion to what changed.
//!
//! What an acceptor has accepted is judged by its disk: nobody hears of an acceptance before it is
//! durable, and until then a crash may take it back. So a value is chosen at the moment in which
//! the last disk of a quorum has it, usually long before anybody knows.
//!
//! That it ends in time is promised only once nothing stands in the way, and only to proposers that
//! wait for times that differ enough, or of which one leads; see `../deadline.rs`.
//!
//! What stands on the disks when a run begins is taken at its word.
//! Losing a disk breaks these properties, as it breaks what Paxos rests on.

use super::node::{Attempt, Disk, Node};
use super::{Config, Paxos};
use crate::ballot::{Ballot, Decree, Vote};
use crate::deadline::{ballots_end, calm, is_late};
use crate::quorum::Acceptors;
use crate::roster;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::ops::Bound;
use faultline_kernel::{Calm, Cluster, NodeId, Span, Time, Verdicts};

pub(super) const ONE_VALUE_CHOSEN: u8 = 0;
pub(super) const CHOSEN_WAS_PROPOSED: u8 = 1;
pub(super) const PROMISE_ONLY_RISES: u8 = 2;
pub(super) const PROMISE_KEPT: u8 = 3;
pub(super) const ONE_VALUE_PER_BALLOT: u8 = 4;
pub(super) const VOTES_ARE_SAFE: u8 = 5;
pub(super) const LATER_BALLOTS_AGREE: u8 = 6;
pub(super) const LEARNED_IS_CHOSEN: u8 = 7;
pub(super) const SETTLED_IN_TIME: u8 = 8;

/// How many ballots in which nobody accepted anything are remembered: proposers may duel for ever.
const EMPTY_BALLOTS_MOST: usize = 64;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each node as it was when last looked at; `None` if it never was.
    looks: Vec<Option<Look>>,
    /// The highest promise that ever was on the disk of each node.
    promised: Vec<Ballot>,
    /// Every value that anybody wanted.
    wishes: Rc<BTreeSet<Decree>>,
    /// What happened in each ballot.
    ballots: Rc<BTreeMap<Ballot, History>>,
    /// What was chosen, in which ballot first, and by whom: one value, if all is well.
    chosen: Rc<Vec<(Vote, Acceptors)>>,
    /// When each node began to wait for the choice.
    waits_since: Vec<Option<Time>>,
}

/// The facts by which a change is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Look {
    begun: Option<Ballot>,
    wish: Option<Decree>,
    proposal: Option<Vote>,
    promised: Option<Ballot>,
    chosen: Option<Decree>,
    disk_promised: Ballot,
    disk_accepted: Option<Vote>,
}

/// What happened in one ballot.
#[derive(Clone, Debug, Default)]
struct History {
    /// The value that was proposed first, and by whom.
    proposal: Option<(Decree, NodeId)>,
    /// Who accepted what; one value, if all is well.
    accepted: Vec<(Decree, Acceptors)>,
}

/// One node that was touched, and where to say what is wrong with it.
struct Case<'a> {
    node: NodeId,
    cluster: &'a Cluster<'a, Paxos>,
    verdicts: &'a mut Verdicts,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Paxos>,
    verdicts: &mut Verdicts,
) {
    if witness.looks.len() != cluster.seats.len() {
        witness.looks.resize(cluster.seats.len(), None);
        witness.promised.resize(cluster.seats.len(), Ballot::NONE);
        witness.waits_since.resize(cluster.seats.len(), None);
    }
    check_in_time(witness, changed, cluster, verdicts);
    let before = witness.looks[changed.index()];
    let after = Look::at(cluster.node(changed), cluster.disk(changed));
    if before == Some(after) {
        return;
    }
    witness.looks[changed.index()] = Some(after);
    let mut case = Case { node: changed, cluster, verdicts };
    let Some(before) = before else {
        witness.promised[changed.index()] = after.disk_promised;
        if let Some(vote) = after.disk_accepted {
            Rc::make_mut(&mut witness.wishes).insert(vote.value);
            case.count(vote, witness);
        }
        return;
    };
    case.check_proposer(before, after, witness);
    case.check_acceptor(before, after, witness);
    if let Some(value) = after.chosen.filter(|_| before.chosen.is_none()) {
        case.check_learned(value, witness);
    }
}

/// Whoever wants a value, and every learner that heard of an acceptance once one is chosen, knows
/// the choice in time.
fn check_in_time(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Paxos>,
    verdicts: &mut Verdicts,
) {
    let waits = cluster.node(changed).is_some_and(|node| {
        let wants = node.proposer.as_ref().is_some_and(|proposer| proposer.wish.is_some());
        let heard = node.learner.as_ref().is_some_and(|learner| !learner.heard.is_empty());
        node.chosen.is_none() && (wants || (heard && !witness.chosen.is_empty()))
    });
    let since = &mut witness.waits_since[changed.index()];
    *since = waits.then(|| since.unwrap_or(cluster.now));
    let Some((since, calm)) = since.zip(calm(cluster)) else { return };
    let within = deadline(cluster.config, calm);
    if within.is_some_and(|within| is_late(cluster.now, calm, since, within)) {
        verdicts.broken(SETTLED_IN_TIME, 0, changed, None);
    }
}

/// With a leader nobody competes, once everybody has heard from it; and a wish has to reach it.
fn deadline(config: &Config, calm: Calm) -> Option<Span> {
    let Config { retry, backoff, leader, .. } = *config;
    match leader.filter(|patience| patience.0 / 2 > calm.delay.0) {
        Some(patience) => {
            let alone = ballots_end(calm, 1, retry, backoff)?;
            Some(alone + patience + retry + backoff)
        }
        None => ballots_end(calm, config.roster.proposers().end, retry, backoff),
    }
}

impl Look {
    fn at(node: Option<&Node>, disk: &Disk) -> Self {
        let proposer = node.and_then(|node| node.proposer.as_ref());
        let tries = proposer.filter(|proposer| match proposer.attempt {
            Attempt::Preparing { .. } | Attempt::Proposing { .. } => true,
            Attempt::Idle | Attempt::Beaten { .. } | Attempt::Deferring { .. } => false,
        });
        let acceptor = node.and_then(|node| node.acceptor.as_ref());
        Self {
            begun: tries.map(|proposer| proposer.tried),
            wish: proposer.and_then(|proposer| proposer.wish),
            proposal: node.and_then(Node::proposal),
            promised: acceptor.map(|acceptor| acceptor.promised),
            chosen: node.and_then(|node| node.chosen).map(|vote| vote.value),
            disk_promised: disk.promised,
            disk_accepted: disk.accepted,
        }
    }
}

impl Case<'_> {
    fn broken(&mut self, property: u8, ballot: Ballot, other: Option<NodeId>) {
        self.verdicts.broken(property, ballot.0, self.node, other);
    }

    fn check_proposer(&mut self, before: Look, after: Look, witness: &mut Witness) {
        if let Some(wish) = after.wish.filter(|_| before.wish.is_none()) {
            Rc::make_mut(&mut witness.wishes).insert(wish);
        }
        if let Some(ballot) = after.begun.filter(|_| before.begun != after.begun) {
            witness.remember(ballot);
        }
        if let Some(vote) = after.proposal.filter(|_| before.proposal != after.proposal) {
            self.check_proposal(vote, witness);
        }
    }

    /// A ballot has one value, and after a choice it is the chosen one.
    fn check_proposal(&mut self, vote: Vote, witness: &mut Witness) {
        let differs = |(value, _): &(Decree, NodeId)| *value != vote.value;
        let history = witness.remember(vote.ballot);
        let other = history.proposal.filter(differs);
        history.proposal.get_or_insert((vote.value, self.node));
        if let Some((_, proposer)) = other {
            self.broken(ONE_VALUE_PER_BALLOT, vote.ballot, Some(proposer));
        }
        let undoes = |(chosen, _): &&(Vote, Acceptors)| {
            chosen.ballot < vote.ballot && chosen.value != vote.value
        };
        if let Some((_, acceptors)) = witness.chosen.iter().find(undoes) {
            self.broken(LATER_BALLOTS_AGREE, vote.ballot, acceptors.iter().next());
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
        if before.disk_accepted == after.disk_accepted {
            return;
        }
        if let Some(vote) = after.disk_accepted {
            if fell(vote.ballot) {
                self.broken(PROMISE_KEPT, vote.ballot, None);
            }
            self.check_safe(vote, witness);
            self.count(vote, witness);
        }
    }

    /// In no lower ballot has another value been chosen, nor can it be any more: too few acceptors
    /// have accepted it there or may yet do so.
    ///
    /// An acceptor may accept something in a ballot if it has not, and has promised no higher one.
    fn check_safe(&mut self, vote: Vote, witness: &Witness) {
        let acceptors = || roster::nodes(self.cluster.config.roster.acceptors());
        let enough = self.cluster.config.phase2.enough;
        let threat = |(ballot, history): (&Ballot, &History)| {
            let free = |acceptor: &NodeId| {
                witness.promised[acceptor.index()] <= *ballot && !history.has_heard(*acceptor)
            };
            let free = || acceptors().filter(free);
            let against = history.against(vote.value)?;
            let count = against.count() + u32::try_from(free().count()).unwrap_or(u32::MAX);
            let one = || against.iter().chain(free()).find(|other| *other != self.node);
            (count >= enough).then(one)
        };
        let mut lower = witness.ballots.range(..vote.ballot);
        if let Some(other) = lower.find_map(threat) {
            self.broken(VOTES_ARE_SAFE, vote.ballot, other);
        }
    }

    /// An acceptance became durable; with it a value may be chosen.
    fn count(&mut self, vote: Vote, witness: &mut Witness) {
        let votes = witness.remember(vote.ballot).accept(vote.value, self.node);
        if !self.cluster.config.phase2.is_in(votes) {
            return;
        }
        let chosen = Rc::make_mut(&mut witness.chosen);
        if let Some((first, _)) = chosen.iter_mut().find(|(first, _)| first.value == vote.value) {
            first.ballot = first.ballot.min(vote.ballot);
            return;
        }
        if let Some((_, acceptors)) = chosen.first() {
            let other = acceptors.iter().find(|acceptor| *acceptor != self.node);
            self.verdicts.broken(ONE_VALUE_CHOSEN, vote.ballot.0, self.node, other);
        }
        chosen.push((vote, votes));
        if !witness.wishes.contains(&vote.value) {
            self.broken(CHOSEN_WAS_PROPOSED, vote.ballot, None);
        }
        self.check_later_proposals(vote, witness);
    }

    /// A choice binds those as well who proposed in a higher ballot before it was complete.
    fn check_later_proposals(&mut self, chosen: Vote, witness: &Witness) {
        let later = (Bound::Excluded(chosen.ballot), Bound::Unbounded);
        let proposals = witness.ballots.range(later);
        let proposals = proposals.filter_map(|(ballot, history)| Some((ballot, history.proposal?)));
        for (ballot, (value, proposer)) in proposals {
            if value != chosen.value {
                self.broken(LATER_BALLOTS_AGREE, *ballot, Some(proposer));
            }
        }
    }

    /// Whatever anybody believes to be chosen is chosen.
    fn check_learned(&mut self, value: Decree, witness: &Witness) {
        if !witness.chosen.iter().any(|(chosen, _)| chosen.value == value) {
            self.broken(LEARNED_IS_CHOSEN, Ballot::NONE, None);
        }
    }
}

impl History {
    /// Takes an acceptance in; returns who accepted this value so far.
    fn accept(&mut self, value: Decree, acceptor: NodeId) -> Acceptors {
        let place = self.accepted.iter().position(|(known, _)| *known == value);
        let place = place.unwrap_or_else(|| {
            self.accepted.push((value, Acceptors::default()));
            self.accepted.len() - 1
        });
        let (_, acceptors) = &mut self.accepted[place];
        acceptors.insert(acceptor);
        *acceptors
    }

    fn has_heard(&self, acceptor: NodeId) -> bool {
        self.accepted.iter().any(|(_, acceptors)| acceptors.contains(acceptor))
    }

    /// The acceptors that stand behind a value other than this one, that with most of them; `None`
    /// if the ballot is known to be about this one alone.
    fn against(&self, value: Decree) -> Option<Acceptors> {
        let others = self.accepted.iter().filter(|(other, _)| *other != value);
        let most = others.map(|(_, acceptors)| *acceptors).max_by_key(|all| all.count());
        let undecided = self.proposal.is_none_or(|(proposed, _)| proposed != value);
        most.or(undecided.then(Acceptors::default))
    }
}

impl Witness {
    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        self.looks.capacity() * size_of::<Option<Look>>()
            + self.promised.capacity() * size_of::<Ballot>()
            + self.wishes.len() * size_of::<Decree>()
            + self.ballots.len() * size_of::<(Ballot, History)>()
            + self.chosen.capacity() * size_of::<(Vote, Acceptors)>()
            + self.waits_since.capacity() * size_of::<Option<Time>>()
    }

    /// What happened in a ballot. Of the ballots in which nobody accepted anything the lowest are
    /// forgotten when there are too many.
    fn remember(&mut self, ballot: Ballot) -> &mut History {
        let ballots = Rc::make_mut(&mut self.ballots);
        if !ballots.contains_key(&ballot) && ballots.len() >= EMPTY_BALLOTS_MOST {
            let empty = || ballots.iter().filter(|(_, history)| history.accepted.is_empty());
            if empty().count() >= EMPTY_BALLOTS_MOST
                && let Some(lowest) = empty().map(|(ballot, _)| *ballot).next()
            {
                ballots.remove(&lowest);
            }
        }
        ballots.entry(ballot).or_default()
    }
}

#[cfg(test)]
mod tests;
