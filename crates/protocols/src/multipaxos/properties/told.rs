//! What clients were told, as the judges work it out by themselves.
//!
//! A leader tells a client when it applies the command that it proposed for it, and the client
//! hears of it when that the slot is chosen is on the leader's disk.

use super::slots::Slots;
use crate::ballot::Ballot;
use crate::store::Command;
use alloc::vec::Vec;
use faultline_kernel::NodeId;

/// What clients wait for and were told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What each server has proposed for clients that wait.
    asked: Vec<Asked>,
    /// The last slot of which a client heard, and from whom.
    last: (u64, Option<NodeId>),
}

/// What one server has proposed for clients that wait, in one ballot.
#[derive(Clone, Debug, Default)]
struct Asked {
    ballot: Ballot,
    commands: Vec<(u64, Command)>,
    /// The last of them that it applied; its client hears when that is on disk.
    applied: u64,
}

impl Told {
    /// A leader proposes a command for a client.
    pub(super) fn ask(&mut self, leader: NodeId, ballot: Ballot, slot: u64, command: Command) {
        if self.asked.len() <= leader.index() {
            self.asked.resize_with(leader.index() + 1, Asked::default);
        }
        let asked = &mut self.asked[leader.index()];
        if asked.ballot != ballot {
            asked.ballot = ballot;
            asked.commands.clear();
        }
        asked.commands.push((slot, command));
    }

    /// A server has got so far: the ballot in which it leads, up to which slot it applied the log,
    /// and up to which its disk knows it to be chosen.
    pub(super) fn done(
        &mut self,
        server: NodeId,
        (leads, applied, durable): (Option<Ballot>, u64, u64),
        slots: &Slots,
    ) {
        let Some(asked) = self.asked.get_mut(server.index()) else { return };
        if leads == Some(asked.ballot) {
            let is_own = |(slot, command): &(u64, Command)| {
                *slot <= applied && slots.chosen(*slot).is_none_or(|chosen| chosen == *command)
            };
            let own = asked.commands.iter().filter(|asked| is_own(asked)).map(|(slot, _)| *slot);
            asked.applied = own.max().unwrap_or(0).max(asked.applied);
            asked.commands.retain(|(slot, _)| *slot > applied);
        } else {
            asked.commands.clear();
        }
        // After a crash nothing is applied but what is on disk, and whoever waited hears nothing.
        asked.applied = asked.applied.min(applied);
        let heard = asked.applied.min(durable);
        if heard > self.last.0 {
            self.last = (heard, Some(server));
        }
    }

    /// The last slot of which a client heard, and from whom.
    pub(super) fn last(&self) -> (u64, Option<NodeId>) {
        self.last
    }

    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        let of = |asked: &Asked| asked.commands.capacity() * size_of::<(u64, Command)>();
        self.asked.iter().map(of).sum()
    }
}
