//! The catalogue: the rooms that `protocols/src/lib.rs` lists, with their protocols forgotten.

use crate::Error;
use crate::room::Room;

/// Every room of this program, in the order of the library. The build script makes the list,
/// without rooms that are loaded later, and without the one that `FAULTLINE_WITHOUT` names: so the
/// bench can tell what each costs the page. The first one opens when nobody asks for anything.
pub(crate) static ROOMS: &[Room] = include!(concat!(env!("OUT_DIR"), "/rooms.rs"));

/// The room of this id.
pub(crate) fn room(id: &str) -> Result<&'static Room, Error> {
    ROOMS.iter().find(|room| room.about.id == id).ok_or_else(|| {
        if crate::library::is_on_shelf(id) {
            return Error::new(format!("{id} is not loaded: open it from the library first"));
        }
        Error::new(format!("there is no protocol “{id}”"))
    })
}
