//! Adding a room is one folder and one line: a copy of the checkout with a copy of the smallest
//! room is built, and the copied lessons run as the originals do.

use crate::test::Count;
use crate::{place, room, shell, stamp};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What the copied room is called.
const ROOM: &str = "trial_copy";

/// Builds the copy and plays its lessons.
pub(crate) fn check() -> Result<Count> {
    let copy = place::target().join("new-room");
    let mut files = BTreeMap::new();
    for folder in ["crates", "web", "tests"] {
        for file in stamp::files_under(&place::at(folder))? {
            let text = fs::read(&file)?;
            files.insert(file, text);
        }
    }
    for file in ["Cargo.toml", "Cargo.lock", "clippy.toml", "rustfmt.toml"].map(place::at) {
        let text = fs::read(&file)?;
        files.insert(file, text);
    }
    let mut goldens = Vec::new();
    for (file, text) in room::planned(place::root(), ROOM)? {
        if file.extension().is_some_and(|extension| extension == "log") {
            let scene = file.file_stem().context("a log has a name")?;
            goldens.push((scene.to_string_lossy().into_owned(), text.clone()));
        }
        files.insert(file, text.into_bytes());
    }
    make(&copy, &files)?;
    build(&copy)?;
    let mut count = Count::one(true);
    for (scene, golden) in &goldens {
        // The last line is a check value, which the command line does not print.
        let (lines, _check) =
            golden.rsplit_once("check ").context("a golden ends with its check")?;
        let as_golden = played(&copy, scene)? == lines;
        println!("{} {ROOM}/{scene} is as its golden", if as_golden { "ok  " } else { "FAIL" });
        count.add(Count::one(as_golden));
    }
    if goldens.is_empty() {
        bail!("the copied room has no golden");
    }
    Ok(count)
}

/// Makes a folder hold these files of the checkout and no others. What is right already is left
/// alone, so that cargo need not build it again.
fn make(copy: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let mut wanted = BTreeMap::new();
    for (file, text) in files {
        wanted.insert(copy.join(file.strip_prefix(place::root())?), text);
    }
    if copy.is_dir() {
        for file in stamp::files_under(copy)? {
            if !wanted.contains_key(&file) {
                fs::remove_file(file)?;
            }
        }
    }
    for (file, text) in wanted {
        if fs::read(&file).ok().as_ref() != Some(text) {
            fs::create_dir_all(file.parent().context("a file has a folder")?)?;
            fs::write(file, text)?;
        }
    }
    Ok(())
}

/// The command line of the copy, without optimisation: nothing is measured here.
fn cargo(copy: &Path, command: &str) -> std::process::Command {
    let mut cargo = shell::command("cargo");
    cargo
        .current_dir(copy)
        .args([command, "--quiet", "--locked", "--profile", "test"])
        .args(["--package", "faultline-cli"])
        .env("CARGO_TARGET_DIR", place::target())
        .env("CARGO_PROFILE_TEST_OPT_LEVEL", "0");
    cargo
}

fn build(copy: &Path) -> Result<()> {
    if shell::run(&mut cargo(copy, "build"))?.success() {
        return Ok(());
    }
    bail!("a copy of the echo room does not build; the compiler says why above")
}

/// The log of a lesson of the copied room.
fn played(copy: &Path, scene: &str) -> Result<String> {
    let name = format!("{ROOM}/{scene}");
    let mut run = cargo(copy, "run");
    let output = shell::capture(run.args(["--", "run", &name, "--log", "text"]))?;
    if !output.status.success() {
        bail!("{name} cannot be played: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}
