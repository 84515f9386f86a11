//! What a stroke across the stage means: a fault line, or a few links cut.

use crate::geometry::{Point, crossings};

/// A stroke shorter than this, in pixels, is a click.
pub(crate) const CLICK: f32 = 8.0;

/// A pointer that cannot draw and moves further than this, in pixels, does not click.
pub(crate) const SWIPE: f32 = 16.0;

/// How often it is looked whether a part of a stroke crosses a link, each time the pointer moves.
const CROSSINGS_MOST: usize = 4_000_000;

/// What a stroke does when it ends.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Stroke {
    /// It crosses nothing.
    Nothing,
    /// It cuts these links and leaves the cluster in one piece.
    Links(Vec<(usize, usize)>),
    /// It parts the cluster into these sides.
    Sides(Vec<Vec<usize>>),
}

/// Reads a stroke over nodes at `places`; `open` says which links are not cut yet. Among very many
/// nodes the stroke is read roughly: see [`CROSSINGS_MOST`].
pub(crate) fn read(
    stroke: &[Point],
    places: &[Point],
    open: impl Fn(usize, usize) -> bool,
) -> Stroke {
    let count = places.len();
    let rough;
    let parts = CROSSINGS_MOST / (count * count).max(1) + 1;
    let stroke = if stroke.len() > parts + 1 {
        let at = |part| stroke[part * (stroke.len() - 1) / parts];
        rough = (0..=parts).map(at).collect::<Vec<_>>();
        &rough
    } else {
        stroke
    };
    let mut crossed = vec![];
    let mut kept = vec![];
    for a in 0..count {
        for b in a + 1..count {
            if !open(a, b) {
                continue;
            }
            if crossings(stroke, places[a], places[b]) > 0 {
                crossed.push((a, b));
            } else {
                kept.push((a, b));
            }
        }
    }
    if crossed.is_empty() {
        return Stroke::Nothing;
    }
    let before: Vec<(usize, usize)> = kept.iter().chain(&crossed).copied().collect();
    let sides = components(count, &kept);
    if sides.len() > components(count, &before).len() {
        Stroke::Sides(sides)
    } else {
        Stroke::Links(crossed)
    }
}

/// The parts of the cluster that hang together, in the order of their first nodes.
fn components(count: usize, links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..count).collect();
    // Each round carries the smallest name at least one link on, until it is everywhere.
    let mut moved = true;
    while moved {
        moved = false;
        for &(a, b) in links {
            let least = part[a].min(part[b]);
            moved |= part[a] != part[b];
            part[a] = least;
            part[b] = least;
        }
    }
    let mut parts: Vec<Vec<usize>> = vec![];
    for first in 0..count {
        let members: Vec<usize> = (0..count).filter(|&node| part[node] == first).collect();
        if !members.is_empty() {
            parts.push(members);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Point; 4] = [
        Point::new(0.0, 0.0),
        Point::new(100.0, 0.0),
        Point::new(100.0, 100.0),
        Point::new(0.0, 100.0),
    ];

    #[test]
    fn a_stroke_through_the_whole_cluster_parts_it() {
        let stroke = [Point::new(50.0, -20.0), Point::new(50.0, 120.0)];
        let sides = Stroke::Sides(vec![vec![0, 3], vec![1, 2]]);
        assert_eq!(read(&stroke, &SQUARE, |_, _| true), sides);
    }

    #[test]
    fn a_shorter_stroke_cuts_what_it_crosses() {
        let stroke = [Point::new(50.0, -20.0), Point::new(50.0, 20.0)];
        assert_eq!(read(&stroke, &SQUARE, |_, _| true), Stroke::Links(vec![(0, 1)]));
    }

    #[test]
    fn a_second_line_divides_further() {
        let open = |a: usize, b: usize| [0, 3].contains(&a) == [0, 3].contains(&b);
        let stroke = [Point::new(-20.0, 50.0), Point::new(40.0, 50.0)];
        let sides = Stroke::Sides(vec![vec![0], vec![1, 2], vec![3]]);
        assert_eq!(read(&stroke, &SQUARE, open), sides);
    }

    #[test]
    fn a_thousand_nodes_are_parted_at_once_by_a_long_stroke() {
        let place = |node: u16| Point::at_angle(f32::from(node) * 0.006_28) * 300.0;
        let places: Vec<Point> = (0..1_000).map(place).collect();
        let stroke: Vec<Point> =
            (0..400).map(|x| Point::new(x as f32 * 2.0 - 400.0, 7.0)).collect();
        let Stroke::Sides(sides) = read(&stroke, &places, |_, _| true) else {
            panic!("it crosses the whole ring")
        };
        let sizes: Vec<usize> = sides.iter().map(Vec::len).collect();
        assert!(sides.len() == 2 && sizes.iter().all(|size| *size > 450), "{sizes:?}");
    }

    #[test]
    fn a_stroke_beside_everything_does_nothing() {
        let stroke = [Point::new(-50.0, -20.0), Point::new(-50.0, 120.0)];
        assert_eq!(read(&stroke, &SQUARE, |_, _| true), Stroke::Nothing);
    }
}
