//! A scenario as TOML, as the command line reads it from a file.

#![no_main]
use faultline_cli::{out, source};

libfuzzer_sys::fuzz_target!(|text: &str| {
    match source::from_toml(text) {
        Ok(scenario) => faultline_fuzz::play(Ok(scenario)),
        Err(out::Stop::Bad(what)) => assert!(what.len() < 20_000 + 4 * text.len()),
        Err(out::Stop::Closed) => unreachable!("nothing is written"),
    }
});
