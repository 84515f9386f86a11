//! What stands beside the stage on a wide screen, and below it, one at a time, on a narrow one.

use crate::act::{Act, Selection, Tab};
use crate::lab::{Lab, Seen, Session};
use crate::panel::events::Events;
use crate::panel::inspector::Inspector;
use crate::panel::library::Library;
use crate::panel::properties::Properties;
use crate::words;
use yew::prelude::*;

/// What the panels are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) selection: Option<Selection>,
    pub(crate) sheet: Option<Tab>,
    pub(crate) send: Callback<Act>,
}

/// The library at the left, the other panels at the right.
#[component]
pub(crate) fn Panels(props: &Props) -> Html {
    let open = props.lab.read(|session| (session.room(), session.title().to_owned()));
    let shown = |tab: Tab| (props.sheet == Some(tab)).then_some("shown");
    let panel = props.sheet.filter(|tab| *tab != Tab::Library);
    let (lab, seen, selection) = (&props.lab, props.seen, props.selection);
    html! {
        <>
            <div class={classes!("left", shown(Tab::Library))}>
                <Library {open} send={props.send.clone()} />
            </div>
            <aside class={classes!("right", panel.map(|_| "shown"))}
                aria-label={words::plain("page-panels")}>
                <div class={classes!("slot", "inspector", shown(Tab::Inspector))}>
                    <Inspector lab={lab.clone()} {seen} {selection} send={props.send.clone()} />
                </div>
                <div class={classes!("slot", "properties", shown(Tab::Properties))}>
                    <Properties lab={lab.clone()} {seen} {selection} send={props.send.clone()} />
                </div>
                <div class={classes!("slot", "grow", "events", shown(Tab::Events))}>
                    <Events lab={lab.clone()} {seen} {selection} send={props.send.clone()} />
                </div>
            </aside>
            <nav class="tabs" aria-label={words::plain("page-panels")}>
                { tab(props, Tab::Inspector, "page-tab-inspector") }
                { tab(props, Tab::Properties, "page-properties") }
                { tab(props, Tab::Events, "page-events") }
                { tab(props, Tab::Library, "page-library") }
            </nav>
        </>
    }
}

fn tab(props: &Props, tab: Tab, word: &str) -> Html {
    let open = props.sheet == Some(tab);
    let send = props.send.clone();
    let onclick =
        Callback::from(move |_: MouseEvent| send.emit(Act::Sheet((!open).then_some(tab))));
    let broken = tab == Tab::Properties
        && props.lab.read(Session::properties).iter().any(|row| row.broken.is_some());
    let name = match tab {
        Tab::Inspector => "inspector",
        Tab::Properties => "properties",
        Tab::Events => "events",
        Tab::Library => "library",
    };
    let word = match (tab, props.selection) {
        (Tab::Inspector, Some(Selection::Node(node))) => node.to_string(),
        _ => words::plain(word),
    };
    html! {
        <button type="button" class={classes!(name, broken.then_some("alarm"))} {onclick}
            aria-expanded={if open { "true" } else { "false" }}>{ word }</button>
    }
}
