//! Compiles the words and the library at build time, so that the page carries no parser for them.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut rooms = folders(&here.join("../protocols/src"));
    leave_out(&mut rooms);
    let mut words = vec![here.join("src/words/en.ftl"), here.join("../../web/words/en.ftl")];
    words.extend(rooms.iter().map(|room| room.join("en.ftl")));
    fs::write(out.join("words.rs"), compile_words(&words)).expect("the output folder is ours");
    fs::write(out.join("library.rs"), compile_library(&rooms)).expect("the output folder is ours");
}

/// A room that the bench wants left out: its code (by a `cfg`), its words and its scenarios.
fn leave_out(rooms: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-env-changed=FAULTLINE_WITHOUT");
    println!("cargo:rustc-check-cfg=cfg(without, values(any()))");
    let Ok(without) = env::var("FAULTLINE_WITHOUT") else { return };
    println!("cargo:rustc-cfg=without={without:?}");
    rooms.retain(|room| !room.ends_with(&without));
}

/// The folders in `parent`, in order of their names.
fn folders(parent: &Path) -> Vec<PathBuf> {
    watch(parent);
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{parent:?}: {error}"));
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}

/// Every message of every file, in order of ids.
fn compile_words(files: &[PathBuf]) -> String {
    let mut messages = BTreeMap::new();
    for file in files {
        watch(file);
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        let resource = fluent_syntax::parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{file:?}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let pattern = message.value.expect("a message has a value");
            let earlier = messages.insert(message.id.name.to_owned(), pieces(&pattern));
            assert!(earlier.is_none(), "{file:?}: {} is there twice", message.id.name);
        }
    }
    let mut source = String::from("static WORDS: &[(&str, &[Piece])] = &[\n");
    for (id, pieces) in messages {
        writeln!(source, "({id:?}, {pieces}),").expect("a string takes everything");
    }
    source + "];\n"
}

/// A pattern as the source of a list of pieces.
fn pieces(pattern: &Pattern<&str>) -> String {
    let pieces: Vec<String> = pattern.elements.iter().map(piece).collect();
    format!("&[{}]", pieces.join(", "))
}

fn piece(element: &PatternElement<&str>) -> String {
    match element {
        PatternElement::TextElement { value } => format!("Piece::Text({value:?})"),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::StringLiteral { value }),
        } => format!("Piece::Text({value:?})"),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => {
            format!("Piece::Argument({:?})", argument(inline))
        }
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            let arms: Vec<String> = variants
                .iter()
                .map(|variant| {
                    let (VariantKey::Identifier { name: key }
                    | VariantKey::NumberLiteral { value: key }) = &variant.key;
                    let key = if variant.default { "" } else { *key };
                    format!("({key:?}, {})", pieces(&variant.value))
                })
                .collect();
            format!("Piece::Select({:?}, &[{}])", argument(selector), arms.join(", "))
        }
    }
}

fn argument<'a>(inline: &InlineExpression<&'a str>) -> &'a str {
    match inline {
        InlineExpression::VariableReference { id } => id.name,
        _ => panic!("only texts, arguments and selections of arguments are understood"),
    }
}

/// Every scenario of every room, as JSON.
fn compile_library(rooms: &[PathBuf]) -> String {
    let mut source = String::from("static SHELF: &[Book] = &[\n");
    for room in rooms {
        let folder = room.join("scenarios");
        watch(&folder);
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut shelf: Vec<(i64, PathBuf, toml::Table)> = Vec::new();
        for file in files {
            watch(&file);
            let text = fs::read_to_string(&file).expect("it was listed");
            let mut value: toml::Table =
                toml::from_str(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
            // `order` is the place on the shelf; the scenario itself does not carry it.
            let order = value.remove("order").and_then(|order| order.as_integer());
            shelf.push((order.unwrap_or(i64::MAX), file, value));
        }
        shelf.sort_by_key(|(order, ..)| *order);
        for (_, file, value) in shelf {
            let json = serde_json::to_string(&value).expect("TOML has no values JSON lacks");
            let stem = |path: &Path| {
                path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
            };
            let text = |key: &str| value.get(key).and_then(|text| text.as_str()).unwrap_or("");
            writeln!(
                source,
                "Book {{ room: {:?}, scene: {:?}, title: {:?}, summary: {:?}, json: {json:?} }},",
                stem(room),
                stem(&file),
                text("title"),
                text("summary"),
            )
            .expect("a string takes everything");
        }
    }
    source + "];\n"
}
