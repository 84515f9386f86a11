//! Measuring: one JSON object per line.
//!
//! A part is a program that prints such lines itself; this file only builds and starts it, so
//! that a new measurement touches one place.

use crate::{browser, build, place, setup, shell, sizes};
use anyhow::{Result, bail};
use serde_json::json;
use std::path::PathBuf;

/// A part: its name and the work.
type Part = (&'static str, fn() -> Result<()>);

/// The crate of the workload.
const BENCH: &str = "faultline-bench";

const PARTS: [Part; 4] =
    [("native", native), ("node", node), ("chromium", chromium), ("page", page)];

/// Runs the parts that are named, or all.
pub(crate) fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        bail!("there is no part {unknown:?}: they are native, node, chromium and page");
    }
    setup::for_page()?;
    for (name, work) in PARTS {
        if names.is_empty() || names.iter().any(|given| given == name) {
            work()?;
        }
    }
    Ok(())
}

/// As fast as the machine goes.
fn native() -> Result<()> {
    let mut cargo = shell::command("cargo");
    cargo.args(["run", "--quiet", "--release", "--package", BENCH, "--bin", "native"]);
    succeed("the native benchmark", &mut cargo)
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

/// The workload as a module of JavaScript, built exactly as the page is.
pub(crate) fn module() -> Result<PathBuf> {
    let mut cargo = shell::command("cargo");
    cargo.args(["build", "--quiet", "--lib", "--package", BENCH, "--profile", "web"]);
    succeed("compiling the benchmark", cargo.args(["--target", setup::WASM]))?;
    let folder = place::target().join("bench-module");
    let compiled = place::target().join(setup::WASM).join("web/faultline_bench.wasm");
    let mut bindgen = shell::command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(compiled);
    succeed("wasm-bindgen", &mut bindgen)?;
    build::optimise(&folder.join("faultline_bench_bg.wasm"), false)?;
    Ok(folder)
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
