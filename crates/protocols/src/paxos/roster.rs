//! Who plays which role.

use crate::roster::group;
use alloc::vec::Vec;
use core::ops::Range;
use faultline_kernel::{Member, NodeId};

/// How many of each there are, and whether they share nodes.
///
/// "In an implementation, a single process may act as more than one agent" (Paxos made simple
/// §2.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Roster {
    /// How many proposers.
    pub proposers: u32,
    /// How many acceptors.
    pub acceptors: u32,
    /// How many learners.
    pub learners: u32,
    /// Every acceptor is proposer and learner as well, and there are no other nodes.
    pub shared: bool,
    /// Proposers talk to one another, to find out which of them leads.
    pub leader: bool,
}

impl Roster {
    /// Where the proposers are among the members; one ballot in so many belongs to each.
    pub(super) fn proposers(self) -> Range<u32> {
        if self.shared { 0..self.acceptors } else { 0..self.proposers }
    }

    pub(super) fn acceptors(self) -> Range<u32> {
        let first = if self.shared { 0 } else { self.proposers };
        first..first + self.acceptors
    }

    pub(super) fn learners(self) -> Range<u32> {
        let first = self.acceptors().end;
        if self.shared { 0..self.acceptors } else { first..first + self.learners }
    }

    pub(super) fn proposes(self, node: NodeId) -> bool {
        self.proposers().contains(&node.0)
    }

    pub(super) fn accepts(self, node: NodeId) -> bool {
        self.acceptors().contains(&node.0)
    }

    pub(super) fn learns(self, node: NodeId) -> bool {
        self.learners().contains(&node.0)
    }

    /// Everybody, with whom each may talk to.
    pub(super) fn members(self) -> Vec<Member> {
        if self.shared {
            return (0..self.acceptors).map(|index| Member::equal(index, "node")).collect();
        }
        let (proposers, acceptors, learners) =
            (self.proposers(), self.acceptors(), self.learners());
        let mut members = Vec::new();
        match self.leader {
            true => {
                group(&mut members, "proposer", &proposers, &[&proposers, &acceptors, &learners])
            }
            false => group(&mut members, "proposer", &proposers, &[&acceptors, &learners]),
        }
        group(&mut members, "acceptor", &acceptors, &[&proposers, &learners]);
        group(&mut members, "learner", &learners, &[&proposers, &acceptors]);
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::nodes;

    const PARTED: Roster =
        Roster { proposers: 2, acceptors: 3, learners: 1, shared: false, leader: false };

    #[test]
    fn proposers_come_first_then_acceptors_then_learners() {
        let members = PARTED.members();
        let seen: Vec<(u32, u32, u32)> =
            members.iter().map(|member| (member.id.0, member.group, member.rank)).collect();
        assert_eq!(seen, [(0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1), (4, 1, 2), (5, 2, 0)]);
        let links = members[4].links.as_ref().expect("not everybody talks to everybody");
        assert_eq!(links, &[NodeId(0), NodeId(1), NodeId(5)]);
    }

    #[test]
    fn shared_nodes_play_every_role() {
        let roster = Roster { shared: true, ..PARTED };
        assert_eq!(roster.members().len(), 3);
        for node in nodes(0..3) {
            assert!(roster.proposes(node) && roster.accepts(node) && roster.learns(node));
        }
    }

    #[test]
    fn without_learners_the_groups_are_still_numbered() {
        let roster = Roster { learners: 0, ..PARTED };
        assert_eq!(roster.members().len(), 5);
        assert!(!roster.learns(NodeId(4)) && roster.accepts(NodeId(4)));
    }
}
