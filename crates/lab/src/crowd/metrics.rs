//! Numbers of whole runs of swarms, from their counts.

use super::Headcount;
use crate::metrics::{MetricListing, too_long};
use crate::{Error, Scenario, catalogue};
use faultline_kernel::{SwarmMeasure, Time};
use faultline_sim::swarm::Slice;
use std::collections::BTreeMap;

/// What of a slice is added up.
type Count = fn(&Slice) -> u32;

/// What is counted of every swarm, and what it is.
const EVERYWHERE: [(&str, &str, Count); 2] = [
    ("messages", "messages sent", |slice| slice.sends),
    ("lost", "messages lost", |slice| slice.losses),
];

/// The metrics of a room's swarms; none if it has no swarms.
pub(crate) fn metrics(room: &str) -> Vec<MetricListing> {
    let Some((about, swarming)) =
        catalogue::room(room).ok().and_then(|room| Some((room.about, room.swarm.as_ref()?)))
    else {
        return Vec::new();
    };
    let role = |which: u8| about.roles[usize::from(which)].id;
    let in_words = |measure| match measure {
        SwarmMeasure::Share(which) => {
            ("share", format!("nodes that run and are {} in the end", role(which)))
        }
        SwarmMeasure::PerNode(which) => {
            let ids = which.iter().map(|which| about.messages[usize::from(*which)].id);
            let ids = ids.collect::<Vec<_>>().join(", ");
            ("count", format!("messages for each node: {ids}"))
        }
        SwarmMeasure::Last(which, knob) => {
            let role = role(which);
            ("periods", format!("from the first that becomes {role} to the last, in {knob}"))
        }
        SwarmMeasure::Average(which, knob) => {
            let role = role(which);
            ("periods", format!("from the first that becomes {role} to all others, in {knob}"))
        }
    };
    let everywhere = EVERYWHERE.iter().map(|(id, says, _)| (*id, ("count", (*says).to_owned())));
    let own = swarming.metrics.iter().map(|metric| (metric.id, in_words(metric.measure)));
    let listing = |(id, (unit, says))| MetricListing { id, unit, says };
    everywhere.chain(own).map(listing).collect()
}

/// Plays a swarm up to `until` and counts; a number is `None` if what it counts from never
/// happened.
///
/// # Errors
/// As [`crate::metrics::measure`].
pub(crate) fn measure(
    scenario: &Scenario,
    until: Time,
    wanted: &[String],
) -> Result<BTreeMap<String, Option<f64>>, Error> {
    let mut headcount = Headcount::begin(scenario)?;
    let about = headcount.about();
    let known = metrics(about.id);
    if let Some(id) = wanted.iter().find(|id| !known.iter().any(|metric| metric.id == *id)) {
        let known = known.iter().map(|metric| metric.id).collect::<Vec<_>>().join(", ");
        let room = about.id;
        return Err(Error::new(format!("a swarm of {room} has no metric {id}; it has {known}")));
    }
    headcount.play_until(until);
    if headcount.is_full_before(until) {
        return Err(too_long());
    }
    Ok(wanted.iter().map(|id| (id.clone(), take(&headcount, scenario, id))).collect())
}

fn take(headcount: &Headcount, scenario: &Scenario, id: &str) -> Option<f64> {
    let slices = headcount.slices();
    if let Some((.., count)) = EVERYWHERE.iter().find(|(known, ..)| *known == id) {
        return Some(real(slices.iter().map(|slice| u64::from(count(slice))).sum()));
    }
    let nodes = real(headcount.count().into());
    let own = headcount.room.swarm.as_ref()?.metrics;
    match own.iter().find(|metric| metric.id == id)?.measure {
        SwarmMeasure::Share(role) => {
            let last = slices.last()?.roles[usize::from(role)];
            Some(real(last.into()) / nodes)
        }
        SwarmMeasure::PerNode(which) => {
            let said = headcount.swarm.said();
            let sum = which.iter().map(|kind| said[usize::from(*kind)]).sum();
            Some(real(sum) / nodes)
        }
        SwarmMeasure::Last(role, knob) => {
            let taken = |slice: &Slice| slice.taken[usize::from(role)] > 0;
            let [first, last] = [slices.iter().position(taken)?, slices.iter().rposition(taken)?];
            Some(real((last - first) as u64) * period(headcount, scenario, knob)?)
        }
        SwarmMeasure::Average(role, knob) => {
            let taken = |slice: &Slice| u64::from(slice.taken[usize::from(role)]);
            let first = slices.iter().position(|slice| taken(slice) > 0)?;
            let since = (0..).zip(&slices[first..]);
            let (sum, count) = since.fold((0, 0), |(sum, count), (slices, slice)| {
                (sum + slices * taken(slice), count + taken(slice))
            });
            // The first one heard it from nobody.
            let others = count.checked_sub(1).filter(|others| *others > 0)?;
            Some(real(sum) / real(others) * period(headcount, scenario, knob)?)
        }
    }
}

/// The length of a slice in periods of a knob.
fn period(headcount: &Headcount, scenario: &Scenario, id: &str) -> Option<f64> {
    let knob = headcount.room.knobs.iter().find(|knob| knob.id == id)?;
    let millis = scenario.config.get(id).copied().unwrap_or(knob.default);
    Some(real(headcount.length().0) / (real(millis) * 1e3))
}

#[expect(clippy::cast_precision_loss, reason = "counts and times of a run are far below 2^53")]
fn real(number: u64) -> f64 {
    number as f64
}
