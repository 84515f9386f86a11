//! How much is tried: enough for every day, or more when somebody asks for it; and what came of it.

use std::env;
use std::io::{Write, stdout};

/// The number in this variable of the environment, or `usual`.
pub(crate) fn effort(variable: &str, usual: u64) -> u64 {
    env::var(variable).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// Says what came of it, also when the test passes: `println!` would be kept for failures.
pub(crate) fn say(line: &str) {
    writeln!(stdout(), "{line}").expect("somebody listens");
}
