//! What one member thinks of another, and the order in which opinions override each other.

use faultline_kernel::NodeId;

/// An opinion. The derived order is the order of overriding (SWIM §4.2), within one life
///
/// ```text
/// alive(i) < suspect(i) < alive(i + 1) < … < dead < left
/// ```
///
/// Confirm overrides Alive and Suspect of any incarnation: who was declared dead, or left, is back
/// only as a new process. So a member that starts again, or finds that it was declared dead, begins
/// a new *life*, and every opinion on a new life overrides those on the lives before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Opinion {
    /// Which life of the member; 0 if it was never heard of.
    pub life: u32,
    /// Twice the incarnation, and one more if it is suspected; or one of the two ends.
    standing: u32,
}

/// What an opinion says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Never heard of.
    Unknown,
    /// It is up.
    Alive,
    /// It did not answer, and has time to object.
    Suspect,
    /// It is down, or was declared so.
    Dead,
    /// It went of its own accord.
    Left,
}

const DEAD: u32 = u32::MAX - 1;
const LEFT: u32 = u32::MAX;
/// The highest incarnation; nobody is suspected that often.
const INCARNATION_MAX: u32 = DEAD / 2 - 1;

impl Opinion {
    /// Of a member never heard of.
    pub const UNKNOWN: Self = Self { life: 0, standing: 0 };

    /// It is up, in this incarnation of this life.
    #[must_use]
    pub fn alive(life: u32, incarnation: u32) -> Self {
        Self { life, standing: incarnation.min(INCARNATION_MAX) * 2 }
    }

    /// The same member, suspected in the incarnation that is known.
    #[must_use]
    pub fn suspected(self) -> Self {
        Self { standing: self.incarnation() * 2 + 1, ..self }
    }

    /// The same member in its next incarnation: what it says itself to object.
    #[must_use]
    pub fn refuted(self) -> Self {
        Self::alive(self.life, self.incarnation() + 1)
    }

    /// The same life, over.
    #[must_use]
    pub fn dead(self) -> Self {
        Self { standing: DEAD, ..self }
    }

    /// The same life, ended by itself.
    #[must_use]
    pub fn left(self) -> Self {
        Self { standing: LEFT, ..self }
    }

    /// What it says.
    #[must_use]
    pub fn state(self) -> State {
        match self.standing {
            _ if self.life == 0 => State::Unknown,
            DEAD => State::Dead,
            LEFT => State::Left,
            standing if standing % 2 == 1 => State::Suspect,
            _ => State::Alive,
        }
    }

    /// Whether it counts as a member: alive, or suspected so far.
    #[must_use]
    pub fn is_in(self) -> bool {
        self.life > 0 && self.standing < DEAD
    }

    /// The incarnation; the highest one if that life is over.
    #[must_use]
    pub fn incarnation(self) -> u32 {
        (self.standing / 2).min(INCARNATION_MAX)
    }
}

/// An opinion on its way through the group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Rumour {
    /// Of whom.
    pub about: NodeId,
    /// What.
    pub opinion: Opinion,
    /// Who found that out.
    pub by: NodeId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opinions_override_each_other_as_the_paper_says() {
        let alive = |incarnation| Opinion::alive(1, incarnation);
        let order = [
            Opinion::UNKNOWN,
            alive(0),
            alive(0).suspected(),
            alive(1),
            alive(1).suspected(),
            alive(2),
            alive(0).dead(),
            alive(0).left(),
            Opinion::alive(2, 0),
        ];
        assert!(order.is_sorted_by(|one, other| one < other));
        assert_eq!(alive(1).suspected().refuted(), alive(2));
        assert_eq!(alive(3).dead(), alive(9).dead(), "any incarnation");
    }

    #[test]
    fn the_highest_incarnation_is_not_mistaken_for_an_end() {
        let last = Opinion::alive(1, u32::MAX);
        assert_eq!(last.state(), State::Alive);
        assert_eq!(last.suspected().state(), State::Suspect);
        assert_eq!(last.suspected().refuted(), last);
    }
}
