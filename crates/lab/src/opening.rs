//! What takes longer than a frame: opening a long scenario, arriving at a far moment, looking for
//! the next mark. It is done in slices, so that the page never stands still.

use crate::scene::Moment;
use crate::session::{Session, TICK_EVENTS};
use crate::{Command, Scenario, words};
use faultline_kernel::Time;
use faultline_sim::Progress;
use std::collections::VecDeque;

/// How much virtual time is searched for the next mark.
const SEARCH_MOST: u64 = 2_000_000;

/// Something on the way.
#[derive(Clone, Debug)]
pub(crate) enum Goal {
    /// Record a branch up to this moment.
    Record(u32, Moment),
    /// Let the branch of this place in the scenario leave its parent.
    Fork(usize),
    /// Show this moment of this branch, and what there is of it meanwhile; of a scenario that is
    /// being opened, compare the check value.
    Open(u32, Moment),
    /// Let the view reach the cursor.
    Arrive,
    /// Run on to the next mark, but not beyond this time.
    NextMark(Time),
    /// Do this, once what it needs is replayed.
    Obey(Command),
}

impl Goal {
    /// All that opening a scenario takes.
    pub(crate) fn open(scenario: &Scenario) -> VecDeque<Self> {
        let opens = scenario
            .moment
            .unwrap_or(Moment { events: u32::MAX, time: scenario.open_us.unwrap_or(Time::ZERO) });
        let mut goals = VecDeque::new();
        let record = |id: u32, end: Option<Moment>| {
            let mut far = end.unwrap_or_default();
            let reaches = match scenario.moment {
                Some(moment) => (far.events, far.time) >= (moment.events, moment.time),
                None => end.is_some_and(|end| end.time >= opens.time),
            };
            if id == scenario.branch && !reaches {
                far = opens;
            }
            // A branch can leave this one only where it has been.
            for branch in scenario.branches.iter().filter(|branch| branch.parent == id) {
                far.time = far.time.max(branch.at.time);
                far.events = far.events.max(branch.at.events);
            }
            Self::Record(id, far)
        };
        goals.push_back(record(0, scenario.end));
        for (place, branch) in scenario.branches.iter().enumerate() {
            goals.push_back(Self::Fork(place));
            goals.push_back(record(branch.id, branch.end));
        }
        goals.push_back(Self::Open(scenario.branch, opens));
        goals
    }
}

impl Session {
    /// Whether something is on its way: call [`Session::work`].
    #[must_use]
    pub fn pending(&self) -> bool {
        !self.goals.is_empty()
    }

    /// Goes on with what is on its way, for about so many events. `true` while there is more.
    pub fn work(&mut self, budget: u32) -> bool {
        // What is asked meanwhile is newer than the moment that the scenario opens at.
        let asked = self.goals.iter().any(|goal| matches!(goal, Goal::Obey(_)));
        if self.opening && asked && !self.redoing() {
            self.stay();
        }
        let mut left = budget;
        while left > 0 {
            let Some(goal) = self.goals.pop_front() else {
                break;
            };
            let (used, finished) = self.pursue(goal.clone(), left);
            left = left.saturating_sub(used.max(1));
            if finished {
                self.revision += 1;
            } else {
                self.goals.push_front(goal);
            }
        }
        let there = self.goals.iter().find_map(|goal| match goal {
            Goal::Open(id, moment) => Some((*id, *moment)),
            _ => None,
        });
        if let Some((id, moment)) = there {
            self.look(id, moment);
        }
        self.pending()
    }

    /// How many events it took, and whether it is done. What replays from a snapshot takes all of
    /// the budget, so that one call does it once.
    fn pursue(&mut self, goal: Goal, budget: u32) -> (u32, bool) {
        match goal {
            Goal::Record(id, far) => self.record(id, far, budget),
            Goal::Fork(place) => (budget, self.fork(place, budget)),
            Goal::Open(id, moment) => {
                self.look(id, moment);
                if std::mem::take(&mut self.opening) {
                    self.compare();
                }
                (budget, true)
            }
            Goal::Arrive => (budget, self.track_mut().play.run.work(budget)),
            Goal::NextMark(until) => self.look_for_mark(until, budget),
            Goal::Obey(command) => (budget, self.obey_at_last(command, budget)),
        }
    }

    /// `true` when it is done, or cannot be.
    fn obey_at_last(&mut self, command: Command, budget: u32) -> bool {
        if !self.reach(&command, budget) {
            return false;
        }
        if command.steers() {
            self.stay();
        }
        if let Err(error) = self.obey(command) {
            self.notice = Some(error.to_string());
        }
        true
    }

    /// Plays a branch on towards `far`, a step at a time: it must end exactly there.
    fn record(&mut self, id: u32, far: Moment, budget: u32) -> (u32, bool) {
        let last = self.last();
        let room = self.room_left();
        let Some(track) = self.tracks.iter_mut().find(|track| track.id == id) else {
            return (1, true);
        };
        let begin = track.play.head_events();
        loop {
            let used = track.play.head_events() - begin;
            if track.play.head_events() >= far.events {
                track.play.run.rest(far.time);
                track.end =
                    track.end.max(far.time.min(track.play.run.next_due().unwrap_or(far.time)));
                track.mark();
                return (used, true);
            }
            if used >= budget {
                return (used, false);
            }
            let until = far.time.min(last);
            let progress = if used < room { track.advance(until, 1) } else { Progress::Full };
            match progress {
                Progress::More => {}
                Progress::Done => return (used, true),
                Progress::Full => {
                    self.say_full();
                    return (used, true);
                }
            }
        }
    }

    /// Goes to a time. What is not recorded yet is recorded first, in slices.
    pub(crate) fn run_to(&mut self, time: Time) {
        let (id, far) = (self.track().id, Moment { events: u32::MAX, time });
        let beyond = self.end().time < time.min(self.last());
        if beyond && !self.record(id, far, TICK_EVENTS).1 {
            self.goals.push_back(Goal::Record(id, far));
            self.goals.push_back(Goal::Open(id, far));
        }
        self.look(id, far);
    }

    /// Whether acts of the scenario that is being opened are still to be done again: none of them
    /// may be lost. What was planned by hand stays planned, whatever comes before it.
    pub(crate) fn redoing(&self) -> bool {
        let redoes = |id: u32| {
            self.place_of(id).is_some_and(|place| {
                let run = &self.tracks[place].play.run;
                run.inputs()[run.inputs_done()..].iter().any(|input| input.after.is_some())
            })
        };
        self.opening
            && self.goals.iter().any(|goal| match goal {
                Goal::Fork(_) => true,
                Goal::Record(id, _) => redoes(*id),
                _ => false,
            })
    }

    /// Ends a search and the way to another moment; a view that is on its way arrives all the
    /// same, and what waits is done.
    pub(crate) fn stay(&mut self) {
        self.goals.retain(|goal| matches!(goal, Goal::Arrive | Goal::Obey(_)));
        self.opening = false;
    }

    /// `true` when it has left, or cannot.
    fn fork(&mut self, place: usize, budget: u32) -> bool {
        let Some(branch) = self.scenario.branches.get(place) else {
            return true;
        };
        let Some(parent) = self.tracks.iter().find(|track| track.id == branch.parent) else {
            return true;
        };
        let leaves = parent.settle(branch.at);
        if !parent.play.run.reach(leaves.events, budget) {
            return false;
        }
        let inherited = parent.play.inputs_done_at(leaves.events);
        let mut inputs = parent.play.inputs();
        inputs.truncate(inherited);
        inputs.extend(branch.inputs.iter().cloned());
        // Written for a time before the branch, it would act in a replay of what they share.
        if let Some(first) = inputs.get_mut(inherited).filter(|first| first.at <= leaves.time) {
            first.after = first.after.max(Some(leaves.events));
        }
        match parent.play.branch(leaves.events, &inputs) {
            Ok(play) => {
                let track = parent.left_by(branch.id, leaves, inherited, play);
                self.tracks.push(track);
            }
            Err(error) => self.notice = Some(error.to_string()),
        }
        true
    }

    /// Shows this moment of this branch, or the nearest one that there is yet.
    fn look(&mut self, id: u32, moment: Moment) {
        self.current = self.place_of(id).unwrap_or(self.current);
        // A moment that is only a time comes after all that happened until then.
        self.go(if moment.events == u32::MAX { self.at(moment.time) } else { moment });
    }

    /// Says so if the run is not the one that was recorded, or, where none was, may be another.
    fn compare(&mut self) {
        if let Some(expected) = &self.scenario.check {
            let found = check_value(self.track().play.run.log().digest(self.cursor.events));
            if found != *expected {
                self.notice = Some(words::plain("lab-check-differs"));
            }
        } else if let Some(newer) = self.scenario.runs_by() {
            let versions = [("made", self.scenario.version.into()), ("runs", newer.into())];
            self.notice = Some(words::say("lab-older-version", &versions));
        }
    }

    pub(crate) fn next_mark(&mut self) {
        self.playing = false;
        let events = self.cursor.events;
        let marks = self.track().marks();
        let next = marks.iter().find(|(_, mark)| mark.moment.events > events);
        if let Some((_, mark)) = next {
            return self.go(mark.moment);
        }
        let end = self.end();
        self.go(end);
        let until = Time(self.cursor.time.0.saturating_add(SEARCH_MOST));
        let until = until.min(self.last());
        self.goals.push_back(Goal::NextMark(until));
    }

    fn look_for_mark(&mut self, until: Time, budget: u32) -> (u32, bool) {
        let room = self.room_left();
        let track = self.track_mut();
        let marks = track.marks().len();
        let begin = track.play.head_events();
        loop {
            let used = track.play.head_events() - begin;
            let found = track.marks().len() > marks;
            if found || used >= budget {
                self.cursor = track.after(track.play.head_events());
                return (used, found);
            }
            let progress = if used < room { track.advance(until, 1) } else { Progress::Full };
            if progress != Progress::More {
                self.cursor = track.end();
                if progress == Progress::Full {
                    self.say_full();
                } else {
                    let until = words::seconds(self.cursor.time).into();
                    self.notice = Some(words::say("lab-no-mark", &[("seconds", until)]));
                }
                return (used, true);
            }
        }
    }
}

/// A check value as scenarios write it.
pub(crate) fn check_value(digest: u64) -> String {
    format!("{digest:016x}")
}

#[cfg(test)]
mod tests;
