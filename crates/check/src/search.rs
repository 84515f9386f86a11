//! The search: put operations in order, one response after the other.
//!
//! A *stand* is how far the responses are passed, which of the open operations have taken effect,
//! and the value. To pass a response its operation must have taken effect; what else must take
//! effect before it is tried only then (Lowe's just-in-time linearization). A stand that was left
//! in vain is not entered again.
//!
//! Four things keep the stands few, and none loses an order:
//! - What only looks takes effect as soon as it fits: it changes nothing for the others.
//! - What was never answered takes effect only before somebody who sees it.
//! - Of unanswered operations that do the same only the first is tried.
//! - A value that must still be found stays unless it can be set again (see [`Foresight`]), and a
//!   text that is appended to stays the beginning of what is found next.

use crate::FixedSet;
use crate::bits::Bits;
use crate::foresight::Foresight;
use crate::operation::Action;
use crate::timeline::{Placed, Timeline};
use crate::values::{ValueId, Values};

/// Nobody is at this place.
const NOBODY: u32 = u32::MAX;

/// How a search ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// An order.
    Order,
    /// None: the response in this line cannot be passed.
    NoOrder { line: u32 },
    /// Nothing: its steps ran out.
    Nothing,
}

/// How many operations of one key may be open at once.
pub(crate) const OPEN_MOST: usize = 4_096;

/// How many bytes the stands that were visited may take, roughly.
const MEMORY_MOST: usize = 512 << 20;

/// How many operations are tried before somebody is told.
const TOLD_EACH: u64 = 1 << 20;

/// How many operations may be tried, and who is told how many were.
pub(crate) struct Steps<'a> {
    pub(crate) most: u64,
    pub(crate) left: u64,
    pub(crate) tell: &'a mut dyn FnMut(u64),
}

impl Steps<'_> {
    pub(crate) fn taken(&self) -> u64 {
        self.most - self.left
    }

    fn take(&mut self) {
        self.left -= 1;
        let taken = self.taken();
        if taken.is_multiple_of(TOLD_EACH) {
            (self.tell)(taken);
        }
    }
}

/// Looks for an order.
pub(crate) fn search(
    timeline: &Timeline,
    values: &mut Values,
    initial: ValueId,
    steps: &mut Steps<'_>,
) -> Found {
    let foresight = Foresight::new(timeline, values, initial);
    let passable = foresight.passable;
    let found = match (timeline.places, passable) {
        (_, 0) => Found::Order,
        (0..=64, _) => Search::<1>::new(timeline, values, foresight).run(initial, steps),
        (65..=256, _) => Search::<4>::new(timeline, values, foresight).run(initial, steps),
        (257..=1_024, _) => Search::<16>::new(timeline, values, foresight).run(initial, steps),
        (1_025..=OPEN_MOST, _) => {
            Search::<64>::new(timeline, values, foresight).run(initial, steps)
        }
        _ => Found::Nothing,
    };
    match (found, timeline.responses.get(passable)) {
        (Found::Order, Some(stuck)) => Found::NoOrder { line: stuck.line },
        _ => found,
    }
}

/// Where a search stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Stand<const WORDS: usize> {
    /// The response to be passed next.
    response: u32,
    value: ValueId,
    /// The places of open operations that have taken effect.
    done: Bits<WORDS>,
}

/// A stand, and which ways on from it were tried.
struct Choice<const WORDS: usize> {
    stand: Stand<WORDS>,
    tried: usize,
}

struct Search<'a, const WORDS: usize> {
    timeline: &'a Timeline,
    values: &'a mut Values,
    foresight: Foresight,
    /// Who is at each place at the response reached.
    open: Vec<u32>,
    /// The response up to which `open` is true.
    reached: u32,
    furthest: u32,
    visited: FixedSet<Stand<WORDS>>,
    choices: Vec<Choice<WORDS>>,
}

impl<'a, const WORDS: usize> Search<'a, WORDS> {
    fn new(timeline: &'a Timeline, values: &'a mut Values, foresight: Foresight) -> Self {
        Self {
            timeline,
            values,
            foresight,
            open: vec![NOBODY; timeline.places],
            reached: 0,
            furthest: 0,
            visited: FixedSet::default(),
            choices: Vec::new(),
        }
    }

    fn run(mut self, initial: ValueId, steps: &mut Steps<'_>) -> Found {
        let mut stand = Stand { response: 0, value: initial, done: Bits::EMPTY };
        self.call(0, &mut stand);
        if self.go_on(stand) {
            return Found::Order;
        }
        while let Some(choice) = self.choices.last_mut() {
            if steps.left == 0 || self.visited.len() > MEMORY_MOST / size_of::<Stand<WORDS>>() {
                return Found::Nothing;
            }
            steps.take();
            choice.tried += 1;
            let (stand, way) = (choice.stand, choice.tried - 1);
            self.return_to(stand.response);
            if way > 2 * self.open.len() {
                self.choices.pop();
            } else if let Some(next) = self.take(stand, way)
                && self.go_on(next)
            {
                return Found::Order;
            }
        }
        Found::NoOrder { line: self.timeline.responses[self.furthest as usize].line }
    }

    /// Passes every response whose operation has taken effect; `true` at the end of the history.
    /// Otherwise there is a choice to be made, unless this stand was visited before.
    fn go_on(&mut self, mut stand: Stand<WORDS>) -> bool {
        loop {
            let response = self.timeline.responses[stand.response as usize];
            let place = self.timeline.operations[response.operation as usize].place as usize;
            if !stand.done.has(place) {
                break;
            }
            stand.done.remove(place);
            self.open[place] = NOBODY;
            stand.response += 1;
            self.reached = stand.response;
            if stand.response as usize == self.foresight.passable {
                return true;
            }
            self.call(stand.response, &mut stand);
        }
        self.furthest = self.furthest.max(stand.response);
        if self.visited.insert(stand) {
            self.choices.push(Choice { stand, tried: 0 });
        }
        false
    }

    /// The operations called between a response and the one before.
    fn calls(&self, response: u32) -> std::ops::Range<u32> {
        let called = |place: u32| self.timeline.responses[place as usize].called;
        response.checked_sub(1).map_or(0, called)..called(response)
    }

    /// Lets operations be called up to a response. What only looks and fits takes effect.
    fn call(&mut self, response: u32, stand: &mut Stand<WORDS>) {
        for number in self.calls(response) {
            let Placed { action, place, .. } = self.timeline.operations[number as usize];
            self.open[place as usize] = number;
            if action.only_looks() && action.fits(stand.value) {
                stand.done.insert(place as usize);
            }
        }
    }

    /// Takes calls and responses back until `response` is the next one again.
    fn return_to(&mut self, response: u32) {
        while self.reached > response {
            for number in self.calls(self.reached) {
                let place = self.timeline.operations[number as usize].place;
                self.open[place as usize] = NOBODY;
            }
            self.reached -= 1;
            let number = self.timeline.responses[self.reached as usize].operation;
            let place = self.timeline.operations[number as usize].place;
            self.open[place as usize] = number;
        }
    }

    /// The ways on from a stand are numbered: first the operation that must take effect now, then
    /// those that bring about the value it needs, then all others.
    fn take(&mut self, stand: Stand<WORDS>, way: usize) -> Option<Stand<WORDS>> {
        let waiting = self.timeline.responses[stand.response as usize].operation;
        let needed = self.timeline.operations[waiting as usize].action.finds();
        let places = self.open.len();
        let (number, second) = match way.checked_sub(1) {
            None => (waiting, false),
            Some(place) if place < places => (needed.and(Some(self.open[place]))?, false),
            Some(place) => (self.open[place - places], true),
        };
        if number == NOBODY || (way > 0 && number == waiting) {
            return None;
        }
        let Placed { action, place, answered } = self.timeline.operations[number as usize];
        if stand.done.has(place as usize) || !action.fits(stand.value) {
            return None;
        }
        let value = match action {
            Action::Finds(_) | Action::Misses(_) => stand.value,
            Action::Sets(value) | Action::Swaps(_, value) => value,
            Action::Appends(piece) => self.values.append(stand.value, piece),
        };
        if way > 0 && needed.is_some() && second == (needed == Some(value)) {
            return None;
        }
        let mut next = Stand { value, ..stand };
        next.done.insert(place as usize);
        if value != stand.value && self.is_missed(stand.value, &next) {
            return None;
        }
        let seen = self.look(&mut next);
        if value != stand.value && self.is_hopeless(&next) {
            return None;
        }
        let useless = !answered && (!self.seen_later(&next, seen) || self.is_twin(number, &stand));
        (!useless).then_some(next)
    }

    /// Lets everything that only looks and now fits take effect; whether there was any.
    fn look(&self, stand: &mut Stand<WORDS>) -> bool {
        let mut any = false;
        for (place, number) in self.open.iter().enumerate() {
            if *number != NOBODY && !stand.done.has(place) {
                let action = self.timeline.operations[*number as usize].action;
                if action.only_looks() && action.fits(stand.value) {
                    stand.done.insert(place);
                    any = true;
                }
            }
        }
        any
    }

    /// Whether an unanswered operation that just took effect makes a difference to anybody open.
    /// If not, it may as well take effect later or never. Where something is appended, what it
    /// leaves may also be the beginning of what somebody finds.
    fn seen_later(&self, stand: &Stand<WORDS>, seen: bool) -> bool {
        let grows = self.foresight.grows();
        let called = self.timeline.responses[stand.response as usize].called;
        let begun = grows && self.foresight.may_be_begun(stand.value, self.values, called);
        let builds_on = |(place, number): (usize, &u32)| {
            *number != NOBODY && !stand.done.has(place) && {
                let Placed { action, answered, .. } = self.timeline.operations[*number as usize];
                match action {
                    Action::Finds(found) | Action::Swaps(found, _) => {
                        found == stand.value || grows && self.values.begins(found, stand.value)
                    }
                    Action::Appends(_) => answered && begun,
                    Action::Misses(_) | Action::Sets(_) => false,
                }
            }
        };
        seen || self.open.iter().enumerate().any(builds_on)
    }

    /// Whether a value that was just overwritten must be found once more, and nobody sets it again.
    fn is_missed(&self, value: ValueId, stand: &Stand<WORDS>) -> bool {
        let called = self.timeline.responses[stand.response as usize].called;
        self.foresight.wanted(value, called) && {
            let waits =
                |(place, number): (usize, &u32)| *number != NOBODY && !stand.done.has(place);
            let mut waiting = self.open.iter().enumerate().filter(|open| waits(*open));
            !waiting.any(|(_, number)| {
                self.timeline.operations[*number as usize].action.sets() == Some(value)
            })
        }
    }

    /// Whether something that is appended to has become a text that a read cannot find.
    fn is_hopeless(&self, stand: &Stand<WORDS>) -> bool {
        if !self.foresight.knows_texts() {
            return false;
        }
        let called = self.timeline.responses[stand.response as usize].called;
        let action = |number: u32| self.timeline.operations[number as usize].action;
        let open = self.open.iter().enumerate();
        let waits = |(place, number): &(usize, &u32)| **number != NOBODY && !stand.done.has(*place);
        let waiting = open.filter(waits).map(|(_, number)| *number);
        let hopeless = |read: u32| {
            let Action::Finds(found) = action(read) else {
                return false;
            };
            let begins =
                |put: u32| action(put).sets().is_some_and(|value| self.values.begins(found, value));
            !self.values.begins(found, stand.value)
                && !self.foresight.may_be_put(read, called)
                && !waiting.clone().any(begins)
        };
        waiting.clone().chain(self.foresight.next_read(called)).any(hopeless)
    }

    /// Whether another unanswered operation at an earlier place would do the same.
    fn is_twin(&self, number: u32, stand: &Stand<WORDS>) -> bool {
        let Placed { action, place, .. } = self.timeline.operations[number as usize];
        self.open[..place as usize].iter().enumerate().any(|(place, other)| {
            *other != NOBODY && !stand.done.has(place) && {
                let other = self.timeline.operations[*other as usize];
                !other.answered && other.action == action
            }
        })
    }
}
