//! A session: one scenario, opened; everything a reader sees of it and does to it.

use crate::catalogue;
use crate::command::{Command, Tempo};
use crate::history::Act;
use crate::opening::Goal;
use crate::play::{MessageFacts, Room, middle};
use crate::rows::{
    BranchRow, Broken, EventRow, MarkKind, MessagePanel, NodePanel, PropertyRow, TimelineMark,
};
use crate::say::Teller;
use crate::scenario::TIME_MOST;
use crate::scene::{MessageName, Moment, Scene};
use crate::tempo::{Pace, Sky, Surroundings};
use crate::track::Track;
use crate::{Error, Scenario, panel, picture, words};
use faultline_kernel::{NodeId, Time, Value};
use faultline_sim::{EventKind, Flying, Progress};
use std::collections::VecDeque;
use std::ops::Range;

/// How many events one call of [`Session::tick`] plays at most: about four milliseconds.
const TICK_EVENTS: u32 = 4_000;

/// How many events all branches of a session hold together, each counted where it happened first.
const EVENTS_MOST: u32 = 10_000_000;

/// How many marks a timeline is given; of more, those of least weight are left out.
const MARKS_MOST: usize = 300;

/// How long the chain of causes is at most.
const WHY_MOST: usize = 40;

/// How far back the current sentence is looked for.
const SENTENCE_BACK: u32 = 400;

/// One scenario, opened.
pub struct Session {
    pub(crate) scenario: Scenario,
    pub(crate) room: &'static Room,
    pub(crate) tracks: Vec<Track>,
    /// The place of the current branch in `tracks`.
    pub(crate) current: usize,
    pub(crate) cursor: Moment,
    pub(crate) goals: VecDeque<Goal>,
    pub(crate) done: Vec<Act>,
    pub(crate) undone: Vec<Act>,
    pub(crate) revision: u64,
    pub(crate) playing: bool,
    pub(crate) opening: bool,
    pub(crate) notice: Option<String>,
    /// How many events all branches may hold together.
    room_for: u32,
    pace: Pace,
    /// Virtual time that has passed but does not yet make a microsecond.
    carry: f64,
}

impl Session {
    /// Opens a scenario at its moment, paused. A long one arrives in slices: see
    /// [`Session::work`].
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn open(scenario: Scenario) -> Result<Self, Error> {
        scenario.check()?;
        let room = catalogue::room(&scenario.protocol)?;
        let trunk = Track::new(0, 0, Moment::default(), 0, room.open(&scenario, true)?);
        let mut session = Self {
            goals: Goal::open(&scenario),
            scenario,
            room,
            tracks: vec![trunk],
            current: 0,
            cursor: Moment::default(),
            done: Vec::new(),
            undone: Vec::new(),
            revision: 0,
            playing: false,
            opening: true,
            notice: None,
            room_for: EVENTS_MOST,
            pace: Pace::default(),
            carry: 0.0,
        };
        session.work(TICK_EVENTS);
        Ok(session)
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// Why it cannot be done; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<(), Error> {
        if self.opening {
            return Err(Error::new(words::plain("lab-still-opening")));
        }
        // A newer command ends a search; a view that is on its way arrives all the same.
        let goals = self.goals.clone();
        self.goals.retain(|goal| matches!(goal, Goal::Arrive));
        let outcome = self.obey(command);
        match outcome {
            Ok(()) => self.revision += 1,
            Err(_) => self.goals = goals,
        }
        outcome
    }

    fn obey(&mut self, command: Command) -> Result<(), Error> {
        match command {
            Command::Play => self.playing = !self.ended(),
            Command::Pause => self.playing = false,
            Command::StepForward => self.step_forward(),
            Command::StepBack => self.step_back(),
            Command::NextMark => self.next_mark(),
            Command::PreviousMark => self.previous_mark(),
            Command::Start => self.go_paused(Moment::default()),
            Command::End => self.go_paused(self.end()),
            Command::SeekTime(time) => {
                let events = self.track().play.log().count_until(time);
                self.go(Moment { events, time });
            }
            Command::Seek(moment) => self.go_paused(moment),
            Command::Tempo(tempo) => self.pace.tempo = sane(tempo),
            Command::Act(input) => self.act(&[input])?,
            Command::ActAll(inputs) => self.act(&inputs)?,
            Command::Undo => self.undo()?,
            Command::Redo => self.redo()?,
            Command::Branch(id) => self.go_to_branch(id)?,
        }
        Ok(())
    }

    /// Lets `elapsed_ms` milliseconds of the reader's time pass, while playing. `true` if the
    /// moment moved.
    pub fn tick(&mut self, elapsed_ms: f64) -> bool {
        if !self.playing || self.pending() {
            return false;
        }
        let around = self.surroundings();
        // An odd number from outside is no time at all: it would stay in `carry` for ever.
        let elapsed_ms = if elapsed_ms.is_finite() { elapsed_ms } else { 0.0 };
        let elapsed = (elapsed_ms / 1_000.0).clamp(0.0, 0.25);
        self.carry += self.pace.advance(elapsed, around) * 1e6;
        let whole = self.carry.floor();
        self.carry -= whole;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded")]
        let time = Time(self.cursor.time.0 + whole.clamp(0.0, 1e12) as u64);
        self.go_on_until(time.min(self.last()));
        self.playing = self.playing && !self.ended();
        true
    }

    /// Whether time runs.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// The tempo asked for.
    #[must_use]
    pub fn tempo(&self) -> Tempo {
        self.pace.tempo
    }

    /// Virtual seconds per second just now.
    #[must_use]
    pub fn virtual_speed(&self) -> f64 {
        self.pace.speed()
    }

    /// The moment that is shown.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.cursor
    }

    /// The newest recorded moment of the current branch.
    #[must_use]
    pub fn end(&self) -> Moment {
        self.track().end()
    }

    /// Whether nothing newer is recorded.
    #[must_use]
    pub fn at_end(&self) -> bool {
        self.cursor.events == self.track().play.head_events()
    }

    /// Grows when anything but the time has changed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What is to be said on screen: a limit reached, a check value that differs.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// The stage at this moment.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let witnesses: Vec<NodeId> =
            self.broken().into_iter().flat_map(|(_, broken)| broken.witnesses).collect();
        picture::scene(self.room.about, &*self.track().play, self.cursor, &witnesses)
    }

    /// The branches, the trunk first.
    #[must_use]
    pub fn branches(&self) -> Vec<BranchRow> {
        let row = |(place, track): (usize, &Track)| {
            let own = track.marks().iter().filter(|(event, _)| *event >= track.leaves.events);
            BranchRow {
                id: track.id,
                leaves: (track.id != 0).then_some((track.parent, track.leaves.time)),
                end: track.end(),
                marks: thin(own.map(|(_, mark)| *mark).collect()),
                current: place == self.current,
            }
        };
        self.tracks.iter().enumerate().map(row).collect()
    }

    /// What the lesson says at this moment.
    #[must_use]
    pub fn caption(&self) -> Option<&str> {
        let said = self.scenario.captions.iter().rfind(|said| said.at_us <= self.cursor.time);
        said.map(|caption| caption.text.as_str())
    }

    /// What just happened: while playing the last thing that stood out, else the last step.
    #[must_use]
    pub fn sentence(&self) -> Option<EventRow> {
        let log = self.track().play.log();
        let last = self.cursor.events.checked_sub(1)?;
        let teller = self.teller();
        let step = log.step_begin(last);
        let note = (step..=last).filter(|event| {
            log.get(*event).is_some_and(|record| {
                matches!(record.kind(), EventKind::Note | EventKind::Broken | EventKind::Lost)
            })
        });
        let weight = |event: &u32| log.get(*event).map(faultline_sim::Record::mark);
        let of_step = note.max_by_key(weight).unwrap_or(step);
        if !self.playing {
            return teller.row(of_step);
        }
        let first = last.saturating_sub(SENTENCE_BACK);
        let stands_out =
            (first..=last).rev().find(|event| log.get(*event).is_some_and(say_while_playing));
        teller.row(stands_out.unwrap_or(of_step))
    }

    /// How many events have happened at this moment.
    #[must_use]
    pub fn event_count(&self) -> u32 {
        self.cursor.events
    }

    /// These events, as lines.
    #[must_use]
    pub fn events(&self, range: Range<u32>) -> Vec<EventRow> {
        let teller = self.teller();
        range.take(10_000).map_while(|event| teller.row(event)).collect()
    }

    /// The event, its cause, the cause of that, and so on.
    #[must_use]
    pub fn why(&self, event: u32) -> Vec<EventRow> {
        self.teller().why(event, WHY_MOST)
    }

    /// The inspector of a node.
    #[must_use]
    pub fn node_panel(&self, node: NodeId) -> Option<NodePanel> {
        let known = node.index() < self.nodes();
        known.then(|| panel::node(self.room.about, &*self.track().play, self.cursor, node))
    }

    /// The inspector of a message that is on its way.
    #[must_use]
    pub fn message_panel(&self, name: &MessageName) -> Option<MessagePanel> {
        panel::message(self.room.about, &*self.track().play, self.cursor, name)
    }

    /// The properties and their state at this moment.
    #[must_use]
    pub fn properties(&self) -> Vec<PropertyRow> {
        let room = self.room.about.id;
        let broken = self.broken();
        let row = |(which, kind): (u8, &faultline_kernel::PropertyKind)| PropertyRow {
            name: words::word(&[room, "property", kind.id]),
            says: words::word(&[room, "property", kind.id, "says"]),
            source: kind.source,
            broken: broken.iter().find(|(of, _)| *of == which).map(|(_, broken)| broken.clone()),
        };
        (0..).zip(self.room.about.properties).map(row).collect()
    }

    /// Whether an intervention can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether one can be done again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// The room's id.
    #[must_use]
    pub fn room(&self) -> &'static str {
        self.room.about.id
    }

    /// What the scenario is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.scenario.title
    }

    /// How many take part.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.track().play.members().len()
    }

    /// Bytes of memory, roughly, that all branches take.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.tracks.iter().map(|track| track.play.weight()).sum()
    }

    pub(crate) fn track(&self) -> &Track {
        &self.tracks[self.current]
    }

    pub(crate) fn track_mut(&mut self) -> &mut Track {
        &mut self.tracks[self.current]
    }

    pub(crate) fn teller(&self) -> Teller<'_> {
        Teller { about: self.room.about, play: &*self.track().play }
    }

    /// Goes to a moment of the current branch.
    pub(crate) fn go(&mut self, moment: Moment) {
        self.cursor = self.track().settle(moment);
        let events = self.cursor.events;
        self.goals.retain(|goal| !matches!(goal, Goal::Arrive));
        if !self.track_mut().play.seek(events, TICK_EVENTS) {
            self.goals.push_back(Goal::Arrive);
        }
    }

    fn go_paused(&mut self, moment: Moment) {
        self.playing = false;
        self.go(moment);
    }

    /// The run does not go on beyond this: its own end, or a virtual day.
    pub(crate) fn last(&self) -> Time {
        self.scenario.until_us.unwrap_or(TIME_MOST)
    }

    /// Whether the run has an end, and this is it.
    pub(crate) fn ended(&self) -> bool {
        let over = self.cursor.time >= self.last();
        over || (self.at_end() && self.is_full())
    }

    /// Whether the current branch goes no further.
    pub(crate) fn is_full(&self) -> bool {
        self.track().play.is_full() || self.room_left() == 0
    }

    /// How many events there is room for in all branches together.
    pub(crate) fn room_left(&self) -> u32 {
        let own = |track: &Track| track.play.head_events().saturating_sub(track.leaves.events);
        self.tracks.iter().fold(self.room_for, |room, track| room.saturating_sub(own(track)))
    }

    pub(crate) fn say_full(&mut self) {
        self.notice = Some(words::plain("lab-run-is-full"));
    }

    /// Lets time pass up to `time`, in what is recorded or beyond it.
    pub(crate) fn go_on_until(&mut self, time: Time) {
        let before = self.cursor;
        if !self.at_end() {
            let log = self.track().play.log();
            let events = log.count_until(time).max(before.events);
            self.go(Moment { events, time });
        } else {
            let budget = TICK_EVENTS.min(self.room_left());
            let progress = self.track_mut().advance(time, budget);
            let head = self.track().play.head_time();
            let reached = if progress == Progress::Done { time } else { head };
            self.cursor = Moment {
                events: self.track().play.head_events(),
                time: reached.max(self.cursor.time),
            };
            if self.is_full() {
                self.say_full();
            }
        }
        if self.cursor.events != before.events {
            self.revision += 1;
        }
    }

    /// What is under way at this moment; what is held does not move.
    fn sky(&self) -> Sky {
        let play = &self.track().play;
        if play.flying() == 0 {
            return Sky::Clear;
        }
        let routine = |kind: u8| self.room.about.messages[usize::from(kind)].routine;
        let news =
            |message: &MessageFacts| message.flying != Flying::Held && !routine(message.kind);
        if play.messages().iter().any(news) { Sky::Busy } else { Sky::Routine }
    }

    fn surroundings(&self) -> Surroundings {
        let play = &self.track().play;
        let seconds = |us: u64| {
            #[expect(clippy::cast_precision_loss, reason = "for the eye")]
            let seconds = us as f64 / 1e6;
            seconds
        };
        let next = match play.log().get(self.cursor.events) {
            Some(record) => Some(record.time),
            None => play.next_due(),
        };
        Surroundings {
            latency: seconds(middle(play.network()).0.clamp(500, 10_000_000)),
            sky: self.sky(),
            next: next.map(|next| seconds(next.since(self.cursor.time).0)),
        }
    }

    /// The properties that do not hold at this moment.
    fn broken(&self) -> Vec<(u8, Broken)> {
        let track = self.track();
        let log = track.play.log();
        let happened = track.broken().iter().filter(|(event, _)| *event < self.cursor.events);
        let broken = |(event, mark): &(u32, TimelineMark)| {
            let record = log.get(*event)?;
            let second = match log.note(record).map(|note| note.args[1]) {
                Some(Value::Node(node)) => Some(node),
                _ => None,
            };
            let broken = Broken {
                event: *event,
                moment: mark.moment,
                witnesses: record.at().into_iter().chain(second).collect(),
                text: self.teller().row(*event)?.text,
            };
            Some((record.which(), broken))
        };
        happened.filter_map(broken).collect()
    }
}

/// Whether an event is worth a sentence while time runs.
fn say_while_playing(record: &faultline_sim::Record) -> bool {
    record.mark() != faultline_sim::Mark::None
}

fn sane(tempo: Tempo) -> Tempo {
    let bound = |speed: f64| {
        if speed.is_finite() { speed.clamp(1e-6, 1e3) } else { 1.0 }
    };
    match tempo {
        Tempo::Adaptive => Tempo::Adaptive,
        Tempo::Scaled(factor) => Tempo::Scaled(bound(factor)),
        Tempo::Fixed(speed) => Tempo::Fixed(bound(speed)),
    }
}

/// Of too many marks, those that weigh least go.
fn thin(mut marks: Vec<TimelineMark>) -> Vec<TimelineMark> {
    let kinds =
        [MarkKind::Settles, MarkKind::Stirs, MarkKind::Act, MarkKind::Leads, MarkKind::Broken];
    for kind in kinds {
        let of_kind = marks.iter().filter(|mark| mark.kind == kind).count();
        let room = MARKS_MOST.saturating_sub(marks.len() - of_kind);
        if of_kind <= room {
            continue;
        }
        // Evenly spaced, so that the picture keeps its shape.
        let mut count = 0;
        marks.retain(|mark| {
            let before = count * room / of_kind;
            count += usize::from(mark.kind == kind);
            mark.kind != kind || count * room / of_kind > before
        });
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;

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
        session.cursor = session.track().after(session.track().play.log().step_end(50));
        let events = session.cursor.events;
        assert!(!session.track_mut().play.seek(events, 0), "it takes more than nothing");
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
    }

    #[test]
    fn a_timeline_is_given_no_more_marks_than_it_can_show() {
        let kinds = [MarkKind::Leads, MarkKind::Settles, MarkKind::Act, MarkKind::Stirs];
        let mark = |place: u32| TimelineMark {
            kind: kinds[place as usize % 4],
            moment: Moment { events: place, time: Time(0) },
        };
        for count in [10, MARKS_MOST, MARKS_MOST + 1, 1_000, 5_000] {
            let marks: Vec<_> = (0..).map(mark).take(count).collect();
            let thinned = thin(marks.clone());
            assert_eq!(thinned.len(), count.min(MARKS_MOST));
            assert!(thinned.is_sorted_by_key(|mark| mark.moment.events));
            let leads = |marks: &[TimelineMark]| {
                marks.iter().filter(|mark| mark.kind == MarkKind::Leads).count()
            };
            assert_eq!(leads(&thinned), leads(&marks).min(MARKS_MOST));
        }
    }
}
