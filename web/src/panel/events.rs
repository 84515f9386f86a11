//! What happened, newest at the foot; a click goes back to it.

use super::{Props, mark_class};
use crate::act::{Act, Selection};
use crate::lab::{Command, EventRow, Session};
use crate::words;
use web_sys::Element;
use yew::prelude::*;

/// How many events are looked at and how many rows are shown at once.
const LOOKED_AT: u32 = 240;
const SHOWN: usize = 60;

/// The panel.
#[component]
pub(crate) fn Events(props: &Props) -> Html {
    let list = use_node_ref();
    let all = use_state(|| false);
    let only_selected = use_state(|| false);
    let node = match props.selection {
        Some(Selection::Node(node)) => Some(node),
        _ => None,
    };
    let wanted = |row: &EventRow| {
        (*all || row.mark.is_some() || row.begins)
            && (!*only_selected || node.is_none() || row.node == node)
    };
    let (count, mut rows) = props.lab.read(|session: &Session| {
        let count = session.event_count();
        (count, session.events(count.saturating_sub(LOOKED_AT)..count))
    });
    rows.retain(wanted);
    let shown = rows.split_off(rows.len().saturating_sub(SHOWN));
    {
        let list = list.clone();
        use_effect_with((count, *all, *only_selected), move |_| {
            if let Some(list) = list.cast::<Element>() {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    let flip = |state: UseStateHandle<bool>| Callback::from(move |_: Event| state.set(!*state));
    let empty = shown.is_empty();
    let older = count > LOOKED_AT || !rows.is_empty();
    html! {
        <section class="panel events" aria-labelledby="events-title">
            <h2 id="events-title">{ words::plain("page-events") }</h2>
            <div class="filters">
                <label><input type="checkbox" checked={*all} onchange={flip(all.clone())} />
                    { words::plain("page-events-all") }</label>
                <label hidden={node.is_none()}><input type="checkbox" checked={*only_selected}
                    onchange={flip(only_selected.clone())} />
                    { words::plain("page-events-selected") }</label>
            </div>
            <p class="soft" hidden={!older}>{ words::plain("page-events-older") }</p>
            <ol class="event-list" ref={list}>
                { for shown.into_iter().map(|row| event(props, row)) }
            </ol>
            <p class="soft" hidden={!empty}>{ words::plain("page-events-none") }</p>
        </section>
    }
}

fn event(props: &Props, row: EventRow) -> Html {
    let act = |act: Act| {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| send.emit(act.clone()))
    };
    let class = mark_class(&row);
    html! {
        <li {class} key={row.event}>
            <button type="button" class="event-text"
                onclick={act(Act::Do(Command::Seek(row.moment)))}>
                <time>{ words::clock(row.time) }</time><span>{ row.text }</span>
            </button>
            <button type="button" class="why" hidden={row.cause.is_none()}
                onclick={act(Act::Why(Some(row.event)))}>{ words::plain("page-why") }</button>
        </li>
    }
}
