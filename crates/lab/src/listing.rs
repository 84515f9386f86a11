//! What there is: every room with its scenarios, knobs and properties, in words.

use crate::library::{rooms, rows};
use crate::metrics::{MetricListing, metrics};
use crate::words::{say_parts, word};
use faultline_kernel::{About, Knob, PropertyKind, Unit};
use serde::Serialize;

/// A room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoomListing {
    /// Its name in links and files.
    pub id: &'static str,
    /// Rises when old scenarios would run differently.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// What it is about, in a sentence.
    pub about: String,
    /// The papers it follows.
    pub sources: &'static [&'static str],
    /// Its scenarios.
    pub scenarios: Vec<SceneListing>,
    /// Its knobs.
    pub knobs: Vec<KnobListing>,
    /// What a sweep can count.
    pub metrics: Vec<MetricListing>,
    /// What it is as a swarm, if it can be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swarm: Option<SwarmListing>,
    /// What must hold.
    pub properties: Vec<PropertyListing>,
}

/// A room as a swarm: with `time` in its scenario, up to a million nodes and counts of them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SwarmListing {
    /// The values that `time` may have.
    pub time: [&'static str; 2],
    /// What a sweep can count.
    pub metrics: Vec<MetricListing>,
}

/// A scenario of the library.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SceneListing {
    /// Its id, such as `raft/figure-8-lost`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub summary: String,
}

/// A knob.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KnobListing {
    /// Its key in a scenario.
    pub id: &'static str,
    /// What it is called.
    pub name: String,
    /// What it counts: `count`, `ms` or `switch`.
    pub unit: &'static str,
    /// The smallest value allowed.
    pub min: u64,
    /// The value when a scenario does not name it.
    pub default: u64,
    /// The largest value allowed.
    pub max: u64,
    /// The largest value allowed in a swarm, if that is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_in_swarm: Option<u64>,
    /// The property that breaks with it, if it breaks a rule on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaks: Option<&'static str>,
}

/// A property.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PropertyListing {
    /// Its id.
    pub id: &'static str,
    /// What it is called.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Where it is stated.
    pub source: &'static str,
}

/// Every room, in the order of the library.
#[must_use]
pub fn listing() -> Vec<RoomListing> {
    rooms().map(|(about, knobs)| room(about, knobs)).collect()
}

fn room(about: &'static About, knobs: &'static [Knob]) -> RoomListing {
    let scenes = rows().into_iter().filter(|row| row.protocol == about.id);
    let scene = |row: crate::LibraryRow| SceneListing {
        id: format!("{}/{}", row.protocol, row.scene),
        title: row.title,
        summary: row.summary,
    };
    RoomListing {
        id: about.id,
        version: about.version,
        title: word(&[about.id, "title"]),
        about: say_parts(&[about.id, "about"], &[]),
        sources: about.sources,
        scenarios: scenes.map(scene).collect(),
        knobs: knobs.iter().map(|knob| knob_of(about.id, knob)).collect(),
        metrics: metrics(about.id),
        swarm: swarm(about.id),
        properties: about.properties.iter().map(|kind| property(about.id, kind)).collect(),
    }
}

/// What a room is as a swarm, if it can be one.
#[cfg(feature = "whole")]
fn swarm(room: &str) -> Option<SwarmListing> {
    let metrics = crate::crowd::metrics(room);
    (!metrics.is_empty()).then_some(SwarmListing { time: ["cycles", "timed"], metrics })
}

/// The program with one room has no swarms.
#[cfg(not(feature = "whole"))]
fn swarm(_room: &str) -> Option<SwarmListing> {
    None
}

fn knob_of(room: &str, knob: &'static Knob) -> KnobListing {
    KnobListing {
        id: knob.id,
        name: word(&[room, "knob", knob.id]),
        unit: match knob.unit {
            Unit::Count => "count",
            Unit::Millis => "ms",
            Unit::Switch => "switch",
        },
        min: knob.min,
        default: knob.default,
        max: knob.max,
        max_in_swarm: (knob.max_in_swarm > knob.max).then_some(knob.max_in_swarm),
        breaks: knob.breaks,
    }
}

fn property(room: &str, kind: &PropertyKind) -> PropertyListing {
    PropertyListing {
        id: kind.id,
        name: word(&[room, "property", kind.id]),
        says: word(&[room, "property", kind.id, "says"]),
        source: kind.source,
    }
}
