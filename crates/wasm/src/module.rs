//! The class `Lab`: the lab without its page, for scripts that draw for themselves.

use crate::host;
use crate::message::Outgoing;
use faultline_lab::{Session, link};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A lab with one scenario open.
#[wasm_bindgen]
pub struct Lab {
    session: Session,
}

#[wasm_bindgen]
impl Lab {
    /// Opens the fragment of a link; an empty one opens the library's first scenario.
    ///
    /// # Errors
    /// A string that says what is wrong with the link.
    #[wasm_bindgen(constructor)]
    pub fn new(fragment: &str) -> Result<Self, JsValue> {
        let open = || Session::open(link::decode(fragment)?);
        open().map(|session| Self { session }).map_err(|error| JsValue::from(error.to_string()))
    }

    /// Does what a message asks, and answers it.
    pub fn send(&mut self, message: &JsValue) -> JsValue {
        let answer = match host::read(message) {
            Ok((id, ask)) => Outgoing::new(host::carry_out(&mut self.session, ask), id),
            Err(refusal) => *refusal,
        };
        host::write(&answer)
    }

    /// Lets so many milliseconds pass, while playing; also finishes what takes longer than a call.
    /// `true` if the moment moved.
    pub fn tick(&mut self, elapsed_ms: f64) -> bool {
        if self.session.pending() {
            self.session.work(10_000);
            return true;
        }
        self.session.tick(elapsed_ms)
    }
}
