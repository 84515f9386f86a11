//! What must hold, judged over all history and in proportion to what changed.
//!
//! What a server has accepted is judged by its disk: nobody hears of an acceptance before it is
//! durable, and until then a crash may take it back. So a command is chosen at the moment in which
//! the last disk of a quorum has it, usually before anybody knows.
//!
//! What the variables are, what clients were told and what a read should find is worked out from
//! what was chosen, and the room's own account is held against it; see `properties/ledger.rs`.
//! What must happen in time is in `properties/progress.rs`.
//!
//! What stands on the disks when a run begins is taken at its word.
//! Losing a disk breaks these properties, as it breaks what Paxos rests on.

use super::log::Vote;
use super::node::{Node, Role};
use super::{Disk, MultiPaxos};
use crate::ballot::Ballot;
use crate::store::Command;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Verdicts};

mod ledger;
mod progress;
mod slots;
mod told;

use ledger::Ledger;
use progress::Progress;
use slots::Slots;
use told::Told;

pub(super) const ONE_VALUE_CHOSEN: u8 = 0;
pub(super) const CHOSEN_WAS_PROPOSED: u8 = 1;
pub(super) const PROMISE_ONLY_RISES: u8 = 2;
pub(super) const PROMISE_KEPT: u8 = 3;
pub(super) const ONE_VALUE_PER_BALLOT: u8 = 4;
pub(super) const VOTES_ARE_SAFE: u8 = 5;
pub(super) const LATER_BALLOTS_AGREE: u8 = 6;
pub(super) const LEARNED_IS_CHOSEN: u8 = 7;
pub(super) const PREFIXES_AGREE: u8 = 8;
pub(super) const APPLIED_ONCE: u8 = 9;
pub(super) const READS_ARE_FRESH: u8 = 10;
pub(super) const LED_IN_TIME: u8 = 11;
pub(super) const GOES_ON_IN_TIME: u8 = 12;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each server as it was when last looked at; `None` if it never was.
    looks: Vec<Option<Look>>,
    /// The highest promise that ever was on the disk of each server.
    promised: Vec<Ballot>,
    /// What happened in each slot that is not yet known to be chosen by everybody.
    slots: Slots,
    /// What the variables are after each of them.
    ledger: Ledger,
    /// What clients were told.
    told: Told,
    /// Who leads, and who gets on.
    progress: Progress,
}

/// The facts by which a change is noticed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Look {
    /// The own ballot of one who leads, and its next slot.
    leads: Option<(Ballot, u64)>,
    promised: Option<Ballot>,
    /// Up to which slot it applied the log.
    applied: u64,
    reads: u64,
    disk_promised: Ballot,
    disk_chosen: u64,
    /// What it has accepted in later slots.
    disk_accepted: Vec<(u64, Vote)>,
}

/// One server that was touched, and where to say what is wrong with it.
struct Case<'a> {
    node: NodeId,
    cluster: &'a Cluster<'a, MultiPaxos>,
    verdicts: &'a mut Verdicts,
}

/// Judges the cluster after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, MultiPaxos>,
    verdicts: &mut Verdicts,
) {
    if witness.looks.len() != cluster.seats.len() {
        witness.looks.resize(cluster.seats.len(), None);
        witness.promised.resize(cluster.seats.len(), Ballot::NONE);
    }
    witness.progress.check(changed, cluster, verdicts);
    let (node, disk) = (cluster.node(changed), cluster.disk(changed));
    if witness.looks[changed.index()].as_ref().is_some_and(|look| look.still(node, disk)) {
        return;
    }
    let after = Look::at(node, disk);
    let before = witness.looks[changed.index()].replace(after.clone());
    let mut case = Case { node: changed, cluster, verdicts };
    let Some(before) = before else {
        witness.promised[changed.index()] = after.disk_promised;
        for (slot, vote) in after.disk_accepted {
            witness.slots.at(slot).take_at_its_word(vote.ballot);
            case.count(slot, vote, witness);
        }
        return;
    };
    case.check_leader(&before, &after, witness);
    case.check_acceptor(&before, &after, witness);
    case.check_learned(&before, &after, witness);
    case.check_applied(&before, &after, witness);
    case.check_reads(&before, &after, witness);
}

impl Look {
    fn at(node: Option<&Node>, disk: &Disk) -> Self {
        Self {
            leads: leads(node),
            promised: node.map(|node| node.promised),
            applied: node.map_or(0, |node| node.log.chosen()),
            reads: node.map_or(0, |node| node.served.reads),
            disk_promised: disk.promised,
            disk_chosen: disk.log.chosen(),
            disk_accepted: disk.log.accepted().collect(),
        }
    }

    /// Whether nothing that matters has changed; most events change nothing.
    fn still(&self, node: Option<&Node>, disk: &Disk) -> bool {
        self.leads == leads(node)
            && self.promised == node.map(|node| node.promised)
            && self.applied == node.map_or(0, |node| node.log.chosen())
            && self.reads == node.map_or(0, |node| node.served.reads)
            && self.disk_promised == disk.promised
            && self.disk_chosen == disk.log.chosen()
            && disk.log.accepted().eq(self.disk_accepted.iter().copied())
    }
}

fn leads(node: Option<&Node>) -> Option<(Ballot, u64)> {
    match &node?.role {
        Role::Leader(leader) => Some((leader.ballot, leader.next)),
        Role::Candidate(_) | Role::Follower | Role::Outbid { .. } => None,
    }
}

impl Case<'_> {
    fn broken(&mut self, property: u8, place: u64, other: Option<NodeId>) {
        self.verdicts.broken(property, place, self.node, other);
    }

    /// A leader proposes one command for each slot of its ballot; after a choice the chosen one.
    fn check_leader(&mut self, before: &Look, after: &Look, witness: &mut Witness) {
        let Some(leader) = self.cluster.node(self.node).and_then(Node::leading) else { return };
        let known = before.leads.filter(|(ballot, _)| *ballot == leader.ballot);
        let from = known.map_or(0, |(_, next)| next);
        if before.leads == after.leads {
            return;
        }
        for proposal in leader.proposals.iter().filter(|proposal| proposal.slot >= from) {
            let vote = Vote { ballot: leader.ballot, command: proposal.command };
            let asked = proposal.client.is_some();
            if asked {
                witness.told.ask(self.node, leader.ballot, proposal.slot, proposal.command);
            }
            self.check_proposal(proposal.slot, vote, asked, witness);
        }
    }

    fn check_proposal(&mut self, slot: u64, vote: Vote, asked: bool, witness: &mut Witness) {
        if witness.slots.is_settled(slot) {
            return;
        }
        let Vote { ballot, command } = vote;
        let wanted = asked || command == Command::NO_OP;
        let history = witness.slots.at(slot);
        if let Some(other) = history.propose(ballot, command, self.node, wanted) {
            self.broken(ONE_VALUE_PER_BALLOT, slot, Some(other));
        }
        if let Some(other) = history.chosen_otherwise(ballot, command) {
            self.broken(LATER_BALLOTS_AGREE, slot, Some(other));
        }
    }

    /// A promise only rises, over any crash, and nothing is accepted below it.
    fn check_acceptor(&mut self, before: &Look, after: &Look, witness: &mut Witness) {
        let promised = witness.promised[self.node.index()];
        let fell = |now: Ballot| now < promised;
        if fell(after.disk_promised) || after.promised.is_some_and(fell) {
            self.broken(PROMISE_ONLY_RISES, promised.0, None);
        }
        witness.promised[self.node.index()] = promised.max(after.disk_promised);
        for (slot, vote) in &after.disk_accepted {
            if before.disk_accepted.contains(&(*slot, *vote)) || witness.slots.is_settled(*slot) {
                continue;
            }
            if fell(vote.ballot) {
                self.broken(PROMISE_KEPT, *slot, None);
            }
            self.check_safe(*slot, *vote, witness);
            self.count(*slot, *vote, witness);
        }
    }

    /// In no lower ballot has another command been chosen, nor can it be any more: too few
    /// acceptors have accepted it there or may yet do so.
    fn check_safe(&mut self, slot: u64, vote: Vote, witness: &mut Witness) {
        let Vote { ballot, command } = vote;
        let enough = self.cluster.config.phase2.enough;
        let acceptors = (0..).map(NodeId).zip(witness.promised.iter().copied());
        let threat = witness.slots.at(slot).threat(ballot, command, |_| enough, acceptors);
        if let Some(other) = threat {
            self.broken(VOTES_ARE_SAFE, slot, other.filter(|other| *other != self.node));
        }
    }

    /// An acceptance became durable; with it a command may be chosen.
    fn count(&mut self, slot: u64, vote: Vote, witness: &mut Witness) {
        let Vote { ballot, command } = vote;
        let history = witness.slots.at(slot);
        let votes = history.accept(ballot, command, self.node);
        if !self.cluster.config.phase2.is_in(votes) || history.is_chosen(command) {
            return;
        }
        if let Some(acceptors) = history.choose(ballot, command, votes) {
            witness.ledger.tear();
            let other = acceptors.iter().find(|acceptor| *acceptor != self.node);
            self.verdicts.broken(ONE_VALUE_CHOSEN, slot, self.node, other);
        }
        if !history.was_proposed(ballot, command) {
            self.verdicts.broken(CHOSEN_WAS_PROPOSED, slot, self.node, None);
        }
        // A choice binds those as well who proposed in a higher ballot before it was complete.
        for other in history.later_proposers_of_others(ballot, command) {
            self.verdicts.broken(LATER_BALLOTS_AGREE, slot, self.node, Some(other));
        }
        witness.ledger.go_on(&witness.slots);
    }

    /// Whatever anybody takes for chosen is chosen, and the same for all.
    fn check_learned(&mut self, before: &Look, after: &Look, witness: &mut Witness) {
        let disk = &self.cluster.disk(self.node).log;
        for slot in before.disk_chosen + 1..=after.disk_chosen {
            let Some(vote) = disk.vote(slot).filter(|_| !witness.slots.is_settled(slot)) else {
                continue;
            };
            let history = witness.slots.at(slot);
            if !history.is_chosen(vote.command) {
                self.verdicts.broken(LEARNED_IS_CHOSEN, slot, self.node, None);
            }
            let (first, other) = *history.learned.get_or_insert((vote.command, self.node));
            if first != vote.command {
                self.verdicts.broken(PREFIXES_AGREE, slot, self.node, Some(other));
            }
        }
        if before.disk_chosen != after.disk_chosen {
            let looks = witness.looks.iter();
            let all = looks.map(|look| look.as_ref().map_or(0, |look| look.disk_chosen)).min();
            witness.slots.settle(all.unwrap_or(0));
            witness.ledger.settle(all.unwrap_or(0));
        }
    }

    /// The variables are what the chosen commands make of them if each request takes effect once
    /// (R3); whoever applied something else is judged for that.
    fn check_applied(&mut self, before: &Look, after: &Look, witness: &Witness) {
        let Some(node) = self.cluster.node(self.node) else { return };
        if after.applied == before.applied {
            return;
        }
        let astray = |slot: u64| {
            let chosen = witness.slots.chosen(slot);
            let taken = node.log.vote(slot).map(|vote| vote.command);
            chosen.zip(taken).is_some_and(|(chosen, taken)| chosen != taken)
        };
        let account = witness.ledger.after(after.applied);
        if account.is_some_and(|account| !account.agrees(&node.store))
            && !(node.log.collected() + 1..=after.applied).any(astray)
        {
            self.broken(APPLIED_ONCE, after.applied, None);
        }
    }

    /// A read sees all that any client was told before: it finds what the variable was after the
    /// last of these, or has been since.
    fn check_reads(&mut self, before: &Look, after: &Look, witness: &mut Witness) {
        let served = self.cluster.node(self.node).map(|node| &node.served);
        let (upto, by) = witness.told.last();
        if let Some((key, value)) =
            served.filter(|_| after.reads > before.reads).and_then(|served| served.last)
            && !witness.ledger.was_since(upto, key, value)
        {
            self.broken(READS_ARE_FRESH, upto, by.filter(|by| *by != self.node));
        }
        let leads = after.leads.map(|(ballot, _)| ballot);
        let done = (leads, after.applied, after.disk_chosen);
        witness.told.done(self.node, done, &witness.slots);
    }
}

impl Witness {
    /// Bytes that a copy of it takes, once it goes its own way.
    pub(super) fn weight(&self) -> usize {
        self.looks.capacity() * size_of::<Option<Look>>()
            + self.promised.capacity() * size_of::<Ballot>()
            + self.slots.weight()
            + self.ledger.weight()
            + self.told.weight()
            + self.progress.weight()
    }
}

#[cfg(test)]
mod tests;
