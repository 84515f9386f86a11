//! The painter: keeps the elements of the stage in step with the scene, frame by frame.

mod touch;

pub(crate) use touch::Hit;

use crate::act::Selection;
use crate::draw::{self, add, fault, link, message, node};
use crate::fault::fault as fault_between;
use crate::geometry::Point;
use crate::lab::{MessageName, NodeId, Scene, SceneMessage};
use crate::layout::{Layout, Room, WRITTEN_OUT, place, ring_order};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// How long nodes take to change places, in milliseconds.
const MOVE_MS: f64 = 450.0;
/// How far from a disc messages begin and end, in pixels.
const MESSAGE_GAP: f32 = 15.0;
/// How far outside the stage the fault line ends, in pixels.
const REACH: f32 = 2_400.0;

/// The elements of the stage and where they stand.
pub(crate) struct Painter {
    svg: Element,
    layers: Layers,
    /// One button for each node, in the same order, once they are there.
    buttons: Option<Element>,
    room: Room,
    order: Vec<usize>,
    layout: Layout,
    start: Vec<Point>,
    moved_at: Option<f64>,
    places: Vec<Point>,
    nodes: Vec<node::Figure>,
    links: Vec<link::Figure>,
    messages: Vec<(MessageName, message::Figure, Point)>,
    fault: fault::Figure,
    scene: Scene,
    selection: Option<Selection>,
    still: bool,
    followed: Vec<Point>,
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
            order: vec![],
            layout: Layout::default(),
            start: vec![],
            moved_at: None,
            places: vec![],
            nodes: vec![],
            links: vec![],
            messages: vec![],
            fault: fault::Figure::new(areas, lines),
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
        self.order.clear();
        self.layout = Layout::default();
        self.selection = None;
        self.followed.clear();
    }

    /// Gives the stage another size.
    pub(crate) fn resize(&mut self, room: Room) {
        if self.room != room {
            self.room = room;
            self.layout = place(room, &self.order);
            self.moved_at = None;
            self.places.clone_from(&self.layout.places);
        }
    }

    /// Shows what is selected.
    pub(crate) fn select(&mut self, selection: Option<Selection>) {
        self.selection = selection;
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
        let order = ring_order(scene.nodes.len(), &scene.sides);
        if order == self.order {
            return;
        }
        let grown = order.len() != self.order.len();
        self.order = order;
        self.layout = place(self.room, &self.order);
        if grown || self.still {
            self.places.clone_from(&self.layout.places);
        } else {
            self.start.clone_from(&self.places);
            self.moved_at = Some(now_ms);
        }
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
        let sides: Vec<Vec<usize>> = self.sides();
        // While nodes change places no line parts them: it appears when they have arrived.
        let sides = if self.moved_at.is_some() { &[] } else { sides.as_slice() };
        let (middle, radius) = (self.layout.middle, self.layout.radius);
        self.fault.update(fault_between(sides, &self.places, middle, radius, REACH));
    }

    fn draw_links(&mut self) {
        let count = self.places.len();
        let wanted = count * count.saturating_sub(1) / 2;
        while self.links.len() < wanted {
            self.links.push(link::Figure::new(&self.layers.links));
        }
        self.links.drain(wanted..).for_each(|figure| figure.remove());
        draw::toggle(&self.layers.links, "many", count > WRITTEN_OUT);
        let mut index = 0;
        for a in 0..count {
            for b in a + 1..count {
                let (start, end) = self.rims(a, b);
                let state = self.link_state(a, b);
                let selected = self.link_is_selected(a, b);
                self.links[index].update(start, end, state, selected);
                index += 1;
            }
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
        let scene = &self.scene;
        self.messages.retain(|(name, figure, _)| {
            let here = scene.messages.iter().any(|message| message.name == *name);
            if !here {
                figure.remove();
            }
            here
        });
        for index in 0..self.scene.messages.len() {
            let message = &self.scene.messages[index];
            let path = self.message_path(index);
            let selected = self.selection == Some(Selection::Message(message.name));
            let known = self.messages.iter().position(|(name, ..)| *name == message.name);
            let at = known.unwrap_or_else(|| {
                let figure = message::Figure::new(&self.layers.messages, message);
                self.messages.push((message.name, figure, path.place));
                self.messages.len() - 1
            });
            let (_, figure, stands) = &mut self.messages[at];
            figure.update(path, message.fate, selected);
            *stands = path.place;
        }
    }

    /// Where a message is: to the right of the link, further out if others are near it.
    fn message_path(&self, index: usize) -> message::Path {
        let message = &self.scene.messages[index];
        let (from, to) = (message.name.from.index(), message.name.to.index());
        let (start, end) = self.ends(from, to, MESSAGE_GAP);
        let along = end - start;
        let length = along.length();
        let near = |other: &&SceneMessage| {
            (other.name.from, other.name.to) == (message.name.from, message.name.to)
                && (other.progress - message.progress).abs() * length < 24.0
        };
        let crowd = self.scene.messages[..index].iter().filter(near).count();
        let direction = along.unit();
        let aside = direction.turned() * (7.0 + 23.0 * crowd.min(4) as f32);
        let place = start + along * message.progress + aside;
        message::Path { place, direction, travelled: length * message.progress }
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

    fn link_state(&self, a: usize, b: usize) -> link::State {
        link_state(&self.scene, a, b)
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

    /// The sides of the partition, as indices.
    fn sides(&self) -> Vec<Vec<usize>> {
        let indices = |side: &Vec<NodeId>| side.iter().map(|node| node.index()).collect();
        self.scene.sides.iter().map(indices).collect()
    }
}

/// How the link between two nodes is in this scene.
pub(crate) fn link_state(scene: &Scene, a: usize, b: usize) -> link::State {
    let side = |node: usize| {
        scene.sides.iter().position(|side| side.iter().any(|member| member.index() == node))
    };
    if scene.sides.len() > 1 && side(a) != side(b) {
        return link::State::Parted;
    }
    for broken in &scene.broken_links {
        let ends = (broken.from.index(), broken.to.index());
        let (there, back) = if ends == (a, b) {
            (broken.there, broken.back)
        } else if ends == (b, a) {
            (broken.back, broken.there)
        } else {
            continue;
        };
        return match (there, back) {
            (true, true) => link::State::Cut,
            (true, false) => link::State::Back,
            (false, true) => link::State::There,
            (false, false) => link::State::Open,
        };
    }
    link::State::Open
}
