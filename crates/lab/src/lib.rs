//! The window on the universe: scenarios, sessions, commands, scenes, words, links.
//!
//! This is the only crate that knows both the simulator and the rooms. Above it no protocol has a
//! type any more. It **never** knows the DOM or a value of JavaScript.

#![forbid(unsafe_code)]

mod bounds;
mod catalogue;
#[cfg(feature = "whole")]
pub mod chaos;
mod clients;
mod command;
#[cfg(feature = "whole")]
pub mod crowd;
pub mod drawing;
mod error;
mod export;
mod history;
mod library;
pub mod link;
mod listing;
pub mod metrics;
mod naming;
mod opening;
mod panel;
mod picture;
mod play;
mod reading;
mod recording;
mod report;
mod room;
mod rows;
mod say;
pub mod scenario;
mod scene;
mod session;
mod strides;
#[cfg(feature = "whole")]
mod swarm_time;
mod tempo;
mod track;
pub mod words;

/// An intervention, with what a client asks still as JSON.
pub type Input = faultline_sim::Input<serde_json::Value>;

pub use command::{Command, Tempo};
pub use error::Error;
pub use export::{BrokenProperty, ExportedEvent, Exporter, NodeState};
pub use faultline_check as judge;
pub use faultline_kernel::{
    Cell, CellState, Form, MessageKind, NodeId, Place, RoleKind, RoleShape, Shape, Span, Tally,
    Time,
};
pub use faultline_sim::Positioned;
pub use library::{
    elsewhere, elsewhere_json, first as default_scenario, room_title, rooms, rows as library,
    scenario as library_scenario,
};
pub use listing::{KnobListing, PropertyListing, RoomListing, SceneListing, SwarmListing, listing};
pub use recording::Recording;
pub use report::{ARROWS_MOST, REPORTED_MOST};
pub use rows::{
    Action, BranchRow, Broken, EventRow, FieldRow, LibraryRow, MarkKind, MessagePanel, NodePanel,
    PropertyRow, TimelineMark,
};
pub use scenario::Scenario;
pub use scene::{
    Bond, BrokenLink, Condition, Countdown, Fate, MessageName, Moment, Scene, SceneMessage,
    SceneNode,
};
pub use session::Session;
#[cfg(feature = "whole")]
pub use swarm_time::SwarmTime;
