//! The message catalogue: every text that anybody reads, by its id.
//!
//! The words stand in Fluent files beside what they speak of; they are compiled at build time into
//! the table below, so the page carries no parser. The page has a table of its own.

use faultline_kernel::{Span, Time, Value};

/// A part of a message.
pub enum Piece {
    /// As it is.
    Text(&'static str),
    /// What the argument of this name shows.
    Argument(&'static str),
    /// The argument, and what to say for each of its values; `""` stands for any other.
    Select(&'static str, &'static [(&'static str, &'static [Piece])]),
}

/// Messages by their ids, in order of ids: a build script makes such a table of Fluent files.
pub type Table = &'static [(&'static str, &'static [Piece])];

static WORDS: Table = include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// An argument of a message: what is shown, and what selections go by.
#[derive(Clone, Debug)]
pub struct Arg {
    key: String,
    shown: String,
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self { key: text.to_owned(), shown: text.to_owned() }
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self { key: text.clone(), shown: text }
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        number.to_string().into()
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        u64::from(number).into()
    }
}

impl Arg {
    /// A value as said in the words of a room.
    #[must_use]
    pub fn value(room: &str, value: Value) -> Self {
        match value {
            Value::Nothing => Self { key: "none".into(), shown: plain("word-nothing") },
            Value::Number(number) => number.into(),
            Value::Node(node) => node.to_string().into(),
            Value::Span(length) => span(length).into(),
            Value::Word(id) => Self { key: id.into(), shown: word(&[room, "word", id]) },
            Value::Label(label) => label.as_str().into(),
        }
    }
}

/// The message of this id, with these arguments; the id itself if there is none.
#[must_use]
pub fn say(id: &str, arguments: &[(&str, Arg)]) -> String {
    say_from(WORDS, id, arguments).unwrap_or_else(|| id.to_owned())
}

/// The message of this id in a table, with these arguments.
#[must_use]
pub fn say_from(table: Table, id: &str, arguments: &[(&str, Arg)]) -> Option<String> {
    let (_, pieces) = find(table, &[id])?;
    let mut text = String::new();
    write(pieces, arguments, &mut text);
    Some(text)
}

/// The message of this id, which takes no arguments.
#[must_use]
pub fn plain(id: &str) -> String {
    say(id, &[])
}

/// The message whose id is made of these parts, joined by hyphens; the last part if there is none.
#[must_use]
pub fn word(parts: &[&str]) -> String {
    say_parts(parts, &[])
}

/// The message whose id is made of these parts, with these arguments.
#[must_use]
pub fn say_parts(parts: &[&str], arguments: &[(&str, Arg)]) -> String {
    let mut text = String::new();
    match find(WORDS, parts) {
        Some((_, pieces)) => write(pieces, arguments, &mut text),
        None => text.push_str(parts.last().unwrap_or(&"")),
    }
    text
}

/// The id made of these parts, if the catalogue has it.
#[must_use]
pub fn id(parts: &[&str]) -> Option<&'static str> {
    find(WORDS, parts).map(|(id, _)| id)
}

/// Every id in the catalogue.
pub fn ids() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(id, _)| *id)
}

/// The text, or so many characters of it: its middle is left out if it is longer.
#[must_use]
pub fn shortened(text: String, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text;
    }
    let (head, tail) = (most * 2 / 3, most - most * 2 / 3 - 1);
    let shown = |(place, letter)| match place {
        place if place < head || place >= count - tail => Some(letter),
        place if place == head => Some('…'),
        _ => None,
    };
    text.chars().enumerate().filter_map(shown).collect()
}

/// A length of time as people write it.
#[must_use]
pub fn span(span: Span) -> String {
    let (id, number) = match span.0 {
        us if us < 1_000 => ("word-micros", us.to_string()),
        us if us < 10_000 => ("word-millis", decimal(us, 1_000)),
        us if us < 1_000_000 => ("word-millis", ((us + 500) / 1_000).to_string()),
        us => ("word-seconds", decimal(us, 1_000_000)),
    };
    say(id, &[("number", number.into())])
}

/// A moment as clocks show it, in seconds.
#[must_use]
pub fn seconds(time: Time) -> String {
    let millis = time.0 / 1_000;
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// A number of thousandths with at most one digit behind the point.
fn decimal(number: u64, whole: u64) -> String {
    let tenths = (number * 10 + whole / 2) / whole;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        digit => format!("{}.{digit}", tenths / 10),
    }
}

fn find(table: Table, parts: &[&str]) -> Option<(&'static str, &'static [Piece])> {
    let wanted = || {
        let rest = parts.iter().skip(1).flat_map(|part| b"-".iter().chain(part.as_bytes()));
        parts.first().map_or(&[][..], |first| first.as_bytes()).iter().chain(rest)
    };
    let place = table.binary_search_by(|(id, _)| id.as_bytes().iter().cmp(wanted())).ok()?;
    Some(table[place])
}

fn write(pieces: &[Piece], arguments: &[(&str, Arg)], text: &mut String) {
    let argument = |name: &str| arguments.iter().find(|(known, _)| *known == name);
    for piece in pieces {
        match piece {
            Piece::Text(words) => text.push_str(words),
            Piece::Argument(name) => {
                text.push_str(argument(name).map_or(*name, |(_, value)| &value.shown));
            }
            Piece::Select(name, arms) => {
                let key = argument(name).map_or("", |(_, value)| &value.key);
                let key =
                    if key == "1" && arms.iter().any(|arm| arm.0 == "one") { "one" } else { key };
                let arm = arms.iter().find(|arm| arm.0 == key);
                if let Some(arm) = arm.or_else(|| arms.iter().find(|arm| arm.0.is_empty())) {
                    write(arm.1, arguments, text);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_takes_its_arguments() {
        let said = say(
            "event-send",
            &[("node", "n1".into()), ("message", "a vote".into()), ("other", "n2".into())],
        );
        assert_eq!(said, "n1 sends a vote to n2.");
        assert_eq!(word(&["echo", "role", "idle"]), "idle");
        assert_eq!(plain("no-such-id"), "no-such-id");
    }

    #[test]
    fn a_long_text_loses_its_middle() {
        assert_eq!(shortened("as it is".into(), 8), "as it is");
        assert_eq!(shortened("größer als erlaubt".into(), 9), "größer…bt");
    }

    #[test]
    fn lengths_of_time_are_rounded_to_what_matters() {
        let cases = [(7, "7 µs"), (1_500, "1.5 ms"), (182_345, "182 ms"), (2_000_000, "2 s")];
        for (us, said) in cases {
            assert_eq!(span(Span(us)), said);
        }
    }
}
