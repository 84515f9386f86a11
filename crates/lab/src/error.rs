//! What can be wrong with what comes from outside.

use crate::words::shortened;
use std::fmt;

/// How many characters of what is wrong are said: it may quote what came from outside.
const SAID_MOST: usize = 500;

/// What is wrong, and where, in one sentence. Nothing has changed when one is returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    message: String,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: shortened(message.into(), SAID_MOST) }
    }

    /// The same, said to be about one part of a larger thing.
    pub(crate) fn within(self, place: &str) -> Self {
        Self { message: format!("{place}: {}", self.message) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_wrong_is_said_in_a_few_words_and_with_its_place() {
        let json = ["{\"", &"x".repeat(100_000), "\": 1}"].concat();
        let said = crate::Scenario::from_json(&json).expect_err("no such field").to_string();
        assert!(said.chars().count() <= super::SAID_MOST, "{said}");
        assert!(said.starts_with("unknown field `xxx") && said.contains("line 1 column"), "{said}");
    }
}
