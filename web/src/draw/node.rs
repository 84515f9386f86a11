//! A node: role by shape and outline, and everything that stands around it.

use super::strip::{self, Manner};
use super::{add, hue, move_to, set, set_number, toggle, votes};
use crate::geometry::Point;
use crate::lab::{Condition, RoleShape, SceneNode};
use crate::words;
use core::f32::consts::TAU;
use web_sys::Element;

/// Below this radius no word fits into the disc.
const WORDED: f32 = 27.0;
/// Below this one the marks of memory and disk would hide their neighbours.
const TINY: f32 = 23.0;
/// The ring of the countdown stands this far outside the disc.
const ARC: f32 = 9.0;
/// The top of a crown above the rim, and the top of a strip below it.
const CROWN: f32 = 27.0;
const STRIP: f32 = 17.0;

/// How a node is to be drawn, beside what it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Dress {
    /// The radius of its disc.
    pub(crate) radius: f32,
    /// Whether it is selected.
    pub(crate) selected: bool,
    /// How many cells of a strip there is room for.
    pub(crate) cells: usize,
    /// Whether there are so many nodes that this one keeps to its name, role and number.
    pub(crate) brief: bool,
}

/// The elements of one node.
pub(crate) struct Figure {
    group: Element,
    halo: Element,
    witness: Element,
    doubt: Element,
    track: Element,
    arc: Element,
    ring: Element,
    disc: Element,
    crown: Element,
    name: Element,
    word: Element,
    badge: Element,
    votes: Element,
    strip: Element,
    stores: Element,
    clock: Element,
    cross: Element,
    marks: Element,
    drawn: Option<(SceneNode, Dress)>,
    /// How far the strip reaches to the left and to the right of its own middle.
    strip_reach: (f32, f32),
    /// How far to the right that is of the node's, to stay within the stage.
    strip_aside: f32,
    stands: Option<(Point, (f32, f32))>,
}

/// How far something reaches from its middle, in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Reach {
    pub(crate) left: f32,
    pub(crate) above: f32,
    pub(crate) right: f32,
    pub(crate) below: f32,
}

impl Reach {
    /// The same to all sides.
    pub(crate) const fn around(reach: f32) -> Self {
        Self { left: reach, above: reach, right: reach, below: reach }
    }
}

impl Figure {
    /// Makes the elements.
    pub(crate) fn new(layer: &Element) -> Self {
        let group = add(layer, "g", "node");
        let part = |name, class| add(&group, name, class);
        Self {
            halo: part("circle", "halo"),
            witness: part("circle", "witness"),
            doubt: part("circle", "doubt"),
            track: part("circle", "track"),
            arc: part("circle", "arc"),
            ring: part("path", "outer"),
            disc: part("path", "disc"),
            crown: part("path", "crown"),
            cross: part("path", "cross"),
            name: part("text", "name"),
            word: part("text", "word"),
            stores: part("g", "stores"),
            badge: part("g", "badge"),
            votes: part("g", "votes"),
            strip: part("g", "strip"),
            clock: part("g", "skew"),
            marks: part("g", "marks"),
            group,
            drawn: None,
            strip_reach: (0.0, 0.0),
            strip_aside: 0.0,
            stands: None,
        }
    }

    /// How far it reaches with its crown and its strip.
    pub(crate) fn reach(&self) -> Reach {
        let radius = self.drawn.as_ref().map_or(0.0, |(_, dress)| dress.radius);
        let (left, right) = self.strip_reach;
        let rim = radius + ARC;
        Reach {
            left: rim.max(left - self.strip_aside),
            above: radius + CROWN,
            right: rim.max(right + self.strip_aside),
            below: radius + STRIP + strip::HEIGHT,
        }
    }

    /// Moves the node; its strip stays within the stage.
    pub(crate) fn place(&mut self, place: Point, stage_width: f32) {
        if self.stands == Some((place, self.strip_reach)) {
            return;
        }
        self.stands = Some((place, self.strip_reach));
        move_to(&self.group, place);
        let (left, right) = self.strip_reach;
        let lowest = left + 4.0 - place.x;
        let highest = (stage_width - right - 4.0 - place.x).max(lowest);
        let radius = self.drawn.as_ref().map_or(0.0, |(_, dress)| dress.radius);
        self.strip_aside = lowest.max(0.0).min(highest);
        move_to(&self.strip, Point::new(self.strip_aside, radius + STRIP));
    }

    /// Takes it off the stage.
    pub(crate) fn remove(&self) {
        self.group.remove();
    }

    /// Shows how it is now; touches only what changed.
    pub(crate) fn update(&mut self, node: &SceneNode, dress: Dress) {
        let before = self.drawn.take();
        let old = before.as_ref().map(|(node, _)| node);
        let worn = before.as_ref().map(|(_, dress)| *dress);
        let sized = worn.is_none_or(|worn| (worn.radius - dress.radius).abs() > f32::EPSILON);
        let chosen = worn != Some(dress);
        if sized {
            self.resize(dress.radius);
            self.name.set_text_content(Some(&node.id.to_string()));
        }
        let anew = |same: fn(&SceneNode, &SceneNode) -> bool| {
            sized || old.is_none_or(|old| !same(old, node))
        };
        if anew(|a, b| a.countdowns == b.countdowns) {
            self.count_down(node);
        }
        let same_looks = |a: &SceneNode, b: &SceneNode| {
            a.role == b.role
                && a.condition == b.condition
                && a.witness == b.witness
                && a.touched == b.touched
                && a.settled == b.settled
                && a.doubted_by.is_empty() == b.doubted_by.is_empty()
        };
        if anew(same_looks) || chosen {
            self.dress(node, dress);
        }
        if anew(|a, b| a.badge == b.badge) {
            self.number(node.badge, dress.radius);
        }
        if anew(|a, b| a.tally == b.tally && a.role == b.role) {
            let crowned = node.role.shape == RoleShape::Crowned;
            votes::draw(&self.votes, node.tally.as_ref(), dress.radius + ARC + 10.0, crowned);
        }
        if anew(|a, b| a.strip == b.strip && a.strip_before == b.strip_before) || chosen {
            let Dress { radius, selected, cells: most, brief } = dress;
            let in_full = selected || (!brief && strip::is_one_word(node));
            let manner = Manner { most, small: radius < WORDED, in_full };
            self.strip_reach = strip::draw(&self.strip, node, manner);
        }
        if anew(|a, b| a.condition == b.condition && a.writing == b.writing) {
            self.keep(node);
        }
        if anew(|a, b| a.marks == b.marks && a.clock_ppm == b.clock_ppm) {
            self.mark(node, dress.radius);
        }
        self.drawn = Some((node.clone(), dress));
    }

    fn resize(&self, radius: f32) {
        for (circle, more) in [
            (&self.halo, 16.0),
            (&self.witness, 13.0),
            (&self.doubt, 14.5),
            (&self.track, ARC),
            (&self.arc, ARC),
        ] {
            set_number(circle, "r", radius + more);
        }
        set(&self.arc, "pathLength", "100");
        set(&self.arc, "transform", "rotate(-90)");
        set_number(&self.name, "font-size", (radius * 0.5).max(12.0));
        set_number(&self.name, "y", if radius < WORDED { radius * 0.18 } else { 1.0 });
        set_number(&self.word, "y", radius * 0.46);
        set_number(&self.word, "font-size", (radius * 0.27).max(11.0));
        let half = radius * 0.62;
        let cross = [
            [Point::new(-half, -half), Point::new(half, half)],
            [Point::new(-half, half), Point::new(half, -half)],
        ];
        let cross = cross.map(|stroke| super::path(&stroke, false)).concat();
        set(&self.cross, "d", &cross);
        move_to(&self.crown, Point::new(0.0, -radius - 9.0));
        let stores = Point::new(-radius * 0.82, radius * 0.9);
        toggle(&self.stores, "tiny", radius < TINY);
        let small = if radius < WORDED { " scale(0.8)" } else { "" };
        let mut place = String::from("translate(");
        super::write(&mut place, stores.x);
        place.push(' ');
        super::write(&mut place, stores.y);
        set(&self.stores, "transform", &[&place, ")", small].concat());
        move_to(&self.marks, Point::new(0.0, radius + 48.0));
        set(&self.crown, "d", "M-14 0L-17-15L-7-7L0-18L7-7L17-15L14 0Z");
    }

    fn count_down(&self, node: &SceneNode) {
        let timer = node.countdowns.first();
        toggle(&self.group, "timed", timer.is_some());
        if let Some(timer) = timer {
            let left = (timer.left * 100.0).clamp(0.0, 100.0);
            let mut dashes = String::new();
            super::write(&mut dashes, left);
            dashes.push_str(" 200");
            set(&self.arc, "stroke-dasharray", &dashes);
            // The empty part begins at the top and grows clockwise.
            set_number(&self.arc, "stroke-dashoffset", left - 100.0);
            toggle(&self.group, "soon", timer.left < 0.25);
        }
    }

    fn dress(&self, node: &SceneNode, dress: Dress) {
        let Dress { radius, selected, .. } = dress;
        let role = match node.role.shape {
            RoleShape::Plain => "node plain",
            RoleShape::Crowned => "node crowned",
            RoleShape::Dashed => "node dashed",
            RoleShape::Square => "node square",
            RoleShape::Hexagon => "node hexagon",
            RoleShape::Diamond => "node diamond",
            RoleShape::Knowing => "node knowing",
        };
        set(&self.disc, "d", &outline(node.role.shape, radius));
        set(&self.ring, "d", &outline(node.role.shape, radius + 5.0));
        set(&self.group, "class", role);
        self.count_down(node);
        toggle(&self.group, "down", node.condition == Condition::Down);
        toggle(&self.group, "paused", node.condition == Condition::Paused);
        toggle(&self.group, "touched", node.touched);
        toggle(&self.group, "accused", node.witness);
        toggle(&self.group, "settled", node.settled);
        toggle(&self.group, "doubted", !node.doubted_by.is_empty());
        toggle(&self.group, "selected", selected);
        toggle(&self.group, "brief", dress.brief);
        let word = match node.condition {
            Condition::Up => words::plain(node.role_word),
            Condition::Down => words::plain("page-node-crashed"),
            Condition::Paused => words::plain("page-node-paused"),
        };
        let fits = radius >= WORDED;
        toggle(&self.group, "wordless", !fits && !selected);
        self.word.set_text_content(fits.then_some(word.as_str()));
        // Without room for words a paused node still carries its sign.
        if !fits && node.condition == Condition::Paused {
            self.word.set_text_content(Some("‖"));
        }
    }

    fn number(&self, number: Option<u64>, radius: f32) {
        self.badge.set_text_content(None);
        let Some(number) = number else { return };
        set(&self.badge, "class", &["badge ", hue(number)].concat());
        plate(&self.badge, &number.to_string(), Point::new(radius * 0.84, -radius * 0.8), radius);
    }

    /// Memory (a chip) and disk (a drum): a crash wipes the first and keeps the second.
    fn keep(&self, node: &SceneNode) {
        if self.stores.first_element_child().is_none() {
            let plate = add(&self.stores, "rect", "");
            for (name, value) in
                [("x", "-17"), ("y", "-9"), ("width", "32"), ("height", "18"), ("rx", "9")]
            {
                set(&plate, name, value);
            }
            let memory = add(&self.stores, "path", "memory");
            set(&memory, "d", "M-11-4h7v8h-7zM-13-2h2m-2 4h2M-4-2h2m-2 4h2");
            let disk = add(&self.stores, "path", "disk");
            set(&disk, "d", "M2-3c0-2.2 8-2.2 8 0v6c0 2.2-8 2.2-8 0zM2-3c0 2.2 8 2.2 8 0");
        }
        toggle(&self.stores, "wiped", node.condition == Condition::Down);
        toggle(&self.stores, "writing", node.writing);
    }

    fn mark(&self, node: &SceneNode, radius: f32) {
        let tenths = node.clock_ppm / 100_000;
        let skewed = node.clock_ppm != 1_000_000;
        self.clock.set_text_content(None);
        if skewed {
            let text = format!("{}.{}×", tenths / 10, tenths % 10);
            plate(&self.clock, &text, Point::new(-radius * 0.84, -radius * 0.8), radius);
        }
        self.marks.set_text_content(None);
        for (index, (word, about)) in node.marks.iter().take(2).enumerate() {
            let line = add(&self.marks, "text", "");
            set_number(&line, "y", index as f32 * 14.0);
            let about = about.map(|about| about.to_string()).unwrap_or_default();
            let text = words::say(word, &[("about", words::Arg::from(about))]);
            line.set_text_content(Some(&text));
        }
    }
}

/// A short text on a plate at the rim of a node.
fn plate(group: &Element, text: &str, place: Point, radius: f32) {
    move_to(group, place);
    let height = (radius * 0.68).clamp(17.0, 26.0);
    let width = height.max(text.chars().count() as f32 * 8.0 + 8.0);
    let plate = add(group, "rect", "");
    set_number(&plate, "x", -width / 2.0);
    set_number(&plate, "y", -height / 2.0);
    set_number(&plate, "width", width);
    set_number(&plate, "height", height);
    set_number(&plate, "rx", height / 2.0);
    let label = add(group, "text", "");
    set_number(&label, "y", 4.5);
    label.set_text_content(Some(text));
}

/// The outline of a node around its middle.
fn outline(shape: RoleShape, radius: f32) -> String {
    let corners = |count: u8, reach: f32, turn: f32| {
        let corner =
            |index: u8| Point::at_angle(turn + f32::from(index) * TAU / f32::from(count)) * reach;
        super::path(&(0..count).map(corner).collect::<Vec<_>>(), true)
    };
    match shape {
        RoleShape::Square => square(radius),
        RoleShape::Hexagon => corners(6, radius * 1.08, 0.0),
        RoleShape::Diamond => corners(4, radius * 1.22, 0.0),
        RoleShape::Plain | RoleShape::Crowned | RoleShape::Dashed | RoleShape::Knowing => {
            arc(radius, [Point::new(-radius, 0.0), Point::new(radius, 0.0)])
        }
    }
}

/// Half a circle to each of two opposite points.
fn arc(radius: f32, ends: [Point; 2]) -> String {
    let mut text = super::path(&ends[..1], false);
    for end in [ends[1], ends[0]] {
        text.push('A');
        for part in [radius, radius] {
            super::write(&mut text, part);
            text.push(' ');
        }
        text.push_str("0 0 1 ");
        super::write(&mut text, end.x);
        text.push(' ');
        super::write(&mut text, end.y);
    }
    text
}

/// A square with round corners.
fn square(radius: f32) -> String {
    let (flat, corner) = (radius * 0.65, radius);
    let mut text = String::new();
    for (index, [from, over, to]) in [
        [(-flat, -corner), (-corner, -corner), (-corner, -flat)],
        [(-corner, flat), (-corner, corner), (-flat, corner)],
        [(flat, corner), (corner, corner), (corner, flat)],
        [(corner, -flat), (corner, -corner), (flat, -corner)],
    ]
    .into_iter()
    .enumerate()
    {
        for (sign, (x, y)) in [(if index == 0 { "M" } else { "L" }, from), ("Q", over), (" ", to)] {
            text.push_str(sign);
            super::write(&mut text, x);
            text.push(' ');
            super::write(&mut text, y);
        }
    }
    text.push('Z');
    text
}
