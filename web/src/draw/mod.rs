//! Drawing with SVG elements that stay: made once, then only their attributes change.

pub(crate) mod export;
pub(crate) mod fault;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod node;
pub(crate) mod strip;
pub(crate) mod votes;

use crate::geometry::Point;
use web_sys::Element;

/// A new SVG element at the end of `parent`.
pub(crate) fn add(parent: &Element, name: &str, class: &str) -> Element {
    const NAMESPACE: &str = "http://www.w3.org/2000/svg";
    let document = parent.owner_document().expect("an element on the page has a document");
    let element = document
        .create_element_ns(Some(NAMESPACE), name)
        .expect("the names of our elements are valid");
    if !class.is_empty() {
        set(&element, "class", class);
    }
    // Only fails if the parent could not hold children: ours are groups.
    let _ = parent.append_child(&element);
    element
}

/// Sets an attribute.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    // Only fails for names that are no attribute names.
    let _ = element.set_attribute(name, value);
}

/// Sets an attribute to a number.
pub(crate) fn set_number(element: &Element, name: &str, value: f32) {
    let mut text = String::new();
    write(&mut text, value);
    set(element, name, &text);
}

/// Moves a group to a point.
pub(crate) fn move_to(element: &Element, place: Point) {
    let mut text = String::from("translate(");
    write(&mut text, place.x);
    text.push(' ');
    write(&mut text, place.y);
    text.push(')');
    set(element, "transform", &text);
}

/// Sets both ends of a line.
pub(crate) fn set_ends(element: &Element, start: Point, end: Point) {
    set_number(element, "x1", start.x);
    set_number(element, "y1", start.y);
    set_number(element, "x2", end.x);
    set_number(element, "y2", end.y);
}

/// A path through all of `points`.
pub(crate) fn path(points: &[Point], closed: bool) -> String {
    let mut text = String::new();
    for (index, point) in points.iter().enumerate() {
        text.push(if index == 0 { 'M' } else { 'L' });
        write(&mut text, point.x);
        text.push(' ');
        write(&mut text, point.y);
    }
    if closed {
        text.push('Z');
    }
    text
}

/// Writes a number with one decimal: the page needs no more, and floats cost space to print.
pub(crate) fn write(text: &mut String, value: f32) {
    let tenths = (value * 10.0).round() as i32;
    if tenths < 0 {
        text.push('-');
    }
    let tenths = tenths.unsigned_abs();
    text.push_str(&(tenths / 10).to_string());
    if !tenths.is_multiple_of(10) {
        text.push('.');
        text.push_str(&(tenths % 10).to_string());
    }
}

/// Switches a class on or off.
pub(crate) fn toggle(element: &Element, class: &str, on: bool) {
    // Only fails for names with spaces.
    let _ = element.class_list().toggle_with_force(class, on);
}

/// The class that colours a term: six hues in turn.
pub(crate) fn hue(number: u64) -> &'static str {
    ["h0", "h1", "h2", "h3", "h4", "h5"][(number % 6) as usize]
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_have_one_decimal() {
        let text = |value| {
            let mut text = String::new();
            super::write(&mut text, value);
            text
        };
        assert_eq!(text(-0.26), "-0.3");
        assert_eq!(text(12.0), "12");
        assert_eq!(text(2.64), "2.6");
    }
}
