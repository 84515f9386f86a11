//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Two folders up from this crate; fixed when the toolbox is compiled in its checkout.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.join("../..").canonicalize().unwrap_or_default()
});

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    &ROOT
}

/// A path in the repository.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// A path as the reader knows it: from the root of the repository.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Where the tools are installed: ignored by git, or a folder named by `FAULTLINE_TOOLS`.
pub(crate) fn tools() -> PathBuf {
    match std::env::var_os("FAULTLINE_TOOLS") {
        Some(folder) if !folder.is_empty() => root().join(PathBuf::from(folder)),
        _ => at(".tools"),
    }
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => root().join(PathBuf::from(folder)),
        _ => at("target"),
    }
}

/// The finished page.
pub(crate) fn dist() -> PathBuf {
    at("dist")
}

/// The folder of the browser tests, which also holds the packages of Node.
pub(crate) fn page_tests() -> PathBuf {
    at("tests/page")
}
