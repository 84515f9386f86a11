//! The core under a hard hand: what was once wrong in the simulator and the session stays right.

use faultline_kernel::{NodeId, Time};
use faultline_lab::{
    Command, Condition, Error, Input, MarkKind, Moment, Recording, Scenario, Session, Tempo,
};
use faultline_sim::{EventKind, Record};
use serde_json::{Value, json};

/// A scenario of a room, with these parts besides.
fn read(protocol: &str, parts: &Value) -> Result<Scenario, Error> {
    let mut whole = json!({ "format": 1, "protocol": protocol, "version": 1, "seed": 7 });
    let fields = parts.as_object().expect("parts are an object").clone();
    whole.as_object_mut().expect("so is the whole").extend(fields);
    Scenario::from_json(&whole.to_string())
}

fn scenario(protocol: &str, parts: &Value) -> Scenario {
    read(protocol, parts).expect("a sound scenario")
}

fn session(protocol: &str, parts: &Value) -> Session {
    let mut session = Session::open(scenario(protocol, parts)).expect("it opens");
    while session.work(100_000) {}
    session
}

fn apply(session: &mut Session, command: Command) {
    session.apply(command).expect("a sound command");
    while session.work(100_000) {}
}

/// Plays until this time has come.
fn play_until(session: &mut Session, time: Time) {
    apply(session, Command::Tempo(Tempo::Fixed(1.0)));
    apply(session, Command::Play);
    while session.playing() && session.moment().time < time {
        session.tick(10.0);
    }
    apply(session, Command::Pause);
}

/// What is recorded of a scenario until this time, with the number of each event.
fn events(scenario: &Scenario, until: u64) -> Vec<(u32, Record)> {
    let mut recording = Recording::begin(scenario, true).expect("a sound scenario");
    recording.play_until(Time(until));
    (0..).zip(recording.log().iter_from(0).copied()).collect()
}

fn of_kind(events: &[(u32, Record)], kind: EventKind) -> Vec<(u32, Record)> {
    events.iter().filter(|(_, record)| record.kind() == kind).copied().collect()
}

const N1: NodeId = NodeId(0);

#[test]
fn a_node_that_somebody_started_before_its_time_starts_once() {
    let restart = json!({ "at_us": 0, "do": "restart", "node": "n1" });
    let crash = json!({ "at_us": 0, "do": "crash", "node": "n1" });
    for (inputs, starts) in [(json!([restart]), 1), (json!([restart, crash]), 1)] {
        let events = events(&scenario("echo", &json!({ "inputs": inputs })), 1_000_000);
        let boots = of_kind(&events, EventKind::Boot);
        let of_n1 = boots.iter().filter(|(_, record)| record.at() == Some(N1)).count();
        assert_eq!(of_n1, starts, "{inputs}");
    }
}

#[test]
fn a_request_that_waited_for_a_paused_node_names_where_it_was_made() {
    let events = events(
        &scenario(
            "echo",
            &json!({ "inputs": [
                { "at_us": 1_000, "do": "pause", "node": "n1" },
                { "at_us": 2_000, "do": "request", "node": "n1" },
                { "at_us": 3_000, "do": "resume", "node": "n1" },
            ]}),
        ),
        100_000,
    );
    let requests = of_kind(&events, EventKind::Request);
    let [(made, first), (_, heard)] = requests[..] else { panic!("{requests:?}") };
    assert_eq!((first.time, first.caused_by()), (Time(2_000), None));
    assert_eq!((heard.time, heard.caused_by()), (Time(3_000), Some(made)));
}

#[test]
fn a_fault_line_that_parts_nobody_is_in_vain_and_leaves_the_one_that_is_there() {
    let cut = |at: u64, groups: Value| json!({ "at_us": at, "do": "cut", "groups": groups });
    let all = json!([["n1", "n2", "n3", "n4", "n5"]]);
    let inputs = json!([
        cut(1_000, all.clone()),
        cut(2_000, json!([["n1", "n2"]])),
        cut(3_000, all),
        cut(4_000, json!([])),
    ]);
    let scenario = scenario("raft", &json!({ "inputs": inputs }));
    let events = events(&scenario, 5_000);
    let times = |kind| of_kind(&events, kind).iter().map(|(_, it)| it.time.0).collect::<Vec<_>>();
    assert_eq!(times(EventKind::Input), [2_000]);
    assert_eq!(times(EventKind::InVain), [1_000, 3_000, 4_000]);
    let mut session = Session::open(scenario).expect("it opens");
    play_until(&mut session, Time(5_000));
    assert_eq!(session.scene().sides.len(), 2);
}

#[test]
fn a_message_delivered_by_hand_does_not_cross_a_cut() {
    let message = json!({ "from": "n1", "to": "n2", "sent_us": 1_000 });
    let ask = json!({ "at_us": 1_000, "do": "request", "node": "n1" });
    let cut = json!({ "at_us": 2_000, "do": "cut-link", "from": "n1", "to": "n2" });
    let deliver = json!({ "at_us": 3_000, "do": "deliver", "message": message });
    let delivered = |inputs: Value| {
        let events = events(&scenario("echo", &json!({ "inputs": inputs })), 4_000);
        of_kind(&events, EventKind::Deliver).len()
    };
    assert_eq!(delivered(json!([ask, deliver])), 1);
    assert_eq!(delivered(json!([ask, cut, deliver])), 0);
}

#[test]
fn asking_a_crashed_node_by_hand_does_not_send_other_clients_elsewhere() {
    for seed in 0..4 {
        let load = json!({ "every_us": 5_000, "from_us": 1_000_000 });
        let mut plain = scenario("raft", &json!({ "load": load, "seed": seed }));
        let before = events(&plain, 2_000_000);
        let down = of_kind(&before, EventKind::Request).last().and_then(|(_, last)| last.at());
        let other = NodeId((down.expect("somebody is asked").0 + 1) % 5);
        let hand = json!([
            { "at_us": 1_502_000, "do": "crash", "node": other },
            { "at_us": 1_502_500, "do": "request", "node": other },
        ]);
        plain.inputs = serde_json::from_value(hand).expect("sound inputs");
        let after = events(&plain, 1_520_000);
        let asked = of_kind(&after, EventKind::Request);
        let late = asked.iter().filter(|(_, record)| record.time > Time(1_503_000));
        for (_, record) in late {
            assert_eq!(record.at(), down, "seed {seed}");
        }
    }
}

#[test]
fn a_run_in_which_ever_more_waits_for_a_disk_says_that_it_is_full() {
    let parts = json!({
        "network": { "disk_us": [86_400_000_000_u64, 86_400_000_000_u64] },
        "load": { "every_us": 100 },
    });
    let mut recording = Recording::begin(&scenario("raft", &parts), true).expect("it is sound");
    assert!(!recording.play_until(Time(20_000_000)), "{} events", recording.log().len());
}

#[test]
fn time_that_is_no_number_passes_nothing_and_breaks_nothing() {
    let mut session = session("raft", &json!({}));
    apply(&mut session, Command::Tempo(Tempo::Fixed(1.0)));
    apply(&mut session, Command::Play);
    session.tick(f64::NAN);
    session.tick(f64::INFINITY);
    session.tick(f64::NEG_INFINITY);
    let before = session.moment();
    (0..10).for_each(|_| {
        session.tick(100.0);
    });
    assert!(session.moment().time > before.time);
}

#[test]
fn a_network_slower_than_the_fastest_tempo_can_be_played() {
    let slow = json!({ "network": { "latency_us": [9_000_000, 10_000_000] } });
    let mut session = session("raft", &slow);
    apply(&mut session, Command::Play);
    for _ in 0..100 {
        session.tick(100.0);
    }
    assert!(session.moment().time > Time(1_000_000));
}

#[test]
fn a_run_that_differs_from_its_link_can_still_be_played() {
    let parts = json!({
        "end": { "events": 30, "time_us": 400_000 },
        "moment": { "events": 30, "time_us": 400_000 },
        "check": "0000000000000000",
    });
    let mut session = session("raft", &parts);
    assert!(session.notice().is_some());
    apply(&mut session, Command::End);
    apply(&mut session, Command::Play);
    assert!(session.playing());
}

#[test]
fn a_scenario_that_is_still_opening_is_all_there() {
    let parts = json!({
        "end": { "events": 60_000, "time_us": 1_000_000_000 },
        "branches": [{ "id": 1, "at": { "events": 50_000, "time_us": 900_000_000 }, "inputs": [
            { "at_us": 900_000_000, "do": "crash", "node": "n1" },
        ]}],
        "branch": 1,
    });
    let scenario = scenario("raft", &parts);
    let mut session = Session::open(scenario.clone()).expect("it opens");
    assert!(session.pending());
    assert_eq!(session.scenario(), scenario);
    while session.work(100_000) {}
    assert_eq!(session.branches().len(), 2);
}

#[test]
fn a_branch_finds_a_number_whatever_numbers_there_are() {
    let parts = json!({
        "end": { "events": 10, "time_us": 1_000_000 },
        "branches": [{ "id": u32::MAX, "at": { "events": 5, "time_us": 0 }, "inputs": [] }],
    });
    let mut session = session("raft", &parts);
    apply(&mut session, Command::Start);
    apply(&mut session, Command::Act(Input::Heal));
    let ids: Vec<u32> = session.branches().iter().map(|row| row.id).collect();
    assert_eq!(ids, [0, u32::MAX, 1]);
}

#[test]
fn what_is_done_on_a_branch_is_not_done_before_it_however_early_it_is_written_for() {
    let parts = json!({
        "end": { "events": 60, "time_us": 1_000_000 },
        "branches": [{ "id": 1, "at": { "events": 40, "time_us": 0 }, "inputs": [
            { "at_us": 1, "do": "crash", "node": "n1" },
        ], "end": { "events": 60, "time_us": 2_000_000 } }],
        "branch": 1,
        "moment": { "events": 60, "time_us": 2_000_000 },
    });
    let mut session = session("raft", &parts);
    let all = session.events(0..session.end().events);
    let crash = all.iter().find(|row| row.mark.is_some_and(|mark| mark == MarkKind::Act));
    let crash = crash.expect("it was done").event;
    assert!(crash >= 40, "{crash}");
    for row in all.iter().filter(|row| row.moment.events > 5) {
        apply(&mut session, Command::Seek(row.moment));
        let up = session.scene().nodes[0].condition == Condition::Up;
        assert_eq!(up, row.event < crash, "{row:?}");
    }
}

#[test]
fn what_a_client_cannot_ask_is_refused_wherever_it_stands() {
    let odd = json!([{ "at_us": 1, "do": "request", "node": "n1", "request": { "word": 1.5 } }]);
    let branch = json!([{ "id": 1, "at": { "events": 0, "time_us": 0 }, "inputs": odd }]);
    for (parts, place) in [
        (json!({ "inputs": odd }), "inputs: number 1: request"),
        (json!({ "branches": branch }), "branch 1: number 1: request"),
        (json!({ "disks": { "n2": { "asking": -1 } } }), "disks.n2"),
    ] {
        let said = read("echo", &parts).expect_err("it is odd").to_string();
        assert!(said.starts_with(place), "{said}");
    }
}

#[test]
fn a_scenario_opens_at_its_time_and_is_recorded_to_its_end() {
    let parts = json!({ "open_us": 100_000, "end": { "events": 30, "time_us": 400_000 } });
    let session = session("raft", &parts);
    assert_eq!(session.moment().time, Time(100_000));
    assert!((30..40).contains(&session.end().events), "30 events, and the step they end in");
    let parts = json!({ "open_us": 700_000, "end": { "events": 30, "time_us": 400_000 } });
    assert_eq!(self::session("raft", &parts).moment().time, Time(700_000));
}

/// Five quiet seconds, and back to the second one.
fn in_quiet_time(inputs: &Value) -> Session {
    let mut session = session("echo", &json!({ "inputs": inputs }));
    play_until(&mut session, Time(5_000_000));
    apply(&mut session, Command::SeekTime(Time(1_000_000)));
    assert!(session.at_end());
    session
}

#[test]
fn an_act_in_quiet_time_leaves_nothing_recorded_after_it() {
    let mut session = in_quiet_time(&json!([]));
    apply(&mut session, Command::Act(Input::Request { node: N1, request: None }));
    assert_eq!(session.end().time, Time(1_000_000));
    apply(&mut session, Command::End);
    let mut before = session.moment();
    for _ in 0..4 {
        apply(&mut session, Command::StepForward);
        let moment = session.moment();
        assert!(moment.time >= before.time, "time runs back from {before:?} to {moment:?}");
        before = moment;
    }
}

#[test]
fn an_act_happens_when_it_is_done_whatever_silently_came_later() {
    let inputs = json!([
        { "at_us": 990_000, "do": "request", "node": "n1" },
        { "at_us": 995_000, "do": "pause", "node": "n2" },
        { "at_us": 996_000, "do": "pause", "node": "n1" },
    ]);
    let mut session = in_quiet_time(&inputs);
    apply(&mut session, Command::Act(Input::Heal));
    let row = session.events(0..session.event_count()).pop().expect("it happened");
    assert_eq!(row.time, Time(1_000_000));
    assert_eq!(session.moment().time, Time(1_000_000));
}

#[test]
fn a_command_that_fails_leaves_everything_as_it_was() {
    let mut session = session("raft", &json!({}));
    play_until(&mut session, Time(1_000_000));
    apply(&mut session, Command::SeekTime(Time(500_000)));
    let before = (session.scenario(), session.scene());
    for command in [
        Command::Act(Input::Crash { node: NodeId(9) }),
        Command::Act(Input::Request { node: N1, request: Some(json!({ "word": 1 })) }),
        Command::Branch(77),
    ] {
        assert!(session.apply(command).is_err());
        assert_eq!((session.scenario(), session.scene()), before);
        assert!(!session.pending());
    }
}

#[test]
fn a_moment_between_nowhere_and_the_end_of_time_is_settled() {
    let mut session = session("raft", &json!({}));
    play_until(&mut session, Time(300_000));
    let end = session.end();
    apply(&mut session, Command::Seek(Moment { events: u32::MAX, time: Time(u64::MAX) }));
    assert_eq!(session.moment(), end);
    apply(&mut session, Command::SeekTime(Time(u64::MAX)));
    assert_eq!(session.moment(), end);
}
