//! φ: how unlikely a silence is, in whole thousandths (Hayashibara and others, 2004).
//!
//! φ(t) = −log10 of the chance that a heartbeat comes later than t, if intervals are normally
//! distributed with the mean and the deviation that were seen. At φ = 1 one suspicion in ten is
//! wrong, at φ = 2 one in a hundred, and so on.

use faultline_kernel::Span;

/// 1000 · φ at z = −4, −3⅞, …, 8, where z counts deviations from the mean.
#[rustfmt::skip]
const TABLE: [u16; 97] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
    1, 2, 3, 4, 5, 7, 10, 13, 18, 23,
    30, 38, 48, 61, 75, 92, 112, 134, 160, 190,
    223, 260, 301, 347, 397, 451, 511, 575, 645, 719,
    800, 885, 976, 1073, 1175, 1283, 1397, 1517, 1643, 1775,
    1913, 2057, 2207, 2363, 2526, 2695, 2870, 3051, 3239, 3433,
    3633, 3840, 4053, 4273, 4499, 4732, 4971, 5217, 5469, 5727,
    5993, 6264, 6543, 6827, 7119, 7417, 7721, 8033, 8350, 8675,
    9006, 9344, 9688, 10039, 10396, 10760, 11131, 11509, 11893, 12284,
    12681, 13085, 13496, 13914, 14338, 14769, 15206,
];
/// Where the table begins, and its steps, in thousandths of a deviation.
const FIRST: i64 = -4_000;
const STEP: i64 = 125;
const LAST: i64 = 8_000;

/// φ of a silence, in thousandths; it stops rising eight deviations above the mean.
pub(super) fn phi(silence: Span, mean: Span, deviation: Span) -> u32 {
    let wide = |span: Span| i64::try_from(span.0).unwrap_or(i64::MAX / 2_000);
    let off = wide(silence).saturating_sub(wide(mean)).saturating_mul(1_000);
    at(off / wide(deviation).max(1))
}

/// φ at so many thousandths of a deviation above the mean.
fn at(z: i64) -> u32 {
    let along = (z.clamp(FIRST, LAST) - FIRST).unsigned_abs();
    let step = STEP.unsigned_abs();
    let (place, rest) = (along / step, along % step);
    let entry = |place: u64| u64::from(TABLE[usize::try_from(place.min(96)).unwrap_or(96)]);
    let rise = (entry(place + 1) - entry(place)) * rest;
    u32::try_from(entry(place) + (rise + step / 2) / step).unwrap_or(u32::MAX)
}

/// The silence at which φ reaches a threshold.
pub(super) fn silence_at(threshold: u32, mean: Span, deviation: Span) -> Span {
    let above = |z: &i64| at(*z) >= threshold;
    // φ only rises: halve the range until one thousandth of a deviation is left.
    let (mut low, mut high) = (FIRST, LAST);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if above(&middle) { high = middle } else { low = middle }
    }
    let off = i128::from(deviation.0) * i128::from(high);
    let off = off.div_euclid(1_000) + i128::from(off.rem_euclid(1_000) > 0);
    Span(u64::try_from((i128::from(mean.0) + off).max(1)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −log10 of the upper tail of the normal distribution: for large z by the continued fraction
    /// of Laplace, else by the series of the error function.
    #[expect(clippy::float_arithmetic, reason = "the table is held against floats")]
    fn exact(z: f64) -> f64 {
        let density = (-z * z / 2.0).exp() / (2.0 * core::f64::consts::PI).sqrt();
        if z > 2.5 {
            let mut fraction = z;
            for k in (1..200).rev() {
                fraction = z + f64::from(k) / fraction;
            }
            return -(density / fraction).log10();
        }
        let (mut term, mut sum) = (z, z);
        for k in 1..200 {
            term *= z * z / f64::from(2 * k + 1);
            sum += term;
        }
        -(0.5 - density * sum).log10()
    }

    #[test]
    fn the_table_agrees_with_floats() {
        for z in -4_000..=8_000 {
            let exact = exact(f64::from(z) / 1_000.0) * 1_000.0;
            let ours = f64::from(at(i64::from(z)));
            assert!((exact - ours).abs() < 2.0, "{z}: {ours} for {exact}");
        }
        for (place, entry) in (0_i32..).zip(TABLE) {
            let exact = exact(f64::from(place) / 8.0 - 4.0) * 1_000.0;
            assert!((exact - f64::from(entry)).abs() <= 0.51, "{place}: {entry} for {exact}");
        }
    }

    #[test]
    fn phi_rises_with_the_silence_and_the_threshold_is_where_it_is_crossed() {
        let (mean, deviation) = (Span::millis(100), Span::millis(25));
        let phis: alloc::vec::Vec<u32> =
            (0..400).map(|ms| phi(Span::millis(ms), mean, deviation)).collect();
        assert!(phis.is_sorted());
        for threshold in [100, 301, 1_000, 2_000, 8_000, 15_000] {
            let silence = silence_at(threshold, mean, deviation);
            assert!(phi(silence, mean, deviation) >= threshold, "{threshold}");
            let before = Span(silence.0 - 200);
            assert!(phi(before, mean, deviation) < threshold, "{threshold}");
        }
    }

    #[test]
    fn nothing_overflows() {
        for span in [0, 1, 1_000_000, u64::MAX] {
            phi(Span(span), Span(1), Span(0));
            phi(Span(1), Span(span), Span(u64::MAX));
            silence_at(15_000, Span(span), Span(u64::MAX));
        }
    }
}
