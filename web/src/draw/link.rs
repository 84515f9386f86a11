//! The link between two nodes: open, cut, or open one way.

use super::{add, set, set_ends};
use crate::geometry::Point;
use crate::lab::Bond;
use web_sys::Element;

/// How a link is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Open both ways.
    Open,
    /// Cut by the fault line, which is drawn itself.
    Parted,
    /// Cut by hand.
    Cut,
    /// Open only from the first end to the second.
    There,
    /// Open only from the second end to the first.
    Back,
}

/// The elements of one link.
pub(crate) struct Figure {
    group: Element,
    line: Element,
    mark: Element,
    drawn: Option<(Point, Point, State, Bond, bool)>,
}

impl Figure {
    /// Makes the elements.
    pub(crate) fn new(layer: &Element) -> Self {
        let group = add(layer, "g", "link");
        Self {
            line: add(&group, "line", ""),
            mark: add(&group, "path", "mark"),
            group,
            drawn: None,
        }
    }

    /// Draws it from rim to rim.
    pub(crate) fn update(
        &mut self,
        (start, end): (Point, Point),
        state: State,
        bond: Bond,
        selected: bool,
    ) {
        let drawn = Some((start, end, state, bond, selected));
        if self.drawn == drawn {
            return;
        }
        self.drawn = drawn;
        set_ends(&self.line, start, end);
        let class = match state {
            State::Open => "link",
            State::Parted => "link parted",
            State::Cut => "link cut",
            State::There | State::Back => "link one-way",
        };
        let class = match bond {
            Bond::None => "link none",
            Bond::Weak if state == State::Open => "link weak",
            Bond::Strong if state == State::Open => "link strong",
            Bond::Weak | Bond::Strong | Bond::Plain => class,
        };
        let class = if selected { [class, " selected"].concat() } else { class.to_owned() };
        set(&self.group, "class", &class);
        let along = (end - start).unit();
        let middle = start.towards(end, 0.5);
        let mark = match state {
            State::Open | State::Parted => String::new(),
            State::Cut => gap(middle, along),
            State::There => arrow(middle, along),
            State::Back => arrow(middle, along * -1.0),
        };
        set(&self.mark, "d", &mark);
    }

    /// Takes it off the stage.
    pub(crate) fn remove(&self) {
        self.group.remove();
    }
}

/// Two strokes across the line: here it is cut.
fn gap(middle: Point, along: Point) -> String {
    let slant = along.turned() * 8.0 + along * 4.0;
    let stroke = |at: Point| super::path(&[at - slant, at + slant], false);
    [stroke(middle - along * 4.0), stroke(middle + along * 4.0)].concat()
}

/// An arrow the way that is still open.
fn arrow(middle: Point, along: Point) -> String {
    let aside = along.turned() * 8.0;
    let tip = middle + along * 9.0;
    let foot = middle - along * 7.0;
    super::path(&[foot - aside, tip, foot + aside], false)
}
