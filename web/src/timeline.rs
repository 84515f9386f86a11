//! The timeline: marks, the rails of branches, and a head that can be dragged.

use crate::act::Act;
use crate::lab::{Command, Lab, MarkKind, Seen, Session, Time};
use crate::rails::{Rail, rails};
use crate::transport::Dials;
use crate::words;
use web_sys::Element;
use yew::prelude::*;

/// The distance between two rails, in pixels, and where the first one lies.
const RAIL: u32 = 16;
const FIRST: u32 = 18;
/// Rails below this one share it.
const MOST_RAILS: usize = 3;
/// The outline of most marks.
const DISC: &str = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0";
/// What an arrow key moves, as a share of the timeline.
const ARROW: f64 = 0.02;

/// What the timeline is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) dials: Dials,
    pub(crate) send: Callback<Act>,
}

/// The time at the right end: the run does not fill it yet, so that the head is seen to move.
pub(crate) fn horizon(session: &Session) -> u64 {
    let newest = session.branches().iter().map(|row| row.end.time.0).max().unwrap_or(0);
    let wanted = newest.max(session.moment().time.0) as f64 * 1.04;
    let mut horizon = 500_000.0;
    while horizon < wanted {
        horizon *= 1.4;
    }
    horizon as u64
}

/// A moment as a share of the timeline, in percent.
pub(crate) fn percent(time: Time, horizon: u64) -> String {
    let hundredths = time.0.saturating_mul(10_000) / horizon.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The slider.
#[component]
pub(crate) fn Timeline(props: &Props) -> Html {
    let track = use_node_ref();
    let dragging = use_mut_ref(|| false);
    let (rows, horizon, now, end) = props.lab.read(|session| {
        (rails(&session.branches()), horizon(session), session.moment().time, session.end().time)
    });
    let seek = {
        let (track, send) = (track.clone(), props.send.clone());
        move |event: &PointerEvent| {
            let Some(track) = track.cast::<Element>() else { return };
            let bounds = track.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            let time = Time((share.clamp(0.0, 1.0) * horizon as f64) as u64);
            send.emit(Act::Do(Command::SeekTime(time)));
        }
    };
    let onpointerdown = {
        let (dragging, seek, track) = (dragging.clone(), seek.clone(), track.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            *dragging.borrow_mut() = true;
            if let Some(track) = track.cast::<Element>() {
                // Only fails for a pointer that is gone already.
                let _ = track.set_pointer_capture(event.pointer_id());
            }
            seek(&event);
        })
    };
    let onpointermove = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging.borrow() {
                seek(&event);
            }
        })
    };
    let stop = Callback::from(move |_: PointerEvent| *dragging.borrow_mut() = false);
    let onkeydown = keys(props, horizon);
    let milli = |time: Time| (time.0 / 1_000).to_string();
    html! {
        <div class="timeline" ref={track} role="slider" tabindex="0"
            aria-label={words::plain("page-timeline")} aria-valuemin="0"
            aria-valuemax={milli(end)} aria-valuenow={milli(now)}
            aria-valuetext={words::clock(now)} {onkeydown} {onpointerdown} {onpointermove}
            onpointerup={stop.clone()} onpointercancel={stop}>
            <svg aria-hidden="true" focusable="false">
                <line class="track" x1="0" x2="100%" y1={FIRST.to_string()}
                    y2={FIRST.to_string()} />
                { for rows.iter().enumerate().map(|(rail, row)| draw_rail(rail, row, horizon)) }
                <line class="past" ref={props.dials.past.clone()} x1="0" y1={FIRST.to_string()}
                    x2="0" y2={FIRST.to_string()} />
                { for rows.iter().enumerate().map(|(rail, row)| draw_marks(rail, row, horizon)) }
                <svg class="head" ref={props.dials.head.clone()} y="0" overflow="visible">
                    <rect x="-2.5" y="2" width="5" height="32" rx="2.5" />
                </svg>
            </svg>
        </div>
    }
}

/// Arrows move the head; Home and End go where they say.
fn keys(props: &Props, horizon: u64) -> Callback<KeyboardEvent> {
    let (send, lab) = (props.send.clone(), props.lab.clone());
    Callback::from(move |event: KeyboardEvent| {
        let now = lab.read(|session| session.moment().time.0) as f64;
        let step = horizon as f64 * ARROW;
        let command = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Command::SeekTime(Time((now + step) as u64)),
            "ArrowLeft" | "ArrowDown" => Command::SeekTime(Time((now - step).max(0.0) as u64)),
            "Home" => Command::Start,
            "End" => Command::End,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        send.emit(Act::Do(command));
    })
}

fn height(rail: usize) -> u32 {
    FIRST + RAIL * rail.min(MOST_RAILS - 1) as u32
}

fn draw_rail(index: usize, rail: &Rail, horizon: u64) -> Html {
    let y = height(index);
    let class = if index == 0 { "rail current" } else { "rail" };
    let line = html! {
        <line {class} x1={percent(rail.start, horizon)} x2={percent(rail.end, horizon)}
            y1={y.to_string()} y2={y.to_string()} />
    };
    let Some(from) = rail.from.map(height) else { return line };
    let bend = format!("M-12 {from}C-3 {from} -9 {y} 1 {y}");
    html! {
        <>
            <svg x={percent(rail.start, horizon)} overflow="visible"><path {class} d={bend} /></svg>
            { line }
        </>
    }
}

fn draw_marks(index: usize, rail: &Rail, horizon: u64) -> Html {
    let y = height(index);
    let marks = rail.marks.iter().map(|(kind, time)| {
        let at = percent(*time, horizon);
        let (class, shape) = match kind {
            MarkKind::Stirs => ("mark stirs", DISC),
            MarkKind::Settles => ("mark settles", DISC),
            MarkKind::Leads => ("mark leads", "M-7-4L-9-15L-4-9L0-17L4-9L9-15L7-4Z"),
            MarkKind::Act => ("mark acts", "M0-7L6 0L0 7L-6 0Z"),
            MarkKind::Broken => ("mark broken", "M-5-5L5 5M5-5L-5 5"),
        };
        html! {
            <svg x={at} y={y.to_string()} overflow="visible"><path {class} d={shape} /></svg>
        }
    });
    html! { <>{ for marks }</> }
}
