//! What a scenario says of a swarm: its kind of time, and what has no place in it.

use crate::room::Room;
use crate::{Error, Scenario};
use faultline_kernel::Span;
use serde::{Deserialize, Serialize};

/// The kind of time in which a swarm runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwarmTime {
    /// Synchronous cycles, as papers about gossip have them; each is a slice of the counts.
    Cycles,
    /// The time of all other runs, counted in slices.
    Timed,
}

/// The shortest and the longest slice. Rooms may remember just the last microseconds of a moment,
/// so that cycles further apart could be taken for one another.
pub(crate) const SLICE: [Span; 2] = [Span(100), Span(1_000_000)];
/// The length of a slice if a scenario names none.
pub(crate) const SLICE_OTHERWISE: Span = Span::millis(100);

/// A swarm has what a swarm needs and nothing that it cannot do; others say nothing of it.
pub(crate) fn check(scenario: &Scenario, room: &Room) -> Result<(), Error> {
    if scenario.time.is_none() {
        return match scenario.slice_us {
            Some(_) => Err(Error::new("slice_us needs time = \"cycles\" or time = \"timed\"")),
            None => Ok(()),
        };
    }
    if room.swarm.is_none() {
        let room = room.about.id;
        return Err(Error::new(format!("time: {room} cannot be played by a swarm")));
    }
    if let Some(slice) = scenario.slice_us
        && !(SLICE[0]..=SLICE[1]).contains(&slice)
    {
        let [Span(least), Span(most)] = SLICE;
        let slice = slice.0;
        let message = format!("slice_us is {slice}; it goes from {least} to {most}");
        return Err(Error::new(message));
    }
    let speaks_of_events = [
        ("branches", !scenario.branches.is_empty() || scenario.branch != 0),
        ("expect", !scenario.expect.is_empty()),
        ("load", scenario.load.is_some()),
        ("end", scenario.end.is_some()),
        ("moment", scenario.moment.is_some()),
        ("check", scenario.check.is_some()),
    ];
    if let Some((key, _)) = speaks_of_events.iter().find(|(_, there)| *there) {
        let message = format!("{key}: a swarm keeps counts instead of events and has none of it");
        return Err(Error::new(message));
    }
    let possible = faultline_sim::swarm::possible(&scenario.inputs);
    possible.map_err(|reason| Error::new(reason).within("inputs"))
}
