//! Finding a Chromium, or installing Debian's.

use crate::shell;
use anyhow::{Result, bail};
use std::path::PathBuf;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// A Chromium: the one that `CHROMIUM` names, one on the path, or Debian's, installed now.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").filter(|name| !name.is_empty()) {
        let named = PathBuf::from(named);
        if named.is_file() {
            return Ok(named);
        }
        bail!("CHROMIUM names {}, which is not a file", named.display());
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    if !may_install() {
        bail!("Chromium is missing: run `sudo apt-get install --yes chromium`, or set CHROMIUM");
    }
    println!("Installing Chromium with apt-get");
    let mut apt = shell::command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    if shell::run_quietly(apt.args(["install", "--yes", "chromium"]), "apt-get").is_err() {
        // The lists of packages may be old or absent.
        shell::run_quietly(shell::command("apt-get").arg("update"), "apt-get update")?;
        let mut again = shell::command("apt-get");
        again.env("DEBIAN_FRONTEND", "noninteractive");
        shell::run_quietly(again.args(["install", "--yes", "chromium"]), "apt-get")?;
    }
    match on_path() {
        Some(found) => Ok(found),
        None => bail!("apt-get installed Chromium, but it is not on the path: set CHROMIUM"),
    }
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

/// Only root on a system with apt may install without asking.
fn may_install() -> bool {
    let root = shell::text_of(shell::command("id").arg("-u")).is_ok_and(|id| id == "0");
    root && shell::capture(shell::command("apt-get").arg("--version")).is_ok()
}
