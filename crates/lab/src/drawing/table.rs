//! The logs of all nodes below one another; where nodes keep no log, what each of them holds.

use super::node::{badge, cell, standing};
use super::svg::{INK, LINE, Paint, SOFT, Svg, Type};
use super::{MARGIN, Subject, TOP, WIDTH};
use crate::say;
use crate::scene::SceneNode;
use faultline_kernel::{Cell, Field};

/// How many entries of a log are drawn: the last ones of the longest.
const COLUMNS: usize = 20;
/// How many fields are drawn where there is no log.
const FIELDS: usize = 6;
const ROW: f32 = 40.0;
/// Left of the cells stand name, role and number.
const LEFT: f32 = 190.0;

pub(super) fn draw(subject: &Subject<'_>) -> Svg {
    let play = &subject.recording.play;
    let nodes = &subject.scene.nodes;
    let rows = u16::try_from(nodes.len()).unwrap_or(u16::MAX);
    let mut svg = Svg::new(WIDTH, TOP + 34.0 + ROW * f32::from(rows) + MARGIN);
    let log = |node: &SceneNode| -> (usize, Vec<Cell>) {
        let whole = play.cells(node.id);
        match whole.is_empty() {
            true => (usize::try_from(node.strip_before).unwrap_or(0), node.strip.clone()),
            false => (0, whole),
        }
    };
    let logs: Vec<(usize, Vec<Cell>)> = nodes.iter().map(log).collect();
    // Where a log is drawn whole, its colours are terms.
    let termed = nodes.iter().any(|node| !play.cells(node.id).is_empty());
    let longest = logs.iter().map(|(before, cells)| before + cells.len()).max().unwrap_or(0);
    for (node, row) in nodes.iter().zip(0_u16..) {
        head(&mut svg, node, TOP + 34.0 + ROW * f32::from(row));
    }
    if longest == 0 {
        holdings(&mut svg, subject);
        return svg;
    }
    let first = longest.saturating_sub(COLUMNS);
    let shown = u16::try_from(longest - first).unwrap_or(u16::MAX);
    let wide = ((WIDTH - LEFT - MARGIN) / f32::from(shown.max(1))).min(56.0);
    for column in 0..shown {
        let x = LEFT + wide * (f32::from(column) + 0.5) - 1.0;
        let number = (first + usize::from(column) + 1).to_string();
        svg.text((x, TOP + 12.0), &number, Type::new(11.5, SOFT));
    }
    for ((before, cells), row) in logs.iter().zip(0_u16..) {
        let y = TOP + 34.0 + ROW * f32::from(row);
        for (one, index) in cells.iter().zip(*before..) {
            if let Some(column) = index.checked_sub(first).and_then(|at| u16::try_from(at).ok()) {
                let text = match termed {
                    true => format!("{}: {}", one.hue, one.text),
                    false => one.text.to_string(),
                };
                cell(&mut svg, one, (LEFT + wide * f32::from(column), y - 8.0), wide, &text);
            }
        }
    }
    svg
}

fn head(svg: &mut Svg, node: &SceneNode, y: f32) {
    svg.line((MARGIN, y + 20.0), (WIDTH - MARGIN, y + 20.0), Paint::line(LINE, 1.0));
    svg.text((MARGIN, y + 5.0), &node.id.to_string(), Type::new(15.0, INK).start().bold());
    svg.text((MARGIN + 42.0, y + 5.0), &standing(node), Type::new(12.5, SOFT).start());
    if let Some(number) = node.badge {
        badge(svg, (LEFT - 26.0, y), number, true);
    }
}

/// The first fields of each node, in columns.
fn holdings(svg: &mut Svg, subject: &Subject<'_>) {
    let about = subject.recording.about;
    let fields: Vec<Vec<Field>> = subject
        .scene
        .nodes
        .iter()
        .map(|node| subject.recording.play.facts(node.id).card.fields)
        .map(|fields| fields.into_iter().filter(|field| field.of.is_none()).collect())
        .collect();
    let mut columns: Vec<&'static str> = Vec::new();
    for field in fields.iter().flatten() {
        if columns.len() < FIELDS && !columns.contains(&field.id) {
            columns.push(field.id);
        }
    }
    let wide = (WIDTH - LEFT - MARGIN) / f32::from(columns.len().max(1) as u16);
    for (id, column) in columns.iter().zip(0_u16..) {
        let x = LEFT + wide * f32::from(column);
        svg.text((x, TOP + 12.0), &say::label(about, id, None), Type::new(11.5, SOFT).start());
        for (held, row) in fields.iter().zip(0_u16..) {
            if let Some(field) = held.iter().find(|field| field.id == *id) {
                let y = TOP + 34.0 + ROW * f32::from(row) + 5.0;
                svg.text((x, y), &say::value(about, field.value), Type::new(13.0, INK).start());
            }
        }
    }
}
