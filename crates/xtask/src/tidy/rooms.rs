//! Same room, same furniture.

use super::Source;
use std::collections::BTreeSet;

const ROOMS: &str = "crates/protocols/src/";
/// What stands in every room; rules have files of their own besides.
const FURNITURE: [&str; 7] =
    ["mod.rs", "about.rs", "message.rs", "node.rs", "properties.rs", "show.rs", "en.ftl"];

/// A room without one of these files, or without a lesson.
pub(super) fn furniture(sources: &[Source]) -> Vec<String> {
    let inside = || sources.iter().filter_map(|source| source.path.strip_prefix(ROOMS));
    let rooms: BTreeSet<&str> = inside().filter_map(|path| Some(path.split_once('/')?.0)).collect();
    let mut complaints = Vec::new();
    for room in rooms {
        let of_room = || inside().filter_map(|path| path.strip_prefix(room)?.strip_prefix('/'));
        for piece in FURNITURE.iter().filter(|piece| of_room().all(|path| path != **piece)) {
            complaints.push(format!("{ROOMS}{room} has no {piece}"));
        }
        let is_lesson = |path: &str| path.starts_with("scenarios/") && path.ends_with(".toml");
        if !of_room().any(is_lesson) {
            complaints.push(format!("{ROOMS}{room} has no lesson"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_piece_is_named() {
        let file = |name: &str| Source { path: format!("{ROOMS}{name}"), text: String::new() };
        let mut sources = vec![file("lib.rs"), file("echo/scenarios/a.toml")];
        sources.extend(FURNITURE.map(|piece| file(&format!("echo/{piece}"))));
        assert!(furniture(&sources).is_empty());
        sources
            .retain(|source| !source.path.ends_with("about.rs") && !source.path.ends_with("toml"));
        assert_eq!(
            furniture(&sources),
            [
                "crates/protocols/src/echo has no about.rs",
                "crates/protocols/src/echo has no lesson",
            ]
        );
    }
}
