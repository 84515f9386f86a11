//! A new room: a copy of the smallest one under another name, and its line in the catalogue.

use crate::{place, shell, stamp};
use anyhow::{Context, Result, bail, ensure};
use std::fs;

const LIBRARY: &str = "crates/protocols/src/lib.rs";
const CATALOGUE: &str = "crates/lab/src/catalogue.rs";

/// What a room is called: `two_phase` (its folder, module and id in links) and `TwoPhase`.
struct Name {
    id: String,
    kind: String,
}

/// Copies `echo` as `id` and enters it where rooms are listed. The first test run writes its
/// golden log; from there on it is yours to change.
pub(crate) fn create(id: &str) -> Result<()> {
    let name = Name::of(id)?;
    let folder = place::at("crates/protocols/src").join(&name.id);
    ensure!(!folder.exists(), "{} exists already", place::shown(&folder));
    // Both lists are read before anything is written: a failure leaves the house as it was.
    let library = entered(LIBRARY, "pub mod echo;", &format!("\npub mod {};", name.id))?;
    let line = format!("\n    \"{0}\": rooms::{0}::{1},", name.id, name.kind);
    let catalogue = entered(CATALOGUE, "\"echo\": rooms::echo::Echo,", &line)?;
    let echo = place::at("crates/protocols/src/echo");
    for file in stamp::files_under(&echo)? {
        // A golden log is written by the tests.
        if file.extension().is_some_and(|extension| extension == "log") {
            continue;
        }
        let copy = folder.join(file.strip_prefix(&echo)?);
        fs::create_dir_all(copy.parent().context("a file has a folder")?)?;
        fs::write(copy, renamed(&fs::read_to_string(&file)?, &name))?;
    }
    fs::write(place::at(LIBRARY), library)?;
    fs::write(place::at(CATALOGUE), catalogue)?;
    shell::run(shell::command("cargo").args(["fmt", "--all"]))?;
    println!("{} is a copy of echo: begin with message.rs.", place::shown(&folder));
    println!("Its goldens are written by `FAULTLINE_UPDATE=1 cargo test -p faultline-tests`.");
    Ok(())
}

impl Name {
    fn of(id: &str) -> Result<Self> {
        let word = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(|first| first.is_ascii_lowercase())
                && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if !id.split('_').all(word) {
            bail!("a room's name is small words such as two_phase, not {id:?}");
        }
        let capital = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
        Ok(Self { id: id.to_owned(), kind: id.split('_').map(capital).collect() })
    }
}

/// A file with something added behind the place where it lists the first room.
fn entered(path: &str, behind: &str, addition: &str) -> Result<String> {
    let text = fs::read_to_string(place::at(path)).with_context(|| format!("{path} is missing"))?;
    let (before, after) = text
        .split_once(behind)
        .with_context(|| format!("{path} does not list echo, so the place is unknown"))?;
    Ok(format!("{before}{behind}{addition}{after}"))
}

/// The room's type, its id in quotes, and its id in front of a message of the catalogue.
/// Words of the protocol such as `Echoed` stay: they are what is going to be rewritten.
fn renamed(text: &str, name: &Name) -> String {
    let text = text
        .replace("\"echo\"", &format!("\"{}\"", name.id))
        .replace("echo-", &format!("{}-", name.id));
    let mut result = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find("Echo") {
        let (before, found) = rest.split_at(start);
        let (word, after) = found.split_at("Echo".len());
        let longer = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        result.push_str(before);
        result.push_str(if longer { word } else { &name.kind });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_makes_a_type() {
        assert_eq!(Name::of("two_phase").expect("a good name").kind, "TwoPhase");
        for bad in ["", "Two", "a__b", "_a", "2pc", "../x", "a-b"] {
            assert!(Name::of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_name_of_the_room_changes() {
        let name = Name::of("two_phase").expect("a good name");
        let before = "impl P for Echo { Echoed } id: \"echo\" echo-title = Echo, the echo server";
        let after = "impl P for TwoPhase { Echoed } id: \"two_phase\" \
            two_phase-title = TwoPhase, the echo server";
        assert_eq!(renamed(before, &name), after);
    }
}
