//! The keyboard.

use crate::act::{Act, Dialog};
use crate::lab::Command;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Every key there is, with the word for what it does: the list behind `?`.
pub(crate) const ALL: [(&str, &str); 16] = [
    ("K", "page-key-play"),
    ("L", "page-key-step"),
    ("J", "page-key-back"),
    ("Shift L", "page-key-next"),
    ("Shift J", "page-key-previous"),
    ("Home", "page-key-start"),
    ("End", "page-key-end"),
    (", .", "page-key-speed"),
    ("← → ↑ ↓", "page-key-arrows"),
    ("M", "page-key-actions"),
    ("W", "page-key-why"),
    ("Ctrl K", "page-key-find"),
    ("Ctrl Z", "page-key-undo"),
    ("Ctrl Shift Z", "page-key-redo"),
    ("Esc", "page-key-escape"),
    ("?", "page-key-help"),
];

/// Moves the focus to an element, if it is there and can have it.
pub(crate) fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Only fails where focus does not exist.
        let _ = element.focus();
    }
}

/// What a key asks for, if anything.
///
/// Single keys act only where no text is typed and no dialog is open.
pub(crate) fn read(event: &KeyboardEvent, shortcuts: bool) -> Option<Act> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|e| e.is_some()))
    };
    if within("dialog, textarea, select, input:not([type=checkbox])") {
        return None;
    }
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        return match (key.to_ascii_lowercase().as_str(), event.shift_key()) {
            ("k", false) => Some(Act::Open(Some(Dialog::Find))),
            ("z", false) => Some(Act::Do(Command::Undo)),
            ("z", true) | ("y", false) => Some(Act::Do(Command::Redo)),
            _ => None,
        };
    }
    if event.alt_key() {
        return None;
    }
    match (key.as_str(), event.shift_key()) {
        ("ContextMenu", _) | ("F10", true) => return Some(Act::FocusActions),
        ("Escape", _) => return Some(Act::Escape),
        ("Home", false) => return Some(Act::Do(Command::Start)),
        ("End", false) => return Some(Act::Do(Command::End)),
        _ => {}
    }
    if !shortcuts {
        return None;
    }
    match (key.to_ascii_lowercase().as_str(), event.shift_key()) {
        ("k", false) => Some(Act::PlayOrPause),
        ("l", false) => Some(Act::Do(Command::StepForward)),
        ("j", false) => Some(Act::Do(Command::StepBack)),
        ("l", true) => Some(Act::Do(Command::NextMark)),
        ("j", true) => Some(Act::Do(Command::PreviousMark)),
        (",", false) => Some(Act::Faster(-1)),
        (".", false) => Some(Act::Faster(1)),
        ("m", false) => Some(Act::FocusActions),
        ("w", false) => Some(Act::WhyNow),
        ("?", _) => Some(Act::Open(Some(Dialog::Keys))),
        _ => None,
    }
}
