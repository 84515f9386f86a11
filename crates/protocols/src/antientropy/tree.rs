//! Which keys a digest covers.
//!
//! A part of the tree is a range of keys, named by its level and its place there. Level 0 has one
//! part, which covers them all; each part has four below it; on the lowest level a part is a
//! single key.

use super::item::{Key, Store};
use core::ops::Range;
use faultline_kernel::Digest;

/// How many parts a part is made of.
const BRANCHES: u32 = 4;

/// The lowest level: as many levels as so many keys need.
pub(super) fn lowest(keys: u16) -> u32 {
    let mut level = 0;
    while BRANCHES.pow(level) < u32::from(keys) {
        level += 1;
    }
    level
}

/// The keys of a part; none if it lies beyond the last key.
pub(super) fn range(keys: u16, level: u32, place: u32) -> Range<Key> {
    let width = BRANCHES.pow(lowest(keys).saturating_sub(level));
    let bound = |place: u32| {
        let start = place.saturating_mul(width).min(u32::from(keys));
        Key(u16::try_from(start).unwrap_or(keys))
    };
    bound(place)..bound(place.saturating_add(1))
}

/// The parts below one that cover any key.
pub(super) fn below(keys: u16, level: u32, place: u32) -> impl Iterator<Item = u32> {
    let first = place.saturating_mul(BRANCHES);
    let places = first..first.saturating_add(BRANCHES);
    places.filter(move |place| !range(keys, level + 1, *place).is_empty())
}

/// The digest of what is in a range of keys.
pub(super) fn digest(items: &Store, range: Range<Key>) -> u64 {
    let mut digest = Digest::default();
    items.range(range).for_each(|(key, item)| item.digest(*key, &mut digest));
    digest.value()
}

#[cfg(test)]
mod tests {
    use super::super::testing::item;
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn each_level_covers_every_key_once() {
        for keys in [4, 5, 16, 17, 1_024] {
            let mut places = Vec::from([0]);
            for level in 0..lowest(keys) {
                let next = places.iter().flat_map(|place| below(keys, level, *place)).collect();
                places = next;
            }
            let ranges: Vec<_> =
                places.iter().map(|place| range(keys, lowest(keys), *place)).collect();
            let all: Vec<_> = (0..keys).map(|key| Key(key)..Key(key + 1)).collect();
            assert_eq!(ranges, all);
        }
    }

    #[test]
    fn a_hostile_place_is_no_key() {
        assert!(range(16, 0, u32::MAX).is_empty());
        assert!(range(16, u32::MAX, u32::MAX).is_empty());
    }

    #[test]
    fn a_digest_sees_what_is_in_its_range_and_nothing_else() {
        let mut items = Store::from([(Key(3), item(1, 0, "red"))]);
        let (here, there) = (Key(0)..Key(4), Key(4)..Key(8));
        let before = [digest(&items, here.clone()), digest(&items, there.clone())];
        items.insert(Key(3), item(2, 0, "red"));
        assert_ne!(digest(&items, here.clone()), before[0]);
        assert_eq!(digest(&items, there), before[1]);
        items.insert(Key(3), item(1, 0, "red"));
        assert_eq!(digest(&items, here), before[0]);
    }
}
