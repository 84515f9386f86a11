//! Going about in what is recorded: from branch to branch, from step to step, from mark to mark.

use crate::rows::TimelineMark;
use crate::session::Session;
use crate::{Error, words};
use faultline_kernel::Time;

impl Session {
    /// Goes over to another branch: to the same time if it reaches that far, else to its end.
    pub(crate) fn go_to_branch(&mut self, id: u32) -> Result<(), Error> {
        let place = self.place_of(id);
        self.current = place.ok_or_else(|| Error::new(words::plain("lab-no-such-branch")))?;
        let time = self.cursor.time.min(self.end().time);
        self.go(self.at(time));
        Ok(())
    }

    pub(crate) fn step_forward(&mut self) {
        self.playing = false;
        if self.at_end() {
            let last = self.last();
            if self.is_full() {
                self.say_full();
            } else {
                self.track_mut().step(last);
            }
        }
        let next = self.cursor.events;
        if next < self.track().play.head_events() {
            let events = self.track().play.run.log().step_end(next);
            self.go(self.track().after(events));
        }
    }

    pub(crate) fn step_back(&mut self) {
        self.playing = false;
        let Some(last) = self.cursor.events.checked_sub(1) else {
            return;
        };
        let events = self.track().play.run.log().step_begin(last);
        self.go(self.track().after(events));
    }

    pub(crate) fn previous_mark(&mut self) {
        self.playing = false;
        let events = self.cursor.events;
        let before = |(_, mark): &&(u32, TimelineMark)| mark.moment.events < events;
        let mark = self.track().marks().iter().rfind(before).map(|(_, mark)| mark.moment);
        self.go(mark.unwrap_or_else(|| self.at(Time::ZERO)));
    }
}
