//! Running every check and counting what passed.

use crate::{bench, browser, build, gate, newroom, place, setup, shell, tidy};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// How many checks of a stage passed, failed and were left out.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Count {
    /// One check that passed or failed.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u32::from(passed), failed: u32::from(!passed), skipped: 0 }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// `N passed, N failed`, as the closing line has it.
    pub(crate) fn told(self) -> String {
        let skipped = match self.skipped {
            0 => String::new(),
            count => format!(", {count} skipped"),
        };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

/// A stage: its name, what it does in words, and the work, which is given the test filters.
type Stage = (&'static str, &'static str, fn(&[String]) -> Result<Count>);

/// What is quick to fail comes first.
const STAGES: [Stage; 9] = [
    ("tidy", "house rules", |_| tidy::check()),
    ("format", "cargo fmt", |_| format()),
    ("lint", "clippy, natively and for the page", |_| lint()),
    ("unit", "unit tests, goldens and laws", unit),
    ("bare", "kernel and protocols without an operating system", |_| bare()),
    ("room", "a copy of the smallest room: one folder, one line", |_| newroom::check()),
    ("wasm", "the same logs in WebAssembly", wasm),
    ("page", "the release page", |_| page()),
    ("browser", "the page in Chromium", in_browser),
];

/// The names of the stages.
#[cfg(test)]
pub(crate) fn stages() -> Vec<&'static str> {
    STAGES.iter().map(|(name, ..)| *name).collect()
}

/// The stages that open pages.
const NEED_CHROMIUM: [&str; 2] = ["wasm", "browser"];

/// Runs the stages that the filters name, or all; other filters select tests by their names.
pub(crate) fn run(filters: &[String]) -> Result<ExitCode> {
    let is_stage = |word: &String| STAGES.iter().any(|(name, ..)| name == word);
    let (named, tests): (Vec<String>, Vec<String>) = filters.iter().cloned().partition(is_stage);
    let with_tests = ["unit", "wasm", "page", "browser"];
    let wanted = |name: &str| match (named.is_empty(), tests.is_empty()) {
        (false, _) => named.iter().any(|word| word == name),
        (true, true) => true,
        (true, false) => with_tests.contains(&name),
    };
    gate::refuse_what_weakens(std::env::vars_os())?;
    setup::for_tests()?;
    // Asked for now: learning that it is missing after ten minutes of other tests would be unkind.
    if NEED_CHROMIUM.iter().any(|name| wanted(name)) {
        browser::find_or_install()?;
    }
    let mut total = Count::default();
    let mut slow = Vec::new();
    for (name, meaning, work) in STAGES.iter().filter(|(name, ..)| wanted(name)) {
        println!("── {name}: {meaning}");
        let started = Instant::now();
        let count = work(&tests).unwrap_or_else(|error| {
            println!("error: {error:#}");
            Count::one(false)
        });
        let seconds = started.elapsed().as_secs_f64();
        slow.push(format!("{name:>8} {seconds:7.1} s  {}", count.told()));
        total.add(count);
    }
    println!("──\n{}\n", slow.join("\n"));
    println!("{}", total.told());
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn succeeds(command: &mut Command) -> Result<Count> {
    Ok(Count::one(shell::run(command)?.success()))
}

fn format() -> Result<Count> {
    succeeds(shell::command("cargo").args(["fmt", "--all", "--check"]))
}

fn lint() -> Result<Count> {
    let mut count = succeeds(shell::command("cargo").args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    count.add(succeeds(shell::command("cargo").args([
        "clippy",
        "--quiet",
        "--package",
        "faultline-web",
        "--target",
        setup::WASM,
        "--",
        "-D",
        "warnings",
    ]))?);
    Ok(count)
}

fn unit(filters: &[String]) -> Result<Count> {
    let mut cargo = shell::command("cargo");
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(filters);
    counted(&mut cargo, cargo_line)
}

/// `kernel` and `protocols` apart: another crate's features can switch the standard library on.
fn bare() -> Result<Count> {
    let mut count = Count::default();
    for package in ["faultline-kernel", "faultline-protocols"] {
        count.add(succeeds(shell::command("cargo").args([
            "build",
            "--quiet",
            "--package",
            package,
            "--target",
            setup::BARE,
        ]))?);
    }
    Ok(count)
}

/// The log of every scenario, and of long runs under faults, in WebAssembly, built as the page is,
/// in Node and in Chromium: each is held, byte for byte, against the one written natively.
fn wasm(filters: &[String]) -> Result<Count> {
    setup::for_page()?;
    let logs = bench::native_logs()?;
    let mut node = node_tests("tests/bench", filters)?;
    node.env("FAULTLINE_LOGS", logs).env("FAULTLINE_MODULE", bench::module()?);
    counted(&mut node, node_line)
}

fn page() -> Result<Count> {
    build::ensure_built(false)?;
    Ok(Count::one(true))
}

fn in_browser(filters: &[String]) -> Result<Count> {
    counted(&mut node_tests("tests/page", filters)?, node_line)
}

/// Node's test runner on the `*.test.mjs` of a folder, one file after another.
fn node_tests(folder: &str, filters: &[String]) -> Result<Command> {
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(place::at(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("{folder}/{name}"));
        }
    }
    files.sort();
    let mut node = shell::command("node");
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=1", "--test-timeout=600000"])
        .args(filters.iter().map(|filter| format!("--test-name-pattern={filter}")))
        .args(files)
        .env("CHROMIUM", browser::find_or_install()?);
    Ok(node)
}

/// Runs a command, passes its output on, and adds up what a reader finds in its lines.
/// A command that fails without naming a failed test counts as one failure.
fn counted(command: &mut Command, read: fn(&str) -> Count) -> Result<Count> {
    let mut child = shell::spawn(command.stdout(Stdio::piped()))?;
    let output = child.stdout.take().context("the pipe was asked for")?;
    let mut count = Count::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        count.add(read(&line));
    }
    if !child.wait()?.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; …`
fn cargo_line(line: &str) -> Count {
    let Some((_, numbers)) = line.trim_start().split_once("test result: ") else {
        return Count::default();
    };
    let number = |name: &str| {
        let before = numbers.split(name).next().unwrap_or("");
        before.split_whitespace().next_back().and_then(|word| word.parse().ok()).unwrap_or(0)
    };
    Count { passed: number(" passed"), failed: number(" failed"), skipped: number(" ignored") }
}

/// `# pass 5`, one of the last lines of Node's test runner.
fn node_line(line: &str) -> Count {
    let number = |name| line.strip_prefix(name).and_then(|n| n.trim().parse().ok()).unwrap_or(0);
    Count {
        passed: number("# pass "),
        failed: number("# fail ") + number("# cancelled "),
        skipped: number("# skipped ") + number("# todo "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_both_runners_are_understood() {
        let cargo = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered";
        assert_eq!(cargo_line(cargo), Count { passed: 12, failed: 1, skipped: 2 });
        assert_eq!(cargo_line("running 3 tests"), Count::default());
        assert_eq!(node_line("# pass 7"), Count { passed: 7, failed: 0, skipped: 0 });
        assert_eq!(node_line("# cancelled 1"), Count { passed: 0, failed: 1, skipped: 0 });
        assert_eq!(node_line("ok 1 - # pass 7"), Count::default());
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_when_there_are_some() {
        let mut count = Count::one(true);
        assert_eq!(count.told(), "1 passed, 0 failed");
        count.add(Count { skipped: 1, ..Count::default() });
        assert_eq!(count.told(), "1 passed, 0 failed, 1 skipped");
    }
}
