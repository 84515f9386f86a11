//! Each property is seen to break.

use super::*;
use crate::rumour::testing::{Stub, infective};
use crate::rumour::{Disk, Node};
use faultline_kernel::{Member, Protocol, Seat};

/// A cluster whose memories and disks a test may set as it likes.
struct Court {
    config: crate::rumour::Config,
    members: Vec<Member>,
    seats: Vec<Seat<Rumour>>,
    witness: Witness,
    now: Time,
}

impl Court {
    fn new() -> Self {
        let config = Stub::new(0).config;
        let seat = || Seat { node: Some(Node::default()), disk: Disk::default() };
        Self {
            members: Rumour::members(&config),
            seats: (0..config.nodes).map(|_| seat()).collect(),
            config,
            witness: Witness::default(),
            now: Time(1),
        }
    }

    fn set(&mut self, node: u32, memory: Option<Node>, knows: bool) -> Vec<u8> {
        self.seats[node as usize] = Seat { node: memory, disk: Disk { knows } };
        let cluster = Cluster {
            config: &self.config,
            members: &self.members,
            seats: &self.seats,
            now: self.now,
            calm: None,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(node), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }

    fn told_by_a_client(&mut self, node: u32) {
        let mut memory = infective();
        memory.set_origin();
        assert_eq!(self.set(node, Some(memory), true), []);
    }
}

#[test]
fn a_rumour_that_nobody_brought_has_no_source() {
    assert_eq!(Court::new().set(3, Some(infective()), true), [HAS_A_SOURCE]);
    let mut court = Court::new();
    court.told_by_a_client(2);
    assert_eq!(court.set(3, Some(infective()), true), []);
    let mut court = Court::new();
    court.now = Time::ZERO;
    assert_eq!(court.set(3, Some(Node::new(State::Removed)), true), [], "a disk at first");
}

#[test]
fn what_was_on_disk_must_stay_known() {
    let mut court = Court::new();
    court.told_by_a_client(2);
    assert_eq!(court.set(2, None, true), [], "down");
    assert_eq!(court.set(2, Some(Node::new(State::Removed)), true), []);
    assert_eq!(court.set(2, Some(Node::default()), true), [NEVER_FORGETS]);
    assert_eq!(court.set(2, Some(Node::new(State::Removed)), false), [NEVER_FORGETS]);
}

#[test]
fn what_never_reached_the_disk_may_be_lost_in_a_crash() {
    let mut court = Court::new();
    court.told_by_a_client(2);
    assert_eq!(court.set(3, Some(infective()), false), []);
    assert_eq!(court.set(3, Some(Node::default()), false), []);
}

#[test]
fn nobody_spreads_a_rumour_after_k_useless_contacts_in_a_row() {
    let mut court = Court::new();
    let mut node = infective();
    node.set_count(1);
    court.told_by_a_client(2);
    assert_eq!(court.set(3, Some(node), true), []);
    node.set_count(2);
    assert_eq!(court.set(3, Some(node), true), [INTEREST_ENDS]);
    node.set_state(State::Removed);
    assert_eq!(court.set(3, Some(node), true), []);
    court.config.coin = true;
    node.set_state(State::Infective);
    assert_eq!(court.set(3, Some(node), true), [], "a coin has no memory");
}
