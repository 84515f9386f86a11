//! One branch of a session: a run, where it leaves its parent, and its marks.

use crate::play::Play;
use crate::rows::{MarkKind, TimelineMark};
use crate::say;
use crate::scene::Moment;
use faultline_kernel::Time;
use faultline_sim::Progress;

pub(crate) struct Track {
    pub(crate) id: u32,
    /// The branch it leaves; its own id for the trunk.
    pub(crate) parent: u32,
    /// Where it leaves its parent; the beginning for the trunk.
    pub(crate) leaves: Moment,
    /// How many of its inputs it shares with its parent.
    pub(crate) inherited: usize,
    pub(crate) play: Play,
    /// The newest recorded time; quiet time after the last event counts.
    pub(crate) end: Time,
    marks: Vec<(u32, TimelineMark)>,
    /// Those of properties that broke: each breaks once.
    broken: Vec<(u32, TimelineMark)>,
    /// How many events were looked through for marks.
    marked: u32,
}

impl Track {
    pub(crate) fn new(id: u32, parent: u32, leaves: Moment, inherited: usize, play: Play) -> Self {
        let mut track = Self {
            id,
            parent,
            leaves,
            inherited,
            play,
            end: leaves.time,
            marks: Vec::new(),
            broken: Vec::new(),
            marked: 0,
        };
        track.mark();
        track
    }

    /// A branch that leaves this one; up to there it has the same marks.
    pub(crate) fn left_by(&self, id: u32, leaves: Moment, inherited: usize, play: Play) -> Self {
        let shared = |marks: &[(u32, TimelineMark)]| {
            let count = marks.partition_point(|(event, _)| *event < leaves.events);
            marks[..count].to_vec()
        };
        let mut track = Self {
            id,
            parent: self.id,
            leaves,
            inherited,
            play,
            end: leaves.time,
            marks: shared(&self.marks),
            broken: shared(&self.broken),
            marked: leaves.events.min(self.marked),
        };
        track.mark();
        track
    }

    /// Plays on; keeps the marks and the end up to date.
    pub(crate) fn advance(&mut self, until: Time, steps: u32) -> Progress {
        let progress = self.play.run.advance(until, steps);
        self.end = match progress {
            Progress::Done => self.end.max(until),
            Progress::More | Progress::Full => self.end.max(self.play.head_time()),
        };
        self.mark();
        progress
    }

    /// Plays one step, if there is one up to `until`. Where nothing ever happens no time passes.
    pub(crate) fn step(&mut self, until: Time) {
        self.play.run.advance(until, 1);
        self.end = self.end.max(self.play.head_time());
        self.mark();
    }

    /// The newest recorded moment.
    pub(crate) fn end(&self) -> Moment {
        Moment { events: self.play.head_events(), time: self.end.max(self.play.head_time()) }
    }

    /// The moment after so many events, at the time of the last of them.
    pub(crate) fn after(&self, events: u32) -> Moment {
        let last = events.checked_sub(1).and_then(|last| self.play.run.log().get(last));
        Moment { events, time: last.map_or(Time::ZERO, |record| record.time) }
    }

    /// The nearest moment that really is one: between two steps, and no earlier than what has
    /// happened, no later than what comes next.
    pub(crate) fn settle(&self, moment: Moment) -> Moment {
        let log = self.play.run.log();
        let events = match moment.events.min(log.len()) {
            0 => 0,
            events => log.step_end(events - 1),
        };
        let earliest = self.after(events).time;
        let latest = log.get(events).map_or(self.end().time, |next| next.time);
        Moment { events, time: moment.time.clamp(earliest, latest.max(earliest)) }
    }

    /// Forgets marks after a rewind to `moment`.
    pub(crate) fn rewound(&mut self, moment: Moment) {
        self.end = moment.time;
        self.marked = self.marked.min(moment.events);
        self.marks.retain(|(event, _)| *event < moment.events);
        self.broken.retain(|(event, _)| *event < moment.events);
    }

    /// Every mark, with the event that made it.
    pub(crate) fn marks(&self) -> &[(u32, TimelineMark)] {
        &self.marks
    }

    /// The marks of properties that broke.
    pub(crate) fn broken(&self) -> &[(u32, TimelineMark)] {
        &self.broken
    }

    /// Looks through what is new for marks.
    pub(crate) fn mark(&mut self) {
        let log = self.play.run.log();
        let fresh = (self.marked..).zip(log.iter_from(self.marked));
        let marks = fresh.filter_map(|(event, record)| {
            let kind = say::mark(record)?;
            let moment = Moment { events: log.step_end(event), time: record.time };
            Some((event, TimelineMark { kind, moment }))
        });
        let before = self.marks.len();
        self.marks.extend(marks);
        let is_broken = |(_, mark): &&(u32, TimelineMark)| mark.kind == MarkKind::Broken;
        self.broken.extend(self.marks[before..].iter().filter(is_broken));
        self.marked = log.len();
    }
}
