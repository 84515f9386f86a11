//! `faultline list`.

use crate::out::{Exit, Out, Stop};
use faultline_lab::metrics::MetricListing;
use faultline_lab::{KnobListing, RoomListing, SwarmListing, listing};
use lexopt::{Arg, Parser};
use serde::Serialize;

const HELP: &str = "\
faultline list [--json]

Rooms (a room holds a protocol with all that belongs to it), their scenarios, their knobs with
units and bounds and, after “else”, what they are if nobody sets them, the metrics that a sweep can
count, with their units, and the properties that are checked. A room that can be a swarm of up to
a million nodes says what a sweep can count of it then.
A knob that breaks a rule on purpose names the property that breaks with it.

  --json     the same as one JSON object
";

/// What `--json` writes.
#[derive(Serialize)]
struct Listing {
    rooms: Vec<RoomListing>,
}

pub(crate) fn main(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let mut json = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return out.help(HELP),
            Arg::Long("json") => json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let rooms = listing();
    if json {
        let text = serde_json::to_string_pretty(&Listing { rooms });
        out.line(&text.expect("every part of a listing has a form in JSON"))?;
        return Ok(Exit::Fine);
    }
    for (number, room) in rooms.iter().enumerate() {
        if number > 0 {
            out.line("")?;
        }
        write_room(room, out)?;
    }
    Ok(Exit::Fine)
}

fn write_room(room: &RoomListing, out: &mut Out) -> Result<(), Stop> {
    let RoomListing { id, title, about, .. } = room;
    out.line(&format!("{id}: {title}. {about}"))?;
    room.sources.iter().try_for_each(|source| out.line(&format!("  {source}")))?;
    out.line("\n  scenarios")?;
    let rows = room.scenarios.iter().map(|scene| [scene.id.clone(), scene.title.clone()]);
    write_rows(&rows.collect::<Vec<_>>(), out)?;
    out.line("\n  knobs")?;
    let rows = room.knobs.iter().map(|knob| [knob.id.to_owned(), knob.name.clone(), range(knob)]);
    write_rows(&rows.collect::<Vec<_>>(), out)?;
    out.line("\n  metrics")?;
    write_metrics(&room.metrics, out)?;
    if let Some(SwarmListing { time, metrics }) = &room.swarm {
        let [cycles, timed] = time;
        let title = format!("as a swarm (time = \"{cycles}\" or time = \"{timed}\"), metrics");
        out.line(&format!("\n  {title}"))?;
        write_metrics(metrics, out)?;
    }
    out.line("\n  properties")?;
    let rows = room.properties.iter();
    let rows = rows.map(|kind| [kind.id.to_owned(), kind.says.clone(), kind.source.to_owned()]);
    write_rows(&rows.collect::<Vec<_>>(), out)
}

fn write_metrics(metrics: &[MetricListing], out: &mut Out) -> Result<(), Stop> {
    let row = |metric: &MetricListing| [metric.id, metric.unit, &metric.says].map(str::to_owned);
    write_rows(&metrics.iter().map(row).collect::<Vec<_>>(), out)
}

fn range(knob: &KnobListing) -> String {
    let KnobListing { min, default, max, unit, .. } = knob;
    if let Some(most) = knob.max_in_swarm {
        return format!("{min} to {max}, in a swarm to {most}, else {default}");
    }
    match (*unit, knob.breaks) {
        (_, Some(property)) => format!("0 or 1; 1 breaks {property}"),
        ("switch", None) => format!("0 or 1, else {default}"),
        ("count", None) => format!("{min} to {max}, else {default}"),
        (unit, None) => format!("{min} to {max} {unit}, else {default} {unit}"),
    }
}

/// Rows of text with their columns below one another.
fn write_rows<const COLUMNS: usize>(rows: &[[String; COLUMNS]], out: &mut Out) -> Result<(), Stop> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = format!("    {}", cells.collect::<Vec<_>>().join("  "));
        out.line(line.trim_end())?;
    }
    Ok(())
}
