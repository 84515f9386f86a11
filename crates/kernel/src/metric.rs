//! Numbers of whole runs, for comparing many of them: what a room's own words mean in a count.

/// One number of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Metric {
    /// Its name in tables, as in `time_to_leader_ms`; ends with the unit if it has one.
    pub id: &'static str,
    /// What it counts.
    pub measure: Measure,
}

/// What a metric counts. Roles, messages and notes are indices into [`crate::About`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// How often nodes remark one of these.
    Notes(&'static [u8]),
    /// When a node first remarks one of these, in milliseconds.
    First(&'static [u8]),
    /// How long no running node has one of these roles, in milliseconds.
    Without(&'static [u8]),
    /// How long clients wait from their question to what they wanted, in milliseconds, on average.
    Wait,
    /// Which share of the nodes has this role in the end.
    Share(u8),
    /// How many of these messages there are for each node.
    PerNode(&'static [u8]),
    /// How many messages there are for each node and each period of this knob.
    Load(&'static str),
    /// How long after the first remark of the first kind the last one of the second kind comes, in
    /// periods of this knob.
    Last(u8, u8, &'static str),
    /// The same for the average one.
    Average(u8, u8, &'static str),
    /// How long after a crash one of these is first remarked about the node, in periods of this
    /// knob, on average over all crashes.
    Detection(&'static [u8], &'static str),
    /// How often one of these is remarked about a node that runs.
    False(&'static [u8]),
}

/// One number of a swarm's run, which keeps counts and no remarks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwarmMetric {
    /// Its name in tables.
    pub id: &'static str,
    /// What it counts.
    pub measure: SwarmMeasure,
}

/// What a metric of a swarm counts. Roles and messages are indices into [`crate::About`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SwarmMeasure {
    /// Which share of all nodes runs and has this role in the end.
    Share(u8),
    /// How many of these messages there are for each node.
    PerNode(&'static [u8]),
    /// How long after the first node took this role the last one did, in periods of this knob.
    Last(u8, &'static str),
    /// The same for the average one, without the first.
    Average(u8, &'static str),
}
