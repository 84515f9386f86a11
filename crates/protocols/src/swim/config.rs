//! The knobs.

use faultline_kernel::{Knob, Knobs, Span};

/// The most members of a group.
pub(super) const MEMBERS_MAX: u64 = 1_000;
/// The most others that are asked for help in one probe.
pub(super) const INDIRECT_MAX: u64 = 8;

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many may take part.
    pub members: u32,
    /// How many of them are in the group from the beginning, and know one another.
    pub founders: u32,
    /// The protocol period.
    pub period: Span,
    /// How long to wait for an answer before others are asked.
    pub ping_timeout: Span,
    /// How many others are asked.
    pub indirect: u32,
    /// Whether a member is suspected before it is declared dead.
    pub suspicion: bool,
    /// How long it has to object, in periods, before the size of the group is taken in.
    pub suspicion_multiplier: u32,
    /// How often a rumour is passed on, before the size of the group is taken in.
    pub retransmit_multiplier: u32,
    /// Whether targets are drawn anew each time, instead of going round.
    pub random_probes: bool,
    /// Every so many periods a member that counts as dead is asked whether it is back; 0 is never.
    pub knock_periods: u32,
    /// Whether members take their own health into account.
    pub lifeguard: bool,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// Who hears a suspicion objects for the one who is suspected.
    pub others_raise: bool,
    /// Who hears that it is suspected says nothing.
    pub no_refutation: bool,
    /// Who gets no answer asks nobody else.
    pub no_indirect: bool,
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("members", 2, 5, MEMBERS_MAX),
        Knob::count("founders", 0, 0, MEMBERS_MAX),
        Knob::millis("period_ms", 1, 200, 60_000),
        Knob::millis("ping_timeout_ms", 1, 50, 60_000),
        Knob::count("indirect", 0, 2, INDIRECT_MAX),
        Knob { default: 1, ..Knob::switch("suspicion") },
        Knob::count("suspicion_multiplier", 1, 4, 20),
        Knob::count("retransmit_multiplier", 1, 4, 20),
        Knob::switch("random_probes"),
        Knob::count("knock_periods", 0, 5, 1_000),
        Knob::switch("lifeguard"),
        Knob::sabotage("others_raise", "own-incarnation"),
        Knob::sabotage("no_refutation", "suspicion-answered"),
        Knob::sabotage("no_indirect", "second-opinion"),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        let members = small(0)?;
        if values[1] > values[0] {
            return Err("founders is above members");
        }
        if values[3] >= values[2] {
            return Err("ping_timeout_ms is not below period_ms");
        }
        Ok(Self {
            members,
            founders: if values[1] == 0 { members } else { small(1)? },
            period: Span::millis(values[2]),
            ping_timeout: Span::millis(values[3]),
            indirect: small(4)?,
            suspicion: values[5] != 0,
            suspicion_multiplier: small(6)?,
            retransmit_multiplier: small(7)?,
            random_probes: values[8] != 0,
            knock_periods: small(9)?,
            lifeguard: values[10] != 0,
            sabotage: Sabotage {
                others_raise: values[11] != 0,
                no_refutation: values[12] != 0,
                no_indirect: values[13] != 0,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &[(usize, u64)]) -> Result<Config, &'static str> {
        let mut values = Config::defaults();
        changes.iter().for_each(|(place, value)| values[*place] = *value);
        Config::from_values(&values)
    }

    #[test]
    fn without_a_word_everybody_is_a_founder() {
        assert_eq!(read(&[(0, 7)]).map(|config| config.founders), Ok(7));
        assert_eq!(read(&[(0, 7), (1, 3)]).map(|config| config.founders), Ok(3));
        assert_eq!(read(&[(1, 6)]).err(), Some("founders is above members"));
    }

    #[test]
    fn a_ping_times_out_within_its_period() {
        assert_eq!(read(&[(2, 50), (3, 50)]).err(), Some("ping_timeout_ms is not below period_ms"));
        assert!(read(&[(2, 51), (3, 50)]).is_ok());
    }
}
