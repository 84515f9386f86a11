//! `faultline`: runs, checks and judges without a page.
//!
//! Each command is a file with the text of its help and a function from arguments to an [`Exit`].
//! It **never** knows a protocol: all it asks, it asks of the lab.
//! It is a library so that tests can give its parsers what they like.

#![forbid(unsafe_code)]

pub mod arguments;
mod check;
mod crowd;
mod draw;
mod linearize;
mod link;
mod list;
pub mod out;
mod rows;
mod run;
pub mod source;
mod sweep;

use lexopt::{Arg, Parser};
use out::{Exit, Out, Stop};
use std::process::ExitCode;

const HELP: &str = "\
A laboratory for distributed systems, in a terminal.

faultline list [--json]                  rooms (a room holds a protocol), scenarios, knobs,
                                         metrics, properties
faultline run SCENARIO [options]         play a scenario and write down what happens
faultline check SCENARIO --seeds 1..1000 [--chaos] [--linearizable]
                                         look for a seed under which a property breaks, or under
                                         which what clients saw is not linearizable
faultline sweep SCENARIO --seeds 1..100 --metrics a,b,c [options]
                                         a table of numbers, one row for each run
faultline linearize --model register|kv FILE
                                         judge what clients saw
faultline draw SCENARIO --at 1.2s [--view graph|spacetime|log] -o picture.svg
                                         a picture of a moment
faultline link encode SCENARIO           a scenario as the end of a link
faultline link decode LINK               a link as a scenario file

SCENARIO is a file (.toml or .json), an id such as raft/figure-8-lost, or a link, with or without
everything before its #.
faultline COMMAND --help tells more about each command.

Exit code: 0 fine; 1 a property broke, or a history is not linearizable; 2 bad input; 3 undecided.
";

/// Does what the arguments of the program ask.
#[must_use]
pub fn main() -> ExitCode {
    let mut out = Out::new();
    let stop = match dispatch(&mut Parser::from_env(), &mut out).and_then(|exit| out.end(exit)) {
        Ok(exit) => return exit.into(),
        Err(stop) => stop,
    };
    match stop {
        // Whoever reads has seen enough.
        Stop::Closed => ExitCode::SUCCESS,
        Stop::Bad(what) => {
            // What was written before stays true; if it cannot be written, what was wrong matters.
            let _ = out.flush();
            out::aside(&out::shortened(&format!("faultline: {what}")));
            Exit::BadInput.into()
        }
    }
}

fn dispatch(parser: &mut Parser, out: &mut Out) -> Result<Exit, Stop> {
    let command = match parser.next()? {
        None => {
            out::aside(HELP.trim_end());
            return Ok(Exit::BadInput);
        }
        Some(Arg::Long("help") | Arg::Short('h')) => return out.help(HELP),
        Some(Arg::Long("version") | Arg::Short('V')) => {
            return out.help(concat!("faultline ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Some(Arg::Value(command)) => command,
        Some(option) => return Err(option.unexpected().into()),
    };
    match command.to_str() {
        Some("list") => list::main(parser, out),
        Some("run") => run::main(parser, out),
        Some("check") => check::main(parser, out),
        Some("sweep") => sweep::main(parser, out),
        Some("draw") => draw::main(parser, out),
        Some("linearize") => linearize::main(parser, out),
        Some("link") => link::main(parser, out),
        Some("help") => match parser.next()? {
            Some(Arg::Value(command)) => {
                dispatch(&mut Parser::from_args([command, "--help".into()]), out)
            }
            _ => out.help(HELP),
        },
        _ => {
            let command = command.to_string_lossy();
            Err(Stop::bad(format!("there is no command “{command}”; faultline --help lists them")))
        }
    }
}
