//! The values of the command line: an option and its value in each line.

#![no_main]
use faultline_cli::arguments;
use faultline_cli::out::Stop;
use faultline_lab::Scenario;
use lexopt::{Arg, Parser};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut parser = Parser::from_args(text.lines());
    let mut scenario = Scenario::plain("raft", 1).expect("the room is there");
    loop {
        match read(&mut parser, &mut scenario) {
            Ok(true) => {}
            Ok(false) => break,
            Err(Stop::Bad(what)) => {
                assert!(what.len() < 1_000 + 4 * text.len());
                return;
            }
            Err(Stop::Closed) => unreachable!("nothing is written"),
        }
    }
    if let Err(error) = scenario.check() {
        assert!(error.to_string().len() < 20_000 + text.len());
    }
});

/// Reads one argument as the commands do; `false` when there are no more.
fn read(parser: &mut Parser, scenario: &mut Scenario) -> Result<bool, Stop> {
    match parser.next()? {
        Some(Arg::Long("seed")) => scenario.seed = arguments::number(parser, "--seed")?,
        Some(Arg::Long("until")) => scenario.until_us = Some(arguments::time(parser, "--until")?),
        Some(Arg::Long("seeds")) => assert!(!arguments::seeds(parser)?.is_empty()),
        Some(Arg::Long("shard")) => drop(arguments::shard(&arguments::text(parser)?)?),
        Some(Arg::Long("metrics")) => drop(arguments::metrics(&arguments::text(parser)?)?),
        Some(Arg::Long("values")) => drop(arguments::values(&arguments::text(parser)?)?),
        Some(Arg::Long("set")) => arguments::set(scenario, &arguments::text(parser)?)?,
        Some(_) => {}
        None => return Ok(false),
    }
    Ok(true)
}
