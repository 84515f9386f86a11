//! The knobs.

use super::quorum::SERVERS_MAX;
use super::reads::ReadMode;
use faultline_kernel::{Knob, Knobs, Span, SpanRange};

/// The knobs.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many servers there are.
    pub servers: u32,
    /// How long a follower hears nothing before it stands for election.
    pub election_timeout: SpanRange,
    /// How often a leader says that it is there, and a candidate asks again.
    pub heartbeat: Span,
    /// How many entries one append carries at most.
    pub batch: u32,
    /// How many appends may be on their way to one follower.
    pub window: u32,
    /// How many of them are in the group at first; the others may join.
    pub group: u32,
    /// Whether a server asks first whether it would be elected.
    pub pre_vote: bool,
    /// Whether a leader that does not hear from a majority steps down, and servers that hear from a
    /// leader pay no heed to candidates.
    pub check_quorum: bool,
    /// After how many entries a server takes a snapshot; 0: never.
    pub snapshot_every: u32,
    /// Whether a server that is given a vote has caught up first.
    pub catch_up: bool,
    /// How many records of a snapshot travel in one message; 0: all.
    pub chunk: u32,
    /// Whether the group changes through joint consensus, by any number of servers at once.
    pub joint: bool,
    /// How reads are served.
    pub read_mode: ReadMode,
    /// By how much one clock may be faster than another, in hundredths; leases rest on it.
    pub clock_bound_percent: u32,
    /// The rules that are broken on purpose.
    pub sabotage: Sabotage,
}

/// Rules that may be broken on purpose, to see what each of them is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sabotage {
    /// A server that restarts does not know whom it voted for.
    pub forget_vote: bool,
    /// A leader commits entries of older terms by counting servers.
    pub commit_older_terms: bool,
    /// A voter does not compare logs.
    pub skip_up_to_date: bool,
    /// A follower does not look at the entry before the new ones.
    pub skip_consistency: bool,
    /// A server answers first and saves afterwards.
    pub answer_before_saving: bool,
    /// A follower drops what follows an append, whether it conflicts or not.
    pub truncate_always: bool,
    /// A command that comes twice is carried out twice.
    pub apply_duplicates: bool,
    /// A leader answers reads at once, without knowing whether it still leads.
    pub stale_reads: bool,
    /// A leader that is leaving the group counts its own copy.
    pub count_removed: bool,
    /// A leader changes the group before it has committed an entry of its term.
    pub early_change: bool,
}

impl Knobs for Config {
    const KNOBS: &'static [Knob] = &[
        Knob::count("servers", 1, 5, SERVERS_MAX as u64),
        Knob::millis("election_min_ms", 1, 150, 60_000),
        Knob::millis("election_max_ms", 1, 300, 60_000),
        Knob::millis("heartbeat_ms", 1, 50, 60_000),
        Knob::count("batch", 1, 8, 64),
        Knob::count("window", 1, 1, 16),
        Knob::sabotage("forget_vote", "election-safety"),
        Knob::sabotage("commit_older_terms", "leader-completeness"),
        Knob::sabotage("skip_up_to_date", "leader-completeness"),
        Knob::sabotage("skip_consistency", "log-matching"),
        Knob::sabotage("answer_before_saving", "committed-durable"),
        Knob::sabotage("truncate_always", "committed-durable"),
        Knob::sabotage("apply_duplicates", "applied-once"),
        Knob::sabotage("stale_reads", "reads-fresh"),
        Knob::count("read_mode", 0, 0, 2),
        Knob::count("clock_bound_percent", 0, 10, 100),
        Knob::sabotage("count_removed", "committed-durable"),
        Knob::sabotage("early_change", "leader-completeness"),
        Knob::count("group", 0, 0, SERVERS_MAX as u64),
        Knob::switch("pre_vote"),
        Knob::switch("check_quorum"),
        Knob::count("snapshot_every", 0, 0, 10_000),
        Knob::switch("joint"),
        Knob::count("chunk", 0, 0, 64),
        Knob::switch("catch_up"),
    ];

    const VARIED: &'static [(&'static str, &'static [u64])] = &[
        ("batch", &[8, 1, 1]),
        ("window", &[1, 4]),
        ("group", &[0, 3, 4, 4, 4, 4, 4, 4]),
        ("pre_vote", &[0, 0, 0, 1]),
        ("check_quorum", &[0, 0, 1]),
        ("read_mode", &[0, 1, 2]),
        ("snapshot_every", &[0, 6]),
        ("joint", &[0, 0, 0, 1]),
        ("chunk", &[0, 1, 2]),
        ("catch_up", &[0, 0, 1]),
    ];

    fn from_values(values: &[u64]) -> Result<Self, &'static str> {
        let small = |place: usize| u32::try_from(values[place]).map_err(|_| Self::KNOBS[place].id);
        if values[1] > values[2] {
            return Err("election_max_ms is below election_min_ms");
        }
        let servers = small(0)?;
        let group = match small(18)? {
            0 => servers,
            group if group > servers => return Err("group is above servers"),
            group => group,
        };
        Ok(Self {
            servers,
            election_timeout: SpanRange::new(Span::millis(values[1]), Span::millis(values[2])),
            heartbeat: Span::millis(values[3]),
            batch: small(4)?,
            window: small(5)?,
            sabotage: Sabotage {
                forget_vote: values[6] != 0,
                commit_older_terms: values[7] != 0,
                skip_up_to_date: values[8] != 0,
                skip_consistency: values[9] != 0,
                answer_before_saving: values[10] != 0,
                truncate_always: values[11] != 0,
                apply_duplicates: values[12] != 0,
                stale_reads: values[13] != 0,
                count_removed: values[16] != 0,
                early_change: values[17] != 0,
            },
            read_mode: [ReadMode::Log, ReadMode::Index, ReadMode::Lease][small(14)? as usize],
            clock_bound_percent: small(15)?,
            group,
            pre_vote: values[19] != 0,
            check_quorum: values[20] != 0,
            snapshot_every: small(21)?,
            joint: values[22] != 0,
            chunk: small(23)?,
            catch_up: values[24] != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_election_timeout_upside_down_is_refused() {
        let mut values = Config::defaults();
        values[1] = 301;
        assert_eq!(
            Config::from_values(&values).err(),
            Some("election_max_ms is below election_min_ms")
        );
    }
}
