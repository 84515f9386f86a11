//! What a history tells in advance: when a value is found and set for the last time.
//!
//! Wherever nothing is appended, a value that is still to be found and will not be set again must
//! not be overwritten, and one that was never set cannot be found. Both end a search early and
//! lose no order.

use crate::operation::Action;
use crate::timeline::Timeline;
use crate::values::ValueId;

/// When each value is found and set.
#[derive(Debug)]
pub(crate) struct Foresight {
    /// By values; empty where something is appended.
    uses: Vec<Uses>,
    /// How many responses come before the first that can never be passed.
    pub(crate) passable: usize,
}

/// The uses of one value, by numbers of operations.
#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    /// The operations that must find it, and are called last, have numbers below this one.
    found: u32,
    /// The operations that may set it have numbers below this one.
    set: u32,
    /// The first operation that may set it.
    first_set: Option<u32>,
}

impl Foresight {
    /// Looks through a history in which there are so many values, and this one is there at first.
    pub(crate) fn new(timeline: &Timeline, values: usize, initial: ValueId) -> Self {
        let passable = timeline.responses.len();
        let appends = |action| matches!(action, Action::Appends(_));
        if timeline.operations.iter().any(|operation| appends(operation.action)) {
            return Self { uses: Vec::new(), passable };
        }
        let mut uses = vec![Uses::default(); values];
        for (number, operation) in (0..).zip(&timeline.operations) {
            if let Some(value) = operation.action.finds().filter(|_| operation.answered) {
                uses[value as usize].found = number + 1;
            }
            if let Some(value) = operation.action.sets() {
                let uses = &mut uses[value as usize];
                uses.set = number + 1;
                uses.first_set.get_or_insert(number);
            }
        }
        let possible = |number: u32, called: u32| {
            let value = timeline.operations[number as usize].action.finds();
            value.is_none_or(|value| {
                let first = uses[value as usize].first_set;
                value == initial || first.is_some_and(|first| first < called)
            })
        };
        let mut responses = timeline.responses.iter();
        let stuck = responses.position(|response| !possible(response.operation, response.called));
        Self { uses, passable: stuck.unwrap_or(passable) }
    }

    /// Whether an operation from number `called` on must find this value, though none of them
    /// sets it.
    pub(crate) fn wanted(&self, value: ValueId, called: u32) -> bool {
        self.uses.get(value as usize).is_some_and(|uses| uses.found > called && uses.set <= called)
    }
}
