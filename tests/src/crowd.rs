//! A crowd in somebody's hands: stepped, gone back in, acted upon, and sent to somebody else.

use crate::goldens::swarms;
use faultline_lab::crowd::{Crowd, Headcount};
use faultline_lab::{Command, Input, NodeId, Scenario, SwarmTime, Time, link};

/// A swarm of the library, small enough to be played many times.
fn lesson(scene: &str) -> Scenario {
    let mut scenario = faultline_lab::library_scenario("rumour", scene).expect("it is there");
    scenario.config.insert("nodes".into(), 2_000);
    scenario
}

fn settle(crowd: &mut Crowd) {
    while crowd.work(1_000) {}
}

fn apply(crowd: &mut Crowd, command: Command) {
    crowd.apply(command).expect("it can be done");
    settle(crowd);
}

fn open(scenario: Scenario) -> Crowd {
    let mut crowd = Crowd::open(scenario).expect("a sound scenario");
    settle(&mut crowd);
    crowd
}

/// Everything that is seen of a slice.
fn look(crowd: &Crowd) -> (u32, Vec<u8>, String, String) {
    (crowd.slice(), crowd.cells().collect(), crowd.summary(), crowd.traffic())
}

#[test]
fn a_step_back_shows_what_was_there() {
    for scene in ["ten-thousand", "a-quarter-lost"] {
        let mut crowd = open(lesson(scene));
        let mut seen = Vec::new();
        while !crowd.ended() {
            seen.push(look(&crowd));
            apply(&mut crowd, Command::StepForward);
        }
        assert!(seen.len() > 12, "{scene} lasts: {}", seen.len());
        for before in seen.into_iter().rev() {
            apply(&mut crowd, Command::StepBack);
            assert_eq!(look(&crowd), before, "{scene}");
        }
    }
}

#[test]
fn an_act_at_a_moment_is_what_it_is_in_a_scenario() {
    for scene in ["ten-thousand", "a-quarter-lost"] {
        let mut crowd = open(lesson(scene));
        for _ in 0..9 {
            apply(&mut crowd, Command::StepForward);
        }
        apply(&mut crowd, Command::Act(Input::CrashSome { ppm: 500_000 }));
        apply(&mut crowd, Command::Act(Input::Request { node: NodeId(7), request: None }));
        (0..6).for_each(|_| apply(&mut crowd, Command::StepForward));
        let down = crowd.standings().last().map(|standing| standing.count);
        assert!(down > Some(900), "half of them are down: {down:?}");
        let sent = link::decode(&link::encode(&crowd.scenario_here())).expect("our own link");
        assert_eq!(look(&open(sent)), look(&crowd), "{scene}");
    }
}

#[test]
fn undo_brings_back_what_was_there_and_redo_does_it_again() {
    let mut crowd = open(lesson("ten-thousand"));
    for _ in 0..15 {
        apply(&mut crowd, Command::StepForward);
    }
    let untouched = look(&crowd);
    apply(&mut crowd, Command::SeekTime(Time(600_000)));
    apply(&mut crowd, Command::Act(Input::CrashSome { ppm: 250_000 }));
    assert_eq!(crowd.end(), 6, "what was counted after it is not so any more");
    apply(&mut crowd, Command::SeekTime(Time(600_000)));
    (0..9).for_each(|_| apply(&mut crowd, Command::StepForward));
    let struck = look(&crowd);
    assert_ne!(struck, untouched);
    apply(&mut crowd, Command::Undo);
    (0..9).for_each(|_| apply(&mut crowd, Command::StepForward));
    assert_eq!(look(&crowd), untouched);
    apply(&mut crowd, Command::Redo);
    (0..9).for_each(|_| apply(&mut crowd, Command::StepForward));
    assert_eq!(look(&crowd), struck);
}

#[test]
fn on_the_way_to_a_far_slice_the_first_one_is_seen() {
    let mut crowd = Crowd::open(lesson("ten-thousand")).expect("a sound scenario");
    let far = crowd.time_of(20);
    crowd.apply(Command::RunTo(far)).expect("a seek");
    let mut seen = 0;
    while crowd.work(100) {
        seen += u32::from(crowd.slice() == 0 && crowd.cells().count() == 2_000);
    }
    assert!(seen > 10, "{seen}");
    assert_eq!(crowd.slice(), 20);
}

#[test]
fn whatever_is_asked_while_a_slice_is_played_or_painted_comes_out_right() {
    let mut large = lesson("ten-thousand");
    large.config.insert("nodes".into(), 10_000);
    for time in [SwarmTime::Cycles, SwarmTime::Timed] {
        large.time = Some(time);
        let at_the_fourth = || {
            let mut crowd = open(large.clone());
            (0..4).for_each(|_| apply(&mut crowd, Command::StepForward));
            crowd
        };
        let mut untouched = at_the_fourth();
        (0..2).for_each(|_| apply(&mut untouched, Command::StepForward));
        for goes in 0..40 {
            let mut crowd = at_the_fourth();
            crowd.apply(Command::StepForward).expect("a step");
            for _ in 0..goes {
                crowd.work(1);
            }
            let fourth = crowd.time_of(4);
            apply(&mut crowd, Command::SeekTime(fourth));
            apply(&mut crowd, Command::Act(Input::CrashSome { ppm: 250_000 }));
            apply(&mut crowd, Command::Undo);
            (0..2).for_each(|_| apply(&mut crowd, Command::StepForward));
            assert_eq!(look(&crowd), look(&untouched), "{goes} goes");
        }
    }
}

#[test]
fn captions_stop_where_somebody_acts_for_whoever_opens_the_link_too() {
    let mut crowd = open(lesson("a-million"));
    let captions = crowd.scenario().captions;
    apply(&mut crowd, Command::RunTo(captions[0].at_us));
    assert!(crowd.caption().is_some());
    apply(&mut crowd, Command::Act(Input::CrashSome { ppm: 250_000 }));
    assert!(crowd.caption().is_some(), "it acts in the next slice");
    apply(&mut crowd, Command::StepForward);
    assert_eq!(crowd.caption(), None);
    let sent = crowd.scenario().captions;
    assert!(!sent.is_empty() && sent.len() < captions.len());
    apply(&mut crowd, Command::Undo);
    assert_eq!(crowd.scenario().captions, captions);
    apply(&mut crowd, Command::StepForward);
    assert!(crowd.caption().is_some());
}

#[test]
fn it_plays_by_itself_and_stops_at_the_end() {
    let mut crowd = open(lesson("ten-thousand"));
    crowd.apply(Command::Tempo(crowd.tempo(30.0))).expect("a tempo");
    crowd.apply(Command::Play).expect("play");
    let mut frames = 0;
    while crowd.playing() {
        crowd.tick(16.0);
        settle(&mut crowd);
        frames += 1;
        assert!(frames < 2_000, "it ends");
    }
    assert!(crowd.ended() && frames > 30, "{frames}");
    let headcount = Headcount::of(&lesson("ten-thousand"), Time(10_000_000)).expect("a swarm");
    assert_eq!(crowd.slices(), headcount.slices());
}

#[test]
fn without_time_there_is_a_limit_of_nodes_and_it_names_the_key() {
    let mut scenario = Scenario::plain("rumour", 1).expect("the room is there");
    scenario.config.insert("nodes".into(), 100_000);
    let said = scenario.check().expect_err("too many for a world").to_string();
    assert!(said.contains("time = \"cycles\"") && said.contains("above 1000"), "{said}");
    scenario.time = Some(SwarmTime::Timed);
    scenario.check().expect("a swarm of them is sound");
    scenario.config.insert("nodes".into(), 1_000_001);
    let said = scenario.check().expect_err("too many for a swarm").to_string();
    assert!(said.contains("it goes from 2 to 1000000"), "{said}");
}

#[test]
fn what_a_swarm_cannot_do_a_scenario_is_refused_for() {
    let refused = |change: fn(&mut Scenario)| {
        let mut scenario = lesson("ten-thousand");
        change(&mut scenario);
        scenario.check().expect_err("a swarm cannot do that").to_string()
    };
    let raft = refused(|scenario| {
        *scenario = Scenario::plain("raft", 1).expect("the room is there");
        scenario.time = Some(SwarmTime::Cycles);
    });
    assert!(raft.contains("raft cannot be played by a swarm"), "{raft}");
    let slices = refused(|scenario| scenario.time = None);
    assert!(slices.contains("slice_us needs time") || slices.contains("above 1000"), "{slices}");
    let short = refused(|scenario| scenario.slice_us = Some(faultline_lab::Span(1)));
    assert!(short.contains("slice_us is 1"), "{short}");
    let named = refused(|scenario| scenario.inputs[0].after = Some(3));
    assert!(named.contains("counts no events"), "{named}");
    let held = refused(|scenario| scenario.inputs[0].input = Input::Hold { on: true });
    assert!(held.contains("no message has a name"), "{held}");
    let moment = refused(|scenario| scenario.check = Some("0".into()));
    assert!(moment.contains("check: a swarm keeps counts"), "{moment}");
}

#[test]
fn a_swarm_is_opened_as_a_crowd_and_nothing_else() {
    for (id, scenario) in swarms() {
        assert!(faultline_lab::Session::open(scenario.clone()).is_err(), "{id}");
        assert!(faultline_lab::Recording::begin(&scenario, true).is_err(), "{id}");
        assert_eq!(link::decode(&link::encode(&scenario)), Ok(scenario), "{id}");
    }
    let world = faultline_lab::default_scenario().expect("the library is not empty");
    assert!(Crowd::open(world.clone()).is_err() && Headcount::begin(&world).is_err());
}
