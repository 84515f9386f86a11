//! What the pointer finds on the stage, what a stroke would do, and where actions have room.

use super::Painter;
use super::ties::{is_linked, link_states};
use crate::act::Selection;
use crate::draw::{self, add, link};
use crate::geometry::{Point, distance_to_line, nearest_on_segment};
use crate::gesture::{self, Stroke};
use crate::lab::{MessageName, NodeId};

/// How near a click must be, in pixels: to a message, to the fault line, to a link.
const NEAR_MESSAGE: f32 = 20.0;
const NEAR_FAULT: f32 = 10.0;
const NEAR_LINK: f32 = 9.0;
/// What is under a point of the stage, where no node is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Hit {
    /// A message.
    Message(MessageName),
    /// The fault line.
    Fault,
    /// A link.
    Link(NodeId, NodeId),
    /// Nothing.
    Nothing,
}

impl Painter {
    /// Reads a stroke and shows what it would do.
    pub(crate) fn preview(&self, stroke: &[Point]) -> Stroke {
        let layer = &self.layers.preview;
        layer.set_text_content(None);
        draw::set(&self.layers.stroke, "d", &draw::path(stroke, false));
        if stroke.len() < 2 {
            return Stroke::Nothing;
        }
        let state = link_states(&self.scene);
        let open = |a, b| is_linked(&self.scene, a, b) && state(a, b) == link::State::Open;
        let meaning = gesture::read(stroke, &self.places, open);
        if let Stroke::Sides(sides) = &meaning {
            for (side, members) in sides.iter().enumerate() {
                for &member in members {
                    let class = ["side s0", "side s1", "side s2", "side s3"][side % 4];
                    let disc = add(layer, "circle", class);
                    draw::move_to(&disc, self.places[member]);
                    draw::set_number(&disc, "r", self.layout.radius + 17.0);
                }
            }
        }
        if let Stroke::Links(links) = &meaning {
            for &(a, b) in links {
                let (start, end) = self.rims(a, b);
                draw::set_ends(&add(layer, "line", "doomed"), start, end);
            }
        }
        meaning
    }

    /// What is under a point, where no node is.
    pub(crate) fn hit(&self, point: Point) -> Hit {
        let distance = |stands: Point| (stands - point).length();
        let nearest = self
            .messages
            .iter()
            .map(|(name, _, stands)| (distance(*stands), *name))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((gap, name)) = nearest
            && gap < NEAR_MESSAGE
        {
            return Hit::Message(name);
        }
        if self.fault.lines().iter().any(|line| distance_to_line(point, line) < NEAR_FAULT) {
            return Hit::Fault;
        }
        self.pairs
            .iter()
            .map(|&(a, b)| {
                let (start, end) = self.rims(a, b);
                (distance(nearest_on_segment(point, start, end)), a, b)
            })
            .filter(|(gap, ..)| *gap < NEAR_LINK)
            .min_by(|one, other| one.0.total_cmp(&other.0))
            .map_or(Hit::Nothing, |(_, a, b)| {
                Hit::Link(self.scene.nodes[a].id, self.scene.nodes[b].id)
            })
    }

    /// Where what is selected stands, and how far from there its actions should keep.
    pub(crate) fn anchor(&self, selection: Selection) -> Option<(Point, f32)> {
        match selection {
            Selection::Node(node) => {
                let place = self.places.get(node.index())?;
                Some((*place, self.layout.radius + 22.0))
            }
            Selection::Message(name) => {
                let found = self.messages.iter().find(|(known, ..)| *known == name)?;
                Some((found.2, 20.0))
            }
            Selection::Link(a, b) => {
                let (start, end) = self.rims(a.index(), b.index());
                Some((start.towards(end, 0.5), 16.0))
            }
        }
    }

    /// Where a frame of this size stands beside the selection and covers the fewest nodes.
    pub(crate) fn free_corner(
        &self,
        selection: Selection,
        size: Point,
        margin: f32,
    ) -> Option<Point> {
        let (anchor, gap) = self.anchor(selection)?;
        let half = size * 0.5;
        let below = if matches!(selection, Selection::Node(_)) { 14.0 } else { 0.0 };
        let centres = [
            anchor + Point::new(gap + half.x, 0.0),
            anchor - Point::new(gap + half.x, 0.0),
            anchor + Point::new(0.0, gap + below + half.y),
            anchor - Point::new(0.0, gap + half.y),
        ];
        let outward = anchor - self.layout.middle;
        let cost = |corner: &Point| {
            let middle = *corner + half;
            let covered = |place: &&Point| {
                let away = **place - middle;
                away.x.abs() < half.x + self.layout.radius
                    && away.y.abs() < half.y + self.layout.radius
            };
            let covers = self.places.iter().filter(covered).count() as f32;
            covers * 100.0 - (middle - anchor).unit().dot(outward.unit())
        };
        let clamp = |value: f32, most: f32| value.clamp(margin, most.max(margin));
        centres
            .into_iter()
            .map(|centre| {
                Point::new(
                    clamp(centre.x - half.x, self.room.width - size.x - margin),
                    clamp(centre.y - half.y, self.room.height - size.y - margin).max(self.room.top),
                )
            })
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
    }
}
