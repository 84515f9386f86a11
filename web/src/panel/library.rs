//! The scenarios there are.

use crate::act::Act;
use crate::lab::{LibraryRow, library, room_title};
use crate::words;
use yew::prelude::*;

/// What the library is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Which one is open, as room and title.
    pub(crate) open: (&'static str, String),
    pub(crate) send: Callback<Act>,
}

/// The list.
#[component]
pub(crate) fn Library(props: &Props) -> Html {
    let rows = library();
    let mut rooms: Vec<&'static str> = rows.iter().map(|row| row.protocol).collect();
    rooms.dedup();
    let room = |room: &'static str| {
        let scenes = rows.iter().filter(|row| row.protocol == room);
        html! {
            <>
                <h2>{ room_title(room) }</h2>
                <ul>{ for scenes.map(|row| scene(props, row)) }</ul>
            </>
        }
    };
    html! {
        <nav class="library" aria-label={words::plain("page-library")}>
            { for rooms.into_iter().map(room) }
        </nav>
    }
}

fn scene(props: &Props, row: &LibraryRow) -> Html {
    let send = props.send.clone();
    let (protocol, scene) = (row.protocol, row.scene);
    let onclick = Callback::from(move |_: MouseEvent| send.emit(Act::Scene(protocol, scene)));
    let open = props.open == (protocol, row.title.clone());
    html! {
        <li>
            <button type="button" {onclick} title={row.summary.clone()}
                aria-current={open.then_some("true")}>
                <i class="dot"></i><span>{ &row.title }<small>{ &row.summary }</small></span>
            </button>
        </li>
    }
}
