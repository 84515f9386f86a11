//! One operation of a client, and what it asks of the data at a moment of the history.

use crate::values::{PieceId, ValueId};

/// An operation: what was asked, and how it ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) call: Call,
    /// The line in which it was called.
    pub(crate) called: u32,
    /// How it ended, and in which line.
    pub(crate) end: Option<(u32, End)>,
}

/// What was asked; a read learns its value when it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Call {
    Read,
    Write(ValueId),
    Swap(ValueId, ValueId),
    Append(PieceId),
}

/// How an operation ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// It is done.
    Done,
    /// It is done, and this was read.
    Found(ValueId),
    /// It did not take effect; a swap found another value than the expected one.
    Failed,
}

/// What an operation does at its instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// Finds this value.
    Finds(ValueId),
    /// Finds another value than this.
    Misses(ValueId),
    /// Sets this value.
    Sets(ValueId),
    /// Finds the first value and sets the second.
    Swaps(ValueId, ValueId),
    /// Appends this piece.
    Appends(PieceId),
}

/// An operation as known after so many lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) action: Action,
    pub(crate) called: u32,
    /// The line of its response; without one it may take effect at any time, or never.
    pub(crate) returned: Option<u32>,
}

impl Operation {
    /// What is known of it after `lines` lines; `None` if it cannot matter.
    pub(crate) fn known(&self, lines: u32) -> Option<Known> {
        if self.called > lines {
            return None;
        }
        let end = self.end.filter(|(line, _)| *line <= lines);
        let action = match (self.call, end.map(|(_, end)| end)) {
            (Call::Read, Some(End::Found(value))) => Action::Finds(value),
            (Call::Read, _) => return None,
            (Call::Swap(expected, _), Some(End::Failed)) => Action::Misses(expected),
            (_, Some(End::Failed)) => return None,
            (Call::Write(value), _) => Action::Sets(value),
            (Call::Swap(expected, new), None) if expected == new => return None,
            (Call::Swap(expected, new), _) => Action::Swaps(expected, new),
            (Call::Append(piece), _) => Action::Appends(piece),
        };
        Some(Known { action, called: self.called, returned: end.map(|(line, _)| line) })
    }
}

impl Action {
    /// Whether it leaves the data as it finds it, whatever it finds.
    pub(crate) fn only_looks(self) -> bool {
        match self {
            Self::Finds(_) | Self::Misses(_) => true,
            Self::Swaps(expected, new) => expected == new,
            Self::Sets(_) | Self::Appends(_) => false,
        }
    }

    /// The value it must find.
    pub(crate) fn finds(self) -> Option<ValueId> {
        match self {
            Self::Finds(value) | Self::Swaps(value, _) => Some(value),
            Self::Misses(_) | Self::Sets(_) | Self::Appends(_) => None,
        }
    }

    /// The value it sets, if that is the same whatever was there.
    pub(crate) fn sets(self) -> Option<ValueId> {
        match self {
            Self::Sets(value) | Self::Swaps(_, value) => Some(value),
            Self::Finds(_) | Self::Misses(_) | Self::Appends(_) => None,
        }
    }

    /// Whether it can take effect when this is the value.
    pub(crate) fn fits(self, value: ValueId) -> bool {
        match self {
            Self::Finds(found) | Self::Swaps(found, _) => found == value,
            Self::Misses(expected) => expected != value,
            Self::Sets(_) | Self::Appends(_) => true,
        }
    }
}
