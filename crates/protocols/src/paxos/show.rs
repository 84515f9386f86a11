//! How the room looks: cards of nodes and messages. Its tables are in `about.rs`.

use super::node::{Attempt, Disk, Learner, Node, Proposer};
use super::{Message, Quorum};
use crate::ballot::{Ballot, Vote};
use crate::quorum::Acceptors;
use alloc::vec::Vec;
use faultline_kernel::{
    Badge, Card, Cell, CellState, Field, Mark, Member, MessageCard, Tally, Value,
};

pub(super) use super::about::*;

/// A node; when it is down, what its disk has.
pub(super) fn card(node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
    let ballot = node.map_or(disk.tried.max(disk.promised), ballot);
    Card {
        role: role(node, member),
        badge: (ballot != Ballot::NONE).then_some(Badge { number: ballot.0 }),
        tally: node.and_then(tally),
        strip: strip(node, disk),
        strip_before: 0,
        marks: node.map_or_else(Vec::new, marks),
        ties: None,
        fields: fields(node, disk, member),
    }
}

fn role(node: Option<&Node>, member: &Member) -> u8 {
    let attempt = node.and_then(|node| node.proposer.as_ref()).map(|proposer| &proposer.attempt);
    match (attempt, member.class) {
        (Some(Attempt::Preparing { .. }), _) => PREPARING,
        (Some(Attempt::Proposing { .. }), _) => PROPOSING,
        (Some(Attempt::Beaten { .. }), _) => BEATEN,
        (Some(Attempt::Deferring { .. }), _) => DEFERRING,
        (_, "acceptor") => ACCEPTOR,
        (_, "learner") => LEARNER,
        (_, "proposer") => PROPOSER,
        _ => NODE,
    }
}

/// The ballot that concerns it now: its own, else the one it promised, else the last it heard of.
fn ballot(node: &Node) -> Ballot {
    let promised = node.acceptor.as_ref().map(|acceptor| acceptor.promised);
    match &node.proposer {
        Some(proposer) if proposer.attempt != Attempt::Idle => proposer.tried,
        Some(proposer) => promised.unwrap_or(proposer.tried),
        None => {
            promised.or_else(|| Some(latest(node.learner.as_ref()?)?.ballot)).unwrap_or_default()
        }
    }
}

/// The highest acceptance that a learner has heard of.
fn latest(learner: &Learner) -> Option<Vote> {
    learner.heard.values().copied().max()
}

/// Promises in phase 1, acceptances in phase 2 and at a learner.
fn tally(node: &Node) -> Option<Tally> {
    let (yes, quorum) = match node.proposer.as_ref().map(|proposer| &proposer.attempt) {
        Some(Attempt::Preparing { promised, quorum, .. }) => (*promised, *quorum),
        Some(Attempt::Proposing { accepted, quorum, .. }) => (*accepted, *quorum),
        Some(Attempt::Idle | Attempt::Beaten { .. } | Attempt::Deferring { .. }) => return None,
        None => learner_tally(node)?,
    };
    let Quorum { of, enough } = quorum;
    Some(Tally { yes: yes.iter().collect(), no: Vec::new(), of, enough })
}

fn learner_tally(node: &Node) -> Option<(Acceptors, Quorum)> {
    let learner = node.learner.as_ref().filter(|_| node.chosen.is_none())?;
    Some((learner.agree(latest(learner)?), learner.quorum))
}

/// What it stands for and is not settled yet, then what it knows to be chosen.
fn strip(node: Option<&Node>, disk: &Disk) -> Vec<Cell> {
    let Some(node) = node else {
        return disk.accepted.map(|vote| cell(vote, CellState::Open)).into_iter().collect();
    };
    let settled = node.chosen.map(|vote| vote.value);
    let open = stands_for(node).filter(|vote| Some(vote.value) != settled);
    let open = open.map(|vote| cell(vote, CellState::Open));
    let firm = node.chosen.map(|vote| cell(vote, CellState::Firm));
    open.into_iter().chain(firm).collect()
}

/// What it accepted, proposes, wishes or heard of.
fn stands_for(node: &Node) -> Option<Vote> {
    let accepted = node.acceptor.as_ref().and_then(|acceptor| acceptor.accepted);
    let wish = || match (&node.proposer, node.chosen) {
        (Some(proposer), None) => proposer.wish.map(|value| Vote { ballot: proposer.tried, value }),
        (_, _) => None,
    };
    let heard = || node.learner.as_ref().and_then(latest);
    node.proposal().or(accepted).or_else(wish).or_else(heard)
}

fn cell(vote: Vote, state: CellState) -> Cell {
    Cell { hue: vote.ballot.0, text: vote.value.label(), state }
}

fn marks(node: &Node) -> Vec<Mark> {
    let chosen = node.chosen.map(|_| Mark { id: "chosen", about: None });
    let beaten = match node.proposer.as_ref().map(|proposer| &proposer.attempt) {
        Some(Attempt::Beaten { by }) => Some(Mark { id: "beaten-by", about: Some(*by) }),
        Some(Attempt::Deferring { to }) => Some(Mark { id: "defers-to", about: Some(*to) }),
        _ => None,
    };
    chosen.into_iter().chain(beaten).collect()
}

fn fields(node: Option<&Node>, disk: &Disk, member: &Member) -> Vec<Field> {
    let plays = |class| member.class == class || member.class == "node";
    let mut fields = Vec::new();
    if plays("proposer") {
        fields.push(Field::disk("tried", disk.tried));
    }
    if plays("acceptor") {
        fields.push(Field::disk("promised", disk.promised));
        fields.push(Field::disk("accepted-value", disk.accepted.map(|vote| vote.value)));
        fields.push(Field::disk("accepted-ballot", disk.accepted.map(|vote| vote.ballot)));
    }
    let Some(node) = node else { return fields };
    if let Some(proposer) = &node.proposer {
        proposer_fields(proposer, &mut fields);
        fields.push(Field::memory("proposal", node.proposal().map(|vote| vote.value)));
    }
    if let Some(learner) = node.learner.as_ref().filter(|_| member.class == "learner") {
        for (acceptor, vote) in &learner.heard {
            fields.push(Field::memory("heard-value", vote.value).about(*acceptor));
            fields.push(Field::memory("heard-ballot", vote.ballot).about(*acceptor));
        }
    }
    if plays("proposer") || plays("learner") {
        fields.push(Field::memory("chosen", node.chosen.map(|vote| vote.value)));
    }
    fields
}

fn proposer_fields(proposer: &Proposer, fields: &mut Vec<Field>) {
    fields.push(Field::memory("wish", proposer.wish));
    fields.push(Field::memory("heard-of", proposer.heard));
    let clients = u32::try_from(proposer.clients.len()).unwrap_or(u32::MAX);
    fields.push(Field::memory("clients", clients));
    if let Attempt::Preparing { reported: Some(vote), .. } = proposer.attempt {
        fields.push(Field::memory("reported-value", vote.value));
        fields.push(Field::memory("reported-ballot", vote.ballot));
    }
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let mut fields: Vec<(&'static str, Value)> = Vec::new();
    if message.ballot() != Ballot::NONE {
        fields.push(("ballot", message.ballot().into()));
    }
    match message {
        Message::Prepare { .. } | Message::Ask | Message::Alive => {}
        Message::Promise { accepted, .. } => {
            fields.push(("accepted-value", message.value().into()));
            fields.push(("accepted-ballot", accepted.map(|vote| vote.ballot).into()));
        }
        Message::PrepareRefused { promised, .. } | Message::AcceptRefused { promised, .. } => {
            fields.push(("promised", (*promised).into()));
        }
        Message::Accept(_)
        | Message::Accepted(_)
        | Message::Chosen(_)
        | Message::Forward { .. } => {
            fields.push(("value", message.value().into()));
        }
    }
    MessageCard { fields }
}

#[cfg(test)]
mod tests;
