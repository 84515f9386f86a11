//! How values are written on the command line.

use crate::out::Stop;
use faultline_lab::scenario::TIME_MOST;
use faultline_lab::{Scenario, Time};
use lexopt::{Parser, ValueExt};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How many seeds one call may ask for.
const SEEDS_MOST: u64 = 100_000_000;

/// The value of an option, as text.
///
/// # Errors
/// What is wrong with it.
pub fn text(parser: &mut Parser) -> Result<String, Stop> {
    Ok(parser.value()?.string()?)
}

/// The value of an option, as a number.
///
/// # Errors
/// What is wrong with it.
pub fn number(parser: &mut Parser, option: &str) -> Result<u64, Stop> {
    let text = text(parser)?;
    text.parse().map_err(|_| Stop::bad(format!("{option}: “{text}” is not a number from 0 up")))
}

/// The value of an option, as a moment such as `10s`.
///
/// # Errors
/// What is wrong with it.
pub fn time(parser: &mut Parser, option: &str) -> Result<Time, Stop> {
    let text = text(parser)?;
    let time = read_time(&text).ok_or_else(|| {
        Stop::bad(format!("{option}: “{text}” is no time; write 10s, 1.5s, 250ms or 300us"))
    })?;
    if time > TIME_MOST {
        return Err(Stop::bad(format!("{option}: {text} is more than a virtual day")));
    }
    Ok(time)
}

fn read_time(text: &str) -> Option<Time> {
    let units = [("us", 0), ("µs", 0), ("ms", 3), ("s", 6)];
    let (number, places) =
        units.into_iter().find_map(|(unit, places)| Some((text.strip_suffix(unit)?, places)))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > places {
        return None;
    }
    let zeros = "0".repeat(places - part.len());
    format!("{whole}{part}{zeros}").parse().ok().map(Time)
}

/// The value of an option, as a range of seeds with both its ends, or a single one.
///
/// # Errors
/// What is wrong with it.
pub fn seeds(parser: &mut Parser) -> Result<RangeInclusive<u64>, Stop> {
    let text = text(parser)?;
    let bad = |what: &str| Stop::bad(format!("--seeds: “{text}” {what}"));
    let number = |text: &str| text.parse::<u64>().ok();
    let (first, last) = text.split_once("..").unwrap_or((&text, &text));
    let last = last.strip_prefix('=').unwrap_or(last);
    let (Some(first), Some(last)) = (number(first), number(last)) else {
        return Err(bad("is no range of seeds; write 1..1000 or 7"));
    };
    if last < first {
        return Err(bad("runs backwards"));
    }
    if last - first >= SEEDS_MOST {
        return Err(bad("are more seeds than one call may ask for"));
    }
    Ok(first..=last)
}

/// Sets a knob from `knob=value`. What was expected of the scenario need not come true then.
///
/// # Errors
/// What is wrong with it.
pub fn set(scenario: &mut Scenario, written: &str) -> Result<(), Stop> {
    let bad = |what: &str| Stop::bad(format!("--set: “{written}” {what}"));
    let (knob, value) = written.split_once('=').ok_or_else(|| bad("is not knob=value"))?;
    let value = self::value(value).ok_or_else(|| bad("has no number for a value"))?;
    scenario.config.insert(knob.to_owned(), value);
    Ok(())
}

/// The value of a knob: a number, or on, or off.
#[must_use]
pub fn value(text: &str) -> Option<u64> {
    match text {
        "on" => Some(1),
        "off" => Some(0),
        _ => text.parse().ok(),
    }
}

/// The ids of metrics, from `a,b,c`.
///
/// # Errors
/// What is wrong with it.
pub fn metrics(text: &str) -> Result<Vec<String>, Stop> {
    let metrics: Vec<String> = text.split(',').map(|id| id.trim().to_owned()).collect();
    match metrics.iter().any(String::is_empty) {
        true => Err(Stop::bad(format!("--metrics: “{text}” is not a,b,c"))),
        false => Ok(metrics),
    }
}

/// A knob and the values that it takes in turn, from `knob=1,2,3`.
///
/// # Errors
/// What is wrong with it.
pub fn values(written: &str) -> Result<(String, Vec<u64>), Stop> {
    let bad = |what: &str| Stop::bad(format!("--set: “{written}” {what}"));
    let (knob, values) = written.split_once('=').ok_or_else(|| bad("is not knob=1,2,3"))?;
    let values = values.split(',').map(|text| value(text).ok_or_else(|| bad("is not knob=1,2,3")));
    let values = values.collect::<Result<Vec<u64>, _>>()?;
    let mut known = BTreeSet::new();
    match values.iter().all(|value| known.insert(value)) {
        true => Ok((knob.to_owned(), values)),
        false => Err(bad("has a value twice")),
    }
}

/// A part of the work and how many there are, from `2/8`.
///
/// # Errors
/// What is wrong with it.
pub fn shard(text: &str) -> Result<(usize, usize), Stop> {
    let numbers = text.split_once('/').map(|(i, n)| (i.parse(), n.parse()));
    match numbers {
        Some((Ok(i), Ok(n))) if (1..=n).contains(&i) => Ok((i, n)),
        _ => Err(Stop::bad(format!("--shard: “{text}” is not i/n with i from 1 to n, as in 2/8"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_microsecond() {
        let read = |text| read_time(text).map(|time| time.0);
        assert_eq!(read("10s"), Some(10_000_000));
        assert_eq!(read("1.5s"), Some(1_500_000));
        assert_eq!(read("0.000001s"), Some(1));
        assert_eq!(read("2.25ms"), Some(2_250));
        assert_eq!(read("7us"), Some(7));
        for bad in ["", "s", "10", ".5s", "1e3s", "-1s", "0.5us", "99999999999999999999s", "1 s"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
