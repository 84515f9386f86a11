//! Rules about crates: who may know whom, and that the map and the reasons are true.

use super::Source;
use serde_json::Value;
use std::collections::BTreeSet;

/// Who may depend on whom, as `crates/ARCHITECTURE.md` draws it. Tests may know everything.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("kernel", &[]),
    ("protocols", &["kernel"]),
    ("sim", &["kernel"]),
    ("check", &[]),
    ("lab", &["kernel", "protocols", "sim", "check"]),
    ("wasm", &["lab"]),
    ("cli", &["lab"]),
    ("web", &["lab", "wasm"]),
    ("xtask", &[]),
];
const MAP: &str = "crates/ARCHITECTURE.md";
const REASONS: &str = "crates/decisions/dependencies.md";

/// A dependency that the drawing does not have.
pub(super) fn direction(metadata: &Value) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, dependency) in dependencies(metadata) {
        let name = short(&name);
        if name == "tests" || name == "bench" || dependency["path"].is_null() {
            continue;
        }
        let other = short(dependency["name"].as_str().unwrap_or("")).to_owned();
        match ALLOWED.iter().find(|(who, _)| *who == name) {
            None => complaints.push(format!("{name}: the drawing does not have this crate")),
            Some((_, allowed)) if !allowed.contains(&other.as_str()) => {
                complaints.push(format!("{name} may not know {other}"));
            }
            Some(_) => {}
        }
    }
    complaints.dedup();
    complaints
}

/// The folders of the drawing under `crates/` against the folders with a manifest.
pub(super) fn map(sources: &[Source]) -> Vec<String> {
    let Some(map) = sources.iter().find(|source| source.path == MAP) else {
        return vec![format!("{MAP} is missing")];
    };
    let drawn = drawn_crates(&map.text);
    let real: BTreeSet<&str> = sources
        .iter()
        .filter_map(|source| source.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"))
        .filter(|name| !name.contains('/'))
        .collect();
    let missing = real.difference(&drawn).map(|name| format!("{MAP} does not name {name}/"));
    let invented = drawn.difference(&real).map(|name| format!("{MAP} names {name}/: no crate"));
    missing.chain(invented).collect()
}

/// In the drawing: indented lines that begin with a folder's name, below the line `crates/`.
fn drawn_crates(map: &str) -> BTreeSet<&str> {
    map.lines()
        .skip_while(|line| line.trim_end() != "crates/")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next()?.strip_suffix('/'))
        .filter(|name| *name != "decisions")
        .collect()
}

/// Every package of others that a crate of ours names has a line that names it in bold.
pub(super) fn reasons(metadata: &Value, sources: &[Source]) -> Vec<String> {
    let Some(reasons) = sources.iter().find(|source| source.path == REASONS) else {
        return vec![format!("{REASONS} is missing")];
    };
    let used: BTreeSet<String> = dependencies(metadata)
        .into_iter()
        .filter(|(_, dependency)| dependency["path"].is_null())
        .filter_map(|(_, dependency)| dependency["name"].as_str().map(str::to_owned))
        .collect();
    let lines: Vec<&str> = reasons.text.lines().filter(|line| line.starts_with("- ")).collect();
    let given = |name: &String| lines.iter().any(|line| line.contains(&format!("**{name}**")));
    used.iter()
        .filter(|name| !given(name))
        .map(|name| format!("{REASONS} has no line for {name}"))
        .collect()
}

/// Every pair of a crate of ours and something it depends on.
fn dependencies(metadata: &Value) -> Vec<(String, Value)> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .flat_map(|package| {
            let name = package["name"].as_str().unwrap_or("").to_owned();
            let list = package["dependencies"].as_array().cloned().unwrap_or_default();
            list.into_iter().map(move |dependency| (name.clone(), dependency))
        })
        .collect()
}

fn short(package: &str) -> &str {
    package.strip_prefix("faultline-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_may_not_know_what_stands_above_it() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "faultline-sim", "dependencies": [
                { "name": "faultline-kernel", "path": "x" },
                { "name": "faultline-protocols", "path": "x" },
                { "name": "serde" },
            ] },
            { "name": "faultline-tests", "dependencies": [{ "name": "xtask", "path": "x" }] },
        ] });
        assert_eq!(direction(&metadata), ["sim may not know protocols"]);
    }

    #[test]
    fn the_drawing_lists_crates_by_folder() {
        let map = "crates/\n  decisions/   why\n  kernel/      words\n  sim/\nweb/  page\n";
        assert_eq!(drawn_crates(map).into_iter().collect::<Vec<_>>(), ["kernel", "sim"]);
    }
}
