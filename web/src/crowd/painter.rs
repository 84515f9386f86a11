//! The cells: a canvas with one for each node, in the colour of its role. It never goes through
//! `html!`: a million elements would be a thousand times too many.

use faultline_lab::crowd::Crowd;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};
use yew::NodeRef;

/// How many kinds of cells there can be: see `Crowd::cells`.
const KINDS: usize = 16;

/// Draws the cells.
#[derive(Default)]
pub(super) struct Painter {
    /// Where they are drawn.
    pub(super) canvas: NodeRef,
    /// The legend, whose swatches have the colours: those stand in the style sheet alone.
    pub(super) legend: NodeRef,
    /// Red, green, blue, alpha for each cell; here so that its place is used again.
    pixels: Vec<u8>,
    /// What was drawn: the crowd's count of changes, and how many columns.
    drawn: Option<(u64, u32)>,
}

impl Painter {
    /// What is drawn is no longer so.
    pub(super) fn forget(&mut self) {
        self.drawn = None;
    }

    /// Draws the slice that is shown, unless it stands there already.
    pub(super) fn paint(&mut self, crowd: &Crowd) {
        let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() else { return };
        let [columns, rows] = grid(crowd.count(), &canvas);
        if self.drawn == Some((crowd.revision(), columns)) {
            return;
        }
        if (canvas.width(), canvas.height()) != (columns, rows) {
            canvas.set_width(columns);
            canvas.set_height(rows);
        }
        // Few nodes have cells with edges; of many a pixel shows the mean.
        let large = f64::from(columns) < f64::from(canvas.client_width());
        canvas.set_class_name(if large { "cells large" } else { "cells" });
        let palette = self.palette();
        self.pixels.clear();
        self.pixels.reserve((columns * rows) as usize * 4);
        for cell in crowd.cells() {
            self.pixels.extend_from_slice(&palette[usize::from(cell) % KINDS]);
        }
        // The last row may be short.
        self.pixels.resize((columns * rows) as usize * 4, 0);
        if put(&canvas, &self.pixels, columns, rows).is_some() {
            self.drawn = Some((crowd.revision(), columns));
        }
    }

    /// The colour of each kind of cell, as the style sheet has it now.
    fn palette(&self) -> [[u8; 4]; KINDS] {
        let mut palette = [[0; 4]; KINDS];
        let Some(legend) = self.legend.cast::<Element>() else { return palette };
        let swatches = legend.get_elements_by_tag_name("i");
        for swatch in (0..swatches.length()).filter_map(|place| swatches.item(place)) {
            let cell = swatch.get_attribute("data-cell").and_then(|cell| cell.parse().ok());
            let colour = colour_of(&swatch);
            if let Some((cell, [red, green, blue])) = cell.zip(colour)
                && let Some(place) = palette.get_mut::<usize>(cell)
            {
                *place = [red, green, blue, 255];
            }
        }
        palette
    }
}

/// Columns and rows, so that cells are about square and fill the canvas.
fn grid(count: u32, canvas: &HtmlCanvasElement) -> [u32; 2] {
    let size = |length: i32| f64::from(length.max(1));
    let aspect = size(canvas.client_width()) / size(canvas.client_height());
    let columns = (f64::from(count) * aspect).sqrt().ceil().clamp(1.0, f64::from(count.max(1)));
    let columns = columns as u32;
    [columns, count.max(1).div_ceil(columns)]
}

fn put(canvas: &HtmlCanvasElement, pixels: &[u8], columns: u32, rows: u32) -> Option<()> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), columns, rows).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()
}

/// The text colour of an element.
fn colour_of(element: &Element) -> Option<[u8; 3]> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    read_colour(&style.get_property_value("color").ok()?)
}

/// Reads `rgb(1, 2, 3)`, which is how browsers write every colour of the style sheet.
fn read_colour(text: &str) -> Option<[u8; 3]> {
    let (_, numbers) = text.split_once('(')?;
    let mut numbers = numbers.trim_end_matches(')').split(',').map(|number| number.trim().parse());
    let mut next = || numbers.next()?.ok();
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::read_colour;

    #[test]
    fn colours_are_read_as_browsers_write_them() {
        assert_eq!(read_colour("rgb(16, 185, 129)"), Some([16, 185, 129]));
        assert_eq!(read_colour("rgba(0, 0, 255, 0.5)"), Some([0, 0, 255]));
        for odd in ["", "green", "rgb(1, 2)", "rgb(300, 0, 0)"] {
            assert_eq!(read_colour(odd), None, "{odd}");
        }
    }
}
