//! Writes what fuzzing begins with: valid input of every kind, a folder for each target.

use faultline_lab::{Scenario, library, library_scenario, link};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const HISTORY: &str = r#"{"process":0,"type":"invoke","f":"write","key":"x","value":1}
{"process":1,"type":"invoke","f":"cas","key":"x","value":[1,2]}
{"process":0,"type":"ok"}
{"process":1,"type":"fail"}
{"process":2,"type":"invoke","f":"read","key":"x"}
{"process":2,"type":"ok","value":1}
"#;
const HISTORY_OF_TEXTS: &str = r#"{"process":0,"type":"invoke","f":"put","key":"x","value":"a"}
{"process":1,"type":"invoke","f":"append","key":"x","value":"b"}
{"process":0,"type":"info"}
{"process":1,"type":"ok"}
{"process":2,"type":"invoke","f":"get","key":"x"}
{"process":2,"type":"ok","value":"ab"}
"#;
const ASKED: [&str; 9] =
    ["hello", "play", "pause", "step", "stepBack", "seek", "setSpeed", "getState", "getLink"];

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).expect("which folder?"));
    let rows = library();
    let read = |room, scene| library_scenario(room, scene).expect("the library is sound");
    let scenarios: Vec<Scenario> = rows.iter().map(|row| read(row.protocol, row.scene)).collect();
    let texts: Vec<String> = scenarios.iter().map(Scenario::to_json).collect();
    let links: Vec<String> = scenarios.iter().map(link::encode).collect();
    let name = |row: &faultline_lab::LibraryRow| {
        format!("#{}&n=5&seed=42&t=9", link::readable(row.protocol, row.scene))
    };
    let names: Vec<String> = rows.iter().map(name).collect();
    let load = |part: &str, text: &String| message("load", &format!(",{part:?}:{text:?}"));
    let mut messages: Vec<String> = ASKED.iter().map(|kind| message(kind, "")).collect();
    messages.push(message("seek", r#","timeUs":1500.5,"events":3"#));
    messages.push(message("setSpeed", r#","speed":0.02"#));
    messages.extend(links.iter().map(|link| load("link", link)));
    // A text of JSON in Rust's quotes is one in JSON's: scenarios hold no control characters.
    messages.extend(texts.iter().map(|text| load("scenario", text)));
    write(&folder.join("link"), links.iter().chain(&names))?;
    write(&folder.join("scenario"), texts.iter())?;
    write(&folder.join("message"), messages.iter())?;
    write(&folder.join("toml"), library_files()?.iter())?;
    write(&folder.join("history"), [HISTORY, HISTORY_OF_TEXTS].map(str::to_owned).iter())?;
    let queries = ["?embed=1&controls=play&theme=dark&panels=events,captions&speed=1%2F50&t=700"];
    write(&folder.join("query"), queries.map(str::to_owned).iter())?;
    let arguments = "--seed\n7\n--until=1.5s\n--seeds\n1..=9\n--set\nservers=3\n--set=batch=on\n";
    write(&folder.join("arguments"), [arguments.to_owned()].iter())
}

fn message(kind: &str, rest: &str) -> String {
    format!(r#"{{"app":"faultline","v":1,"id":7,"type":"{kind}"{rest}}}"#)
}

/// The library as it is written: TOML.
fn library_files() -> io::Result<Vec<String>> {
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/protocols/src");
    let mut texts = Vec::new();
    for room in fs::read_dir(rooms)? {
        let Ok(files) = fs::read_dir(room?.path().join("scenarios")) else { continue };
        for file in files {
            let path = file?.path();
            if path.extension().is_some_and(|end| end == "toml") {
                texts.push(fs::read_to_string(path)?);
            }
        }
    }
    Ok(texts)
}

fn write<'a>(folder: &Path, texts: impl Iterator<Item = &'a String>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, text) in texts.enumerate() {
        fs::write(folder.join(format!("seed-{number}")), text)?;
    }
    Ok(())
}
