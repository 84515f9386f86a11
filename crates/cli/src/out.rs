//! What a command leaves behind: text, an exit code, or the reason why it stopped.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing is wrong.
    Fine = 0,
    /// A property broke, or what clients saw cannot be explained.
    Broken = 1,
    /// What came from outside is wrong.
    BadInput = 2,
    /// It was too much to be judged.
    Undecided = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped early.
#[derive(Debug)]
pub enum Stop {
    /// What came from outside is wrong.
    Bad(String),
    /// Nobody reads any more.
    Closed,
}

impl Stop {
    /// What came from outside is wrong: in a sentence.
    #[must_use]
    pub fn bad(what: impl Into<String>) -> Self {
        Self::Bad(what.into())
    }
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Bad(error.to_string())
    }
}

impl From<faultline_lab::Error> for Stop {
    fn from(error: faultline_lab::Error) -> Self {
        Self::Bad(error.to_string())
    }
}

/// The standard output, where a reader who leaves is no fault.
pub(crate) struct Out(BufWriter<Stdout>);

impl Out {
    pub(crate) fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout()))
    }

    pub(crate) fn write(&mut self, text: &str) -> Result<(), Stop> {
        self.0.write_all(text.as_bytes()).map_err(|error| stop(&error))
    }

    pub(crate) fn line(&mut self, text: &str) -> Result<(), Stop> {
        self.write(text)?;
        self.write("\n")
    }

    pub(crate) fn flush(&mut self) -> Result<(), Stop> {
        self.0.flush().map_err(|error| stop(&error))
    }

    /// How a command ends that has come to a verdict: a reader who leaves takes nothing of it back.
    pub(crate) fn end(&mut self, exit: Exit) -> Result<Exit, Stop> {
        match self.flush() {
            Ok(()) | Err(Stop::Closed) => Ok(exit),
            Err(stop) => Err(stop),
        }
    }

    pub(crate) fn help(&mut self, text: &str) -> Result<Exit, Stop> {
        self.write(text)?;
        Ok(Exit::Fine)
    }
}

fn stop(error: &io::Error) -> Stop {
    match error.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::Bad(format!("cannot write: {error}")),
    }
}

/// How many characters of a line are shown from its beginning, and from its end.
const SHOWN: [usize; 2] = [600, 200];

/// What is wrong, where each line keeps its beginning and its end: a line of a file may be as long
/// as the file.
pub(crate) fn shortened(what: &str) -> String {
    let [first, last] = SHOWN;
    let shorten = |line: &str| match line.chars().count().checked_sub(first + last) {
        None | Some(0) => line.to_owned(),
        Some(more) => {
            let head: String = line.chars().take(first).collect();
            let tail: String = line.chars().skip(first + more).collect();
            format!("{head} … {tail}")
        }
    };
    what.lines().map(shorten).collect::<Vec<_>>().join("\n")
}

/// Says something beside the output. If nobody hears it, that is no fault either.
pub(crate) fn aside(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says how far something has come, over what was said before. `None` wipes it.
pub(crate) fn progress(text: Option<&str>) {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K{}", text.unwrap_or_default());
    } else if let Some(text) = text {
        aside(text);
    }
}
