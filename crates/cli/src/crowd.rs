//! `faultline run` of a swarm: a table of slices of time.

use crate::out::{Exit, Out, Stop, aside};
use crate::run::Form;
use faultline_lab::crowd::{Going, Headcount, digits};
use faultline_lab::{Scenario, Time};

/// Plays a swarm and writes down its counts, slice by slice as they come.
pub(crate) fn play(
    scenario: &Scenario,
    form: Form,
    until: Time,
    out: &mut Out,
) -> Result<Exit, Stop> {
    let mut headcount = Headcount::begin(scenario)?;
    let last = headcount.slice_at(until);
    if form == Form::Text {
        out.write(&headcount.heading())?;
    }
    while headcount.played() <= last && headcount.go_on(u64::MAX) == Going::Counted {
        let number = headcount.played() - 1;
        match form {
            Form::Text => out.write(&headcount.line(number).unwrap_or_default())?,
            Form::Ndjson => {
                let line = serde_json::to_string(&headcount.row(number));
                out.line(&line.expect("every part of a slice has a form in JSON"))?;
            }
            Form::None => {}
        }
        // Whoever waits for a million nodes sees them come.
        out.flush()?;
    }
    let [nodes, slices] = [headcount.count(), headcount.played()].map(|count| digits(count.into()));
    let messages = headcount.slices().iter().map(|slice| u64::from(slice.sends)).sum();
    let (rest, exit) = match headcount.is_full_before(until) {
        true => ("; these are as many as may be, and what follows is not played", Exit::Undecided),
        false if headcount.is_over() => ("; nothing follows", Exit::Fine),
        false => ("", Exit::Fine),
    };
    let messages = digits(messages);
    aside(&format!("{nodes} nodes, {messages} messages in {slices} slices of time{rest}"));
    Ok(exit)
}
