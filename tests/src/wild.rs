//! Rooms that agree on something, under random faults.
//!
//! The faults are explicit inputs, so each seed is a scenario: whatever is found is printed as a
//! link.

use faultline_kernel::{Span, Time};
use faultline_lab::Scenario;
use faultline_lab::chaos::{Clients, EVERYTHING, RESTLESS, chaos_of};
use faultline_sim::Load;

/// Faults for three seconds, then one and a half in which everything is whole.
pub const UNTIL: Time = Time(4_500_000);
/// From here on everything is whole.
pub const WHOLE: Time = Time(3_000_000);

/// How many servers the clusters of Raft have.
pub const SIZES: [u64; 2] = [3, 5];

/// Clients that never stop asking.
const STEADY: Load = Load { every: Span::millis(35), from: Time(200_000), count: u32::MAX };

/// A Raft cluster with a client that never stops asking, under the faults of this seed. Every
/// other seed gets no rest, and sends its entries one by one.
pub fn raft(servers: u64, sabotage: Option<&str>, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    let restless = seed % 2 == 1;
    scenario.config.insert("servers".into(), servers);
    if restless {
        scenario.config.insert("batch".into(), 1);
    }
    scenario.config.extend(sabotage.map(|knob| (knob.to_owned(), 1)));
    scenario.load = Some(STEADY);
    let mix = if restless { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

/// How many servers stand by to join the group.
const SPARES: u64 = 2;

/// A Raft cluster with everything switched on, and every kind of request.
pub fn whole(servers: u64, sabotage: Option<&str>, seed: u64) -> Scenario {
    let all = servers + SPARES;
    let mut scenario = raft(all, sabotage, seed);
    let knobs = [
        ("group", servers),
        ("window", 4),
        ("read_mode", 1),
        ("pre_vote", 1),
        ("check_quorum", 1),
        ("snapshot_every", 6),
        ("joint", seed / 2 % 2),
        ("chunk", seed % 3),
        ("catch_up", seed / 4 % 2),
    ];
    scenario.config.extend(knobs.map(|(knob, value)| (knob.to_owned(), value)));
    let clients = Clients { bent: 0, rivals: false, gap: Span::millis(45) };
    clients.join(&scenario, WHOLE).expect("the scenario is sound")
}

/// Nothing but changes of a group of four, and no rest: two leaders that change it apart.
pub fn changing(sabotage: Option<&str>, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    scenario.config.extend([("servers".to_owned(), 5), ("group".to_owned(), 4)]);
    scenario.config.extend(sabotage.map(|knob| (knob.to_owned(), 1)));
    let scenario = chaos_of(&scenario, &RESTLESS, seed, UNTIL).expect("it is sound");
    let clients = Clients { bent: 1, rivals: false, gap: Span::millis(17) };
    clients.join(&scenario, WHOLE).expect("the scenario is sound")
}

/// Multi-Paxos under the same faults: other sizes of quorums, leases, forgetting and insistence
/// take turns.
pub fn multipaxos(seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("multipaxos", seed).expect("the room is there");
    let settings: &[(&str, u64)] = match seed % 6 {
        0 => &[],
        1 => &[("servers", 3)],
        2 => &[("servers", 3), ("lease_ms", 200), ("collect_after", 7)],
        3 => &[("servers", 4), ("phase1_quorum", 3), ("phase2_quorum", 2), ("lease_ms", 100)],
        4 => &[("insist", 1), ("collect_after", 3), ("window", 2)],
        _ => &[("servers", 4), ("phase1_quorum", 4), ("phase2_quorum", 1)],
    };
    set(&mut scenario, settings);
    scenario.load = Some(STEADY);
    let mix = if seed / 6 % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

/// Paxos under the same faults: roles on nodes of their own or together, other quorums, more of
/// everybody, and proposers in a hurry take turns.
pub fn paxos(seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("paxos", seed).expect("the room is there");
    let settings: &[(&str, u64)] = match seed % 6 {
        0 => &[],
        1 => &[("shared", 1), ("proposers", 3)],
        2 => &[("acceptors", 5), ("learners", 2)],
        3 => &[("acceptors", 4), ("phase1_quorum", 3), ("phase2_quorum", 2)],
        4 => &[("proposers", 3), ("retry_ms", 60), ("backoff_ms", 40)],
        _ => &[("acceptors", 4), ("phase1_quorum", 4), ("phase2_quorum", 1)],
    };
    set(&mut scenario, settings);
    scenario.load = Some(STEADY);
    let mix = if seed / 6 % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

/// Fast Paxos under the same faults, with clients in quick succession: only then do their values
/// meet in one fast round.
pub fn fastpaxos(seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("fastpaxos", seed).expect("the room is there");
    let settings: &[(&str, u64)] = match seed % 4 {
        0 => &[],
        1 => &[("coordinators", 2), ("proposers", 3)],
        2 => &[("acceptors", 7), ("learners", 2)],
        _ => &[("acceptors", 4), ("proposers", 3), ("retry_ms", 80), ("backoff_ms", 40)],
    };
    set(&mut scenario, settings);
    scenario.load = Some(Load { every: Span::millis(2), from: Time(1_000), count: 100 });
    let mix = if seed / 4 % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

fn set(scenario: &mut Scenario, settings: &[(&str, u64)]) {
    scenario.config.extend(settings.iter().map(|(knob, value)| ((*knob).to_owned(), *value)));
}
