//! Who plays which role.

use crate::roster::group;
use alloc::vec::Vec;
use core::ops::Range;
use faultline_kernel::Member;

/// How many of each there are; they come in this order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Roster {
    /// How many coordinators.
    pub coordinators: u32,
    /// How many proposers.
    pub proposers: u32,
    /// How many acceptors.
    pub acceptors: u32,
    /// How many learners.
    pub learners: u32,
}

impl Roster {
    pub(super) fn coordinators(self) -> Range<u32> {
        0..self.coordinators
    }

    pub(super) fn proposers(self) -> Range<u32> {
        self.coordinators..self.coordinators + self.proposers
    }

    pub(super) fn acceptors(self) -> Range<u32> {
        let first = self.proposers().end;
        first..first + self.acceptors
    }

    pub(super) fn learners(self) -> Range<u32> {
        let first = self.acceptors().end;
        first..first + self.learners
    }

    /// Everybody, with whom each may talk to.
    pub(super) fn members(self) -> Vec<Member> {
        let (coordinators, proposers) = (self.coordinators(), self.proposers());
        let (acceptors, learners) = (self.acceptors(), self.learners());
        let mut members = Vec::new();
        group(&mut members, "coordinator", &coordinators, &[&proposers, &acceptors, &learners]);
        group(&mut members, "proposer", &proposers, &[&coordinators, &acceptors, &learners]);
        group(&mut members, "acceptor", &acceptors, &[&coordinators, &proposers, &learners]);
        group(&mut members, "learner", &learners, &[&coordinators, &proposers, &acceptors]);
        members
    }
}
