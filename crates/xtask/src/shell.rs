//! Running other programs, with one clear line when that cannot be done.

use crate::heard::Heard;
use crate::place;
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// How often a long quiet command is told to be still at work.
const WORD_EVERY: Duration = Duration::from_secs(30);
/// How many bytes of a line are looked at together.
const LINE_BYTES_MAX: u64 = 4_096;
/// How many lines may wait to be looked at.
const LINES_WAITING_MAX: usize = 256;

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

/// The same, with all its output on the standard error: the standard output is for results.
pub(crate) fn run_aside(command: &mut Command) -> Result<ExitStatus> {
    run(command.stdout(std::io::stderr()))
}

/// Runs a command and keeps what it prints.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| explain(error, &program_of(command)))
}

/// What a command prints to its standard output, trimmed; an error if it fails.
pub(crate) fn text_of(command: &mut Command) -> Result<String> {
    let output = capture(command)?;
    if !output.status.success() {
        let heard = Heard::of(&String::from_utf8_lossy(&output.stderr));
        bail!("{} failed: {}", program_of(command), heard.told());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a long quiet command: one line every half minute, also while it says nothing, and its last
/// words if it fails.
pub(crate) fn run_quietly(command: &mut Command, name: &str) -> Result<()> {
    run_with_words(command, name, WORD_EVERY, |word| eprintln!("{word}"))
}

fn run_with_words(
    command: &mut Command,
    name: &str,
    every: Duration,
    mut say: impl FnMut(String),
) -> Result<()> {
    let started = Instant::now();
    let mut due = started + every;
    let mut heard = Heard::default();
    let mut child = spawn(command.stdout(Stdio::null()).stderr(Stdio::piped()))?;
    let errors = child.stderr.take().context("the pipe was asked for")?;
    let (sender, lines) = sync_channel(LINES_WAITING_MAX);
    let listener = std::thread::spawn(move || listen(errors, &sender));
    loop {
        match lines.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(line) => heard.line(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if Instant::now() >= due {
            due = Instant::now() + every;
            let compiled = match heard.compiled() {
                0 => String::new(),
                count => format!(", {count} crates compiled"),
            };
            say(format!("  {name}: {} s{compiled}", started.elapsed().as_secs()));
        }
    }
    // It ends when the pipe does, and there is nothing in it that could panic.
    let _ = listener.join();
    if child.wait()?.success() {
        return Ok(());
    }
    bail!("{name} failed: {}", heard.told());
}

/// Passes on line after line; what is not UTF-8 is shown as good as it goes, and a line without an
/// end comes in pieces.
fn listen(pipe: impl Read, lines: &SyncSender<String>) {
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    // A pipe that cannot be read has ended, for us.
    while let Ok(1..) = (&mut pipe).take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
        if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            break;
        }
        line.clear();
    }
}

fn program_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn explain(error: std::io::Error, program: &str) -> anyhow::Error {
    if error.kind() != ErrorKind::NotFound {
        return anyhow::Error::new(error).context(format!("{program} could not be started"));
    }
    let cure = match program {
        "rustup" | "cargo" | "rustc" => "install Rust with rustup from https://rustup.rs",
        "node" | "npm" => "install Node 20.11 or newer, with npm, from https://nodejs.org",
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

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn a_silent_command_is_told_to_be_at_work() {
        let mut words = Vec::new();
        let every = Duration::from_millis(20);
        run_with_words(&mut shell("sleep 0.5"), "sleeping", every, |word| words.push(word))
            .expect("it can sleep");
        assert!(words.len() > 2, "{words:?}");
        assert_eq!(words[0], "  sleeping: 0 s");
    }

    #[test]
    fn what_comes_after_a_line_that_is_no_text_is_heard() {
        let script = r"printf '\377\376\n' >&2; echo 'error: the disk is full' >&2; exit 1";
        let error = run_quietly(&mut shell(script), "it").expect_err("it exits 1");
        assert_eq!(error.to_string(), "it failed: error: the disk is full");
    }

    #[test]
    fn a_line_without_an_end_is_heard_in_pieces() {
        let (sender, lines) = sync_channel(LINES_WAITING_MAX);
        listen(&*vec![b'x'; 10_000], &sender);
        drop(sender);
        let lengths: Vec<usize> = lines.iter().map(|line| line.len()).collect();
        assert_eq!(lengths, [4_096, 4_096, 1_808]);
    }
}
