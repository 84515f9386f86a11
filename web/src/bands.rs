//! Members of unequal groups (proposers, acceptors, learners; clients and servers): each group has
//! a band, side by side on a wide stage and below one another on a tall one.

use crate::fault;
use crate::geometry::Point;
use crate::lab::Scene;
use crate::layout::{ABOVE, BELOW, BESIDE, Layout, RADIUS, Room, cells, wanted};
use core::f32::consts::{FRAC_PI_2, TAU};

/// A ring needs so much more room than a row.
const RING: f32 = 2.2;
/// The arc of a timer and the gap beyond it, in pixels.
const RIM: f32 = 8.0;

/// One group.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Band {
    /// Its members, as indices, in their order.
    members: Vec<usize>,
    /// Whether they speak to one another: then they stand in a ring, or their links would cover
    /// one another.
    ring: bool,
}

/// The groups of a scene, if there is more than one.
pub(crate) fn bands(scene: &Scene) -> Option<Vec<Band>> {
    let mut order: Vec<usize> = (0..scene.nodes.len()).collect();
    order.sort_by_key(|&node| (scene.nodes[node].group, scene.nodes[node].rank));
    let same = |a: &usize, b: &usize| scene.nodes[*a].group == scene.nodes[*b].group;
    let strangers = |a: usize, b: usize| {
        let (a, b) = (scene.nodes[a].id, scene.nodes[b].id);
        scene.apart.contains(&(a.min(b), a.max(b)))
    };
    let band = |members: &[usize]| {
        let ring = members.len() > 2 && !strangers(members[0], members[1]);
        Band { members: members.to_vec(), ring }
    };
    let bands: Vec<Band> = order.chunk_by(same).map(band).collect();
    (bands.len() > 1).then_some(bands)
}

/// Places the bands; nothing if no line could part the sides of a partition then.
pub(crate) fn place(room: Room, bands: &[Band], sides: &[Vec<usize>]) -> Option<Layout> {
    let side = |node: usize| sides.iter().position(|side| side.contains(&node));
    let bands: Vec<Band> = bands
        .iter()
        .map(|band| {
            let mut members = band.members.clone();
            // Each side stands together, at the same end of every band.
            members.sort_by_key(|&node| side(node));
            Band { members, ring: band.ring }
        })
        .collect();
    let wide = room.width >= room.height - room.top;
    let top = room.top + ABOVE;
    let height = (room.height - top - BELOW - room.bottom).max(60.0);
    let width = room.width - room.left;
    let (along, across) = if wide { (width, height) } else { (height, width) };
    let shares: f32 = bands.iter().map(share).sum();
    let radius = radius(&bands, wanted(room), along / shares, across, wide);
    let count = bands.iter().map(|band| band.members.len()).sum();
    let mut places = vec![Point::default(); count];
    let mut begin = 0.0;
    for band in &bands {
        let depth = share(band) * along / shares;
        let heart = begin + depth / 2.0;
        begin += depth;
        for (&node, (forward, aside)) in band.members.iter().zip(spots(band, depth, across, radius))
        {
            let (x, y) = (heart + forward, across / 2.0 + aside);
            let (right, down) = if wide { (x, y) } else { (y, x) };
            places[node] = Point::new(room.left + right, top + down);
        }
    }
    let middle = Point::new(room.left + width / 2.0, top + height / 2.0);
    let layout = Layout { cells: cells(&places), places, radius, middle };
    fault::can_part(sides, &layout.places).then_some(layout)
}

fn share(band: &Band) -> f32 {
    if band.ring { RING } else { 1.0 }
}

/// The largest radius with which nobody touches anybody.
fn radius(bands: &[Band], wanted: f32, depth: f32, across: f32, wide: bool) -> f32 {
    let margin = if wide { f32::midpoint(ABOVE, BELOW) } else { BESIDE * 0.6 };
    let fits = |band: &Band| {
        let places = if band.ring { 2 + band.members.len() / 3 } else { band.members.len() };
        across / places as f32 / 2.0 - margin
    };
    let deep = depth / 2.0 - if wide { BESIDE } else { f32::midpoint(ABOVE, BELOW) };
    bands.iter().map(fits).fold(wanted.min(deep), f32::min).max(RADIUS.1)
}

/// Where the members of a band stand, from its heart: along the row of bands, and across it.
fn spots(band: &Band, depth: f32, across: f32, radius: f32) -> Vec<(f32, f32)> {
    let count = band.members.len() as f32;
    let spot = |index: usize| {
        let index = index as f32;
        if band.ring {
            let spoke = Point::at_angle(index / count * TAU - FRAC_PI_2);
            let reach = (depth / 2.0 - radius - BESIDE).max(radius);
            let width = (across / 2.0 - radius - BESIDE / 2.0).clamp(radius, reach * 1.5);
            return (spoke.x * reach.min(width * 1.5), spoke.y * width);
        }
        let step = (across / count).min(radius * 6.0);
        // Where a row is too short its members stand on two sides of it in turn.
        let needed = (radius + RIM) * 2.0;
        let reach = (depth - needed).max(0.0);
        let apart = (needed * needed - step * step).max(0.0).sqrt().min(reach);
        let forward = if index.rem_euclid(2.0) < 1.0 { -apart } else { apart } / 2.0;
        (forward, (index - (count - 1.0) / 2.0) * step)
    };
    (0..band.members.len()).map(spot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(members: &[usize]) -> Band {
        Band { members: members.to_vec(), ring: false }
    }

    #[test]
    fn groups_stand_side_by_side_and_nobody_overlaps() {
        let paxos = vec![row(&[0, 1]), row(&[2, 3, 4]), row(&[5])];
        let fast = vec![row(&[0, 1]), row(&[2, 3]), row(&[4, 5, 6, 7, 8]), row(&[9])];
        let sizes =
            [(728.0, 583.0), (390.0, 518.0), (640.0, 306.0), (320.0, 280.0), (320.0, 241.0)];
        for (bands, (width, height)) in
            [paxos, fast].iter().flat_map(|bands| sizes.map(|size| (bands, size)))
        {
            let room = Room { width, height, left: 0.0, top: 44.0, bottom: 12.0 };
            let layout = place(room, bands, &[]).expect("nobody is parted");
            for a in 0..layout.places.len() {
                let at = layout.places[a];
                assert!(at.x > layout.radius && at.x < width - layout.radius, "{a} on {width}");
                assert!(
                    at.y > 44.0 + layout.radius && at.y < height - layout.radius,
                    "{a}: {at:?}"
                );
                for b in 0..a {
                    let gap = (at - layout.places[b]).length();
                    assert!(gap > layout.radius * 2.0, "{a} and {b} on {width}×{height}");
                }
            }
        }
    }

    #[test]
    fn a_side_that_no_line_can_part_is_left_to_the_ring() {
        let room = Room { width: 728.0, height: 583.0, left: 0.0, top: 44.0, bottom: 12.0 };
        let bands = [row(&[0, 1]), row(&[2, 3, 4]), row(&[5])];
        assert!(place(room, &bands, &[vec![0, 2, 3], vec![1, 4, 5]]).is_some());
        let apart = [row(&[0]), row(&[1]), row(&[2])];
        assert!(place(room, &apart, &[vec![0, 2], vec![1]]).is_none());
    }
}
