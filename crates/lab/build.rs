//! Compiles the words and the library at build time, so that the page carries no parser for them.

#[path = "build/words.rs"]
mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};
use words::watch;

/// The rooms that are compiled for a million nodes, too, each by a function of its name in
/// `swarms`: each of them costs the page bytes.
const SWARMS: [&str; 1] = ["rumour"];

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let write = |name: &str, source: String| {
        fs::write(out.join(name), source).expect("the output folder is ours");
    };
    let rooms = here.join("../protocols/src");
    let order = order(&rooms.join("lib.rs"));
    let loaded: Vec<&String> = order.iter().filter(|id| is_loaded(id, &order[0])).collect();
    let is_loaded = |id: &String| loaded.contains(&id);
    let words_of = |id: &String| rooms.join(id).join("en.ftl");
    let mut files = vec![here.join("src/words/en.ftl")];
    // What is said of swarms is not in the program that the page opens with.
    if env::var("CARGO_FEATURE_WHOLE").is_ok() {
        files.push(here.join("src/crowd/en.ftl"));
    }
    files.extend(loaded.iter().map(|id| words_of(id)));
    let mut messages = words::read(&files, |_| true);
    // The menu names rooms that are elsewhere, too.
    let others: Vec<PathBuf> = order.iter().filter(|id| !is_loaded(id)).map(words_of).collect();
    let is_title = |id: &str| id.ends_with("-title") && !id.contains("-title-");
    messages.extend(words::read(&others, is_title));
    write("words.txt", words::write(&messages));
    write("library.rs", compile_library(&order, &rooms, is_loaded));
    write("rooms.rs", list(&loaded));
}

/// The ids of the rooms, as `protocols` lists them: its public modules.
fn order(library: &Path) -> Vec<String> {
    watch(library);
    let text = fs::read_to_string(library).expect("the rooms are ours");
    let ids = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    ids.map(str::to_owned).collect()
}

/// Whether a room is part of this program: not if the bench wants it left out, and not if only the
/// first one is wanted. What is left out is its code, its words and its scenarios.
fn is_loaded(room: &str, first: &str) -> bool {
    println!("cargo:rerun-if-env-changed=FAULTLINE_WITHOUT");
    let only_first = env::var("CARGO_FEATURE_WHOLE").is_err();
    let unwanted = env::var("FAULTLINE_WITHOUT").is_ok_and(|without| room == without);
    !unwanted && (!only_first || room == first)
}

/// The rooms as the source of a list.
fn list(rooms: &[&String]) -> String {
    let whole = env::var("CARGO_FEATURE_WHOLE").is_ok();
    let room = |id: &&String| {
        let for_swarms = whole && SWARMS.contains(&id.as_str());
        let (make, swarm) = match for_swarms {
            true => ("with_swarm", format!("faultline_swarms::{id}")),
            false => ("of", String::new()),
        };
        format!("Room::{make}::<faultline_protocols::{id}::Room>({swarm})")
    };
    format!("&[{}]", rooms.iter().map(room).collect::<Vec<_>>().join(", "))
}

/// Every scenario of every room of the catalogue, in its order, as JSON; of rooms that are not here
/// the titles alone. What a scenario expects is for tests, and no part of what everybody loads.
fn compile_library(order: &[String], rooms: &Path, is_loaded: impl Fn(&String) -> bool) -> String {
    let whole = env::var("CARGO_FEATURE_WHOLE").is_ok();
    let mut source = String::from("static SHELF: &[Book] = &[\n");
    for id in order {
        for (scene, mut value) in scenarios(&rooms.join(id).join("scenarios")) {
            if !whole {
                value.remove("expect");
            }
            let json = serde_json::to_string(&value).expect("TOML has no values JSON lacks");
            let json = if is_loaded(id) { json } else { String::new() };
            let text = |key: &str| value.get(key).and_then(|text| text.as_str()).unwrap_or("");
            let title = text("title");
            let summary = if is_loaded(id) { text("summary") } else { "" };
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
