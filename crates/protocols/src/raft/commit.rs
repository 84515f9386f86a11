//! What is committed, and applied (§5.3, §5.4.2).

use super::machine::Outcome;
use super::quorum::{Voters, agreed_index};
use super::{Answer, Command, Configuration, Node, Raft, Role, membership, reads, show, snapshot};
use alloc::rc::Rc;
use faultline_kernel::{Cx, Note};

/// A follower's copy has just reached `reached`: perhaps a majority has more now (Figure 2).
///
/// "If there exists an N such that N > commitIndex, a majority of matchIndex\[i\] ≥ N, and
/// log\[N\].term == currentTerm: set commitIndex = N."
pub(super) fn advance(node: &mut Node, reached: u64, cx: &mut impl Cx<Raft>) {
    let Some(agreed) = agreed(node, reached, cx) else {
        return;
    };
    let agreed_term = node.log.term_at(agreed).unwrap_or(0);
    // An entry of an older term may be on a majority and still be overwritten (Figure 8).
    if agreed_term != node.current_term && !cx.config().sabotage.commit_older_terms {
        let args = [agreed.into(), agreed_term.into(), node.current_term.into()];
        cx.note(|| Note::new(show::HOLDS_BACK, &args));
        return;
    }
    let count = agreed - node.commit_index;
    node.commit_index = agreed;
    cx.note(|| Note::new(show::COMMITS, &[agreed.into(), count.into()]));
    apply(node, cx);
    membership::on_commit(node, cx);
}

/// How far the copies of a majority reach, if that is news; while the group changes, those of a
/// majority of both sets.
fn agreed<C: Cx<Raft>>(node: &Node, reached: u64, cx: &C) -> Option<u64> {
    let leader = node.leading()?;
    let group = node.configuration();
    let most = |voters: Voters| {
        let indices = voters.iter().map(|server| leader.peers[server.index()].match_index);
        agreed_index(indices, reached, node.commit_index)
    };
    let mut voters = group.voters;
    if cx.config().sabotage.count_removed {
        voters.insert(cx.me());
    }
    match group.is_joint() {
        false => most(voters),
        true => Some(most(group.voters)?.min(most(group.old)?)),
    }
}

/// The leader says how far the log is committed: "the follower learns" (§5.3).
///
/// `committed` is at most the last entry known to be the leader's; what lies beyond it in the
/// follower's log may be left over from another term.
pub(super) fn learn(node: &mut Node, committed: u64, cx: &mut impl Cx<Raft>) {
    if committed <= node.commit_index {
        return;
    }
    node.commit_index = committed;
    cx.note(|| Note::new(show::LEARNS_COMMIT, &[committed.into()]));
    apply(node, cx);
}

/// "If commitIndex > lastApplied: increment lastApplied, apply log\[lastApplied\] to state machine"
/// (Figure 2); a client that waits for the entry is told what came of it.
fn apply(node: &mut Node, cx: &mut impl Cx<Raft>) {
    // What was applied before, so that nothing leaves the log in the moment that settles it.
    snapshot::compact(node, cx);
    let again = cx.config().sabotage.apply_duplicates;
    let first = node.last_applied + 1;
    let Node { log, machine, role, .. } = node;
    let machine = Rc::make_mut(machine);
    let mut leader = match role {
        Role::Leader(leader) => Some(leader),
        Role::Follower | Role::Candidate(_) => None,
    };
    for (index, entry) in (first..=node.commit_index).zip(log.iter_from(first)) {
        let Outcome { answer, duplicate } = machine.apply(index, &entry, again);
        if let Some(serial) = entry.serial.filter(|_| duplicate) {
            let kind = if again { show::REPEATS } else { show::SKIPS_DUPLICATE };
            let args = [index.into(), serial.sequence.get().into(), serial.client.get().into()];
            cx.note(|| Note::new(kind, &args));
        }
        let Some(leader) = &mut leader else { continue };
        let waits = leader.waiting.pop_front_if(|(awaited, _)| *awaited == index);
        let Some((_, client)) = waits else { continue };
        if entry.command.configuration().is_some_and(Configuration::is_joint) {
            // Only the first half of the change is done.
            leader.changing = Some(client);
            continue;
        }
        if let (Command::Get { key }, Answer::Value(value)) = (entry.command, answer) {
            reads::tell(key, value, index, cx);
        }
        cx.answer(client, answer);
    }
    node.last_applied = node.commit_index;
    node.forget_settled();
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader};
    use super::*;
    use faultline_kernel::RequestId;

    #[test]
    fn an_entry_on_a_majority_is_committed_and_its_client_told() {
        let mut cx = Stub::new(0, 5);
        let mut node = leader(2, &[1, 2, 2], &[2, 2, 0, 0]);
        let waiting = [(2, RequestId(7)), (3, RequestId(8))];
        node.leading_mut().expect("it leads").waiting.extend(waiting);
        advance(&mut node, 2, &mut cx);
        assert_eq!((node.commit_index, node.last_applied), (2, 2));
        assert_eq!(cx.answered, [(RequestId(7), Answer::Done)]);
    }

    #[test]
    fn half_of_the_servers_are_not_enough() {
        let mut cx = Stub::new(0, 4);
        let mut node = leader(2, &[2], &[1, 0, 0]);
        advance(&mut node, 1, &mut cx);
        assert_eq!(node.commit_index, 0);
    }

    #[test]
    fn an_entry_of_an_older_term_is_not_committed_by_counting() {
        let mut cx = Stub::new(0, 3);
        let mut node = leader(4, &[1, 2, 4], &[2, 0]);
        advance(&mut node, 2, &mut cx);
        assert_eq!((node.commit_index, cx.noted.as_slice()), (0, &[show::HOLDS_BACK][..]));
        node.leading_mut().expect("it leads").peers[1].match_index = 3;
        advance(&mut node, 3, &mut cx);
        assert_eq!(node.commit_index, 3, "one of its own term takes the others along");
        cx.config.sabotage.commit_older_terms = true;
        let mut node = leader(4, &[1, 2, 4], &[2, 0]);
        advance(&mut node, 2, &mut cx);
        assert_eq!(node.commit_index, 2);
    }

    #[test]
    fn what_is_committed_stays_committed() {
        let mut cx = Stub::new(1, 3);
        let mut node = follower(1, &[1, 1]);
        learn(&mut node, 2, &mut cx);
        learn(&mut node, 1, &mut cx);
        assert_eq!((node.commit_index, node.last_applied), (2, 2));
    }
}
