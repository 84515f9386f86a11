//! Dots above a candidate: one for each who may vote.

use super::{add, move_to, set, set_number};
use crate::geometry::Point;
use crate::lab::Tally;
use core::f32::consts::PI;
use web_sys::Element;

/// The distance between two dots along their arc, in pixels.
const STEP: f32 = 14.0;
/// What sets those apart that are not needed any more.
const GAP: f32 = 7.0;

/// Half a crown and a gap, in pixels.
const CROWN: f32 = 30.0;

/// Draws the votes anew into `group`, on an arc of this radius; yes first, then open, then no.
/// A crown takes the top: then they end beside it.
pub(crate) fn draw(group: &Element, tally: Option<&Tally>, radius: f32, crowned: bool) {
    group.set_text_content(None);
    let Some(tally) = tally else { return };
    let of = tally.of as usize;
    let step = STEP.min(radius * 2.6 / (of.max(1)) as f32);
    let length = step * of.saturating_sub(1) as f32 + GAP;
    let start = if crowned {
        -PI / 2.0 - (CROWN + length) / radius
    } else {
        -PI * 0.56 - length / radius / 2.0
    };
    let mut along = 0.0;
    for index in 0..of {
        if index == tally.enough as usize {
            along += GAP;
        }
        let place = Point::at_angle(start + along / radius) * radius;
        along += step;
        let kind = if index < tally.yes.len() {
            "yes"
        } else if index >= of.saturating_sub(tally.no.len()) {
            "no"
        } else {
            "asked"
        };
        let dot = add(group, "g", &["vote ", kind].concat());
        move_to(&dot, place);
        let disc = add(&dot, "circle", "");
        set_number(&disc, "r", (step * 0.36).min(5.0));
        if kind == "no" {
            set(&add(&dot, "path", ""), "d", "M-2.5-2.5l5 5m0-5l-5 5");
        }
    }
}
