//! Laws over the whole catalogue: whatever the scenario, these hold.

use crate::goldens::{OTHERWISE, scenarios};
use faultline_lab::{
    Command, Condition, Input, Moment, NodeId, Recording, Scenario, Session, Time, link,
};

/// A session that has arrived.
fn open(scenario: &Scenario) -> Session {
    let mut session = Session::open(scenario.clone()).expect("a sound scenario");
    while session.work(100_000) {}
    session
}

fn apply(session: &mut Session, command: Command) {
    session.apply(command).expect("a sound command");
    while session.work(100_000) {}
}

/// Plays on for so many microseconds.
fn record(session: &mut Session, us: u64) {
    let time = Time(session.moment().time.0 + us);
    record_until(session, time);
}

fn record_until(session: &mut Session, time: Time) {
    session.apply(Command::Tempo(faultline_lab::Tempo::Fixed(10.0))).expect("a tempo");
    session.apply(Command::Play).expect("play");
    while session.playing() && session.moment().time < time {
        session.tick(16.0);
    }
    apply(session, Command::Pause);
}

#[test]
fn a_replay_equals_the_original() {
    for (id, scenario) in scenarios() {
        let play = || Recording::of(&scenario, OTHERWISE).expect("a sound scenario").log().bytes();
        assert_eq!(play(), play(), "{id}");
    }
}

#[test]
fn a_seek_shows_what_a_straight_run_shows() {
    for (id, scenario) in scenarios() {
        let mut session = open(&scenario);
        record_until(&mut session, Time(1_500_000));
        let mut seen = Vec::new();
        apply(&mut session, Command::Seek(Moment::default()));
        while !session.at_end() {
            seen.push((session.moment(), session.scene()));
            apply(&mut session, Command::StepForward);
        }
        for (moment, scene) in seen.iter().rev().step_by(7) {
            apply(&mut session, Command::Seek(*moment));
            assert_eq!(session.scene(), *scene, "{id} at {moment:?}");
        }
        for (moment, scene) in seen.iter().step_by(13) {
            apply(&mut session, Command::Seek(*moment));
            assert_eq!(session.scene(), *scene, "{id} at {moment:?}");
        }
    }
}

#[test]
fn a_branch_leaves_its_parent_as_it_was_and_undo_takes_it_away() {
    for (id, scenario) in scenarios() {
        let mut session = open(&scenario);
        record_until(&mut session, Time(1_000_000));
        let end = session.end();
        let before: Vec<_> = session.events(0..end.events);
        let middle = session.events(0..end.events)[end.events as usize / 2].moment;
        apply(&mut session, Command::Seek(middle));
        apply(&mut session, Command::Act(Input::Crash { node: NodeId(0) }));
        assert_eq!(session.branches().len(), 2 + scenario.branches.len(), "{id}");
        apply(&mut session, Command::StepForward);
        apply(&mut session, Command::Branch(0));
        apply(&mut session, Command::End);
        assert_eq!(session.events(0..end.events), before, "{id}");
        apply(&mut session, Command::Undo);
        assert_eq!(session.branches().len(), 1 + scenario.branches.len(), "{id}");
        assert_eq!(session.moment(), middle, "{id}");
        apply(&mut session, Command::Redo);
        assert_eq!(session.branches().len(), 2 + scenario.branches.len(), "{id}");
    }
}

#[test]
fn a_link_brings_back_the_same_run() {
    for (id, scenario) in scenarios() {
        let mut session = open(&scenario);
        record_until(&mut session, Time(800_000));
        let middle = session.events(0..session.end().events)[10].moment;
        apply(&mut session, Command::Act(Input::Crash { node: NodeId(1) }));
        apply(&mut session, Command::Seek(middle));
        apply(&mut session, Command::Act(Input::Cut { groups: vec![vec![NodeId(0)]] }));
        record_until(&mut session, Time(900_000));
        let canonical = session.scenario();
        let decoded = link::decode(&link::encode(&canonical)).expect("our own link");
        assert_eq!(decoded, canonical, "{id}");
        let again = open(&decoded);
        assert_eq!(again.notice(), None, "{id}");
        assert_eq!(again.moment(), session.moment(), "{id}");
        assert_eq!(again.scenario(), canonical, "{id}");
        let all = 0..session.event_count();
        assert_eq!(again.events(all.clone()), session.events(all), "{id}");
    }
}

#[test]
fn every_node_can_crash_and_start_again_and_nothing_panics() {
    for (id, scenario) in scenarios() {
        let mut session = open(&scenario);
        for node in (0..).map(NodeId).take(session.nodes()) {
            record(&mut session, 90_000);
            apply(&mut session, Command::Act(Input::Crash { node }));
            assert_eq!(session.scene().nodes[node.index()].condition, Condition::Down, "{id}");
            record(&mut session, 30_000);
            apply(&mut session, Command::Act(Input::Restart { node }));
            assert_eq!(session.scene().nodes[node.index()].condition, Condition::Up, "{id}");
        }
        record(&mut session, 500_000);
    }
}
