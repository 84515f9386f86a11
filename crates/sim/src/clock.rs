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
        self.shown + scale(now.since(self.since), self.rate_ppm, TRUE_RATE)
    }

    /// How much time really passes while the clock advances by `span`; at least a microsecond, so
    /// that nothing can happen before its cause.
    pub(crate) fn real(self, span: Span) -> Span {
        if self.rate_ppm == TRUE_RATE {
            return Span(span.0.max(1));
        }
        Span(scale(span, TRUE_RATE, self.rate_ppm).0.max(1))
    }

    /// From `now` on it runs at another rate; what it shows does not jump.
    pub(crate) fn set_rate(&mut self, now: Time, rate_ppm: u32) {
        *self = Self { since: now, shown: self.local(now), rate_ppm };
    }
}

fn scale(span: Span, times: u32, over: u32) -> Span {
    let wide = u128::from(span.0) * u128::from(times) / u128::from(over.max(1));
    Span(u64::try_from(wide).unwrap_or(u64::MAX))
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
}
