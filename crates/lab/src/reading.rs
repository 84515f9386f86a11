//! What a reader sees of a session: the stage, the timeline, sentences, lists, inspectors.

use crate::rows::{
    BranchRow, Broken, EventRow, MarkKind, MessagePanel, NodePanel, PropertyRow, TimelineMark,
};
use crate::scene::{MessageName, Scene};
use crate::session::Session;
use crate::track::Track;
use crate::{panel, picture, words};
use faultline_kernel::{NodeId, Value};
use faultline_sim::EventKind;
use std::ops::Range;

/// How many marks a timeline is given; of more, those of least weight are left out.
const MARKS_MOST: usize = 300;

/// How long the chain of causes is at most.
const WHY_MOST: usize = 40;

/// How far back the current sentence is looked for.
const SENTENCE_BACK: u32 = 400;

impl Session {
    /// The stage at this moment.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let witnesses: Vec<NodeId> =
            self.broken().into_iter().flat_map(|(_, broken)| broken.witnesses).collect();
        picture::scene(self.room.about, &self.track().play, self.cursor, &witnesses)
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

    /// What the lesson says at this moment. Of a run in which somebody did what was not planned it
    /// knows nothing.
    #[must_use]
    pub fn caption(&self) -> Option<&str> {
        let run = &self.track().play.run;
        let mut done = run.inputs().iter().take(run.view().inputs_done());
        if done.any(|input| input.after.is_some()) {
            return None;
        }
        let said = self.scenario.captions.iter().rfind(|said| said.at_us <= self.cursor.time);
        said.map(|caption| caption.text.as_str())
    }

    /// Whether the lesson says anything: room for it is kept from the beginning.
    #[must_use]
    pub fn has_captions(&self) -> bool {
        !self.scenario.captions.is_empty()
    }

    /// What just happened: while playing the last thing that stood out, else the last step.
    #[must_use]
    pub fn sentence(&self) -> Option<EventRow> {
        let log = self.track().play.run.log();
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
        known.then(|| panel::node(self.room.about, &self.track().play, self.cursor, node))
    }

    /// The inspector of a message that is on its way.
    #[must_use]
    pub fn message_panel(&self, name: &MessageName) -> Option<MessagePanel> {
        panel::message(self.room.about, &self.track().play, self.cursor, name)
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

    /// The properties that do not hold at this moment.
    fn broken(&self) -> Vec<(u8, Broken)> {
        let track = self.track();
        let log = track.play.run.log();
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
    use crate::scene::Moment;
    use faultline_kernel::Time;

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
