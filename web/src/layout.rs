//! Where the nodes stand: a ring that becomes an ellipse with the shape of the stage. Members of
//! unequal groups stand in bands instead (`bands.rs`).

use crate::geometry::Point;
use crate::lab::NodeId;
use crate::order::sorted;
use core::f32::consts::{FRAC_PI_2, TAU};

/// The largest and the smallest radius of a node, in pixels.
pub(crate) const RADIUS: (f32, f32) = (52.0, 15.0);
/// With this radius there is room for a word in the disc: small stages are used for it.
const WORDED: f32 = 28.0;
/// What a node needs around its disc, in pixels: above (crown, votes) and below (log strip).
pub(crate) const ABOVE: f32 = 31.0;
pub(crate) const BELOW: f32 = 40.0;
/// What it needs at its left and right: half a strip is wider than the disc.
pub(crate) const BESIDE: f32 = 28.0;
/// No ellipse is flatter than this, unless the stage is low.
const FLATTEST: f32 = 1.55;
const FLATTEST_LOW: f32 = 4.0;
/// Past this many nodes only the selected one and its neighbours are written out.
pub(crate) const WRITTEN_OUT: usize = 9;

/// The room there is, in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Room {
    /// From the left edge to the right one.
    pub(crate) width: f32,
    /// From the upper edge to the lower one.
    pub(crate) height: f32,
    /// What tools cover at the left edge.
    pub(crate) left: f32,
    /// What they cover at the upper edge.
    pub(crate) top: f32,
    /// What captions cover at the lower edge.
    pub(crate) bottom: f32,
}

/// Where everybody stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Layout {
    /// The middle of each node, in the order of members.
    pub(crate) places: Vec<Point>,
    /// The radius of a node.
    pub(crate) radius: f32,
    /// How many cells of a strip fit under each node.
    pub(crate) cells: usize,
    /// The middle of the ring.
    pub(crate) middle: Point,
}

/// Places the nodes so that `order[slot]` stands at that slot of the ring, clockwise from the top.
pub(crate) fn place(room: Room, order: &[usize]) -> Layout {
    let count = order.len().max(1) as f32;
    let free_height = (room.height - room.top - room.bottom).max(80.0);
    let free_width = room.width - room.left;
    let wanted = wanted(room);
    let (across, down) = axes(free_width, free_height, wanted);
    let ring = TAU * ((across * across + down * down) / 2.0).sqrt();
    let radius = wanted.min(ring / count / 2.9).max(RADIUS.1);
    let (across, down) = axes(free_width, free_height, radius);
    let above = radius + ABOVE;
    let middle = Point::new(
        room.left + free_width / 2.0,
        room.top + above + (free_height - above - radius - BELOW) / 2.0,
    );
    let mut places = vec![middle; order.len()];
    let angles = angles(order.len(), across, down);
    for (&node, angle) in order.iter().zip(angles) {
        let direction = Point::at_angle(angle - FRAC_PI_2);
        places[node] = middle + Point::new(direction.x * across, direction.y * down);
    }
    let places = if order.len() > 1 { settle(places, middle, down) } else { places };
    Layout { cells: cells(&places), places, radius, middle }
}

/// The radius that suits a stage of this size.
pub(crate) fn wanted(room: Room) -> f32 {
    let free = (room.width - room.left).min((room.height - room.top - room.bottom).max(80.0));
    (free * 0.088).max((free * 0.1).min(WORDED)).min(RADIUS.0)
}

/// How many cells of a strip there is room for between neighbours at one height.
pub(crate) fn cells(places: &[Point]) -> usize {
    /// The width of a cell, and of the count of those before the first.
    const CELL: f32 = 16.0;
    const COUNT: f32 = 34.0;
    let mut narrowest = f32::INFINITY;
    for (index, one) in places.iter().enumerate() {
        for other in &places[..index] {
            if (one.y - other.y).abs() < 40.0 {
                narrowest = narrowest.min((one.x - other.x).abs());
            }
        }
    }
    (((narrowest - COUNT) / CELL) as usize).clamp(2, 8)
}

/// So many nodes stand as on a clock.
const CLOCK: usize = 6;

/// The angle of every slot. Few nodes stand as on a clock; more, or those on a flat ellipse, keep
/// equal distances, or they would crowd at its narrow ends.
fn angles(count: usize, across: f32, down: f32) -> Vec<f32> {
    /// How finely the way around is measured.
    const STEPS: usize = 720;
    if count <= CLOCK && across <= down * FLATTEST {
        return (0..count).map(|slot| slot as f32 / count as f32 * TAU).collect();
    }
    let angle = |step: usize| step as f32 / STEPS as f32 * TAU;
    let speed = |step: usize| {
        let direction = Point::at_angle(angle(step));
        Point::new(direction.x * across, direction.y * down).length()
    };
    let whole: f32 = (0..STEPS).map(speed).sum();
    let mut angles = vec![];
    let mut gone = 0.0;
    for step in 0..STEPS {
        if gone >= whole * angles.len() as f32 / count as f32 {
            angles.push(angle(step));
        }
        gone += speed(step);
    }
    angles.resize(count, 0.0);
    angles
}

/// Half the width and half the height of the ring.
fn axes(width: f32, height: f32, radius: f32) -> (f32, f32) {
    let across = (width / 2.0 - radius - BESIDE).max(30.0);
    let down = (height / 2.0 - radius - f32::midpoint(ABOVE, BELOW)).max(30.0);
    let flattest = if height < 260.0 { FLATTEST_LOW } else { FLATTEST };
    (across.min(down * flattest), down.min(across * flattest))
}

/// A ring with an odd number of nodes is lower than it could be: moves it to the middle.
fn settle(mut places: Vec<Point>, middle: Point, down: f32) -> Vec<Point> {
    let lowest = places.iter().map(|place| place.y).fold(f32::MIN, f32::max);
    let slack = (middle.y + down - lowest) / 2.0;
    for place in &mut places {
        place.y += slack;
    }
    places
}

/// The order around the ring in which every side stands together, with as few moves as possible.
///
/// Without sides it is the order of members.
pub(crate) fn ring_order(count: usize, sides: &[Vec<NodeId>]) -> Vec<usize> {
    let home: Vec<usize> = (0..count).collect();
    let known = sides.iter().map(Vec::len).sum::<usize>() == count;
    if sides.len() < 2 || !known {
        return home;
    }
    let mut best = home.clone();
    let mut least = usize::MAX;
    for chain in permutations(sides.len()) {
        let line: Vec<usize> = chain.iter().flat_map(|&side| around(count, &sides[side])).collect();
        for shift in 0..count {
            let order: Vec<usize> = (0..count).map(|slot| line[(slot + shift) % count]).collect();
            let moved = distance(&order);
            if moved < least {
                (best, least) = (order, moved);
            }
        }
    }
    best
}

/// A side in the order in which it stands around the ring at home: it begins after its widest gap.
fn around(count: usize, side: &[NodeId]) -> Vec<usize> {
    let nodes: Vec<usize> = side.iter().map(|node| node.index()).collect();
    let mut nodes = sorted(&nodes, |node| [*node as u64, 0, 0]);
    let before = |at: usize| nodes[(at + nodes.len() - 1) % nodes.len()];
    let gap = |at: &usize| (nodes[*at] + count - before(*at)) % count;
    let first = (0..nodes.len()).rev().max_by_key(gap).unwrap_or(0);
    nodes.rotate_left(first);
    nodes
}

/// How far all nodes are from their home slots, around the ring, in squares.
fn distance(order: &[usize]) -> usize {
    let count = order.len();
    let away = |(slot, &node): (usize, &usize)| {
        let steps = slot.abs_diff(node);
        let steps = steps.min(count - steps);
        steps * steps
    };
    order.iter().enumerate().map(away).sum()
}

/// All orders of `count` things; past five only the one they have.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count > 5 {
        return vec![(0..count).collect()];
    }
    let mut all = vec![vec![]];
    for thing in 0..count {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |place| {
                    let mut longer = order.clone();
                    longer.insert(place, thing);
                    longer
                })
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(nodes: &[u32]) -> Vec<NodeId> {
        nodes.iter().map(|&node| NodeId(node - 1)).collect()
    }

    #[test]
    fn sides_that_stand_together_move_nobody() {
        let order = ring_order(5, &[side(&[1, 2, 5]), side(&[3, 4])]);
        assert_eq!(order, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn scattered_sides_are_brought_together() {
        let order = ring_order(5, &[side(&[1, 3]), side(&[2, 4, 5])]);
        let place = |node: usize| order.iter().position(|&at| at == node).expect("all are there");
        let apart = place(0).abs_diff(place(2));
        assert!(apart == 1 || apart == 4, "{order:?}");
    }

    #[test]
    fn nodes_never_overlap() {
        for (width, height) in [(752.0, 632.0), (390.0, 420.0), (320.0, 260.0), (640.0, 300.0)] {
            for count in 1..=9_usize {
                let room = Room { width, height, left: 0.0, top: 40.0, bottom: 0.0 };
                let layout = place(room, &(0..count).collect::<Vec<_>>());
                for a in 0..count {
                    for b in 0..a {
                        let gap = (layout.places[a] - layout.places[b]).length();
                        assert!(gap > layout.radius * 2.0, "{count} on {width}×{height}");
                    }
                }
            }
        }
    }
}
