//! Finding a Chromium, or installing Debian's.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// The one command to run where apt is there, but not for us.
const CURE: &str = "run `sudo apt-get update && sudo apt-get install --yes chromium`, \
                    or let CHROMIUM name one that is there";

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
    if !has_apt() {
        bail!("Chromium is missing: install it, or let CHROMIUM name one that is there");
    }
    if !is_root() {
        bail!("Chromium is missing: {CURE}");
    }
    install(run)?;
    match on_path() {
        Some(found) => Ok(found),
        None => bail!("apt-get installed Chromium, but it is not on the path: set CHROMIUM"),
    }
}

fn run(apt: &mut Command, name: &str) -> Result<()> {
    shell::run_quietly(apt, name)
}

/// Installs Debian's. The lists of packages may be old or absent, so they are fetched if that
/// fails; if that fails as well, what failed first was the network.
fn install(run: fn(&mut Command, &str) -> Result<()>) -> Result<()> {
    eprintln!("Installing Chromium with apt-get");
    if run(&mut apt(&["install", "--yes", "chromium"]), "apt-get install").is_ok() {
        return Ok(());
    }
    // Without this apt-get calls it a success when it could fetch nothing.
    let update = run(&mut apt(&["-o", "APT::Update::Error-Mode=any", "update"]), "apt-get update");
    // Some other list may be out of reach: that need not matter.
    let outcome = run(&mut apt(&["install", "--yes", "chromium"]), "apt-get install");
    outcome.map_err(|error| update.err().unwrap_or(error)).with_context(|| {
        format!("Chromium could not be installed: when the network is open, {CURE}")
    })
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = shell::command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    apt
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn has_apt() -> bool {
    shell::capture(shell::command("apt-get").arg("--version")).is_ok()
}

/// Only root may install without asking.
fn is_root() -> bool {
    shell::text_of(shell::command("id").arg("-u")).is_ok_and(|id| id == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_network_the_one_command_and_the_reason_are_told() {
        let error = install(|_, name| bail!("{name} failed: Temporary failure resolving"));
        let error = format!("{:#}", error.expect_err("nothing works"));
        assert!(error.contains("sudo apt-get update && sudo apt-get install --yes chromium"));
        assert!(error.ends_with("apt-get update failed: Temporary failure resolving"), "{error}");
        assert_eq!(error.lines().count(), 1);
    }

    #[test]
    fn a_list_that_is_out_of_reach_does_not_matter_if_chromium_can_be_had() {
        fn only_update_fails(apt: &mut Command, name: &str) -> Result<()> {
            // The first attempt fails for want of lists, the second one does not.
            static ATTEMPTS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
            let attempt = ATTEMPTS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let update = apt.get_args().any(|argument| argument == "update");
            if update || attempt == 0 { bail!("{name} failed") } else { Ok(()) }
        }
        install(only_update_fails).expect("it is installed after all");
    }
}
