//! The panels beside the stage.

pub(crate) mod events;
pub(crate) mod inspector;
pub(crate) mod library;
pub(crate) mod properties;
pub(crate) mod why;

use crate::act::{Act, Selection};
use crate::lab::{EventRow, Lab, MarkKind, Seen};
use yew::prelude::*;

/// What a panel is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) selection: Option<Selection>,
    pub(crate) send: Callback<Act>,
}

/// The class of an event's row.
pub(crate) fn mark_class(row: &EventRow) -> &'static str {
    match row.mark {
        None if row.begins => "event begins",
        None => "event follows",
        Some(MarkKind::Stirs) => "event stirs",
        Some(MarkKind::Settles) => "event settles",
        Some(MarkKind::Leads) => "event leads",
        Some(MarkKind::Act) => "event acts",
        Some(MarkKind::Broken) => "event broken",
    }
}
