//! The fault line and the tinted sides.

use super::{add, path, set};
use crate::fault::Fault;
use crate::geometry::Point;
use web_sys::Element;

/// The layers it is drawn into: areas below the links, the line above them.
pub(crate) struct Figure {
    areas: Element,
    lines: Element,
    drawn: Fault,
}

impl Figure {
    /// Draws into these layers.
    pub(crate) fn new(areas: Element, lines: Element) -> Self {
        Self { areas, lines, drawn: Fault::default() }
    }

    /// Draws the line anew if it runs elsewhere now.
    pub(crate) fn update(&mut self, fault: Fault) {
        if self.drawn == fault {
            return;
        }
        self.areas.set_text_content(None);
        self.lines.set_text_content(None);
        for (side, area) in fault.areas.iter().enumerate() {
            let class = ["area s0", "area s1", "area s2", "area s3"][side % 4];
            set(&add(&self.areas, "path", class), "d", &path(area, true));
        }
        for class in ["fault-glow", "fault-line"] {
            for line in &fault.lines {
                set(&add(&self.lines, "path", class), "d", &path(line, false));
            }
        }
        self.drawn = fault;
    }

    /// The lines as they are drawn, to find out what is clicked.
    pub(crate) fn lines(&self) -> &[Vec<Point>] {
        &self.drawn.lines
    }
}
