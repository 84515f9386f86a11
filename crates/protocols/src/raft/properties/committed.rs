//! What is committed, and what became of it.

use super::{
    APPLIED_ONCE, COMMITTED_DURABLE, Case, ELECTION_SAFETY, LEADER_COMPLETENESS,
    STATE_MACHINE_SAFETY, Witness,
};
use crate::raft::quorum::majority;
use crate::raft::{Disk, Entry, Node};
use alloc::rc::Rc;

/// A committed entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Committed {
    entry: Entry,
    /// The term of the server that was the first to know: the entry was committed in it or before.
    by_term: u32,
    /// How many changes of variables there are up to here.
    changes: u64,
}

impl Case<'_> {
    /// Election Safety, and Leader Completeness at the moment of election.
    ///
    /// By Log Matching the last entry stands for all before it. Entries that were committed in
    /// this term or a later one are no concern of a leader whose last vote was on its way for long.
    pub(super) fn check_leader(&mut self, node: &Node, witness: &mut Witness) {
        let term = self.after.term;
        let other = witness.leaders.iter().find(|(led, who)| *led == term && *who != self.server);
        if let Some((_, other)) = other {
            self.verdicts.broken(ELECTION_SAFETY, term.into(), self.server, Some(*other));
        }
        witness.leaders.push((term, self.server));
        let mut index = witness.committed.len();
        while let Some(place) = index.checked_sub(1) {
            match witness.committed.get(place) {
                Some(last) if last.by_term >= term => index = place,
                Some(last) => {
                    if node.log.entry(index as u64) != Some(last.entry) {
                        self.broken(LEADER_COMPLETENESS, index as u64);
                    }
                    return;
                }
                None => return,
            }
        }
    }

    /// State Machine Safety: an index once committed holds one entry for ever, everywhere.
    pub(super) fn check_committed(&mut self, node: &Node, first: u64, witness: &mut Witness) {
        let known = witness.committed.len() as u64;
        for index in first..=self.after.commit_index {
            let entry = node.log.entry(index);
            match (entry, witness.committed_at(index)) {
                (Some(entry), Some(committed)) if entry == committed.entry => {}
                (Some(entry), None) => {
                    witness.commit(entry, self.after.term);
                }
                (None, _) | (Some(_), Some(_)) => {
                    self.broken(STATE_MACHINE_SAFETY, index);
                    witness.looks[self.server.index()].astray = true;
                    return;
                }
            }
        }
        if witness.committed.len() as u64 > known {
            self.check_later_leaders(witness);
            self.check_durable(witness);
        }
    }

    /// Leader Completeness at the moment of commitment: an old leader may learn of a majority when
    /// its successor leads already.
    fn check_later_leaders(&mut self, witness: &Witness) {
        let index = witness.committed.len() as u64;
        let entry = witness.committed.last().map(|last| last.entry);
        let term = self.after.term;
        for (look, seat) in witness.looks.iter().zip(self.cluster.seats) {
            let later = look.leads && look.term > term;
            let lacks = |node: &Node| node.log.entry(index) != entry;
            if later && seat.node.as_ref().is_some_and(lacks) {
                self.broken(LEADER_COMPLETENESS, index);
            }
        }
    }

    /// What is committed is on the disks of a majority.
    ///
    /// An acknowledgement leaves only after the write is durable, and the leader's append left only
    /// after its own, so this holds from the very moment in which the leader commits.
    /// It is looked at then, and whenever a disk loses entries; the last entry stands for all.
    pub(super) fn check_durable(&mut self, witness: &Witness) {
        let Some(last) = witness.committed.last() else {
            return;
        };
        let index = witness.committed.len() as u64;
        let disks = self.cluster.seats.iter().map(|seat| &seat.disk);
        let enough = majority(self.cluster.config.servers) as usize;
        let holds = |disk: &&Disk| disk.log.entry(index) == Some(last.entry);
        if disks.filter(holds).take(enough).count() < enough {
            self.broken(COMMITTED_DURABLE, index);
        }
    }

    /// A command of a session is carried out once: every state machine has changed as often as it
    /// should have, and where it has applied all that is committed, it is what it should be.
    pub(super) fn check_applied(&mut self, node: &Node, witness: &Witness) {
        if witness.looks[self.server.index()].astray {
            return;
        }
        let applied = self.after.last_applied;
        let changes = match applied {
            0 => 0,
            _ => witness.committed_at(applied).map_or(0, |committed| committed.changes),
        };
        let newest = applied == witness.committed.len() as u64;
        let differs = newest && node.machine.variables != witness.machine.variables;
        if self.after.changes != changes || differs {
            self.broken(APPLIED_ONCE, applied);
        }
    }
}

impl Witness {
    /// Remembers what was committed, and carries it out as it should be.
    fn commit(&mut self, entry: Entry, by_term: u32) {
        let machine = Rc::make_mut(&mut self.machine);
        machine.apply(self.committed.len() as u64 + 1, &entry, false);
        let changes = machine.changes;
        self.committed.push(Committed { entry, by_term, changes });
    }

    fn committed_at(&self, index: u64) -> Option<Committed> {
        self.committed.get(usize::try_from(index - 1).ok()?).copied()
    }
}
