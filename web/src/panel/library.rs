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

/// The list: the room that is open unfolded, the others by their names.
#[component]
pub(crate) fn Library(props: &Props) -> Html {
    // Those that the reader folded or unfolded.
    let turned = use_state(Vec::<&'static str>::new);
    let rows = library();
    let room = |rows: &[LibraryRow]| {
        let room = rows[0].protocol;
        let unfolded = (room == props.open.0) != turned.contains(&room);
        let onclick = {
            let turned = turned.clone();
            Callback::from(move |_: MouseEvent| {
                let mut rooms = (*turned).clone();
                match rooms.iter().position(|known| *known == room) {
                    Some(place) => drop(rooms.remove(place)),
                    None => rooms.push(room),
                }
                turned.set(rooms);
            })
        };
        let scenes = rows.iter().filter(|_| unfolded).map(|row| scene(props, row));
        html! {
            <section class={classes!("shelf", unfolded.then_some("unfolded"))}>
                <h2><button type="button" {onclick}
                    aria-expanded={if unfolded { "true" } else { "false" }}>
                    <span>{ room_title(room) }</span><small>{ rows.len() }</small>
                </button></h2>
                <ul hidden={!unfolded}>{ for scenes }</ul>
            </section>
        }
    };
    html! {
        <nav class="library" aria-label={words::plain("page-library")}>
            { for rows.chunk_by(|a, b| a.protocol == b.protocol).map(room) }
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
