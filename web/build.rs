//! Compiles the words of the page, as the lab does with its own.

#[path = "../crates/lab/build/words.rs"]
mod words;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut files = vec![here.join("words/en.ftl")];
    // The page of a swarm is not in the program that the page opens with.
    if env::var("CARGO_FEATURE_WHOLE").is_ok() {
        files.push(here.join("words/crowd.ftl"));
    }
    let messages = words::read(&files, |_| true);
    fs::write(out.join("words.txt"), words::write(&messages)).expect("the output folder is ours");
}
