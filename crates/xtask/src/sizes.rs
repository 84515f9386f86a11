//! How many bytes a visitor loads.

use crate::{place, shell, stamp};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// One file of the page.
pub(crate) struct Size {
    /// Its path in `dist/`.
    pub(crate) path: String,
    /// As it lies there.
    pub(crate) raw: usize,
    /// As it travels, with brotli at its best.
    pub(crate) brotli: usize,
}

/// Compresses the files it is given; one number per line.
const COMPRESS: &str = "
const { brotliCompressSync, constants } = require('node:zlib');
const { readFileSync } = require('node:fs');
for (const file of process.argv.slice(1)) {
  const text = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  console.log(brotliCompressSync(text, { params }).length);
}";

/// Every file of the page; what `index.html` does not lead to at once is counted as well.
pub(crate) fn of_dist() -> Result<Vec<Size>> {
    of(&stamp::files_under(&place::dist())?)
}

/// Each of these files.
pub(crate) fn of(files: &[PathBuf]) -> Result<Vec<Size>> {
    let told = shell::text_of(shell::command("node").args(["-e", COMPRESS, "--"]).args(files))?;
    let mut sizes = Vec::new();
    for (file, brotli) in files.iter().zip(told.lines()) {
        sizes.push(Size {
            path: file.strip_prefix(place::dist()).unwrap_or(file).display().to_string(),
            raw: usize::try_from(fs::metadata(file)?.len())?,
            brotli: brotli.parse().context("node printed no size")?,
        });
    }
    Ok(sizes)
}

/// A table with its sum.
pub(crate) fn print(sizes: &[Size]) {
    println!("{:>10} {:>10}  file", "bytes", "brotli");
    for size in sizes {
        println!("{:>10} {:>10}  {}", size.raw, size.brotli, size.path);
    }
    let raw: usize = sizes.iter().map(|size| size.raw).sum();
    let brotli: usize = sizes.iter().map(|size| size.brotli).sum();
    println!("{raw:>10} {brotli:>10}  together");
}
