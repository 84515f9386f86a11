//! The program and its script, smaller: short names for what they call one another by, and a
//! script without comments and long names.
//!
//! wasm-bindgen names each import with a hash, which no compression shortens, once in the program
//! and once in the script.

use crate::{place, shell};
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// The sections of a program that hold names which its script uses.
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// Makes a program and its script smaller, in their places.
pub(crate) fn pair(program: &Path, script: &Path) -> Result<()> {
    let mut names = Names::default();
    fs::write(program, names.shorten_in_program(&fs::read(program)?)?)?;
    fs::write(script, names.shorten_in_script(&fs::read_to_string(script)?))?;
    let mut node = shell::command("node");
    node.arg(place::page_tests().join("node_modules/terser/bin/terser"))
        .args(["--module", "--compress", "--mangle", "--output"])
        .arg(script)
        .arg("--")
        .arg(script);
    shell::run_quietly(&mut node, "terser")
}

/// Long names and the short ones that stand for them.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    /// The short name of a generated one; the others are written by hand and stay.
    fn short(&mut self, name: &str) -> String {
        if !name.starts_with("__wb") && !name.starts_with("wasm_bindgen__") {
            return name.to_owned();
        }
        let next = format!("${}", self.0.len());
        self.0.entry(name.to_owned()).or_insert(next).clone()
    }

    fn shorten_in_program(&mut self, program: &[u8]) -> Result<Vec<u8>> {
        ensure!(program.starts_with(b"\0asm\x01\0\0\0"), "this is no WebAssembly of version 1");
        let (head, mut rest) = program.split_at(8);
        let mut out = head.to_vec();
        while let Some((&id, after)) = rest.split_first() {
            rest = after;
            let length = number(&mut rest)?;
            let body = take(&mut rest, length)?;
            let body = match id {
                IMPORTS => self.entries(body, true)?,
                EXPORTS => self.entries(body, false)?,
                _ => body.to_vec(),
            };
            out.push(id);
            write_number(&mut out, body.len());
            out.extend(body);
        }
        Ok(out)
    }

    /// The entries of a section: an import is a module, a name, a kind and a type; an export is a
    /// name, a kind and an index.
    fn entries(&mut self, mut body: &[u8], imports: bool) -> Result<Vec<u8>> {
        let mut out = vec![];
        let count = number(&mut body)?;
        write_number(&mut out, count);
        for _ in 0..count {
            if imports {
                let length = number(&mut body)?;
                write_bytes(&mut out, take(&mut body, length)?);
            }
            let length = number(&mut body)?;
            let name = std::str::from_utf8(take(&mut body, length)?)?;
            write_bytes(&mut out, self.short(name).as_bytes());
            let kind = take(&mut body, 1)?[0];
            // Of another kind the type is longer, and wasm-bindgen imports nothing but functions.
            ensure!(!imports || kind == 0, "{name} is imported and no function");
            out.push(kind);
            write_number(&mut out, number(&mut body)?);
        }
        ensure!(body.is_empty(), "a section is longer than its entries");
        Ok(out)
    }

    fn shorten_in_script(&self, script: &str) -> String {
        let of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
        let mut out = String::with_capacity(script.len());
        let mut rest = script;
        while !rest.is_empty() {
            let end = rest.find(|letter| !of_name(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            out.push_str(self.0.get(word).map_or(word, String::as_str));
            let gap = after.find(of_name).unwrap_or(after.len());
            out.push_str(&after[..gap]);
            rest = &after[gap..];
        }
        out
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length).context("the program ends too early")?;
    *rest = after;
    Ok(taken)
}

/// Reads an unsigned number in seven bits a byte (LEB128).
fn number(rest: &mut &[u8]) -> Result<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(rest, 1)?[0];
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    bail!("a number of the program has no end")
}

fn write_number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_number(out, bytes.len());
    out.extend(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that imports `__wbg_x_1` from `m` and exports `__wbindgen_y` and `main`.
    fn program(import: &str, export: &str) -> Vec<u8> {
        let mut imports = vec![1];
        write_bytes(&mut imports, b"m");
        write_bytes(&mut imports, import.as_bytes());
        imports.extend([0, 0]);
        let mut exports = vec![2];
        for name in [export, "main"] {
            write_bytes(&mut exports, name.as_bytes());
            exports.extend([0, 0]);
        }
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        for (id, body) in [(1, vec![0]), (IMPORTS, imports), (EXPORTS, exports)] {
            out.push(id);
            write_bytes(&mut out, &body);
        }
        out
    }

    #[test]
    fn program_and_script_agree_on_the_short_names() {
        let mut names = Names::default();
        let long = program("__wbg_x_1", "__wbindgen_y");
        assert_eq!(names.shorten_in_program(&long).unwrap(), program("$0", "$1"));
        let script = "x = { __wbg_x_1: f, __wbg_x_12: g }; wasm.__wbindgen_y(); wasm.main()";
        let short = "x = { $0: f, __wbg_x_12: g }; wasm.$1(); wasm.main()";
        assert_eq!(names.shorten_in_script(script), short);
    }

    #[test]
    fn a_program_that_is_cut_off_is_an_error() {
        let whole = program("__wbg_x_1", "__wbindgen_y");
        for end in [0, 4, 9, 12, 20, whole.len() - 1] {
            assert!(Names::default().shorten_in_program(&whole[..end]).is_err(), "{end}");
        }
    }
}
