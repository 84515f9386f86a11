//! Each property is seen to break.

use super::*;
use crate::detector::{Disk, Heartbeat, watch};
use crate::testing::{Stub, defaults};
use faultline_kernel::{Member, Protocol, Seat, Span};

/// Nodes that have just started.
struct Court {
    config: Config,
    members: Vec<Member>,
    seats: Vec<Seat<Detector>>,
    witness: Witness,
}

impl Court {
    fn new() -> Self {
        let config: Config = defaults();
        let boot = |me| watch::boot(&Disk::default(), &mut Stub::with(me, defaults()));
        let mut court = Self {
            members: Detector::members(&config),
            seats: (0..4).map(|me| Seat { node: Some(boot(me)), disk: Disk { life: 1 } }).collect(),
            config,
            witness: Witness::default(),
        };
        (0..4).for_each(|node| assert_eq!(court.look(node), []));
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

    fn change(&mut self, change: impl FnOnce(&mut Node)) -> Vec<u8> {
        change(self.seats[0].node.as_mut().expect("it is up"));
        self.look(0)
    }

    fn hear(&mut self, at: u64, number: u32) -> Vec<u8> {
        self.change(|node| {
            node.peers[2].heard = Heartbeat { life: 1, number };
            node.peers[2].since = Time(at);
        })
    }
}

#[test]
fn only_what_is_newer_counts() {
    let mut court = Court::new();
    assert_eq!(court.hear(10, 1), []);
    assert_eq!(court.hear(20, 3), []);
    assert_eq!(court.hear(30, 3), [FRESH_HEARTBEATS]);
    assert_eq!(court.hear(40, 2), [FRESH_HEARTBEATS]);
    assert_eq!(court.hear(40, 2), [], "nothing came");
}

#[test]
fn a_crash_that_nobody_suspects_in_time_is_found() {
    let mut court = Court::new();
    let live = |intervals| move |node: &mut Node| node.intervals += intervals;
    assert_eq!(court.change(live(100)), [], "everybody is up");
    assert_eq!(court.change(|node| node.peers[2].since_interval = 100), []);
    court.seats[2].node = None;
    assert_eq!(court.look(2), []);
    assert_eq!(court.change(live(5)), [], "250 ms of silence are fine, and three intervals more");
    assert_eq!(court.change(live(1)), [CRASH_SUSPECTED]);
    assert_eq!(court.change(|node| node.peers[2].suspected = true), []);
    assert_eq!(court.change(live(9)), []);
}

#[test]
fn who_learned_to_be_patient_has_more_time() {
    let mut court = Court::new();
    court.seats[2].node = None;
    let patient = |node: &mut Node| {
        node.peers[2].allowance = Span::millis(900);
        node.intervals += 12;
    };
    assert_eq!(court.change(patient), []);
    assert_eq!(court.change(|node| node.intervals += 1), [CRASH_SUSPECTED]);
}
