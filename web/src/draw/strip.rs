//! The strip under a node: the last cells of its log.

use super::{add, hue, set, set_number};
use crate::lab::{Cell, CellState, SceneNode};
use web_sys::Element;

/// The width of a cell: with its text, with its term, and on small nodes.
const WIDE: f32 = 34.0;
const PLAIN: f32 = 16.0;
const SMALL: f32 = 12.0;
/// The height of a cell, in pixels.
pub(super) const HEIGHT: f32 = 15.0;

/// How a strip is to be drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Manner {
    /// How many cells there is room for.
    pub(crate) most: usize,
    /// Whether the node is small, and cells are as narrow as their terms.
    pub(crate) small: bool,
    /// Whether what is in the cells is written out.
    pub(crate) in_full: bool,
}

/// Draws the strip anew into `group`, with its middle at the group's origin; says how wide it is
/// to the left and to the right.
pub(crate) fn draw(group: &Element, node: &SceneNode, manner: Manner) -> (f32, f32) {
    group.set_text_content(None);
    let hidden = node.strip.len().saturating_sub(manner.most);
    let cells = &node.strip[hidden..];
    let before = node.strip_before + hidden as u64;
    let longest = cells.iter().map(|cell| cell.text.as_str().chars().count()).max().unwrap_or(0);
    let digits = cells.last().map_or(1, |cell| cell.hue.to_string().len());
    let width = match manner {
        Manner { in_full: true, .. } => WIDE.max(longest as f32 * 7.0 + 10.0),
        Manner { small: true, .. } => SMALL.max(digits as f32 * 6.0 + 4.0),
        Manner { .. } => PLAIN,
    };
    let half = width * cells.len() as f32 / 2.0;
    for (index, cell) in cells.iter().enumerate() {
        let left = index as f32 * width - half;
        draw_cell(group, cell, left, width, manner.in_full);
    }
    if before == 0 {
        return (half, half);
    }
    let count = add(group, "text", "before");
    set_number(&count, "x", -half - 4.0);
    set_number(&count, "y", 12.0);
    let text = format!("+{before}");
    count.set_text_content(Some(&text));
    (half + 8.0 + 7.0 * text.len() as f32, half)
}

/// Whether there is one cell only and a word in it: what was chosen, for instance.
pub(crate) fn is_one_word(node: &SceneNode) -> bool {
    let [only] = node.strip.as_slice() else { return false };
    node.strip_before == 0 && only.text.as_str().chars().nth(1).is_some()
}

fn draw_cell(group: &Element, cell: &Cell, left: f32, width: f32, in_full: bool) {
    let firm = if cell.state == CellState::Firm { "firm" } else { "open" };
    let one = add(group, "g", &["cell", firm, hue(cell.hue)].join(" "));
    let block = add(&one, "rect", "");
    set_number(&block, "x", left + 1.0);
    set_number(&block, "y", 0.5);
    set_number(&block, "width", width - 2.0);
    set_number(&block, "height", HEIGHT);
    set(&block, "rx", "3.5");
    let text = add(&one, "text", "");
    set_number(&text, "x", left + width / 2.0);
    set_number(&text, "y", 12.0);
    let term = cell.hue.to_string();
    let content = if in_full { cell.text.as_str() } else { &term };
    text.set_text_content(Some(content));
}
