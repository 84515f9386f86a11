//! Finding anything by its name: scenarios, nodes, and what can be done.

use super::Modal;
use crate::act::{Act, Dialog, Selection, Tool};
use crate::lab::{Command, Input, Lab, Session, library, room_title};
use crate::words::{self, Arg};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How many finds are shown.
const SHOWN: usize = 12;

/// What the dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What there is to find, and what it leads to.
    pub(crate) all: Callback<(), Vec<(String, Act)>>,
    pub(crate) send: Callback<Act>,
}

/// A field, and what fits what is typed; Enter takes the chosen one.
#[component]
pub(crate) fn Find(props: &Props) -> Html {
    let typed = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let mut finds = props.all.emit(());
    finds.retain(|(name, _)| fits(name, &typed));
    let more = finds.len().saturating_sub(SHOWN);
    finds.truncate(SHOWN);
    let oninput = {
        let (typed, chosen) = (typed.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            let field: Option<HtmlInputElement> =
                event.target().and_then(|field| field.dyn_into().ok());
            typed.set(field.map(|field| field.value()).unwrap_or_default());
            chosen.set(0);
        })
    };
    let take = {
        let send = props.send.clone();
        move |act: Act| {
            send.emit(Act::Open(None));
            send.emit(act);
        }
    };
    let onkeydown = {
        let (chosen, take) = (chosen.clone(), take.clone());
        let acts: Vec<Act> = finds.iter().map(|(_, act)| act.clone()).collect();
        Callback::from(move |event: KeyboardEvent| {
            let count = acts.len().max(1);
            match event.key().as_str() {
                "ArrowDown" => chosen.set((*chosen + 1) % count),
                "ArrowUp" => chosen.set((*chosen + count - 1) % count),
                "Enter" => acts.get(*chosen).cloned().into_iter().for_each(&take),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let row = |(place, (name, act)): (usize, &(String, Act))| {
        let (take, act) = (take.clone(), act.clone());
        let onclick = Callback::from(move |_: MouseEvent| take(act.clone()));
        let current = place == *chosen;
        html! {
            <li key={place} id={format!("find-{place}")} role="option" {onclick}
                class={classes!(current.then_some("current"))}
                aria-selected={if current { "true" } else { "false" }}>{ name }</li>
        }
    };
    let nothing = finds.is_empty();
    html! {
        <Modal title={words::plain("page-find")} send={props.send.clone()}>
            <input type="search" class="find" role="combobox" autofocus=true autocomplete="off"
                aria-expanded="true" aria-controls="finds" {oninput} {onkeydown}
                aria-activedescendant={format!("find-{}", *chosen)}
                aria-label={words::plain("page-find-hint")}
                placeholder={words::plain("page-find-hint")} />
            <ul id="finds" class="finds" role="listbox" aria-label={words::plain("page-find")}>
                { for finds.iter().enumerate().map(row) }
            </ul>
            <p class="soft" hidden={!nothing}>{ words::plain("page-find-nothing") }</p>
            { words::and_more(more) }
        </Modal>
    }
}

/// Whether a name holds every word that is typed. Names are English: the tables that know small
/// letters of all scripts would weigh more than this dialog.
fn fits(name: &str, typed: &str) -> bool {
    let name = name.to_ascii_lowercase();
    typed.to_ascii_lowercase().split_whitespace().all(|word| name.contains(word))
}

/// All there is to find in a run: what can be done, who is there, what can be opened; what changes
/// the run only if it may be changed.
pub(crate) fn everything(lab: &Lab, editable: bool) -> Vec<(String, Act)> {
    let holding = lab.read(Session::scene).holding;
    let doings = [
        ("page-play", Act::Do(Command::Play)),
        ("page-pause", Act::Do(Command::Pause)),
        ("page-next-mark", Act::Do(Command::NextMark)),
        ("page-previous-mark", Act::Do(Command::PreviousMark)),
        ("page-start", Act::Do(Command::Start)),
        ("page-end", Act::Do(Command::End)),
        ("page-tool-cut", Act::Arm(Some(Tool::Cut))),
        ("page-tool-crash", Act::Arm(Some(Tool::Crash))),
        ("page-tool-request", Act::Arm(Some(Tool::Request))),
        ("page-tool-hold", Act::Do(Command::Act(Input::Hold { on: !holding }))),
        ("page-hint-heal", Act::Do(Command::Act(Input::Heal))),
        ("page-choose-sides", Act::Open(Some(Dialog::Sides))),
        ("page-share-title", Act::Open(Some(Dialog::Share))),
        ("page-keys", Act::Open(Some(Dialog::Keys))),
    ];
    let allowed = |(_, act): &(&str, Act)| editable || !act.intervenes();
    let doings = doings.into_iter().filter(allowed);
    let doings = doings.map(|(word, act)| (words::plain(word), act));
    let nodes = lab.read(Session::scene).nodes.into_iter().map(|node| {
        let name = [("node", Arg::from(node.id.to_string()))];
        let act = Act::Select(Some(Selection::Node(node.id)));
        (words::say("page-find-select", &name), act)
    });
    doings.chain(nodes).chain(scenes()).collect()
}

/// What can be opened.
pub(crate) fn scenes() -> impl Iterator<Item = (String, Act)> {
    library().into_iter().map(|row| {
        let name = [&room_title(row.protocol), " · ", &row.title].concat();
        (name, Act::Scene(row.protocol, row.scene))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_word_typed_is_looked_for() {
        assert!(super::fits("Raft · A leader crashes", "crash raft"));
        assert!(!super::fits("Raft · A leader crashes", "crash paxos"));
        assert!(super::fits("anything", " "));
    }
}
