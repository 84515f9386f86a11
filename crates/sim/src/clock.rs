//! A node's own clock, which may run fast or slow.

use faultline_kernel::{Span, Time};

/// A clock that runs true, in millionths.
pub(crate) const TRUE_RATE: u32 = 1_000_000;

/// What a node's clock shows, as a line through the moment it was last set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    since: Time,
    shown: Time,
    rate_ppm: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { since: Time::ZERO, shown: Time::ZERO, rate_ppm: TRUE_RATE }
    }
}

impl Clock {
    pub(crate) fn rate_ppm(self) -> u32 {
        self.rate_ppm
    }

    /// What it shows at `now`.
    pub(crate) fn local(self, now: Time) -> Time {
        if self.rate_ppm == TRUE_RATE {
            return self.shown + now.since(self.since);
        }
        let shown = times(now.since(self.since), self.rate_ppm) / u64::from(TRUE_RATE);
        self.shown + Span(shown)
    }

    /// How much time really passes until the clock has advanced by `span`: rounded up, so that no
    /// timer runs out before its own clock shows it, and at least a microsecond, so that nothing
    /// can happen before its cause.
    pub(crate) fn real(self, span: Span) -> Span {
        if self.rate_ppm == TRUE_RATE {
            return Span(span.0.max(1));
        }
        let passed = times(span, TRUE_RATE).div_ceil(self.rate_ppm.max(1).into());
        Span(passed.max(1))
    }

    /// From `now` on it runs at another rate; what it shows does not jump.
    pub(crate) fn set_rate(&mut self, now: Time, rate_ppm: u32) {
        *self = Self { since: now, shown: self.local(now), rate_ppm };
    }
}

/// So many times a span. A virtual day at a hundred times the true rate, the fastest clock there
/// is, has room; what has none lasts longer than any run either way.
fn times(span: Span, times: u32) -> u64 {
    span.0.saturating_mul(times.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_at_double_rate_shows_twice_the_time_and_never_jumps() {
        let mut clock = Clock::default();
        clock.set_rate(Time(1_000), 2_000_000);
        assert_eq!(clock.local(Time(1_000)), Time(1_000));
        assert_eq!(clock.local(Time(1_500)), Time(2_000));
        assert_eq!(clock.real(Span(100)), Span(50));
        clock.set_rate(Time(1_500), 500_000);
        assert_eq!(clock.local(Time(1_500)), Time(2_000));
        assert_eq!(clock.real(Span(100)), Span(200));
    }

    #[test]
    fn no_timer_runs_out_before_its_own_clock_shows_it() {
        for rate_ppm in [1_000, 333_333, 999_999, 1_000_001, 2_000_000, 3_000_000, 100_000_000] {
            let mut clock = Clock::default();
            clock.set_rate(Time(17), rate_ppm);
            for span in [1, 2, 99, 101, 1_000_003] {
                let now = Time(12_345);
                let shown = clock.local(now + clock.real(Span(span)));
                assert!(shown.since(clock.local(now)) >= Span(span), "{span} at {rate_ppm}");
            }
        }
    }
}
