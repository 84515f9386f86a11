//! Makes a list of the rooms as types: a law over all of them must not forget one.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let library = here.join("../crates/protocols/src/lib.rs");
    println!("cargo:rerun-if-changed={}", library.display());
    let text = fs::read_to_string(library).expect("the rooms are ours");
    let rooms = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let visits = rooms.map(|room| format!("law::<faultline_protocols::{room}::Room>();\n"));
    let source = format!("{{\n{}}}\n", visits.collect::<String>());
    fs::write(out.join("rooms.rs"), source).expect("the output folder is ours");
}
