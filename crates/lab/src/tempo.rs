//! How fast virtual time runs for the eye: slow while messages fly, quick while nothing happens.

use crate::command::Tempo;

/// How long a message of middling speed takes to cross the stage, in seconds.
const CROSSING: f64 = 0.9;

/// How much faster it goes while all that flies is routine.
const HURRY: f64 = 4.0;

/// How long a quiet stretch takes at most, in seconds.
const QUIET: f64 = 0.45;

/// How quickly the tempo follows, per second: gear changes are seen, not felt.
const FOLLOW: f64 = 14.0;

/// Virtual seconds per second at most.
const FASTEST: f64 = 2.0;

/// What the tempo depends on at one moment, in virtual seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    /// How long a message of middling speed takes.
    pub(crate) latency: f64,
    /// What is under way.
    pub(crate) sky: Sky,
    /// How long until the next thing happens; `None` if nothing ever does.
    pub(crate) next: Option<f64>,
}

/// What is under way at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sky {
    /// No message.
    Clear,
    /// Only messages that are said over and over.
    Routine,
    /// Messages worth following.
    Busy,
}

/// The pace of one session.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    pub(crate) tempo: Tempo,
    /// Virtual seconds per second just now.
    speed: f64,
    /// The speed that the present quiet stretch asks for; 0 while messages fly.
    quiet: f64,
}

impl Pace {
    /// Virtual seconds per second just now.
    pub(crate) fn speed(&self) -> f64 {
        self.speed
    }

    /// How much virtual time passes in `elapsed` seconds.
    pub(crate) fn advance(&mut self, elapsed: f64, around: Surroundings) -> f64 {
        let factor = match self.tempo {
            Tempo::Fixed(speed) => {
                self.speed = speed;
                return elapsed * speed;
            }
            Tempo::Scaled(factor) => factor,
            Tempo::Adaptive => 1.0,
        };
        let slow = around.latency / CROSSING;
        if around.sky != Sky::Clear {
            self.quiet = 0.0;
            let hurry = if around.sky == Sky::Routine { HURRY } else { 1.0 };
            // Slowing down is immediate: what happens must be seen from its beginning.
            self.speed = slow * factor * hurry;
            return elapsed * self.speed;
        }
        // A quiet stretch is taken at the speed its whole length asks for, or it would never end.
        let next = around.next.unwrap_or(slow);
        self.quiet = self.quiet.max((next / QUIET).min(FASTEST).max(slow));
        let wanted = self.quiet * factor;
        self.speed += (wanted - self.speed) * (FOLLOW * elapsed).min(1.0);
        (elapsed * self.speed).min(around.next.unwrap_or(f64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: f64 = 1.0 / 60.0;

    #[test]
    fn messages_cross_the_stage_in_about_a_second() {
        let mut pace = Pace::default();
        let around = Surroundings { latency: 0.0125, sky: Sky::Busy, next: Some(0.001) };
        let passed: f64 = (0..60).map(|_| pace.advance(FRAME, around)).sum();
        assert!((0.012..0.015).contains(&passed), "{passed}");
    }

    #[test]
    fn what_is_routine_is_hurried_past() {
        let mut pace = Pace::default();
        let around = Surroundings { latency: 0.0125, sky: Sky::Routine, next: Some(0.001) };
        let passed: f64 = (0..60).map(|_| pace.advance(FRAME, around)).sum();
        assert!((0.05..0.06).contains(&passed), "{passed}");
    }

    #[test]
    fn a_quiet_stretch_is_over_within_a_second_and_ends_where_it_ends() {
        let mut pace = Pace::default();
        let mut left = 0.2;
        let mut frames = 0;
        while left > 1e-9 && frames < 600 {
            left -= pace.advance(
                FRAME,
                Surroundings { latency: 0.0125, sky: Sky::Clear, next: Some(left) },
            );
            frames += 1;
        }
        assert!((0.0..1e-9).contains(&left.abs()) && frames < 60, "{left} after {frames}");
    }

    #[test]
    fn a_network_of_seconds_has_a_tempo_too() {
        let around = Surroundings { latency: 10.0, sky: Sky::Clear, next: Some(0.2) };
        let passed = Pace::default().advance(FRAME, around);
        assert!((0.0..=0.2).contains(&passed), "{passed}");
    }

    #[test]
    fn a_fixed_tempo_is_fixed() {
        let mut pace = Pace { tempo: Tempo::Fixed(0.02), ..Pace::default() };
        let around = Surroundings { latency: 0.0125, sky: Sky::Clear, next: None };
        assert!((pace.advance(0.5, around) - 0.01).abs() < 1e-12);
    }
}
