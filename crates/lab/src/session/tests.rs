//! What holds of an open scenario.

use super::*;
use crate::{Condition, Input};
use faultline_kernel::NodeId;

fn played(until: u64) -> Session {
    let mut session = Session::open(Scenario::plain("raft", 7).expect("it is there"))
        .expect("a plain scenario opens");
    while session.at_end() && session.end().time < Time(until) {
        session.go_on_until(Time(until));
    }
    session
}

#[test]
fn a_view_on_its_way_arrives_whatever_is_asked_meanwhile() {
    let mut session = played(1_000_000);
    session.cursor = session.track().after(session.track().play.run.log().step_end(50));
    let events = session.cursor.events;
    assert!(!session.track_mut().play.run.seek(events, 0), "it takes more than nothing");
    session.goals.push_back(Goal::Arrive);
    session.apply(Command::Tempo(Tempo::Adaptive)).expect("a tempo");
    assert!(session.apply(Command::Branch(9)).is_err());
    while session.work(10) {}
    let arrived = session.scene();
    session.apply(Command::Seek(session.moment())).expect("the same moment");
    assert_eq!(session.scene(), arrived);
    assert!(arrived.nodes.iter().any(|node| !node.countdowns.is_empty()));
}

#[test]
fn all_branches_together_hold_no_more_events_than_one_session_may() {
    let mut session = played(500_000);
    session.room_for = session.end().events + 100;
    session.apply(Command::SeekTime(Time(300_000))).expect("a moment of it");
    let crash = Command::Act(Input::Crash { node: NodeId(0) });
    session.apply(crash.clone()).expect("there is room");
    for _ in 0..100 {
        session.go_on_until(Time(10_000_000));
    }
    assert!(session.end().time < Time(10_000_000) && session.ended());
    assert!(session.notice().is_some_and(|said| said.contains("10 million")));
    let before = session.scenario();
    assert!(session.apply(crash).is_err(), "there is no room left");
    assert_eq!(session.scenario(), before);
    session.apply(Command::Start).expect("there is a way back");
    assert_eq!(session.notice(), None, "what was said about the end is over");
}

#[test]
fn what_cannot_be_done_again_can_still_be_done_again_later() {
    let mut session = played(500_000);
    session.apply(Command::SeekTime(Time(300_000))).expect("a moment of it");
    session.apply(Command::Act(Input::Crash { node: NodeId(0) })).expect("there is room");
    session.apply(Command::Undo).expect("it was the last act");
    let room = std::mem::replace(&mut session.room_for, 1);
    let there = session.moment();
    assert!(session.apply(Command::Redo).is_err(), "there is no room");
    assert!(session.can_redo());
    assert_eq!(session.moment(), there);
    session.room_for = room;
    session.apply(Command::Redo).expect("there is room again");
    assert!(!session.can_redo() && session.branches().len() == 2);
}

fn lesson() -> Session {
    let mut session =
        Session::open(library::scenario("raft", "first-leader").expect("it is there"))
            .expect("a lesson opens");
    session.apply(Command::RunTo(Time(1_500_000))).expect("it is on its way");
    while session.work(10_000) {}
    session
}

#[test]
fn a_lesson_is_silent_from_the_first_act_that_is_none_of_its_own() {
    let mut session = lesson();
    let said = |session: &mut Session, time| {
        session.apply(Command::RunTo(Time(time))).expect("it is on its way");
        session.caption().map(str::to_owned)
    };
    let end = said(&mut session, 1_500_000);
    assert!(end.is_some() && !session.scenario().inputs.is_empty(), "it acts by itself");
    let before = said(&mut session, 300_000);
    session.apply(Command::Act(Input::Crash { node: NodeId(3) })).expect("it opens a branch");
    assert!(before.is_some() && session.caption().is_none() && session.has_captions());
    assert_eq!(said(&mut session, 1_500_000), None);
    assert_eq!(said(&mut session, 299_000), before, "so far it is the lesson");
    let mut reader = Session::open(session.scenario()).expect("a record opens");
    while reader.work(10_000) {}
    assert_eq!(said(&mut reader, 1_500_000), None, "who opens the link has nothing to undo");
    assert_eq!(said(&mut reader, 299_000), before);
    session.apply(Command::Undo).expect("it was the last act");
    assert_eq!(said(&mut session, 1_500_000), end);
}

#[test]
fn at_the_start_everybody_has_started() {
    let mut session = lesson();
    for command in [Command::Start, Command::PreviousMark] {
        session.apply(command).expect("there is a start");
        assert_eq!(session.moment(), session.at(Time::ZERO));
        assert!(session.scene().nodes.iter().all(|node| node.condition == Condition::Up));
    }
}
