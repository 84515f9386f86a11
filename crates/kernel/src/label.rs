//! Short texts that are copied, not allocated.

use core::fmt;

/// Up to 15 bytes of text in place, such as `x=9`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Label {
    bytes: [u8; Label::MOST],
    length: u8,
}

impl Label {
    /// How many bytes fit.
    pub const MOST: usize = 15;

    /// As much of `text` as fits, cut between characters.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut label = Self::default();
        for character in text.chars() {
            label.push(character);
        }
        label
    }

    /// Formats straight into a label; what does not fit is cut.
    #[must_use]
    pub fn format(arguments: fmt::Arguments<'_>) -> Self {
        let mut label = Self::default();
        // Writing into a label cannot fail: it drops what does not fit.
        let _ = fmt::write(&mut label, arguments);
        label
    }

    fn push(&mut self, character: char) {
        let start = usize::from(self.length);
        let end = start + character.len_utf8();
        if end <= Self::MOST {
            character.encode_utf8(&mut self.bytes[start..end]);
            self.length += u8::try_from(character.len_utf8()).expect("at most four bytes");
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Write for Label {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().for_each(|character| self.push(character));
        Ok(())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(Label::new("x=9").as_str(), "x=9");
        assert_eq!(Label::new("ääääääääää").as_str(), "äääääää");
        assert_eq!(Label::format(format_args!("{}={}", 'y', 12)).as_str(), "y=12");
    }
}
