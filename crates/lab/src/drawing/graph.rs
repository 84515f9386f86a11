//! The stage: nodes in a ring, messages between them where they are.

use super::node;
use super::svg::{BAD, LINE, Paint, Point, SOFT, Svg, Type, WARN};
use super::{MARGIN, Subject, TOP, WIDTH, between, sentence};
use crate::say::Teller;
use crate::scene::{Bond, BrokenLink, SceneMessage, SceneNode};
use faultline_sim::{EventKind, Mark};

const HEIGHT: f32 = 720.0;
/// Where the ring stands.
const CENTRE: Point = (WIDTH / 2.0, 378.0);
const RING: Point = (340.0, 232.0);
/// Over so many nodes the links that are whole are left out.
const LINKS_MOST: usize = 12;
/// The sides of a fault line, by letter.
const SIDES: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

pub(super) fn draw(subject: &Subject<'_>) -> Svg {
    let scene = subject.scene;
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let count = scene.nodes.len();
    let places: Vec<Point> = (0..count).map(|number| place(number, count)).collect();
    links(&mut svg, subject, &places);
    let radius = radius(count);
    for (node, place) in scene.nodes.iter().zip(&places) {
        node::draw(&mut svg, node, *place, radius);
        side(&mut svg, subject, node, *place, radius);
    }
    for (message, nth) in scene.messages.iter().zip(crowd(&scene.messages)) {
        messages(&mut svg, message, nth, &places, radius);
    }
    if let Some(text) = last_words(subject) {
        sentence(&mut svg, &text, HEIGHT - 24.0);
    }
    svg
}

/// The first node stands on top, the others follow clockwise.
fn place(number: usize, count: usize) -> Point {
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred nodes")]
    let share = number as f32 / count.max(1) as f32;
    let angle = share * std::f32::consts::TAU - std::f32::consts::FRAC_PI_2;
    (CENTRE.0 + RING.0 * angle.cos(), CENTRE.1 + RING.1 * angle.sin())
}

fn radius(count: usize) -> f32 {
    match count {
        0..=9 => 34.0,
        10..=16 => 27.0,
        17..=40 => 16.0,
        41..=80 => 10.0,
        _ => 5.0,
    }
}

fn links(svg: &mut Svg, subject: &Subject<'_>, places: &[Point]) {
    if places.len() > LINKS_MOST {
        return;
    }
    let scene = subject.scene;
    let cut = |one: usize, other: usize| {
        let (from, to) = (scene.nodes[one].id, scene.nodes[other].id);
        if scene.is_parted(from, to) {
            return Some(BrokenLink { from, to, there: true, back: true });
        }
        scene.broken_links.iter().find(|link| (link.from, link.to) == (from, to)).copied()
    };
    for (one, from) in places.iter().enumerate() {
        for (other, to) in places.iter().enumerate().skip(one + 1) {
            let whole = match scene.bond(scene.nodes[one].id, scene.nodes[other].id) {
                Bond::None => continue,
                Bond::Weak => Paint::line(LINE, 1.4).dashed("2 7"),
                Bond::Plain => Paint::line(LINE, 2.0),
                Bond::Strong => Paint::line(SOFT, 2.6),
            };
            let Some(link) = cut(one, other) else {
                svg.line(*from, *to, whole);
                continue;
            };
            svg.line(*from, *to, Paint::line(BAD, 1.6).dashed("4 7"));
            // Cut in one direction only: an arrow shows where nothing gets through.
            if link.there != link.back {
                let (near, far) = if link.there { (*from, *to) } else { (*to, *from) };
                arrow(svg, near, between(near, far, 0.5), Paint::line(BAD, 2.0));
            }
        }
    }
}

/// A line with a head.
pub(super) fn arrow(svg: &mut Svg, from: Point, to: Point, paint: Paint<'_>) {
    svg.line(from, to, paint);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.1);
    let (dx, dy) = (dx / length, dy / length);
    let back = (to.0 - dx * 8.0, to.1 - dy * 8.0);
    let points =
        [to, (back.0 - dy * 3.6, back.1 + dx * 3.6), (back.0 + dy * 3.6, back.1 - dx * 3.6)];
    svg.polygon(&points, Paint::area(paint.stroke));
}

/// The letter of the side on which a node stands, if a fault line runs through the cluster.
fn side(svg: &mut Svg, subject: &Subject<'_>, node: &SceneNode, (x, y): Point, radius: f32) {
    let mut sides = subject.scene.sides.iter().zip(SIDES.chars());
    let letter = sides.find(|(side, _)| side.contains(&node.id)).map(|(_, letter)| letter);
    if let Some(letter) = letter {
        let text = format!("side {letter}");
        let set = Type::new(12.0, WARN).bold().end();
        svg.text((x - radius - 14.0, y + 4.0), &text, set);
    }
}

/// For each message how many others of the same way are drawn before it.
fn crowd(messages: &[SceneMessage]) -> impl Iterator<Item = u8> + '_ {
    messages.iter().enumerate().map(|(number, message)| {
        let same = |other: &&SceneMessage| {
            (other.name.from, other.name.to) == (message.name.from, message.name.to)
                && (other.progress - message.progress).abs() < 0.12
        };
        u8::try_from(messages[..number].iter().filter(same).count()).unwrap_or(u8::MAX)
    })
}

fn messages(svg: &mut Svg, message: &SceneMessage, nth: u8, places: &[Point], radius: f32) {
    let ends = (places.get(message.name.from.index()), places.get(message.name.to.index()));
    let (Some(from), Some(to)) = ends else { return };
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length < 1.0 {
        return;
    }
    // From rim to rim, to the right of the link, and one more step for each that is there before.
    let rim = (radius + 12.0) / length;
    let share = rim + (1.0 - 2.0 * rim) * message.progress;
    let aside = 7.0 + f32::from(nth.min(6)) * 14.0;
    let (x, y) = between(*from, *to, share);
    let place = (x - dy / length * aside, y + dx / length * aside);
    let tail = (length * message.progress).min(26.0);
    let end = (place.0 - dx / length * tail, place.1 - dy / length * tail);
    svg.line(end, place, Paint::line(SOFT, 2.0));
    node::message(svg, message, place);
}

/// The last thing that stood out, else the last thing that was remarked.
fn last_words(subject: &Subject<'_>) -> Option<String> {
    let recording = subject.recording;
    let log = recording.log();
    let teller = Teller { about: recording.about, play: &recording.play };
    let last = |stands_out: bool| {
        (0..log.len()).rev().take(2_000).find(|event| {
            log.get(*event).is_some_and(|record| match stands_out {
                true => record.mark() != Mark::None,
                false => record.kind() == EventKind::Note,
            })
        })
    };
    let event = last(true).or_else(|| last(false))?;
    let row = teller.row(event)?;
    Some(format!("{} s: {}", super::trim(row.time), row.text))
}

/// Below the title, nothing is drawn.
const _: () = assert!(CENTRE.1 - RING.1 > TOP + MARGIN);
