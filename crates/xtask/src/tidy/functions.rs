//! The length of functions, by their tokens.

use super::Source;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

const LINES_MAX: usize = 70;
/// A view in `html!` is a picture of the page and may be longer.
const VIEW_LINES_MAX: usize = 120;

pub(super) fn too_long(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".rs")) {
        match source.text.parse::<TokenStream>() {
            Ok(tokens) => search(&source.path, tokens, &mut complaints),
            Err(error) => complaints.push(format!("{}: not Rust: {error}", source.path)),
        }
    }
    complaints
}

/// Looks for `fn name … { … }` at this level and in every group.
fn search(path: &str, tokens: TokenStream, complaints: &mut Vec<String>) {
    let mut open: Option<String> = None;
    let mut after_fn = false;
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                if after_fn {
                    open = Some(word.to_string());
                }
                after_fn = word == "fn";
            }
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Brace
                    && let Some(name) = open.take()
                {
                    complaints.extend(complaint(path, &name, &group));
                }
                after_fn = false;
                search(path, group.stream(), complaints);
            }
            TokenTree::Punct(mark) => {
                after_fn = false;
                // A function without a body, as in a trait.
                if mark.as_char() == ';' {
                    open = None;
                }
            }
            TokenTree::Literal(_) => after_fn = false,
        }
    }
}

fn complaint(path: &str, name: &str, body: &Group) -> Option<String> {
    let first = body.span_open().start().line;
    let lines = body.span_close().end().line - first + 1;
    let lines_max = if is_view(body.stream()) { VIEW_LINES_MAX } else { LINES_MAX };
    // The line with the brace that opens and the one that closes are not counted.
    (lines > lines_max + 2).then(|| format!("{path}:{first}: `{name}` has {} lines", lines - 2))
}

fn is_view(body: TokenStream) -> bool {
    body.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "html",
        TokenTree::Group(group) => is_view(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints_of(text: String) -> Vec<String> {
        too_long(&[Source { path: "a.rs".to_owned(), text }])
    }

    #[test]
    fn a_function_is_found_wherever_it_stands() {
        let long = "let x = 1;\n".repeat(71);
        let text =
            format!("trait T {{ fn short(); }}\nmod m {{\n impl X {{ fn f() {{\n{long}}}}}}}");
        assert_eq!(complaints_of(text), ["a.rs:3: `f` has 71 lines"]);
    }

    #[test]
    fn a_view_may_be_longer() {
        let view = format!("fn view() {{\nhtml! {{\n{}}}\n}}", "<p/>\n".repeat(110));
        assert!(complaints_of(view).is_empty());
    }
}
