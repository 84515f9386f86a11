//! How much is tried: enough for every day, or more when somebody asks for it.

use std::env;

/// The number in this variable of the environment, or `usual`.
pub(crate) fn effort(variable: &str, usual: u64) -> u64 {
    env::var(variable).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}
