//! Installing what is missing, at pinned versions, inside the project.

use crate::{browser, place, shell, stamp};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Trunk 0.22 needs a newer compiler than ours.
const TRUNK: &str = "0.21.14";
const CARGO_FUZZ: &str = "0.13.2";
/// Older test runners of Node do not know `--test-concurrency` and `--test-timeout`.
const NODE: &str = "20.11";
/// The tools of Rust that tests need besides the compiler.
const COMPONENTS: [&str; 2] = ["rustfmt", "clippy"];
/// The page's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// A target without an operating system: what builds for it can have no clock, file or thread.
pub(crate) const BARE: &str = "thumbv7em-none-eabi";
/// Build tools need no optimisation: these settings halve the time to install them.
const FAST: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "32"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// Everything that any command needs.
pub(crate) fn everything() -> Result<()> {
    for_page()?;
    for_tests()?;
    browser::find_or_install()?;
    eprintln!("Everything is set up.");
    Ok(())
}

/// What the page is built with.
pub(crate) fn for_page() -> Result<()> {
    compiler()?;
    // Node is asked for first: finding out after ten minutes of compiling would be unkind.
    node()?;
    target(WASM)?;
    cargo_tool("trunk", "trunk", TRUNK, &["--locked", "--no-default-features"])?;
    // Without --locked: its lock file may name a release that a mirror does not hold yet.
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen_version()?, &[])?;
    node_packages()
}

/// What fuzzing needs, besides a nightly compiler.
pub(crate) fn for_fuzz() -> Result<()> {
    cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &["--locked"])
}

/// What the checks need besides.
pub(crate) fn for_tests() -> Result<()> {
    compiler()?;
    node()?;
    // The page is linted as it is compiled.
    target(WASM)?;
    target(BARE)?;
    for component in COMPONENTS {
        let name = component.strip_prefix("rust").unwrap_or(component);
        let probe = shell::capture(shell::command("cargo").args([name, "--version"]))?;
        if !probe.status.success() {
            eprintln!("Installing {component}");
            let mut rustup = shell::command("rustup");
            shell::run_quietly(rustup.args(["component", "add", component]), component)?;
        }
    }
    node_packages()
}

/// Whether the compiler is new enough. No toolchain is pinned by a file: where that very one is
/// missing and may not be installed by itself, cargo would stop before anybody could say why.
fn compiler() -> Result<()> {
    let manifest = fs::read_to_string(place::at("Cargo.toml")).context("Cargo.toml is missing")?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let wanted = line.context("Cargo.toml names no rust-version")?.trim_matches('"');
    let told = shell::text_of(shell::command("rustc").arg("--version"))?;
    let found = told.split_whitespace().nth(1).unwrap_or("");
    if release(found) < release(wanted) {
        bail!("rustc {found} is too old, this needs {wanted} or newer: run `rustup update stable`");
    }
    Ok(())
}

/// Whether Node is there with npm, and new enough for the flags of its test runner.
fn node() -> Result<()> {
    let told = shell::text_of(shell::command("node").arg("--version"))?;
    node_will_do(&told)?;
    shell::text_of(shell::command("npm").arg("--version")).map(drop)
}

/// `told` is what Node says of itself: `v20.11.0`.
fn node_will_do(told: &str) -> Result<()> {
    let found = told.trim_start_matches('v');
    if release(found) < release(NODE) {
        bail!("Node {found} is too old, this needs {NODE} or newer: see https://nodejs.org");
    }
    Ok(())
}

/// `1.95.0-nightly` as two numbers, which can be compared.
fn release(version: &str) -> (u32, u32) {
    let mut numbers = version.split(['.', '-']).map_while(|number| number.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// Adds a compilation target, where automatic installation is switched off as well.
fn target(name: &str) -> Result<()> {
    let sysroot = shell::text_of(shell::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(&sysroot).join("lib/rustlib").join(name).is_dir() {
        return Ok(());
    }
    eprintln!("Installing the compilation target {name}");
    shell::run_quietly(
        shell::command("rustup").args(["target", "add", name]),
        &format!("rustup target add {name}"),
    )
}

/// Installs a tool with cargo into the project's folder unless it is there at this version.
fn cargo_tool(package: &str, binary: &str, version: &str, extra: &[&str]) -> Result<()> {
    if installed_version(binary).as_deref() == Some(version) {
        return Ok(());
    }
    eprintln!("Installing {package} {version} (two to four minutes on two cores)");
    let build = place::tools().join("build");
    let mut cargo = shell::command("cargo");
    cargo
        .args(["install", package, "--version", version, "--force"])
        .args(extra)
        .arg("--root")
        .arg(place::tools())
        .arg("--target-dir")
        .arg(&build)
        .envs(FAST);
    shell::run_quietly(&mut cargo, package)?;
    // A gigabyte that nothing needs again.
    fs::remove_dir_all(&build).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    match installed_version(binary) {
        Some(found) if found == version => Ok(()),
        found => bail!("{binary} {version} was installed, but {found:?} is what runs"),
    }
}

/// The version of a tool in the project's folder, as it tells it: `trunk 0.21.14`.
fn installed_version(binary: &str) -> Option<String> {
    let path = place::tools().join("bin").join(binary);
    let told = shell::text_of(shell::command(path.to_str()?).arg("--version")).ok()?;
    Some(told.split_whitespace().nth(1)?.to_owned())
}

/// The one version that both sides of the page must have is the one in the lock file.
fn wasm_bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(place::at("Cargo.lock")).context("Cargo.lock is missing")?;
    let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen\"");
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .context("Cargo.lock names no wasm-bindgen")
}

/// Installs wasm-opt, terser, Playwright and axe as the lock file says, unless that was done.
fn node_packages() -> Result<()> {
    let folder = place::page_tests();
    let want = stamp::of_files(&[folder.join("package-lock.json")])?;
    let done = folder.join("node_modules/.faultline");
    if stamp::read(&done) == Some(want) {
        return Ok(());
    }
    eprintln!("Installing the packages of tests/page (wasm-opt, terser, Playwright, axe)");
    let mut npm = shell::command("npm");
    npm.current_dir(&folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    shell::run_quietly(&mut npm, "npm ci")?;
    stamp::write(&done, want)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_compiler_is_known_by_its_number() {
        assert!(release("1.94.1") < release("1.95") && release("1.9.0") < release("1.95"));
        assert!(release("1.95.0") >= release("1.95") && release("1.100.0") > release("1.95"));
        assert!(release("1.97.0-nightly") > release("1.95") && release("2.0.0") > release("1.95"));
    }

    #[test]
    fn an_older_node_is_told_in_one_line() {
        for good in ["v20.11.0", "v22.4.1", "v100.0.0"] {
            node_will_do(good).expect("it is new enough");
        }
        for old in ["v18.19.0", "v20.10.0", "v8.0.0", "nonsense"] {
            let error = node_will_do(old).expect_err("it is too old").to_string();
            assert!(error.contains("20.11 or newer") && error.lines().count() == 1, "{error}");
        }
    }
}
