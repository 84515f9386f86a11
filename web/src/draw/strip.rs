//! The strip under a node: the last cells of its log.

use super::{add, hue, set, set_number};
use crate::lab::{Cell, CellState, SceneNode};
use web_sys::Element;

/// How many cells are drawn at most; those before are counted.
const SHOWN: usize = 8;
/// On small nodes.
const SHOWN_SMALL: usize = 5;
/// The height of a cell, in pixels.
const HEIGHT: f32 = 15.0;

/// Draws the strip anew into `group`, with its middle at the group's origin.
pub(crate) fn draw(group: &Element, node: &SceneNode, small: bool, in_full: bool) {
    group.set_text_content(None);
    let most = if small { SHOWN_SMALL } else { SHOWN };
    let hidden = node.strip.len().saturating_sub(most);
    let cells = &node.strip[hidden..];
    let before = node.strip_before + hidden as u64;
    let width = match (in_full, small) {
        (true, _) => 34.0,
        (false, true) => 12.0,
        (false, false) => 16.0,
    };
    let total = width * cells.len() as f32;
    if before > 0 {
        let count = add(group, "text", "before");
        set_number(&count, "x", -total / 2.0 - 4.0);
        set_number(&count, "y", 12.0);
        count.set_text_content(Some(&format!("+{before}")));
    }
    for (index, cell) in cells.iter().enumerate() {
        let left = -total / 2.0 + index as f32 * width;
        draw_cell(group, cell, left, width, !small || in_full, in_full);
    }
}

fn draw_cell(group: &Element, cell: &Cell, left: f32, width: f32, lettered: bool, in_full: bool) {
    let firm = if cell.state == CellState::Firm { "firm" } else { "open" };
    let one = add(group, "g", &["cell", firm, hue(cell.hue)].join(" "));
    let block = add(&one, "rect", "");
    set_number(&block, "x", left + 1.0);
    set_number(&block, "y", 0.5);
    set_number(&block, "width", width - 2.0);
    set_number(&block, "height", HEIGHT);
    set(&block, "rx", "3.5");
    if lettered {
        let text = add(&one, "text", "");
        set_number(&text, "x", left + width / 2.0);
        set_number(&text, "y", 12.0);
        let term = cell.hue.to_string();
        let content = if in_full { cell.text.as_str() } else { &term };
        text.set_text_content(Some(content));
    }
}
