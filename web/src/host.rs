//! The page that embeds this one: what it asks is done, and it hears what happens.
//!
//! Only the parent is heard. What it says is read by the same bounded reader as any message to the
//! lab, and nothing it can ask leads to another address, stores or fetches; a room that only the
//! whole program has makes the page start anew with that.

use crate::address;
use crate::lab::{Lab, Session};
use crate::start::say_strange_link;
use faultline_wasm::host;
use faultline_wasm::message::{Ask, Outgoing, Tell};
use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};
use yew::Callback;

/// A host hears of the moment at most this often, in milliseconds.
const TICK_MS: f64 = 250.0;

/// A host hears of at most so many events at a time; of more, the newest.
const EVENTS_MOST: u32 = 8;

/// The page around this one, if there is one, and what it was told last.
pub(crate) struct Host {
    parent: Window,
    told_at: f64,
    told_events: u32,
}

impl Host {
    /// The parent, if this page stands in a frame; it is told that somebody is there.
    pub(crate) fn find() -> Option<Self> {
        let window = gloo::utils::window();
        let parent = window.parent().ok().flatten()?;
        if js_sys::Object::is(&parent, &window) {
            return None;
        }
        let host = Self { parent, told_at: 0.0, told_events: 0 };
        host.tell(host::ready(), None);
        Some(host)
    }

    /// Hands on what the parent says to us, and nobody else.
    pub(crate) fn listen(&self, heard: Callback<JsValue>) -> EventListener {
        let parent = self.parent.clone();
        EventListener::new(&gloo::utils::window(), "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let from_parent =
                event.source().is_some_and(|source| js_sys::Object::is(&source, &parent));
            if from_parent && host::is_ours(&event.data()) {
                heard.emit(event.data());
            }
        })
    }

    /// Does what a message asks and answers it. If another scenario is open now, returns what is to
    /// be said of its link, if anything.
    pub(crate) fn obey(&mut self, lab: &Lab, message: &JsValue) -> Option<Option<String>> {
        match host::read(message) {
            Ok((id, ask)) => {
                if hands_over(&ask) {
                    // The frame starts anew and says `ready` again.
                    self.tell(Tell::Reply, id);
                    return None;
                }
                let opens = matches!(ask, Ask::Load { .. });
                let strange = match &ask {
                    Ask::Load { link: Some(link), scenario: None } => say_strange_link(link),
                    _ => None,
                };
                let answer = lab.change(|session| host::carry_out(session, ask));
                let opened = opens && answer == Tell::Reply;
                if opened {
                    // Nothing was told of this run yet.
                    self.told_events = 0;
                }
                self.tell(answer, id);
                opened.then_some(strange)
            }
            Err(refusal) => {
                self.post(&refusal);
                None
            }
        }
    }

    /// Tells how the run goes: what stood out, and where it is. `true` if it has to wait with that.
    pub(crate) fn follow(&mut self, lab: &Lab, now: f64) -> bool {
        let events = lab.read(Session::event_count);
        if events == self.told_events {
            return false;
        }
        if now - self.told_at < TICK_MS {
            return true;
        }
        self.told_at = now;
        // After a step back there is nothing new to tell but the moment.
        let first = self.told_events.min(events).max(events.saturating_sub(2_000));
        let rows = lab.read(|session| session.events(first..events));
        let told: Vec<Tell> = rows.iter().filter_map(host::event).collect();
        let skip = told.len().saturating_sub(EVENTS_MOST as usize);
        for tell in told.into_iter().skip(skip) {
            self.tell(tell, None);
        }
        self.told_events = events;
        self.tell(lab.read(host::tick), None);
        false
    }

    /// Does what a message asks in whatever way it is done, and answers it.
    #[cfg(feature = "whole")]
    pub(crate) fn answer(&mut self, message: &JsValue, carry_out: impl FnOnce(Ask) -> Tell) {
        match host::read(message) {
            Ok((id, ask)) => self.tell(carry_out(ask), id),
            Err(refusal) => self.post(&refusal),
        }
    }

    /// Tells of a moment, if it is another one, and not too often.
    #[cfg(feature = "whole")]
    pub(crate) fn tick(&mut self, now: f64, moment: u32, tell: impl FnOnce() -> Tell) {
        if now - self.told_at >= TICK_MS && self.told_events != moment {
            (self.told_at, self.told_events) = (now, moment);
            self.tell(tell(), None);
        }
    }

    fn tell(&self, tell: Tell, id: Option<f64>) {
        self.post(&Outgoing::new(tell, id));
    }

    fn post(&self, outgoing: &Outgoing) {
        // What is told holds no secret, and the origin of a sandboxed parent cannot be named.
        // A parent that is gone hears nothing; there is nobody to tell that to.
        let _ = self.parent.post_message(&host::write(outgoing), "*");
    }
}

/// Whether a message asks for a room that only the other program has, and that is on its way.
fn hands_over(ask: &Ask) -> bool {
    match ask {
        Ask::Load { scenario: Some(json), .. } => address::leave_file(json),
        Ask::Load { link: Some(link), .. } => address::leave(link.trim_start_matches('#')),
        _ => false,
    }
}
