//! What takes long is seen on its way, and does not stand in anybody's way.

use super::*;
use crate::Input;
use faultline_kernel::NodeId;

const FAR: Time = Time(80_000_000_000);

fn plain() -> Session {
    let scenario = Scenario::plain("raft", 7).expect("it is there");
    Session::open(scenario).expect("a plain scenario opens")
}

/// Works for a while at what takes long, and sees one moment at any time.
fn watch(session: &mut Session, slices: u32) {
    let mut before = session.moment();
    for _ in 0..slices {
        assert!(session.work(1_000), "it is a long way");
        let run = &session.track().play.run;
        assert_eq!(run.view().events(), session.moment().events);
        assert_eq!(session.moment(), session.end());
        assert!(session.moment().time > before.time);
        before = session.moment();
    }
}

#[test]
fn a_time_that_is_not_recorded_is_recorded_in_slices() {
    let mut session = plain();
    let time = Time(60_000_000);
    session.apply(Command::RunTo(time)).expect("it is on its way");
    session.apply(Command::Play).expect("it plays from there on");
    assert!(session.pending() && session.moment().time < time);
    while session.work(1_000) {}
    assert!(session.playing());
    assert_eq!(session.moment().time, time);
    assert_eq!(session.end().time, time);
    session.apply(Command::RunTo(Time(1_000_000))).expect("it is recorded");
    assert!(!session.pending() && session.end().time == time);
    let mut straight = plain();
    while straight.end().time < time {
        straight.go_on_until(time);
    }
    assert_eq!(straight.end(), session.end());
}

#[test]
fn the_way_to_a_far_moment_is_seen_and_ends_with_whatever_is_asked_then() {
    let far = Scenario { open_us: Some(FAR), moment: None, ..plain().scenario() };
    let crash = Input::Crash { node: NodeId(0) };
    let linked = || Session::open(far.clone()).expect("it opens");
    let sought = || {
        let mut session = plain();
        session.apply(Command::RunTo(FAR)).expect("it is on its way");
        session
    };
    for command in [Command::Pause, Command::Start, Command::RunTo(Time(10)), Command::Act(crash)] {
        for mut session in [linked(), sought()] {
            watch(&mut session, 5);
            let here = session.moment();
            session.apply(command.clone()).expect("it can be done");
            assert!(!session.pending(), "{command:?}");
            let time = session.moment().time;
            let stays = matches!(command, Command::Pause | Command::Act(_));
            assert!(if stays { time == here.time } else { time < Time(100) }, "{command:?}");
            assert_eq!(session.scenario().inputs.len(), session.done.len());
            assert_eq!(session.done.len(), usize::from(matches!(command, Command::Act(_))));
        }
    }
}

#[test]
fn no_act_of_a_link_is_lost_though_something_is_asked_while_it_opens() {
    let mut author = plain();
    for seconds in [20, 40] {
        author.apply(Command::RunTo(Time(seconds * 1_000_000))).expect("it is on its way");
        while author.work(100_000) {}
        let crash = Input::Crash { node: NodeId(u32::try_from(seconds / 20).expect("few")) };
        author.apply(Command::Act(crash)).expect("it runs");
    }
    author.apply(Command::SeekTime(Time(30_000_000))).expect("a moment of it");
    author.apply(Command::Act(Input::Heal)).expect("it opens a branch");
    while author.work(100_000) {}
    let whole = author.scenario();
    let mut session = Session::open(Scenario { open_us: Some(FAR), moment: None, ..whole.clone() })
        .expect("it opens");
    session.apply(Command::Start).expect("it waits");
    assert!(session.pending());
    let mut slices = 0;
    while session.work(1_000) {
        slices += 1;
    }
    assert!(slices < 200, "the far moment is not waited for");
    assert_eq!(session.moment().time, Time::ZERO);
    let again = session.scenario();
    assert_eq!(again.inputs, whole.inputs);
    let of = |scenario: &Scenario| -> Vec<_> {
        scenario.branches.iter().map(|branch| (branch.at, branch.inputs.clone())).collect()
    };
    assert_eq!(of(&again), of(&whole));
}

#[test]
fn where_no_milestone_comes_the_search_ends_soon_and_says_so() {
    let mut session = plain();
    while session.notice().is_none() {
        assert!(session.end().time < Time(10_000_000), "it goes on and on");
        session.apply(Command::NextMark).expect("it is looked for");
        while session.work(100_000) {}
    }
    let [now, marks] = [
        session.moment().time,
        session.branches()[0].marks.last().map_or(Time::ZERO, |mark| mark.moment.time),
    ];
    assert_eq!(now, Time(marks.0 + SEARCH_MOST));
    let said = format!("No milestone until {} s.", words::seconds(now));
    assert_eq!(session.notice(), Some(&*said));
    session.apply(Command::Play).expect("it goes on");
    assert_eq!(session.notice(), None);
}
