//! A scenario as TOML, as the command line reads it from a file.

#![no_main]
#![allow(dead_code, reason = "these are whole files of the command line")]

#[path = "../../../crates/cli/src/out.rs"]
mod out;
#[path = "../../../crates/cli/src/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    match source::from_toml(text) {
        Ok(scenario) => faultline_fuzz::play(Ok(scenario)),
        Err(out::Stop::Bad(what)) => assert!(what.len() < 20_000 + 4 * text.len()),
        Err(out::Stop::Closed) => unreachable!("nothing is written"),
    }
});
