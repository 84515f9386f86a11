//! Who belongs to the group, and what a majority of it is.

use super::Group;
use super::quorum::{Voters, majority};
use faultline_kernel::NodeId;
use serde::{Deserialize, Serialize};

/// Who belongs to the group.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Those whose votes and copies count.
    pub voters: Voters,
    /// While the group changes through joint consensus: those who voted before. Decisions then
    /// take a majority of both (diss. §4.3). Empty at all other times.
    pub old: Voters,
    /// Those who store the log and count for nothing (diss. §4.2.1).
    pub learners: Voters,
}

impl Configuration {
    /// The first `count` servers, all of them voters.
    pub(super) fn of_first(count: u32) -> Self {
        Self { voters: Voters::first(count), ..Self::default() }
    }

    /// Whether the group is on its way from one set of voters to another.
    #[must_use]
    pub fn is_joint(self) -> bool {
        !self.old.is_empty()
    }

    /// Everybody whose vote counts.
    #[must_use]
    pub fn voting(self) -> Voters {
        self.voters.union(self.old)
    }

    /// Everybody to whom a leader sends the log.
    #[must_use]
    pub fn everybody(self) -> Voters {
        self.voting().union(self.learners)
    }

    /// Whether these are a majority, and while the group changes a majority of both sets.
    #[must_use]
    pub fn is_quorum(self, servers: Voters) -> bool {
        let most = |voters: Voters| voters.common(servers).count() >= majority(voters.count());
        most(self.voters) && (!self.is_joint() || most(self.old))
    }

    /// The same group without those who cannot take part.
    pub(super) fn within(self, everyone: Voters) -> Self {
        Self {
            voters: self.voters.common(everyone),
            old: self.old.common(everyone),
            learners: self.learners.common(everyone),
        }
    }

    /// Whether it can be written into the log.
    pub(super) fn fits_an_entry(self) -> bool {
        Self::from(Group::from(self)) == self
    }

    /// Whether this server decides alone.
    #[must_use]
    pub fn is_alone(self, server: NodeId) -> bool {
        self.voting() == Voters::only(server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(servers: &[u32]) -> Voters {
        servers.iter().map(|server| NodeId(*server)).collect()
    }

    #[test]
    fn while_the_group_changes_a_quorum_is_a_majority_of_both_sets() {
        let group =
            Configuration { voters: set(&[0, 3, 4]), old: set(&[0, 1, 2]), learners: set(&[5]) };
        assert!(group.is_quorum(set(&[0, 3, 1])));
        assert!(!group.is_quorum(set(&[0, 3, 4])), "a majority of the new ones only");
        assert!(!group.is_quorum(set(&[0, 1, 2])), "a majority of the old ones only");
        assert_eq!(group.everybody(), set(&[0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn a_learner_counts_for_nothing() {
        let group = Configuration { learners: set(&[3, 4]), ..Configuration::of_first(3) };
        assert!(!group.is_quorum(set(&[0, 3, 4])));
        assert!(group.is_quorum(set(&[0, 1])));
        assert!(!Configuration::of_first(1).is_alone(NodeId(1)));
        assert!(
            Configuration { learners: set(&[1]), ..Configuration::of_first(1) }.is_alone(NodeId(0))
        );
    }
}
