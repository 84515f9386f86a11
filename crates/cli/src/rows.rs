//! Where the rows of a sweep go: the standard output, or a file that can be gone on with.

use crate::out::{Out, Stop};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};

/// Rows, one after the other.
pub(crate) struct Rows<'o> {
    place: Place<'o>,
    known: Known,
}

/// The keys of the rows that are there already, and whether their runs were too long.
pub(crate) type Known = BTreeMap<String, bool>;

enum Place<'o> {
    Out(&'o mut Out),
    File { name: String, file: BufWriter<File> },
}

/// How every row begins.
const BEGIN: &str = "{\"key\":\"";

/// What is read of a row that is there already.
#[derive(Deserialize)]
struct Written {
    key: String,
    undecided: Option<String>,
}

impl<'o> Rows<'o> {
    /// Opens a file, which must be new, or, with `resume`, may hold rows.
    pub(crate) fn open(name: Option<&str>, resume: bool, out: &'o mut Out) -> Result<Self, Stop> {
        let Some(name) = name else {
            return Ok(Self { place: Place::Out(out), known: Known::new() });
        };
        let bad = |what: String| Stop::bad(format!("{name}: {what}"));
        let mut known = Known::new();
        let file = if resume && fs::exists(name).unwrap_or(false) {
            let text = fs::read_to_string(name);
            let text = text.map_err(|error| bad(format!("cannot be read: {error}")))?;
            // A line without an end was being written when the work was stopped.
            let whole = text.rfind('\n').map_or(0, |end| end + 1);
            for (number, line) in (1..).zip(text[..whole].lines()) {
                let row: Result<Written, _> = serde_json::from_str(line);
                let row = row.map_err(|error| bad(format!("line {number} is no row: {error}")))?;
                known.insert(row.key, row.undecided.is_some());
            }
            let begun = &text[whole..];
            if !begun.starts_with(BEGIN) && !BEGIN.starts_with(begun) {
                return Err(bad("its last line is no row, nor the beginning of one".into()));
            }
            let file = OpenOptions::new().append(true).open(name);
            file.and_then(|file| file.set_len(whole as u64).map(|()| file))
        } else {
            OpenOptions::new().write(true).create_new(true).open(name)
        };
        let file = file.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                bad("it is there already; --resume goes on with it".into())
            }
            _ => bad(format!("cannot be written: {error}")),
        })?;
        let file = BufWriter::new(file);
        Ok(Self { place: Place::File { name: name.to_owned(), file }, known })
    }

    /// The keys of the rows that are there already.
    pub(crate) fn known(&mut self) -> Known {
        std::mem::take(&mut self.known)
    }

    pub(crate) fn write(&mut self, row: &Value) -> Result<(), Stop> {
        match &mut self.place {
            Place::Out(out) => out.line(&row.to_string()),
            // A row may have taken long: it is kept as soon as it is there.
            Place::File { name, file } => writeln!(file, "{row}")
                .and_then(|()| file.flush())
                .map_err(|error| Stop::bad(format!("{name}: cannot be written: {error}"))),
        }
    }

    pub(crate) fn close(self) -> Result<(), Stop> {
        match self.place {
            Place::Out(out) => out.flush(),
            Place::File { name, mut file } => file
                .flush()
                .map_err(|error| Stop::bad(format!("{name}: cannot be written: {error}"))),
        }
    }
}
