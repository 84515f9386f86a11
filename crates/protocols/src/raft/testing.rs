//! What the tests of the rules need: servers as a test wants them, and a context.

use super::{
    Command, Config, Configuration, Contact, Entry, Key, Leader, Log, Node, Peer, Raft, Reads,
    Role, Serial,
};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use core::num::NonZeroU32;
use faultline_kernel::{NodeId, Time};

/// The context of one of so many servers.
pub(super) type Stub = crate::testing::Stub<Raft>;

impl Stub {
    pub(super) fn new(me: u32, servers: u32) -> Self {
        Self::with(me, Config { servers, ..crate::testing::defaults() })
    }
}

/// The entry of a client.
pub(super) fn put(term: u32, value: u32) -> Entry {
    Entry::new(term, Command::Put { key: Key::sample(0), value })
}

/// The how-manieth command of which client.
pub(super) fn serial(of: u32, sequence: u32) -> Serial {
    let sequence = NonZeroU32::new(sequence).expect("commands count from 1");
    Serial { client: client(of), sequence }
}

/// The name of a client.
pub(super) fn client(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("clients count from 1")
}

/// A log of entries that do nothing, with these terms.
pub(super) fn log_of(terms: &[u32]) -> Log {
    let entry = |term: &u32| Entry::new(*term, Command::NoOp);
    terms.iter().map(entry).collect()
}

/// A follower in `term` with a log of these terms.
pub(super) fn follower(term: u32, log: &[u32]) -> Node {
    Node {
        current_term: term,
        voted_for: None,
        log: log_of(log),
        configurations: alloc::vec![(0, Configuration::of_first(3))],
        commit_index: 0,
        last_applied: 0,
        snapshot: None,
        partial: None,
        machine: Rc::default(),
        role: Role::Follower,
        leader: None,
        waiting_since: Time::ZERO,
        heard_leader: None,
    }
}

/// The same in a group of so many.
pub(super) fn one_of(servers: u32, node: Node) -> Node {
    Node { configurations: alloc::vec![(0, Configuration::of_first(servers))], ..node }
}

/// A leader in `term`, whose followers are known to store up to `matched`; its own place is first.
pub(super) fn leader(term: u32, log: &[u32], matched: &[u64]) -> Node {
    let servers = u32::try_from(matched.len()).expect("few") + 1;
    let mut node = one_of(servers, follower(term, log));
    let last_index = node.log.last_index();
    let peer = |match_index: &u64| Peer {
        match_index: *match_index,
        probing: false,
        ..Peer::new(last_index + 1, Time::ZERO)
    };
    let itself = peer(&last_index);
    node.voted_for = Some(NodeId(0));
    node.leader = Some(NodeId(0));
    node.role = Role::Leader(Leader {
        peers: core::iter::once(itself).chain(matched.iter().map(peer)).collect(),
        waiting: VecDeque::new(),
        first_index: 1,
        contact: Contact::default(),
        reads: Reads::default(),
        transfer: None,
        changing: None,
        catching_up: None,
    });
    node
}
