//! Rules about crates: who may know whom, and that the map and the reasons are true.

use super::Source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const MAP: &str = "crates/ARCHITECTURE.md";
const REASONS: &str = "crates/decisions/dependencies.md";
/// What leads from one crate to those that it may know.
const ARROW: &str = "──►";
/// Packages of the tests, which may know everything.
const TESTS: [&str; 2] = ["tests", "bench"];

/// Who may know whom, as the map draws it.
struct Drawing<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Drawing<'a> {
    /// Reads lines such as `wasm, cli ──► lab`; a crate without a line knows nobody.
    fn read(map: &'a str) -> Self {
        let mut drawing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let below = map.lines().skip_while(|line| !line.starts_with("Who may know whom"));
        let drawn = below.skip_while(|line| *line != "```").skip(1);
        for line in drawn.take_while(|line| *line != "```") {
            let Some((from, to)) = line.split_once(ARROW) else { continue };
            let names = |text: &'a str| text.split(',').map(str::trim);
            for name in names(from) {
                drawing.entry(name).or_default().extend(names(to));
            }
        }
        Self(drawing)
    }

    fn names(&self, name: &str) -> bool {
        self.0.iter().any(|(known, others)| *known == name || others.contains(name))
    }

    fn allows(&self, name: &str, other: &str) -> bool {
        self.0.get(name).is_some_and(|known| known.contains(other))
    }
}

fn text_of<'a>(sources: &'a [Source], path: &str) -> &'a str {
    sources.iter().find(|source| source.path == path).map_or("", |source| &source.text)
}

/// A dependency that the drawing does not have, and an arrow that no manifest has.
pub(super) fn direction(metadata: &Value, sources: &[Source]) -> Vec<String> {
    let drawing = Drawing::read(text_of(sources, MAP));
    let mut complaints = BTreeSet::new();
    let mut used = BTreeSet::new();
    for (name, dependency) in dependencies(metadata) {
        let name = short(&name).to_owned();
        if TESTS.contains(&&*name) || dependency["path"].is_null() {
            continue;
        }
        let other = short(dependency["name"].as_str().unwrap_or("")).to_owned();
        if !drawing.allows(&name, &other) {
            complaints.insert(format!("{name} may not know {other}: {MAP} has no such arrow"));
        }
        used.insert((name, other));
    }
    for (name, others) in drawing.0.iter().filter(|(name, _)| !TESTS.contains(name)) {
        for other in others.iter().filter(|other| **other != "nothing of ours") {
            if !used.contains(&((*name).to_owned(), (*other).to_owned())) {
                complaints
                    .insert(format!("{MAP} draws {name} {ARROW} {other}: no such dependency"));
            }
        }
    }
    complaints.into_iter().collect()
}

/// A file of a crate that another one reads by its path, though it may not know that crate.
pub(super) fn foreign_files(sources: &[Source]) -> Vec<String> {
    let drawing = Drawing::read(text_of(sources, MAP));
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".rs")) {
        let Some(name) = crate_of(&source.path) else { continue };
        for (index, line) in source.text.lines().enumerate() {
            for other in climbed_to(line).filter(|other| *other != name) {
                if drawing.names(other) && !drawing.allows(name, other) {
                    let place = format!("{}:{}", source.path, index + 1);
                    complaints.push(format!("{place}: {name} may not read files of {other}"));
                }
            }
        }
    }
    complaints
}

/// The crate that a file belongs to, if it is one that the drawing holds.
fn crate_of(path: &str) -> Option<&str> {
    match path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()) {
        // The toolbox builds, copies and checks all of them.
        Some("xtask") => None,
        Some(name) => Some(name),
        None => path.starts_with("web/").then_some("web"),
    }
}

/// In a line such as `"../../web/words"`: the folders that are climbed to.
fn climbed_to(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2).filter_map(|text| {
        let rest = text.strip_prefix("../")?.trim_start_matches("../");
        rest.trim_start_matches("crates/").split('/').next()
    })
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

    /// A map with these arrows.
    fn map_with(arrows: &str) -> Source {
        let text = format!("Who may know whom:\n\n```\n{arrows}\n```\n");
        Source { path: MAP.to_owned(), text }
    }

    fn house_of_sim(other: &str) -> Value {
        serde_json::json!({ "packages": [
            { "name": "faultline-sim", "dependencies": [
                { "name": "faultline-kernel", "path": "x" },
                { "name": other, "path": "x" },
                { "name": "serde" },
            ] },
            { "name": "faultline-tests", "dependencies": [{ "name": "xtask", "path": "x" }] },
        ] })
    }

    #[test]
    fn a_crate_knows_whom_the_arrows_name_and_nobody_else() {
        let arrows = "protocols, sim  ──► kernel\ntests ──► everything\nxtask ──► nothing of ours";
        let map = [map_with(arrows)];
        assert_eq!(
            direction(&house_of_sim("faultline-protocols"), &map),
            [
                "crates/ARCHITECTURE.md draws protocols ──► kernel: no such dependency",
                "sim may not know protocols: crates/ARCHITECTURE.md has no such arrow",
            ]
        );
        let map = [map_with("sim ──► kernel, check")];
        assert!(direction(&house_of_sim("faultline-check"), &map).is_empty());
        assert_eq!(direction(&house_of_sim("faultline-check"), &[]).len(), 2, "no map, no leave");
    }

    #[test]
    fn a_crate_reads_no_file_of_one_that_it_may_not_know() {
        let file = |path: &str, line: &str| Source { path: path.to_owned(), text: line.to_owned() };
        let found = foreign_files(&[
            map_with("lab ──► protocols\nweb ──► lab"),
            file("crates/lab/build.rs", r#"here.join("../../web/words/en.ftl"); // "../x""#),
            file("crates/lab/src/a.rs", r#"include_str!("../../protocols/src/lib.rs")"#),
            file("web/build.rs", r#"#[path = "../crates/lab/build/words.rs"]"#),
            file("tests/src/a.rs", r#"#[path = "../../crates/cli/src/out.rs"]"#),
        ]);
        assert_eq!(found, ["crates/lab/build.rs:1: lab may not read files of web"]);
    }

    #[test]
    fn the_drawing_lists_crates_by_folder() {
        let map = "crates/\n  decisions/   why\n  kernel/      words\n  sim/\nweb/  page\n";
        assert_eq!(drawn_crates(map).into_iter().collect::<Vec<_>>(), ["kernel", "sim"]);
    }
}
