//! Things in the order of numbers.

/// These things in the order of what `key` makes of them; those of one key stay as they stand.
///
/// Everything that the page puts in order comes through here: each kind of things, and each way to
/// compare them, would bring a sort of its own, and everybody would load it.
pub(crate) fn sorted<T: Copy>(things: &[T], key: impl Fn(&T) -> [u64; 3]) -> Vec<T> {
    let mut places: Vec<([u64; 3], usize)> = things.iter().map(key).zip(0..).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| things[place]).collect()
}

/// A key that stands in the order of such numbers.
pub(crate) fn key_of(number: f32) -> u64 {
    const SIGN: u32 = 1 << 31;
    let bits = number.to_bits();
    u64::from(if bits & SIGN == 0 { bits | SIGN } else { !bits })
}

#[cfg(test)]
mod tests {
    #[test]
    fn things_of_one_key_stay_as_they_stand() {
        let sorted = super::sorted(&[31, 22, 12, 21, 11], |number| [number % 10, 0, 0]);
        assert_eq!(sorted, [31, 21, 11, 22, 12]);
    }

    #[test]
    fn keys_stand_in_the_order_of_numbers() {
        let numbers = [f32::MIN, -2.0, -1.0, -7.6e-8, -3.8e-8, 0.0, 3.8e-8, 7.6e-8, 1.0, f32::MAX];
        assert!(numbers.map(super::key_of).is_sorted_by(|one, next| one < next));
    }
}
