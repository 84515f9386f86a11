//! What clients asked and were told, for a judge: beside the log, and no part of its bytes.

use crate::log::Log;
use faultline_kernel::{Operation, Outcome, RequestId};

/// What a client asked or was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The event in which it did or was.
    pub event: u32,
    /// Its request.
    pub request: RequestId,
    /// What it was.
    pub said: Said,
}

/// One half of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// The client asks; again, if it was sent elsewhere.
    Asked(Operation),
    /// It is told how that ended.
    Told(Outcome),
}

/// All that was heard; nothing unless somebody listens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients(Option<Vec<Heard>>);

impl Clients {
    /// Forgets everything from event `length` on.
    pub(crate) fn truncate(&mut self, length: u32) {
        if let Some(heard) = &mut self.0 {
            heard.retain(|heard| heard.event < length);
        }
    }
}

impl Log {
    /// From now on what clients ask and are told is kept beside the events.
    pub(crate) fn listen(&mut self) {
        self.clients.0.get_or_insert_default();
    }

    /// What clients asked and were told, in order; nothing before [`crate::Run::listen`].
    #[must_use]
    pub fn clients(&self) -> &[Heard] {
        self.clients.0.as_deref().unwrap_or_default()
    }

    /// Keeps what belongs to the last event.
    pub(crate) fn hear(&mut self, request: RequestId, said: impl FnOnce() -> Option<Said>) {
        let event = self.len().saturating_sub(1);
        if let Some(heard) = &mut self.clients.0
            && let Some(said) = said()
        {
            heard.push(Heard { event, request, said });
        }
    }
}
