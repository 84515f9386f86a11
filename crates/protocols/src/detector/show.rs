//! How the room looks: cards of nodes and messages. Its tables are in `about.rs`.
//!
//! Under each node stand the others that it watches: filled who is trusted, hollow who is
//! suspected.

use super::Config;
use super::message::Heartbeat;
use super::node::{Disk, Node};
use super::watch::thousandths;
use alloc::vec::Vec;
use faultline_kernel::{
    Card, Cell, CellState, Field, Label, Mark, Member, MessageCard, NodeId, Value,
};

pub(super) use super::about::*;

/// How many marks there are at most.
const MARKS_MAX: usize = 4;

/// A node.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk, member: &Member) -> Card {
    let lives = Field::disk("life", u32::from(disk.life));
    let Some(node) = node else {
        return Card { fields: [lives].into(), ..Card::default() };
    };
    let peers = (0..).map(NodeId).zip(&node.peers).filter(|(about, _)| *about != member.id);
    let suspects: Vec<NodeId> =
        peers.clone().filter(|(_, peer)| peer.suspected).map(|(about, _)| about).collect();
    let count = u32::try_from(suspects.len()).unwrap_or(u32::MAX);
    let mut fields = alloc::vec![
        lives,
        Field::memory("beats", node.beat.number),
        Field::memory("suspected", count)
    ];
    let mut strip = Vec::new();
    for (about, peer) in peers {
        let word = if peer.suspected { "suspect" } else { "trusted" };
        fields.push(Field::memory("opinion", Value::Word(word)).about(about));
        fields.push(Field::memory("allowance", peer.allowance).about(about));
        if config.accrual {
            fields.push(Field::memory("mean", peer.window.mean()).about(about));
            fields.push(Field::memory("deviation", peer.window.deviation(config)).about(about));
        }
        strip.push(Cell {
            hue: u64::from(about.0) + 1,
            text: Label::format(format_args!("{about}")),
            state: if peer.suspected { CellState::Open } else { CellState::Firm },
        });
    }
    if config.accrual {
        fields.push(Field::memory("threshold", Value::Label(thousandths(config.threshold))));
    }
    let mark = |about: &NodeId| Mark { id: "suspects", about: Some(*about) };
    Card {
        role: if suspects.is_empty() { TRUSTING } else { SUSPICIOUS },
        strip,
        marks: suspects.iter().map(mark).take(MARKS_MAX).collect(),
        fields,
        ..Card::default()
    }
}

/// A message.
pub(super) fn message(beat: Heartbeat) -> MessageCard {
    MessageCard { fields: [("life", beat.life.into()), ("number", beat.number.into())].into() }
}

#[cfg(test)]
mod tests;
