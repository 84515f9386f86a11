//! Members of unequal groups (proposers, acceptors, learners; clients and servers): each group has
//! a band, side by side on a wide stage and below one another on a tall one.

use crate::fault;
use crate::geometry::Point;
use crate::lab::Scene;
use crate::layout::{ABOVE, BELOW, BESIDE, Layout, RADIUS, Room, cells, wanted};
use crate::order::sorted;
use core::f32::consts::{FRAC_PI_2, TAU};

/// A ring, and a row in two lines, need so much more room than a row.
const RING: f32 = 2.2;
const LINES: f32 = 1.4;
/// So many stand in one line.
const ONE_LINE: usize = 3;
/// The arc of a timer and the gap beyond it, in pixels.
const RIM: f32 = 8.0;

/// One group.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Band {
    /// Its members, as indices, in their order.
    members: Vec<usize>,
    form: Form,
}

/// How a group stands.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    /// Beside one another.
    Row,
    /// In two lines in turn, since one would make many of them small.
    Lines,
    /// They speak to one another, and in a row their links would cover one another.
    Ring,
}

/// The groups of a scene, if there is more than one.
pub(crate) fn bands(scene: &Scene) -> Option<Vec<Band>> {
    let order: Vec<usize> = (0..scene.nodes.len()).collect();
    let place = |node: &usize| [scene.nodes[*node].group, scene.nodes[*node].rank, 0];
    let order = sorted(&order, |node| place(node).map(u64::from));
    let same = |a: &usize, b: &usize| scene.nodes[*a].group == scene.nodes[*b].group;
    let strangers = |a: usize, b: usize| {
        let (a, b) = (scene.nodes[a].id, scene.nodes[b].id);
        scene.apart.contains(&(a.min(b), a.max(b)))
    };
    let band = |members: &[usize]| {
        let form = if members.len() > 2 && !strangers(members[0], members[1]) {
            Form::Ring
        } else if members.len() > ONE_LINE {
            Form::Lines
        } else {
            Form::Row
        };
        Band { members: members.to_vec(), form }
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
            // Each side stands together, at the same end of every band.
            let side = |node: &usize| side(*node).map_or(0, |side| side as u64 + 1);
            let members = sorted(&band.members, |node| [side(node), 0, 0]);
            Band { members, form: band.form }
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
    match band.form {
        Form::Row => 1.0,
        Form::Lines => LINES,
        Form::Ring => RING,
    }
}

/// The largest radius with which nobody touches anybody.
fn radius(bands: &[Band], wanted: f32, depth: f32, across: f32, wide: bool) -> f32 {
    let margin = if wide { f32::midpoint(ABOVE, BELOW) } else { BESIDE * 0.6 };
    let fits = |band: &Band| {
        let count = band.members.len() as f32;
        match band.form {
            Form::Row => across / count / 2.0 - margin,
            Form::Lines => (across / count - margin).min(depth * LINES / 4.0 - RIM),
            Form::Ring => across / (2.0 + (count / 3.0).floor()) / 2.0 - margin,
        }
    };
    let deep = depth / 2.0 - if wide { BESIDE } else { f32::midpoint(ABOVE, BELOW) };
    bands.iter().map(fits).fold(wanted.min(deep), f32::min).max(RADIUS.1)
}

/// Where the members of a band stand, from its heart: along the row of bands, and across it.
fn spots(band: &Band, depth: f32, across: f32, radius: f32) -> Vec<(f32, f32)> {
    let count = band.members.len() as f32;
    let step = (across / count).min(radius * 6.0);
    let spot = |index: usize| {
        let place = index as f32 - (count - 1.0) / 2.0;
        match band.form {
            Form::Row => (0.0, place * step),
            Form::Lines => {
                let apart = depth / 2.0 * if index.is_multiple_of(2) { -0.5 } else { 0.5 };
                (apart, place * step)
            }
            Form::Ring => {
                let spoke = Point::at_angle(index as f32 / count * TAU - FRAC_PI_2);
                let reach = (depth / 2.0 - radius - BESIDE).max(radius);
                let width = (across / 2.0 - radius - BESIDE / 2.0).max(radius).min(reach * 1.5);
                (spoke.x * reach.min(width * 1.5), spoke.y * width)
            }
        }
    };
    (0..band.members.len()).map(spot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(members: &[usize]) -> Band {
        let form = if members.len() > ONE_LINE { Form::Lines } else { Form::Row };
        Band { members: members.to_vec(), form }
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
