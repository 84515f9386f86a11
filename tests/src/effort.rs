//! How much is tried: enough for every day, or more when somebody asks for it; and what came of it.

use std::env;
use std::io::{Write, stdout};

/// The number in this variable of the environment, or `usual` if it asks for less: nobody can make
/// a test pass by trying less.
pub(crate) fn effort(variable: &str, usual: u64) -> u64 {
    asked(env::var(variable).ok().as_deref(), usual)
}

fn asked(number: Option<&str>, usual: u64) -> u64 {
    let number = number.map(|number| number.parse::<u64>());
    number.map_or(usual, |number| number.expect("an effort is a number").max(usual))
}

/// Says what came of it, also when the test passes: `println!` would be kept for failures.
pub(crate) fn say(line: &str) {
    writeln!(stdout(), "{line}").expect("somebody listens");
}

#[test]
fn an_effort_has_a_floor() {
    assert_eq!(
        [None, Some("0"), Some("7"), Some("70")].map(|asked_for| asked(asked_for, 10)),
        [10, 10, 10, 70]
    );
}

#[test]
#[should_panic(expected = "an effort is a number")]
fn an_effort_that_is_no_number_is_not_taken_for_nothing() {
    asked(Some("many"), 10);
}
