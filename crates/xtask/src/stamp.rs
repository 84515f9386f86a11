//! Knowing that nothing changed: a fingerprint of contents, since a checkout changes every date.

use crate::place;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A fingerprint of the names and contents of these files, in this order (64-bit FNV-1a).
pub(crate) fn of_files(files: &[PathBuf]) -> Result<u64> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for file in files {
        let contents = fs::read(file).with_context(|| format!("{} is missing", file.display()))?;
        eat(place::shown(file).as_bytes());
        eat(&(contents.len() as u64).to_le_bytes());
        eat(&contents);
    }
    Ok(hash)
}

/// Every file under a folder, sorted, without hidden ones and what tools leave.
pub(crate) fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let skipped = ["target", "dist", "node_modules"].contains(&name.as_ref());
            // `.git` is a file in a linked work tree, so hidden entries go by name, not by kind.
            if skipped || name.starts_with('.') {
                continue;
            }
            match entry.file_type()? {
                kind if kind.is_dir() => open.push(entry.path()),
                kind if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The fingerprint that was left here, if any.
pub(crate) fn read(path: &Path) -> Option<u64> {
    u64::from_str_radix(fs::read_to_string(path).ok()?.trim(), 16).ok()
}

/// Leaves a fingerprint.
pub(crate) fn write(path: &Path, stamp: u64) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, format!("{stamp:016x}\n"))?;
    Ok(())
}
