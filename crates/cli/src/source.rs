//! SCENARIO: a file, an id of the library, or a link.

use crate::out::{Stop, aside, shortened};
use faultline_lab::scenario::JSON_MOST;
use faultline_lab::{Scenario, link};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use toml::de::DeTable;

/// What an option adds to the help of each command that takes a scenario.
pub(crate) const HELP: &str = "\
SCENARIO is
  a file          my.toml or my.json; the schema of both is the one of the library;
                  - is JSON on the standard input
  an id           raft/figure-8-lost, or raft for its first scenario; faultline list has them all
  a link          everything from # on is enough: '#s1=…' or '#p=raft&seed=7'
";

/// Finds a scenario; of one with branches, the current one.
pub(crate) fn scenario(name: &str) -> Result<Scenario, Stop> {
    let found = whole(name)?;
    if let Some(newer) = found.runs_by() {
        let Scenario { version, protocol, .. } = &found;
        aside(&format!(
            "it was made with version {version} of {protocol}, and runs by the rules of {newer}"
        ));
    }
    match found.branch {
        0 => Ok(found),
        _ => Ok(found.current_branch()?),
    }
}

/// Finds a scenario, with all its branches.
pub(crate) fn whole(name: &str) -> Result<Scenario, Stop> {
    let path = Path::new(name);
    let end = path.extension().and_then(|end| end.to_str());
    // A pipe is a file too.
    if name == "-"
        || (path.exists() && !path.is_dir())
        || (matches!(end, Some("toml" | "json")) && !name.contains('#'))
    {
        let text = read(name, JSON_MOST)?;
        let scenario = match end {
            Some("toml") => from_toml(&text),
            _ => Scenario::from_json(&text).map_err(Stop::from),
        };
        scenario.map_err(|stop| within(name, stop))
    } else if let Some((_, fragment)) = name.split_once('#') {
        from_link(fragment)
    } else if name.starts_with("s1=") || name.starts_with("p=") {
        from_link(name)
    } else if let Some((room, scene)) = name.split_once('/') {
        faultline_lab::library_scenario(room, scene).map_err(|error| unknown(name, &error))
    } else {
        decode(&format!("p={name}")).map_err(|error| unknown(name, &error))
    }
}

/// Reads what follows the # of a link. To the page nothing is the library's first scenario; here
/// somebody forgot something.
pub(crate) fn from_link(fragment: &str) -> Result<Scenario, Stop> {
    match fragment.trim() {
        "" => Err(Stop::bad("the link is empty: no scenario follows its #")),
        fragment => Ok(decode(fragment)?),
    }
}

/// The scenario in a link. As on the page, what means nothing in it is told and nothing else is
/// lost by it.
fn decode(fragment: &str) -> Result<Scenario, faultline_lab::Error> {
    let scenario = link::decode(fragment)?;
    if let Some(part) = link::strange(fragment) {
        let part = part.escape_debug();
        let told = format!("the link asks for “{part}”, which means nothing here; it is ignored");
        aside(&shortened(&told));
    }
    Ok(scenario)
}

/// For commands that look at single events.
pub(crate) fn not_a_swarm(scenario: &Scenario) -> Result<(), Stop> {
    match scenario.is_swarm() {
        true => Err(Stop::bad("this is a swarm, which has counts alone: run and sweep tell them")),
        false => Ok(()),
    }
}

fn unknown(name: &str, error: &faultline_lab::Error) -> Stop {
    Stop::bad(format!("“{name}” is no file, and as an id: {error}; faultline list has all ids"))
}

fn within(name: &str, stop: Stop) -> Stop {
    match stop {
        Stop::Bad(what) => Stop::Bad(format!("{name}: {what}")),
        Stop::Closed => Stop::Closed,
    }
}

/// The text of a file (`-` is the standard input), which may have so many bytes.
pub(crate) fn read(name: &str, most: usize) -> Result<String, Stop> {
    let bad = |what: String| Stop::bad(format!("{name}: {what}"));
    let mut bytes = Vec::new();
    let limit = most as u64 + 1;
    let outcome = match name {
        "-" => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
        _ => File::open(name).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    };
    outcome.map_err(|error| bad(format!("cannot be read: {error}")))?;
    // Some programs begin a text with a mark of its encoding, which nobody sees.
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(.."\u{feff}".len());
    }
    if bytes.len() > most {
        return Err(bad(format!("it has more than {most} bytes")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        bad(format!("line {line}: this is not text in UTF-8"))
    })
}

/// Reads TOML. `order`, the place on the shelf of the library, is no part of a scenario: it is
/// blanked out, so that all other places stay what they are.
///
/// # Errors
/// What is wrong and where.
pub fn from_toml(text: &str) -> Result<Scenario, Stop> {
    let bad = |error: toml::de::Error| match error.span() {
        Some(_) => Stop::bad(error.to_string().trim_end().to_owned()),
        None => {
            let what = match error.message() {
                "recursion limit" => "a key has too many parts",
                other => other,
            };
            Stop::bad(format!("line {}: {what}", line_of(text, &error)))
        }
    };
    let mut rest = text.to_owned();
    let table = DeTable::parse(text).map_err(bad)?;
    let mut keys = table.get_ref().iter();
    if let Some((key, number)) = keys.find(|(key, _)| key.get_ref() == "order")
        && number.get_ref().is_integer()
    {
        let order = key.span().start..number.span().end;
        rest.replace_range(order.clone(), &" ".repeat(order.len()));
    }
    let scenario: Scenario = toml::from_str(&rest).map_err(bad)?;
    scenario.check()?;
    Ok(scenario)
}

/// Where an error stands that does not say it itself, as of a key with too many parts: in the first
/// line with which the lines before it are wrong in that way.
fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let ends: Vec<usize> = text.match_indices('\n').map(|(end, _)| end + 1).collect();
    let is_good = |end: &usize| {
        let (_, errors) = DeTable::parse_recoverable(&text[..*end]);
        errors.iter().all(|other| other.message() != error.message())
    };
    ends.partition_point(is_good) + 1
}
