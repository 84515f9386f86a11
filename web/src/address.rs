//! The address of the page: the query is presentation, the fragment is content.

use crate::lab::{Scenario, elsewhere, link};
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsValue;
use web_sys::window;

pub(crate) use crate::look::{Controls, Look};

/// Reads the query.
pub(crate) fn look() -> Look {
    let search = window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let calm = window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?)
        .is_some_and(|list| list.matches());
    Look::read(&search, calm)
}

/// The fragment, without its `#`.
pub(crate) fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Writes the fragment into the address bar; in a closed frame nothing happens.
pub(crate) fn follow(fragment: &str) {
    if fragment.len() > link::MOST {
        return;
    }
    let address = ["#", fragment].concat();
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Sandboxed frames refuse: the run goes on without.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// If a scenario needs a room that this program is without, starts the page anew with the program
/// that has them all (see `boot.js`); says whether it did.
pub(crate) fn hand_over(fragment: &str) -> bool {
    elsewhere(fragment).is_some_and(|room| start_anew(fragment, room))
}

/// The same, also if it is a swarm, for which there is a page of its own.
pub(crate) fn leave(fragment: &str) -> bool {
    #[cfg(feature = "whole")]
    if let Some(room) = crate::crowd::room_of_swarm(fragment) {
        return start_anew(fragment, &room);
    }
    hand_over(fragment)
}

/// Starts the page anew with this scenario; says whether it did.
pub(crate) fn start_anew(fragment: &str, room: &str) -> bool {
    /// The new fragment is an event of its own: it must not make the page start twice.
    static UNDER_WAY: AtomicBool = AtomicBool::new(false);
    if UNDER_WAY.swap(true, Ordering::Relaxed) {
        return true;
    }
    let Some(location) = window().map(|window| window.location()) else { return false };
    let named = fragment.split('&').any(|part| part.starts_with("p="));
    let hint = if named { String::new() } else { ["&p=", room].concat() };
    // A closed frame may still change its own fragment.
    location.set_hash(&[fragment, &hint].concat()).and_then(|()| location.reload()).is_ok()
}

/// The whole address of a scenario, for others.
pub(crate) fn link_to(fragment: &str, embed: bool) -> String {
    let location = window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    let origin = part(web_sys::Location::origin);
    let path = part(web_sys::Location::pathname);
    let query = if embed { "?embed=1" } else { "" };
    [&origin, &path, query, "#", fragment].concat()
}

/// The scenario in the address.
pub(crate) fn scenario() -> Result<Scenario, String> {
    link::decode(&fragment()).map_err(|error| error.to_string())
}
