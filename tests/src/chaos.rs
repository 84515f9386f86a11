//! A thousand seeds of random faults on clusters of three and of five servers, every property
//! checked after every event; and each rule broken on purpose is found by the same seeds.
//!
//! The faults are explicit inputs, so each seed is a scenario: whatever is found is printed as a
//! link.

use crate::cores::on_all_cores;
use crate::effort::{effort, say};
use crate::features::Features;
use crate::requests::{ask_everything, change_the_group};
use crate::shorten::shorten;
use crate::tally::Tally;
use faultline_kernel::{About, Card, Field, Knob, Span, SpanRange, Time, Value};
use faultline_lab::chaos::{EVERYTHING, Fault, Mix, RESTLESS, chaos, chaos_of};
use faultline_lab::{Recording, Scenario, link, rooms};
use faultline_sim::{EventKind, Load, Record};

/// Faults for three seconds, then one and a half in which everything is whole.
const UNTIL: Time = Time(4_500_000);
const WHOLE: Time = Time(3_000_000);

const SIZES: [u64; 2] = [3, 5];

/// How many seeds each size of cluster is run under; `FAULTLINE_SEEDS` asks for more.
fn seeds() -> u64 {
    effort("FAULTLINE_SEEDS", 1_000)
}

/// A Raft cluster with a client that never stops asking, under the faults of this seed. Every
/// other seed gets no rest, and sends its entries one by one.
fn wild(servers: u64, sabotage: Option<&str>, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    let restless = seed % 2 == 1;
    scenario.config.insert("servers".into(), servers);
    if restless {
        scenario.config.insert("batch".into(), 1);
    }
    scenario.config.extend(sabotage.map(|knob| (knob.to_owned(), 1)));
    scenario.load = Some(Load { every: Span::millis(35), from: Time(200_000), count: u32::MAX });
    let mix = if restless { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

/// The switches that show only with everything else switched on.
const OF_THE_WHOLE: [&str; 3] = ["apply_duplicates", "stale_reads", "count_removed"];

/// How many servers stand by to join the group.
const SPARES: u64 = 2;

/// The same with everything switched on, and every kind of request.
fn whole(servers: u64, sabotage: Option<&str>, seed: u64) -> Scenario {
    let all = servers + SPARES;
    let mut scenario = wild(all, sabotage, seed);
    let knobs = [
        ("group", servers),
        ("window", 4),
        ("read_mode", 1),
        ("pre_vote", 1),
        ("check_quorum", 1),
        ("snapshot_every", 6),
        ("joint", seed / 2 % 2),
    ];
    scenario.config.extend(knobs.map(|(knob, value)| (knob.to_owned(), value)));
    ask_everything(&mut scenario, all, Time(200_000), WHOLE);
    scenario
}

/// Nothing but changes of a group of four, and no rest: two leaders that change it apart.
fn changing(sabotage: Option<&str>, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("raft", seed).expect("the room is there");
    scenario.config.extend([("servers".to_owned(), 5), ("group".to_owned(), 4)]);
    scenario.config.extend(sabotage.map(|knob| (knob.to_owned(), 1)));
    let mut scenario = chaos_of(&scenario, &RESTLESS, seed, UNTIL).expect("it is sound");
    change_the_group(&mut scenario, 5, Time(200_000), WHOLE);
    scenario
}

/// What a run showed.
struct Outcome {
    tally: Tally,
    /// The properties that broke, and when.
    broken: Vec<(&'static str, Time)>,
    /// Whether a server led in the end, and a request made after everything was whole was done.
    serves: bool,
}

fn run(scenario: &Scenario) -> Outcome {
    let recording = Recording::of(scenario, UNTIL).expect("chaos is a sound scenario");
    Outcome {
        tally: Tally::of(scenario, &recording),
        broken: broken(&recording),
        serves: led_in_the_end(&recording) && serves_again(&recording),
    }
}

fn broken(recording: &Recording) -> Vec<(&'static str, Time)> {
    let properties = recording.about().properties;
    let broken = recording.log().iter_from(0).filter(|record| record.kind() == EventKind::Broken);
    broken.map(|found| (properties[usize::from(found.which())].id, found.time)).collect()
}

fn led_in_the_end(recording: &Recording) -> bool {
    let roles = recording.about().roles;
    let leads = |card: faultline_kernel::Card| roles[usize::from(card.role)].id == "leader";
    recording.cards().into_iter().any(leads)
}

fn serves_again(recording: &Recording) -> bool {
    let log = recording.log();
    let number = |record: &Record| match log.note(record).map(|note| note.args[0]) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let late = || log.iter_from(log.count_until(WHOLE));
    let requests = late().filter(|record| record.kind() == EventKind::Request);
    let asked: Vec<u64> = requests.filter_map(number).collect();
    let done = |record: &&Record| {
        record.kind() == EventKind::Answer
            && recording.about().answers[usize::from(record.which())].done
    };
    late().filter(done).any(|record| asked.contains(&record.other.into()))
}

/// A link that opens where something broke.
fn told(scenario: &Scenario, at: Option<Time>) -> String {
    let scenario = Scenario { open_us: at, ..scenario.clone() };
    format!("#{}", link::encode(&scenario))
}

#[test]
fn a_thousand_seeds_of_faults_break_no_property_and_the_cluster_always_serves_again() {
    let mut all = Tally::default();
    let mut failed = Vec::new();
    for servers in SIZES {
        let outcomes = on_all_cores(seeds(), |seed| {
            let scenario = wild(servers, None, seed);
            let outcome = run(&scenario);
            let fault = match outcome.broken.first() {
                Some((property, at)) => Some(format!("{property} {}", told(&scenario, Some(*at)))),
                None if !outcome.serves => Some(format!("no progress {}", told(&scenario, None))),
                None => None,
            };
            (outcome.tally, fault.map(|fault| format!("{servers} servers, seed {seed}: {fault}")))
        });
        for (tally, fault) in outcomes {
            all.add(&tally);
            failed.extend(fault);
        }
    }
    say(&format!("chaos: {all}"));
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(all.missing().is_empty(), "never seen: {:?}", all.missing());
    assert!(all.two_leaders * 2 >= all.seeds, "too tame: few seeds saw two leaders");
}

#[test]
fn with_everything_switched_on_no_property_breaks_and_everything_happens() {
    let mut all = Features::default();
    let mut failed = Vec::new();
    for servers in SIZES {
        let outcomes = on_all_cores(seeds() / 2, |seed| {
            let scenario = whole(servers, None, seed);
            let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
            let serves = led_in_the_end(&recording) && serves_again(&recording);
            let fault = match broken(&recording).first() {
                Some((property, at)) => Some(format!("{property} {}", told(&scenario, Some(*at)))),
                None if !serves => Some(format!("no progress {}", told(&scenario, None))),
                None => None,
            };
            let fault = fault.map(|fault| format!("{servers} servers, seed {seed}: {fault}"));
            (Features::of(&recording), fault)
        });
        for (features, fault) in outcomes {
            all.add(&features);
            failed.extend(fault);
        }
    }
    failed.extend(on_all_cores(seeds() / 2, broken_by_changes).into_iter().flatten());
    say(&format!("chaos with everything on: {all}"));
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(all.missing().is_empty(), "never seen: {:?}", all.missing());
}

fn broken_by_changes(seed: u64) -> Option<String> {
    let scenario = changing(None, seed);
    let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
    let (property, at) = *broken(&recording).first()?;
    Some(format!("changes, seed {seed}: {property} {}", told(&scenario, Some(at))))
}

/// Multi-Paxos under the same faults: other sizes of quorums, leases, forgetting and insistence
/// take turns.
fn wild_paxos(seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("multipaxos", seed).expect("the room is there");
    let settings: &[(&str, u64)] = match seed % 6 {
        0 => &[],
        1 => &[("servers", 3)],
        2 => &[("servers", 3), ("lease_ms", 200), ("collect_after", 7)],
        3 => &[("servers", 4), ("phase1_quorum", 3), ("phase2_quorum", 2), ("lease_ms", 100)],
        4 => &[("insist", 1), ("collect_after", 3), ("window", 2)],
        _ => &[("servers", 4), ("phase1_quorum", 4), ("phase2_quorum", 1)],
    };
    scenario.config.extend(settings.iter().map(|(knob, value)| ((*knob).to_owned(), *value)));
    scenario.load = Some(Load { every: Span::millis(35), from: Time(200_000), count: u32::MAX });
    let mix = if seed / 6 % 2 == 1 { RESTLESS } else { EVERYTHING };
    chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound")
}

#[test]
fn multi_paxos_under_faults_breaks_no_property_and_always_serves_again() {
    let outcomes = on_all_cores(seeds(), |seed| {
        let scenario = wild_paxos(seed);
        let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
        let fault = match broken(&recording).first() {
            Some((property, at)) => Some(format!("{property} {}", told(&scenario, Some(*at)))),
            None if !led_in_the_end(&recording) || !serves_again(&recording) => {
                Some(format!("no progress {}", told(&scenario, None)))
            }
            None => None,
        };
        let notes = |kind: &str| noted(&recording, kind);
        let seen = [notes("leads"), notes("fills"), notes("adopts"), notes("installs")]
            .map(|count| u64::try_from(count).expect("a count fits"));
        (seen, fault.map(|fault| format!("seed {seed}: {fault}")))
    });
    let seen = outcomes
        .iter()
        .fold([0; 4], |all, (seen, _)| core::array::from_fn(|place| all[place] + seen[place]));
    let [leads, fills, adopts, installs] = seen;
    say(&format!(
        "chaos of Multi-Paxos: {} seeds, {leads} leaders, {fills} holes filled, {adopts} commands \
         proposed again, {installs} snapshots taken",
        seeds(),
    ));
    let failed: Vec<String> = outcomes.into_iter().filter_map(|(_, fault)| fault).collect();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(seen.iter().all(|count| *count > 0), "too tame: {seen:?}");
}

/// How often something was remarked.
fn noted(recording: &Recording, kind: &str) -> usize {
    let notes = recording.about().notes;
    let log = recording.log();
    let said = |record: &&Record| {
        log.note(record).is_some_and(|note| {
            record.kind() == EventKind::Note && notes[usize::from(note.kind)].id == kind
        })
    };
    log.iter_from(0).filter(said).count()
}

/// Whether, and when, a property breaks.
fn breaks(scenario: &Scenario, property: &str) -> Option<Time> {
    let recording = Recording::of(scenario, UNTIL).expect("chaos is a sound scenario");
    broken(&recording).into_iter().find(|(found, _)| *found == property).map(|(_, at)| at)
}

/// Runs every case, and says under which of them the property breaks that a switch breaks.
fn find(knob: &str, property: &str, cases: u64, case: impl Fn(u64) -> Scenario + Sync) {
    let found = on_all_cores(cases, |number| breaks(&case(number), property).is_some());
    let count = found.iter().filter(|found| **found).count();
    let first = found.iter().position(|found| *found);
    let first = first.unwrap_or_else(|| panic!("{knob}: {property} held under every seed"));
    let scenario = case(first as u64);
    let short = shorten(&scenario, |scenario| breaks(scenario, property).is_some());
    let at = breaks(&short, property);
    let link = told(&short, at);
    let opened = link::decode(&link).expect("our own link");
    assert_eq!(breaks(&opened, property), at, "{knob}: the link shows something else");
    say(&format!(
        "{knob} breaks {property} in {count} of {cases} runs; first in {} with {:?} and seed {}, \
         where {} of {} inputs are enough: {link}",
        scenario.protocol,
        scenario.config,
        scenario.seed,
        short.inputs.len(),
        scenario.inputs.len(),
    ));
}

/// The switches of a room that break a rule, and the property that breaks with it.
fn sabotage(about: &About, knobs: &[Knob]) -> Vec<(&'static str, &'static str, &'static str)> {
    knobs.iter().filter_map(|knob| Some((about.id, knob.id, knob.breaks?))).collect()
}

#[test]
fn each_rule_broken_on_purpose_breaks_its_property_under_the_same_seeds() {
    let raft = rooms().filter(|(about, _)| about.id == "raft");
    for (_, knob, property) in raft.flat_map(|(about, knobs)| sabotage(about, knobs)) {
        find(knob, property, seeds() * SIZES.len() as u64, |number| {
            let servers = SIZES[usize::from(number >= seeds())];
            let seed = number % seeds();
            match knob {
                "early_change" => changing(Some(knob), number),
                _ if OF_THE_WHOLE.contains(&knob) => whole(servers, Some(knob), seed),
                _ => wild(servers, Some(knob), seed),
            }
        });
    }
}

#[test]
fn each_rule_broken_in_another_room_breaks_its_property_too() {
    let others = rooms().filter(|(about, _)| about.id != "raft");
    for (room, knob, property) in others.flat_map(|(about, knobs)| sabotage(about, knobs)) {
        // Some switches show only with other knobs beside them; a lesson on one has those.
        let lessons = crate::goldens::scenarios().into_iter().map(|(_, lesson)| lesson);
        let mut lessons = lessons.filter(|lesson| lesson.protocol == room);
        let lesson = lessons.find(|lesson| lesson.config.contains_key(knob));
        let mut plain = Scenario::plain(room, 0).expect("the room is there");
        plain.config = lesson.map(|lesson| lesson.config).unwrap_or_default();
        plain.config.insert(knob.to_owned(), 1);
        // In a fast round values collide only if clients ask in quick succession.
        let (every, count) = if room == "fastpaxos" { (2, 100) } else { (35, u32::MAX) };
        plain.load = Some(Load { every: Span::millis(every), from: Time(1_000), count });
        find(knob, property, seeds(), |seed| {
            let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
            chaos_of(&plain, &mix, seed, UNTIL).expect("the scenario is sound")
        });
    }
}

/// Eight sites that compare often, with clients that write and delete until shortly before
/// everything is whole.
fn wild_databases(digests: u64, seed: u64) -> Scenario {
    let mut scenario = Scenario::plain("antientropy", seed).expect("the room is there");
    let knobs = [("round_ms", 20), ("jitter_ms", 10), ("digests", digests)];
    scenario.config.extend(knobs.map(|(knob, value)| (knob.to_owned(), value)));
    scenario.load = Some(Load { every: Span::millis(35), from: Time(1_000), count: 80 });
    let mix = if seed % 2 == 1 { RESTLESS } else { EVERYTHING };
    let mut wild = chaos_of(&scenario, &mix, seed, UNTIL).expect("the scenario is sound");
    // The last requests of chaos would need as long again to reach everybody.
    wild.inputs.retain(|input| input.at <= WHOLE);
    wild
}

#[test]
fn once_everything_is_whole_anti_entropy_alone_makes_all_sites_alike() {
    for digests in [0, 1] {
        let unlike = on_all_cores(seeds() / 10, |seed| {
            let scenario = wild_databases(digests, seed);
            let recording = Recording::of(&scenario, UNTIL).expect("chaos is a sound scenario");
            let strips: Vec<_> = recording.cards().into_iter().map(|card| card.strip).collect();
            assert_eq!(strips.len(), 8, "everybody is up");
            assert!(!strips[0].is_empty(), "something was written");
            strips.iter().any(|strip| *strip != strips[0]).then(|| told(&scenario, None))
        });
        let unlike: Vec<_> = unlike.into_iter().flatten().collect();
        assert!(unlike.is_empty(), "{} differ: {unlike:#?}", unlike.len());
    }
}

/// Nodes come and go. The papers assume that the network itself stays whole.
const CRASHES: Mix = Mix {
    gap: SpanRange { min: Span::millis(50), max: Span::millis(600) },
    lasts: SpanRange { min: Span::millis(100), max: Span::millis(1_500) },
    weights: &[(Fault::Crash, 4), (Fault::Pause, 1), (Fault::Request, 4)],
};

/// The links of each node to its neighbours, and whether they are eager.
fn links(recording: &Recording) -> Vec<(usize, usize, bool)> {
    let cards = recording.cards().into_iter().enumerate();
    let of = |(node, card): (usize, Card)| {
        let links = card.fields.into_iter().filter(|field| field.id == "link");
        let link = |field: Field| Some((field.of?.index(), field.value == Value::Word("eager")));
        links.filter_map(link).map(move |(peer, eager)| (node, peer, eager)).collect::<Vec<_>>()
    };
    cards.flat_map(of).collect()
}

/// Whether these links, each named from both ends, connect so many nodes.
fn connects(nodes: usize, links: &[(usize, usize)]) -> bool {
    let mut reached = vec![0];
    let mut next = 0;
    while let Some(node) = reached.get(next).copied() {
        next += 1;
        let there = links.iter().filter(|(from, _)| *from == node).map(|(_, to)| *to);
        let new: Vec<usize> = there.filter(|to| !reached.contains(to)).collect();
        reached.extend(new);
    }
    reached.len() == nodes
}

/// After many crashes the overlay is in two parts now and then: the paper promises that it is whole
/// with high probability, not always. Where it is whole, the eager links connect all and close no
/// circle.
#[test]
fn once_nodes_stay_up_links_are_symmetric_and_broadcasts_leave_a_spanning_tree() {
    let until = Time(12_000_000);
    let whole = on_all_cores(seeds() / 10, |seed| {
        let plain = Scenario::plain("broadcast", seed).expect("the room is there");
        let scenario = chaos_of(&plain, &CRASHES, seed, until).expect("the scenario is sound");
        let recording = Recording::of(&scenario, until).expect("chaos is a sound scenario");
        let links = links(&recording);
        let symmetric = links.iter().all(|(from, to, eager)| links.contains(&(*to, *from, *eager)));
        assert!(symmetric, "{links:?} {}", told(&scenario, None));
        let ends = |link: &(usize, usize, bool)| (link.0, link.1);
        let all: Vec<_> = links.iter().map(ends).collect();
        let eager: Vec<_> = links.iter().filter(|link| link.2).map(ends).collect();
        let whole = connects(9, &all);
        let tree = connects(9, &eager) && eager.len() == 2 * (9 - 1);
        assert!(!whole || tree, "no tree: {eager:?} {}", told(&scenario, None));
        whole
    });
    let count = whole.iter().filter(|whole| **whole).count();
    assert!(count * 10 >= whole.len() * 9, "whole in {count} of {} runs", whole.len());
}

#[test]
fn every_scenario_of_the_library_survives_chaos() {
    let scenarios = crate::goldens::scenarios();
    let of_sabotage = |scenario: &Scenario| {
        let knobs = rooms().flat_map(|(_, knobs)| knobs).filter(|knob| knob.breaks.is_some());
        knobs.into_iter().any(|knob| scenario.config.contains_key(knob.id))
    };
    for (id, scenario) in scenarios {
        for seed in 0..50 {
            let wild = chaos(&scenario, seed, UNTIL).expect("the scenario is sound");
            let recording = Recording::of(&wild, UNTIL).expect("chaos is a sound scenario");
            let whole = broken(&recording).is_empty();
            assert!(whole || of_sabotage(&scenario), "{id}, seed {seed}: {}", told(&wild, None));
        }
    }
}
