//! Each property is seen to break.

use super::*;
use crate::swim::testing::{Stub, config, suspicion};
use crate::swim::{Disk, Opinion, join, probe, spread, suspect};
use faultline_kernel::{Member, Protocol, Seat, Time};

/// Three founders whose memories a test may set as it likes.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<Swim>>,
    witness: Witness,
}

const TWO: NodeId = NodeId(2);

impl Court {
    fn new(changes: &[(&str, u64)]) -> Self {
        let mut all = alloc::vec![("members", 3)];
        all.extend(changes);
        let config = config(&all);
        let boot = |me| join::boot(&Disk::default(), &mut Stub::new(me, &all));
        let seat = |me| Seat { node: Some(boot(me)), disk: Disk { life: 1 } };
        let mut court = Self {
            members: Swim::members(&config),
            seats: (0..3).map(seat).collect(),
            config,
            witness: Witness::default(),
        };
        (0..3).for_each(|node| assert_eq!(court.look(node), []));
        court
    }

    fn look(&mut self, node: u32) -> Vec<u8> {
        let cluster = Cluster {
            config: &self.config,
            members: &self.members,
            seats: &self.seats,
            now: Time::ZERO,
            calm: None,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(node), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }

    fn change(&mut self, node: u32, change: impl FnOnce(&mut Node)) -> Vec<u8> {
        change(self.seats[node as usize].node.as_mut().expect("it is up"));
        self.look(node)
    }

    fn think(&mut self, node: u32, about: NodeId, opinion: Opinion) -> Vec<u8> {
        self.change(node, |memory| memory.set(NodeId(node), about, opinion))
    }

    fn crash(&mut self, node: u32) {
        self.seats[node as usize].node = None;
        assert_eq!(self.look(node), []);
    }

    /// So many whole periods pass for a member.
    fn live(&mut self, node: u32, periods: u32) -> Vec<u8> {
        self.change(node, |node| node.periods += periods)
    }
}

fn alive(incarnation: u32) -> Opinion {
    Opinion::alive(1, incarnation)
}

#[test]
fn a_suspicion_that_is_heard_refuted_and_cleared_breaks_nothing() {
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(0).suspected()), []);
    let mut cx = Stub::new(2, &[("members", 3)]);
    let objects = |node: &mut Node| {
        suspect::on_own(node, NodeId(0), suspicion(2, 0, 0), &mut cx);
    };
    assert_eq!(court.change(2, objects), []);
    assert_eq!(court.think(0, TWO, alive(1)), []);
    assert_eq!(court.think(1, TWO, alive(1).suspected()), []);
    assert_eq!(court.think(1, TWO, alive(1).dead()), []);
    assert_eq!(court.think(0, TWO, alive(1).dead()), [], "it may have heard it");
}

#[test]
fn an_incarnation_that_its_member_never_had_is_found() {
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(1)), [OWN_INCARNATION]);
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, Opinion::alive(2, 0)), [OWN_INCARNATION]);
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(0).left()), [OWN_INCARNATION]);
    let mut court = Court::new(&[]);
    assert_eq!(court.think(2, TWO, alive(0).left()), []);
    assert_eq!(court.think(0, TWO, alive(0).left()), []);
}

#[test]
fn an_opinion_that_goes_back_is_found() {
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(0).suspected()), []);
    assert_eq!(court.think(0, TWO, alive(0)), [OPINIONS_RISE]);
}

#[test]
fn who_leaves_or_restarts_may_forget() {
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(0).suspected()), []);
    let mut cx = Stub::new(0, &[("members", 3)]);
    assert_eq!(court.change(0, |node| join::leave(node, &mut cx)), []);
    assert_eq!(court.change(0, |node| join::enter(node, 2, &mut cx)), []);
    assert_eq!(court.think(0, TWO, alive(0)), []);
    court.crash(0);
    let reborn = join::boot(&Disk { life: 2 }, &mut cx);
    court.seats[0].node = Some(reborn);
    assert_eq!(court.look(0), []);
}

#[test]
fn a_suspicion_left_standing_is_found() {
    let mut court = Court::new(&[("no_refutation", 1)]);
    let mut cx = Stub::new(2, &[("members", 3), ("no_refutation", 1)]);
    let silent = |node: &mut Node| {
        suspect::on_own(node, NodeId(0), suspicion(2, 0, 0), &mut cx);
    };
    assert_eq!(court.change(2, silent), [SUSPICION_ANSWERED]);
}

#[test]
fn a_verdict_without_a_second_opinion_is_found() {
    for (knob, found) in [("members", Vec::new()), ("no_indirect", [SECOND_OPINION].into())] {
        let changes = [(knob, if knob == "members" { 3 } else { 1 })];
        let mut court = Court::new(&changes);
        let mut all = alloc::vec![("members", 3)];
        all.extend(changes);
        let mut cx = Stub::new(0, &all);
        assert_eq!(court.change(0, |node| probe::on_period(node, &mut cx)), []);
        assert_eq!(court.change(0, |node| probe::on_ping_timeout(node, &mut cx)), []);
        assert_eq!(court.change(0, |node| probe::on_period(node, &mut cx)), found, "{knob}");
    }
}

#[test]
fn what_comes_from_hearsay_needs_no_second_opinion() {
    let mut court = Court::new(&[]);
    let mut cx = Stub::new(0, &[("members", 3)]);
    let rumour = suspicion(2, 0, 0);
    assert_eq!(court.change(0, |node| spread::hear(node, NodeId(1), rumour, &mut cx)), []);
}

#[test]
fn a_death_without_a_suspicion_is_found_once() {
    let mut court = Court::new(&[]);
    assert_eq!(court.think(0, TWO, alive(0).dead()), [SUSPECTED_FIRST]);
    assert_eq!(court.think(1, TWO, alive(0).dead()), []);
    let mut court = Court::new(&[("suspicion", 0)]);
    assert_eq!(court.think(0, TWO, alive(0).dead()), [], "that is how it is without suspicion");
}

#[test]
fn a_crash_that_is_not_noticed_in_time_is_found() {
    let mut court = Court::new(&[]);
    court.crash(2);
    assert_eq!(court.live(0, 8), [], "two rounds of three, and two");
    assert_eq!(court.live(0, 1), [CRASH_NOTICED]);
    assert_eq!(court.live(1, 8), [], "each has its own time");
    assert_eq!(court.think(1, TWO, alive(0).suspected()), []);
    assert_eq!(court.live(1, 6), [], "four periods to object, and two");
    assert_eq!(court.live(1, 1), [CRASH_NOTICED]);
}

#[test]
fn nobody_has_to_notice_who_is_back_or_never_was_known() {
    let mut court = Court::new(&[]);
    court.crash(2);
    let reborn = join::boot(&Disk { life: 1 }, &mut Stub::new(2, &[("members", 3)]));
    court.seats[2].node = Some(reborn);
    assert_eq!(court.look(2), []);
    assert_eq!(court.live(0, 100), []);
    let mut court = Court::new(&[("random_probes", 1)]);
    court.crash(2);
    assert_eq!(court.live(0, 100), [], "chance promises nothing");
}
