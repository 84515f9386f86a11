//! The picture as a file: what style sheets say is written onto each element.

use super::set;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// What of an element's style is seen in the picture.
const STYLES: [&str; 15] = [
    "fill",
    "fill-opacity",
    "font-family",
    "font-size",
    "font-weight",
    "opacity",
    "paint-order",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "visibility",
];

/// The picture as an SVG file that needs nothing else; empty if the browser refuses.
pub(crate) fn svg(picture: &Element) -> String {
    let Ok(copy) = picture.clone_node_with_deep(true) else { return String::new() };
    let copy: Element = copy.unchecked_into();
    dress(picture, &copy);
    let bounds = picture.get_bounding_client_rect();
    let (width, height) = (bounds.width().round(), bounds.height().round());
    let number = |value: f64| (value as u32).to_string();
    set(&copy, "xmlns", "http://www.w3.org/2000/svg");
    set(&copy, "width", &number(width));
    set(&copy, "height", &number(height));
    set(&copy, "viewBox", &["0 0 ", &number(width), " ", &number(height)].concat());
    let ground = super::add(&copy, "rect", "");
    set(&ground, "width", "100%");
    set(&ground, "height", "100%");
    set(&ground, "fill", &style_of(picture.parent_element().as_ref(), "background-color"));
    // Only fails for a node that is no child of it.
    let _ = copy.insert_before(&ground, copy.first_child().as_ref());
    copy.outer_html()
}

/// Writes what is seen of `original` onto `copy`, and so on for what is in them.
fn dress(original: &Element, copy: &Element) {
    for name in STYLES {
        set(copy, name, &style_of(Some(original), name));
    }
    // The classes mean nothing outside the page.
    let _ = copy.remove_attribute("class");
    let (mut one, mut other) = (original.first_element_child(), copy.first_element_child());
    while let (Some(source), Some(target)) = (one, other) {
        (one, other) = (source.next_element_sibling(), target.next_element_sibling());
        if style_of(Some(&source), "display") == "none" {
            let gone: &Node = target.as_ref();
            let _ = copy.remove_child(gone);
        } else {
            dress(&source, &target);
        }
    }
}

fn style_of(element: Option<&Element>, name: &str) -> String {
    let style = element
        .and_then(|element| gloo::utils::window().get_computed_style(element).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
}
