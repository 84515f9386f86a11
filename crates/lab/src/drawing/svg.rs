//! A small writer of SVG, and the colours: the light theme of the page.

use std::fmt::Write;

pub(super) const GROUND: &str = "#fbfcff";
pub(super) const INK: &str = "#141b33";
pub(super) const SOFT: &str = "#4a577c";
pub(super) const LINE: &str = "#d5dcef";
pub(super) const EDGE: &str = "#7a88b2";
pub(super) const LEAD: &str = "#6d28d9";
pub(super) const MEMBER: &str = "#2563eb";
pub(super) const GOOD: &str = "#047857";
pub(super) const WARN: &str = "#b45309";
pub(super) const BAD: &str = "#be123c";

/// The colour of a term, a ballot and so on; numbers tell apart what shares one.
pub(super) fn hue(number: u64) -> &'static str {
    const HUES: [&str; 6] = ["#6f5d00", "#0e7490", "#a8327f", "#4d7c0f", "#57607a", "#8a4b2a"];
    HUES[(number % 6) as usize]
}

/// A point, in pixels; `y` grows downwards.
pub(super) type Point = (f32, f32);

/// How a shape is painted.
#[derive(Clone, Copy)]
pub(super) struct Paint<'a> {
    pub(super) fill: &'a str,
    pub(super) stroke: &'a str,
    pub(super) width: f32,
    /// Dashes, as SVG writes them; empty for none.
    pub(super) dashes: &'a str,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(super) struct Type<'a> {
    pub(super) size: f32,
    pub(super) fill: &'a str,
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'a str,
    pub(super) bold: bool,
}

/// A picture on its way.
pub(super) struct Svg {
    width: f32,
    height: f32,
    body: String,
}

impl<'a> Paint<'a> {
    /// Only a line.
    pub(super) const fn line(stroke: &'a str, width: f32) -> Self {
        Self { fill: "none", stroke, width, dashes: "" }
    }

    /// Only an area.
    pub(super) const fn area(fill: &'a str) -> Self {
        Self { fill, stroke: "none", width: 0.0, dashes: "" }
    }

    pub(super) const fn filled(self, fill: &'a str) -> Self {
        Self { fill, ..self }
    }

    pub(super) const fn dashed(self, dashes: &'a str) -> Self {
        Self { dashes, ..self }
    }
}

impl<'a> Type<'a> {
    pub(super) const fn new(size: f32, fill: &'a str) -> Self {
        Self { size, fill, anchor: "middle", bold: false }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn start(self) -> Self {
        Self { anchor: "start", ..self }
    }

    pub(super) const fn end(self) -> Self {
        Self { anchor: "end", ..self }
    }
}

impl Svg {
    pub(super) fn new(width: f32, height: f32) -> Self {
        Self { width, height, body: String::new() }
    }

    pub(super) fn line(&mut self, from: Point, to: Point, paint: Paint<'_>) {
        let ((x, y), (to_x, to_y)) = (from, to);
        self.shape(
            &format!("line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{to_x:.1}\" y2=\"{to_y:.1}\""),
            paint,
        );
    }

    pub(super) fn circle(&mut self, (x, y): Point, radius: f32, paint: Paint<'_>) {
        self.shape(&format!("circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\""), paint);
    }

    /// A rectangle by its corner, width and height, with round corners.
    pub(super) fn rect(
        &mut self,
        (x, y): Point,
        (width, height): Point,
        round: f32,
        paint: Paint<'_>,
    ) {
        let place = format!("rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\"");
        self.shape(&format!("{place} height=\"{height:.1}\" rx=\"{round:.1}\""), paint);
    }

    /// A closed line through these points.
    pub(super) fn polygon(&mut self, points: &[Point], paint: Paint<'_>) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.shape(
            &format!("polygon points=\"{}\" stroke-linejoin=\"round\"", points.join(" ")),
            paint,
        );
    }

    /// A path as SVG writes it.
    pub(super) fn path(&mut self, data: &str, paint: Paint<'_>) {
        self.shape(&format!("path d=\"{data}\""), paint);
    }

    pub(super) fn cross(&mut self, (x, y): Point, half: f32, paint: Paint<'_>) {
        self.line((x - half, y - half), (x + half, y + half), paint);
        self.line((x - half, y + half), (x + half, y - half), paint);
    }

    pub(super) fn text(&mut self, (x, y): Point, text: &str, set: Type<'_>) {
        let Type { size, fill, anchor, bold } = set;
        let weight = if bold { " font-weight=\"600\"" } else { "" };
        let _ = write!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\" text-anchor=\"{anchor}\" \
             fill=\"{fill}\"{weight}>"
        );
        escape(text, &mut self.body);
        self.body.push_str("</text>\n");
    }

    /// The whole picture, with its name for those who do not see it.
    pub(super) fn finish(self, title: &str) -> String {
        let Self { width, height, body } = self;
        let mut name = String::new();
        escape(title, &mut name);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" \
             font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n\
             <title>{name}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"{GROUND}\"/>\n{body}</svg>\n"
        )
    }

    fn shape(&mut self, shape: &str, paint: Paint<'_>) {
        let Paint { fill, stroke, width, dashes } = paint;
        let _ = write!(self.body, "<{shape} fill=\"{fill}\"");
        if stroke != "none" {
            let _ = write!(self.body, " stroke=\"{stroke}\" stroke-width=\"{width}\"");
        }
        if !dashes.is_empty() {
            let _ = write!(self.body, " stroke-dasharray=\"{dashes}\"");
        }
        self.body.push_str("/>\n");
    }
}

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            // No such character may stand in XML.
            letter if letter.is_control() => into.push(' '),
            letter => into.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_element() {
        let mut svg = Svg::new(10.0, 10.0);
        svg.text((0.0, 0.0), "</text><script>\u{7}&\"", Type::new(12.0, INK));
        let picture = svg.finish("<&>");
        assert!(picture.contains("&lt;/text&gt;&lt;script&gt; &amp;&quot;</text>"), "{picture}");
        assert!(picture.contains("<title>&lt;&amp;&gt;</title>"));
    }
}
