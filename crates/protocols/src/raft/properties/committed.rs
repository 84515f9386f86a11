//! What is committed, and what became of it.

use super::ledger::sum;
use super::{
    APPLIED_ONCE, COMMITTED_DURABLE, Case, ELECTION_SAFETY, LEADER_COMPLETENESS, Ledger,
    STATE_MACHINE_SAFETY, Witness,
};
use crate::raft::{Entry, Log, Node, Snapshot, Voters};
use alloc::rc::Rc;
use faultline_kernel::NodeId;

/// A committed entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Committed {
    /// The entry; not known where a run begins with a snapshot.
    entry: Option<Entry>,
    /// The term of the server that was the first to know: the entry was committed in it or before.
    by_term: u32,
    /// That server.
    by: NodeId,
    /// How many changes of variables there are up to here,
    changes: u64,
    /// and what they have made: [`sum`].
    sum: u64,
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
                    if !holds(&node.log, index as u64, last.entry) {
                        self.broken_beside(LEADER_COMPLETENESS, index as u64, Some(last.by));
                    }
                    return;
                }
                None => return,
            }
        }
    }

    /// State Machine Safety: an index once committed holds one entry for ever, everywhere.
    pub(super) fn check_committed(&mut self, node: &Node, first: u64, witness: &mut Witness) {
        witness.begin_after(node, self.server);
        let known = witness.committed.len() as u64;
        // What a snapshot covers was judged where it was taken.
        for index in first.max(node.log.before().index + 1)..=self.after.commit_index {
            let entry = node.log.entry(index);
            let known = witness.committed_at(index);
            let fits = match (entry, known) {
                (Some(entry), None) => {
                    witness.commit(entry, self.after.term, self.server);
                    true
                }
                (_, Some(committed)) => holds(&node.log, index, committed.entry),
                (None, None) => false,
            };
            if !fits {
                let first = known.map(|committed| committed.by);
                self.broken_beside(STATE_MACHINE_SAFETY, index, first);
                witness.looks[self.server.index()].astray = true;
                return;
            }
        }
        if witness.committed.len() as u64 > known {
            witness.group = node.configuration();
            self.check_later_leaders(witness);
            self.check_durable(witness);
        }
    }

    /// Leader Completeness at the moment of commitment: an old leader may learn of a majority when
    /// its successor leads already.
    fn check_later_leaders(&mut self, witness: &Witness) {
        let index = witness.committed.len() as u64;
        let entry = witness.committed.last().and_then(|last| last.entry);
        let term = self.after.term;
        let seats = witness.looks.iter().zip(self.cluster.seats);
        for (id, (look, seat)) in (0..).map(NodeId).zip(seats) {
            let later = look.leads && look.term > term;
            let lacks = |node: &Node| !holds(&node.log, index, entry);
            if later && seat.node.as_ref().is_some_and(lacks) {
                self.broken_beside(LEADER_COMPLETENESS, index, Some(id));
            }
        }
    }

    /// What is committed is on the disks of a majority of the group that committed it.
    ///
    /// An acknowledgement leaves only after the write is durable, and the leader's append left only
    /// after its own, so this holds from the very moment in which the leader commits.
    /// It is looked at then, and whenever a disk loses entries; the last entry stands for all.
    pub(super) fn check_durable(&mut self, witness: &Witness) {
        let Some(last) = witness.committed.last() else {
            return;
        };
        let index = witness.committed.len() as u64;
        let has_it = |server: &NodeId| holds(&self.cluster.disk(*server).log, index, last.entry);
        let having: Voters = witness.group.voting().iter().filter(has_it).collect();
        if !witness.group.is_quorum(having) {
            let mut lacking = witness.group.voting().without(having).iter();
            let other = lacking.find(|server| *server != self.server);
            self.broken_beside(COMMITTED_DURABLE, index, other);
        }
    }

    /// A command of a session is carried out once: every state machine has changed as often as it
    /// should have, and where it has applied all that is committed, it is what it should be.
    pub(super) fn check_applied(&mut self, node: &Node, witness: &Witness) {
        if witness.looks[self.server.index()].astray {
            return;
        }
        let applied = self.after.last_applied;
        let known = if applied == 0 { None } else { witness.committed_at(applied) };
        let changes = known.map_or(0, |committed| committed.changes);
        let newest = applied == witness.committed.len() as u64;
        let differs = newest && node.machine.variables != witness.ledger.variables;
        if self.after.changes != changes || differs {
            self.broken_beside(APPLIED_ONCE, applied, known.map(|committed| committed.by));
        }
    }

    /// A snapshot is what the entries that it covers have made, and all that cover the same are
    /// alike, whether they were taken or sent.
    pub(super) fn check_snapshot(&mut self, node: &Node, witness: &Witness) {
        let Some(snapshot) = &node.snapshot else {
            return;
        };
        if witness.looks[self.server.index()].astray {
            return;
        }
        let made = witness.committed_at(snapshot.index.max(1));
        let made = made.filter(|made| made.entry.is_some());
        if let Some(made) = made.filter(|made| made.sum != sum(&snapshot.machine.variables)) {
            self.broken_beside(APPLIED_ONCE, snapshot.index, Some(made.by));
        }
        let seats = (0..).map(NodeId).zip(self.cluster.seats);
        for (id, other) in seats.filter_map(|(id, seat)| Some((id, seat.node.as_ref()?))) {
            let same = |other: &Snapshot| other.machine == snapshot.machine;
            let differs = |other: &Snapshot| other.last() == snapshot.last() && !same(other);
            if id != self.server && other.snapshot.as_deref().is_some_and(differs) {
                self.broken_beside(APPLIED_ONCE, snapshot.index, Some(id));
            }
        }
    }
}

/// Whether a log has what was committed at `index`, itself or under its snapshot.
fn holds(log: &Log, index: u64, entry: Option<Entry>) -> bool {
    let covered = index <= log.before().index;
    match entry {
        Some(entry) => covered || log.entry(index) == Some(entry),
        None => index <= log.last_index(),
    }
}

impl Witness {
    /// A run may begin with snapshots. What they cover was committed before anybody could look.
    fn begin_after(&mut self, node: &Node, by: NodeId) {
        let Some(snapshot) = &node.snapshot else {
            return;
        };
        if snapshot.index <= self.committed.len() as u64 {
            return;
        }
        self.ledger = Rc::new(Ledger::after(&snapshot.machine));
        self.group = node.configuration();
        let (by_term, changes) = (snapshot.term, snapshot.machine.changes);
        let sum = sum(&snapshot.machine.variables);
        while (self.committed.len() as u64) < snapshot.index {
            self.committed.push(Committed { entry: None, by_term, by, changes, sum });
        }
    }

    /// Remembers what was committed, and enters it into the account.
    fn commit(&mut self, entry: Entry, by_term: u32, by: NodeId) {
        let ledger = Rc::make_mut(&mut self.ledger);
        ledger.enter(entry);
        let (changes, sum) = (ledger.changes, ledger.sum);
        self.committed.push(Committed { entry: Some(entry), by_term, by, changes, sum });
    }

    /// Who was the first to know that so much is committed.
    pub(super) fn committed_by(&self, index: u64) -> Option<NodeId> {
        self.committed_at(index.max(1)).map(|committed| committed.by)
    }

    fn committed_at(&self, index: u64) -> Option<Committed> {
        self.committed.get(usize::try_from(index - 1).ok()?).copied()
    }
}
