//! Why: the chain of causes, each a way to its moment.

use super::mark_class;
use crate::act::Act;
use crate::icons::{Icon, icon};
use crate::keys::focus;
use crate::lab::{Command, EventRow, Lab, Seen};
use crate::words;
use web_sys::Element;
use yew::prelude::*;

/// What the chain is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    /// The event to explain.
    pub(crate) event: u32,
    pub(crate) send: Callback<Act>,
}

/// The chain, from the event back to what began it.
#[component]
pub(crate) fn Why(props: &Props) -> Html {
    let rows = props.lab.read(|session| session.why(props.event));
    let panel = use_node_ref();
    {
        // Whoever asked is led to the answer, and back from it when it is closed.
        let panel = panel.clone();
        use_effect_with((), move |()| {
            let focused = || gloo::utils::document().active_element();
            let asked_at = focused();
            focus(panel.cast());
            move || {
                let within = |panel: Element| panel.contains(focused().as_deref());
                if panel.cast().is_some_and(within) {
                    focus(asked_at);
                }
            }
        });
    }
    let more = rows.last().is_some_and(|row| row.cause.is_some());
    let chain = rows.into_iter().enumerate().map(|(depth, row)| link(props, depth, row));
    let send = props.send.clone();
    let close = Callback::from(move |_: MouseEvent| send.emit(Act::Why(None)));
    html! {
        <section class="why-panel" aria-labelledby="why-title" ref={panel} tabindex="-1">
            <header>
                <h2 id="why-title">{ words::plain("page-why-title") }</h2>
                <button type="button" class="bare" onclick={close}
                    aria-label={words::plain("page-close")}>{ icon(Icon::Close) }</button>
            </header>
            <ol>{ for chain }</ol>
            <p class="soft" hidden={!more}>{ words::plain("page-why-more") }</p>
        </section>
    }
}

fn link(props: &Props, depth: usize, row: EventRow) -> Html {
    let class = mark_class(&row);
    let send = props.send.clone();
    let moment = row.moment;
    let onclick = Callback::from(move |_: MouseEvent| send.emit(Act::Do(Command::Seek(moment))));
    let because = if depth > 0 { words::plain("page-because") } else { String::new() };
    html! {
        <li {class} key={row.event}>
            <button type="button" {onclick}>
                <time>{ words::clock(row.time) }</time>
                <span><i>{ because }</i>{ row.text }</span>
                <small hidden={row.source.is_empty()}>{ row.source }</small>
            </button>
        </li>
    }
}
