//! Dialogs: modal, closed by Escape, the focus goes back where it came from.

pub(crate) mod find;
pub(crate) mod keys;
pub(crate) mod share;
pub(crate) mod sides;

use crate::act::Act;
use crate::icons::{Icon, icon};
use crate::words;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// What a dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Its title.
    pub(crate) title: String,
    pub(crate) children: Html,
    pub(crate) send: Callback<Act>,
}

/// A dialog that opens when it appears.
#[component]
pub(crate) fn Modal(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let element = dialog.cast::<HtmlDialogElement>();
            if let Some(element) = &element {
                // Only fails if it is open already.
                let _ = element.show_modal();
            }
            move || {
                if let Some(element) = element {
                    element.close();
                }
            }
        });
    }
    let send = props.send.clone();
    let onclose = Callback::from(move |_: Event| send.emit(Act::Open(None)));
    let send = props.send.clone();
    let close = Callback::from(move |_: MouseEvent| send.emit(Act::Open(None)));
    html! {
        <dialog ref={dialog} aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{ &props.title }</h2>
                <button type="button" class="bare" aria-label={words::plain("page-close")}
                    onclick={close}>{ icon(Icon::Close) }</button>
            </header>
            { props.children.clone() }
        </dialog>
    }
}
