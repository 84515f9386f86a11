//! Whether anybody can see the page: out of sight it does no work.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry};
use yew::Callback;

/// Watches until it is dropped.
pub(crate) struct Sight {
    observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
}

impl Sight {
    /// Tells whether the page comes into sight or goes out of it; nothing if the browser cannot.
    ///
    /// A hidden tab gets no frames anyway; a frame far down in somebody's page may get them all.
    pub(crate) fn watch(tell: Callback<bool>) -> Option<Self> {
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let newest: IntersectionObserverEntry = entries.pop().unchecked_into();
            tell.emit(newest.is_intersecting());
        });
        let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok()?;
        observer.observe(&gloo::utils::document_element());
        Some(Self { observer, _seen: seen })
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
