//! Building the page: Trunk, wasm-bindgen, wasm-opt, and the finishing touches.

use crate::{place, setup, shell, shrink, sizes, stamp};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What Chromium, Firefox and Safari all have. `--all-features` writes types that they refuse.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Beside the page's files lies what they were built from: another checkout that shares the folder
/// in which cargo builds, or a file that somebody changed, is no reason to serve an old page.
const MARK: &str = ".built-from";

/// Builds `dist/` and says how large it is.
pub(crate) fn run(debug_names: bool) -> Result<()> {
    ensure_built(debug_names)?;
    sizes::print(&sizes::of_dist()?);
    eprintln!("The page is in dist/ and works under any path of any web server.");
    Ok(())
}

/// Builds `dist/` unless it was built from exactly these sources.
pub(crate) fn ensure_built(debug_names: bool) -> Result<()> {
    let mark = place::dist().join(MARK);
    if mark.is_file() && stamp::read(&mark) == Some(fingerprint(debug_names)?) {
        eprintln!("The page is up to date.");
        return Ok(());
    }
    setup::for_page()?;
    // Without the mark an interrupted build is never taken for a finished one.
    if mark.exists() {
        fs::remove_file(&mark)?;
    }
    let started = Instant::now();
    compile()?;
    let program = first_program()?;
    optimise(&program, debug_names)?;
    if !debug_names {
        shrink::pair(&program, &script_of(&program)?)?;
    }
    add_whole_program(debug_names)?;
    join_styles()?;
    write_version()?;
    eprintln!("Built the page in {:.0} s", started.elapsed().as_secs_f64());
    // Taken now: it vouches for the files of the page, and cargo may have completed the lock file.
    stamp::write(&mark, fingerprint(debug_names)?)
}

/// Of all that the page is built from, and of the page itself.
fn fingerprint(debug_names: bool) -> Result<u64> {
    let mut files: Vec<PathBuf> =
        ["Cargo.toml", "Cargo.lock", "Trunk.toml", "index.html"].map(place::at).to_vec();
    files.extend(stamp::files_under(&place::at("web"))?);
    files.extend(
        stamp::files_under(&place::at("crates"))?
            .into_iter()
            .filter(|file| !file.starts_with(place::at("crates/xtask"))),
    );
    // How the page is built is part of what it is built from.
    files.extend(["build.rs", "shrink.rs"].map(|file| place::at("crates/xtask/src").join(file)));
    files.extend(stamp::files_under(&place::dist())?);
    Ok(stamp::of_files(&files)? ^ u64::from(debug_names))
}

fn compile() -> Result<()> {
    eprintln!("Fetching sources");
    shell::run_quietly(shell::command("cargo").arg("fetch"), "cargo fetch")?;
    eprintln!("Compiling the page (a minute or two the first time)");
    let status = shell::run_aside(shell::command("trunk").args(["build", "--log=warn"]))?;
    ensure!(status.success(), "the page did not build; the compiler says why above");
    Ok(())
}

/// Runs `wasm-opt` on a file, in its place.
pub(crate) fn optimise(wasm: &Path, debug_names: bool) -> Result<()> {
    eprintln!("Optimising the WebAssembly");
    let output = wasm.with_extension("smaller");
    let mut node = shell::command("node");
    node.arg(place::page_tests().join("node_modules/binaryen/bin/wasm-opt"))
        // Until nothing more is gained: half a minute for a kilobyte of what everybody loads.
        .args(["-Oz", "--converge"])
        .args(WASM_FEATURES)
        .args(debug_names.then_some("-g"))
        .arg(wasm)
        .arg("-o")
        .arg(&output);
    shell::run_quietly(&mut node, "wasm-opt")?;
    fs::rename(output, wasm)?;
    Ok(())
}

/// The page again, with every room: it is loaded when somebody asks for a room beyond the first.
fn add_whole_program(debug_names: bool) -> Result<()> {
    const PAGE: &str = "faultline-web";
    eprintln!("Compiling the page with every room");
    let mut cargo = shell::command("cargo");
    cargo.args(["build", "--quiet", "--package", PAGE, "--profile", "web"]);
    ensure!(
        shell::run(cargo.args(["--target", setup::WASM]))?.success(),
        "the page with every room did not build; the compiler says why above"
    );
    let folder = place::target().join("whole");
    let compiled = place::target().join(setup::WASM).join("web").join(format!("{PAGE}.wasm"));
    let mut bindgen = shell::command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "whole", "--out-dir"]);
    shell::run_quietly(bindgen.arg(&folder).arg(&compiled), "wasm-bindgen")?;
    let program = folder.join("whole_bg.wasm");
    optimise(&program, debug_names)?;
    let script = folder.join("whole.js");
    if !debug_names {
        shrink::pair(&program, &script)?;
    }
    let mut links = String::new();
    let styles = place::at("web/styles/crowd.css");
    for (file, id) in [(script, "script"), (program, "program"), (styles, "styles")] {
        let hash = stamp::of_files(std::slice::from_ref(&file))?;
        let end = file.extension().context("it has one")?.to_string_lossy().into_owned();
        let name = format!("whole-{hash:016x}.{end}");
        fs::copy(&file, place::dist().join(&name))?;
        let id = format!("whole-{id}");
        links += &format!("    <meta id=\"{id}\" name=\"{id}\" content=\"./{name}\" />\n");
    }
    let path = place::dist().join("index.html");
    let page = fs::read_to_string(&path).context("Trunk left no index.html")?;
    let (head, rest) = page.split_once("</head>").context("index.html has no end of its head")?;
    fs::write(path, [head, "\n", &links, "  </head>", rest].concat())?;
    Ok(())
}

/// The WebAssembly that Trunk made.
fn first_program() -> Result<PathBuf> {
    let mut found = Vec::new();
    for file in stamp::files_under(&place::dist())? {
        if file.extension().is_some_and(|extension| extension == "wasm") {
            found.push(file);
        }
    }
    match <[PathBuf; 1]>::try_from(found) {
        Ok([only]) => Ok(only),
        Err(found) => bail!("dist/ should hold one .wasm file and holds {}", found.len()),
    }
}

/// The script that Trunk laid beside a program.
fn script_of(program: &Path) -> Result<PathBuf> {
    let name = program.file_name().context("a program has a name")?.to_string_lossy().into_owned();
    let name = name.strip_suffix("_bg.wasm").context("Trunk names programs otherwise now")?;
    Ok(program.with_file_name(format!("{name}.js")))
}

/// One sheet instead of one for each room of the page: a request less is a page sooner.
fn join_styles() -> Result<()> {
    let path = place::dist().join("index.html");
    let page = fs::read_to_string(&path).context("Trunk left no index.html")?;
    let is_sheet = |line: &&str| line.contains("rel=\"stylesheet\"");
    let mut sheets = Vec::new();
    for line in page.lines().filter(is_sheet) {
        let (_, rest) = line.split_once("href=\"./").context("a sheet has an address")?;
        let (name, _) = rest.split_once('"').context("an address ends")?;
        sheets.push(place::dist().join(name));
    }
    let mut whole = String::new();
    for sheet in &sheets {
        whole.push_str(&without_comments(&fs::read_to_string(sheet)?));
    }
    for sheet in &sheets {
        fs::remove_file(sheet)?;
    }
    let one = place::dist().join("page.css");
    fs::write(&one, whole)?;
    let name = format!("page-{:016x}.css", stamp::of_files(std::slice::from_ref(&one))?);
    fs::rename(one, place::dist().join(&name))?;
    let link = format!("    <link rel=\"stylesheet\" href=\"./{name}\"/>");
    let mut lines: Vec<&str> = page.lines().collect();
    let first = lines.iter().position(is_sheet).context("the page has styles")?;
    lines.retain(|line| !is_sheet(line));
    lines.insert(first, &link);
    fs::write(&path, lines.join("\n"))?;
    Ok(())
}

/// A sheet as browsers need it: without comments, indents and empty lines. No text in our sheets
/// looks like the beginning of a comment.
fn without_comments(sheet: &str) -> String {
    let (mut rules, mut rest) = (String::new(), sheet);
    while let Some((before, comment)) = rest.split_once("/*") {
        // It parts two words as a space does.
        rules.extend([before, " "]);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    rules.push_str(rest);
    let lines = rules.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The page's version stands in `index.html`, where it can be read when nothing else runs.
fn write_version() -> Result<()> {
    let path = place::dist().join("index.html");
    let page = fs::read_to_string(&path).context("Trunk left no index.html")?;
    let (before, rest) =
        page.split_once("name=\"version\" content=\"").context("index.html has no version")?;
    let (_, after) = rest.split_once('"').context("index.html has no version")?;
    let version = env!("CARGO_PKG_VERSION");
    fs::write(&path, format!("{before}name=\"version\" content=\"{version}\"{after}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sheet_loses_what_browsers_do_not_read() {
        let sheet = "/* A\n   sheet. */\np {\n  color: red; /* or */*{a:b}\n}\n\na { b: c; }\n";
        assert_eq!(super::without_comments(sheet), "p {\ncolor: red;  *{a:b}\n}\na { b: c; }\n");
    }
}
