//! A session: one scenario, opened, and the time that passes in it.

use crate::catalogue;
use crate::command::{Command, Tempo};
use crate::history::Act;
use crate::opening::Goal;
use crate::play::middle;
use crate::room::Room;
use crate::say::Teller;
use crate::scenario::TIME_MOST;
use crate::scene::Moment;
use crate::tempo::{Pace, Sky, Surroundings};
use crate::track::Track;
use crate::{Error, Scenario, library, words};
use faultline_kernel::Time;
use faultline_sim::{FlightView, Flying, Progress};
use std::collections::VecDeque;

/// How many events one call of [`Session::tick`] plays at most: about four milliseconds.
pub(crate) const TICK_EVENTS: u32 = 4_000;

/// How many commands may wait until a moment is reached.
const WAITING_MOST: usize = 64;

/// How many events all branches of a session hold together, each counted where it happened first.
const EVENTS_MOST: u32 = 10_000_000;

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
    pub fn open(mut scenario: Scenario) -> Result<Self, Error> {
        scenario.check()?;
        if !library::is_as_on_shelf(&scenario) {
            scenario.scene.clear();
        }
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

    /// Does what is asked. What must replay much first is done in slices by [`Session::work`];
    /// what is asked meanwhile waits, and so does what is asked of a scenario of which not
    /// everything is done again that was done in it. If it cannot be done then, a notice says why.
    /// The way to a far moment ends where it is when something else is asked.
    ///
    /// # Errors
    /// Why it cannot be done; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<(), Error> {
        let waiting = self.goals.iter().filter(|goal| matches!(goal, Goal::Obey(_))).count();
        if waiting >= WAITING_MOST {
            return Err(Error::new(words::plain("lab-much-waits")));
        }
        if waiting > 0 || (command.steers() && self.redoing()) {
            self.goals.push_back(Goal::Obey(command));
            return Ok(());
        }
        let before = (self.goals.clone(), self.notice.take(), self.opening);
        if command.steers() {
            self.stay();
        }
        let outcome = self.obey(command);
        match outcome {
            Ok(()) => self.revision += 1,
            Err(_) => (self.goals, self.notice, self.opening) = before,
        }
        outcome
    }

    pub(crate) fn obey(&mut self, command: Command) -> Result<(), Error> {
        if !self.reach(&command, TICK_EVENTS) {
            self.goals.push_back(Goal::Obey(command));
            return Ok(());
        }
        match command {
            Command::Play => self.playing = !self.ended(),
            Command::Pause => self.playing = false,
            Command::StepForward => self.step_forward(),
            Command::StepBack => self.step_back(),
            Command::NextMark => self.next_mark(),
            Command::PreviousMark => self.previous_mark(),
            Command::Start => self.go_paused(self.at(Time::ZERO)),
            Command::End => self.go_paused(self.end()),
            Command::SeekTime(time) => self.go(self.at(time)),
            Command::RunTo(time) => self.run_to(time),
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

    /// What is to be said on screen: a limit reached, a check value that differs. It holds until
    /// something else is done.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
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
        self.track().play.run.head().members().len()
    }

    /// Bytes of memory, roughly, that all branches take.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.tracks.iter().map(|track| track.play.run.weight()).sum()
    }

    pub(crate) fn track(&self) -> &Track {
        &self.tracks[self.current]
    }

    pub(crate) fn track_mut(&mut self) -> &mut Track {
        &mut self.tracks[self.current]
    }

    pub(crate) fn teller(&self) -> Teller<'_> {
        Teller { about: self.room.about, play: &self.track().play }
    }

    /// The moment after all that is recorded of the current branch until then.
    pub(crate) fn at(&self, time: Time) -> Moment {
        Moment { events: self.track().play.run.log().count_until(time), time }
    }

    /// Goes to a moment of the current branch.
    pub(crate) fn go(&mut self, moment: Moment) {
        self.cursor = self.track().settle(moment);
        let events = self.cursor.events;
        self.goals.retain(|goal| !matches!(goal, Goal::Arrive));
        if !self.track_mut().play.run.seek(events, TICK_EVENTS) {
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
    #[must_use]
    pub fn ended(&self) -> bool {
        let over = self.cursor.time >= self.last();
        over || (self.at_end() && self.is_full())
    }

    /// Whether the current branch goes no further.
    pub(crate) fn is_full(&self) -> bool {
        self.track().play.run.is_full() || self.room_left() == 0
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
            let there = self.at(time);
            self.go(Moment { events: there.events.max(before.events), time });
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
        if play.run.view().flights().next().is_none() {
            return Sky::Clear;
        }
        let routine = |kind: u8| self.room.about.messages[usize::from(kind)].routine;
        let news = |message: &FlightView| message.flying != Flying::Held && !routine(message.kind);
        if play.messages().iter().any(news) { Sky::Busy } else { Sky::Routine }
    }

    fn surroundings(&self) -> Surroundings {
        let play = &self.track().play;
        let seconds = |us: u64| {
            #[expect(clippy::cast_precision_loss, reason = "for the eye")]
            let seconds = us as f64 / 1e6;
            seconds
        };
        let next = match play.run.log().get(self.cursor.events) {
            Some(record) => Some(record.time),
            None => play.run.next_due(),
        };
        Surroundings {
            latency: seconds(middle(play.network()).0.clamp(500, 10_000_000)),
            sky: self.sky(),
            next: next.map(|next| seconds(next.since(self.cursor.time).0)),
        }
    }
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

#[cfg(test)]
mod tests;
