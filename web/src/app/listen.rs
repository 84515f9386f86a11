//! What the page hears from outside: keys, the address bar, files that are dropped.

use crate::act::Act;
use crate::files;
use crate::keys;
use crate::storage::{Kept, recall};
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Keys, and an address that somebody typed.
pub(crate) fn listen(act: Callback<Act>) -> [EventListener; 2] {
    let window = gloo::utils::window();
    let address = act.clone();
    let pressed = move |event: &web_sys::Event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let shortcuts = recall(Kept::Shortcuts).as_deref() != Some("off");
        if let Some(asked) = keys::read(event, shortcuts) {
            event.prevent_default();
            act.emit(asked);
        }
    };
    let options = gloo::events::EventListenerOptions::enable_prevent_default();
    [
        EventListener::new_with_options(&window, "keydown", options, pressed),
        EventListener::new(&window, "hashchange", move |_| address.emit(Act::Address)),
    ]
}

/// Opens a scenario file that is dropped on the page.
pub(crate) fn drop_file(send: &Callback<Act>) -> Callback<DragEvent> {
    let send = send.clone();
    Callback::from(move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()?.get(0));
        if let Some(file) = file {
            files::read(&file, send.clone());
        }
    })
}

/// Moves the focus to the first action of what is selected.
pub(super) fn focus_actions() {
    let first = gloo::utils::document().query_selector(".actions button:not([hidden])");
    keys::focus(first.ok().flatten());
}
