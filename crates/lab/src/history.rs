//! Interventions: acting, taking back, doing again.

use crate::bounds::check_input;
use crate::opening::check_value;
use crate::scenario::{BRANCHES_MOST, Branch, INPUTS_MOST};
use crate::scene::Moment;
use crate::session::Session;
use crate::track::Track;
use crate::{Command, Error, Input, Scenario, words};
use faultline_sim::{Positioned, Progress};
use serde_json::Value;
use std::collections::BTreeMap;

/// One intervention that can be taken back.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    /// The branch on which it was done.
    branch: u32,
    /// The branch it came from, if it opened a new one.
    opened_from: Option<u32>,
    /// Where it was done.
    moment: Moment,
    /// Its place among the inputs of the branch.
    place: usize,
    /// Whether it was done together with the one before, and goes with it.
    joined: bool,
    input: Input,
}

impl Session {
    /// Replays what a command needs that changes what was, for about `budget` events. `true` when
    /// it can be done without replaying anything.
    pub(crate) fn reach(&mut self, command: &Command, budget: u32) -> bool {
        let (branch, moment) = match command {
            Command::Act(_) | Command::ActAll(_) => {
                let newest = self.at_end() && self.track().play.head_time() <= self.cursor.time;
                if newest {
                    return true;
                }
                (self.track().id, self.cursor)
            }
            Command::Undo => match self.last_deed().map(|first| &self.done[first]) {
                Some(act) if act.opened_from.is_none() => (act.branch, act.moment),
                _ => return true,
            },
            Command::Redo => match self.undone.last() {
                Some(act) => (act.opened_from.unwrap_or(act.branch), act.moment),
                None => return true,
            },
            _ => return true,
        };
        let Some(place) = self.place_of(branch) else {
            return true;
        };
        let recorded = *command != Command::Redo || self.record_again(place, moment, budget);
        recorded && self.tracks[place].play.run.reach(moment.events, budget)
    }

    /// Where the acts begin that were done together last.
    fn last_deed(&self) -> Option<usize> {
        self.done.iter().rposition(|act| !act.joined)
    }

    /// Intervenes at this moment. At the newest one that extends the branch; before it, it opens a
    /// new branch and loses nothing.
    /// Several inputs are one act: if one of them cannot be done, none is.
    pub(crate) fn act(&mut self, inputs: &[Input]) -> Result<(), Error> {
        let nodes = self.nodes();
        inputs.iter().try_for_each(|input| check_input(input, nodes))?;
        for (place, input) in inputs.iter().enumerate() {
            if let Err(error) = self.act_once(input, !self.at_end()) {
                if place > 0 {
                    let undone = self.undone.len();
                    self.undo()?;
                    self.undone.truncate(undone);
                }
                return Err(error);
            }
            if let Some(act) = self.done.last_mut() {
                act.joined = place > 0;
            }
        }
        self.undone.clear();
        Ok(())
    }

    /// Acts here and now, on this branch or on one that `opened` here.
    fn act_once(&mut self, input: &Input, opened: bool) -> Result<(), Error> {
        check_input(input, self.nodes())?;
        let moment = self.cursor;
        let from = self.track().id;
        if self.track().play.run.inputs_done() >= INPUTS_MOST {
            return Err(Error::new(words::plain("lab-too-many-acts")));
        }
        if self.room_left() == 0 {
            return Err(Error::new(words::plain("lab-run-is-full")));
        }
        if opened {
            self.leave(moment)?;
        } else if self.track().play.head_time() > moment.time {
            // Messages were held or waited for a paused node since: in this moment they had not.
            self.go_back_to(moment)?;
        }
        let place = self.track().play.run.inputs_done();
        let outcome = self.track_mut().play.act(moment.time, input);
        if let Err(error) = outcome {
            if opened {
                self.tracks.pop();
                self.current = self.place_of(from).unwrap_or(0);
            }
            return Err(error);
        }
        let track = self.track_mut();
        // Quiet time that was recorded after this moment need not be quiet any more.
        track.end = moment.time;
        track.mark();
        self.cursor = track.settle(Moment { events: track.end().events, ..moment });
        self.done.push(Act {
            branch: self.track().id,
            opened_from: opened.then_some(from),
            moment,
            place,
            joined: false,
            input: input.clone(),
        });
        Ok(())
    }

    /// Opens a new branch at `moment` of the current one. What was planned by hand for later is
    /// planned there too; what was done in the page after the moment is not.
    fn leave(&mut self, moment: Moment) -> Result<(), Error> {
        if self.tracks.len() > BRANCHES_MOST {
            return Err(Error::new(words::plain("lab-too-many-branches")));
        }
        let parent = self.track();
        let inherited = parent.play.inputs_done_at(moment.events);
        let mut number = 0;
        let mut inputs = parent.play.inputs();
        inputs.retain(|positioned| {
            number += 1;
            number <= inherited || positioned.after.is_none()
        });
        let play = parent.play.branch(moment.events, &inputs)?;
        let id = (1..).find(|id| self.place_of(*id).is_none()).expect("branches are few");
        let track = parent.left_by(id, moment, inherited, play);
        self.tracks.push(track);
        self.current = self.tracks.len() - 1;
        Ok(())
    }

    /// Takes the last act back, with all that was done in it, and the branch if it opened one.
    pub(crate) fn undo(&mut self) -> Result<(), Error> {
        let Some(first) = self.last_deed() else {
            return Ok(());
        };
        let Act { branch, opened_from, moment, .. } = self.done[first];
        let place = self.place_of(branch).expect("a branch stays while acts on it can be undone");
        if let Some(parent) = opened_from {
            self.tracks.remove(place);
            self.current = self.place_of(parent).unwrap_or(0);
        } else {
            self.current = place;
            let track = &mut self.tracks[place];
            let mut inputs = track.play.inputs();
            // From the last on: so the places of the others stay what they are.
            for act in self.done[first..].iter().rev() {
                if act.place < inputs.len() {
                    inputs.remove(act.place);
                }
            }
            track.play.rewind(moment.events, &inputs)?;
            track.rewound(moment);
        }
        self.go(moment);
        self.undone.extend(self.done.drain(first..).rev());
        Ok(())
    }

    /// Does again what was taken back last.
    pub(crate) fn redo(&mut self) -> Result<(), Error> {
        self.redo_once()?;
        while self.undone.last().is_some_and(|act| act.joined) {
            self.redo_once()?;
        }
        Ok(())
    }

    fn redo_once(&mut self) -> Result<(), Error> {
        let Some(act) = self.undone.pop() else {
            return Ok(());
        };
        let before = (self.track().id, self.cursor);
        let outcome = self.do_again(&act);
        if outcome.is_err() {
            self.undone.push(act);
            self.current = self.place_of(before.0).unwrap_or(self.current);
            self.go(before.1);
        }
        outcome
    }

    fn do_again(&mut self, act: &Act) -> Result<(), Error> {
        let branch = act.opened_from.unwrap_or(act.branch);
        self.current = self.place_of(branch).unwrap_or(self.current);
        self.record_again(self.current, act.moment, u32::MAX);
        let head = self.track().play.run.head();
        let beyond = (head.events(), head.now()) > (act.moment.events, act.moment.time);
        if beyond && act.opened_from.is_none() {
            self.go_back_to(act.moment)?;
        }
        self.go(act.moment);
        self.act_once(&act.input, act.opened_from.is_some())?;
        if let Some(again) = self.done.last_mut() {
            again.joined = act.joined;
        }
        Ok(())
    }

    /// Plays a branch as far as it once was, for about `budget` events: taking an act back forgets
    /// what came after. `true` when it is there.
    fn record_again(&mut self, place: usize, moment: Moment, budget: u32) -> bool {
        let track = &mut self.tracks[place];
        let far = track.play.head_events().saturating_add(budget);
        while track.play.head_events() < moment.events {
            if track.play.head_events() >= far {
                return false;
            }
            if track.advance(moment.time, 1) != Progress::More {
                break;
            }
        }
        track.end = track.end.max(moment.time);
        true
    }

    /// Forgets what the current branch played after `moment`, in which nobody acted.
    fn go_back_to(&mut self, moment: Moment) -> Result<(), Error> {
        let track = self.track_mut();
        let inputs = track.play.inputs();
        track.play.rewind(moment.events, &inputs)?;
        track.rewound(moment);
        Ok(())
    }

    /// The scenario with everything that was done: the whole tree, the current branch and moment.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        if self.opening {
            // Branches may still be missing: what was opened is what there is.
            return self.scenario.clone();
        }
        let own = |track: &Track| -> Vec<Positioned<Value>> {
            track.play.inputs().split_off(track.inherited)
        };
        let branch = |track: &Track| Branch {
            id: track.id,
            parent: track.parent,
            at: track.leaves,
            inputs: own(track),
            end: Some(track.end()),
        };
        let known = self.scenario.config.iter().filter(|(id, _)| self.room.has_knob(id));
        let mut config = BTreeMap::new();
        config.extend(known.map(|(id, value)| (id.clone(), *value)));
        Scenario {
            version: self.room.about.version,
            config,
            inputs: own(&self.tracks[0]),
            end: Some(self.tracks[0].end()),
            branches: self.tracks[1..].iter().map(branch).collect(),
            branch: self.track().id,
            moment: Some(self.cursor),
            check: Some(check_value(self.track().play.run.log().digest(self.cursor.events))),
            // What a lesson promises of its own run, it does not promise of this one.
            expect: Vec::new(),
            golden_us: None,
            scene: if self.done.is_empty() { self.scenario.scene.clone() } else { String::new() },
            ..self.scenario.clone()
        }
    }

    pub(crate) fn place_of(&self, id: u32) -> Option<usize> {
        self.tracks.iter().position(|track| track.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::Goal;
    use faultline_kernel::{NodeId, Time};

    fn played(until: u64) -> Session {
        let scenario = Scenario::plain("raft", 7).expect("the room is there");
        let mut session = Session::open(scenario).expect("a plain scenario opens");
        play(&mut session, until);
        session
    }

    fn play(session: &mut Session, until: u64) {
        while session.work(100_000) {}
        session.apply(Command::End).expect("there is an end");
        while session.end().time < Time(until) {
            session.go_on_until(Time(until));
        }
    }

    /// Does it in slices of ten events, though nothing of what it needs is at hand; how many slices
    /// that took.
    fn slowly(session: &mut Session, command: Command) -> u32 {
        let head = session.track().play.head_events();
        session.track_mut().play.run.seek(head, 0);
        session.goals.push_back(Goal::Obey(command));
        let mut slices = 1;
        while session.work(10) {
            slices += 1;
        }
        slices
    }

    #[test]
    fn what_changes_the_past_is_done_in_slices_as_it_is_at_once() {
        let crash = |node| Input::Crash { node: NodeId(node) };
        let (mut quick, mut slow) = (played(700_000), played(700_000));
        let commands = [
            Command::SeekTime(Time(400_000)),
            Command::Act(crash(0)),
            Command::Undo,
            Command::Redo,
            Command::SeekTime(Time(350_000)),
            Command::ActAll(vec![crash(1), crash(2)]),
            Command::Undo,
            Command::Redo,
        ];
        for command in commands {
            quick.apply(command.clone()).expect("it can be done");
            let slices = slowly(&mut slow, command.clone());
            let past = matches!(command, Command::Act(_) | Command::ActAll(_) | Command::Redo);
            assert_eq!(past, slices > slow.moment().events / 20, "{command:?}: {slices} slices");
            assert_eq!(slow.scenario(), quick.scenario(), "{command:?}");
            assert_eq!(slow.scene(), quick.scene(), "{command:?}");
        }
    }

    #[test]
    fn taking_back_and_doing_again_is_done_in_slices_too() {
        let both = [Input::Crash { node: NodeId(1) }, Input::Crash { node: NodeId(2) }];
        let (mut quick, mut slow) = (played(400_000), played(400_000));
        for session in [&mut quick, &mut slow] {
            session.apply(Command::ActAll(both.to_vec())).expect("they run");
            play(session, 900_000);
        }
        let acted = quick.done[0].moment.events;
        for command in [Command::Undo, Command::Redo, Command::Undo] {
            quick.apply(command.clone()).expect("it can be done");
            let slices = slowly(&mut slow, command.clone());
            assert_eq!(slow.scenario(), quick.scenario(), "{command:?}");
            assert!(command != Command::Undo || slices > acted / 20, "{slices} slices");
            play(&mut quick, 900_000);
            play(&mut slow, 900_000);
        }
    }

    #[test]
    fn what_is_asked_meanwhile_waits() {
        let (mut quick, mut slow) = (played(700_000), played(700_000));
        for session in [&mut quick, &mut slow] {
            session.apply(Command::SeekTime(Time(400_000))).expect("a moment of it");
        }
        let crash = |node| Command::Act(Input::Crash { node: NodeId(node) });
        slow.goals.push_back(Goal::Obey(crash(0)));
        for command in [crash(0), crash(1), Command::StepForward, Command::Undo, crash(99)] {
            let done = quick.apply(command.clone());
            assert_eq!(done.is_err(), command == crash(99));
            if command != crash(0) {
                slow.apply(command).expect("it waits");
                assert!(slow.pending());
            }
        }
        while slow.work(10) {}
        assert_eq!(slow.scenario(), quick.scenario());
        assert!(slow.notice().is_some_and(|why| why.contains("n100")), "{:?}", slow.notice());
        for _ in 0..100 {
            slow.goals.push_back(Goal::Obey(Command::Pause));
        }
        assert!(slow.apply(Command::Pause).is_err(), "not without end");
    }

    #[test]
    fn what_is_asked_of_a_long_scenario_is_done_when_it_is_open() {
        let scenario = Scenario { open_us: Some(Time(20_000_000)), ..played(1).scenario };
        let mut session = Session::open(scenario).expect("a plain scenario opens");
        session.apply(Command::Play).expect("it plays from there on");
        assert!(session.pending() && session.playing());
        session.tick(100.0);
        assert!(session.pending() && session.moment().time < Time(20_000_000));
        while session.work(1_000) {}
        assert!(session.playing() && session.moment().time == Time(20_000_000));
    }
}
