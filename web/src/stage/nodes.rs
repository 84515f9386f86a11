//! The nodes as a list of buttons: what assistive technology and the keyboard find on the stage.

use crate::act::{Act, Selection};
use crate::lab::{CellState, Condition, Lab, SceneNode, Seen, Session};
use crate::words::{self, Arg};
use web_sys::HtmlElement;
use yew::prelude::*;

/// What the list is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The list itself: the painter moves its items.
    pub(crate) list: NodeRef,
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) selection: Option<Selection>,
    pub(crate) send: Callback<Act>,
}

/// One button for each node, one of them in the tab order.
#[component]
pub(crate) fn NodeButtons(props: &Props) -> Html {
    let current = use_state(|| 0_usize);
    let scene = props.lab.read(Session::scene);
    let room = props.lab.read(Session::room);
    let count = scene.nodes.len();
    let onkeydown = {
        let list = props.list.clone();
        let current = current.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (*current + 1) % count.max(1),
                "ArrowLeft" | "ArrowUp" => (*current + count.max(1) - 1) % count.max(1),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            current.set(next);
            focus_item(&list, next);
        })
    };
    let items = scene.nodes.iter().enumerate().map(|(index, node)| {
        let send = props.send.clone();
        let id = node.id;
        let onclick = Callback::from(move |_| send.emit(Act::Touch(id)));
        let current_now = current.clone();
        let onfocus = Callback::from(move |_| current_now.set(index));
        let selected = props.selection == Some(Selection::Node(id));
        let label = describe(room, node);
        html! {
            <li key={index}>
                <button type="button" class="node-button" {onclick} {onfocus}
                    tabindex={if index == *current % count.max(1) { "0" } else { "-1" }}
                    aria-pressed={if selected { "true" } else { "false" }}
                    aria-label={label.clone()} title={label}></button>
            </li>
        }
    });
    html! {
        <ul class="node-list" ref={props.list.clone()} {onkeydown}
            aria-label={words::plain("page-nodes")}>
            { for items }
        </ul>
    }
}

fn focus_item(list: &NodeRef, index: usize) {
    use wasm_bindgen::JsCast;
    let button = list
        .cast::<web_sys::Element>()
        .and_then(|list| list.children().item(index as u32))
        .and_then(|item| item.first_element_child())
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        // Only fails where focus does not exist.
        let _ = button.focus();
    }
}

/// A node in words: "n3, leader, term 4, log 5 entries, 3 committed".
pub(crate) fn describe(room: &str, node: &SceneNode) -> String {
    let role = match node.condition {
        Condition::Up => words::plain(node.role_word),
        Condition::Down => words::plain("page-node-crashed"),
        Condition::Paused => words::plain("page-node-paused"),
    };
    let mut args = vec![("node", Arg::from(node.id.to_string())), ("role", Arg::from(role))];
    let Some(badge) = node.badge else { return words::say("page-node", &args) };
    let badge = words::say(
        words::id(&[room, "badge"]).unwrap_or("page-badge"),
        &[("number", Arg::from(badge))],
    );
    args.push(("badge", Arg::from(badge)));
    let entries = node.strip_before + node.strip.len() as u64;
    let open = node.strip.iter().filter(|cell| cell.state == CellState::Open).count() as u64;
    args.push(("entries", Arg::from(entries)));
    args.push(("firm", Arg::from(entries - open)));
    words::say("page-node-full", &args)
}
