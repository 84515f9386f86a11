//! Values as numbers. Texts that grow by appending share what they have in common.

use crate::FixedMap;
use std::collections::BTreeMap;

/// The number of a value. Equal values have equal numbers.
pub(crate) type ValueId = u32;

/// The number of a text that may be appended.
pub(crate) type PieceId = u32;

const NONE: u32 = u32::MAX;
/// The base of the check value of a text.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// All values of one key's history, and those that the search makes by appending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    values: Vec<Value>,
    /// Values of which nothing is known but whether they are equal, as they are written.
    marks: BTreeMap<String, ValueId>,
    pieces: Vec<Piece>,
    known_pieces: BTreeMap<Box<str>, PieceId>,
    appended: FixedMap<(ValueId, PieceId), ValueId>,
    /// By length and check value; the next of the same is in the value itself.
    texts: FixedMap<(u64, u64), ValueId>,
}

/// A value: a text of its own, or another one with a piece behind it.
#[derive(Clone, Copy, Debug)]
struct Value {
    before: ValueId,
    piece: PieceId,
    length: u64,
    check: u64,
    next: ValueId,
}

#[derive(Clone, Debug)]
struct Piece {
    text: Box<str>,
    check: u64,
    /// `BASE` to the power of its length.
    power: u64,
}

impl Values {
    /// The number of a value that nothing is ever appended to, given as it is written.
    pub(crate) fn mark(&mut self, written: &str) -> ValueId {
        if let Some(known) = self.marks.get(written) {
            return *known;
        }
        let id = number(self.values.len());
        // No text is so long, so no text is equal to it.
        self.values.push(Value { before: NONE, piece: 0, length: u64::MAX, check: 0, next: NONE });
        self.marks.insert(written.to_owned(), id);
        id
    }

    /// The number of a text.
    pub(crate) fn text(&mut self, text: &str) -> ValueId {
        let piece = self.piece(text);
        let Piece { check, .. } = self.pieces[piece as usize];
        let length = text.len() as u64;
        self.known(Value { before: NONE, piece, length, check, next: NONE })
    }

    /// The number of a text to be appended.
    pub(crate) fn piece(&mut self, text: &str) -> PieceId {
        if let Some(known) = self.known_pieces.get(text) {
            return *known;
        }
        let mut piece = Piece { text: text.into(), check: 0, power: 1 };
        for byte in text.bytes() {
            piece.check = piece.check.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
            piece.power = piece.power.wrapping_mul(BASE);
        }
        let id = number(self.pieces.len());
        self.known_pieces.insert(text.into(), id);
        self.pieces.push(piece);
        id
    }

    /// How many there are so far; their numbers are below this one.
    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    /// The value with the piece behind it.
    pub(crate) fn append(&mut self, before: ValueId, piece: PieceId) -> ValueId {
        if let Some(known) = self.appended.get(&(before, piece)) {
            return *known;
        }
        let Value { length, check, .. } = self.values[before as usize];
        let Piece { text, check: own, power } = &self.pieces[piece as usize];
        let length = length + text.len() as u64;
        let check = check.wrapping_mul(*power).wrapping_add(*own);
        let id = self.known(Value { before, piece, length, check, next: NONE });
        self.appended.insert((before, piece), id);
        id
    }

    /// Whether the text `whole`, which the history names, begins with the text `start`.
    pub(crate) fn begins(&self, whole: ValueId, start: ValueId) -> bool {
        let whole = self.values[whole as usize];
        let whole = self.pieces[whole.piece as usize].text.as_bytes();
        let mut start = start;
        // From behind: a text that does not fit mostly differs at its end.
        while let Some(value) = self.values.get(start as usize) {
            let piece = self.pieces[value.piece as usize].text.as_bytes();
            let Ok(end) = usize::try_from(value.length) else {
                return false;
            };
            if whole.get(..end).is_none_or(|whole| !whole.ends_with(piece)) {
                return false;
            }
            start = value.before;
        }
        true
    }

    /// The length and check value of a value; equal texts have equal ones.
    pub(crate) fn mark_of(&self, value: ValueId) -> (u64, u64) {
        let Value { length, check, .. } = self.values[value as usize];
        (length, check)
    }

    /// The same of each beginning of a text that the history names, down to the empty one.
    pub(crate) fn beginnings(&self, whole: ValueId) -> impl Iterator<Item = (u64, u64)> {
        let bytes = self.pieces[self.values[whole as usize].piece as usize].text.bytes();
        let longer = |so_far: &mut (u64, u64), byte: u8| {
            let (length, check) = *so_far;
            let check = check.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
            *so_far = (length + 1, check);
            Some(*so_far)
        };
        std::iter::once((0, 0)).chain(bytes.scan((0, 0), longer))
    }

    /// The number of this text, which may be known as put together in another way.
    fn known(&mut self, value: Value) -> ValueId {
        let first = self.texts.get(&(value.length, value.check)).copied().unwrap_or(NONE);
        let mut known = first;
        while known != NONE {
            let same = self.bytes(&value).eq(self.bytes(&self.values[known as usize]));
            if same {
                return known;
            }
            known = self.values[known as usize].next;
        }
        let id = number(self.values.len());
        self.texts.insert((value.length, value.check), id);
        self.values.push(Value { next: first, ..value });
        id
    }

    fn bytes(&self, value: &Value) -> impl Iterator<Item = u8> {
        let before = |value: &Value| self.values.get(value.before as usize).copied();
        let chain = std::iter::successors(Some(*value), before);
        let mut pieces: Vec<&str> =
            chain.map(|value| &*self.pieces[value.piece as usize].text).collect();
        pieces.reverse();
        pieces.into_iter().flat_map(str::bytes)
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("a search ends long before")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_however_it_was_put_together() {
        let mut values = Values::default();
        let [a, bc, ab, c, d] = ["a", "bc", "ab", "c", "d"].map(|text| values.piece(text));
        let empty = values.text("");
        let one = values.append(empty, a);
        assert_eq!(one, values.text("a"));
        let one = values.append(one, bc);
        let other = values.append(empty, ab);
        assert_ne!(one, values.append(other, d));
        assert_eq!(one, values.append(other, c));
        assert_eq!(one, values.text("abc"));
        let (long, wrong) = (values.text("abcd"), values.append(other, d));
        assert!(values.begins(long, one) && values.begins(long, empty));
        assert!(!values.begins(long, wrong) && !values.begins(one, long));
        let beginnings: Vec<_> = values.beginnings(long).collect();
        assert_eq!(beginnings.len(), 5);
        assert_eq!([beginnings[0], beginnings[3]], [empty, one].map(|text| values.mark_of(text)));
    }

    #[test]
    fn a_mark_is_equal_to_itself_alone() {
        let mut values = Values::default();
        let (text, one) = (values.text("1"), values.mark("1"));
        assert_ne!(text, one);
        assert_eq!(one, values.mark("1"));
        assert_ne!(one, values.mark("2"));
    }
}
