//! Compiles words: Fluent messages become one text that is easily taken apart. The page's
//! build script does the same with its own words.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Has cargo run the build script again when this changes.
pub(crate) fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
}

/// The messages of these files whose ids are wanted, in order of ids, as patterns.
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
            let earlier = messages.insert(message.id.name.to_owned(), text_of(&pattern, 1));
            assert!(earlier.is_none(), "{file:?}: {} is there twice", message.id.name);
        }
    }
    messages
}

/// All messages as one text: each is its id, a line's end and its pattern, and ends with `\0`.
pub(crate) fn write(messages: &BTreeMap<String, String>) -> String {
    messages.iter().map(|(id, pattern)| format!("{id}\n{pattern}\0")).collect()
}

/// A pattern as text: words and arguments in turn, between marks. An argument is its name, and if
/// it is a selection, the key and the pattern of each variant; `""` is the key of any other.
/// Patterns in patterns have marks of their own, so that they are taken apart by splitting.
fn text_of(pattern: &Pattern<&str>, level: u8) -> String {
    assert!(level < 9, "no mark is the end of a line");
    let [part, variant] = [level, level + 1].map(char::from);
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value }
            | PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => {
                let is_mark = |letter: char| letter.is_control() && letter != '\n';
                assert!(!value.contains(is_mark), "{value:?} holds what marks are made of");
                text.push_str(value);
            }
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                text.extend([&part.to_string(), argument(inline), &part.to_string()]);
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                text.push(part);
                text.push_str(argument(selector));
                for arm in variants {
                    let (VariantKey::Identifier { name: key }
                    | VariantKey::NumberLiteral { value: key }) = &arm.key;
                    text.push(variant);
                    text.push_str(if arm.default { "" } else { key });
                    text.push(variant);
                    text.push_str(&text_of(&arm.value, level + 2));
                }
                text.push(part);
            }
        }
    }
    text
}

fn argument<'a>(inline: &InlineExpression<&'a str>) -> &'a str {
    match inline {
        InlineExpression::VariableReference { id } => id.name,
        _ => panic!("only texts, arguments and selections of arguments are understood"),
    }
}
