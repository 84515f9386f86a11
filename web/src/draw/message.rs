//! A message on its way: kind by shape and letter, request filled, reply hollow, refusal barred.

use super::{add, move_to, set, set_ends, set_number, toggle};
use crate::geometry::Point;
use crate::lab::{Fate, Form, SceneMessage, Shape};
use web_sys::Element;

/// How long the tail behind a message is, in pixels.
const TAIL: f32 = 30.0;

/// Where a message is, where it goes, and how far it has come, in pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Path {
    pub(crate) place: Point,
    pub(crate) direction: Point,
    pub(crate) travelled: f32,
    /// How many messages lie here, if this one lies on top of others.
    pub(crate) pile: usize,
}

/// The elements of one message.
pub(crate) struct Figure {
    group: Element,
    tail: Element,
    body: Element,
    pile: Option<(Element, usize)>,
    fate: Option<Fate>,
}

impl Figure {
    /// Makes the elements.
    pub(crate) fn new(layer: &Element, message: &SceneMessage) -> Self {
        let form = match message.kind.form {
            Form::Request => "message request",
            Form::Reply => "message reply",
            Form::Refusal => "message refusal",
        };
        let group = add(layer, "g", form);
        let tail = add(&group, "line", "tail");
        let body = add(&group, "g", "body");
        set(&add(&body, "circle", "ring"), "r", "17");
        outline(&body, message.kind.shape);
        if message.kind.form == Form::Refusal {
            set(&add(&body, "path", "bar"), "d", "M-9 9L9-9");
        }
        let letter = add(&body, "text", "letter");
        set_number(&letter, "y", 4.2);
        let mut name = [0; 4];
        letter.set_text_content(Some(message.kind.letter.encode_utf8(&mut name)));
        set(&add(&body, "path", "lost-cross"), "d", "M-9-9l18 18m0-18l-18 18");
        Self { group, tail, body, pile: None, fate: None }
    }

    /// Moves it and shows what has become of it.
    pub(crate) fn update(&mut self, path: Path, fate: Fate, selected: bool) {
        let Path { place, direction, travelled, pile } = path;
        move_to(&self.group, place);
        self.heap(pile);
        // No longer than the way so far: a message that just left has none.
        let tail = travelled.clamp(0.0, TAIL);
        set_ends(&self.tail, direction * -9.0, direction * -(9.0 + tail));
        if self.fate != Some(fate) {
            self.fate = Some(fate);
            toggle(&self.group, "held", fate == Fate::Held);
            toggle(&self.group, "lost", matches!(fate, Fate::Lost { .. }));
            if let Fate::Lost { age } = fate {
                set_number(&self.body, "opacity", (1.2 - age).clamp(0.0, 1.0));
            }
        }
        toggle(&self.group, "selected", selected);
    }

    /// Writes how many lie here beside the uppermost.
    fn heap(&mut self, pile: usize) {
        if self.pile.as_ref().map_or(0, |(_, written)| *written) == pile {
            return;
        }
        let (text, _) = self.pile.take().unwrap_or_else(|| (add(&self.group, "text", "pile"), 0));
        set_number(&text, "x", 16.0);
        set_number(&text, "y", -9.0);
        let number = if pile > 0 { ["×", &pile.to_string()].concat() } else { String::new() };
        text.set_text_content(Some(&number));
        self.pile = Some((text, pile));
    }

    /// Takes it off the stage.
    pub(crate) fn remove(&self) {
        self.group.remove();
    }
}

fn outline(body: &Element, shape: Shape) {
    match shape {
        Shape::Square => {
            let square = add(body, "rect", "shape");
            for (name, value) in
                [("x", "-10"), ("y", "-10"), ("width", "20"), ("height", "20"), ("rx", "5")]
            {
                set(&square, name, value);
            }
        }
        Shape::Diamond => set(&add(body, "path", "shape"), "d", "M0-13L13 0L0 13L-13 0Z"),
        Shape::Round => set(&add(body, "circle", "shape"), "r", "11"),
        Shape::Triangle => set(&add(body, "path", "shape"), "d", "M0-13L13 10L-13 10Z"),
    }
}
