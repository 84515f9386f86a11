//! A scenario as JSON: what is in a link, or in a file that is dropped on the page.

#![no_main]

use faultline_lab::Scenario;

libfuzzer_sys::fuzz_target!(|json: &str| faultline_fuzz::play(Scenario::from_json(json)));
