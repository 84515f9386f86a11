//! A check value over a canonical encoding.

/// Folds little-endian words into 64 bits, the same on every machine.
///
/// Not `core::hash`: that hashes lengths as `usize`, which differ between wasm32 and 64-bit
/// machines. Not cryptographic: it finds accidents, not forgeries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Takes in one word.
    pub fn word(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    /// Takes in bytes, and how many there were.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        self.word(bytes.len() as u64);
    }

    /// The value so far.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}
