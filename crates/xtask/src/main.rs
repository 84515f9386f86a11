//! The toolbox of Faultline: `cargo xtask <command>`.
//!
//! It sets up whatever a command needs, in an ignored folder of the project, and says what it
//! does while it does it. It knows nothing of the other crates.

#![expect(
    clippy::disallowed_types,
    reason = "the toolbox measures real seconds; the rule is for what runs in virtual time"
)]

mod bench;
mod browser;
mod build;
mod fuzz;
mod gate;
mod heard;
mod newroom;
mod place;
mod room;
mod serve;
mod setup;
mod shell;
mod shrink;
mod sizes;
mod stamp;
mod test;
mod tidy;

use anyhow::{Result, bail};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  serve [--port N]       build the page if needed and serve it on this machine
  build [--debug-names]  build the page into dist/
  test [filter…]         run every check, or the stages or tests that a filter names
  bench [part…]          measure; one JSON object per line
  fuzz [target…] [N]     feed every parser, or these, what coverage leads to, each for N seconds
  reproduce [N] [room…]  the numbers of the papers, beside ours
  nightly [SEEDS]        ten thousand seeds of random faults, or so many, for every room that agrees
                         on something, and what clients saw: a table
  tidy                   check the house rules
  new-protocol NAME      copy the echo room under another name
  setup                  install what is missing, and nothing else

Stages of test: tidy format lint unit bare room wasm page browser.
Parts of bench: native node chromium page rooms.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(ExitCode::FAILURE);
    };
    match command.as_str() {
        "setup" => setup::everything()?,
        "build" => build::run(flag(rest, "--debug-names")?)?,
        "serve" => serve::run(port(rest)?)?,
        "test" => return test::run(rest),
        "tidy" => return tidy::run(),
        "bench" => bench::run(rest)?,
        "fuzz" => fuzz::run(rest)?,
        "nightly" => return bench::nightly(rest),
        "reproduce" => bench::reproduce(rest)?,
        "new-protocol" => match rest {
            [name] => room::create(name)?,
            _ => bail!("name the new room: cargo xtask new-protocol two_phase"),
        },
        "help" | "--help" | "-h" => print!("{HELP}"),
        other => bail!("there is no command {other:?}; `cargo xtask help` lists them"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the only flag that a command knows was given.
fn flag(arguments: &[String], name: &str) -> Result<bool> {
    match arguments {
        [] => Ok(false),
        [given] if given == name => Ok(true),
        _ => bail!("the only argument here is {name}"),
    }
}

fn port(arguments: &[String]) -> Result<Option<u16>> {
    match arguments {
        [] => Ok(None),
        [name, number] if name == "--port" => match number.parse() {
            Ok(port) => Ok(Some(port)),
            Err(_) => bail!("--port wants a number from 0 to 65535, not {number:?}"),
        },
        _ => bail!("the only argument here is --port N"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_stage_and_every_part() {
        let named = |start: &str| {
            let line = HELP.lines().find_map(|line| line.strip_prefix(start)).expect("it is there");
            line.trim_end_matches('.').split(' ').map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(named("Stages of test: "), test::stages());
        assert_eq!(named("Parts of bench: "), bench::parts());
    }
}
