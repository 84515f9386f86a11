//! How the room looks: cards of servers and messages. Its tables are in `about.rs`.

use super::log::Vote;
use super::node::{Node, Role};
use super::{Config, Disk, Log, Message};
use crate::ballot::Ballot;
use crate::quorum::Quorum;
use alloc::vec::Vec;
use faultline_kernel::{
    Badge, Card, Cell, CellState, Field, Label, Mark, MessageCard, Tally, Time, Value,
};

pub(super) use super::about::*;

/// How many cells of the log are drawn.
const STRIP_MAX: u64 = 8;

/// A server; when it is down, what its disk has.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk) -> Card {
    let log = node.map_or(&disk.log, |node| &node.log);
    let promised = node.map_or(disk.promised, |node| node.promised);
    let first = log.last().saturating_sub(STRIP_MAX).max(log.collected()) + 1;
    Card {
        role: node.map_or(0, |node| node.role.kind()),
        badge: (promised != Ballot::NONE).then_some(Badge { number: promised.0 }),
        tally: node.and_then(|node| tally(node, config)),
        strip: cells(node, log, first),
        strip_before: first - 1,
        marks: node.map_or_else(Vec::new, marks),
        ties: None,
        fields: fields(node, disk),
    }
}

/// Promises for a candidate; for a leader the acceptances of the first open slot.
fn tally(node: &Node, config: &Config) -> Option<Tally> {
    let (yes, quorum) = match &node.role {
        Role::Candidate(candidate) => (candidate.promised, config.phase1),
        Role::Leader(leader) => (leader.proposals.front()?.accepted, config.phase2),
        Role::Follower | Role::Outbid { .. } => return None,
    };
    let Quorum { of, enough } = quorum;
    Some(Tally { yes: yes.iter().collect(), no: Vec::new(), of, enough })
}

/// The whole log, as far as it is kept.
pub(super) fn whole(node: Option<&Node>, disk: &Disk) -> Vec<Cell> {
    let log = node.map_or(&disk.log, |node| &node.log);
    cells(node, log, log.collected() + 1)
}

fn cells(node: Option<&Node>, log: &Log, first: u64) -> Vec<Cell> {
    let cell = |slot: u64| match log.vote(slot) {
        Some(vote) => filled(vote, slot <= log.chosen() || sees_chosen(node, slot)),
        None => Cell { hue: 0, text: Label::new("hole"), state: CellState::Open },
    };
    (first..=log.last()).map(cell).collect()
}

fn filled(vote: Vote, chosen: bool) -> Cell {
    let state = if chosen { CellState::Firm } else { CellState::Open };
    Cell { hue: vote.ballot.0, text: vote.command.label(), state }
}

/// Whether a leader knows a slot after a hole to be chosen.
fn sees_chosen(node: Option<&Node>, slot: u64) -> bool {
    let Some(leader) = node.and_then(Node::leading) else { return false };
    let mut proposals = leader.proposals.iter();
    proposals.any(|proposal| proposal.slot == slot && proposal.chosen)
}

fn marks(node: &Node) -> Vec<Mark> {
    let by = match node.role {
        Role::Outbid { by } => Some(Mark { id: "outbid-by", about: Some(by) }),
        Role::Follower | Role::Candidate(_) | Role::Leader(_) => None,
    };
    let goal = node.leading().map_or(node.told, |leader| leader.chosen.0);
    let behind = goal > node.log.chosen();
    let behind = behind.then_some(Mark { id: "behind", about: None });
    by.into_iter().chain(behind).collect()
}

fn fields(node: Option<&Node>, disk: &Disk) -> Vec<Field> {
    let mut fields = alloc::vec![
        Field::disk("promised", disk.promised),
        Field::disk("chosen-slots", disk.log.chosen()),
        Field::disk("collected-slots", disk.log.collected()),
        Field::disk("last-slot", disk.log.last()),
    ];
    let Some(node) = node else { return fields };
    fields.push(Field::memory("variables", node.store.label()));
    fields.push(Field::memory("leader", node.leader));
    if let Some((leader, until)) = node.granted {
        let until = Field::memory("lease-until", until.since(Time::ZERO));
        fields.push(Field { of: leader, ..until });
    }
    let Some(leader) = node.leading() else { return fields };
    fields.push(Field::memory("next-slot", leader.next));
    fields.push(Field::memory("clients", leader.queue.len() as u64));
    for (server, asked) in (0..).zip(&leader.granted) {
        if let Some(asked) = asked {
            let asked = Field::memory("lease-asked", asked.since(Time::ZERO));
            fields.push(asked.about(faultline_kernel::NodeId(server)));
        }
    }
    fields
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let fields: Vec<(&'static str, Value)> = match message {
        Message::Prepare { ballot } => [("ballot", (*ballot).into())].into(),
        Message::Promise { ballot, chosen, votes } => promise(*ballot, *chosen, votes),
        Message::Refused { ballot, promised } => {
            [("ballot", (*ballot).into()), ("promised", (*promised).into())].into()
        }
        Message::Accept { slot, vote } => vote_fields(*slot, *vote).into(),
        Message::Accepted { ballot, slot } => {
            [("slot", (*slot).into()), ("ballot", (*ballot).into())].into()
        }
        Message::Chosen { first, votes } => {
            let slots = (*first..).zip(votes.iter());
            slots.flat_map(|(slot, vote)| vote_fields(slot, *vote)).collect()
        }
        Message::Heartbeat { ballot, chosen, .. } => {
            [("ballot", (*ballot).into()), ("chosen-slots", (*chosen).into())].into()
        }
        Message::Granted { ballot, .. } => [("ballot", (*ballot).into())].into(),
        Message::Ask { first } => [("slot", (*first).into())].into(),
        Message::Snapshot { upto, store } => {
            [("chosen-slots", (*upto).into()), ("variables", store.label().into())].into()
        }
    };
    MessageCard { fields }
}

fn promise(ballot: Ballot, chosen: u64, votes: &[(u64, Vote)]) -> Vec<(&'static str, Value)> {
    let said = [("ballot", ballot.into()), ("chosen-slots", chosen.into())];
    let votes = votes.iter().flat_map(|(slot, vote)| vote_fields(*slot, *vote));
    said.into_iter().chain(votes).collect()
}

fn vote_fields(slot: u64, vote: Vote) -> [(&'static str, Value); 3] {
    let command = vote.command.label();
    [("slot", slot.into()), ("ballot", vote.ballot.into()), ("command", command.into())]
}

#[cfg(test)]
mod tests;
