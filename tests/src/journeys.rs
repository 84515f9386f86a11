//! Random journeys through a run: whatever a reader does in whatever order, nothing panics, undo
//! takes everything back, redo does it again, and a link brings all of it to somebody else.

use crate::compare::assert_same;
use crate::effort::effort;
use crate::goldens::scenarios;
use faultline_kernel::{Draw, NodeId, Purpose, Time};
use faultline_lab::chaos::chaos;
use faultline_lab::{Command, Input, Moment, Scenario, Session, Tempo, link};

/// How many commands a journey has.
const LENGTH: u64 = 40;

/// How many journeys are made through each scenario; `FAULTLINE_JOURNEYS` asks for more.
fn journeys() -> u64 {
    effort("FAULTLINE_JOURNEYS", 40)
}

fn settle(session: &mut Session) {
    while session.work(100_000) {}
}

pub(crate) fn open(scenario: &Scenario) -> Session {
    let mut session = Session::open(scenario.clone()).expect("a sound scenario");
    settle(&mut session);
    session
}

/// Does what is asked; what is refused must leave everything as it was.
fn apply(session: &mut Session, command: Command) {
    let before = session.scenario();
    if session.apply(command).is_err() {
        assert_same(&session.scenario(), &before, "a command was refused");
    }
    settle(session);
}

/// Lets a little time pass.
fn play(session: &mut Session, ticks: u64) {
    apply(session, Command::Tempo(Tempo::Fixed(2.0)));
    apply(session, Command::Play);
    (0..ticks).for_each(|_| {
        session.tick(16.0);
    });
    apply(session, Command::Pause);
}

fn below(draw: &mut Draw, n: usize) -> usize {
    usize::try_from(draw.below(n as u64)).expect("it was a usize")
}

fn somewhere(session: &Session, draw: &mut Draw) -> Moment {
    let end = session.end();
    let events = u32::try_from(draw.below(u64::from(end.events) + 3)).expect("few events");
    Moment { events, time: Time(draw.below(end.time.0 + 3)) }
}

/// Something that a reader can do here: to a node, a message, a link or the network.
fn act(session: &Session, draw: &mut Draw) -> Input {
    let node = NodeId(u32::try_from(draw.below(session.nodes() as u64)).expect("few nodes"));
    let other = NodeId(u32::try_from(draw.below(session.nodes() as u64)).expect("few nodes"));
    let messages = session.scene().messages;
    let offered = if draw.chance(500_000) && !messages.is_empty() {
        let message = messages[below(draw, messages.len())].name;
        session.message_panel(&message).map(|panel| panel.actions)
    } else {
        session.node_panel(node).map(|panel| panel.actions)
    };
    let mut acts: Vec<Input> = offered.into_iter().flatten().map(|action| action.input).collect();
    acts.extend([
        Input::Cut { groups: vec![vec![node], vec![other]] },
        Input::Heal,
        Input::CutLink { from: node, to: other, both: draw.chance(500_000) },
        Input::HealLink { from: node, to: other, both: true },
        Input::Hold { on: draw.chance(500_000) },
        Input::Latency { min_us: 1, max_us: 1 + draw.below(100_000) },
        Input::Disk { min_us: 0, max_us: draw.below(30_000) },
        Input::Loss { ppm: 200_000 },
        Input::Duplication { ppm: 200_000 },
        Input::LoseDisk { node },
        Input::Restart { node },
        // Refused: nobody is called so, and nothing arrives before it was sent.
        Input::Crash { node: NodeId(99) },
        Input::Latency { min_us: 0, max_us: 5 },
    ]);
    acts.swap_remove(below(draw, acts.len()))
}

/// One thing that a reader may do.
fn wander(session: &mut Session, draw: &mut Draw) {
    let branches = session.branches();
    let branch = branches[below(draw, branches.len())].id;
    let command = match draw.below(16) {
        0 | 1 => return play(session, 1 + draw.below(6)),
        2 => Command::StepForward,
        3 => Command::StepBack,
        4 => Command::NextMark,
        5 => Command::PreviousMark,
        6 => Command::Start,
        7 => Command::End,
        8 => Command::SeekTime(somewhere(session, draw).time),
        9 => Command::Seek(somewhere(session, draw)),
        10 => Command::Branch(branch),
        11 => Command::Undo,
        12 => Command::Redo,
        _ => Command::Act(act(session, draw)),
    };
    apply(session, command);
}

/// What was done, apart from how far it was played since and where the reader stands.
fn deeds(session: &Session) -> Scenario {
    let mut scenario = session.scenario();
    for branch in &mut scenario.branches {
        branch.end = None;
    }
    Scenario { end: None, branch: 0, moment: None, check: None, ..scenario }
}

/// A session in which this many-th reader has been at work.
pub(crate) fn journey(scenario: &Scenario, number: u64) -> Session {
    let mut session = open(scenario);
    play(&mut session, 4);
    for step in 0..LENGTH {
        let mut draw = Draw::keyed(scenario.seed, Purpose::Chaos, &[number, step]);
        wander(&mut session, &mut draw);
    }
    session
}

/// Every scenario as it stands, and under chaos.
fn everywhere(mut visit: impl FnMut(&str, &Scenario, u64)) {
    for (id, scenario) in scenarios() {
        let wild = chaos(&scenario, 3, Time(2_000_000)).expect("the scenario is sound");
        for number in 0..journeys() {
            let scenario = if number % 4 == 0 { &wild } else { &scenario };
            visit(&format!("{id}, journey {number}"), scenario, number);
        }
    }
}

#[test]
fn whatever_is_done_can_be_undone_and_done_again() {
    everywhere(|id, scenario, number| {
        let before = deeds(&open(scenario));
        let mut session = journey(scenario, number);
        let done = deeds(&session);
        let mut count = 0;
        while session.can_undo() {
            apply(&mut session, Command::Undo);
            count += 1;
        }
        assert_same(&deeds(&session), &before, &format!("{id}: undone"));
        for _ in 0..count {
            apply(&mut session, Command::Redo);
        }
        assert_same(&deeds(&session), &done, &format!("{id}: done again"));
    });
}

#[test]
fn a_link_brings_every_journey_to_somebody_else() {
    everywhere(|id, scenario, number| {
        let session = journey(scenario, number);
        let canonical = session.scenario();
        let decoded = link::decode(&link::encode(&canonical)).expect("our own link");
        assert_same(&decoded, &canonical, id);
        let again = open(&decoded);
        // That somebody looked for a milestone in vain is all that is not sent.
        let said = session.notice().filter(|said| !said.starts_with("No milestone until "));
        assert_eq!(again.notice(), said, "{id}");
        assert_same(&again.scenario(), &canonical, &format!("{id}: opened again"));
        assert_eq!(again.scene(), session.scene(), "{id}");
    });
}
