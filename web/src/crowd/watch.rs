//! What goes on by itself: frames, the address bar, where to stop.

use super::{Msg, Page};
use crate::address;
use crate::lab::{Command, Time, link};
use gloo::events::EventListener;
use gloo::render::request_animation_frame;
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// The address bar follows at most this often, in milliseconds.
const ADDRESS_MS: u32 = 2_000;
/// A frame counts for at most this long: after a pause of the tab nothing jumps.
const LONGEST_FRAME_MS: f64 = 100.0;
/// So long a frame may simulate, in milliseconds; the rest of it is for drawing.
const WORK_MS: f64 = 6.0;
/// So many messages and timers are handled before the clock is looked at again.
const AT_ONCE: u64 = 20_000;

/// Tells when the window has another size, or the system another theme.
pub(super) fn looks(tell: &Callback<()>) -> Vec<EventListener> {
    let window = gloo::utils::window();
    let theme = window.match_media("(prefers-color-scheme: dark)").ok().flatten();
    let listen = |target: &web_sys::EventTarget, event: &'static str| {
        let tell = tell.clone();
        EventListener::new(target, event, move |_| tell.emit(()))
    };
    let mut listeners = vec![listen(&window, "resize")];
    listeners.extend(theme.map(|theme| listen(&theme, "change")));
    listeners
}

fn now() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

impl Page {
    pub(super) fn ask_for_frame(&mut self, ctx: &Context<Self>) {
        if self.frame.is_none() && self.in_sight {
            let frame = ctx.link().callback(Msg::Frame);
            self.frame = Some(request_animation_frame(move |now| frame.emit(now)));
        }
    }

    /// Time passes, and what is on its way goes on.
    pub(super) fn pass_frame(&mut self, ctx: &Context<Self>, at: f64) -> bool {
        self.frame = None;
        let elapsed = self.last.map_or(0.0, |last| (at - last).clamp(0.0, LONGEST_FRAME_MS));
        self.last = Some(at);
        self.crowd.tick(elapsed);
        let began = now();
        while self.crowd.work(AT_ONCE) && now() - began < WORK_MS {}
        self.stop_in_time(ctx);
        self.follow(at);
        let changed = self.crowd.revision() != self.seen;
        self.seen = self.crowd.revision();
        if changed || self.crowd.playing() || self.crowd.pending() {
            self.ask_for_frame(ctx);
        } else {
            self.last = None;
        }
        if changed {
            self.ask_for_address(ctx);
        }
        changed
    }

    /// Stops where the address says, or begins anew.
    fn stop_in_time(&mut self, ctx: &Context<Self>) {
        let look = &ctx.props().look;
        let until = look.until_ms.map(|millis| Time(millis.saturating_mul(1_000)));
        let reached = until.is_some_and(|until| self.crowd.time() >= until);
        if look.looped && (reached || self.crowd.ended()) {
            self.command(Command::Start);
            self.command(Command::Play);
        } else if reached && self.crowd.playing() {
            self.command(Command::Pause);
        }
    }

    pub(super) fn ask_for_address(&mut self, ctx: &Context<Self>) {
        if self.address.is_none() && !ctx.props().look.embed {
            let write = ctx.link().callback(|()| Msg::Address);
            self.address = Some(Timeout::new(ADDRESS_MS, move || write.emit(())));
        }
    }

    /// A scenario of the library that nobody touched keeps its readable name.
    pub(super) fn write_address(&self) {
        let scenario = self.crowd.scenario();
        let fragment = if scenario.scene.is_empty() {
            link::encode(&self.crowd.scenario_here())
        } else {
            link::readable_at(&scenario.protocol, &scenario.scene, self.crowd.time(), None)
        };
        address::follow(&fragment);
    }
}
