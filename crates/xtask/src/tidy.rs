//! The house rules that no compiler knows, as tests.

mod crates;
mod functions;
mod rooms;
mod scripts;
mod text;

use crate::test::Count;
use crate::{place, shell, stamp};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::process::ExitCode;

/// A file of the repository.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    path: String,
    /// What is in it; files that are not text are left out.
    text: String,
}

impl Source {
    fn ends_with_one_of(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// What one rule looks at.
struct House {
    sources: Vec<Source>,
    metadata: Value,
}

/// A rule: its name as a sentence, and how it finds what breaks it.
type Rule = (&'static str, fn(&House) -> Vec<String>);

const RULES: [Rule; 12] = [
    ("a line has at most a hundred columns", |house| text::long_lines(&house.sources)),
    ("a file has at most four hundred lines", |house| text::long_files(&house.sources)),
    ("a function has at most seventy lines", |house| functions::too_long(&house.sources)),
    ("a function of JavaScript too", |house| scripts::too_long(&house.sources)),
    ("a decision has under forty lines", |house| text::long_decisions(&house.sources)),
    ("nothing names a folder of one machine", |house| text::machine_paths(&house.sources)),
    ("lock files name no host but the public registry", |house| text::hosts(&house.sources)),
    ("crates know each other as the map draws it", |house| {
        crates::direction(&house.metadata, &house.sources)
    }),
    ("a crate reads no file of one it may not know", |house| crates::foreign_files(&house.sources)),
    ("the map names every crate and no other", |house| crates::map(&house.sources)),
    ("every room has the same furniture", |house| rooms::furniture(&house.sources)),
    ("every dependency has its reason", |house| crates::reasons(&house.metadata, &house.sources)),
];

/// Checks the rules as a command of its own.
pub(crate) fn run() -> Result<ExitCode> {
    let count = check()?;
    println!("{}", count.told());
    Ok(if count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the rules and tells what breaks them.
pub(crate) fn check() -> Result<Count> {
    let house = House { sources: sources()?, metadata: metadata()? };
    let mut count = Count::default();
    for (name, find) in RULES {
        let complaints = find(&house);
        println!("{} {name}", if complaints.is_empty() { "ok  " } else { "FAIL" });
        for complaint in &complaints {
            println!("       {complaint}");
        }
        count.add(Count::one(complaints.is_empty()));
    }
    Ok(count)
}

/// What cargo knows of the workspace, without the dependencies' own manifests.
fn metadata() -> Result<Value> {
    let told = shell::text_of(shell::command("cargo").args([
        "metadata",
        "--no-deps",
        "--format-version=1",
    ]))?;
    serde_json::from_str(&told).context("cargo metadata is not JSON")
}

fn sources() -> Result<Vec<Source>> {
    let mut files = stamp::files_under(place::root())?;
    for hidden in [".ci", ".cargo"] {
        if place::at(hidden).is_dir() {
            files.extend(stamp::files_under(&place::at(hidden))?);
        }
    }
    let mut sources = Vec::new();
    for file in files {
        if let Ok(text) = String::from_utf8(fs::read(&file)?) {
            sources.push(Source { path: place::shown(&file).replace('\\', "/"), text });
        }
    }
    Ok(sources)
}
