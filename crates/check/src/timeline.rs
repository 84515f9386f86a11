//! The order of calls and responses of one key, laid out for the search.

use crate::operation::{Action, Known};

/// Responses in order, and before each the calls since the one before.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) operations: Vec<Placed>,
    pub(crate) responses: Vec<Response>,
    /// How many operations are open at once.
    pub(crate) places: usize,
}

/// An operation, and its place among those that are open at the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) action: Action,
    pub(crate) place: u32,
    /// Whether it was answered, so that it must take effect.
    pub(crate) answered: bool,
}

/// A response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Response {
    pub(crate) operation: u32,
    /// The operations called before this response have numbers below this one.
    pub(crate) called: u32,
    pub(crate) line: u32,
}

impl Timeline {
    /// Lays out operations, which come in the order of their calls.
    pub(crate) fn new(known: &[Known]) -> Self {
        let mut responses: Vec<(u32, u32)> = (0..)
            .zip(known)
            .filter_map(|(number, known)| Some((known.returned?, number)))
            .collect();
        responses.sort_unstable();
        let mut timeline = Self::default();
        let mut free: Vec<u32> = Vec::new();
        let mut rest = known.iter().peekable();
        for (line, operation) in responses {
            while let Some(next) = rest.next_if(|next| next.called < line) {
                let place = free.pop().unwrap_or_else(|| timeline.another_place());
                let answered = next.returned.is_some();
                timeline.operations.push(Placed { action: next.action, place, answered });
            }
            free.push(timeline.operations[operation as usize].place);
            let called = number(timeline.operations.len());
            timeline.responses.push(Response { operation, called, line });
        }
        timeline
    }

    fn another_place(&mut self) -> u32 {
        self.places += 1;
        number(self.places - 1)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a history is bounded")
}
