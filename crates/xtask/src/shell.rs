//! Running other programs, with one clear line when that cannot be done.

use crate::place;
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// A command in the root of the project that finds the project's own tools first.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(place::root())
        .env("PATH", path_with_tools())
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // A colour setting that some shells export and Trunk cannot read.
        .env_remove("NO_COLOR");
    command
}

fn path_with_tools() -> OsString {
    let mut folders = vec![place::tools().join("bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    // Joining fails only when a folder's name holds the separator; then the old path must do.
    std::env::join_paths(folders).unwrap_or_else(|_| std::env::var_os("PATH").unwrap_or_default())
}

/// Starts a command, and says what to do when its program is missing.
pub(crate) fn spawn(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| explain(error, &program_of(command)))
}

/// Runs a command to its end with its output in the terminal.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    Ok(spawn(command)?.wait()?)
}

/// Runs a command and keeps what it prints.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| explain(error, &program_of(command)))
}

/// What a command prints to its standard output, trimmed; an error if it fails.
pub(crate) fn text_of(command: &mut Command) -> Result<String> {
    let output = capture(command)?;
    if !output.status.success() {
        bail!(
            "{} failed: {}",
            program_of(command),
            last_words(&String::from_utf8_lossy(&output.stderr))
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a long quiet command: one line every half minute, and its last words if it fails.
pub(crate) fn run_quietly(command: &mut Command, name: &str) -> Result<()> {
    let started = Instant::now();
    let mut spoken = started;
    let mut heard: Vec<String> = Vec::new();
    let mut child = spawn(command.stdout(Stdio::null()).stderr(Stdio::piped()))?;
    let errors = child.stderr.take().context("the pipe was asked for")?;
    for line in BufReader::new(errors).lines().map_while(Result::ok) {
        heard.push(line);
        if spoken.elapsed() > Duration::from_secs(30) {
            spoken = Instant::now();
            let compiled = heard.iter().filter(|l| l.contains("Compiling ")).count();
            let seconds = started.elapsed().as_secs();
            println!("  {name}: {seconds} s, {compiled} crates compiled");
        }
    }
    if child.wait()?.success() {
        return Ok(());
    }
    let heard = heard.join("\n");
    bail!("{name} failed: {}{}", last_words(&heard), advice(&heard));
}

fn program_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// The line that names the error, or the last line that says anything.
fn last_words(text: &str) -> String {
    let line = text
        .lines()
        .find(|line| line.contains("error"))
        .or_else(|| text.lines().rfind(|line| !line.trim().is_empty()));
    line.unwrap_or("it said nothing").trim().to_owned()
}

/// What to do when the words of a failure tell of a closed network or a full disk.
fn advice(text: &str) -> &'static str {
    let closed = [
        "resolve host",
        "network",
        "timed out",
        "ENOTFOUND",
        "ECONNREFUSED",
        "EAI_AGAIN",
        "Connection refused",
        "failed to download",
        "download of",
        "error sending request",
    ];
    if closed.iter().any(|sign| text.contains(sign)) {
        " (is the network open? Run the same command again when it is: what was done is kept)"
    } else if text.contains("No space left") || text.contains("ENOSPC") {
        " (the disk is full)"
    } else {
        ""
    }
}

fn explain(error: std::io::Error, program: &str) -> anyhow::Error {
    if error.kind() != ErrorKind::NotFound {
        return anyhow::Error::new(error).context(format!("{program} could not be started"));
    }
    let cure = match program {
        "rustup" | "cargo" | "rustc" => "install Rust with rustup from https://rustup.rs",
        "node" | "npm" => "install Node 20 or newer, with npm, from https://nodejs.org",
        _ => "install it and try again",
    };
    anyhow::anyhow!("{program} is missing: {cure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_says_what_to_install() {
        let error = run(&mut Command::new("faultline-no-such-program")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "faultline-no-such-program is missing: install it and try again"
        );
    }

    #[test]
    fn a_closed_network_is_recognised() {
        assert!(advice("error: failed to download from …").contains("network"));
        assert_eq!(advice("error: expected `;`"), "");
    }
}
