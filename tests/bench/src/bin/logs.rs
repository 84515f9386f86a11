//! Writes the log of every run as bytes into a folder, to hold those of WebAssembly against them.

use faultline_bench::logs::{log_bytes, runs};
use std::path::PathBuf;
use std::{env, fs};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).expect("which folder?"));
    let mut all = 0;
    for id in runs() {
        let bytes = log_bytes(&id);
        let path = folder.join(format!("{id}.log"));
        fs::create_dir_all(path.parent().expect("it lies in the folder"))?;
        fs::write(path, &bytes)?;
        all += bytes.len();
    }
    println!("{} logs, {all} bytes", runs().len());
    Ok(())
}
