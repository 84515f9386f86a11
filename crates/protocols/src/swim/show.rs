//! How the room looks: cards of members and messages. Its tables are in `about.rs`.
//!
//! Under each member stands its list of members: filled who is there, hollow who is suspected,
//! missing who counts as dead. The number beside it is its own incarnation.

use super::node::{Disk, Node};
use super::opinion::{Opinion, State};
use super::{Message, Says};
use alloc::vec::Vec;
use faultline_kernel::{
    Badge, Card, Cell, CellState, Field, Label, Mark, Member, MessageCard, NodeId, Tally, Value,
};

pub(super) use super::about::*;

/// In groups up to this size the list of members is drawn whole; in larger ones only who is
/// suspected.
const LIST_MAX: usize = 10;
/// How many cells and how many marks there are at most.
const CELLS_MAX: usize = 16;
const MARKS_MAX: usize = 4;
/// In groups up to this size every opinion is a line of the inspector.
const FIELDS_MAX: usize = 50;

/// A member, or somebody outside.
pub(super) fn card(node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
    let lives = Field::disk("life-on-disk", u32::from(disk.life));
    let Some(node) = node else {
        return Card { fields: [lives].into(), ..Card::default() };
    };
    let me = member.id;
    let is_member = node.is_member(me);
    let incarnation = node.opinion(me).incarnation();
    let mut fields = fields(node, me);
    fields.push(lives);
    Card {
        role: role(node, me),
        badge: is_member.then_some(Badge { number: incarnation.into() }),
        tally: tally(node),
        strip: strip(node, me),
        strip_before: 0,
        marks: marks(node),
        ties: None,
        fields,
    }
}

fn role(node: &Node, me: NodeId) -> u8 {
    match () {
        () if !node.is_member(me) => OUTSIDE,
        () if node.is_alone() => ALONE,
        () if !node.suspicions.is_empty() => SUSPICIOUS,
        () => MEMBER,
    }
}

/// The others that were asked for help: who had no answer either says no.
fn tally(node: &Node) -> Option<Tally> {
    let probe = node.probe.as_ref()?;
    let of = u32::try_from(probe.asked.as_ref()?.len()).unwrap_or(u32::MAX);
    Some(Tally { yes: Vec::new(), no: probe.nacked.clone(), of, enough: 1 })
}

fn strip(node: &Node, me: NodeId) -> Vec<Cell> {
    let whole = node.table().len() <= LIST_MAX;
    let seen = |(about, opinion): &(NodeId, &Opinion)| match opinion.state() {
        State::Alive => whole && (*about == me || node.is_member(me)),
        State::Suspect => true,
        State::Unknown | State::Dead | State::Left => false,
    };
    let cell = |(about, opinion): (NodeId, &Opinion)| Cell {
        hue: u64::from(about.0) + 1,
        text: Label::format(format_args!("{about}")),
        state: match opinion.state() == State::Suspect {
            true => CellState::Open,
            false => CellState::Firm,
        },
    };
    let all = (0..).map(NodeId).zip(node.table().iter());
    all.filter(seen).map(cell).take(CELLS_MAX).collect()
}

fn marks(node: &Node) -> Vec<Mark> {
    let mark = |id, about| Mark { id, about: Some(about) };
    let suspected = node.those(State::Suspect).map(|about| mark("suspects", about));
    let dead = node.those(State::Dead).map(|about| mark("thinks-dead", about));
    suspected.chain(dead).take(MARKS_MAX).collect()
}

fn fields(node: &Node, me: NodeId) -> Vec<Field> {
    let count = |state| u32::try_from(node.those(state).count()).unwrap_or(u32::MAX);
    let own = node.opinion(me);
    let mut fields = alloc::vec![
        Field::memory("life", own.life),
        Field::memory("incarnation", own.is_in().then(|| own.incarnation())),
        Field::memory("alive", count(State::Alive)),
        Field::memory("suspected", count(State::Suspect)),
        Field::memory("dead", count(State::Dead)),
        Field::memory("probes", node.probe.as_ref().map(|probe| probe.target)),
        Field::memory("rumours", u32::try_from(node.rumours.len()).unwrap_or(u32::MAX)),
        Field::memory("patience", node.health + 1),
        Field::memory("periods", node.periods),
    ];
    if node.table().len() <= FIELDS_MAX {
        let others = (0..).map(NodeId).zip(node.table().iter()).filter(|(about, _)| *about != me);
        for (about, opinion) in others {
            fields.push(Field::memory("opinion", word(*opinion)).about(about));
            fields.push(Field::memory("incarnation-of", incarnation(*opinion)).about(about));
        }
    }
    fields
}

fn word(opinion: Opinion) -> Value {
    Value::Word(match opinion.state() {
        State::Unknown => "unknown",
        State::Alive => "alive",
        State::Suspect => "suspect",
        State::Dead => "dead",
        State::Left => "left",
    })
}

fn incarnation(opinion: Opinion) -> Option<u32> {
    opinion.is_in().then(|| opinion.incarnation())
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let mut fields: Vec<(&'static str, Value)> = Vec::new();
    match message.says {
        Says::Ping { number, origin } => {
            fields.push(("number", number.into()));
            fields.push(("origin", origin.into()));
        }
        Says::PingReq { number, target } => {
            fields.push(("number", number.into()));
            fields.push(("target", target.into()));
        }
        Says::Ack { number, target, origin } => {
            fields.push(("number", number.into()));
            fields.push(("target", target.into()));
            fields.push(("origin", origin.into()));
        }
        Says::Nack { number } => fields.push(("number", number.into())),
        Says::Join | Says::Sync | Says::Notice => {}
    }
    fields.push(("life", message.own.life.into()));
    fields.push(("incarnation", incarnation(message.own).into()));
    for rumour in &message.rumours {
        fields.push(("rumour-about", rumour.about.into()));
        fields.push(("rumour", word(rumour.opinion)));
        fields.push(("incarnation-of", incarnation(rumour.opinion).into()));
    }
    MessageCard { fields }
}

#[cfg(test)]
mod tests;
