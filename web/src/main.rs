//! The page of Faultline: a shop front. It shows scenes and sends commands; it knows no protocol.

mod act;
mod address;
mod app;
mod bands;
#[cfg(feature = "whole")]
mod crowd;
mod dialog;
mod draw;
mod fault;
mod files;
mod geometry;
mod gesture;
mod header;
mod host;
mod icons;
mod keys;
mod lab;
mod layout;
mod live;
mod look;
mod order;
mod overture;
mod panel;
mod rails;
mod run;
mod sheet;
mod sight;
mod stage;
mod start;
mod storage;
mod theme;
mod timeline;
mod transport;
mod words;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The screen of `boot.js` that says that the page has stopped.
    #[wasm_bindgen(catch, js_name = faultlinePanic)]
    fn show_panic(message: &str) -> Result<(), JsValue>;
}

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        // A page without that screen shows nothing, but the program ends all the same.
        let _ = show_panic(&panic.to_string());
    }));
    #[cfg(feature = "whole")]
    if crowd::show() {
        return;
    }
    if address::hand_over(&address::fragment()) {
        return;
    }
    match start::open_at_start() {
        Ok(start) => overture::play(start),
        Err(reason) => panic!("the library is broken: {reason}"),
    }
}
