//! Random values as pure functions of where and when they are drawn.
//!
//! Nothing is counted and no generator is kept: a draw is keyed by its circumstances, so an
//! intervention somewhere else shifts nothing here.
//! This file is part of the format of links, where its versions are called `rng` ([`Draws`]): the
//! test vectors below never change.

use crate::{Span, SpanRange};
use core::convert::Infallible;
use rand::rand_core::TryRng;

/// What a value is drawn for. Part of the format: never renumber.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Purpose {
    /// How long a message takes.
    Latency = 1,
    /// Whether a message is lost.
    Loss = 2,
    /// Whether a message arrives twice.
    Duplicate = 3,
    /// A choice that a node makes.
    Choose = 4,
    /// A length of time that a node picks.
    Span = 5,
    /// How long a write to disk takes.
    Disk = 6,
    /// Where a request of a client goes.
    Request = 7,
    /// A schedule of random faults.
    Chaos = 8,
    /// Who is hit when a share of the nodes crashes.
    Crash = 9,
    /// All that the network decides of a message ([`Draws::Two`]).
    Fate = 10,
}

/// The version of the draws of nodes and network: part of the format of links, where it is `rng`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Draws {
    /// Every value has a draw of its own. Of a message: sender, receiver, time, ordinal; for each
    /// purpose anew. Of a node: its number, its clock, ordinal.
    #[default]
    One,
    /// What goes together is drawn together. All that the network decides of a message are words
    /// of one draw, and its sender and time come first, which its neighbours share; what a node
    /// draws at one instant for one purpose are the words of one draw. Among a million nodes in
    /// free-running time, drawing costs a third of what it did, and that is a sixth of everything.
    Two,
}

impl Draws {
    /// The version with this number.
    #[must_use]
    pub fn numbered(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

/// A small counter-based generator behind `rand`'s trait.
///
/// Word *i* is the SplitMix64 finaliser (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014) of `key + (i + 1) · γ`; the key absorbs the circumstances the same way.
#[derive(Clone, Debug)]
pub struct Draw {
    state: u64,
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper 64 bits of `word · n`. WebAssembly has no wide multiplication, and nearly every `n` is
/// small: then two narrow ones do.
#[inline]
fn high_half(word: u64, n: u64) -> u64 {
    if cfg!(target_family = "wasm") && n <= u64::from(u32::MAX) {
        return narrow_high_half(word, n);
    }
    ((u128::from(word) * u128::from(n)) >> 64) as u64
}

/// The same for an `n` of 32 bits.
#[inline]
fn narrow_high_half(word: u64, n: u64) -> u64 {
    let low = (word & 0xffff_ffff) * n;
    ((word >> 32) * n + (low >> 32)) >> 32
}

/// The first circumstances of many draws, mixed once for all of them.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Mixed as far as it can be before the next circumstance is known: whoever keeps a key has
    /// done that work for every draw by it.
    mixed: u64,
}

impl Key {
    /// No circumstances yet.
    #[inline]
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let seed = mix(seed.wrapping_add(GAMMA));
        Self { mixed: mix((seed ^ (purpose as u64)).wrapping_add(GAMMA)) }
    }

    /// One more circumstance.
    #[inline]
    #[must_use]
    pub fn with(self, word: u64) -> Self {
        Self { mixed: mix((self.mixed ^ word).wrapping_add(GAMMA)) }
    }

    /// One of many draws that have nothing else to tell them apart.
    #[inline(always)]
    #[must_use]
    pub fn nth(self, ordinal: u64, draws: Draws) -> Draw {
        match draws {
            Draws::One => self.with(ordinal).draw(),
            Draws::Two => self.draw().skip(ordinal),
        }
    }

    /// The draw that belongs to these circumstances: the one of [`Draw::keyed`].
    #[inline]
    #[must_use]
    pub fn draw(self) -> Draw {
        Draw { state: self.mixed }
    }
}

impl Draw {
    /// The draw that belongs to these circumstances, and to no other.
    #[inline]
    #[must_use]
    pub fn keyed(seed: u64, purpose: Purpose, circumstances: &[u64]) -> Self {
        circumstances.iter().fold(Key::new(seed, purpose), |key, word| key.with(*word)).draw()
    }

    /// The same draw without its first `words` words, at no cost: where a million nodes draw at
    /// once, each has a stretch of one draw to itself.
    #[inline]
    #[must_use]
    pub fn skip(&self, words: u64) -> Self {
        Self { state: self.state.wrapping_add(words.wrapping_mul(GAMMA)) }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        mix(self.state)
    }

    /// A whole number below `n`; 0 if `n` is 0. The bias is below n / 2⁶⁴.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        high_half(self.word(), n)
    }

    /// The same where `n` is small; so is what is drawn, and nobody has to look whether it is.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "it is below n")]
    pub fn choice(&mut self, n: u32) -> u32 {
        self.below(u64::from(n)) as u32
    }

    /// A length in `range`, both ends included.
    #[inline]
    pub fn span(&mut self, range: SpanRange) -> Span {
        let width = range.max.0.saturating_sub(range.min.0).saturating_add(1);
        range.min + Span(self.below(width))
    }

    /// Yes in `per_million` of a million cases.
    #[inline]
    pub fn chance(&mut self, per_million: u32) -> bool {
        self.below(MILLION) < u64::from(per_million)
    }

    /// The same for whoever asks often.
    #[inline(always)]
    pub fn hits(&mut self, chance: Chance) -> bool {
        self.word() < chance.0 || chance.0 == u64::MAX
    }
}

const MILLION: u64 = 1_000_000;

/// A share of a million cases, worked out once for many draws: [`Draw::hits`] says with it just
/// what [`Draw::chance`] says without.
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// In so many of a million cases.
    #[must_use]
    pub fn new(per_million: u32) -> Self {
        // A word w hits if w · 10⁶ / 2⁶⁴ < p: below p · 2⁶⁴ / 10⁶, rounded up. What the greatest
        // word stands for, all of them, no smaller share comes near. 2⁶⁴ is a whole number of
        // millions and a rest.
        const WHOLE: u64 = u64::MAX / MILLION;
        const REST: u64 = u64::MAX % MILLION + 1;
        let share = u64::from(per_million);
        match share {
            MILLION.. => Self(u64::MAX),
            _ => Self(share * WHOLE + (share * REST).div_ceil(MILLION)),
        }
    }
}

impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(8) {
            let word = self.word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn the_format_of_draws_is_pinned() {
        let mut draw = Draw::keyed(42, Purpose::Latency, &[0, 1, 1_000, 0]);
        assert_eq!([draw.word(), draw.word()], PINNED);
        let mut draw = Draw::keyed(42, Purpose::Loss, &[0, 1, 1_000, 0]);
        assert_ne!(draw.word(), PINNED[0]);
    }

    const PINNED: [u64; 2] = [12_460_737_534_845_292_997, 9_069_756_208_002_178_649];

    #[test]
    fn a_key_and_a_skip_give_the_same_words_in_another_way() {
        let key = Key::new(42, Purpose::Latency).with(0).with(1);
        let mut draw = key.with(1_000).with(0).draw();
        assert_eq!(draw.skip(1).word(), PINNED[1]);
        assert_eq!(draw.word(), PINNED[0]);
    }

    #[test]
    fn what_goes_together_is_told_apart_by_words() {
        let key = Key::new(42, Purpose::Choose).with(0).with(1_000);
        let drawn = |draws| [0, 1].map(|ordinal| key.nth(ordinal, draws).word());
        assert_eq!(drawn(Draws::One), [0, 1].map(|ordinal| key.with(ordinal).draw().word()));
        let mut draw = key.draw();
        assert_eq!(drawn(Draws::Two), [draw.word(), draw.word()]);
        assert_eq!(
            [0, 1, 2, 3].map(Draws::numbered),
            [None, Some(Draws::One), Some(Draws::Two), None]
        );
    }

    #[test]
    fn a_chance_worked_out_before_says_the_same() {
        let mut draw = Draw::keyed(5, Purpose::Loss, &[]);
        for per_million in [0, 1, 2, 3, 50_000, 333_333, 999_999, 1_000_000, 1_000_001, u32::MAX] {
            let chance = Chance::new(per_million);
            let edge =
                [chance.0, chance.0.wrapping_sub(1), chance.0.saturating_add(1), 0, u64::MAX];
            for word in edge.into_iter().chain((0..1_000).map(|_| draw.word())) {
                let wanted = high_half(word, MILLION) < u64::from(per_million);
                let hit = word < chance.0 || chance.0 == u64::MAX;
                assert_eq!(hit, wanted, "{word} in {per_million}");
            }
        }
    }

    #[test]
    fn the_short_way_to_the_high_half_is_exact() {
        let mut draw = Draw::keyed(3, Purpose::Choose, &[]);
        let most = u64::from(u32::MAX);
        for n in [0, 1, 2, 1_000_000, most - 1, most, most + 1, u64::MAX] {
            for word in [0, 1, u64::MAX, most, most << 32, draw.word(), draw.word()] {
                let wide = u128::from(word) * u128::from(n);
                assert_eq!(u128::from(high_half(word, n)), wide >> 64, "{word} times {n}");
                if n <= most {
                    assert_eq!(narrow_high_half(word, n), high_half(word, n), "{word} times {n}");
                }
            }
        }
    }

    #[test]
    fn the_trait_of_rand_sees_the_same_words() {
        let mut draw = Draw::keyed(7, Purpose::Choose, &[3]);
        let mut same = draw.clone();
        assert_eq!(Rng::next_u64(&mut draw), same.word());
        let mut bytes = [0; 11];
        draw.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], same.word().to_le_bytes());
    }

    #[test]
    fn ranges_keep_their_ends_and_reach_them() {
        let range = SpanRange::new(Span(10), Span(13));
        let mut seen = [false; 4];
        for i in 0..200 {
            let span = Draw::keyed(1, Purpose::Span, &[i]).span(range);
            seen[usize::try_from(span.0 - 10).expect("within the range")] = true;
        }
        assert_eq!(seen, [true; 4]);
        let widest = SpanRange::new(Span(0), Span(u64::MAX));
        assert!(Draw::keyed(1, Purpose::Span, &[]).span(widest).0 > 0);
        assert_eq!(Draw::keyed(1, Purpose::Span, &[]).below(0), 0);
    }
}
