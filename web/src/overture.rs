//! The first frames: the run is seen, and moves, before the rest of the page is built.
//!
//! `index.html` holds an empty shell with the measures of the page. The picture is drawn into its
//! stage at once; building all the buttons and lists takes several frames' time and comes after.

use crate::app::App;
use crate::draw;
use crate::lab::Session;
use crate::run;
use crate::stage::{self, painter::Painter};
use crate::start::Start;
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement};

/// How many frames the picture has for itself: it stands, and it is seen to move.
const FRAMES: u32 = 2;
/// A page that is not shown gets no frames: it goes on after so many milliseconds.
const PATIENCE_MS: i32 = 120;

/// Draws the first frames, then builds the page around the picture.
pub(crate) fn play(start: Start) {
    spawn_local(async move {
        let began = now();
        if set_up(&start).is_some() {
            start.lab.draw(began);
            let mut last = began;
            for _ in 0..FRAMES {
                if !start.lab.read(Session::playing) {
                    break;
                }
                pause(true).await;
                let time = now();
                start.lab.run(time - last);
                start.lab.draw(time);
                run::mark_first_message(&start.lab);
                last = time;
            }
            // After the frame, not within it.
            pause(false).await;
        }
        yew::Renderer::<App>::with_props(start).render();
    });
}

/// Hangs a picture into the shell, if there is one.
fn set_up(start: &Start) -> Option<()> {
    let find = |selector: &str| gloo::utils::document().query_selector(selector).ok().flatten();
    draw::set(&find(".page")?, "class", &start.look.class());
    if start.lab.read(Session::has_captions) {
        // Only fails for names that are no attribute names.
        let _ = find(".say .caption")?.remove_attribute("hidden");
    }
    let stage: HtmlElement = find(".stage")?.dyn_into().ok()?;
    let svg: Element = find(".picture")?;
    start.lab.hang(Some(Painter::new(&svg, start.look.still)));
    let room = stage::room(&stage);
    start.lab.picture(|painter| painter.resize(room));
    Some(())
}

fn now() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |clock| clock.now())
}

/// Waits for the next frame, or only for the end of what is being done now.
async fn pause(frame: bool) {
    let mut ask = |resolve: js_sys::Function, _| {
        let window = gloo::utils::window();
        // Whichever comes first; each fails only for something that is no function.
        if frame {
            let _ = window.request_animation_frame(&resolve);
        }
        let patience = if frame { PATIENCE_MS } else { 0 };
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, patience);
    };
    // It cannot be refused.
    let _ = JsFuture::from(Promise::new(&mut ask)).await;
}
