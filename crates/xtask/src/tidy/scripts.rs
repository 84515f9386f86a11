//! The length of functions of JavaScript: its braces are matched, whatever stands in strings.

use super::Source;

const LINES_MAX: usize = 70;
/// What stands before a parenthesis and a brace without being a function.
const STATEMENTS: [&str; 7] = ["if", "for", "while", "switch", "catch", "with", "await"];

/// Words after which a slash begins a pattern and divides nothing.
const BEFORE_PATTERNS: [&str; 7] = ["return", "typeof", "case", "in", "of", "await", "yield"];

pub(super) fn too_long(sources: &[Source]) -> Vec<String> {
    let scripts = sources.iter().filter(|source| source.ends_with_one_of(&[".mjs", ".js"]));
    let long = |source: &Source| {
        let functions = functions(&source.text).into_iter();
        let long = functions.filter(|function| function.lines > LINES_MAX);
        long.map(|Function { line, lines }| {
            format!("{}:{line}: the function here has {lines} lines", source.path)
        })
        .collect::<Vec<_>>()
    };
    scripts.flat_map(long).collect()
}

/// Where the brace of a function stands, and how many lines are between it and the one that closes.
#[derive(Debug, PartialEq, Eq)]
struct Function {
    line: usize,
    lines: usize,
}

/// A token that matters here, and the line it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Arrow,
    /// A bracket of any kind, or another mark.
    Mark(char),
    /// A string, a pattern or a number.
    Value,
}

fn functions(text: &str) -> Vec<Function> {
    let mut found = Vec::new();
    // For each open bracket: its line, whether it opens a function, and what stood before it.
    let mut open: Vec<(usize, bool, Option<Token>)> = Vec::new();
    // What stood before the parenthesis that was closed just now.
    let mut head: Option<Token> = None;
    let mut before: Option<Token> = None;
    for (token, line) in tokens(text) {
        let closed = head.take();
        match &token {
            Token::Mark('(' | '[') => open.push((line, false, before)),
            Token::Mark('{') => {
                let is_body = before == Some(Token::Arrow) || closed.is_some_and(is_name);
                open.push((line, is_body, before));
            }
            Token::Mark(')') => head = open.pop().and_then(|(.., before)| before),
            Token::Mark(']' | '}') => {
                if let Some((first, true, _)) = open.pop() {
                    found.push(Function { line: first, lines: line.saturating_sub(first + 1) });
                }
            }
            _ => {}
        }
        before = Some(token);
    }
    found.sort_by_key(|function| function.line);
    found
}

/// Whether this, before a parenthesis and a brace, means a function that is being defined:
/// `function (…) {`, `function name(…) {`, or `name(…) {` as in a class.
fn is_name(before: Token) -> bool {
    matches!(before, Token::Word(word) if !STATEMENTS.contains(&&*word))
}

fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut reader = Reader { rest: text, line: 1, tokens: Vec::new(), templates: Vec::new() };
    while reader.step() {}
    reader.tokens
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<(Token, usize)>,
    /// How many braces are open in each template string that is interrupted by `${`.
    templates: Vec<usize>,
}

impl Reader<'_> {
    fn skip(&mut self, bytes: usize) {
        let (done, rest) = self.rest.split_at(bytes);
        self.line += done.matches('\n').count();
        self.rest = rest;
    }

    fn push(&mut self, token: Token, bytes: usize) {
        self.tokens.push((token, self.line));
        self.skip(bytes);
    }

    /// Reads one token; `false` at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let until = |end: &str| self.rest.find(end).unwrap_or(self.rest.len());
        let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        if self.rest.starts_with("//") {
            self.skip(until("\n"));
        } else if self.rest.starts_with("/*") {
            self.skip((until("*/") + 2).min(self.rest.len()));
        } else if self.rest.starts_with("=>") {
            self.push(Token::Arrow, 2);
        } else if first == '`' {
            self.push(Token::Value, 1);
            self.template();
        } else if first == '"' || first == '\'' || (first == '/' && self.is_pattern()) {
            let bytes = quoted(self.rest, first);
            self.push(Token::Value, bytes);
        } else if is_letter(first) {
            let bytes = self.rest.find(|c| !is_letter(c)).unwrap_or(self.rest.len());
            self.push(Token::Word(self.rest[..bytes].to_owned()), bytes);
        } else if first.is_whitespace() {
            self.skip(first.len_utf8());
        } else {
            self.mark(first);
        }
        true
    }

    fn mark(&mut self, mark: char) {
        match (mark, self.templates.last_mut()) {
            ('{', Some(depth)) => *depth += 1,
            ('}', Some(0)) => {
                // The end of `${…}`: the template goes on.
                self.templates.pop();
                self.skip(1);
                return self.template();
            }
            ('}', Some(depth)) => *depth -= 1,
            _ => {}
        }
        self.push(Token::Mark(mark), mark.len_utf8());
    }

    /// Skips a template string up to its end, or to a `${` in it.
    fn template(&mut self) {
        let mut letters = self.rest.char_indices();
        while let Some((place, letter)) = letters.next() {
            match letter {
                '\\' => drop(letters.next()),
                '`' => return self.skip(place + 1),
                '$' if self.rest[place..].starts_with("${") => {
                    self.templates.push(0);
                    return self.skip(place + 2);
                }
                _ => {}
            }
        }
        self.skip(self.rest.len());
    }

    /// Whether a slash begins a pattern: it does where no value stands before it.
    fn is_pattern(&self) -> bool {
        match self.tokens.last() {
            Some((Token::Word(word), _)) => BEFORE_PATTERNS.contains(&&**word),
            Some((Token::Value | Token::Mark(')' | ']' | '}'), _)) => false,
            _ => true,
        }
    }
}

/// The length of what is quoted by its first letter; a pattern may have that letter in brackets.
fn quoted(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1);
    let mut class = false;
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' if quote == '/' => class = true,
            ']' if quote == '/' => class = false,
            // Neither goes over the end of a line.
            '\n' => return place,
            _ if letter == quote && !class => return place + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(usize, usize)> {
        functions(text).into_iter().map(|function| (function.line, function.lines)).collect()
    }

    #[test]
    fn functions_of_every_kind_are_measured() {
        assert_eq!(of("function a() {\n1;\n2;\n}"), [(1, 2)]);
        assert_eq!(of("const a = async (b) => {\n1;\n};"), [(1, 1)]);
        assert_eq!(of("test(\"x\", () => {\n  f({\n a: 1 });\n});"), [(1, 2)]);
        assert_eq!(of("class A {\n  b(c) {\n 1;\n }\n\n}"), [(2, 1)]);
        assert_eq!(of("if (a) {\n1;\n} else {\n2;\n}"), []);
        assert_eq!(of("for (const a of b()) {\n1;\n}"), []);
        assert_eq!(of("const a = { b: 1 };"), []);
    }

    #[test]
    fn what_stands_in_strings_and_comments_is_no_brace() {
        let text = "function a() {\n// {\n/* { */ \"{\" + '{' + `{ ${b({ c: `${d}` })} {`;\n}";
        assert_eq!(of(text), [(1, 2)]);
        assert_eq!(of("function a() {\n return /[/{]\\/{/.test(b) / 2;\n}"), [(1, 1)]);
    }

    #[test]
    fn a_long_one_is_told_with_its_place() {
        let text = format!("\nexport function a() {{\n{}}}\n", "1;\n".repeat(71));
        let source = Source { path: "a.mjs".to_owned(), text };
        assert_eq!(too_long(&[source]), ["a.mjs:2: the function here has 71 lines"]);
    }
}
