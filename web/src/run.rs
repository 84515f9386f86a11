//! The frames: time runs, the picture follows, and panels now and then.

use crate::lab::{Command, Lab, Seen};
use crate::timeline;
use crate::transport::Dials;
use crate::words;
use core::sync::atomic::{AtomicBool, Ordering};
use web_sys::Element;

/// Panels follow at most this often while playing, in milliseconds.
const PANELS_MS: f64 = 120.0;
/// A frame counts for at most this long: after a pause of the tab nothing jumps.
const LONGEST_FRAME_MS: f64 = 100.0;
/// Without motion a step is shown this long, in milliseconds.
const STILL_STEP_MS: f64 = 900.0;

/// What one frame led to.
pub(crate) struct Outcome {
    /// Whether panels are to be drawn anew.
    pub(crate) panels: bool,
    /// Whether another frame is needed.
    pub(crate) again: bool,
}

/// What the frames remember of one another.
#[derive(Default)]
pub(crate) struct Frames {
    last: Option<f64>,
    panels_at: f64,
    stepped_at: f64,
    clock: String,
    speed: String,
}

impl Frames {
    /// Forgets when the last frame was: the next one is the first after a rest.
    pub(crate) fn rest(&mut self) {
        self.last = None;
    }

    /// Does everything that belongs to one frame.
    pub(crate) fn pass(
        &mut self,
        lab: &Lab,
        dials: &Dials,
        seen: Seen,
        still: bool,
        now: f64,
    ) -> Outcome {
        let elapsed = self.last.map_or(0.0, |last| (now - last).clamp(0.0, LONGEST_FRAME_MS));
        self.last = Some(now);
        // What is on its way arrives first: a step would end it.
        if still && lab.read(|session| session.playing() && !session.pending()) {
            self.step_slowly(lab, now);
        } else {
            lab.run(elapsed);
        }
        let moving = lab.draw(now);
        mark_first_message(lab);
        self.turn_dials(lab, dials);
        let changed = lab.seen(seen.epoch) != seen;
        let (playing, pending) = lab.read(|session| (session.playing(), session.pending()));
        let panels = changed && (!playing || now - self.panels_at >= PANELS_MS);
        if panels {
            self.panels_at = now;
        }
        Outcome { panels, again: playing || pending || moving || (changed && !panels) }
    }

    /// States one by one instead of motion.
    fn step_slowly(&mut self, lab: &Lab, now: f64) {
        if now - self.stepped_at < STILL_STEP_MS {
            return;
        }
        self.stepped_at = now;
        // At the end of a run that ends there is no next step, and playing stops.
        if lab.apply(Command::StepForward).is_ok() {
            let _ = lab.apply(Command::Play);
        }
    }

    fn turn_dials(&mut self, lab: &Lab, dials: &Dials) {
        let (time, horizon, speed) = lab.read(|session| {
            let speed = if session.playing() { session.virtual_speed() } else { 0.0 };
            (session.moment().time, timeline::horizon(session), speed)
        });
        if let Some(head) = dials.head.cast::<Element>() {
            crate::draw::set(&head, "x", &timeline::percent(time, horizon));
        }
        if let Some(past) = dials.past.cast::<Element>() {
            crate::draw::set(&past, "x2", &timeline::percent(time, horizon));
        }
        write(&dials.clock, &mut self.clock, words::clock(time));
        write(&dials.speed, &mut self.speed, words::speed(speed));
    }
}

/// Leaves a mark for whoever measures how soon something happens.
pub(crate) fn mark_first_message(lab: &Lab) {
    /// Whether it was left.
    static LEFT: AtomicBool = AtomicBool::new(false);
    let flies = !LEFT.load(Ordering::Relaxed)
        && lab.read(|session| session.playing() && !session.scene().messages.is_empty());
    if flies {
        LEFT.store(true, Ordering::Relaxed);
        if let Some(performance) = gloo::utils::window().performance() {
            // Without the mark nothing is lost but a measurement.
            let _ = performance.mark("faultline-first-message");
        }
    }
}

/// Writes a text where it is not written yet.
fn write(dial: &yew::NodeRef, written: &mut String, text: String) {
    if *written != text
        && let Some(element) = dial.cast::<Element>()
    {
        element.set_text_content(Some(&text));
        *written = text;
    }
}
