//! What a history tells in advance: when a value is found and set for the last time.
//!
//! Where nothing is appended, a value that is still to be found and will not be set again must not
//! be overwritten, and one that was never set cannot be found.
//! Where something is appended, the text must be the beginning of whatever is found next, unless
//! another beginning is put before that. All this ends a search early and loses no order.

use crate::FixedMap;
use crate::operation::Action;
use crate::timeline::Timeline;
use crate::values::{ValueId, Values};

/// When each value is found and set.
#[derive(Debug)]
pub(crate) struct Foresight {
    /// By values; empty where something is appended.
    uses: Vec<Uses>,
    texts: Option<Texts>,
    /// How many responses come before the first that can never be passed.
    pub(crate) passable: usize,
}

/// What is found where something is appended.
#[derive(Debug)]
struct Texts {
    /// By numbers of operations: of the reads from this one on, the one that is answered first.
    next: Vec<Option<u32>>,
    /// For each read: the puts that it may have come from have numbers below this one.
    put: Vec<u32>,
    /// By beginnings of texts: the operations that find such a text have numbers below this one.
    /// Not known if there are too many, or if somebody misses a text: that can be put right by any
    /// other.
    begun: Option<FixedMap<(u64, u64), u32>>,
}

/// How many pairs of a read and a put are compared at most; beyond, less is foreseen.
const PAIRS_MOST: usize = 20_000_000;

/// How many beginnings of texts are remembered.
const BEGINNINGS_MOST: usize = 1_000_000;

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
    /// Looks through a history in which this value is there at first.
    pub(crate) fn new(timeline: &Timeline, values: &Values, initial: ValueId) -> Self {
        let passable = timeline.responses.len();
        let appends = |action| matches!(action, Action::Appends(_));
        if timeline.operations.iter().any(|operation| appends(operation.action)) {
            return Self { uses: Vec::new(), texts: Texts::new(timeline, values), passable };
        }
        let mut uses = vec![Uses::default(); values.count()];
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
        Self { uses, texts: None, passable: stuck.unwrap_or(passable) }
    }

    /// Whether an operation from number `called` on must find this value, though none of them
    /// sets it.
    pub(crate) fn wanted(&self, value: ValueId, called: u32) -> bool {
        self.uses.get(value as usize).is_some_and(|uses| uses.found > called && uses.set <= called)
    }

    /// Of the reads from number `called` on, the one that is answered first, where something is
    /// appended.
    pub(crate) fn next_read(&self, called: u32) -> Option<u32> {
        *self.texts.as_ref()?.next.get(called as usize)?
    }

    /// Whether something is appended.
    pub(crate) fn grows(&self) -> bool {
        self.uses.is_empty()
    }

    /// Whether anything is known of texts.
    pub(crate) fn knows_texts(&self) -> bool {
        self.texts.is_some()
    }

    /// Whether an operation from number `called` on may find a text that begins so.
    pub(crate) fn may_be_begun(&self, value: ValueId, values: &Values, called: u32) -> bool {
        let begun = self.texts.as_ref().and_then(|texts| texts.begun.as_ref());
        begun.is_none_or(|begun| {
            begun.get(&values.mark_of(value)).is_some_and(|below| *below > called)
        })
    }

    /// Whether a put from number `called` on may begin what this read finds.
    pub(crate) fn may_be_put(&self, read: u32, called: u32) -> bool {
        self.texts.as_ref().is_none_or(|texts| texts.put[read as usize] > called)
    }
}

impl Texts {
    fn new(timeline: &Timeline, values: &Values) -> Option<Self> {
        let count = timeline.operations.len();
        let numbered = || (0_u32..).zip(&timeline.operations);
        let puts: Vec<(u32, ValueId)> = numbered()
            .filter_map(|(number, operation)| Some((number, operation.action.sets()?)))
            .collect();
        if puts.len().saturating_mul(count) > PAIRS_MOST {
            return None;
        }
        let begun = beginnings(timeline, values);
        let mut texts = Self { next: vec![None; count], put: vec![0; count], begun };
        let mut place = vec![usize::MAX; count];
        for (at, response) in timeline.responses.iter().enumerate() {
            let Some(found) = timeline.operations[response.operation as usize].action.finds()
            else {
                continue;
            };
            place[response.operation as usize] = at;
            let begins =
                |put: &&(u32, ValueId)| put.0 < response.called && values.begins(found, put.1);
            let last = puts.iter().rev().find(begins);
            texts.put[response.operation as usize] = last.map_or(0, |(number, _)| number + 1);
        }
        let mut next: Option<u32> = None;
        for number in (0..u32::try_from(count).expect("a history is bounded")).rev() {
            let at = |read: u32| place[read as usize];
            if at(number) != usize::MAX && next.is_none_or(|next| at(number) < at(next)) {
                next = Some(number);
            }
            texts.next[number as usize] = next;
        }
        Some(texts)
    }
}

/// What texts begin with that somebody finds, and who does so last.
fn beginnings(timeline: &Timeline, values: &Values) -> Option<FixedMap<(u64, u64), u32>> {
    let mut begun = FixedMap::default();
    for (number, operation) in (0..).zip(&timeline.operations) {
        if matches!(operation.action, Action::Misses(_)) {
            return None;
        }
        let Some(found) = operation.action.finds() else { continue };
        begun.extend(values.beginnings(found).map(|beginning| (beginning, number + 1)));
        if begun.len() > BEGINNINGS_MOST {
            return None;
        }
    }
    Some(begun)
}
