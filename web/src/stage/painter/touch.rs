//! What the pointer finds on the stage, what a stroke would do, and where actions have room.

use super::Painter;
use super::ties::{is_linked, link_states};
use crate::act::Selection;
use crate::draw::node::Reach;
use crate::draw::{self, add, link};
use crate::geometry::{Point, distance_to_line, nearest_on_segment};
use crate::gesture::{self, Stroke};
use crate::lab::{MessageName, NodeId};

/// How near a click must be, in pixels: to a message, to the fault line, to a link.
const NEAR_MESSAGE: f32 = 20.0;
const NEAR_FAULT: f32 = 10.0;
const NEAR_LINK: f32 = 9.0;
/// How far actions keep from what they are about, and from the edge of the stage, in pixels.
const GAP: f32 = 8.0;

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

    /// Where what is selected stands, and how far it reaches.
    fn about(&self, selection: Selection) -> Option<(Point, Reach)> {
        match selection {
            Selection::Node(node) => {
                let place = self.places.get(node.index())?;
                Some((*place, self.nodes.get(node.index())?.reach()))
            }
            Selection::Message(name) => {
                let found = self.messages.iter().find(|(known, ..)| *known == name)?;
                Some((found.2, Reach::around(12.0)))
            }
            Selection::Link(a, b) => {
                let (start, end) = self.rims(a.index(), b.index());
                Some((start.towards(end, 0.5), Reach::around(8.0)))
            }
        }
    }

    /// Where a frame of this size stands beside the selection and hides the least.
    ///
    /// A frame as wide as the stage is a bar: it stands at the foot, or at the head if what it is
    /// about is at the foot.
    pub(crate) fn free_corner(&self, selection: Selection, size: Point) -> Option<Point> {
        let (anchor, reach) = self.about(selection)?;
        let (highest, lowest) = (self.room.top + GAP, self.room.height - size.y - GAP);
        let rightmost = self.room.width - size.x - GAP;
        if rightmost <= GAP * 2.0 {
            let hidden = anchor.y + reach.below > lowest;
            return Some(Point::new(GAP, if hidden { highest } else { lowest }));
        }
        let (left, right) = (anchor.x - reach.left - GAP - size.x, anchor.x + reach.right + GAP);
        let (above, below) = (anchor.y - reach.above - GAP - size.y, anchor.y + reach.below + GAP);
        let outward = (anchor - self.layout.middle).unit();
        let cost = |corner: &Point| {
            let middle = *corner + size * 0.5;
            let covers = |place: &&Point| {
                let apart = **place - middle;
                apart.x.abs() < size.x * 0.5 + self.layout.radius
                    && apart.y.abs() < size.y * 0.5 + self.layout.radius
            };
            // What the frame is about must stay in sight, whatever else it hides.
            let beside = corner.x <= left || corner.x >= right;
            let own = if beside || corner.y <= above || corner.y >= below { 0.0 } else { 1_000.0 };
            let others = self.places.iter().filter(covers).count() as f32;
            let away = middle - anchor;
            own + others * 100.0 + away.length() / 40.0 - away.unit().dot(outward)
        };
        // On each of the four sides, level with the anchor or slid along it either way.
        (0..=8)
            .map(|step| size * (step as f32 / -8.0))
            .flat_map(|slid| {
                let (x, y) = (anchor.x + slid.x, anchor.y + slid.y);
                [(left, y), (right, y), (x, above), (x, below)]
            })
            .map(|(x, y)| Point::new(x.min(rightmost).max(GAP), y.min(lowest).max(highest)))
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
    }
}
