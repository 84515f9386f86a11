//! A run: a recipe played into a log, with snapshots to come back to.

use crate::cast::Sealed;
use crate::desk::Tape;
use crate::input::{Input, Positioned};
use crate::log::Log;
use crate::snapshots::Snapshots;
use crate::world::World;
use faultline_kernel::Time;
use std::cell::RefCell;

/// A recipe, what has happened so far, and the world at two moments of it: the newest one, and the
/// one somebody looks at.
pub struct Run {
    inputs: Vec<Positioned<Sealed>>,
    log: Log,
    head: World,
    snapshots: Snapshots<World>,
    /// The world at the moment somebody looks at, if that is not the newest.
    view: Option<World>,
    /// How many events that moment is after, when the view has arrived.
    target: u32,
    /// The world at the last moment that was looked at in passing: the next is often just after it.
    passing: RefCell<Option<World>>,
}

/// How far something has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// As far as was asked.
    Done,
    /// The budget ended first: ask again.
    More,
    /// The run is as long as a run may be, or nothing ever happens again.
    Full,
}

impl Run {
    /// How many events a run may have.
    pub const EVENTS_MOST: u32 = 10_000_000;

    /// A run in which nothing has happened yet. Inputs act in the order given.
    #[must_use]
    pub fn new(head: World, inputs: Vec<Positioned<Sealed>>) -> Self {
        let weight = head.weight();
        Self {
            inputs,
            log: Log::default(),
            snapshots: Snapshots::new(head.clone(), weight),
            head,
            view: None,
            target: 0,
            passing: RefCell::new(None),
        }
    }

    /// From now on what clients ask and are told is kept for a judge: see [`Log::clients`].
    pub fn listen(&mut self) {
        self.log.listen();
    }

    /// What has happened.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The interventions, done and to come.
    #[must_use]
    pub fn inputs(&self) -> &[Positioned<Sealed>] {
        &self.inputs
    }

    /// How many of them are done at the newest moment.
    #[must_use]
    pub fn inputs_done(&self) -> usize {
        self.head.base.inputs_done
    }

    /// The world at the newest moment.
    #[must_use]
    pub fn head(&self) -> &World {
        &self.head
    }

    /// The world at the moment somebody looks at.
    #[must_use]
    pub fn view(&self) -> &World {
        self.view.as_ref().unwrap_or(&self.head)
    }

    /// When something may happen next after the newest moment: an entry or an input.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        let input = self.inputs.get(self.head.base.inputs_done);
        match (self.head.next_due(), input) {
            (Some(entry), Some(input)) if self.head.events() >= input.after.unwrap_or(0) => {
                Some(entry.min(input.at.max(self.head.now())))
            }
            (entry, input) => entry.or(input.map(|input| input.at)),
        }
    }

    /// Whether this run is as long as a run may be, or too much waits in it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.head.events() >= Self::EVENTS_MOST || self.head.is_crowded()
    }

    /// Plays on until `until`, for about `budget` events: as many whole steps as begin within it.
    /// The view goes along if it was at the end.
    pub fn advance(&mut self, until: Time, budget: u32) -> Progress {
        let follows = self.view.is_none() && self.target == self.head.events();
        let far = self.head.events().saturating_add(budget);
        let mut progress = Progress::More;
        while self.head.events() < far {
            if self.is_full() {
                progress = Progress::Full;
                break;
            }
            let mut tape = Tape { log: Some(&mut self.log) };
            if !self.head.step(&self.inputs, until, &mut tape) {
                progress = Progress::Done;
                break;
            }
            let events = self.head.events();
            if self.snapshots.wants(events) {
                self.snapshots.push(events, self.head.clone(), self.head.weight());
            }
        }
        if follows {
            self.target = self.head.events();
        }
        progress
    }

    /// Lets time pass up to `until`, as far as nothing happens in it.
    pub fn rest(&mut self, until: Time) {
        self.head.rest(&self.inputs, until);
    }

    /// Plays on without writing anything down; only for measuring.
    pub fn advance_unrecorded(&mut self, until: Time, steps: u32) -> u32 {
        let mut tape = Tape { log: None };
        (0..steps).find(|_| !self.head.step(&self.inputs, until, &mut tape)).unwrap_or(steps)
    }

    /// Looks at the moment after `events` events, which must be between two steps. About `budget`
    /// events are played now; `false` if it takes more: call [`Run::work`].
    pub fn seek(&mut self, events: u32, budget: u32) -> bool {
        self.target = events.min(self.log.len());
        if self.target == self.head.events() {
            self.view = None;
            return true;
        }
        let at = self.view.as_ref().map(World::events);
        let snapshot = self.snapshots.before(self.target);
        let near = at.is_some_and(|at| at <= self.target && at >= snapshot.events);
        if !near {
            self.view = Some(World::clone(&snapshot.world));
        }
        self.work(budget)
    }

    /// Goes on towards the moment asked for, for about `budget` events. `true` when it has arrived.
    pub fn work(&mut self, budget: u32) -> bool {
        let Some(view) = &mut self.view else {
            return true;
        };
        let mut tape = Tape { log: None };
        let far = view.events().saturating_add(budget).min(self.target);
        while view.events() < far && view.step(&self.inputs, Time(u64::MAX), &mut tape) {}
        view.events() >= self.target
    }

    /// Whether the view is where it should be.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.view.as_ref().is_none_or(|view| view.events() >= self.target)
    }

    /// Looks in passing at the world after `events` events; the view stays where it is. About
    /// `budget` events are played for it: `None` if it takes more, and the next call goes on there.
    pub fn look_at<R>(
        &self,
        events: u32,
        budget: u32,
        look: impl FnOnce(&World) -> R,
    ) -> Option<R> {
        if events >= self.head.events() {
            return Some(look(&self.head));
        }
        let there = self.reach(events, budget);
        there.then(|| look(self.passing.borrow().as_ref().expect("it was reached")))
    }

    /// Replays in passing towards the world just after `events` events, for about `budget` events.
    /// `true` when it is there: then [`Run::rewind`] and [`Run::branch`] have nothing to replay.
    pub fn reach(&self, events: u32, budget: u32) -> bool {
        let events = events.min(self.head.events());
        let first = self.snapshots.before(events);
        let near = |world: &World| (first.events..=events).contains(&world.events());
        let passing = self.passing.take().filter(near);
        let begin = passing.as_ref().map_or(first.events, World::events);
        let view = self.view.as_ref().filter(|view| near(view) && view.events() > begin);
        let mut world = match (view, passing) {
            (Some(view), _) => view.clone(),
            (None, Some(passing)) => passing,
            (None, None) => World::clone(&first.world),
        };
        let far = world.events().saturating_add(budget).min(events);
        self.play_on(&mut world, far);
        let there = world.events() >= events;
        self.passing.replace(Some(world));
        there
    }

    /// The world just after `events` events, before anything passed that is no event.
    fn replayed(&self, events: u32) -> World {
        self.reach(events, u32::MAX);
        self.passing.take().expect("it was reached")
    }

    /// Plays a world of this run again, up to `events` events.
    fn play_on(&self, world: &mut World, events: u32) {
        let mut tape = Tape { log: None };
        while world.events() < events && world.step(&self.inputs, Time(u64::MAX), &mut tape) {}
    }

    /// Forgets everything after `events` events, and from then on plays these inputs, of which
    /// those already done must be the same as before.
    pub fn rewind(&mut self, events: u32, inputs: Vec<Positioned<Sealed>>) {
        self.head = self.replayed(events.min(self.head.events()));
        self.inputs = inputs;
        self.log.truncate(events);
        self.snapshots.truncate(events);
        self.view = None;
        self.passing = RefCell::new(None);
        self.target = events;
    }

    /// Another run that shares the first `events` events with this one, then goes its own way.
    /// The first input that is not done by then must not act before: see [`Positioned::after`].
    #[must_use]
    pub fn branch(&self, events: u32, inputs: Vec<Positioned<Sealed>>) -> Self {
        let head = self.replayed(events.min(self.head.events()));
        let (mut log, mut snapshots) = (self.log.clone(), self.snapshots.clone());
        log.truncate(events);
        snapshots.truncate(events);
        let passing = RefCell::new(None);
        let mut branch = Self { inputs, log, head, snapshots, view: None, target: events, passing };
        branch.keep_before_act();
        branch
    }

    /// An act may be taken back: then a snapshot should be near. A snapshot shows the world just
    /// after an event, before any time has passed.
    fn keep_before_act(&mut self) {
        let events = self.head.events();
        let last = events.checked_sub(1).and_then(|last| self.log.get(last));
        let fresh = last.is_some_and(|record| record.time == self.head.now());
        if fresh && self.snapshots.are_far_from(events) {
            self.snapshots.push(events, self.head.clone(), self.head.weight());
        }
    }

    /// Intervenes at the newest moment, at `time`; what was planned for later stays planned.
    pub fn act(&mut self, time: Time, input: Input<Sealed>) {
        self.keep_before_act();
        let at = time.max(self.head.now());
        let after = Some(self.head.events());
        let place = self.head.base.inputs_done;
        self.inputs.insert(place, Positioned { at, after, input });
        self.advance(at, 1);
    }

    /// Bytes of memory, roughly: the log and the snapshots.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.log.weight() + self.snapshots.weight()
    }
}
