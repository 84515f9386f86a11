//! What must happen in time, once nothing stands in the way: somebody leads, and everybody gets to
//! know what is chosen.
//!
//! Nothing is promised if servers may duel for ever: if the times after which they want to lead
//! differ too little, or if a leader says too seldom that it is there; see `../../deadline.rs`.

use super::super::node::Node;
use super::super::{Config, MultiPaxos};
use super::{GOES_ON_IN_TIME, LED_IN_TIME};
use crate::deadline::{calm, is_late};
use crate::quorum::Acceptors;
use alloc::vec::Vec;
use faultline_kernel::{Calm, Cluster, NodeId, Span, Time, Verdicts};

/// How many times in a row an election may come to nothing: that all of them do is less likely than
/// one in a million.
const ELECTIONS: u64 = 10;

/// How many heartbeats it may take until a server knows more than it did.
const HEARTBEATS: u64 = 8;

/// What the judges remember of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    leaders: Acceptors,
    /// When somebody led last.
    led_at: Time,
    /// The last slot that any disk ever knew to be chosen.
    top: u64,
    /// For each server up to which slot it knew the log to be chosen, and since when it has known
    /// no more although there is more.
    stuck: Vec<(u64, Option<Time>)>,
}

impl Progress {
    /// Looks at the server that was touched.
    pub(super) fn check(
        &mut self,
        changed: NodeId,
        cluster: &Cluster<'_, MultiPaxos>,
        verdicts: &mut Verdicts,
    ) {
        self.stuck.resize(cluster.seats.len(), (0, None));
        let node = cluster.node(changed);
        let led = self.leaders != Acceptors::default();
        self.leaders.set(changed, node.is_some_and(|node| node.leading().is_some()));
        if led {
            self.led_at = cluster.now;
        }
        self.top = self.top.max(cluster.disk(changed).log.chosen());
        let since = self.is_stuck(changed, node, cluster.now);
        let Some(calm) = calm(cluster) else { return };
        let Some(election) = election(cluster.config, calm) else { return };
        let late = |since, within| is_late(cluster.now, calm, since, within);
        if self.leaders == Acceptors::default() && late(self.led_at, election) {
            verdicts.broken(LED_IN_TIME, 0, changed, None);
        }
        let step = step(cluster.config, calm);
        if since.is_some_and(|since| late(since, election + step)) {
            verdicts.broken(GOES_ON_IN_TIME, self.stuck[changed.index()].0 + 1, changed, None);
        }
    }

    /// Since when it has known no more, although somebody does or it has proposed more.
    fn is_stuck(&mut self, changed: NodeId, node: Option<&Node>, now: Time) -> Option<Time> {
        let stuck = &mut self.stuck[changed.index()];
        let Some(node) = node else {
            *stuck = (0, None);
            return None;
        };
        let known = node.log.chosen();
        let proposed = node.leading().map_or(0, |leader| leader.next - 1);
        let since = stuck.1.filter(|_| stuck.0 == known).unwrap_or(now);
        *stuck = (known, (known < self.top.max(proposed)).then_some(since));
        stuck.1
    }

    /// Bytes that a copy of it takes beside its own size.
    pub(super) fn weight(&self) -> usize {
        self.stuck.capacity() * size_of::<(u64, Option<Time>)>()
    }
}

/// Within which time somebody leads; `None` if nothing can be promised.
fn election(config: &Config, calm: Calm) -> Option<Span> {
    let Config { election_timeout: timeout, heartbeat, backoff, lease, .. } = config;
    let phase = 2 * calm.delay.0;
    let width = timeout.max.0 - timeout.min.0;
    let apart = match config.insist {
        true => backoff.0 >= u64::from(config.servers - 1) * phase,
        false => width >= 2 * phase,
    };
    let heard = timeout.min.0 > phase.max(heartbeat.0 + calm.delay.0);
    let each = timeout.max.0 + backoff.0 + lease.map_or(0, |lease| lease.0);
    (apart && heard).then_some(Span(ELECTIONS * each))
}

/// Within which time a server that is led knows more than it did, if there is more.
fn step(config: &Config, calm: Calm) -> Span {
    Span(HEARTBEATS * (config.heartbeat.0 + 2 * calm.delay.0))
}
