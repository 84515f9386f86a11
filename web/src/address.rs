//! The address of the page: the query is presentation, the fragment is content.

use crate::lab::{Scenario, elsewhere, link};
use crate::theme::Theme;
use crate::words::{self, Arg};
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsValue;
use web_sys::{UrlSearchParams, window};

/// How the address asks the page to look.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Look {
    /// Only the stage with its tools and the transport.
    pub(crate) embed: bool,
    /// Which controls there are.
    pub(crate) controls: Controls,
    /// The theme it asks for.
    pub(crate) theme: Option<Theme>,
    /// Whether it plays by itself.
    pub(crate) autoplay: bool,
    /// Whether it waits for a click before anything is drawn to move.
    pub(crate) start_on_click: bool,
    /// Virtual seconds per second, if it asks for a fixed ratio.
    pub(crate) speed: Option<f64>,
    /// The moment to begin at, in milliseconds.
    pub(crate) at_ms: Option<u64>,
    /// The moment to stop at, in milliseconds.
    pub(crate) until_ms: Option<u64>,
    /// Whether it begins anew when it stops by itself.
    pub(crate) looped: bool,
    /// What stands around the stage.
    pub(crate) panels: Panels,
    /// Whether pictures may not move by themselves.
    pub(crate) still: bool,
    /// Whether the reader may intervene.
    pub(crate) editable: bool,
    /// Values that are not understood, to be told.
    pub(crate) strange: Vec<String>,
}

/// What stands around the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Panels([bool; 6]);

impl Panels {
    /// Their names in links, in the order of the flags.
    const NAMES: [&str; 6] =
        ["library", "inspector", "properties", "events", "captions", "sentence"];

    /// All of them, or in a frame of somebody else only the sentence.
    fn usual(embed: bool) -> Self {
        if embed { Self([false, false, false, false, false, true]) } else { Self([true; 6]) }
    }

    /// Reads `events,captions` or `none`.
    fn named(text: &str) -> Option<Self> {
        let mut shown = Self([false; 6]);
        for name in text.split(',').filter(|_| text != "none") {
            shown.0[Self::NAMES.iter().position(|known| *known == name)?] = true;
        }
        Some(shown)
    }
}

impl Look {
    /// The classes of the page, by which the style sheets know how it is to look.
    pub(crate) fn class(&self) -> String {
        let controls = match self.controls {
            Controls::Full => " full",
            Controls::Play => " only-play",
            Controls::None => " no-controls",
        };
        let mut class = ["page", if self.embed { " embed" } else { "" }, controls].concat();
        for (name, shown) in Panels::NAMES.iter().zip(self.panels.0) {
            if !shown {
                class.push_str(" no-");
                class.push_str(name);
            }
        }
        if self.panels.0[1..4].iter().all(|shown| !shown) {
            class.push_str(" no-side");
        }
        class
    }
}

/// Which controls are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Controls {
    /// Everything.
    Full,
    /// Play and pause only.
    Play,
    /// Nothing.
    None,
}

/// Reads the query; what is not known is ignored, what is not understood is told.
pub(crate) fn look() -> Look {
    let search = window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let mut query = Query { params: UrlSearchParams::new_with_str(&search).ok(), strange: vec![] };
    let calm = window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?)
        .is_some_and(|list| list.matches());
    let yes_or_no = |text: &str| match text {
        "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    };
    let controls = |text: &str| match text {
        "full" => Some(Controls::Full),
        "play" => Some(Controls::Play),
        "none" => Some(Controls::None),
        _ => None,
    };
    let motion = |text: &str| match text {
        "full" | "1" => Some(false),
        "reduced" | "none" | "0" => Some(true),
        "auto" => Some(calm),
        _ => None,
    };
    let still = query.read("motion", motion).unwrap_or(calm);
    let embed = query.read("embed", yes_or_no).unwrap_or(false);
    // There is one language so far; another one is told to be missing.
    query.read("lang", |text| (text.split('-').next() == Some("en")).then_some(()));
    Look {
        embed,
        panels: query.read("panels", Panels::named).unwrap_or(Panels::usual(embed)),
        until_ms: query.read("until", |text| text.parse().ok()),
        looped: query.read("loop", yes_or_no).unwrap_or(false),
        controls: query.read("controls", controls).unwrap_or(Controls::Full),
        theme: query.read("theme", Theme::named),
        autoplay: query.read("autoplay", yes_or_no).unwrap_or(!still),
        start_on_click: query.read("start", |text| Some(text == "click")).unwrap_or(false),
        speed: query.read("speed", ratio),
        at_ms: query.read("t", |text| text.parse().ok()),
        still,
        editable: query.read("edit", yes_or_no).unwrap_or(true),
        strange: query.strange,
    }
}

struct Query {
    params: Option<UrlSearchParams>,
    strange: Vec<String>,
}

impl Query {
    fn read<T>(&mut self, name: &str, understand: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.params.as_ref()?.get(name)?;
        let value = understand(&text);
        if value.is_none() {
            let args = [("name", Arg::from(name)), ("value", Arg::from(text))];
            self.strange.push(words::say("page-strange-value", &args));
        }
        value
    }
}

/// A speed as it is written in links: `0.02` or `1/50`.
fn ratio(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((top, bottom)) => top.parse::<f64>().ok()? / bottom.parse::<f64>().ok()?,
        None => text.parse().ok()?,
    };
    (value.is_finite() && (0.000_1..=100.0).contains(&value)).then_some(value)
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
    /// The new fragment is an event of its own: it must not make the page start twice.
    static UNDER_WAY: AtomicBool = AtomicBool::new(false);
    let Some(room) = elsewhere(fragment) else { return false };
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

#[cfg(test)]
mod tests {
    use super::{Panels, ratio};

    #[test]
    fn panels_are_named_or_none_are_shown() {
        let flags = |text: &str| Panels::named(text).map(|panels| panels.0);
        assert_eq!(flags("events,captions"), Some([false, false, false, true, true, false]));
        assert_eq!(flags("none"), Some([false; 6]));
        assert_eq!(flags("events,weather"), None);
        assert_eq!(flags(""), None);
    }

    #[test]
    fn a_speed_is_a_number_or_a_share() {
        assert_eq!(ratio("0.5"), Some(0.5));
        assert_eq!(ratio("1/50"), Some(0.02));
        for bad in ["", "0", "-1", "1/0", "NaN", "inf", "fast"] {
            assert_eq!(ratio(bad), None, "{bad}");
        }
    }
}
