//! The values of the command line: an option and its value in each line.

#![no_main]
#![allow(dead_code, reason = "these are whole files of the command line")]

#[path = "../../../crates/cli/src/arguments.rs"]
mod arguments;
#[path = "../../../crates/cli/src/out.rs"]
mod out;

use faultline_lab::Scenario;
use lexopt::{Arg, Parser};
use out::Stop;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut parser = Parser::from_args(text.lines());
    let mut scenario = Scenario::plain("raft", 1).expect("the room is there");
    while let Ok(Some(argument)) = parser.next() {
        if let Err(Stop::Bad(what)) = read(&argument, &mut parser, &mut scenario) {
            assert!(what.len() < 1_000 + 4 * text.len());
            return;
        }
    }
    if let Err(error) = scenario.check() {
        assert!(error.to_string().len() < 20_000 + text.len());
    }
});

/// As the commands read them.
fn read(argument: &Arg, parser: &mut Parser, scenario: &mut Scenario) -> Result<(), Stop> {
    match argument {
        Arg::Long("seed") => scenario.seed = arguments::number(parser, "--seed")?,
        Arg::Long("until") => scenario.until_us = Some(arguments::time(parser, "--until")?),
        Arg::Long("seeds") => assert!(!arguments::seeds(parser)?.is_empty()),
        Arg::Long("set") => arguments::set(scenario, &arguments::text(parser)?)?,
        _ => {}
    }
    Ok(())
}
