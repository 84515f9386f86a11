//! The tools on the stage: verbs in words.

use crate::act::{Act, Dialog, Tool};
use crate::icons::{Icon, icon};
use crate::lab::{Command, Input, Lab, Seen};
use crate::stage::painter::{EVERY_LINK, LINKS_MOST};
use crate::words::{self, Arg};
use yew::prelude::*;

/// What the tools are given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) tool: Option<Tool>,
    pub(crate) editable: bool,
    pub(crate) send: Callback<Act>,
}

/// Cut, Crash, Request, Hold, and Heal while something is cut.
#[component]
pub(crate) fn Tools(props: &Props) -> Html {
    let scene = props.lab.read(crate::lab::Session::scene);
    let holding = scene.holding;
    let broken = !scene.sides.is_empty() || !scene.broken_links.is_empty();
    let act = |act: Act| {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| send.emit(act.clone()))
    };
    let arm = |tool: Tool, sign: Icon, word: &str, hint: &str| {
        let on = props.tool == Some(tool);
        html! {
            <button type="button" class="tool" aria-pressed={if on { "true" } else { "false" }}
                title={words::plain(hint)}
                onclick={act(Act::Arm((!on).then_some(tool)))}>
                { icon(sign) }<span>{ words::plain(word) }</span>
            </button>
        }
    };
    let hint = props.tool.map(|tool| match tool {
        Tool::Cut => "page-hint-cut",
        Tool::Crash => "page-hint-crash",
        Tool::Request => "page-hint-request",
    });
    let left_out = [("count", Arg::from(scene.left_out))];
    html! {
        <div class="tools-area" hidden={!props.editable}>
            <div class="tools" role="group" aria-label={words::plain("page-tools")}>
                { arm(Tool::Cut, Icon::Cut, "page-tool-cut", "page-hint-cut") }
                { arm(Tool::Crash, Icon::Crash, "page-tool-crash", "page-hint-crash") }
                { arm(Tool::Request, Icon::Request, "page-tool-request", "page-hint-request") }
                <button type="button" class="tool"
                    aria-pressed={if holding { "true" } else { "false" }}
                    title={words::plain("page-hint-hold")}
                    onclick={act(Act::Do(Command::Act(Input::Hold { on: !holding })))}>
                    { icon(Icon::Hold) }<span>{ words::plain("page-tool-hold") }</span>
                </button>
                <button type="button" class="tool heal" hidden={!broken}
                    title={words::plain("page-hint-heal")}
                    onclick={act(Act::Do(Command::Act(Input::Heal)))}>
                    { icon(Icon::Heal) }<span>{ words::plain("page-tool-heal") }</span>
                </button>
            </div>
            <p class="hint" hidden={scene.nodes.len() <= EVERY_LINK}>
                { words::say("page-few-links", &[("count", Arg::from(LINKS_MOST as u64))]) }
            </p>
            <p class="hint" hidden={scene.left_out == 0}>
                { words::say("page-left-out", &left_out) }
            </p>
            <p class="hint" hidden={hint.is_none()}>
                <span>{ hint.map(words::plain).unwrap_or_default() }</span>
                <button type="button" class="quiet" hidden={props.tool != Some(Tool::Cut)}
                    onclick={act(Act::Open(Some(Dialog::Sides)))}>
                    { words::plain("page-choose-sides") }
                </button>
            </p>
        </div>
    }
}
