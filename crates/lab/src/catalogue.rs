//! The catalogue of rooms: adding a protocol is one folder and one line here.

use crate::Error;
use crate::play::Room;
use faultline_protocols as rooms;

/// Every room, in the order of the library. The first one is what opens when nobody asks for
/// anything.
pub(crate) static ROOMS: &[Room] =
    &[Room::of::<rooms::raft::Raft>(), Room::of::<rooms::echo::Echo>()];

/// The room of this id.
pub(crate) fn room(id: &str) -> Result<&'static Room, Error> {
    ROOMS.iter().find(|room| room.about.id == id).ok_or_else(|| {
        let known: Vec<&str> = ROOMS.iter().map(|room| room.about.id).collect();
        Error::new(format!("there is no protocol “{id}”; there are {}", known.join(", ")))
    })
}
