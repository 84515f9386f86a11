//! What another program said on its standard error, kept short: its error, its last line, and
//! whether the network or the disk is to blame.

/// How many characters of a line are kept.
const SHOWN_MAX: usize = 400;

/// The signs of a closed network.
const CLOSED: [&str; 14] = [
    "resolve host",
    "failure resolving",
    "Could not resolve",
    "network",
    "timed out",
    "ENOTFOUND",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "Connection refused",
    "could not connect",
    "failed to download",
    "download of",
    "Failed to fetch",
    "error sending request",
];

/// The first words of lines that only say what is done: cargo's and rustup's.
const PROGRESS: [&str; 13] = [
    "Compiling",
    "Checking",
    "Downloading",
    "Downloaded",
    "Updating",
    "Locking",
    "Adding",
    "Fresh",
    "Building",
    "Installing",
    "Finished",
    "Unpacking",
    "info:",
];

/// What was heard so far; it does not grow.
#[derive(Default)]
pub(crate) struct Heard {
    error: Option<String>,
    last: String,
    compiled: u32,
    closed: bool,
    full: bool,
}

impl Heard {
    /// All of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut heard = Self::default();
        text.lines().for_each(|line| heard.line(line));
        heard
    }

    /// One more line.
    pub(crate) fn line(&mut self, line: &str) {
        let line = line.trim();
        let first = line.split_whitespace().next().unwrap_or("");
        if first.is_empty() {
            return;
        }
        let shown = || line.chars().take(SHOWN_MAX).collect::<String>();
        self.compiled += u32::from(first == "Compiling");
        // A crate may be called anything, also `network`.
        if !PROGRESS.contains(&first) {
            self.closed |= CLOSED.iter().any(|sign| line.contains(sign));
            self.full |= line.contains("No space left") || line.contains("ENOSPC");
            if self.error.is_none() && is_error(line) {
                self.error = Some(shown());
            }
        }
        self.last = shown();
    }

    /// How many crates cargo compiled.
    pub(crate) fn compiled(&self) -> u32 {
        self.compiled
    }

    /// The line that names the error, or the last line that says anything; and what to do.
    pub(crate) fn told(&self) -> String {
        let said = match &self.error {
            Some(error) => error,
            None if self.last.is_empty() => "it said nothing",
            None => &self.last,
        };
        let advice = if self.full {
            " (the disk is full)"
        } else if self.closed {
            " (is the network open? Run the same command again when it is: what was done is kept)"
        } else {
            ""
        };
        format!("{said}{advice}")
    }
}

/// Whether a line begins as errors of cargo, rustup, npm, apt, Trunk and Node begin.
fn is_error(line: &str) -> bool {
    let begins = ["error:", "error[", "npm error", "npm ERR!", "E:", "ERROR", "Error:", "fatal:"];
    begins.iter().any(|sign| line.starts_with(sign)) || line.contains(" ERROR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_network_is_recognised() {
        for text in [
            "error: failed to download from …",
            "Err:1 a mirror\n  Temporary failure resolving 'a mirror'\nE: Failed to fetch …",
            "npm error code ENOTFOUND",
        ] {
            assert!(Heard::of(text).told().contains("is the network open?"), "{text}");
        }
        assert_eq!(Heard::of("error: expected `;`").told(), "error: expected `;`");
        let text = "  Compiling network-interface v1.0.0\nerror: expected `;`";
        assert_eq!(Heard::of(text).told(), "error: expected `;`");
    }

    #[test]
    fn the_error_is_not_the_name_of_a_crate() {
        let text = "\
  Compiling thiserror v2.0.0
  Compiling trunk v0.21.14
warning: unused variable: `error`
error[E0432]: unresolved import `x`
error: could not compile `trunk`
";
        let heard = Heard::of(text);
        assert_eq!(heard.told(), "error[E0432]: unresolved import `x`");
        assert_eq!(heard.compiled(), 2);
    }

    #[test]
    fn without_an_error_the_last_line_is_told() {
        assert_eq!(Heard::of("one\n  two\n\n").told(), "two");
        assert_eq!(Heard::of("").told(), "it said nothing");
        assert_eq!(Heard::of(&"x".repeat(9_000)).told().len(), SHOWN_MAX);
        assert_eq!(
            Heard::of("No space left on device").told(),
            "No space left on device (the disk is full)"
        );
    }
}
