//! The painter: keeps the elements of the stage in step with the scene, frame by frame.

mod lanes;
mod ties;
mod touch;

pub(crate) use ties::{EVERY_LINK, LINKS_MOST, link_state};
pub(crate) use touch::Hit;

use crate::act::Selection;
use crate::bands::{self, Band};
use crate::draw::{self, add, fault, link, message, node};
use crate::fault::fault as fault_between;
use crate::geometry::Point;
use crate::lab::{MessageName, NodeId, Scene, SceneMessage};
use crate::layout::{Layout, Room, WRITTEN_OUT, place, ring_order};
use crate::order::sorted;
use lanes::{Lane, lanes};
use ties::{Pair, link_states, pairs};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long nodes take to change places, in milliseconds.
const MOVE_MS: f64 = 450.0;
/// How far from a disc messages begin and end, in pixels.
const MESSAGE_GAP: f32 = 15.0;
/// The angles between which a message to its sender goes round it: between the badge and the strip.
const LOOP: (f32, f32) = (-0.2, 0.9);
/// How far outside the stage the fault line ends, in pixels.
const REACH: f32 = 2_400.0;

/// The elements of the stage and where they stand.
pub(crate) struct Painter {
    svg: Element,
    layers: Layers,
    /// One button for each node, in the same order, once they are there.
    buttons: Option<Element>,
    room: Room,
    plan: Plan,
    /// How many nodes and which sides the plan was made for.
    planned_for: Option<(usize, Vec<Vec<NodeId>>)>,
    layout: Layout,
    start: Vec<Point>,
    moved_at: Option<f64>,
    places: Vec<Point>,
    nodes: Vec<node::Figure>,
    links: Vec<link::Figure>,
    /// The two ends of each link, in the order of `links`.
    pairs: Vec<Pair>,
    /// In the order of their names.
    messages: Vec<(MessageName, message::Figure, Point)>,
    fault: fault::Figure,
    /// The sides and places for which the fault line was drawn.
    parted: (Vec<Vec<usize>>, Vec<Point>),
    scene: Scene,
    selection: Option<Selection>,
    still: bool,
    followed: Vec<Point>,
}

/// Who stands where, before it is known how much room there is.
#[derive(Clone, PartialEq, Debug)]
enum Plan {
    /// In a ring, in this order.
    Ring(Vec<usize>),
    /// In bands, the sides of a partition together.
    Bands(Vec<Band>, Vec<Vec<usize>>),
}

struct Layers {
    links: Element,
    joined: Element,
    nodes: Element,
    messages: Element,
    preview: Element,
    stroke: Element,
}

impl Painter {
    /// Paints into `svg`.
    pub(crate) fn new(svg: &Element, still: bool) -> Self {
        let areas = add(svg, "g", "areas");
        let links = add(svg, "g", "links");
        let lines = add(svg, "g", "fault");
        let joined = add(svg, "path", "joined");
        Self {
            svg: svg.clone(),
            layers: Layers {
                links,
                joined,
                preview: add(svg, "g", "preview"),
                nodes: add(svg, "g", "nodes"),
                messages: add(svg, "g", "messages"),
                stroke: add(svg, "path", "stroke"),
            },
            buttons: None,
            room: Room::default(),
            plan: Plan::Ring(vec![]),
            planned_for: None,
            layout: Layout::default(),
            start: vec![],
            moved_at: None,
            places: vec![],
            nodes: vec![],
            links: vec![],
            pairs: vec![],
            messages: vec![],
            fault: fault::Figure::new(areas, lines),
            parted: (vec![], vec![]),
            scene: Scene::default(),
            selection: None,
            still,
            followed: vec![],
        }
    }

    /// The element it paints into.
    pub(crate) fn svg(&self) -> Element {
        self.svg.clone()
    }

    /// Takes the buttons along that stand where the nodes are.
    pub(crate) fn take_along(&mut self, buttons: Element) {
        self.buttons = Some(buttons);
        self.followed.clear();
    }

    /// Takes everything off the stage.
    pub(crate) fn clear(&mut self) {
        self.nodes.drain(..).for_each(|figure| figure.remove());
        self.links.drain(..).for_each(|figure| figure.remove());
        self.messages.drain(..).for_each(|(_, figure, _)| figure.remove());
        self.plan = Plan::Ring(vec![]);
        self.planned_for = None;
        self.layout = Layout::default();
        self.selection = None;
        self.followed.clear();
    }

    /// Gives the stage another size.
    pub(crate) fn resize(&mut self, room: Room) {
        if self.room != room {
            self.room = room;
            (self.plan, self.layout) = self.planned(&self.scene);
            self.moved_at = None;
            self.places.clone_from(&self.layout.places);
        }
    }

    /// Shows what is selected; nodes at once, since where actions have room hangs on their strips.
    pub(crate) fn select(&mut self, selection: Option<Selection>) {
        if self.selection != selection {
            self.selection = selection;
            self.draw_nodes();
        }
    }

    /// Draws a scene; says whether the picture goes on moving by itself.
    pub(crate) fn draw(&mut self, scene: Scene, now_ms: f64) -> bool {
        self.arrange(&scene, now_ms);
        let moving = self.travel(now_ms);
        self.scene = scene;
        self.draw_fault();
        self.draw_links();
        self.draw_nodes();
        self.draw_messages();
        self.follow_with_buttons();
        moving
    }

    /// Decides who stands where; a new order is reached by moving.
    fn arrange(&mut self, scene: &Scene, now_ms: f64) {
        let known = self.planned_for.as_ref();
        if known.is_some_and(|(count, sides)| (*count, sides) == (scene.nodes.len(), &scene.sides))
        {
            return;
        }
        self.planned_for = Some((scene.nodes.len(), scene.sides.clone()));
        let (plan, layout) = self.planned(scene);
        if plan == self.plan {
            return;
        }
        let grown = layout.places.len() != self.layout.places.len();
        (self.plan, self.layout) = (plan, layout);
        if grown {
            self.pairs = pairs(scene, None);
        }
        if grown || self.still {
            self.places.clone_from(&self.layout.places);
        } else {
            self.start.clone_from(&self.places);
            self.moved_at = Some(now_ms);
        }
    }

    /// Groups in bands if there are several and the sides of a partition can be parted there.
    fn planned(&self, scene: &Scene) -> (Plan, Layout) {
        let sides = sides(scene);
        if let Some(bands) = bands::bands(scene)
            && let Some(layout) = bands::place(self.room, &bands, &sides)
        {
            return (Plan::Bands(bands, sides), layout);
        }
        let order = ring_order(scene.nodes.len(), &scene.sides);
        let layout = place(self.room, &order);
        (Plan::Ring(order), layout)
    }

    fn travel(&mut self, now_ms: f64) -> bool {
        let Some(since) = self.moved_at else { return false };
        let share = ((now_ms - since) / MOVE_MS).clamp(0.0, 1.0) as f32;
        let eased = share * share * (3.0 - 2.0 * share);
        self.places = self
            .start
            .iter()
            .zip(&self.layout.places)
            .map(|(start, end)| start.towards(*end, eased))
            .collect();
        if share >= 1.0 {
            self.moved_at = None;
        }
        self.moved_at.is_some()
    }

    fn draw_fault(&mut self) {
        let sides = sides(&self.scene);
        // While nodes change places no line parts them: it appears when they have arrived.
        let sides = if self.moved_at.is_some() { &[] } else { sides.as_slice() };
        let known = &self.parted;
        if (known.0.as_slice(), known.1.as_slice()) == (sides, self.places.as_slice()) {
            return;
        }
        let (middle, radius) = (self.layout.middle, self.layout.radius);
        self.fault.update(fault_between(sides, &self.places, middle, radius, REACH));
        self.parted = (sides.to_vec(), self.places.clone());
    }

    fn draw_links(&mut self) {
        if self.places.len() > EVERY_LINK {
            self.pairs = pairs(&self.scene, self.selection);
        }
        let wanted = self.pairs.len();
        while self.links.len() < wanted {
            self.links.push(link::Figure::new(&self.layers.links));
        }
        self.links.drain(wanted..).for_each(|figure| figure.remove());
        draw::toggle(&self.layers.links, "many", self.places.len() > WRITTEN_OUT);
        let state = link_states(&self.scene);
        for (index, &(a, b)) in self.pairs.iter().enumerate() {
            let bond = self.scene.bond(self.scene.nodes[a].id, self.scene.nodes[b].id);
            let selected = self.link_is_selected(a, b);
            let ends = self.rims(a, b);
            self.links[index].update(ends, state(a, b), bond, selected);
        }
    }

    fn draw_nodes(&mut self) {
        while self.nodes.len() < self.scene.nodes.len() {
            self.nodes.push(node::Figure::new(&self.layers.nodes));
        }
        self.nodes.drain(self.scene.nodes.len()..).for_each(|figure| figure.remove());
        let many = self.scene.nodes.len() > WRITTEN_OUT;
        let mut accused = vec![];
        for (node, (figure, place)) in
            self.scene.nodes.iter().zip(self.nodes.iter_mut().zip(&self.places))
        {
            let selected = self.selection == Some(Selection::Node(node.id));
            let Layout { radius, cells, .. } = self.layout;
            let brief = many && !selected;
            figure.update(node, node::Dress { radius, selected, cells, brief });
            figure.place(*place, self.room.width);
            if node.witness {
                accused.push(*place);
            }
        }
        let joined = if accused.len() > 1 { draw::path(&accused, true) } else { String::new() };
        draw::set(&self.layers.joined, "d", &joined);
    }

    fn draw_messages(&mut self) {
        let lanes = lanes(&self.scene.messages, |from, to| {
            if from == to {
                return self.loop_length();
            }
            let (start, end) = self.ends(from, to, MESSAGE_GAP);
            (end - start).length()
        });
        let order: Vec<usize> = (0..self.scene.messages.len()).collect();
        let order = sorted(&order, |index| as_numbers(self.scene.messages[*index].name));
        let mut known = std::mem::take(&mut self.messages).into_iter().peekable();
        for index in order {
            let message = &self.scene.messages[index];
            while let Some((_, figure, _)) = known.next_if(|(name, ..)| *name < message.name) {
                figure.remove();
            }
            let same = known.next_if(|(name, ..)| *name == message.name);
            let mut figure = same
                .map_or_else(|| message::Figure::new(&self.layers.messages, message), |it| it.1);
            let path = self.message_path(message, lanes[index]);
            let selected = self.selection == Some(Selection::Message(message.name));
            figure.update(path, message.fate, selected);
            self.messages.push((message.name, figure, path.place));
        }
        known.for_each(|(_, figure, _)| figure.remove());
    }

    /// Where a message is: to the right of the link, further out if others are near it.
    fn message_path(&self, message: &SceneMessage, lane: Lane) -> message::Path {
        let (from, to) = (message.name.from.index(), message.name.to.index());
        if from == to {
            return self.path_around(from, message.progress, lane);
        }
        let (start, end) = self.ends(from, to, MESSAGE_GAP);
        let along = end - start;
        let direction = along.unit();
        let aside = direction.turned() * (7.0 + 23.0 * lane.place as f32);
        let place = start + along * message.progress + aside;
        let travelled = along.length() * message.progress;
        message::Path { place, direction, travelled, pile: lane.pile }
    }

    /// Where a message to its sender is: on the free side of the rim, from the right downwards.
    fn path_around(&self, node: usize, progress: f32, lane: Lane) -> message::Path {
        let spoke = Point::at_angle(LOOP.0 + (LOOP.1 - LOOP.0) * progress);
        let reach = self.layout.radius + MESSAGE_GAP + 23.0 * lane.place as f32;
        let travelled = self.loop_length() * progress;
        let place = self.places.get(node).copied().unwrap_or_default() + spoke * reach;
        message::Path { place, direction: spoke.turned(), travelled, pile: lane.pile }
    }

    fn loop_length(&self) -> f32 {
        (LOOP.1 - LOOP.0) * (self.layout.radius + MESSAGE_GAP)
    }

    /// The link from one disc to another, without the discs.
    fn rims(&self, a: usize, b: usize) -> (Point, Point) {
        self.ends(a, b, 3.0)
    }

    /// Points on the link from one disc to another, so far away from both.
    fn ends(&self, a: usize, b: usize, gap: f32) -> (Point, Point) {
        let place = |node: usize| self.places.get(node).copied().unwrap_or_default();
        let (start, end) = (place(a), place(b));
        let inset = (end - start).unit() * (self.layout.radius + gap);
        (start + inset, end - inset)
    }

    fn link_is_selected(&self, a: usize, b: usize) -> bool {
        matches!(self.selection, Some(Selection::Link(one, other))
            if (one.index(), other.index()) == (a, b) || (other.index(), one.index()) == (a, b))
    }

    /// Keeps the buttons of the nodes where the nodes are.
    fn follow_with_buttons(&mut self) {
        let Some(buttons) = &self.buttons else { return };
        let items = buttons.children();
        if self.followed == self.places || (items.length() as usize) < self.places.len() {
            return;
        }
        for (index, place) in self.places.iter().enumerate() {
            let item = items.item(index as u32).and_then(|item| item.dyn_into().ok());
            let Some(item) = item else { continue };
            let item: HtmlElement = item;
            let mut place_text = String::from("translate(");
            draw::write(&mut place_text, place.x);
            place_text.push_str("px,");
            draw::write(&mut place_text, place.y);
            place_text.push_str("px)");
            // Only fails for properties that are read-only.
            let _ = item.style().set_property("transform", &place_text);
        }
        self.followed.clone_from(&self.places);
    }
}

/// Numbers in whose order names stand.
fn as_numbers(name: MessageName) -> [u64; 3] {
    let two = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    let MessageName { from, to, sent_us, ordinal, copy } = name;
    [two(from.0, to.0), sent_us.0, two(ordinal.into(), copy.into())]
}

/// The sides of the partition, as indices.
fn sides(scene: &Scene) -> Vec<Vec<usize>> {
    let indices = |side: &Vec<NodeId>| side.iter().map(|node| node.index()).collect();
    scene.sides.iter().map(indices).collect()
}
