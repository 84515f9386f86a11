//! How times and counts grow with the group: with its logarithm (SWIM §4.1, §5).
//!
//! Logarithms are whole thousandths, from a table; what lies above it is interpolated.

use super::Config;
use faultline_kernel::Span;

/// 1000 · log10(n) for n from 1 to 100.
#[rustfmt::skip]
const LOG10: [u16; 100] = [
    0, 301, 477, 602, 699, 778, 845, 903, 954, 1000,
    1041, 1079, 1114, 1146, 1176, 1204, 1230, 1255, 1279, 1301,
    1322, 1342, 1362, 1380, 1398, 1415, 1431, 1447, 1462, 1477,
    1491, 1505, 1519, 1531, 1544, 1556, 1568, 1580, 1591, 1602,
    1613, 1623, 1633, 1643, 1653, 1663, 1672, 1681, 1690, 1699,
    1708, 1716, 1724, 1732, 1740, 1748, 1756, 1763, 1771, 1778,
    1785, 1792, 1799, 1806, 1813, 1820, 1826, 1833, 1839, 1845,
    1851, 1857, 1863, 1869, 1875, 1881, 1886, 1892, 1898, 1903,
    1908, 1914, 1919, 1924, 1929, 1934, 1940, 1944, 1949, 1954,
    1959, 1964, 1968, 1973, 1978, 1982, 1987, 1991, 1996, 2000,
];

/// The decimal logarithm in thousandths, right to two of them; 0 for 0.
pub(super) fn log10_thousandths(n: u32) -> u32 {
    let entry = |n: u32| u32::from(LOG10[n.max(1) as usize - 1]);
    if n <= 100 {
        return entry(n);
    }
    let decades = n.ilog10() - 1;
    let scale = 10_u32.pow(decades);
    let (low, rest) = (n / scale, n % scale);
    let step = u64::from(entry(low + 1) - entry(low));
    let between = (step * u64::from(rest) + u64::from(scale / 2)) / u64::from(scale);
    decades * 1_000 + entry(low) + u32::try_from(between).unwrap_or_default()
}

/// How often a member passes one rumour on: multiplier · ⌈log10(n + 1)⌉, as memberlist does it.
/// For whole numbers above 0 that logarithm is the number of digits of n.
pub(super) fn retransmit_limit(config: &Config, members: u32) -> u32 {
    config.retransmit_multiplier * (members.max(1).ilog10() + 1)
}

/// How long a suspected member has to object: multiplier · max(1, log10 n) · period, as
/// memberlist does it; with Lifeguard that is the shortest time.
pub(super) fn suspicion_time(config: &Config, members: u32) -> Span {
    let log = u64::from(log10_thousandths(members).max(1_000));
    Span(u64::from(config.suspicion_multiplier) * log * config.period.0 / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::swim::testing::config;
    use faultline_kernel::Span;

    #[test]
    fn the_table_agrees_with_floats() {
        for n in (1..5_000).chain([9_999, 10_000, 99_999, 1_000_000, u32::MAX - 1]) {
            let exact = f64::from(n).log10() * 1_000.0;
            let ours = f64::from(log10_thousandths(n));
            assert!((exact - ours).abs() < 2.0, "{n}: {ours} for {exact}");
        }
        for (n, entry) in (1_u32..).zip(LOG10) {
            assert!((f64::from(n).log10() * 1_000.0 - f64::from(entry)).abs() <= 0.5, "{n}");
        }
    }

    #[test]
    fn limits_and_times_are_those_of_memberlist() {
        let config = config(&[("retransmit_multiplier", 4), ("suspicion_multiplier", 4)]);
        let limits = [1, 9, 10, 99, 100, 999, 1_000].map(|n| retransmit_limit(&config, n));
        assert_eq!(limits, [4, 4, 8, 8, 12, 12, 16]);
        for n in 1..2_000 {
            let exact = f64::from(n + 1).log10().ceil();
            assert!((f64::from(retransmit_limit(&config, n)) - exact * 4.0).abs() < 0.1, "{n}");
        }
        let times = [5, 10, 100, 1_000].map(|n| suspicion_time(&config, n));
        assert_eq!(times, [800, 800, 1_600, 2_400].map(Span::millis));
    }
}
