//! A swarm in somebody's hands: it plays, stands still, goes back, and is acted upon.

use super::Headcount;
use super::going::Look;
use super::pictures::{Picture, Pictures, unpack};
use crate::bounds::check_input;
use crate::scenario::INPUTS_MOST;
use crate::{Command, Error, Input, Scenario, Tempo};
use faultline_kernel::Time;
use faultline_sim::Positioned;
use faultline_sim::swarm::{Slice, possible};
use serde_json::Value;

/// How many slices pass in a second, if nothing else is asked for.
const USUAL: f64 = 3.0;
/// The least and the most.
const SPEEDS: [f64; 2] = [0.1, 1_000.0];
/// A swarm, its picture, and the slice that is shown.
pub struct Crowd {
    pub(super) scenario: Scenario,
    pub(super) headcount: Headcount,
    pub(super) look: Look,
    /// The counts of every slice that was ever played since something was changed before it.
    pub(super) known: Vec<Slice>,
    pub(super) pictures: Pictures,
    pub(super) cursor: u32,
    pub(super) shown: Option<Picture>,
    /// Whether every slice of the run is known.
    pub(super) whole: bool,
    /// The slice to be shown next, while it is on its way.
    pub(super) goal: Option<u32>,
    pub(super) playing: bool,
    speed: f64,
    /// Slices that should have passed but have not.
    carry: f64,
    pub(super) revision: u64,
    done: Vec<Act>,
    undone: Vec<Act>,
}

/// Something the reader did, and the first slice that it changes.
struct Act {
    slice: u32,
    input: Positioned<Value>,
}

impl Crowd {
    /// Opens a swarm at its moment, paused. It arrives in slices: see [`Crowd::work`].
    ///
    /// # Errors
    /// What is wrong with the scenario, or that it is no swarm.
    pub fn open(mut scenario: Scenario) -> Result<Self, Error> {
        let headcount = Headcount::begin(&scenario)?;
        scenario.inputs.sort_by_key(|input| input.at);
        let opens = headcount.slice_at(scenario.open_us.unwrap_or(Time::ZERO));
        Ok(Self {
            pictures: Pictures::new(headcount.count()),
            scenario,
            headcount,
            look: Look::Unseen,
            known: Vec::new(),
            cursor: 0,
            shown: None,
            whole: false,
            goal: Some(opens),
            playing: false,
            speed: USUAL,
            carry: 0.0,
            revision: 0,
            done: Vec::new(),
            undone: Vec::new(),
        })
    }

    /// Does what is asked; what a swarm does not know is left alone.
    ///
    /// # Errors
    /// Why it cannot be done; nothing has changed then.
    pub fn apply(&mut self, command: Command) -> Result<(), Error> {
        let end = self.end();
        let here = self.goal.unwrap_or(self.cursor);
        match command {
            Command::Play => {
                self.playing = !self.ended();
                self.carry = 1.0;
            }
            Command::Pause => {
                self.playing = false;
                // It stands still where it is seen, however far it was to go.
                if self.shown.is_some() {
                    self.goal = None;
                }
            }
            Command::StepForward => self.go_paused(here.saturating_add(1)),
            Command::StepBack => self.go_paused(here.saturating_sub(1)),
            Command::NextMark => self.go_paused(self.next_deed(here).unwrap_or(end)),
            Command::PreviousMark => self.go_paused(self.last_deed(here).unwrap_or(0)),
            Command::Start => self.go_paused(0),
            Command::End => self.go_paused(end),
            Command::SeekTime(time) => self.go(self.headcount.slice_at(time).min(end)),
            Command::RunTo(time) => self.go(self.headcount.slice_at(time)),
            Command::Tempo(Tempo::Fixed(ratio)) if ratio.is_finite() => {
                self.speed = (ratio / self.slice_seconds()).clamp(SPEEDS[0], SPEEDS[1]);
            }
            Command::Tempo(_) => self.speed = USUAL,
            Command::Act(input) => self.act(input)?,
            Command::Undo => self.undo(),
            Command::Redo => self.redo()?,
            Command::ActAll(_) | Command::Seek(_) | Command::Branch(_) => {}
        }
        self.revision += 1;
        Ok(())
    }

    /// Lets `elapsed_ms` milliseconds of the reader's time pass, while playing.
    pub fn tick(&mut self, elapsed_ms: f64) {
        if !self.playing || self.pending() || !elapsed_ms.is_finite() {
            return;
        }
        self.carry += (elapsed_ms / 1_000.0).clamp(0.0, 0.25) * self.speed;
        let whole = self.carry.floor();
        if whole >= 1.0 {
            self.carry -= whole;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded")]
            let slices = whole.clamp(1.0, 1_000.0) as u32;
            // What is not known yet is shown slice by slice, as it comes.
            let known = self.end().max(self.cursor + 1);
            self.go(self.cursor.saturating_add(slices).min(known));
        }
    }

    /// Whether a slice is on its way: call [`Crowd::work`].
    #[must_use]
    pub fn pending(&self) -> bool {
        self.goal.is_some()
    }

    fn go(&mut self, slice: u32) {
        let last = self.headcount.slice_at(self.last());
        self.goal = Some(slice.min(if self.whole { self.end() } else { last }));
    }

    fn go_paused(&mut self, slice: u32) {
        self.playing = false;
        self.go(slice);
    }

    /// The run goes no further than this.
    fn last(&self) -> Time {
        self.scenario.until_us.unwrap_or(crate::scenario::TIME_MOST)
    }

    /// Plays it from the beginning: whatever is known already stays known.
    pub(super) fn begin_anew(&mut self) {
        // What was accepted once is accepted again.
        if let Ok(headcount) = Headcount::begin(&self.scenario) {
            self.headcount = headcount;
            self.look = Look::Unseen;
        }
    }

    fn act(&mut self, input: Input) -> Result<(), Error> {
        check_input(&input, self.headcount.count() as usize)?;
        let at = Time(self.time().0.saturating_add(1));
        let input = Positioned { at, after: None, input };
        possible(std::slice::from_ref(&input)).map_err(Error::new)?;
        if self.scenario.inputs.len() >= INPUTS_MOST || at > self.last() {
            return Err(Error::new(crate::words::plain("lab-run-is-full")));
        }
        self.headcount.room.seal(&input.input)?;
        self.undone.clear();
        self.insert(Act { slice: self.cursor + 1, input })
    }

    /// Has something happen: what was counted from then on is forgotten.
    fn insert(&mut self, act: Act) -> Result<(), Error> {
        let inputs = &mut self.scenario.inputs;
        let place = inputs.partition_point(|known| known.at <= act.input.at);
        inputs.insert(place, act.input.clone());
        self.forget_from(act.slice);
        if self.headcount.played() == act.slice && !self.headcount.is_amid() {
            self.headcount.act(act.input.at, &act.input.input)?;
        } else {
            self.begin_anew();
        }
        self.done.push(act);
        Ok(())
    }

    fn undo(&mut self) {
        let Some(act) = self.done.pop() else { return };
        let inputs = &mut self.scenario.inputs;
        if let Some(place) = inputs.iter().rposition(|known| *known == act.input) {
            inputs.remove(place);
        }
        self.forget_from(act.slice);
        self.begin_anew();
        self.undone.push(act);
    }

    fn redo(&mut self) -> Result<(), Error> {
        self.undone.pop().map_or(Ok(()), |act| self.insert(act))
    }

    fn forget_from(&mut self, slice: u32) {
        self.known.truncate(slice as usize);
        self.pictures.forget_from(slice);
        self.whole = false;
        if self.cursor >= slice {
            self.go_paused(slice - 1);
        }
    }

    /// The scenario with everything that was done to it.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        if let Some(changed) = self.changed_at() {
            scenario.scene.clear();
            scenario.captions.retain(|said| said.at_us < changed);
        }
        scenario
    }

    /// Since when the run is not the one that was planned, if it is not.
    pub(super) fn changed_at(&self) -> Option<Time> {
        self.done.iter().map(|act| act.input.at).min()
    }

    /// The same, opening at the moment that is shown.
    #[must_use]
    pub fn scenario_here(&self) -> Scenario {
        Scenario { open_us: Some(self.time()), ..self.scenario() }
    }

    /// Whether time runs.
    #[must_use]
    pub fn playing(&self) -> bool {
        self.playing
    }

    /// Slices a second, while playing.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// The tempo at which so many slices pass in a second.
    #[must_use]
    pub fn tempo(&self, slices: f64) -> Tempo {
        Tempo::Fixed(slices * self.slice_seconds())
    }

    fn slice_seconds(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a slice is at most a second")]
        let micros = self.headcount.length().0 as f64;
        micros / 1e6
    }

    /// The slice that is shown.
    #[must_use]
    pub fn slice(&self) -> u32 {
        self.cursor
    }

    /// The newest slice that is known.
    #[must_use]
    pub fn end(&self) -> u32 {
        u32::try_from(self.known.len().saturating_sub(1)).expect("slices are bounded")
    }

    /// The moment that is shown.
    #[must_use]
    pub fn time(&self) -> Time {
        self.headcount.time_of(self.cursor)
    }

    /// The moment of any slice.
    #[must_use]
    pub fn time_of(&self, slice: u32) -> Time {
        self.headcount.time_of(slice)
    }

    /// Whether the slice that is shown is the last one there ever is.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.shown.is_some() && self.whole && self.cursor == self.end()
    }

    /// Grows when anything has changed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
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

    /// How many take part.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.headcount.count()
    }

    /// The counts of all slices that are known.
    #[must_use]
    pub fn slices(&self) -> &[Slice] {
        &self.known
    }

    /// The role of each node in the slice that is shown, [`faultline_sim::swarm::DOWN`] for those
    /// that are down; nothing before the first slice is played.
    pub fn cells(&self) -> impl Iterator<Item = u8> {
        let picture = self.shown.as_deref().unwrap_or_default();
        unpack(picture, self.headcount.count() as usize)
    }

    /// Bytes of memory, roughly.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.headcount.swarm.bytes().all() + self.pictures.bytes()
    }
}
