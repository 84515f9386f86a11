//! The page of Faultline.

use yew::prelude::*;

/// The whole page.
#[component]
fn App() -> Html {
    html! { <main><h1>{ "Faultline" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
