//! Rooms that spread something, under random faults: what holds once everything is whole.

use crate::chaos::{recorded, seeds};
use crate::cores::on_all_cores;
use crate::judged::told;
use crate::wild::{UNTIL, WHOLE};
use faultline_kernel::{Card, Field, NodeId, Span, SpanRange, Time, Value};
use faultline_lab::chaos::{EVERYTHING, Fault, Mix, RESTLESS, chaos_of};
use faultline_lab::{Input, Recording, Scenario};
use faultline_sim::{Load, Positioned};

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
            let recording = recorded(&scenario);
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

/// A broadcast that no other is near. Those of random faults end nine in a row, faster than both
/// ends of a link know that it was pruned: then two broadcasts may each prune another link of the
/// same circle, and the tree is in two parts. Nobody can notice before the next broadcast, whose
/// announcements mend it (PT §3.5).
const LONE_BROADCAST: Positioned<serde_json::Value> = Positioned {
    at: Time(11_500_000),
    after: None,
    input: Input::Request { node: NodeId(0), request: None },
};

/// After many crashes the overlay is in two parts now and then: five with no room, which refuse the
/// other four, or two that know nobody else any more. The paper promises that it is whole with high
/// probability, not always. Where it is whole, the eager links connect all and close no circle.
#[test]
fn once_nodes_stay_up_links_are_symmetric_and_broadcasts_leave_a_spanning_tree() {
    let until = Time(12_000_000);
    let whole = on_all_cores(seeds() / 10, |seed| {
        let plain = Scenario::plain("broadcast", seed).expect("the room is there");
        let mut scenario = chaos_of(&plain, &CRASHES, seed, until).expect("the scenario is sound");
        scenario.inputs.push(LONE_BROADCAST);
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
    assert!(count * 20 >= whole.len() * 19, "whole in {count} of {} runs", whole.len());
}
