//! The bar at the head of the page.

use crate::act::{Act, Dialog, Tab};
use crate::icons::{Icon, icon};
use crate::theme::Theme;
use crate::words::{self, Arg};
use yew::prelude::*;

/// What the header is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the room is called, and the scenario.
    pub(crate) titles: [String; 2],
    pub(crate) theme: Theme,
    /// Whether the library lies open, where it has no place of its own.
    pub(crate) library: bool,
    pub(crate) send: Callback<Act>,
}

/// Brand, title, share, theme, help.
#[component]
pub(crate) fn Header(props: &Props) -> Html {
    let [room, title] = props.titles.clone();
    let act = |act: Act| {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| send.emit(act.clone()))
    };
    let theme = words::plain(&["page-theme-", props.theme.name()].concat());
    let theme = words::say("page-theme", &[("theme", Arg::from(theme))]);
    let help = words::plain("page-keys");
    let library = if props.library { "true" } else { "false" };
    html! {
        <header class="head">
            <span class="brand">
                { logo() }
                <span class="brand-name">{ words::plain("page-brand") }</span>
            </span>
            <h1><span class="room">{ room }</span><b>{ title }</b></h1>
            <button type="button" class="scenarios" aria-expanded={library}
                onclick={act(Act::Sheet((!props.library).then_some(Tab::Library)))}>
                { words::plain("page-library") }
            </button>
            <button type="button" class="finder" onclick={act(Act::Open(Some(Dialog::Find)))}>
                { words::plain("page-find") }<kbd aria-hidden="true">{ "Ctrl K" }</kbd>
            </button>
            <button type="button" class="main" onclick={act(Act::Open(Some(Dialog::Share)))}>
                { words::plain("page-share") }
            </button>
            <button type="button" class="square theme" title={theme.clone()} aria-label={theme}
                onclick={act(Act::NextTheme)}>{ icon(Icon::Theme) }</button>
            <button type="button" class="square help" title={help.clone()} aria-label={help}
                onclick={act(Act::Open(Some(Dialog::Keys)))}>{ icon(Icon::Help) }</button>
        </header>
    }
}

fn logo() -> Html {
    html! {
        <svg class="logo" width="24" height="24" viewBox="0 0 22 22" aria-hidden="true">
            <circle class="one" cx="6" cy="6" r="4" />
            <circle class="other" cx="16" cy="16" r="4" />
            <path d="M2 17L8 12L11 14L20 4" />
        </svg>
    }
}
