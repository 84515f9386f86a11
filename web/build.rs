//! Compiles the words of the page, as the lab does with its own.

#[path = "../crates/lab/build/words.rs"]
mod words;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let messages = words::read(&[here.join("words/en.ftl")], |_| true);
    fs::write(out.join("words.rs"), words::write(&messages)).expect("the output folder is ours");
}
