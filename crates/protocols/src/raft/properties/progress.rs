//! Liveness: once the cluster is left alone it has a leader, and commits.
//!
//! Nothing can be promised of a cluster that is disturbed, in which too few servers are up, or
//! whose timeouts are not long beside the network: "as long as the system satisfies the following
//! timing requirement: broadcastTime ≪ electionTimeout ≪ MTBF" (§5.6). Where all of that holds, an
//! obligation runs: it begins when the last disturbance ends or when the latest progress was seen,
//! and progress must come within a number of election timeouts.
//!
//! Elections are won by chance, as two servers may stand at once. How many timeouts are granted
//! grows with that chance, so that no run is accused for bad luck.

use super::{PROGRESS, Witness};
use crate::raft::quorum::Voters;
use crate::raft::{Config, Configuration, Node, Raft, election};
use faultline_kernel::{Calm, Cluster, NodeId, Span, Time, Verdicts};

/// What the judges remember of the latest progress.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// When it was seen.
    seen: Time,
    /// How much was committed then.
    committed: u64,
}

/// How many timeouts are granted when no two servers can stand at once.
const ROUNDS_LEAST: u64 = 4;

/// How many more when it is as likely as not that they do.
const ROUNDS_FOR_LUCK: u64 = 12;

/// Looks once in a while whether there was progress, and complains when there was none for long.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Raft>,
    verdicts: &mut Verdicts,
) {
    let longest = cluster.config.election_timeout.max;
    let Some(calm) = cluster.calm else { return };
    let waited = cluster.now.since(calm.since.max(witness.progress.seen));
    if waited <= longest {
        return;
    }
    let committed = witness.committed.len() as u64;
    let node = cluster.node(changed);
    if committed > witness.progress.committed || node.is_some_and(has_done_all) {
        witness.progress = Progress { seen: cluster.now, committed };
        return;
    }
    if waited.0 <= longest.0 * ROUNDS_LEAST {
        return;
    }
    if patience(witness, cluster, calm).is_some_and(|patience| waited > patience) {
        let leader = cluster
            .seats
            .iter()
            .position(|seat| seat.node.as_ref().is_some_and(|node| node.leading().is_some()));
        let leader = leader.and_then(|place| u32::try_from(place).ok()).map(NodeId);
        let leader = leader.filter(|leader| *leader != changed);
        verdicts.broken(PROGRESS, waited.0 / longest.0.max(1), changed, leader);
    }
}

/// Whether a leader has committed all that it has: the entry that opened its term, too.
fn has_done_all(node: &Node) -> bool {
    node.leading().is_some() && node.commit_index == node.log.last_index()
}

/// How long a cluster that is left alone may take; `None` if nothing can be promised.
fn patience(witness: &Witness, cluster: &Cluster<'_, Raft>, calm: Calm) -> Option<Span> {
    let config = cluster.config;
    if config.sabotage != Default::default() || !enough_are_up(witness, cluster) {
        return None;
    }
    // One that does not know of another does not tell it its term, and each time it is asked it may
    // have given its vote to itself. Asking first mends that: then no term is used up in vain.
    if !config.pre_vote && !go_by_one_group(cluster) {
        return None;
    }
    let rounds = rounds(config, calm.delay)?;
    let elections = config.election_timeout.max.0 * rounds;
    // An append and its answer for each batch that somebody lacks, and for each term that parts it.
    let nodes = || cluster.seats.iter().filter_map(|seat| seat.node.as_ref());
    let longest = nodes().map(|node| node.log.last_index()).max().unwrap_or(0);
    let shortest = nodes().map(|node| node.log.last_index()).min().unwrap_or(0);
    let committed = witness.committed.len() as u64;
    let lacking = (longest - shortest).div_ceil(config.batch.into());
    let parted = longest.saturating_sub(committed);
    // Who lacks a snapshot is sent it chunk by chunk.
    let size = nodes().map(|node| node.machine.size()).max().unwrap_or(0);
    let chunks = if config.chunk == 0 { 0 } else { u64::from(size.div_ceil(config.chunk)) };
    Some(Span(elections + (lacking + parted + chunks) * 2 * calm.delay.0))
}

/// Whether all who are up go by the same group.
fn go_by_one_group(cluster: &Cluster<'_, Raft>) -> bool {
    let mut groups =
        cluster.seats.iter().filter_map(|seat| Some(seat.node.as_ref()?.configuration()));
    let first = groups.next();
    groups.all(|group| Some(group) == first)
}

/// How many timeouts may pass; `None` where timeouts are too short for the network.
fn rounds(config: &Config, delay: Span) -> Option<u64> {
    let timeout = config.election_timeout;
    let spread = timeout.max.0 - timeout.min.0;
    // Asking first, standing and the first entry: three times there and back.
    let in_time = delay.0 * 6 <= timeout.min.0 && config.heartbeat.0 + delay.0 * 2 <= timeout.min.0;
    let crowd = u64::from(config.servers - 1) * delay.0;
    if !in_time || crowd > spread {
        return None;
    }
    Some(ROUNDS_LEAST + (ROUNDS_FOR_LUCK * crowd).div_ceil(spread.max(1)))
}

/// Whether those who are up are a majority by every configuration that one of them may go by, and
/// nobody is up who is outside, may not know it, and is listened to (§6).
fn enough_are_up(witness: &Witness, cluster: &Cluster<'_, Raft>) -> bool {
    let nodes = || {
        (0..)
            .map(NodeId)
            .zip(cluster.seats)
            .filter_map(|(id, seat)| Some((id, seat.node.as_ref()?)))
    };
    let up: Voters = nodes().map(|(id, _)| id).collect();
    let guarded = cluster.config.pre_vote || cluster.config.check_quorum;
    // Before anything is committed nobody can have been removed.
    let group = match witness.group.voters.is_empty() {
        true => Configuration::of_first(cluster.config.group),
        false => witness.group,
    };
    let known = |node: &Node| node.configurations.iter().all(|(_, group)| group.is_quorum(up));
    let quiet = |id: NodeId, node: &Node| {
        guarded || group.voting().contains(id) || !election::has_vote(node, id)
    };
    group.is_quorum(up) && nodes().all(|(id, node)| known(node) && quiet(id, node))
}
