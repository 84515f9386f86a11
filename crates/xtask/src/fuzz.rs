//! Feeding every parser input that is guided by coverage, for as long as somebody likes.

use crate::{place, setup, shell};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// The parsers, as `tests/fuzz/targets` has them.
const TARGETS: [&str; 7] = ["link", "scenario", "toml", "history", "message", "query", "arguments"];
const SECONDS: u64 = 60;
/// One piece of input may take so many seconds, and so many megabytes.
const MOST_SECONDS: &str = "-timeout=10";
const MOST_MEGABYTES: &str = "-rss_limit_mb=1024";

/// Runs one target or all, each for so many seconds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (targets, seconds) = asked(arguments)?;
    need_nightly()?;
    setup::for_fuzz()?;
    let corpus = place::target().join("fuzz/corpus");
    let mut seeds = shell::command("cargo");
    seeds.args(["run", "--quiet", "--profile", "test", "--package", "faultline-bench"]);
    seeds.args(["--bin", "corpus", "--"]).arg(&corpus);
    if !shell::run(&mut seeds)?.success() {
        bail!("the corpus could not be written; what it says is above");
    }
    for target in targets {
        println!("── {target}: {seconds} s");
        one(target, seconds)?;
    }
    println!("Nothing was found. What leads further is kept in {}", place::shown(&corpus));
    Ok(())
}

fn one(target: &str, seconds: u64) -> Result<()> {
    let folder = place::target().join("fuzz");
    let found = folder.join("found").join(target);
    std::fs::create_dir_all(&found)?;
    if !shell::run(cargo_fuzz("build").arg(target))?.success() {
        bail!("{target} could not be built; the compiler says why above");
    }
    let mut fuzz = cargo_fuzz("run");
    fuzz.arg(target)
        .arg(folder.join("corpus").join(target))
        .args(["--", MOST_SECONDS, MOST_MEGABYTES, "-max_len=40000", "-print_final_stats=1"])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()));
    if shell::run(&mut fuzz)?.success() {
        return Ok(());
    }
    bail!("{target}: the input that failed is the newest in {}", place::shown(&found));
}

/// `cargo fuzz` with the nightly compiler; all that is ours is safe Rust, so no sanitizer.
fn cargo_fuzz(command: &str) -> Command {
    let mut fuzz = shell::command("rustup");
    // The compiler that runs the toolbox must not be taken for the one that instruments.
    fuzz.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC");
    fuzz.args(["run", "nightly", "cargo-fuzz", command, "--sanitizer", "none", "--fuzz-dir"])
        .arg(place::at("tests/fuzz"))
        .arg("--target-dir")
        .arg(place::target().join("fuzz/build"));
    fuzz
}

fn asked(arguments: &[String]) -> Result<(Vec<&'static str>, u64)> {
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    for word in arguments {
        match (TARGETS.iter().find(|target| *target == word), word.parse()) {
            (Some(target), _) => targets.push(*target),
            (None, Ok(number)) => seconds = number,
            (None, Err(_)) => bail!("there is no target {word:?}: they are {}", TARGETS.join(", ")),
        }
    }
    Ok((if targets.is_empty() { TARGETS.to_vec() } else { targets }, seconds))
}

fn need_nightly() -> Result<()> {
    let list = shell::text_of(shell::command("rustup").args(["toolchain", "list"]));
    let list = list.context("fuzzing needs rustup")?;
    if list.lines().any(|line| line.starts_with("nightly-")) {
        return Ok(());
    }
    bail!(
        "fuzzing needs a nightly compiler: \
         run `rustup toolchain install nightly --profile minimal`, then this again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_seconds_may_be_named() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(asked(&words("link 5")).expect("both are known"), (vec!["link"], 5));
        assert_eq!(asked(&[]).expect("nothing is fine"), (TARGETS.to_vec(), SECONDS));
        let error = asked(&words("lnik")).expect_err("it is misspelt").to_string();
        assert!(error.contains("link, scenario"), "{error}");
    }

    #[test]
    fn the_targets_are_those_of_the_fuzz_crate() {
        let manifest = std::fs::read_to_string(place::at("tests/fuzz/Cargo.toml"));
        let manifest = manifest.expect("it is there");
        let named: Vec<&str> = manifest
            .lines()
            .filter_map(|line| line.strip_prefix("path = \"targets/")?.strip_suffix(".rs\""))
            .collect();
        assert_eq!(named, TARGETS);
    }
}
