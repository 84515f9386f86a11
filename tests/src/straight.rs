//! A run longer than many snapshots: a seek to any moment shows what a straight run showed there.

use crate::journeys::open;
use faultline_kernel::{Draw, NodeId, Purpose, Span, Time};
use faultline_lab::chaos::chaos;
use faultline_lab::{Command, Scenario, Scene, Session, rooms};
use faultline_sim::Load;

/// Many times the number of events between two snapshots.
const EVENTS: u32 = 15_000;

/// How many steps lie between the moments that are compared.
const STRIDE: u32 = 47;

/// Everything that can be seen at one moment.
fn look(session: &Session) -> (Scene, Vec<Vec<(String, String)>>) {
    let fields = |node: u32| {
        let panel = session.node_panel(NodeId(node)).expect("it takes part");
        panel.fields.into_iter().map(|row| (row.label, row.value)).collect()
    };
    let nodes = u32::try_from(session.nodes()).expect("few nodes");
    (session.scene(), (0..nodes).map(fields).collect())
}

#[test]
fn a_seek_to_any_moment_of_a_long_run_shows_what_the_straight_run_showed() {
    for (about, _) in rooms() {
        let mut plain = Scenario::plain(about.id, 9).expect("the room is there");
        let every = Span::millis(20);
        plain.load = Some(Load { every, from: Time(100_000), count: u32::MAX });
        let scenario = chaos(&plain, 9, Time(600_000_000)).expect("the scenario is sound");
        let mut session = open(&scenario);
        let mut seen = Vec::new();
        for step in 0.. {
            session.apply(Command::StepForward).expect("a sound command");
            if step % STRIDE == 0 {
                seen.push((session.moment(), look(&session)));
            }
            if session.end().events >= EVENTS {
                break;
            }
        }
        assert!(session.end().events >= EVENTS && seen.len() > 100, "{}", about.id);
        for number in 0..seen.len() as u64 {
            let mut draw = Draw::keyed(9, Purpose::Chaos, &[number]);
            let place = usize::try_from(draw.below(seen.len() as u64)).expect("it fits");
            let (moment, straight) = &seen[place];
            session.apply(Command::Seek(*moment)).expect("a sound command");
            while session.work(100_000) {}
            assert_eq!(look(&session), *straight, "{} at {moment:?}", about.id);
        }
    }
}
