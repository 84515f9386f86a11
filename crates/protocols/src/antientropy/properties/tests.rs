//! Each property is seen to break.

use super::*;
use crate::antientropy::Write;
use crate::antientropy::testing::{Stub, certificate, item};
use faultline_kernel::{Member, Protocol, Seat, Time};

const KEY: Key = Key(1);

/// A cluster whose disks a test may write as it likes.
struct Court {
    config: crate::antientropy::Config,
    members: Vec<Member>,
    seats: Vec<Seat<AntiEntropy>>,
    witness: Witness,
}

impl Court {
    fn new() -> Self {
        let config = Stub::new(0).config;
        let seat = || Seat { node: None, disk: Disk::default() };
        Self {
            members: AntiEntropy::members(&config),
            seats: (0..config.nodes).map(|_| seat()).collect(),
            config,
            witness: Witness::default(),
        }
    }

    fn write(&mut self, site: u32, item: Option<Item>) -> Vec<u8> {
        self.seats[site as usize].disk.write(Write { key: KEY, item });
        let cluster = Cluster {
            config: &self.config,
            members: &self.members,
            seats: &self.seats,
            now: Time::ZERO,
            calm: None,
        };
        let mut verdicts = Verdicts::default();
        check(&mut self.witness, NodeId(site), &cluster, &mut verdicts);
        verdicts.take().iter().map(|verdict| verdict.property).collect()
    }
}

#[test]
fn an_ordinary_life_breaks_nothing() {
    let mut court = Court::new();
    for site in [0, 1] {
        assert_eq!(court.write(site, Some(item(5, 0, "red"))), []);
        assert_eq!(court.write(site, Some(item(7, 1, "blue"))), []);
        assert_eq!(court.write(site, Some(certificate(9, 0))), []);
        assert_eq!(court.write(site, Some(item(11, 0, "red"))), []);
    }
}

#[test]
fn a_newer_version_must_not_give_way() {
    let mut court = Court::new();
    assert_eq!(court.write(0, Some(item(5, 1, "red"))), []);
    assert_eq!(court.write(0, Some(item(5, 0, "blue"))), [NEWEST_WINS]);
}

#[test]
fn what_was_deleted_must_not_come_back() {
    let mut court = Court::new();
    court.write(0, Some(item(5, 0, "red")));
    assert_eq!(court.write(0, None), []);
    assert_eq!(court.write(0, Some(item(5, 0, "red"))), [DEAD_STAY_DEAD]);
    let mut court = Court::new();
    court.write(0, Some(certificate(7, 0)));
    assert_eq!(court.write(0, Some(item(5, 1, "red"))), [NEWEST_WINS, DEAD_STAY_DEAD]);
}

#[test]
fn a_new_version_of_what_was_deleted_and_one_whose_certificate_is_over_may_come() {
    let mut court = Court::new();
    court.write(0, Some(item(5, 0, "red")));
    court.write(0, None);
    assert_eq!(court.write(0, Some(item(6, 0, "red"))), []);
    court.write(1, Some(certificate(7, 0)));
    court.write(1, None);
    assert_eq!(court.write(1, Some(item(6, 0, "red"))), []);
}

#[test]
fn a_timestamp_stands_for_one_version() {
    let mut court = Court::new();
    court.write(0, Some(item(5, 0, "red")));
    assert_eq!(court.write(1, Some(item(5, 0, "red"))), []);
    assert_eq!(court.write(2, Some(item(5, 0, "blue"))), [ONE_VERSION_PER_STAMP]);
}

#[test]
fn a_lost_disk_begins_anew() {
    let mut court = Court::new();
    court.write(0, Some(item(5, 0, "red")));
    court.write(0, Some(item(6, 0, "red")));
    court.seats[0].disk = Disk::default();
    assert_eq!(court.write(0, Some(item(5, 0, "red"))), []);
}
