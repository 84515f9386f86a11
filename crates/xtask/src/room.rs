//! A new room: a copy of the smallest one under another name, and its line in the catalogue.

use crate::{place, shell, stamp};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// The one list of rooms.
const LIBRARY: &str = "crates/protocols/src/lib.rs";
const ROOMS: &str = "crates/protocols/src";
const ECHO: &str = "pub mod echo;";

/// What a name would mean something else as: Rust's keywords, and what every crate knows.
const TAKEN: [&str; 54] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue",
    "core", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen",
    "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "std", "struct", "super", "test", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// What a room is called: `two_phase` (its folder, module and id in links) and `TwoPhase`.
struct Name {
    id: String,
    kind: String,
}

/// A file and what is to stand in it.
pub(crate) type Written = (PathBuf, String);

/// Copies `echo` as `id` and enters it where rooms are listed. The first test run writes its
/// golden log; from there on it is yours to change.
pub(crate) fn create(id: &str) -> Result<()> {
    // Everything is made before anything is written: a failure leaves the house as it was.
    for (path, text) in planned(place::root(), id)? {
        // A golden log is written by the tests.
        if path.extension().is_none_or(|extension| extension != "log") {
            fs::create_dir_all(path.parent().context("a file has a folder")?)?;
            fs::write(path, text)?;
        }
    }
    shell::run(shell::command("cargo").args(["fmt", "--all"]))?;
    println!("{ROOMS}/{id}/ is a copy of echo: begin with message.rs.");
    println!("Its goldens are written by `FAULTLINE_UPDATE=1 cargo test -p faultline-tests`.");
    Ok(())
}

/// All that a new room is, in the checkout at `root`: the files of its folder, with the logs that
/// its scenarios will leave, and the list of rooms.
pub(crate) fn planned(root: &Path, id: &str) -> Result<Vec<Written>> {
    let name = Name::of(id)?;
    let rooms = root.join(ROOMS);
    let folder = rooms.join(&name.id);
    for taken in [folder.clone(), rooms.join(format!("{}.rs", name.id))] {
        ensure!(!taken.exists(), "{} exists already", place::shown(&taken));
    }
    let echo = rooms.join("echo");
    let mut written = Vec::new();
    for file in stamp::files_under(&echo)? {
        let text = fs::read_to_string(&file)?;
        if has_word(&text, &name.kind) {
            bail!("{} is a word of the room that is copied: take another name", name.kind);
        }
        written.push((folder.join(file.strip_prefix(&echo)?), renamed(&text, &name)));
    }
    let library = root.join(LIBRARY);
    let list = fs::read_to_string(&library).with_context(|| format!("{LIBRARY} is missing"))?;
    let (before, after) = list.split_once(ECHO).context("the list of rooms does not name echo")?;
    written.push((library, format!("{before}{ECHO}\npub mod {};{after}", name.id)));
    Ok(written)
}

impl Name {
    fn of(id: &str) -> Result<Self> {
        let word = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(|first| first.is_ascii_lowercase())
                && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if !id.split('_').all(word) {
            bail!("a room's name is small words such as two_phase, not {id:?}");
        }
        if TAKEN.contains(&id) {
            bail!("{id} means something in Rust: take another name, such as {id}_room");
        }
        let capital = |part: &str| part[..1].to_ascii_uppercase() + &part[1..];
        Ok(Self { id: id.to_owned(), kind: id.split('_').map(capital).collect() })
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a text has this very word.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c| !is_letter(c)).any(|found| found == word)
}

/// The room's type, its id in quotes, and its id in front of a message of the catalogue.
/// Words of the protocol such as `Echoed` stay: they are what is going to be rewritten.
fn renamed(text: &str, name: &Name) -> String {
    let text = text
        .replace("\"echo\"", &format!("\"{}\"", name.id))
        .replace("echo-", &format!("{}-", name.id));
    let mut result = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find("Echo") {
        let (before, found) = rest.split_at(start);
        let (word, after) = found.split_at("Echo".len());
        let longer = after.starts_with(is_letter);
        result.push_str(before);
        result.push_str(if longer { word } else { &name.kind });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_makes_a_type() {
        assert_eq!(Name::of("two_phase").expect("a good name").kind, "TwoPhase");
        for bad in ["", "Two", "a__b", "_a", "2pc", "../x", "a-b"] {
            assert!(Name::of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_that_would_not_compile_is_refused() {
        for bad in ["async", "self", "type", "gen", "alloc", "core", "test"] {
            assert!(planned(place::root(), bad).is_err(), "{bad}");
        }
        // Types of the copy, of the prelude, of the kernel; a file beside the rooms; a room.
        for bad in ["node", "message", "option", "some", "cx", "room", "quorum", "raft"] {
            assert!(planned(place::root(), bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_new_room_is_one_folder_and_one_line() {
        let root = place::root();
        let folder = root.join("crates/protocols/src/two_phase");
        let (inside, outside): (Vec<Written>, Vec<Written>) = planned(root, "two_phase")
            .expect("a good name")
            .into_iter()
            .partition(|(path, _)| path.starts_with(&folder));
        let has = |name: &str| inside.iter().any(|(path, _)| path.ends_with(name));
        assert!(has("mod.rs") && has("about.rs") && has("en.ftl") && has("there-and-back.toml"));
        let [(path, after)] = &outside[..] else { panic!("{} files change", outside.len()) };
        let before = fs::read_to_string(path).expect("it is there");
        let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
        let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
        assert_eq!(new, [&"pub mod two_phase;"]);
        assert_eq!(after.len(), before.len() + 1);
    }

    #[test]
    fn only_the_name_of_the_room_changes() {
        let name = Name::of("two_phase").expect("a good name");
        let before = "impl P for Echo { Echoed } id: \"echo\" echo-title = Echo, the echo server";
        let after = "impl P for TwoPhase { Echoed } id: \"two_phase\" \
            two_phase-title = TwoPhase, the echo server";
        assert_eq!(renamed(before, &name), after);
    }
}
