//! The verdict on a whole history, and the shortest prefix that is already wrong.

use crate::history::{History, Part};
use crate::operation::Known;
use crate::search::{Found, Steps, search};
use crate::timeline::Timeline;

/// What is to be said of a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// There is an order that explains every answer.
    Linearizable,
    /// There is none.
    NotLinearizable {
        /// The first so many lines are already wrong.
        lines: u32,
        /// Whether that is the shortest prefix that is wrong. It is, unless the steps ran out
        /// while it was looked for.
        shortest: bool,
        /// The key whose history is wrong, as JSON; empty if it has none.
        key: String,
    },
    /// The steps ran out, or the memory, or more operations are open at once than can be judged.
    Unknown,
}

/// A verdict, and what it took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// How many times an operation was tried.
    pub steps: u64,
}

/// What is known of one key after some steps.
enum Outcome {
    Right,
    Wrong { lines: u32, shortest: bool },
    Unknown,
}

/// Judges a history, in at most `steps` steps.
#[must_use]
pub fn judge(history: &History, steps: u64) -> Judgement {
    judge_aloud(history, steps, &mut |_| {})
}

/// The same, where somebody is told now and then how many steps were taken.
pub fn judge_aloud(history: &History, most: u64, tell: &mut dyn FnMut(u64)) -> Judgement {
    let mut steps = Steps { most, left: most, tell };
    let mut verdict = Verdict::Linearizable;
    let mut unknown = false;
    let mut lines = history.lines();
    for (key, part) in &history.parts {
        // Of the other keys it only matters whether they are wrong still earlier.
        match judge_part(&mut part.clone(), lines, &mut steps) {
            Outcome::Right => {}
            Outcome::Unknown => unknown = true,
            Outcome::Wrong { lines: wrong, shortest } => {
                lines = wrong;
                verdict = Verdict::NotLinearizable { lines, shortest, key: key.clone() };
            }
        }
    }
    match &mut verdict {
        Verdict::NotLinearizable { shortest, .. } => *shortest &= !unknown,
        Verdict::Linearizable if unknown => verdict = Verdict::Unknown,
        Verdict::Linearizable | Verdict::Unknown => {}
    }
    Judgement { verdict, steps: steps.taken() }
}

/// Judges the first `lines` lines of one key.
///
/// A search knows the ends of all operations in advance. So where it fails the history need not be
/// wrong yet: an operation may still be open there that fails later, and until then it may have
/// taken effect. The shortest wrong prefix ends there or at one of the later answers.
fn judge_part(part: &mut Part, lines: u32, steps: &mut Steps<'_>) -> Outcome {
    let (mut low, mut high) = match look(part, lines, steps) {
        Found::Order => return Outcome::Right,
        Found::Nothing => return Outcome::Unknown,
        Found::NoOrder { line } => (line, lines),
    };
    // The prefix of `high` lines is wrong; the shortest that is wrong has at least `low`.
    let mut next = low;
    while low < high {
        match look(part, next, steps) {
            Found::Nothing => return Outcome::Wrong { lines: high, shortest: false },
            Found::Order => low = next + 1,
            Found::NoOrder { line } => (low, high) = (low.max(line), next),
        }
        next = answer_between(part, low, high);
        if next == high {
            low = high;
        }
    }
    Outcome::Wrong { lines: high, shortest: true }
}

/// An answer about in the middle of the answers from line `low` on and before line `high`; `high`
/// if there is none.
fn answer_between(part: &Part, low: u32, high: u32) -> u32 {
    let ends = part.operations.iter().filter_map(|operation| Some(operation.end?.0));
    let mut between: Vec<u32> = ends.filter(|line| (low..high).contains(line)).collect();
    between.sort_unstable();
    between.get(between.len() / 2).copied().unwrap_or(high)
}

fn look(part: &mut Part, lines: u32, steps: &mut Steps<'_>) -> Found {
    let known: Vec<Known> =
        part.operations.iter().filter_map(|operation| operation.known(lines)).collect();
    search(&Timeline::new(&known), &mut part.values, part.initial, steps)
}
