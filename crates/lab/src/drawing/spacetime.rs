//! The space-time diagram (Lamport, "Time, clocks, and the ordering of events", 1978): a line for
//! each node, time to the right, messages as arrows.

use super::graph::arrow;
use super::node::{crown, standing};
use super::svg::{BAD, EDGE, GOOD, INK, LEAD, LINE, Paint, Point, SOFT, Svg, Type, WARN};
use super::{MARGIN, Subject, TOP, WIDTH, between};
use crate::Error;
use faultline_kernel::{NodeId, Span, Time};
use faultline_sim::{Condition, EventKind, Log, Mark, NO_EVENT, Record};
use std::collections::BTreeMap;

/// How many messages are drawn unless a beginning is asked for.
const MESSAGES: usize = 60;
/// How many may be drawn at all.
const MESSAGES_MOST: usize = 5_000;
/// Where the lines of time begin: left of that are the names of nodes.
const LEFT: f32 = 120.0;
/// The least time that is shown unless a beginning is asked for.
const STRETCH_MIN: Span = Span(20_000);

struct Diagram<'a> {
    subject: &'a Subject<'a>,
    log: &'a Log,
    from: Time,
    gap: f32,
}

pub(super) fn draw(subject: &Subject<'_>) -> Result<Svg, Error> {
    let nodes = u16::try_from(subject.scene.nodes.len()).unwrap_or(u16::MAX);
    let gap = if nodes <= 12 { 84.0 } else { 34.0 };
    let height = TOP + 40.0 + gap * f32::from(nodes) + 40.0;
    let mut svg = Svg::new(WIDTH, height);
    let log = subject.recording.log();
    let from = subject.from.unwrap_or_else(|| begin(subject));
    if from >= subject.scene.moment.time && subject.from.is_some_and(|from| from > Time::ZERO) {
        return Err(Error::new("the diagram ends before it begins"));
    }
    let diagram = Diagram { subject, log, from, gap };
    diagram.axis(&mut svg, height - 44.0);
    diagram.lives(&mut svg);
    diagram.messages(&mut svg)?;
    diagram.marks(&mut svg);
    Ok(svg)
}

/// When the last so many messages began to be sent; those without news do not count. It lies before
/// the moment, though all of them may be sent just then.
fn begin(subject: &Subject<'_>) -> Time {
    let recording = subject.recording;
    let log = recording.log();
    let news = |record: &&Record| {
        record.kind() == EventKind::Send
            && !recording.about.messages[usize::from(record.which())].routine
    };
    let all = (0..log.len()).rev().filter_map(|event| log.get(event));
    let first = all.filter(news).take(MESSAGES).last().map_or(Time::ZERO, |record| record.time);
    first.min(Time(subject.scene.moment.time.0.saturating_sub(STRETCH_MIN.0)))
}

impl Diagram<'_> {
    fn x(&self, time: Time) -> f32 {
        let whole = self.subject.scene.moment.time.since(self.from).0.max(1);
        #[expect(clippy::cast_precision_loss, reason = "a share for the eye")]
        let share = time.since(self.from).0 as f64 / whole as f64;
        LEFT + (WIDTH - LEFT - MARGIN - 20.0) * (share as f32).min(1.0)
    }

    fn y(&self, node: u32) -> f32 {
        let row = u16::try_from(node).unwrap_or(u16::MAX);
        TOP + 30.0 + self.gap * (f32::from(row) + 0.3)
    }

    /// Times in round numbers, about eight of them.
    fn axis(&self, svg: &mut Svg, y: f32) {
        let end = self.subject.scene.moment.time;
        let whole = end.since(self.from).0.max(1);
        let steps = (0..12).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
        let step = steps.into_iter().find(|step| whole / step <= 9).unwrap_or(whole);
        let mut time = Time(self.from.0.div_ceil(step) * step);
        while time <= end {
            let x = self.x(time);
            svg.line((x, TOP), (x, y), Paint::line("#e9edf8", 1.0));
            #[expect(clippy::cast_precision_loss, reason = "a time for the eye")]
            let millis = time.0 as f64 / 1e3;
            svg.text((x, y + 18.0), &format!("{millis} ms"), Type::new(12.0, SOFT));
            time = Time(time.0 + step);
        }
    }

    /// The line of each node: broken where it is down, dashed where it stands still.
    fn lives(&self, svg: &mut Svg) {
        for node in &self.subject.scene.nodes {
            let y = self.y(node.id.0);
            svg.text((MARGIN, y + 5.0), &node.id.to_string(), Type::new(15.0, INK).start().bold());
            let word = standing(node);
            svg.text((MARGIN + 26.0, y + 4.0), &word, Type::new(11.0, SOFT).start());
            let mut state = (self.from, Condition::Down);
            for (time, condition) in self.turns(node.id) {
                if time >= self.from {
                    self.stretch(svg, y, state, time);
                }
                state = (time.max(self.from), condition);
            }
            self.stretch(svg, y, state, self.subject.scene.moment.time);
        }
    }

    fn stretch(&self, svg: &mut Svg, y: f32, (from, condition): (Time, Condition), to: Time) {
        let paint = match condition {
            Condition::Down => return,
            Condition::Up => Paint::line(EDGE, 2.0),
            Condition::Paused => Paint::line(WARN, 2.0).dashed("3 5"),
        };
        svg.line((self.x(from), y), (self.x(to), y), paint);
    }

    /// When a node began to run, crashed, stood still.
    fn turns(&self, node: NodeId) -> Vec<(Time, Condition)> {
        let play = &self.subject.recording.play;
        let turn = |record: &Record| match record.kind() {
            EventKind::Boot => Some((record.time, Condition::Up)),
            EventKind::Input => match play.input(record.other)? {
                crate::Input::Crash { .. } => Some((record.time, Condition::Down)),
                crate::Input::Pause { .. } => Some((record.time, Condition::Paused)),
                crate::Input::Resume { .. } => Some((record.time, Condition::Up)),
                _ => None,
            },
            _ => None,
        };
        self.log.iter_from(0).filter(|record| record.at() == Some(node)).filter_map(turn).collect()
    }

    fn messages(&self, svg: &mut Svg) -> Result<(), Error> {
        let mut ends: BTreeMap<u32, &Record> = BTreeMap::new();
        for record in self.log.iter_from(0) {
            if matches!(record.kind(), EventKind::Deliver | EventKind::Lost)
                && record.cause != NO_EVENT
                && record.time >= self.from
            {
                ends.insert(record.cause, record);
            }
        }
        let sent = (0..).zip(self.log.iter_from(0)).filter(|(event, record)| {
            matches!(record.kind(), EventKind::Send | EventKind::Duplicate)
                && (record.time >= self.from || ends.contains_key(event))
        });
        let sent: Vec<(u32, &Record)> = sent.collect();
        if sent.len() > MESSAGES_MOST {
            let count = sent.len();
            return Err(Error::new(format!(
                "{count} messages are too many to draw; --from begins later"
            )));
        }
        // News over routine.
        let routine = |record: &Record| self.about(record).routine;
        for wanted in [true, false] {
            for (event, record) in sent.iter().filter(|(_, record)| routine(record) == wanted) {
                self.message(svg, record, ends.get(event).copied());
            }
        }
        Ok(())
    }

    fn about(&self, record: &Record) -> &'static faultline_kernel::MessageKind {
        &self.subject.recording.about.messages[usize::from(record.which())]
    }

    fn message(&self, svg: &mut Svg, sent: &Record, end: Option<&Record>) {
        let kind = self.about(sent);
        let start = (self.x(sent.time), self.y(sent.node));
        let colour = if kind.routine { "#b9c3de" } else { INK };
        let paint = Paint::line(colour, if kind.routine { 1.0 } else { 1.4 });
        let paint = match kind.form {
            faultline_kernel::Form::Request => paint,
            faultline_kernel::Form::Reply | faultline_kernel::Form::Refusal => paint.dashed("5 3"),
        };
        let target = self.y(sent.other);
        match end {
            Some(end) if end.kind() == EventKind::Deliver => {
                arrow(svg, start, (self.x(end.time), target), paint);
            }
            Some(lost) => {
                let way = f32::from(lost.way()) / 255.0;
                let stop = (self.x(lost.time), between(start, (0.0, target), way).1);
                svg.line(start, stop, paint);
                svg.cross(stop, 4.5, Paint::line(BAD, 2.2));
            }
            // Still on its way.
            None => svg.line(start, self.on_its_way(sent, start, target), paint),
        }
        if !kind.routine && self.gap > 40.0 {
            let place = self.letter(start, target);
            let mut letter = [0; 4];
            let letter = kind.letter.encode_utf8(&mut letter);
            svg.text(place, letter, Type::new(10.5, SOFT).bold());
        }
    }

    fn on_its_way(&self, sent: &Record, start: Point, target: f32) -> Point {
        let messages = self.subject.scene.messages.iter();
        let mut same = messages.filter(|message| {
            message.name.from.0 == sent.node
                && message.name.to.0 == sent.other
                && message.name.sent_us == sent.time
        });
        let share = same.next().map_or(0.5, |message| message.progress);
        (self.x(self.subject.scene.moment.time), between(start, (0.0, target), share).1)
    }

    /// Beside the beginning of an arrow.
    fn letter(&self, start: Point, target: f32) -> Point {
        let down = if target > start.1 { 1.0 } else { -1.0 };
        (start.0 + 7.0, start.1 + down * 13.0 + 3.5)
    }

    /// What stands out: who leads, what is settled, what was done from outside, what broke.
    fn marks(&self, svg: &mut Svg) {
        let play = &self.subject.recording.play;
        for record in self.log.iter_from(self.log.count_until(self.from)) {
            let Some(node) = record.at() else { continue };
            let place @ (x, y) = (self.x(record.time), self.y(node.0));
            match record.mark() {
                Mark::Leads => crown(svg, (x, y - 6.0), 0.6),
                Mark::Settles => svg.polygon(
                    &[(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)],
                    Paint::line("#ffffff", 1.0).filled(GOOD),
                ),
                Mark::Stirs => svg.circle(place, 4.5, Paint::line(WARN, 2.0).filled("#ffffff")),
                Mark::Broken => svg.circle(place, 10.0, Paint::line(BAD, 3.0)),
                Mark::Act if record.kind() == EventKind::Input => match play.input(record.other) {
                    Some(crate::Input::Crash { .. }) => {
                        svg.cross(place, 8.0, Paint::line(BAD, 3.5))
                    }
                    _ => svg.circle(place, 4.0, Paint::area(LEAD)),
                },
                Mark::Act => svg.circle(place, 3.5, Paint::line(LEAD, 1.5).filled("#ffffff")),
                Mark::None if record.kind() == EventKind::Boot && record.time > Time::ZERO => {
                    svg.line((x, y - 8.0), (x, y + 8.0), Paint::line(GOOD, 3.0));
                }
                Mark::None => {}
            }
        }
        let end = self.x(self.subject.scene.moment.time);
        let bottom = self.y(0) + self.gap * f32::from(self.subject.scene.nodes.len() as u16);
        svg.line((end, TOP), (end, bottom - 20.0), Paint::line(LINE, 1.5));
    }
}
