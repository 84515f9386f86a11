//! The catalogue of rooms: adding a protocol is one folder and one line here.

use crate::Error;
use crate::room::Room;
use faultline_protocols as rooms;

/// Lists rooms; one that `FAULTLINE_WITHOUT` names is left out, so that the bench can tell what
/// each room costs the page.
macro_rules! rooms {
    ($($id:literal: $room:ty),+ $(,)?) => {
        &[$(#[cfg(not(without = $id))] Room::of::<$room>()),+]
    };
}

/// Every room, in the order of the library. The first one is what opens when nobody asks for
/// anything.
pub(crate) static ROOMS: &[Room] = rooms! {
    "raft": rooms::raft::Raft,
    "paxos": rooms::paxos::Paxos,
    "multipaxos": rooms::multipaxos::MultiPaxos,
    "fastpaxos": rooms::fastpaxos::FastPaxos,
    "rumour": rooms::rumour::Rumour,
    "antientropy": rooms::antientropy::AntiEntropy,
    "broadcast": rooms::broadcast::Broadcast,
    "swim": rooms::swim::Swim,
    "detector": rooms::detector::Detector,
    "echo": rooms::echo::Echo,
};

/// The room of this id.
pub(crate) fn room(id: &str) -> Result<&'static Room, Error> {
    ROOMS.iter().find(|room| room.about.id == id).ok_or_else(|| {
        if crate::library::is_on_shelf(id) {
            return Error::new(format!("{id} is not loaded: open it from the library first"));
        }
        let known: Vec<&str> = ROOMS.iter().map(|room| room.about.id).collect();
        Error::new(format!("there is no protocol “{id}”; there are {}", known.join(", ")))
    })
}
