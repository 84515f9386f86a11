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
    let order = order(&here.join("src/catalogue.rs"));
    let all = folders(&here.join("../protocols/src"));
    let here_is = |room: &&PathBuf| is_here(room, &order[0]);
    let rooms: Vec<PathBuf> = all.iter().filter(here_is).cloned().collect();
    let mut words = vec![here.join("src/words/en.ftl"), here.join("../../web/words/en.ftl")];
    words.extend(rooms.iter().map(|room| room.join("en.ftl")));
    let mut messages = read_words(&words, |_| true);
    // The menu names rooms that are elsewhere, too.
    let others: Vec<PathBuf> = all.iter().map(|room| room.join("en.ftl")).collect();
    messages.extend(read_words(&others, |id| id.ends_with("-title") && !id.contains("-title-")));
    fs::write(out.join("words.rs"), write_words(&messages)).expect("the output folder is ours");
    let shelf = compile_library(&order, &all, |room| rooms.contains(room));
    fs::write(out.join("library.rs"), shelf).expect("the output folder is ours");
}

/// The ids of the rooms, as the catalogue lists them.
fn order(catalogue: &Path) -> Vec<String> {
    watch(catalogue);
    let text = fs::read_to_string(catalogue).expect("the catalogue is ours");
    let (_, list) = text.split_once("= rooms! {").expect("the catalogue lists rooms");
    let ids = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": "));
    ids.map(|(id, _)| id.to_owned()).collect()
}

/// Whether a room is part of this program: not if the bench wants it left out, and not if only the
/// first one is wanted. What is left out is its code (by a `cfg`), its words and its scenarios.
fn is_here(room: &Path, first: &str) -> bool {
    println!("cargo:rerun-if-env-changed=FAULTLINE_WITHOUT");
    println!("cargo:rustc-check-cfg=cfg(without, values(any()))");
    let only_first = env::var("CARGO_FEATURE_WHOLE").is_err();
    let unwanted = env::var("FAULTLINE_WITHOUT").is_ok_and(|without| room.ends_with(without));
    let here = !unwanted && (!only_first || room.ends_with(first));
    if !here {
        let id = room.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        println!("cargo:rustc-cfg=without={id:?}");
    }
    here
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

/// The messages of these files whose ids are wanted, in order of ids, as source.
fn read_words(files: &[PathBuf], wanted: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
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
            if !wanted(message.id.name) {
                continue;
            }
            let pattern = message.value.expect("a message has a value");
            let earlier = messages.insert(message.id.name.to_owned(), pieces(&pattern));
            assert!(earlier.is_none(), "{file:?}: {} is there twice", message.id.name);
        }
    }
    messages
}

fn write_words(messages: &BTreeMap<String, String>) -> String {
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

/// Every scenario of every room of the catalogue, in its order, as JSON; of rooms that are not here
/// the titles alone.
fn compile_library(
    order: &[String],
    rooms: &[PathBuf],
    is_here: impl Fn(&PathBuf) -> bool,
) -> String {
    let mut source = String::from("static SHELF: &[Book] = &[\n");
    for id in order {
        let room = rooms.iter().find(|room| room.ends_with(id)).expect("a room has a folder");
        for (scene, value) in scenarios(&room.join("scenarios")) {
            let json = serde_json::to_string(&value).expect("TOML has no values JSON lacks");
            let json = if is_here(room) { json } else { String::new() };
            let text = |key: &str| value.get(key).and_then(|text| text.as_str()).unwrap_or("");
            let title = text("title");
            let summary = if is_here(room) { text("summary") } else { "" };
            writeln!(
                source,
                "Book {{ room: {id:?}, scene: {scene:?}, title: {title:?}, \
                 summary: {summary:?}, json: {json:?} }},",
            )
            .expect("a string takes everything");
        }
    }
    source + "];\n"
}

/// The scenarios in a folder, each with its id, in their order on the shelf.
fn scenarios(folder: &Path) -> Vec<(String, toml::Table)> {
    watch(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut shelf: Vec<(i64, String, toml::Table)> = Vec::new();
    for file in files {
        watch(&file);
        let text = fs::read_to_string(&file).expect("it was listed");
        let mut value: toml::Table =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        // `order` is the place on the shelf; the scenario itself does not carry it.
        let order = value.remove("order").and_then(|order| order.as_integer());
        let scene = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        shelf.push((order.unwrap_or(i64::MAX), scene, value));
    }
    shelf.sort_by_key(|(order, ..)| *order);
    shelf.into_iter().map(|(_, scene, value)| (scene, value)).collect()
}
