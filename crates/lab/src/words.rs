//! The message catalogue: every text that anybody reads, by its id.
//!
//! The words stand in Fluent files beside what they speak of; at build time they are compiled into
//! one text (`build/words.rs`), so the page carries no parser. The page has a text of its own.
//! A table of pieces would be as quick, but its addresses weigh as much as the words.

use faultline_kernel::{Span, Time, Value};
use std::sync::LazyLock;

/// Messages and their patterns, in order of ids.
pub type Table = Vec<(&'static str, &'static str)>;

static WORDS: LazyLock<Table> =
    LazyLock::new(|| table(include_str!(concat!(env!("OUT_DIR"), "/words.txt"))));

/// The messages in a text that a build script makes of Fluent files.
#[must_use]
pub fn table(text: &'static str) -> Table {
    text.split('\0').filter_map(|message| message.split_once('\n')).collect()
}

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
    say_from(&WORDS, id, arguments).unwrap_or_else(|| id.to_owned())
}

/// The message of this id in a table, with these arguments.
#[must_use]
pub fn say_from(table: &Table, id: &str, arguments: &[(&str, Arg)]) -> Option<String> {
    let (_, pattern) = find(table, &[id])?;
    let mut text = String::new();
    write(pattern, 1, arguments, &mut text);
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
    match find(&WORDS, parts) {
        Some((_, pattern)) => write(pattern, 1, arguments, &mut text),
        None => text.push_str(parts.last().unwrap_or(&"")),
    }
    text
}

/// The id made of these parts, if the catalogue has it.
#[must_use]
pub fn id(parts: &[&str]) -> Option<&'static str> {
    find(&WORDS, parts).map(|(id, _)| id)
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

fn find(table: &Table, parts: &[&str]) -> Option<(&'static str, &'static str)> {
    let wanted = || {
        let rest = parts.iter().skip(1).flat_map(|part| b"-".iter().chain(part.as_bytes()));
        parts.first().map_or(&[][..], |first| first.as_bytes()).iter().chain(rest)
    };
    let place = table.binary_search_by(|(id, _)| id.as_bytes().iter().cmp(wanted())).ok()?;
    Some(table[place])
}

/// Words and arguments in turn, parted by the mark of this level; the next mark parts the variants
/// of a selection, each a key and a pattern.
fn write(pattern: &str, level: u8, arguments: &[(&str, Arg)], text: &mut String) {
    for (place, part) in pattern.split(char::from(level)).enumerate() {
        if place.is_multiple_of(2) {
            text.push_str(part);
            continue;
        }
        let mut parts = part.split(char::from(level + 1));
        let name = parts.next().unwrap_or(part);
        let value = arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let variants: Vec<&str> = parts.collect();
        let variant = |key: &str| variants.chunks(2).find(|variant| variant[0] == key);
        let key = value.map_or("", |value| &value.key);
        let one = if key == "1" { variant("one") } else { None };
        match one.or_else(|| variant(key)).or_else(|| variant("")) {
            Some(variant) => write(variant[1], level + 2, arguments, text),
            None => text.push_str(value.map_or(name, |value| &value.shown)),
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
    fn a_selection_goes_by_its_argument() {
        let pattern = "\u{1}node\u{1} has \u{1}count\u{2}0\u{2}nothing\u{2}one\u{2}one entry\
            \u{2}\u{2}\u{3}count\u{3} entries\u{1}.";
        let said = |count: u64| {
            let mut text = String::new();
            write(pattern, 1, &[("node", "n1".into()), ("count", count.into())], &mut text);
            text
        };
        let all = [0, 1, 12].map(said);
        assert_eq!(all, ["n1 has nothing.", "n1 has one entry.", "n1 has 12 entries."]);
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
