//! Play, steps, speed, clock and timeline.

use crate::act::Act;
use crate::icons::{Icon, icon};
use crate::lab::{Command, Lab, Seen, Session, Tempo};
use crate::timeline::Timeline;
use crate::words::{self, Arg};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The tempos on offer, slowest first, with what is written for them.
pub(crate) const TEMPOS: [(Tempo, &str); 10] = [
    (Tempo::Fixed(0.001), "1/1000×"),
    (Tempo::Fixed(0.005), "1/200×"),
    (Tempo::Fixed(0.02), "1/50×"),
    (Tempo::Fixed(0.05), "1/20×"),
    (Tempo::Fixed(0.2), "1/5×"),
    (Tempo::Fixed(1.0), "1×"),
    (Tempo::Scaled(0.33), "page-tempo-slow"),
    (Tempo::Adaptive, "page-tempo-adaptive"),
    (Tempo::Scaled(2.0), "page-tempo-quick"),
    (Tempo::Scaled(4.0), "page-tempo-quicker"),
];

/// The next tempo on offer, faster (1) or slower (-1). Links and hosts may ask for any speed.
pub(crate) fn beside(now: Tempo, by: i32) -> Tempo {
    let speed = if let Tempo::Fixed(speed) = now { speed } else { 0.0 };
    let slower = |(tempo, _): &&(Tempo, &str)| matches!(tempo, Tempo::Fixed(it) if *it < speed);
    let place = match TEMPOS.iter().position(|(tempo, _)| *tempo == now) {
        Some(place) => place.saturating_add_signed(by as isize),
        None => TEMPOS.iter().filter(slower).count().saturating_sub(usize::from(by < 0)),
    };
    TEMPOS[place.min(TEMPOS.len() - 1)].0
}

/// What moves every frame: the page writes to these directly.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Dials {
    /// The clock.
    pub(crate) clock: NodeRef,
    /// How fast virtual time runs just now.
    pub(crate) speed: NodeRef,
    /// The head on the timeline.
    pub(crate) head: NodeRef,
    /// The part of the timeline before the head.
    pub(crate) past: NodeRef,
}

/// What the transport is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) playing: bool,
    pub(crate) editable: bool,
    pub(crate) dials: Dials,
    pub(crate) send: Callback<Act>,
}

/// The bar at the foot of the page.
#[component]
pub(crate) fn Transport(props: &Props) -> Html {
    let button = |sign, name, class, act| round(&props.send, sign, name, class, Some(act));
    let undo = props.lab.read(|session| [session.can_undo(), session.can_redo()]);
    let play = if props.playing { Icon::Pause } else { Icon::Play };
    let play_name = if props.playing { "page-pause" } else { "page-play" };
    html! {
        <footer class="transport" aria-label={words::plain("page-transport")}>
            <div class="steps" role="group" aria-label={words::plain("page-transport")}>
                { button(Icon::Start, "page-start", "roomy", Act::Do(Command::Start)) }
                { button(Icon::PreviousMark, "page-previous-mark", "wide",
                    Act::Do(Command::PreviousMark)) }
                { button(Icon::StepBack, "page-step-back", "", Act::Do(Command::StepBack)) }
                { button(play, play_name, "play", Act::PlayOrPause) }
                { button(Icon::StepOn, "page-step-on", "", Act::Do(Command::StepForward)) }
                { button(Icon::NextMark, "page-next-mark", "wide", Act::Do(Command::NextMark)) }
                { button(Icon::End, "page-end", "roomy", Act::Do(Command::End)) }
            </div>
            <div class="clock-area">
                <span class="clock" ref={props.dials.clock.clone()}></span>
                <label class="tempo">
                    <span class="visually-hidden">{ words::plain("page-tempo") }</span>
                    { tempo(props) }
                    <span class="speed" ref={props.dials.speed.clone()}></span>
                </label>
            </div>
            <Timeline lab={props.lab.clone()} seen={props.seen} dials={props.dials.clone()}
                send={props.send.clone()} />
            <div class="history" hidden={!props.editable}>
                { branches(props) }
                { undo_and_redo(&props.send, undo) }
            </div>
        </footer>
    }
}

/// A round button: a sign, and its name for who points at it or has it read out. Without an act
/// there is nothing to do just now.
pub(crate) fn round(
    send: &Callback<Act>,
    sign: Icon,
    name: &str,
    class: &'static str,
    act: Option<Act>,
) -> Html {
    let name = words::plain(name);
    let disabled = act.is_none();
    let send = send.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(act) = &act {
            send.emit(act.clone());
        }
    });
    html! {
        <button type="button" class={classes!("round", class)} title={name.clone()}
            aria-label={name} {disabled} {onclick}>{ icon(sign) }</button>
    }
}

/// The buttons for the last act, with whether there is one to take away and one to bring back.
pub(crate) fn undo_and_redo(send: &Callback<Act>, [undo, redo]: [bool; 2]) -> Html {
    let button = |open: bool, sign, name, command| {
        round(send, sign, name, "small", open.then_some(Act::Do(command)))
    };
    html! {
        <>
            { button(undo, Icon::Undo, "page-undo", Command::Undo) }
            { button(redo, Icon::Redo, "page-redo", Command::Redo) }
        </>
    }
}

fn tempo(props: &Props) -> Html {
    let now = props.lab.read(Session::tempo);
    let send = props.send.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(index) = chosen(&event)
            && let Some((tempo, _)) = TEMPOS.get(index)
        {
            send.emit(Act::Do(Command::Tempo(*tempo)));
        }
    });
    let options = TEMPOS.iter().enumerate().map(|(index, (tempo, name))| {
        let name = if name.ends_with('×') { (*name).to_owned() } else { words::plain(name) };
        html! { <option value={index.to_string()} selected={*tempo == now}>{ name }</option> }
    });
    // A speed that is not on offer is shown all the same.
    let other = TEMPOS.iter().all(|(tempo, _)| *tempo != now).then(|| {
        let Tempo::Fixed(speed) = now else { return html! {} };
        html! { <option value="" selected=true>{ words::speed(speed) }</option> }
    });
    html! { <select {onchange}>{ for options }{ for other }</select> }
}

/// The branch switcher: there only when there is something to switch.
fn branches(props: &Props) -> Html {
    let rows = props.lab.read(Session::branches);
    let send = props.send.clone();
    let ids: Vec<u32> = rows.iter().map(|row| row.id).collect();
    let onchange = Callback::from(move |event: Event| {
        if let Some(id) = chosen(&event).and_then(|index| ids.get(index)) {
            send.emit(Act::Do(Command::Branch(*id)));
        }
    });
    let count = rows.len() as u64;
    let options = rows.iter().enumerate().map(|(index, row)| {
        let args = [("number", Arg::from(index as u64 + 1)), ("count", Arg::from(count))];
        html! {
            <option value={index.to_string()} selected={row.current}>
                { words::say("page-branch", &args) }
            </option>
        }
    });
    html! {
        <select class="branches" hidden={rows.len() < 2} {onchange}
            aria-label={words::plain("page-branches")}>{ for options }</select>
    }
}

fn chosen(event: &Event) -> Option<usize> {
    let select: HtmlSelectElement = event.target()?.dyn_into().ok()?;
    select.value().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_any_speed_there_is_a_faster_and_a_slower_one() {
        assert_eq!(beside(Tempo::Fixed(0.02), 1), Tempo::Fixed(0.05));
        assert_eq!(beside(Tempo::Fixed(0.03), 1), Tempo::Fixed(0.05));
        assert_eq!(beside(Tempo::Fixed(0.03), -1), Tempo::Fixed(0.02));
        assert_eq!(beside(Tempo::Fixed(50.0), -1), Tempo::Fixed(1.0));
        assert_eq!(beside(Tempo::Fixed(0.000_1), -1), Tempo::Fixed(0.001));
        assert_eq!(beside(Tempo::Adaptive, 1), Tempo::Scaled(2.0));
        assert_eq!(beside(Tempo::Scaled(4.0), 1), Tempo::Scaled(4.0));
    }
}
