//! How many stand where, over time: a line for each role, and where we are.

use crate::words;
use faultline_lab::crowd::{Crowd, Standing};
use std::fmt::Write as _;
use yew::prelude::*;

/// The plane in which lines are drawn; the style sheet stretches it.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 100.0;
/// More points than this are not seen.
const POINTS_MOST: u32 = 400;
/// So many slices at least are as wide as the plane, so that a curve is seen to grow.
const SLICES_LEAST: u32 = 24;

/// How many slices are as wide as the plane.
pub(super) fn horizon(crowd: &Crowd) -> u32 {
    let mut horizon = SLICES_LEAST;
    while horizon < crowd.end() {
        horizon += horizon / 3;
    }
    horizon
}

/// The picture.
pub(super) fn view(crowd: &Crowd) -> Html {
    let horizon = horizon(crowd);
    let here = place(crowd.slice(), horizon).to_string();
    let lines = crowd.standings().into_iter().enumerate().map(|(number, standing)| {
        html! {
            <path class={classes!("line", super::view::look(number, &standing))}
                d={line(crowd, number, horizon)} hidden={is_absent(crowd, &standing, number)} />
        }
    });
    let deeds = crowd.deed_slices().take_while(|slice| *slice <= horizon).map(|slice| {
        let at = place(slice, horizon).to_string();
        html! { <line class="deed" x1={at.clone()} x2={at} y1="0" y2="100" /> }
    });
    html! {
        <svg class="curve" viewBox="0 -2 1000 104" preserveAspectRatio="none" role="img"
            aria-label={words::plain("crowd-curve")} focusable="false">
            <path class="grid" d="M0 0H1000M0 50H1000M0 100H1000" />
            { for deeds }
            { for lines }
            <line class="here" x1={here.clone()} x2={here} y1="-2" y2="102" />
        </svg>
    }
}

/// Whether a line would lie at nothing all the time.
fn is_absent(crowd: &Crowd, standing: &Standing, number: usize) -> bool {
    standing.count == 0 && crowd.curve(number).all(|count| count == 0)
}

fn place(slice: u32, horizon: u32) -> f64 {
    f64::from(slice) / f64::from(horizon.max(1)) * WIDTH
}

fn line(crowd: &Crowd, number: usize, horizon: u32) -> String {
    let stride = crowd.end() / POINTS_MOST + 1;
    let nodes = f64::from(crowd.count().max(1));
    let mut path = String::new();
    let last = crowd.end();
    for (slice, count) in (0_u32..).zip(crowd.curve(number)) {
        if !slice.is_multiple_of(stride) && slice != last {
            continue;
        }
        let letter = if path.is_empty() { 'M' } else { 'L' };
        let height = HEIGHT - f64::from(count) / nodes * HEIGHT;
        // A string takes everything.
        let _ = write!(path, "{letter}{:.1} {height:.2}", place(slice, horizon));
    }
    path
}
