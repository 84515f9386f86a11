//! The vocabulary of Faultline: what a protocol is, what it may do, and how it shows itself.
//!
//! A room (a protocol) implements [`Protocol`] and talks to the world through [`Cx`] alone.
//! This crate **never** knows a clock, a file, a thread, a hash order, a simulator or a page.

#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::float_arithmetic, clippy::cast_possible_truncation)]

extern crate alloc;

mod about;
mod card;
mod digest;
mod draw;
mod id;
mod knob;
mod label;
mod metric;
mod note;
mod operation;
mod protocol;
mod shared_log;
mod time;
mod verdict;

pub use about::{
    About, AnswerKind, Form, MessageKind, NoteKind, PropertyKind, RoleKind, RoleShape, Shape,
    TimerKind, Weight,
};
pub use card::{Badge, Card, Cell, CellState, Field, Mark, MessageCard, Place, Tally, Tie};
pub use digest::Digest;
pub use draw::{Chance, Draw, Draws, Key, Purpose};
pub use id::{Member, NodeId, RequestId};
pub use knob::{Knob, Knobs, Unit};
pub use label::Label;
pub use metric::{Measure, Metric, SwarmMeasure, SwarmMetric};
pub use note::{NOTE_ARGS, Note, Value};
pub use operation::{Deed, Operation, Outcome};
pub use protocol::{Calm, Cluster, Cx, Protocol, Seat, TimerName};
pub use shared_log::SharedLog;
pub use time::{Span, SpanRange, Time};
pub use verdict::{Verdict, Verdicts, WITNESSES};
