//! Play, steps of one slice, speed, clock, and the slider.

use super::{Page, SPEEDS, curve};
use crate::act::Act;
use crate::icons::Icon;
use crate::lab::Command;
use crate::transport::{round, undo_and_redo};
use crate::words::{self, Arg};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

impl Page {
    /// The bar at the foot of the page.
    pub(super) fn view_transport(&self, editable: bool) -> Html {
        let button = |sign, name, class, act| round(&self.send, sign, name, class, Some(act));
        let (play, play_name) = match self.crowd.playing() {
            true => (Icon::Pause, "page-pause"),
            false => (Icon::Play, "page-play"),
        };
        let undo = [self.crowd.can_undo(), self.crowd.can_redo()];
        html! {
            <footer class="transport" aria-label={words::plain("page-transport")}>
                <div class="steps" role="group" aria-label={words::plain("page-transport")}>
                    { button(Icon::Start, "page-start", "roomy", Act::Do(Command::Start)) }
                    { button(Icon::StepBack, "crowd-step-back", "", Act::Do(Command::StepBack)) }
                    { button(play, play_name, "play", Act::PlayOrPause) }
                    { button(Icon::StepOn, "crowd-step-on", "", Act::Do(Command::StepForward)) }
                    { button(Icon::End, "page-end", "roomy", Act::Do(Command::End)) }
                </div>
                <div class="clock-area">
                    <span class="clock">{ self.crowd.clock() }</span>
                    <label class="tempo">
                        <span class="visually-hidden">{ words::plain("page-tempo") }</span>
                        { self.view_speeds() }
                    </label>
                </div>
                { self.view_slider() }
                <div class="history" hidden={!editable}>
                    { undo_and_redo(&self.send, undo) }
                </div>
            </footer>
        }
    }

    fn view_speeds(&self) -> Html {
        let tempos = SPEEDS.map(|speed| self.crowd.tempo(speed));
        let send = self.send.clone();
        let onchange = Callback::from(move |event: Event| {
            let select = event.target().and_then(|target| target.dyn_into().ok());
            let chosen = select.and_then(|it: HtmlSelectElement| it.value().parse::<usize>().ok());
            if let Some(tempo) = chosen.and_then(|chosen| tempos.get(chosen)) {
                send.emit(Act::Do(Command::Tempo(*tempo)));
            }
        });
        let now = self.crowd.speed();
        let options = SPEEDS.iter().enumerate().map(|(place, speed)| {
            let name = words::say("crowd-speed", &[("number", Arg::from(speed.to_string()))]);
            let selected = (speed / now - 1.0).abs() < 0.01;
            html! { <option value={place.to_string()} {selected}>{ name }</option> }
        });
        html! { <select {onchange}>{ for options }</select> }
    }

    /// A slider over all slices that are known; beyond them there is nothing to go to yet.
    fn view_slider(&self) -> Html {
        let send = self.send.clone();
        let (horizon, end) = (curve::horizon(&self.crowd), self.crowd.end());
        let times: Vec<_> = [0, 1].map(|slice| self.crowd.time_of(slice)).to_vec();
        let length = times[1].since(times[0]).0;
        let first = times[0];
        let oninput = Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into().ok());
            let slice = field.and_then(|it: web_sys::HtmlInputElement| it.value().parse().ok());
            if let Some(slice) = slice.map(|slice: u64| slice.min(end.into())) {
                let time = faultline_lab::Time(first.0 + slice * length);
                send.emit(Act::Do(Command::SeekTime(time)));
            }
        });
        // The keys of a slider are its own.
        let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
        html! {
            <div class="timeline">
                <input type="range" min="0" max={horizon.to_string()} step="1" {oninput} {onkeydown}
                    value={self.crowd.slice().to_string()} aria-valuetext={self.crowd.clock()}
                    aria-label={words::plain("page-timeline")} />
            </div>
        }
    }
}
