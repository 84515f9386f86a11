//! Measuring: one JSON object per line.
//!
//! A part is a program that prints such lines itself; this file only builds and starts it, so
//! that a new measurement touches one place. A part that does not exist yet is said to be absent.

use crate::{browser, build, place, setup, shell, sizes};
use anyhow::{Result, bail};
use serde_json::json;

/// A part: its name and the work.
type Part = (&'static str, fn() -> Result<()>);

const PARTS: [Part; 3] = [("native", native), ("node", node), ("page", page)];

/// Runs the parts that are named, or all.
pub(crate) fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        bail!("there is no part {unknown:?}: they are native, node and page");
    }
    setup::for_page()?;
    for (name, work) in PARTS {
        if names.is_empty() || names.iter().any(|given| given == name) {
            work()?;
        }
    }
    Ok(())
}

/// The benchmark program of the workspace crate `tests/`, natively.
fn native() -> Result<()> {
    if !place::at("tests/src/bin/bench.rs").is_file() {
        return absent("native", "tests/src/bin/bench.rs");
    }
    succeed(
        "the native benchmark",
        shell::command("cargo").args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "faultline-tests",
            "--bin",
            "bench",
        ]),
    )
}

/// The same workload in WebAssembly, in Node.
fn node() -> Result<()> {
    let script = place::at("tests/bench/node.mjs");
    if !script.is_file() {
        return absent("node", "tests/bench/node.mjs");
    }
    succeed("the benchmark in Node", shell::command("node").arg(script))
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
    succeed("the benchmark in Chromium", &mut command)
}

fn absent(part: &str, file: &str) -> Result<()> {
    println!("{}", json!({ "measure": part, "absent": file }));
    Ok(())
}

fn succeed(name: &str, command: &mut std::process::Command) -> Result<()> {
    if shell::run(command)?.success() {
        return Ok(());
    }
    bail!("{name} failed; what it says is above")
}
