//! Compiles words: Fluent messages become the source of a table. The page's build script does the
//! same with its own words.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Has cargo run the build script again when this changes.
pub(crate) fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}

/// The messages of these files whose ids are wanted, in order of ids, as source.
pub(crate) fn read(files: &[PathBuf], wanted: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut messages = BTreeMap::new();
    for file in files {
        watch(file);
        let Ok(text) = fs::read_to_string(file) else {
            continue;
        };
        let resource = fluent_syntax::parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{file:?}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            if !wanted(message.id.name) {
                continue;
            }
            let pattern = message.value.expect("a message has a value");
            let earlier = messages.insert(message.id.name.to_owned(), pieces(&pattern));
            assert!(earlier.is_none(), "{file:?}: {} is there twice", message.id.name);
        }
    }
    messages
}

/// The table of these messages, as an expression.
pub(crate) fn write(messages: &BTreeMap<String, String>) -> String {
    let mut source = String::from("&[\n");
    for (id, pieces) in messages {
        writeln!(source, "({id:?}, {pieces}),").expect("a string takes everything");
    }
    source + "]"
}

/// A pattern as the source of a list of pieces.
fn pieces(pattern: &Pattern<&str>) -> String {
    let pieces: Vec<String> = pattern.elements.iter().map(piece).collect();
    format!("&[{}]", pieces.join(", "))
}

fn piece(element: &PatternElement<&str>) -> String {
    match element {
        PatternElement::TextElement { value } => format!("Piece::Text({value:?})"),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::StringLiteral { value }),
        } => format!("Piece::Text({value:?})"),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => {
            format!("Piece::Argument({:?})", argument(inline))
        }
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            let arms: Vec<String> = variants
                .iter()
                .map(|variant| {
                    let (VariantKey::Identifier { name: key }
                    | VariantKey::NumberLiteral { value: key }) = &variant.key;
                    let key = if variant.default { "" } else { *key };
                    format!("({key:?}, {})", pieces(&variant.value))
                })
                .collect();
            format!("Piece::Select({:?}, &[{}])", argument(selector), arms.join(", "))
        }
    }
}

fn argument<'a>(inline: &InlineExpression<&'a str>) -> &'a str {
    match inline {
        InlineExpression::VariableReference { id } => id.name,
        _ => panic!("only texts, arguments and selections of arguments are understood"),
    }
}
