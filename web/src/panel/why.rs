//! Why: the chain of causes, each a way to its moment.

use super::mark_class;
use crate::act::Act;
use crate::icons::{Icon, icon};
use crate::lab::{Command, EventRow, Lab, Seen};
use crate::words;
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
    let chain = rows.into_iter().enumerate().map(|(depth, row)| link(props, depth, row));
    let send = props.send.clone();
    let close = Callback::from(move |_: MouseEvent| send.emit(Act::Why(None)));
    html! {
        <section class="why-panel" aria-labelledby="why-title">
            <header>
                <h2 id="why-title">{ words::plain("page-why-title") }</h2>
                <button type="button" class="bare" onclick={close}
                    aria-label={words::plain("page-close")}>{ icon(Icon::Close) }</button>
            </header>
            <ol>{ for chain }</ol>
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
