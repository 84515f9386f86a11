//! What must hold, and whether it does.

use super::Props;
use crate::act::Act;
use crate::lab::{Command, PropertyRow, Session};
use crate::words;
use yew::prelude::*;

/// The panel.
#[component]
pub(crate) fn Properties(props: &Props) -> Html {
    let rows = props.lab.read(Session::properties);
    let hidden = rows.is_empty();
    html! {
        <section class="panel properties" aria-labelledby="properties-title" {hidden}>
            <h2 id="properties-title">{ words::plain("page-properties") }</h2>
            <ul class="card">{ for rows.into_iter().map(|row| property(props, row)) }</ul>
        </section>
    }
}

fn property(props: &Props, row: PropertyRow) -> Html {
    let broken = row.broken.clone();
    let state = if broken.is_none() { "page-holds" } else { "page-broken" };
    let class = if broken.is_none() { "holds" } else { "violated" };
    let hidden = broken.is_none();
    let onclick = {
        let send = props.send.clone();
        let moment = broken.as_ref().map(|broken| broken.moment);
        Callback::from(move |_| {
            if let Some(moment) = moment {
                send.emit(Act::Do(Command::Seek(moment)));
            }
        })
    };
    html! {
        <li {class}>
            <details>
                <summary>{ row.name }<span>{ words::plain(state) }</span></summary>
                <p>{ row.says }</p>
                <p class="source">{ row.source }</p>
            </details>
            <button type="button" class="quiet" {hidden} {onclick}>
                { broken.map(|broken| broken.text).unwrap_or_default() }
            </button>
        </li>
    }
}
