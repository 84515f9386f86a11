//! Measuring: one JSON object per line.
//!
//! A part is a program that prints such lines itself; this file only builds and starts it, so
//! that a new measurement touches one place.

use crate::{browser, build, place, setup, shell, sizes};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// A part: its name and the work.
type Part = (&'static str, fn() -> Result<()>);

/// The crate of the workload.
const BENCH: &str = "faultline-bench";

const PARTS: [Part; 5] =
    [("native", native), ("node", node), ("chromium", chromium), ("page", page), ("rooms", rooms)];

/// Runs the parts that are named, or all.
pub(crate) fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        bail!("there is no part {unknown:?}: they are {}", parts().join(", "));
    }
    setup::for_page()?;
    for (name, work) in PARTS {
        if names.is_empty() || names.iter().any(|given| given == name) {
            work()?;
        }
    }
    Ok(())
}

/// The names of the parts.
pub(crate) fn parts() -> Vec<&'static str> {
    PARTS.iter().map(|(name, _)| *name).collect()
}

/// As fast as the machine goes.
fn native() -> Result<()> {
    for program in ["native", "longest"] {
        let mut cargo = shell::command("cargo");
        cargo.args(["run", "--quiet", "--release", "--package", BENCH, "--bin", program]);
        succeed("the native benchmark", &mut cargo)?;
    }
    Ok(())
}

/// The numbers of the papers, beside ours.
pub(crate) fn reproduce(arguments: &[String]) -> Result<()> {
    let mut cargo = shell::command("cargo");
    cargo.args(["run", "--quiet", "--profile", "test", "--package", "faultline-tests"]);
    cargo.args(["--bin", "reproduce", "--"]).args(arguments);
    succeed("the report", &mut cargo)
}

/// Every night: more seeds than the gate has time for, built as the gate builds its tests, so that
/// assertions are on. Fails if something broke.
pub(crate) fn nightly(arguments: &[String]) -> Result<ExitCode> {
    let mut cargo = shell::command("cargo");
    cargo.args(["run", "--quiet", "--profile", "test", "--package", "faultline-tests"]);
    cargo.args(["--bin", "nightly", "--"]).args(arguments);
    Ok(if shell::run(&mut cargo)?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same workload in WebAssembly, in Node.
fn node() -> Result<()> {
    let module = module()?;
    let script = place::at("tests/bench/node.mjs");
    succeed("the benchmark in Node", shell::command("node").arg(script).arg(module))
}

/// The same module in Chromium.
fn chromium() -> Result<()> {
    let module = module()?;
    let mut node = shell::command("node");
    node.arg(place::at("tests/bench/chromium.mjs"))
        .arg(module)
        .env("CHROMIUM", browser::find_or_install()?);
    succeed("the benchmark in Chromium", &mut node)
}

/// What each room costs a visitor: the lab without its page, with every room and without each.
fn rooms() -> Result<()> {
    const LAB: &str = "faultline-wasm";
    let with_all = sizes::of(&[packed(LAB, None)?])?[0].brotli;
    println!("{}", json!({ "measure": "rooms.together", "brotli": with_all }));
    let mut folders = Vec::new();
    for entry in fs::read_dir(place::at("crates/protocols/src"))? {
        let path = entry?.path();
        if path.is_dir() {
            folders.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    folders.sort();
    for room in folders {
        let without = sizes::of(&[packed(LAB, Some(&room))?])?[0].brotli;
        let cost = with_all.saturating_sub(without);
        println!("{}", json!({ "measure": "room.cost", "room": room, "brotli": cost }));
    }
    Ok(())
}

/// Writes the log of every run as bytes, as the unit tests are built; gives the folder.
pub(crate) fn native_logs() -> Result<PathBuf> {
    let folder = place::target().join("logs");
    // A run that is no more would leave its log behind.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut cargo = shell::command("cargo");
    cargo.args(["run", "--quiet", "--profile", "test", "--package", BENCH, "--bin", "logs", "--"]);
    succeed("writing the native logs", cargo.arg(&folder))?;
    Ok(folder)
}

/// The workload as a module of JavaScript, built as the page with every room is; gives its folder.
pub(crate) fn module() -> Result<PathBuf> {
    let wasm = packed(BENCH, None)?;
    Ok(wasm.parent().context("a file lies in a folder")?.to_owned())
}

/// A package of ours as the WebAssembly of a module, built as the page with every room is, with
/// or without one room.
fn packed(package: &str, without: Option<&str>) -> Result<PathBuf> {
    let file = package.replace('-', "_");
    let mut cargo = shell::command("cargo");
    cargo.args(["build", "--quiet", "--lib", "--package", package, "--profile", "web"]);
    if let Some(room) = without {
        cargo.env("FAULTLINE_WITHOUT", room);
    }
    succeed("compiling", cargo.args(["--target", setup::WASM]))?;
    let folder = place::target().join("modules").join(without.unwrap_or("all")).join(&file);
    let compiled = place::target().join(setup::WASM).join("web").join(format!("{file}.wasm"));
    let mut bindgen = shell::command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(compiled);
    succeed("wasm-bindgen", &mut bindgen)?;
    let wasm = folder.join(format!("{file}_bg.wasm"));
    build::optimise(&wasm, false)?;
    Ok(wasm)
}

/// What a visitor loads and waits for, in Chromium.
fn page() -> Result<()> {
    build::ensure_built(false)?;
    let sizes = sizes::of_dist()?;
    for size in &sizes {
        let line = json!({
            "measure": "page.file", "file": size.path, "bytes": size.raw, "brotli": size.brotli,
        });
        println!("{line}");
    }
    let script = place::page_tests().join("bench.mjs");
    let mut command = shell::command("node");
    command.arg(script).env("CHROMIUM", browser::find_or_install()?);
    succeed("the page's benchmark", &mut command)
}

fn succeed(name: &str, command: &mut std::process::Command) -> Result<()> {
    if shell::run(command)?.success() {
        return Ok(());
    }
    bail!("{name} failed; what it says is above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_measurement_sets_up_is_not_told_among_the_measurements() {
        for file in ["build", "browser", "heard", "setup", "shell", "stamp"] {
            let path = place::at(&format!("crates/xtask/src/{file}.rs"));
            let text = fs::read_to_string(path).expect("it is there");
            let prints = |line: &&str| line.trim_start().starts_with("println!");
            assert_eq!(text.lines().find(prints), None, "{file}.rs");
        }
    }
}
