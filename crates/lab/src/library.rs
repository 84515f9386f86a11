//! The library: the scenarios that come with the rooms.

use crate::rows::LibraryRow;
use crate::{Error, Scenario, catalogue, words};
use faultline_kernel::{About, Knob};

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Every scenario, by rooms in their order.
#[must_use]
pub fn rows() -> Vec<LibraryRow> {
    let of_room = |id: &'static str| {
        SHELF.iter().filter(move |(room, ..)| *room == id).filter_map(|(protocol, scene, json)| {
            let scenario: Scenario = serde_json::from_str(json).ok()?;
            let Scenario { title, summary, .. } = scenario;
            Some(LibraryRow { protocol, scene, title, summary })
        })
    };
    catalogue::ROOMS.iter().flat_map(|room| of_room(room.about.id)).collect()
}

/// Every room: what it says about itself, and its knobs.
pub fn rooms() -> impl Iterator<Item = (&'static About, &'static [Knob])> {
    catalogue::ROOMS.iter().map(|room| (room.about, room.knobs))
}

/// What a room is called.
#[must_use]
pub fn room_title(protocol: &str) -> String {
    words::word(&[protocol, "title"])
}

/// A scenario by its room and id.
///
/// # Errors
/// If there is no such room or scenario.
pub fn scenario(protocol: &str, scene: &str) -> Result<Scenario, Error> {
    catalogue::room(protocol)?;
    let found = SHELF.iter().find(|(room, id, _)| *room == protocol && *id == scene);
    let (_, _, json) =
        found.ok_or_else(|| Error::new(format!("{protocol} has no scene “{scene}”")))?;
    let mut scenario = Scenario::from_json(json)?;
    scenario.scene = scene.to_owned();
    Ok(scenario)
}

/// The first scenario of a room.
///
/// # Errors
/// If there is no such room, or it has no scenarios.
pub(crate) fn first_of(protocol: &str) -> Result<Scenario, Error> {
    catalogue::room(protocol)?;
    let found = SHELF.iter().find(|(room, ..)| *room == protocol);
    let (_, scene, _) = found.ok_or_else(|| Error::new(format!("{protocol} has no scenes yet")))?;
    scenario(protocol, scene)
}

/// What opens when nobody asks for anything.
///
/// # Errors
/// Never, in a release whose library is whole: a test holds it.
pub fn first() -> Result<Scenario, Error> {
    first_of(catalogue::ROOMS[0].about.id)
}
