//! A node and a message, as on the stage: role by shape and outline, and what stands around it.

use super::svg::{BAD, EDGE, GOOD, GROUND, INK, LEAD, LINE, MEMBER, Paint, Point, SOFT, Svg, Type};
use super::svg::{WARN, hue};
use crate::scene::{Condition, Fate, SceneMessage, SceneNode};
use crate::words;
use faultline_kernel::{Cell, CellState, Form, MessageKind, RoleShape, Shape};

/// Below this radius no word fits into the disc.
const WORDED: f32 = 26.0;
/// How many cells of a strip are drawn.
const CELLS: usize = 8;

pub(super) fn draw(svg: &mut Svg, node: &SceneNode, place: Point, radius: f32) {
    let (x, y) = place;
    if node.witness {
        svg.circle(place, radius + 13.0, Paint::line(BAD, 3.0).dashed("6 4"));
    }
    outline(svg, node, place, radius);
    let up = node.condition == Condition::Up;
    if let Some(timer) = node.countdowns.first().filter(|_| up && radius >= WORDED) {
        arc(svg, place, radius + 9.0, timer.left);
    }
    if node.condition == Condition::Down {
        svg.cross(place, radius * 0.62, Paint::line("#f2b8c6", 3.0));
    }
    let worded = radius >= WORDED;
    let crowned = node.role.shape == RoleShape::Crowned && node.condition == Condition::Up;
    let ink = match node.condition {
        Condition::Up if crowned => "#ffffff",
        Condition::Up => INK,
        Condition::Down | Condition::Paused => SOFT,
    };
    let name = node.id.to_string();
    let size = (radius * 0.48).max(9.0);
    svg.text(
        (x, if worded { y + 1.0 } else { y + size * 0.35 }),
        &name,
        Type::new(size, ink).bold(),
    );
    if worded {
        svg.text((x, y + radius * 0.46), &standing(node), Type::new(11.0, ink));
    }
    if let Some(number) = node.badge {
        badge(svg, (x + radius * 0.84, y - radius * 0.8), number, worded);
    }
    if !worded {
        return;
    }
    tally(svg, node, (x, y - radius - 24.0));
    strip(svg, node, (x, y + radius + 17.0));
    below(svg, node, (x, y + radius + 46.0));
}

fn outline(svg: &mut Svg, node: &SceneNode, place: Point, radius: f32) {
    let (x, y) = place;
    let down = node.condition == Condition::Down;
    let colour = match node.role.shape {
        _ if down => EDGE,
        RoleShape::Plain | RoleShape::Hexagon | RoleShape::Diamond => MEMBER,
        RoleShape::Crowned => LEAD,
        RoleShape::Dashed => WARN,
        RoleShape::Square | RoleShape::Knowing => GOOD,
    };
    let plain = Paint::line(colour, 2.5).filled("#ffffff");
    match node.role.shape {
        _ if down => svg.circle(place, radius, plain.dashed("3 5")),
        RoleShape::Plain => svg.circle(place, radius, plain),
        RoleShape::Dashed => svg.circle(place, radius, plain.dashed("7 5")),
        RoleShape::Knowing => svg.circle(place, radius, plain.filled("#d1f3e4")),
        RoleShape::Hexagon => svg.polygon(&corners(place, 6, radius * 1.08), plain),
        RoleShape::Diamond => svg.polygon(&corners(place, 4, radius * 1.22), plain),
        RoleShape::Square => {
            let corner = (x - radius, y - radius);
            svg.rect(corner, (radius * 2.0, radius * 2.0), radius * 0.35, plain);
        }
        RoleShape::Crowned => {
            svg.circle(place, radius + 5.0, Paint::line(LEAD, 2.5).filled(GROUND));
            svg.circle(place, radius, Paint::area("#7c3aed"));
            crown(svg, (x, y - radius - 9.0), (radius / 34.0).min(1.0));
        }
    }
}

/// The corners of a regular figure, the first one to the right.
fn corners((x, y): Point, count: u8, radius: f32) -> Vec<Point> {
    let turn = std::f32::consts::TAU / f32::from(count);
    let angles = (0..count).map(|corner| turn * f32::from(corner));
    angles.map(|angle| (x + radius * angle.cos(), y + radius * angle.sin())).collect()
}

/// Whether a node runs, and if it does, as what: in a word.
pub(super) fn standing(node: &SceneNode) -> String {
    match node.condition {
        Condition::Up => words::plain(node.role_word),
        Condition::Down => "crashed".into(),
        Condition::Paused => "paused".into(),
    }
}

/// The sign of whoever leads.
pub(super) fn crown(svg: &mut Svg, (x, y): Point, scale: f32) {
    let points = [(-14, 0), (-17, -15), (-7, -7), (0, -18), (7, -7), (17, -15), (14, 0)];
    let at = |(dx, dy): (i16, i16)| (x + f32::from(dx) * scale, y + f32::from(dy) * scale);
    svg.polygon(&points.map(at), Paint::line(LEAD, 1.5).filled("#7c3aed"));
}

/// What is left of a countdown: full at first, and it empties clockwise from the top.
fn arc(svg: &mut Svg, (x, y): Point, radius: f32, left: f32) {
    svg.circle((x, y), radius, Paint::line(LINE, 3.0));
    let left = left.clamp(0.0, 0.999);
    let angle = (1.0 - left) * std::f32::consts::TAU - std::f32::consts::FRAC_PI_2;
    let (begin_x, begin_y) = (x + radius * angle.cos(), y + radius * angle.sin());
    let large = u8::from(left > 0.5);
    let end_y = y - radius;
    let colour = if left < 0.25 { WARN } else { EDGE };
    svg.path(
        &format!(
            "M{begin_x:.1} {begin_y:.1}A{radius:.1} {radius:.1} 0 {large} 1 {x:.1} {end_y:.1}"
        ),
        Paint::line(colour, 3.0),
    );
}

/// A number with a colour of its own.
pub(super) fn badge(svg: &mut Svg, (x, y): Point, number: u64, large: bool) {
    let text = number.to_string();
    let height = if large { 22.0 } else { 15.0 };
    let letters = text.len().min(20) as u16;
    let width = (f32::from(letters) * 8.0 + 8.0_f32).max(height);
    let corner = (x - width / 2.0, y - height / 2.0);
    svg.rect(corner, (width, height), height / 2.0, Paint::area(hue(number)));
    let size = if large { 13.0 } else { 10.0 };
    svg.text((x, y + size * 0.36), &text, Type::new(size, "#ffffff").bold());
}

/// Who counts how far: a dot for each who said yes or no, of how many are enough.
fn tally(svg: &mut Svg, node: &SceneNode, (x, y): Point) {
    let Some(tally) = &node.tally else { return };
    if tally.yes.is_empty() && tally.no.is_empty() {
        return;
    }
    let text = format!("{} of {}", tally.yes.len(), tally.enough);
    svg.text((x, y), &text, Type::new(12.0, WARN).bold());
}

fn strip(svg: &mut Svg, node: &SceneNode, (x, y): Point) {
    let hidden = node.strip.len().saturating_sub(CELLS);
    let cells = &node.strip[hidden..];
    let before = node.strip_before + hidden as u64;
    let wide = if cells.len() > 5 { 27.0 } else { 34.0 };
    let half = wide * f32::from(cells.len() as u16) / 2.0;
    for (cell, index) in cells.iter().zip(0_u16..) {
        let corner = (x - half + f32::from(index) * wide, y);
        self::cell(svg, cell, corner, wide, cell.text.as_str());
    }
    if before > 0 {
        svg.text((x - half - 4.0, y + 12.0), &format!("{before} +"), Type::new(11.0, SOFT).end());
    }
}

/// One cell of a log, with this written in it: filled once it is settled.
pub(super) fn cell(svg: &mut Svg, cell: &Cell, corner: Point, wide: f32, text: &str) {
    let colour = hue(cell.hue);
    let firm = cell.state == CellState::Firm;
    let fill = if firm { colour } else { "#ffffff" };
    let dashes = if firm { "" } else { "3 2" };
    let paint = Paint::line(colour, 1.5).filled(fill).dashed(dashes);
    svg.rect(corner, (wide - 2.0, 16.0), 3.0, paint);
    let ink = if firm { "#ffffff" } else { colour };
    let text: String = text.chars().take(wide as usize / 6).collect();
    let middle = (corner.0 + wide / 2.0 - 1.0, corner.1 + 12.0);
    svg.text(middle, &text, Type::new(11.0, ink));
}

/// Marks, and a clock that is off.
fn below(svg: &mut Svg, node: &SceneNode, (x, y): Point) {
    let mark = |(word, about): &(&'static str, Option<faultline_kernel::NodeId>)| {
        let about = about.map(|about| about.to_string()).unwrap_or_default();
        words::say(word, &[("about", words::Arg::from(about))])
    };
    let tenths = node.clock_ppm / 100_000;
    let clock =
        (node.clock_ppm != 1_000_000).then(|| format!("clock {}.{}×", tenths / 10, tenths % 10));
    let writing = node.writing.then(|| "writing to disk".to_owned());
    let lines = node.marks.iter().take(2).map(mark).chain(clock).chain(writing);
    for (line, number) in lines.zip(0_u8..) {
        svg.text((x, y + f32::from(number) * 14.0), &line, Type::new(11.5, SOFT));
    }
}

/// A message: kind by shape and letter, request filled, reply hollow, refusal barred.
pub(super) fn message(svg: &mut Svg, message: &SceneMessage, place: Point) {
    let (x, y) = place;
    sign(svg, message.kind, place);
    match message.fate {
        Fate::Flying => {}
        Fate::Held => svg.circle(place, 17.0, Paint::line(WARN, 2.0).dashed("4 3")),
        Fate::Lost { .. } => svg.cross((x, y), 13.0, Paint::line(BAD, 3.0)),
    }
}

/// The sign of a kind of message.
pub(super) fn sign(svg: &mut Svg, kind: &MessageKind, (x, y): Point) {
    let request = kind.form == Form::Request;
    let paint = Paint::line(INK, 1.8).filled(if request { INK } else { "#ffffff" });
    match kind.shape {
        Shape::Square => svg.rect((x - 10.0, y - 10.0), (20.0, 20.0), 5.0, paint),
        Shape::Round => svg.circle((x, y), 11.0, paint),
        Shape::Diamond => {
            svg.polygon(&[(x, y - 13.0), (x + 13.0, y), (x, y + 13.0), (x - 13.0, y)], paint)
        }
        Shape::Triangle => {
            svg.polygon(&[(x, y - 13.0), (x + 13.0, y + 10.0), (x - 13.0, y + 10.0)], paint);
        }
    }
    if kind.form == Form::Refusal {
        svg.line((x - 9.0, y + 9.0), (x + 9.0, y - 9.0), Paint::line(BAD, 2.0));
    }
    let ink = if request { "#ffffff" } else { INK };
    let mut letter = [0; 4];
    let letter = kind.letter.encode_utf8(&mut letter);
    svg.text((x, y + 4.2), letter, Type::new(12.0, ink).bold());
}
