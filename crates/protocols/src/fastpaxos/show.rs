//! How the room looks: cards of nodes and messages. Its tables are in `about.rs`.

use super::node::{Attempt, Coordinator, Disk, Node, Part};
use super::{Config, Message, round};
use crate::ballot::{Ballot, Vote};
use crate::quorum::Quorum;
use alloc::vec::Vec;
use faultline_kernel::{
    Badge, Card, Cell, CellState, Field, Mark, Member, MessageCard, NodeId, Tally, Value,
};

pub(super) use super::about::*;

/// A node; when it is down, what its disk has.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
    let round = node.map_or(disk.tried.max(disk.promised), round_of);
    Card {
        role: role(node, member),
        badge: (round != Ballot::NONE).then_some(Badge { number: round.0 }),
        tally: node.and_then(|node| tally(node, config)),
        strip: strip(node, disk),
        marks: node.map_or_else(Vec::new, marks),
        fields: fields(node, disk, member),
        ..Card::default()
    }
}

fn role(node: Option<&Node>, member: &Member) -> u8 {
    match (node.map(|node| &node.part), member.class) {
        (Some(Part::Coordinator(coordinator)), _) => match coordinator.attempt {
            Attempt::Idle => COORDINATOR,
            Attempt::Preparing(_) => PREPARING,
            Attempt::Open(_) => FAST,
            Attempt::Proposing(..) if round::is_fast(coordinator.tried) => FAST,
            Attempt::Proposing(..) => CLASSIC,
            Attempt::Outbid(_) => OUTBID,
        },
        (_, "coordinator") => COORDINATOR,
        (_, "proposer") => PROPOSER,
        (_, "acceptor") => ACCEPTOR,
        _ => LEARNER,
    }
}

/// The round that concerns it now.
fn round_of(node: &Node) -> Ballot {
    match &node.part {
        Part::Coordinator(coordinator) => coordinator.tried,
        Part::Proposer(_) => Ballot::NONE,
        Part::Acceptor(acceptor) => acceptor.promised,
        Part::Learner(learner) => {
            learner.heard.values().max().map(|vote| vote.ballot).unwrap_or_default()
        }
    }
}

/// Promises, then acceptances: at a coordinator, and at a learner of the value that leads.
fn tally(node: &Node, config: &Config) -> Option<Tally> {
    let (yes, no, quorum): (Vec<NodeId>, Vec<NodeId>, Quorum) = match &node.part {
        Part::Coordinator(Coordinator { attempt: Attempt::Preparing(reports), .. }) => {
            (reports.keys().copied().collect(), Vec::new(), config.classic)
        }
        Part::Coordinator(Coordinator { attempt: Attempt::Proposing(_, yes), tried, .. }) => {
            (yes.clone(), Vec::new(), config.quorum(*tried))
        }
        Part::Coordinator(Coordinator { attempt: Attempt::Open(votes), .. }) => {
            let votes: Vec<_> = votes.iter().map(|(from, value)| (*from, *value)).collect();
            let (yes, no) = sides(&votes);
            (yes, no, config.fast)
        }
        Part::Learner(learner) if node.chosen.is_none() => {
            let last = learner.heard.values().map(|vote| vote.ballot).max()?;
            let votes = learner.heard.iter().filter(|(_, vote)| vote.ballot == last);
            let votes: Vec<_> = votes.map(|(from, vote)| (*from, vote.value)).collect();
            let (yes, no) = sides(&votes);
            (yes, no, config.quorum(last))
        }
        Part::Coordinator(_) | Part::Proposer(_) | Part::Acceptor(_) | Part::Learner(_) => {
            return None;
        }
    };
    Some(Tally { yes, no, of: quorum.of, enough: quorum.enough })
}

/// Those who stand behind the value that most accepted, and the others.
fn sides<V: PartialEq>(votes: &[(NodeId, V)]) -> (Vec<NodeId>, Vec<NodeId>) {
    let count = |value: &V| votes.iter().filter(|(_, other)| other == value).count();
    let most = votes.iter().map(|(_, value)| count(value)).max().unwrap_or(0);
    let leading = votes.iter().map(|(_, value)| value).find(|value| count(value) == most);
    let of = |yes: bool| {
        let side = votes.iter().filter(|(_, value)| (Some(value) == leading) == yes);
        side.map(|(from, _)| *from).collect()
    };
    (of(true), of(false))
}

/// What it stands for and is not settled yet, then what it knows to be chosen.
fn strip(node: Option<&Node>, disk: &Disk) -> Vec<Cell> {
    let chosen = node.and_then(|node| node.chosen);
    let open = match node {
        None => disk.accepted,
        Some(node) => {
            stands_for(node).filter(|vote| chosen.is_none_or(|chosen| chosen.value != vote.value))
        }
    };
    let open = open.map(|vote| cell(vote, CellState::Open));
    open.into_iter().chain(chosen.map(|vote| cell(vote, CellState::Firm))).collect()
}

/// What it accepted, proposes, wishes or heard of last.
fn stands_for(node: &Node) -> Option<Vote> {
    match &node.part {
        Part::Coordinator(coordinator) => match &coordinator.attempt {
            Attempt::Proposing(value, _) => Some(Vote { ballot: coordinator.tried, value: *value }),
            Attempt::Idle | Attempt::Preparing(_) | Attempt::Open(_) | Attempt::Outbid(_) => None,
        },
        Part::Proposer(proposer) => proposer.wish.map(|value| Vote { ballot: Ballot::NONE, value }),
        Part::Acceptor(acceptor) => acceptor.accepted,
        Part::Learner(learner) => learner.heard.values().max().copied(),
    }
}

fn cell(vote: Vote, state: CellState) -> Cell {
    Cell { hue: vote.ballot.0, text: vote.value.label(), state }
}

fn marks(node: &Node) -> Vec<Mark> {
    let chosen = node.chosen.map(|_| Mark { id: "chosen", about: None });
    let own = match &node.part {
        Part::Coordinator(Coordinator { attempt: Attempt::Outbid(by), .. }) => {
            Some(Mark { id: "outbid-by", about: Some(*by) })
        }
        Part::Acceptor(acceptor) if may_accept_any(acceptor) => {
            Some(Mark { id: "any", about: None })
        }
        Part::Coordinator(_) | Part::Proposer(_) | Part::Acceptor(_) | Part::Learner(_) => None,
    };
    chosen.into_iter().chain(own).collect()
}

fn may_accept_any(acceptor: &super::Acceptor) -> bool {
    let voted = acceptor.accepted.map(|vote| vote.ballot).unwrap_or_default();
    acceptor.open > voted && acceptor.open >= acceptor.promised
}

fn fields(node: Option<&Node>, disk: &Disk, member: &Member) -> Vec<Field> {
    let mut fields = Vec::new();
    match member.class {
        "coordinator" => fields.push(Field::disk("tried", disk.tried)),
        "acceptor" => {
            fields.push(Field::disk("promised", disk.promised));
            fields.push(Field::disk("accepted-value", disk.accepted.map(|vote| vote.value)));
            fields.push(Field::disk("accepted-round", disk.accepted.map(|vote| vote.ballot)));
        }
        _ => {}
    }
    let Some(node) = node else { return fields };
    match &node.part {
        Part::Coordinator(coordinator) => {
            fields.push(Field::memory("wish", coordinator.wish));
            fields.push(Field::memory("heard-of", coordinator.heard));
            let proposal = stands_for(node).map(|vote| vote.value);
            fields.push(Field::memory("proposal", proposal));
        }
        Part::Proposer(proposer) => {
            fields.push(Field::memory("wish", proposer.wish));
            let clients = u32::try_from(proposer.clients.len()).unwrap_or(u32::MAX);
            fields.push(Field::memory("clients", clients));
        }
        Part::Acceptor(acceptor) => fields.push(Field::memory("open-round", acceptor.open)),
        Part::Learner(learner) => {
            for (acceptor, vote) in &learner.heard {
                fields.push(Field::memory("heard-value", vote.value).about(*acceptor));
            }
        }
    }
    fields.push(Field::memory("chosen", node.chosen.map(|vote| vote.value)));
    fields
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let vote = |vote: &Vote| [("round", vote.ballot.into()), ("value", vote.value.into())];
    let fields: Vec<(&'static str, Value)> = match message {
        Message::Prepare { round } | Message::Any { round } => [("round", (*round).into())].into(),
        Message::Promise { round, accepted } => [
            ("round", (*round).into()),
            ("accepted-value", accepted.map(|vote| vote.value).into()),
            ("accepted-round", accepted.map(|vote| vote.ballot).into()),
        ]
        .into(),
        Message::Refused { round, promised } => {
            [("round", (*round).into()), ("promised", (*promised).into())].into()
        }
        Message::Propose { value } => [("value", (*value).into())].into(),
        Message::Accept(said) | Message::Accepted(said) | Message::Chosen(said) => {
            vote(said).into()
        }
        Message::Ask => Vec::new(),
    };
    MessageCard { fields }
}

#[cfg(test)]
mod tests;
