//! The nodes as a list of buttons: what assistive technology and the keyboard find on the stage.

use crate::act::{Act, Selection};
use crate::keys::focus;
use crate::lab::{CellState, Condition, Lab, SceneNode, Seen, Session};
use crate::words::{self, Arg};
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
    let item = list.cast::<web_sys::Element>().and_then(|list| list.children().item(index as u32));
    focus(item.and_then(|item| item.first_element_child()));
}

/// A node in words: "n3, leader, term 4, log 5 entries, 3 committed", and what is marked on it.
pub(crate) fn describe(room: &str, node: &SceneNode) -> String {
    let role = match node.condition {
        Condition::Up => words::plain(node.role_word),
        Condition::Down => words::plain("page-node-crashed"),
        Condition::Paused => words::plain("page-node-paused"),
    };
    let args = [("node", Arg::from(node.id.to_string())), ("role", Arg::from(role))];
    let marks = marks(node);
    [main_facts(room, node, &args), marks].concat()
}

fn main_facts(room: &str, node: &SceneNode, args: &[(&str, Arg)]) -> String {
    let Some(badge) = node.badge else { return words::say("page-node", args) };
    let badge = words::say(
        words::id(&[room, "badge"]).unwrap_or("page-badge"),
        &[("number", Arg::from(badge))],
    );
    let entries = node.strip_before + node.strip.len() as u64;
    let open = node.strip.iter().filter(|cell| cell.state == CellState::Open).count() as u64;
    let more = [
        ("badge", Arg::from(badge)),
        ("entries", Arg::from(entries)),
        ("firm", Arg::from(entries - open)),
    ];
    words::say("page-node-full", &[args, &more].concat())
}

/// What is marked on a node, each with a comma before it.
fn marks(node: &SceneNode) -> String {
    let mut text = String::new();
    let mut say = |words: String| {
        text.push_str(", ");
        text.push_str(&words);
    };
    for (word, about) in &node.marks {
        let about = about.map(|about| about.to_string()).unwrap_or_default();
        say(words::say(word, &[("about", Arg::from(about))]));
    }
    if !node.doubted_by.is_empty() {
        let by: Vec<String> = node.doubted_by.iter().map(ToString::to_string).collect();
        say(words::say("page-node-doubted", &[("nodes", Arg::from(by.join(", ")))]));
    }
    if node.clock_ppm != 1_000_000 {
        let percent = node.clock_ppm / 10_000;
        say(words::say("page-node-clock", &[("percent", Arg::from(percent))]));
    }
    text
}
