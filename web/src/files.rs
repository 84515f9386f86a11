//! Scenarios as files: saved, opened, dropped on the page.

use crate::act::Act;
use crate::words;
use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, File, FileReader, HtmlAnchorElement, Url, window};
use yew::Callback;

/// A scenario file larger than this is not read.
const MOST_BYTES: f64 = 1_048_576.0;

/// Offers a text as a file of this name.
pub(crate) fn save(name: &str, text: &str) -> Option<()> {
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence(&parts).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let document = window()?.document()?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address).ok()
}

/// A file name made of a title and its ending.
pub(crate) fn name_of(title: &str, ending: &str) -> String {
    let letters = title.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    let name: String = letters.take(60).collect();
    [name.trim_matches('-'), ending].concat()
}

/// Reads a file and sends what is in it.
pub(crate) fn read(file: &File, send: Callback<Act>) {
    if file.size() > MOST_BYTES {
        send.emit(Act::Banner(Some(words::plain("page-file-too-large"))));
        return;
    }
    let Ok(reader) = FileReader::new() else { return };
    let ended = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            // Without a text there was an error: a file may vanish, or not be readable.
            let text = reader.result().ok().and_then(|text| text.as_string());
            send.emit(text.map_or_else(
                || Act::Banner(Some(words::plain("page-file-unreadable"))),
                Act::File,
            ));
        })
    };
    reader.set_onloadend(Some(ended.unchecked_ref()));
    // Fails only for something that is no file.
    let _ = reader.read_as_text(file);
}
