//! Notes: what a node says about what it does, as data.

use crate::{Digest, Label, NodeId, Span};

/// How many arguments a note carries at most.
pub const NOTE_ARGS: usize = 4;

/// One remark of a node on what it just did: narration in the page, a line in a golden, the mark a
/// test waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Note {
    /// Which remark: an index into [`crate::About::notes`], where its arguments have names.
    pub kind: u8,
    /// Its arguments, in the order of the names.
    pub args: [Value; NOTE_ARGS],
}

/// A value that can be said, shown and compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Value {
    /// Nothing, or not known.
    #[default]
    Nothing,
    /// A count, a term, an index.
    Number(u64),
    /// A node.
    Node(NodeId),
    /// A length of time.
    Span(Span),
    /// A word of the message catalogue, by its id.
    Word(&'static str),
    /// Text of the run itself, such as a command; never translated.
    Label(Label),
}

impl Note {
    /// A note of this kind with these arguments; more than [`NOTE_ARGS`] are a mistake.
    #[must_use]
    pub fn new(kind: u8, arguments: &[Value]) -> Self {
        let mut args = [Value::Nothing; NOTE_ARGS];
        args[..arguments.len()].copy_from_slice(arguments);
        Self { kind, args }
    }

    /// Takes the note into a check value.
    pub fn digest(&self, digest: &mut Digest) {
        digest.word(u64::from(self.kind));
        self.args.iter().for_each(|value| value.digest(digest));
    }
}

impl Value {
    /// Takes the value into a check value.
    pub fn digest(&self, digest: &mut Digest) {
        match self {
            Self::Nothing => digest.word(0),
            Self::Number(number) => {
                digest.word(1);
                digest.word(*number);
            }
            Self::Node(node) => {
                digest.word(2);
                digest.word(u64::from(node.0));
            }
            Self::Span(span) => {
                digest.word(3);
                digest.word(span.0);
            }
            Self::Word(word) => {
                digest.word(4);
                digest.bytes(word.as_bytes());
            }
            Self::Label(label) => {
                digest.word(5);
                digest.bytes(label.as_str().as_bytes());
            }
        }
    }
}

macro_rules! value_from {
    ($($source:ty => $variant:ident),+) => {$(
        impl From<$source> for Value {
            fn from(source: $source) -> Self {
                Self::$variant(source.into())
            }
        }
    )+};
}

value_from!(u32 => Number, u64 => Number, NodeId => Node, Span => Span, Label => Label);

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Nothing, Into::into)
    }
}
