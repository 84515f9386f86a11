//! A run: a recipe played into a log, with snapshots to come back to.

use crate::desk::Tape;
use crate::input::{Input, Positioned};
use crate::log::Log;
use crate::snapshots::Snapshots;
use crate::world::{Recipe, World};
use faultline_kernel::{Protocol, Time};
use std::rc::Rc;

/// A recipe, what has happened so far, and the world at two moments of it: the newest one, and the
/// one somebody looks at.
pub struct Run<P: Protocol> {
    inputs: Vec<Positioned<P::Request>>,
    log: Log,
    head: World<P>,
    snapshots: Snapshots<World<P>>,
    /// The world at the moment somebody looks at, if that is not the newest.
    view: Option<World<P>>,
    /// How many events that moment is after, when the view has arrived.
    target: u32,
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

impl<P: Protocol> Run<P> {
    /// How many events a run may have.
    pub const EVENTS_MOST: u32 = 10_000_000;

    /// A run in which nothing has happened yet. Inputs act in the order given.
    #[must_use]
    pub fn new(recipe: Recipe<P>, inputs: Vec<Positioned<P::Request>>) -> Self {
        let head = World::new(Rc::new(recipe));
        let weight = head.weight();
        Self {
            inputs,
            log: Log::default(),
            snapshots: Snapshots::new(head.clone(), weight),
            head,
            view: None,
            target: 0,
        }
    }

    /// What has happened.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The interventions, done and to come.
    #[must_use]
    pub fn inputs(&self) -> &[Positioned<P::Request>] {
        &self.inputs
    }

    /// How many of them are done at the newest moment.
    #[must_use]
    pub fn inputs_done(&self) -> usize {
        self.head.base.inputs_done
    }

    /// The world at the newest moment.
    #[must_use]
    pub fn head(&self) -> &World<P> {
        &self.head
    }

    /// The world at the moment somebody looks at.
    #[must_use]
    pub fn view(&self) -> &World<P> {
        self.view.as_ref().unwrap_or(&self.head)
    }

    /// When something may happen next after the newest moment: an entry or an input.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        let input = self.inputs.get(self.head.base.inputs_done).map(|input| input.at);
        match (self.head.next_due(), input) {
            (Some(entry), Some(input)) => Some(entry.min(input.max(self.head.now()))),
            (entry, input) => entry.or(input),
        }
    }

    /// Plays on until `until`, at most `steps` steps; the view goes along if it was at the end.
    pub fn advance(&mut self, until: Time, steps: u32) -> Progress {
        let follows = self.view.is_none() && self.target == self.head.events();
        let mut progress = Progress::More;
        for _ in 0..steps {
            if self.head.events() >= Self::EVENTS_MOST {
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

    /// Looks at the moment after `events` events, which must be between two steps. At most `steps`
    /// steps are played now; `false` if it takes more: call [`Run::work`].
    pub fn seek(&mut self, events: u32, steps: u32) -> bool {
        self.target = events.min(self.log.len());
        if self.target == self.head.events() {
            self.view = None;
            return true;
        }
        let at = self.view.as_ref().map(World::events);
        let snapshot = self.snapshots.before(self.target);
        let near = at.is_some_and(|at| at <= self.target && at >= snapshot.events);
        if !near {
            self.view = Some(snapshot.world.clone());
        }
        self.work(steps)
    }

    /// Goes on towards the moment asked for. `true` when it has arrived.
    pub fn work(&mut self, steps: u32) -> bool {
        let Some(view) = &mut self.view else {
            return true;
        };
        let mut tape = Tape { log: None };
        for _ in 0..steps {
            if view.events() >= self.target {
                break;
            }
            if !view.step(&self.inputs, Time(u64::MAX), &mut tape) {
                break;
            }
        }
        view.events() >= self.target
    }

    /// Whether the view is where it should be.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.view.as_ref().is_none_or(|view| view.events() >= self.target)
    }

    /// The world after `events` events, played in one go.
    #[must_use]
    pub fn world_at(&self, events: u32) -> World<P> {
        if events >= self.head.events() {
            return self.head.clone();
        }
        self.replayed(events)
    }

    /// The same, just after the last of these events: the newest world may have seen time pass.
    fn replayed(&self, events: u32) -> World<P> {
        let mut world = self.snapshots.before(events).world.clone();
        let mut tape = Tape { log: None };
        while world.events() < events && world.step(&self.inputs, Time(u64::MAX), &mut tape) {}
        world
    }

    /// Forgets everything after `events` events, and from then on plays these inputs, of which
    /// those already done must be the same as before.
    pub fn rewind(&mut self, events: u32, inputs: Vec<Positioned<P::Request>>) {
        self.head = self.replayed(events);
        self.inputs = inputs;
        self.log.truncate(events);
        self.snapshots.truncate(events);
        self.view = None;
        self.target = events;
    }

    /// Another run that shares the first `events` events with this one, then goes its own way.
    #[must_use]
    pub fn branch(&self, events: u32, inputs: Vec<Positioned<P::Request>>) -> Self {
        let mut branch = Self {
            inputs: self.inputs.clone(),
            log: self.log.clone(),
            head: self.head.clone(),
            snapshots: self.snapshots.clone(),
            view: None,
            target: events,
        };
        branch.rewind(events, inputs);
        branch
    }

    /// Intervenes at the newest moment, at `time`; what was planned for later stays planned.
    pub fn act(&mut self, time: Time, input: Input<P::Request>) {
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
