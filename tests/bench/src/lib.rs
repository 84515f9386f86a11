//! What is measured. The same code runs natively and, through wasm-bindgen, in Node and Chromium;
//! the caller looks at the clock, since this code has none.

pub mod crowd;
pub mod limit;
pub mod logs;

/// The class that scripts speak to: `messages.test.mjs` sends it whatever there is.
pub use faultline_wasm::Lab;

use faultline_kernel::{Draw, Purpose, Span, Time};
use faultline_lab::{Command, Recording, Scenario, Session, Tempo};
use faultline_sim::{EventKind, Load};
use wasm_bindgen::prelude::wasm_bindgen;

/// A Raft cluster to be run as fast as it goes: nothing recorded. What runs is the lab's own copy
/// of the room, compiled as it is for the page.
#[wasm_bindgen]
pub struct Race {
    recording: Recording,
}

/// Counts of what happened in a stretch of a run.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Messages delivered.
    pub deliveries: u32,
    /// Messages sent because a timer ran out.
    pub timer_sends: u32,
    /// Everything a log would hold.
    pub records: u32,
}

fn scenario(servers: u32, request_every_ms: u32) -> Scenario {
    let mut scenario = Scenario::plain("raft", 42).expect("the room is there");
    scenario.config.insert("servers".into(), u64::from(servers));
    scenario.load = (request_every_ms > 0).then(|| Load {
        every: Span::millis(u64::from(request_every_ms)),
        from: Time::ZERO,
        count: u32::MAX,
    });
    scenario
}

fn recording(servers: u32, request_every_ms: u32, judged: bool) -> Recording {
    let scenario = scenario(servers, request_every_ms);
    Recording::begin(&scenario, judged).expect("a sound scenario")
}

fn time(ms: u32) -> Time {
    Time(u64::from(ms) * 1_000)
}

#[wasm_bindgen]
impl Race {
    /// A cluster of so many servers, with a request every so many milliseconds (0: none).
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(servers: u32, request_every_ms: u32, judged: bool) -> Self {
        Self { recording: recording(servers, request_every_ms, judged) }
    }

    /// Plays on to this many virtual milliseconds.
    pub fn play(&mut self, until_ms: u32) {
        self.recording.race_until(time(until_ms));
    }
}

/// What happens in that many virtual milliseconds: the same run, recorded.
#[wasm_bindgen]
#[must_use]
pub fn count(servers: u32, request_every_ms: u32, until_ms: u32) -> Counts {
    let mut recording = recording(servers, request_every_ms, false);
    recording.play_until(time(until_ms));
    let log = recording.log();
    let mut counts = Counts { records: log.len(), ..Counts::default() };
    for record in log.iter_from(0) {
        match record.kind() {
            EventKind::Deliver => counts.deliveries += 1,
            EventKind::Send => {
                let by_timer = record.caused_by().and_then(|cause| log.get(cause));
                let by_timer = by_timer.is_some_and(|cause| cause.kind() == EventKind::Timer);
                counts.timer_sends += u32::from(by_timer);
            }
            _ => {}
        }
    }
    counts
}

/// A session as the page has it: recorded, judged, with snapshots.
#[wasm_bindgen]
pub struct Tape {
    session: Session,
    draw: Draw,
}

#[wasm_bindgen]
impl Tape {
    /// Records so many virtual milliseconds of a cluster with a request every so often.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(servers: u32, request_every_ms: u32, until_ms: u32) -> Self {
        let mut scenario = scenario(servers, request_every_ms);
        scenario.open_us = Some(time(until_ms));
        let mut session = Session::open(scenario).expect("a sound scenario");
        while session.work(100_000) {}
        Self { session, draw: Draw::keyed(1, Purpose::Choose, &[]) }
    }

    /// How many events are recorded.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.session.end().events
    }

    /// Bytes of memory that the history takes.
    #[must_use]
    pub fn bytes(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a figure to be printed")]
        let bytes = self.session.weight() as f64;
        bytes
    }

    /// Jumps to a random moment and makes its scene; how many messages fly there.
    pub fn jump(&mut self) -> u32 {
        let end = self.session.end().time.0;
        let time = Time(self.draw.below(end));
        self.session.apply(Command::SeekTime(time)).expect("a seek is always possible");
        while self.session.work(100_000) {}
        u32::try_from(self.session.scene().messages.len()).unwrap_or(u32::MAX)
    }

    /// One frame of playing at a fixed pace: time passes, the scene is made.
    pub fn frame(&mut self) -> u32 {
        if !self.session.playing() {
            let tempo = Command::Tempo(Tempo::Fixed(1.0));
            self.session.apply(tempo).expect("a tempo is always possible");
            self.session.apply(Command::Play).expect("as is playing");
        }
        self.session.tick(16.7);
        u32::try_from(self.session.scene().messages.len()).unwrap_or(u32::MAX)
    }
}
