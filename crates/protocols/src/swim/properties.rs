//! What must hold, judged over all history and in proportion to what changed.
//!
//! That nobody who is up is ever declared dead is *not* among these: no failure detector can
//! promise it on a network that may lose and delay. What can be promised is that nobody is
//! declared dead who was not suspected first, that whoever hears of a suspicion answers it, and
//! that an answer, once it arrives, counts. How often somebody is declared dead wrongly is a
//! number to measure: the remark `learns-own-death` falls each time.
//!
//! A crash is to be noticed within a number of periods of whoever is to notice it, by its own
//! clock: a member that stands still notices nothing meanwhile.

use super::node::Node;
use super::opinion::{Opinion, State};
use super::{Config, Swim, lifeguard};
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cluster, NodeId, Verdicts};

pub(super) const OWN_INCARNATION: u8 = 0;
pub(super) const OPINIONS_RISE: u8 = 1;
pub(super) const SUSPICION_ANSWERED: u8 = 2;
pub(super) const SECOND_OPINION: u8 = 3;
pub(super) const SUSPECTED_FIRST: u8 = 4;
pub(super) const CRASH_NOTICED: u8 = 5;

/// What the judges remember.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Each member as it was when last looked at; `None` while it is down.
    looks: Vec<Option<Look>>,
    /// The highest that each member ever said of itself.
    own: Vec<Opinion>,
    /// The last life of each member that anybody declared dead.
    dead: Vec<u32>,
    /// Who is down now.
    crashed: Vec<Crashed>,
}

/// The facts by which a change is noticed.
#[derive(Clone, Debug)]
struct Look {
    /// Its opinions, shared with the node as long as it does not change its mind.
    table: Rc<Vec<Opinion>>,
    number: u32,
    periods: u32,
    /// Who was being probed, and whether others were asked.
    probed: Option<(NodeId, bool)>,
}

/// A member that is down.
#[derive(Clone, Debug)]
struct Crashed {
    who: NodeId,
    /// For each other member, how many periods it had lived when it changed its mind on this one,
    /// or when the crash was.
    since: Rc<Vec<u32>>,
}

/// One member that was touched, and where to say what is wrong with it.
struct Case<'a> {
    me: NodeId,
    node: &'a Node,
    config: &'a Config,
    verdicts: &'a mut Verdicts,
}

/// Judges the group after `changed` was touched.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Swim>,
    verdicts: &mut Verdicts,
) {
    witness.begin(cluster.config);
    let Some(node) = cluster.node(changed) else {
        return witness.crash(changed);
    };
    let own = &mut witness.own[changed.index()];
    *own = (*own).max(node.opinion(changed));
    let mut case = Case { me: changed, node, config: cluster.config, verdicts };
    case.check_answered();
    let after = Look::at(node);
    let Some(before) = witness.looks[changed.index()].replace(after) else {
        witness.crashed.retain(|crashed| crashed.who != changed);
        return witness.restart_obligations(changed, node.periods);
    };
    if !Rc::ptr_eq(&before.table, node.table()) {
        case.check_opinions(&before, witness);
    }
    if before.periods != node.periods {
        case.check_noticed(&before, witness);
    }
}

impl Look {
    fn at(node: &Node) -> Self {
        Self {
            table: Rc::clone(node.table()),
            number: node.number,
            periods: node.periods,
            probed: node.probe.as_ref().map(|probe| (probe.target, probe.asked.is_some())),
        }
    }
}

impl Case<'_> {
    fn broken(&mut self, property: u8, place: u32, about: NodeId) {
        let about = Some(about).filter(|about| *about != self.me);
        self.verdicts.broken(property, place.into(), self.me, about);
    }

    /// Nobody leaves an opinion of itself standing that overrides its own.
    fn check_answered(&mut self) {
        let own = self.node.opinion(self.me);
        if own.is_in() && self.node.heard > own {
            self.broken(SUSPICION_ANSWERED, self.node.heard.incarnation(), self.me);
        }
    }

    fn check_opinions(&mut self, before: &Look, witness: &mut Witness) {
        let own = before.table[self.me.index()];
        // Who is not in the group has no opinions: on joining it begins without any.
        let was_in = own.is_in() && self.node.is_member(self.me);
        let table = Rc::clone(self.node.table());
        for (about, (old, new)) in (0..).map(NodeId).zip(before.table.iter().zip(table.iter())) {
            if old == new || about == self.me {
                continue;
            }
            witness.changed_mind(self.me, about, self.node.periods);
            if was_in {
                self.check_opinion(about, *old, *new, before, witness);
            }
        }
    }

    fn check_opinion(
        &mut self,
        about: NodeId,
        old: Opinion,
        new: Opinion,
        before: &Look,
        witness: &mut Witness,
    ) {
        if new < old {
            self.broken(OPINIONS_RISE, new.incarnation(), about);
        }
        if !witness.may_be_said(about, new) {
            self.broken(OWN_INCARNATION, new.incarnation(), about);
        }
        let first_death = new.state() == State::Dead && new.life > witness.dead[about.index()];
        if first_death {
            witness.dead[about.index()] = new.life;
            let suspected = old.state() == State::Suspect && old.life == new.life;
            if self.config.suspicion && !suspected {
                self.broken(SUSPECTED_FIRST, new.life, about);
            }
        }
        let accuses = new.state() == State::Suspect || (first_death && !self.config.suspicion);
        // Only at the end of a period does a member find somebody out by itself.
        let by_itself = accuses && before.number != self.node.number;
        let asked = before.probed == Some((about, true));
        if by_itself && !asked && self.config.indirect > 0 {
            self.broken(SECOND_OPINION, new.incarnation(), about);
        }
    }

    /// Whoever is down is suspected in time, and declared dead in time.
    ///
    /// Going round, everybody is probed within two rounds (SWIM §4.3: time-bounded completeness);
    /// a period has to end, and the one in which the crash was counts for nothing.
    fn check_noticed(&mut self, before: &Look, witness: &mut Witness) {
        if self.node.periods < before.periods {
            return witness.restart_obligations(self.me, self.node.periods);
        }
        if !self.node.is_member(self.me) {
            return;
        }
        let round = self.config.members * 2 + 2;
        let span = lifeguard::suspicion_time_max(self.config).0 / self.config.period.0.max(1);
        let objection = u32::try_from(span).unwrap_or(u32::MAX - 2) + 2;
        for crashed in &witness.crashed {
            let lived = self.node.periods - crashed.since[self.me.index()].min(self.node.periods);
            let late = match self.node.opinion(crashed.who).state() {
                State::Alive => lived > round && !self.config.random_probes,
                State::Suspect => lived > objection,
                State::Unknown | State::Dead | State::Left => false,
            };
            if late {
                self.broken(CRASH_NOTICED, lived, crashed.who);
            }
        }
    }
}

impl Witness {
    /// Bytes that a copy of it takes.
    pub(super) fn weight(&self) -> usize {
        self.looks.len() * (size_of::<Option<Look>>() + size_of::<Opinion>() + size_of::<u32>())
            + self.crashed.len() * size_of::<Crashed>()
    }

    /// Founders say of themselves that they are there from the beginning.
    fn begin(&mut self, config: &Config) {
        if self.looks.is_empty() {
            let members = config.members as usize;
            self.looks.resize(members, None);
            self.dead.resize(members, 0);
            self.own.resize(config.founders as usize, Opinion::alive(1, 0));
            self.own.resize(members, Opinion::UNKNOWN);
        }
    }

    fn crash(&mut self, who: NodeId) {
        if self.looks[who.index()].take().is_some() {
            let periods = |look: &Option<Look>| look.as_ref().map_or(0, |look| look.periods);
            let since = Rc::new(self.looks.iter().map(periods).collect());
            self.crashed.push(Crashed { who, since });
        }
    }

    /// A member begins to count anew: it started again, or joined again.
    fn restart_obligations(&mut self, member: NodeId, periods: u32) {
        for crashed in &mut self.crashed {
            Rc::make_mut(&mut crashed.since)[member.index()] = periods;
        }
    }

    /// A member thinks otherwise of another: if that one is down, it has time again.
    fn changed_mind(&mut self, member: NodeId, about: NodeId, periods: u32) {
        if let Some(crashed) = self.crashed.iter_mut().find(|crashed| crashed.who == about) {
            Rc::make_mut(&mut crashed.since)[member.index()] = periods;
        }
    }

    /// Whether this can be known of a member: nobody but itself begins a life or an incarnation,
    /// or says that it left.
    fn may_be_said(&self, about: NodeId, opinion: Opinion) -> bool {
        let own = self.own[about.index()];
        if opinion.life != own.life {
            return opinion.life < own.life;
        }
        match opinion.state() {
            State::Alive | State::Suspect => opinion.incarnation() <= own.incarnation(),
            State::Left => own.state() == State::Left,
            State::Unknown | State::Dead => true,
        }
    }
}

#[cfg(test)]
mod tests;
