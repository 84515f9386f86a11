//! What is said of a crowd: counts in words, what was done, what the lesson says.

use super::Crowd;
use crate::say::describe;
use crate::swarm_time::SwarmTime;
use crate::words::{Arg, plain, say, seconds, word};
use faultline_kernel::RoleShape;
use faultline_sim::swarm::{DOWN, Slice};

/// Between groups of digits: narrow, and no line breaks there.
const GAP: char = '\u{202f}';

/// How many nodes stand somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The role as cells have it; [`DOWN`] for those that are down.
    pub cell: u8,
    /// In a word or two.
    pub word: String,
    /// How the role looks where a node has room for a shape; none for those that are down.
    pub shape: Option<RoleShape>,
    /// How many.
    pub count: u32,
}

impl Crowd {
    /// The room's id.
    #[must_use]
    pub fn room(&self) -> &'static str {
        self.headcount.about().id
    }

    /// What the scenario is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.scenario.title
    }

    /// What the lesson says at this moment, unless somebody did what was not planned.
    #[must_use]
    pub fn caption(&self) -> Option<&str> {
        let now = self.time();
        if self.changed_at().is_some_and(|changed| changed <= now) {
            return None;
        }
        let said = self.scenario.captions.iter().rfind(|said| said.at_us <= now);
        said.map(|caption| caption.text.as_str())
    }

    /// Whether the lesson says anything.
    #[must_use]
    pub fn has_captions(&self) -> bool {
        !self.scenario.captions.is_empty()
    }

    /// Who stands where in the slice that is shown, by roles in their order, the fallen last.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        let about = self.headcount.about();
        let slice = self.counts();
        let roles = (0..).zip(about.roles).zip(slice.roles);
        let role = |((cell, role), count): ((u8, &faultline_kernel::RoleKind), u32)| Standing {
            cell,
            word: word(&[about.id, "role", role.id]),
            shape: Some(role.shape),
            count,
        };
        // Before anybody has started nobody is down.
        let known = self.slices().get(self.slice() as usize);
        let count = known.map_or(0, |slice| self.headcount.down(slice));
        let down = Standing { cell: DOWN, word: plain("crowd-down"), shape: None, count };
        roles.map(role).chain([down]).collect()
    }

    /// The counts of the slice that is shown.
    #[must_use]
    pub fn counts(&self) -> Slice {
        self.slices().get(self.slice() as usize).copied().unwrap_or_default()
    }

    /// How many stand at a place of [`Crowd::standings`], slice by slice.
    pub fn curve(&self, place: usize) -> impl Iterator<Item = u32> {
        let roles = self.headcount.about().roles.len();
        self.slices().iter().map(move |slice| match place < roles {
            true => slice.roles[place],
            false => self.headcount.down(slice),
        })
    }

    /// Where the curve is, in words: the number of the cycle, or the time.
    #[must_use]
    pub fn clock(&self) -> String {
        match self.headcount.time() {
            SwarmTime::Cycles => say("crowd-clock-cycle", &[("number", self.slice().into())]),
            SwarmTime::Timed => {
                say("crowd-clock-time", &[("seconds", seconds(self.time()).into())])
            }
        }
    }

    /// Who stands where, in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let part = |standing: &Standing| {
            let arguments = [("role", standing.word.as_str().into()), grouped(standing.count)];
            say("crowd-part", &arguments)
        };
        let standings = self.standings();
        let there = standings.iter().filter(|standing| standing.count > 0);
        let parts = there.map(part).collect::<Vec<_>>().join("; ");
        say("crowd-summary", &[("clock", self.clock().into()), ("parts", parts.into())])
    }

    /// What was sent, arrived and was lost in this slice, in a sentence.
    #[must_use]
    pub fn traffic(&self) -> String {
        let Slice { sends, deliveries, losses, .. } = self.counts();
        let said = |name, count: u32| (name, Arg::from(digits(count.into())));
        let arguments = [said("sent", sends), said("arrived", deliveries), said("lost", losses)];
        say(if self.ended() { "crowd-traffic-end" } else { "crowd-traffic" }, &arguments)
    }

    /// What somebody did in the slice that is shown, a sentence each.
    #[must_use]
    pub fn deeds(&self) -> Vec<String> {
        let about = self.headcount.about();
        let here = self.slice();
        let inputs = self.scenario.inputs.iter();
        let now = inputs.filter(|input| self.headcount.acts_in(input.at) == here);
        // Thousands of them are a list for machines.
        now.take(3).map(|input| describe(about, &input.input)).collect()
    }

    /// The slices in which somebody did something.
    pub fn deed_slices(&self) -> impl Iterator<Item = u32> {
        let mut slices: Vec<u32> =
            self.scenario.inputs.iter().map(|input| self.headcount.acts_in(input.at)).collect();
        slices.dedup();
        slices.into_iter()
    }

    pub(super) fn next_deed(&self, here: u32) -> Option<u32> {
        self.deed_slices().find(|slice| *slice > here)
    }

    pub(super) fn last_deed(&self, here: u32) -> Option<u32> {
        self.deed_slices().filter(|slice| *slice < here).last()
    }
}

fn grouped(count: u32) -> (&'static str, Arg) {
    ("count", digits(count.into()).into())
}

/// A number as people read it: `1 000 000`.
#[must_use]
pub fn digits(number: u64) -> String {
    let plain = number.to_string();
    let mut text = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            text.push(GAP);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_stand_in_groups_of_three() {
        let read = |number| super::digits(number).replace(super::GAP, " ");
        assert_eq!([0, 999, 1_000, 1_000_000].map(read), ["0", "999", "1 000", "1 000 000"]);
    }
}
