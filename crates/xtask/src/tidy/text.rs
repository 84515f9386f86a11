//! Rules about lines and files.

use super::Source;
use crate::place;

const CODE: [&str; 4] = [".rs", ".mjs", ".js", ".css"];
const COLUMNS_MAX: usize = 100;
/// Past this it is two rooms.
const LINES_MAX: usize = 400;
const DECISION_LINES_MAX: usize = 39;

pub(super) fn long_lines(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.ends_with_one_of(&CODE)) {
        for (index, line) in source.text.lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS_MAX {
                complaints.push(format!("{}:{}: {columns} columns", source.path, index + 1));
            }
        }
    }
    complaints
}

pub(super) fn long_files(sources: &[Source]) -> Vec<String> {
    too_long(sources, LINES_MAX, |source| source.ends_with_one_of(&CODE))
}

pub(super) fn long_decisions(sources: &[Source]) -> Vec<String> {
    too_long(sources, DECISION_LINES_MAX, |source| {
        source
            .path
            .strip_prefix("crates/decisions/")
            .is_some_and(|name| name.starts_with(|first: char| first.is_ascii_digit()))
    })
}

fn too_long(sources: &[Source], lines_max: usize, rule: fn(&Source) -> bool) -> Vec<String> {
    let counted = sources
        .iter()
        .filter(|source| rule(source))
        .map(|source| (source, source.text.lines().count()));
    counted
        .filter(|(_, lines)| *lines > lines_max)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect()
}

/// Folders in which people and machines keep what is their own.
const PERSONAL: [&str; 10] = [
    "/home",
    "/root",
    "/Users",
    "/workspace",
    "/workspaces",
    "/mnt",
    "/media",
    "/srv",
    "/Volumes",
    "C:\\Users",
];

/// A file that names a folder of one machine works there only: the folders that people have, the
/// one that holds this checkout, and the home of whoever builds it. Folders that every system has
/// are no such thing.
pub(super) fn machine_paths(sources: &[Source]) -> Vec<String> {
    let above = place::root().parent().map(|folder| folder.display().to_string());
    let home = std::env::var("HOME").ok();
    let mut words: Vec<String> = [above, home].into_iter().flatten().collect();
    words.retain(|word| word.len() > 1 && word != "/tmp" && word != "/usr");
    words.extend(PERSONAL.map(str::to_owned));
    words.sort();
    words.dedup();
    // The list itself, and the test below it.
    let others = sources.iter().filter(|source| source.path != "crates/xtask/src/tidy/text.rs");
    others.flat_map(|source| naming(source, &words)).collect()
}

fn naming(source: &Source, words: &[String]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        for word in words {
            if names_path(line, word) {
                complaints.push(format!("{}:{}: names {word}", source.path, index + 1));
            }
        }
    }
    complaints
}

/// Whether a line names this folder or one in it, and not merely a longer or relative name.
fn names_path(line: &str, folder: &str) -> bool {
    let ends_name = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    line.match_indices(folder).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + folder.len()..].chars().next();
        before.is_none_or(ends_name) && after.is_none_or(ends_name)
    })
}

/// A mirror's address in a lock file would send everybody else to a host they cannot reach.
pub(super) fn hosts(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        let foreign: fn(&str) -> bool = match source.path.rsplit('/').next() {
            Some("Cargo.lock") => |line| {
                line.starts_with("source = ") && !line.contains("github.com/rust-lang/crates.io-")
            },
            Some("package-lock.json") => |line| line.contains("\"resolved\":"),
            _ => continue,
        };
        for (index, line) in source.text.lines().enumerate() {
            if foreign(line) {
                complaints.push(format!("{}:{}: {}", source.path, index + 1, line.trim()));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_only_by_its_whole_name() {
        assert!(names_path("see /srv/x/notes.md", "/srv/x"));
        assert!(names_path("/srv/x", "/srv/x"));
        assert!(!names_path("/srv/xylophone", "/srv/x"));
        assert!(!names_path("https://example.org/srv/x", "/srv/x"));
    }

    #[test]
    fn a_folder_of_another_machine_is_found_too() {
        let source = |text: &str| [Source { path: "a.md".to_owned(), text: text.to_owned() }];
        for bad in ["see /home/somebody/notes", "`/workspace/a`", "C:\\Users\\me", "(/root)"] {
            assert_eq!(machine_paths(&source(bad)).len(), 1, "{bad}");
        }
        for good in ["https://a.org/home/x", "/etc/passwd", "the /homely/ one", "web/workspace/x"] {
            assert!(machine_paths(&source(good)).is_empty(), "{good}");
        }
    }
}
