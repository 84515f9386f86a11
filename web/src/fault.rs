//! The fault line: where it runs so that it parts the sides, as points to draw.

use crate::geometry::{Point, nearest_on_segment};
use crate::order::{key_of, sorted};
use core::f32::consts::{PI, TAU};

/// The distance between two kinks, in pixels, before it is made uneven.
const STRIDE: f32 = 62.0;
/// How far a kink may leave the straight line, in pixels.
const SWING: f32 = 24.0;
/// What stays clear around a node's disc.
const CLEAR: f32 = 16.0;

/// A fault line and the areas it parts.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Fault {
    /// Jagged lines: one through the stage, or one from the middle for each gap.
    pub(crate) lines: Vec<Vec<Point>>,
    /// The area of each side.
    pub(crate) areas: Vec<Vec<Point>>,
}

/// The line that parts `sides` (indices into `places`), on a stage of this `reach`.
pub(crate) fn fault(
    sides: &[Vec<usize>],
    places: &[Point],
    middle: Point,
    radius: f32,
    reach: f32,
) -> Fault {
    let sides: Vec<Vec<Point>> = sides
        .iter()
        .map(|side| side.iter().filter_map(|&node| places.get(node).copied()).collect())
        .filter(|side: &Vec<Point>| !side.is_empty())
        .collect();
    match sides.as_slice() {
        [] | [_] => Fault::default(),
        [one, other] => between_two(one, other, radius, reach),
        many => between_many(many, middle, reach),
    }
}

/// Whether a straight line parts the sides where they stand; of more than two sides it never does.
pub(crate) fn can_part(sides: &[Vec<usize>], places: &[Point]) -> bool {
    let points = |side: &Vec<usize>| {
        side.iter().filter_map(|&node| places.get(node).copied()).collect::<Vec<_>>()
    };
    let sides: Vec<Vec<Point>> = sides.iter().map(points).filter(|side| !side.is_empty()).collect();
    match sides.as_slice() {
        [] | [_] => true,
        [one, other] => {
            let (from, to) = closest(one, other);
            let (heart, away) = (from.towards(to, 0.5), (to - from).unit());
            let beyond = |point: &Point| (*point - heart).dot(away);
            one.iter().all(|point| beyond(point) < 0.0)
                && other.iter().all(|point| beyond(point) > 0.0)
        }
        _ => false,
    }
}

/// The line with the widest margin between two sides: across the shortest way between their hulls.
fn between_two(one: &[Point], other: &[Point], radius: f32, reach: f32) -> Fault {
    let (from, to) = closest(one, other);
    let gap = to - from;
    let along = gap.unit().turned();
    let heart = from.towards(to, 0.5);
    let swing = (gap.length() / 2.0 - radius - CLEAR).clamp(5.0, SWING);
    let line = jagged(heart - along * reach, heart + along * reach, swing, 7);
    let area = |away: Point| {
        let mut area = line.clone();
        area.push(heart + along * reach + away * reach);
        area.push(heart - along * reach + away * reach);
        area
    };
    Fault { areas: vec![area(gap.unit() * -1.0), area(gap.unit())], lines: vec![line.clone()] }
}

/// The two points, one of each hull, that are nearest to one another.
fn closest(one: &[Point], other: &[Point]) -> (Point, Point) {
    let (one, other) = (hull(one), hull(other));
    let edges = |hull: &[Point]| -> Vec<(Point, Point)> {
        hull.iter().copied().zip(hull.iter().copied().cycle().skip(1)).collect()
    };
    let mut best = (one[0], other[0]);
    let mut least = f32::INFINITY;
    let mut consider = |a: Point, b: Point| {
        let gap = (a - b).length();
        if gap < least {
            (best, least) = ((a, b), gap);
        }
    };
    for (start, end) in edges(&one) {
        for &point in &other {
            consider(nearest_on_segment(point, start, end), point);
        }
    }
    for (start, end) in edges(&other) {
        for &point in &one {
            consider(point, nearest_on_segment(point, start, end));
        }
    }
    best
}

/// The corners of the area around some points, one after another.
fn hull(points: &[Point]) -> Vec<Point> {
    let leftmost = points.iter().copied().reduce(|a, b| if b.x < a.x { b } else { a });
    let mut hull: Vec<Point> = leftmost.into_iter().collect();
    while let Some(&last) = hull.last() {
        // The next corner is the one that has all others on the same side.
        let next = points.iter().copied().fold(last, |next, point| {
            let (along, other) = (next - last, point - last);
            let (turn, farther) = (along.cross(other), other.length() > along.length());
            if next == last || turn < 0.0 || (turn == 0.0 && farther) { point } else { next }
        });
        if next == hull[0] || hull.len() == points.len() {
            break;
        }
        hull.push(next);
    }
    hull
}

/// Lines from the middle through the gaps between neighbouring sides.
fn between_many(sides: &[Vec<Point>], middle: Point, reach: f32) -> Fault {
    let angle = |point: Point| (point.y - middle.y).atan2(point.x - middle.x);
    let ring: Vec<(f32, usize)> = sides
        .iter()
        .enumerate()
        .flat_map(|(side, points)| points.iter().map(move |&point| (angle(point), side)))
        .collect();
    let ring = sorted(&ring, |(angle, _)| [key_of(*angle), 0, 0]);
    let mut gaps: Vec<(f32, usize)> = vec![];
    for (at, &(start, side)) in ring.iter().enumerate() {
        let (mut end, next) = ring[(at + 1) % ring.len()];
        if next == side {
            continue;
        }
        if end < start {
            end += TAU;
        }
        gaps.push((f32::midpoint(start, end), next));
    }
    let ray = |gap: usize| {
        let end = middle + Point::at_angle(gaps[gap].0) * reach;
        jagged(middle, end, SWING * 0.6, gap as u32 + 3)
    };
    let lines: Vec<Vec<Point>> = (0..gaps.len()).map(ray).collect();
    let mut areas = vec![vec![]; sides.len()];
    for (gap, &(start, side)) in gaps.iter().enumerate() {
        let next = (gap + 1) % gaps.len();
        let mut end = gaps[next].0;
        if end <= start {
            end += TAU;
        }
        let mut area = lines[gap].clone();
        let mut at = start + PI / 8.0;
        while at < end {
            area.push(middle + Point::at_angle(at) * (reach * 1.5));
            at += PI / 8.0;
        }
        area.extend(lines[next].iter().rev());
        areas[side] = area;
    }
    Fault { lines, areas }
}

/// A broken line from `start` to `end`, always the same for the same `grain`.
fn jagged(start: Point, end: Point, swing: f32, grain: u32) -> Vec<Point> {
    let along = end - start;
    let count = (along.length() / STRIDE).ceil().max(2.0) as u32;
    let aside = along.unit().turned();
    let kink = |index: u32| {
        if index == 0 || index == count {
            return start.towards(end, index as f32 / count as f32);
        }
        let shift = (noise(grain + index * 2) - 0.5) * 0.5;
        let depth = 0.35 + 0.65 * noise(grain + index * 2 + 1);
        let turn = if index.is_multiple_of(2) { 1.0 } else { -1.0 };
        let on_line = start.towards(end, (index as f32 + shift) / count as f32);
        on_line + aside * (turn * depth * swing)
    };
    (0..=count).map(kink).collect()
}

/// A number from 0 to 1 that is always the same for the same seed.
fn noise(seed: u32) -> f32 {
    let mixed = seed.wrapping_mul(0x9E37_79B9).rotate_left(13).wrapping_mul(0x85EB_CA6B);
    (mixed >> 8) as f32 / (1_u32 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{crossings, distance_to_line};
    use crate::layout::{Room, place, ring_order};

    const STAGE: Room = Room { width: 752.0, height: 632.0, left: 0.0, top: 50.0, bottom: 0.0 };

    fn check(sides: &[Vec<usize>]) {
        let count = sides.iter().map(Vec::len).sum();
        let layout = place(STAGE, &ring_order(count, &[]));
        let fault = fault(sides, &layout.places, layout.middle, layout.radius, 2_000.0);
        for (one, side) in sides.iter().enumerate() {
            for &a in side {
                for line in &fault.lines {
                    let gap = distance_to_line(layout.places[a], line);
                    assert!(gap > layout.radius, "the line runs through node {a} of {sides:?}");
                }
                for (other, others) in sides.iter().enumerate() {
                    for &b in others {
                        let (start, end) = (layout.places[a], layout.places[b]);
                        let crossed: usize =
                            fault.lines.iter().map(|line| crossings(line, start, end)).sum();
                        if sides.len() == 2 {
                            assert_eq!(crossed % 2 == 1, one != other, "{a}–{b} of {sides:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_nearest_points_of_two_sides_lie_on_their_outlines() {
        let square = |x: f32| -> Vec<Point> {
            let grid = |at: u8| Point::new(x + f32::from(at % 5) * 10.0, f32::from(at / 5) * 10.0);
            (0..25).map(grid).collect()
        };
        assert_eq!(hull(&square(0.0)).len(), 4, "its corners");
        let (from, to) = closest(&square(0.0), &square(100.0));
        assert_eq!((from.x, to.x), (40.0, 100.0));
        let row: Vec<Point> = (0..4).map(|x| Point::new(f32::from(x as u8), 0.0)).collect();
        let (from, to) = closest(&row, &[Point::new(9.0, 0.0)]);
        assert_eq!((from.x, to.x), (3.0, 9.0), "in a row there is no area");
    }

    #[test]
    fn it_parts_the_sides_and_leaves_the_nodes_alone() {
        check(&[vec![0, 1, 4], vec![2, 3]]);
        check(&[vec![0, 1, 2, 3], vec![4]]);
        check(&[vec![0, 1], vec![2]]);
        check(&[vec![0, 1], vec![2, 3], vec![4]]);
        check(&[vec![0], vec![1], vec![2], vec![3], vec![4]]);
    }
}
