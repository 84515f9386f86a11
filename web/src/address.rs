//! The address of the page: the query is presentation, the fragment is content.

use crate::lab::{Scenario, elsewhere, elsewhere_json, link};
use crate::storage;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
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

/// Writes the fragment into the address bar, unless it is too long for one; says whether it is
/// not. In a closed frame nothing happens.
pub(crate) fn follow(fragment: &str) -> bool {
    if fragment.len() > link::MOST {
        return false;
    }
    let address = ["#", fragment].concat();
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Sandboxed frames refuse: the run goes on without.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    true
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

/// The same for a scenario file. One that is too long for an address is kept meanwhile.
pub(crate) fn leave_file(json: &str) -> bool {
    #[cfg(feature = "whole")]
    if let Some(room) = crate::crowd::room_of_swarm(&link::encode_text(json)) {
        return pass_on(json, &room);
    }
    elsewhere_json(json).is_some_and(|room| pass_on(json, room))
}

fn pass_on(json: &str, room: &str) -> bool {
    let fragment = link::encode_text(json);
    if fragment.len() <= link::READ_MOST {
        return start_anew(&fragment, room);
    }
    let begun = storage::hand(json).is_some() && start_anew("", room);
    if !begun {
        storage::handed();
    }
    begun
}

/// Starts the page anew with this scenario; says whether it did.
pub(crate) fn start_anew(fragment: &str, room: &str) -> bool {
    /// The new fragment is an event of its own: it must not make the page start twice.
    static UNDER_WAY: AtomicBool = AtomicBool::new(false);
    if UNDER_WAY.swap(true, Relaxed) {
        return true;
    }
    let named = fragment.split('&').any(|part| part.starts_with("p="));
    let hint = if named { String::new() } else { ["&p=", room].concat() };
    let fragment = [fragment, &hint].concat();
    // A closed frame may still change its own fragment.
    let begun = window().map(|window| window.location()).is_some_and(|location| {
        location.set_hash(&fragment).and_then(|()| location.reload()).is_ok()
    });
    UNDER_WAY.store(begun, Relaxed);
    begun
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

/// The scenario in the address, or the file that was too long for one.
pub(crate) fn scenario() -> Result<Scenario, String> {
    let file = storage::handed().map(|json| Scenario::from_json(&json));
    file.unwrap_or_else(|| link::decode(&fragment())).map_err(|error| error.to_string())
}
