//! The library: the scenarios that come with the rooms.

use crate::rows::LibraryRow;
use crate::{Error, Scenario, catalogue, link, words};
use faultline_kernel::{About, Knob};

/// A scenario on the shelf. What the menu shows is there without reading the whole of it, and also
/// for rooms that are not in this program: their scenarios are empty.
struct Book {
    room: &'static str,
    scene: &'static str,
    title: &'static str,
    summary: &'static str,
    json: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// Every scenario, by rooms in their order.
#[must_use]
pub fn rows() -> Vec<LibraryRow> {
    let row = |book: &Book| LibraryRow {
        protocol: book.room,
        scene: book.scene,
        title: book.title.to_owned(),
        summary: book.summary.to_owned(),
    };
    SHELF.iter().map(row).collect()
}

/// The room that a fragment asks for, if the library knows it and this program is without it: then
/// the program that has every room can open it.
#[must_use]
pub fn elsewhere(fragment: &str) -> Option<&'static str> {
    not_here(&link::room_of(fragment)?)
}

/// The same for a scenario's JSON, which may be too long for a link.
#[must_use]
pub fn elsewhere_json(json: &str) -> Option<&'static str> {
    not_here(&link::room_of_json(json)?)
}

fn not_here(asked: &str) -> Option<&'static str> {
    let book = SHELF.iter().find(|book| book.room == asked)?;
    catalogue::room(book.room).is_err().then_some(book.room)
}

/// The room of which every program has the whole.
pub(crate) fn first_room() -> &'static str {
    catalogue::ROOMS[0].about.id
}

/// Whether there are scenarios of this room, here or elsewhere.
pub(crate) fn is_on_shelf(protocol: &str) -> bool {
    SHELF.iter().any(|book| book.room == protocol)
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
    let found = SHELF.iter().find(|book| book.room == protocol && book.scene == scene);
    let book = found.ok_or_else(|| Error::new(format!("{protocol} has no scene “{scene}”")))?;
    let mut scenario = Scenario::from_json(book.json)?;
    scenario.scene = scene.to_owned();
    Ok(scenario)
}

/// Whether a scenario is still the one of the library whose id it bears, whatever moment of it is
/// shown and however far it was recorded.
pub(crate) fn is_as_on_shelf(given: &Scenario) -> bool {
    let Ok(known) = scenario(&given.protocol, &given.scene) else { return false };
    let &Scenario { open_us, golden_us, end, moment, .. } = given;
    let (check, expect) = (given.check.clone(), given.expect.clone());
    let known = Scenario { open_us, golden_us, end, moment, check, expect, ..known };
    known.to_json() == given.to_json()
}

/// The first scenario of a room.
///
/// # Errors
/// If there is no such room, or it has no scenarios.
pub(crate) fn first_of(protocol: &str) -> Result<Scenario, Error> {
    catalogue::room(protocol)?;
    let found = SHELF.iter().find(|book| book.room == protocol);
    let book = found.ok_or_else(|| Error::new(format!("{protocol} has no scenes yet")))?;
    scenario(protocol, book.scene)
}

/// What opens when nobody asks for anything.
///
/// # Errors
/// Never, in a release whose library is whole: a test holds it.
pub fn first() -> Result<Scenario, Error> {
    first_of(first_room())
}
