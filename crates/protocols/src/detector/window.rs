//! What was heard of one node lately: the intervals between its heartbeats (the paper's
//! "sampling window").

use super::Config;
use super::phi::{phi, silence_at};
use alloc::vec::Vec;
use faultline_kernel::Span;

/// The longest interval that is remembered as it was; longer ones count as this long.
const INTERVAL_MAX: u64 = 60_000_000;

/// The last intervals, with their sum and the sum of their squares.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Window {
    /// A ring, at most as long as the knob says.
    intervals: Vec<u32>,
    /// Which of them is the oldest, once it is full.
    oldest: u32,
    sum: u64,
    squares: u64,
}

impl Window {
    /// A window in which two intervals are made up, a quarter above and below what is expected:
    /// something has to be known from the first heartbeat on (so does Akka's detector).
    pub(super) fn new(config: &Config) -> Self {
        let expected = config.heartbeat.0;
        let mut window = Self { intervals: Vec::new(), oldest: 0, sum: 0, squares: 0 };
        window.push(Span(expected - expected / 4), config);
        window.push(Span(expected + expected / 4), config);
        window
    }

    /// One more interval; the oldest goes if there is no room.
    pub(super) fn push(&mut self, interval: Span, config: &Config) {
        let interval = u32::try_from(interval.0.min(INTERVAL_MAX)).unwrap_or(u32::MAX);
        let square = |interval: u32| u64::from(interval) * u64::from(interval);
        self.sum += u64::from(interval);
        self.squares += square(interval);
        if self.intervals.len() < config.window as usize {
            return self.intervals.push(interval);
        }
        let gone = core::mem::replace(&mut self.intervals[self.oldest as usize], interval);
        self.sum -= u64::from(gone);
        self.squares -= square(gone);
        self.oldest = (self.oldest + 1) % config.window;
    }

    /// The mean of the intervals.
    pub(super) fn mean(&self) -> Span {
        Span(self.sum / self.count())
    }

    /// Their standard deviation, but not less than the knob says.
    pub(super) fn deviation(&self, config: &Config) -> Span {
        let count = u128::from(self.count());
        let spread = u128::from(self.squares) * count - u128::from(self.sum) * u128::from(self.sum);
        let variance = u64::try_from(spread / (count * count)).unwrap_or(u64::MAX);
        Span(variance.isqrt().max(config.deviation_min.0))
    }

    /// The silence at which the node is suspected.
    pub(super) fn allowance(&self, config: &Config) -> Span {
        match config.accrual {
            true => silence_at(config.threshold, self.mean(), self.deviation(config)),
            false => config.timeout,
        }
    }

    /// How suspicious a silence is, in thousandths.
    pub(super) fn phi(&self, silence: Span, config: &Config) -> u32 {
        phi(silence, self.mean(), self.deviation(config))
    }

    fn count(&self) -> u64 {
        self.intervals.len() as u64
    }

    /// Bytes of a copy beside its own size.
    pub(super) fn weight(&self) -> usize {
        self.intervals.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::defaults;
    use faultline_kernel::{Draw, Purpose};

    #[test]
    fn it_knows_the_mean_and_the_deviation_of_the_last_intervals() {
        let config = Config { window: 7, deviation_min: Span(1), ..defaults() };
        let mut window = Window::new(&config);
        let mut all = alloc::vec![75_000.0, 125_000.0];
        let mut draw = Draw::keyed(1, Purpose::Choose, &[]);
        for _ in 0..100 {
            let interval = draw.below(300_000);
            window.push(Span(interval), &config);
            all.push(interval as f64);
            let last = &all[all.len().saturating_sub(7)..];
            let count = last.len() as f64;
            let mean = last.iter().sum::<f64>() / count;
            let variance = last.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / count;
            assert!((window.mean().0 as f64 - mean).abs() <= 1.0);
            assert!((window.deviation(&config).0 as f64 - variance.sqrt()).abs() <= 1.0);
        }
    }

    #[test]
    fn a_regular_network_is_not_trusted_to_be_perfectly_regular() {
        let config: Config = defaults();
        let mut window = Window::new(&config);
        (0..50).for_each(|_| window.push(Span::millis(100), &config));
        assert_eq!(window.deviation(&config), Span::millis(10));
    }

    #[test]
    fn intervals_without_end_do_not_overflow() {
        let config = Config { window: 200, ..defaults() };
        let mut window = Window::new(&config);
        (0..500).for_each(|_| window.push(Span(u64::MAX), &config));
        assert_eq!(window.mean(), Span(INTERVAL_MAX));
    }

    #[test]
    fn the_allowance_grows_with_the_threshold_and_with_what_was_seen() {
        let allowance = |threshold, late: u64| {
            let config = Config { accrual: true, threshold, ..defaults() };
            let mut window = Window::new(&config);
            (0..20_u64)
                .for_each(|count| window.push(Span::millis(100 + count % 2 * late), &config));
            window.allowance(&config)
        };
        assert!(allowance(1_000, 0) < allowance(8_000, 0));
        assert!(allowance(8_000, 0) < allowance(8_000, 100));
        assert!(allowance(8_000, 0) < Span::millis(160));
    }
}
