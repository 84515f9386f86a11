//! How the page of a swarm is put together.

use super::{Page, curve};
use crate::act::{Act, Dialog, Tab};
use crate::address::{Controls, Look};
use crate::app::listen::drop_file;
use crate::dialog::find::{Find, scenes};
use crate::dialog::keys::Keys;
use crate::header::Header;
use crate::icons::{Icon, icon};
use crate::lab::{Command, Input, NodeId, RoleShape, room_title};
use crate::live::{Live, News};
use crate::panel::library::Library;
use crate::words;
use faultline_lab::crowd::{Standing, digits};
use yew::prelude::*;

/// The keys that mean something here.
const KEYS: [(&str, &str); 14] = [
    ("K", "page-key-play"),
    ("L", "crowd-key-step"),
    ("J", "crowd-key-back"),
    ("Shift L", "crowd-key-next"),
    ("Shift J", "crowd-key-previous"),
    ("Home", "page-key-start"),
    ("End", "page-key-end"),
    (", .", "page-key-speed"),
    ("← →", "page-key-arrows"),
    ("Ctrl K", "page-key-find"),
    ("Ctrl Z", "page-key-undo"),
    ("Ctrl Shift Z", "page-key-redo"),
    ("Esc", "page-key-escape"),
    ("?", "page-key-help"),
];

/// The class of a role, as on a stage where nodes have room for a shape. A second role of the same
/// shape has a colour of its own.
pub(super) fn look(number: usize, standing: &Standing) -> Classes {
    let shape = match standing.shape {
        None => "down",
        Some(RoleShape::Plain) => "plain",
        Some(RoleShape::Crowned) => "crowned",
        Some(RoleShape::Dashed) => "dashed",
        Some(RoleShape::Square) => "square",
        Some(RoleShape::Hexagon) => "hexagon",
        Some(RoleShape::Diamond) => "diamond",
        Some(RoleShape::Knowing) => "knowing",
    };
    classes!(shape, format!("role-{number}"))
}

impl Page {
    pub(super) fn view_page(&self, look: &Look) -> Html {
        let send = &self.send;
        let room = self.crowd.room();
        let titles = [room_title(room), self.crowd.title().to_owned()];
        let open = (room, self.crowd.title().to_owned());
        let editable = look.editable && look.controls == Controls::Full;
        let library = self.sheet == Some(Tab::Library);
        html! {
            <div class={[&look.class(), " crowd"].concat()} ondrop={drop_file(send)}
                ondragover={Callback::from(|event: DragEvent| event.prevent_default())}>
                <Header {titles} theme={self.theme} {library} send={send.clone()} />
                <div class={classes!("left", library.then_some("shown"))}>
                    <Library {open} send={send.clone()} />
                </div>
                <aside class={classes!("right", self.sheet.map(|_| "shown"))}
                    aria-label={words::plain("page-panels")}>{ self.view_numbers() }</aside>
                <nav class="tabs" aria-label={words::plain("page-panels")}>
                    { self.tab(Tab::Inspector, "inspector", "crowd-numbers") }
                    { self.tab(Tab::Library, "library", "page-library") }
                </nav>
                { self.view_stage(editable) }
                { self.view_sentence() }
                <button type="button" class="start-here main" hidden={!self.waiting}
                    onclick={send.reform(|_: MouseEvent| Act::PlayOrPause)}>
                    { icon(Icon::Play) }{ words::plain("page-start-here") }
                </button>
                { self.view_transport(editable) }
                <Live news={self.news()} />
                <div class="over">{ self.view_over() }</div>
            </div>
        }
    }

    fn tab(&self, tab: Tab, class: &'static str, word: &str) -> Html {
        let open = self.sheet == Some(tab);
        let onclick = self.send.reform(move |_: MouseEvent| Act::Sheet((!open).then_some(tab)));
        html! {
            <button type="button" {class} {onclick}
                aria-expanded={if open { "true" } else { "false" }}>{ words::plain(word) }</button>
        }
    }

    /// The cells, who is who, and the curve.
    fn view_stage(&self, editable: bool) -> Html {
        let entry = |(number, standing): (usize, Standing)| {
            html! {
                <li hidden={standing.shape.is_none() && standing.count == 0}>
                    <i class={classes!("swatch", look(number, &standing))}
                        data-cell={standing.cell.to_string()}></i>
                    <span>{ &standing.word }</span>
                    <b>{ digits(standing.count.into()) }</b>
                </li>
            }
        };
        let standings = self.crowd.standings().into_iter().enumerate();
        html! {
            <main class="stage" aria-label={words::plain("page-stage")}>
                <canvas class="cells" ref={self.painter.canvas.clone()} role="img"
                    aria-label={self.crowd.summary()}></canvas>
                { self.view_tools(editable) }
                <ul class="legend" ref={self.painter.legend.clone()}
                    aria-label={words::plain("crowd-legend")}>{ for standings.map(entry) }</ul>
                { curve::view(&self.crowd) }
            </main>
        }
    }

    /// What can be done to a million at once.
    fn view_tools(&self, editable: bool) -> Html {
        const QUARTER: Input = Input::CrashSome { ppm: 250_000 };
        let tool = |sign: Icon, word: &str, hint: &str, input: Input| {
            let send = self.send.clone();
            let onclick = Callback::from(move |_: MouseEvent| {
                send.emit(Act::Do(Command::Act(input.clone())));
            });
            html! {
                <button type="button" class="tool" title={words::plain(hint)} {onclick}>
                    { icon(sign) }<span>{ words::plain(word) }</span>
                </button>
            }
        };
        let ask = Input::Request { node: NodeId(0), request: None };
        html! {
            <div class="tools-area" hidden={!editable}>
                <div class="tools" role="group" aria-label={words::plain("page-tools")}>
                    { tool(Icon::Crash, "crowd-tool-crash", "crowd-hint-crash", QUARTER) }
                    { tool(Icon::Request, "crowd-tool-request", "crowd-hint-request", ask) }
                </div>
            </div>
        }
    }

    /// Where everybody stands, what was done, and what the lesson says.
    fn view_sentence(&self) -> Html {
        let caption = self.crowd.caption().unwrap_or_default().to_owned();
        let deeds = self.crowd.deeds().join(" ");
        let text = match deeds.is_empty() {
            true => self.crowd.summary(),
            false => [deeds, self.crowd.summary()].join(" "),
        };
        html! {
            <section class="say" aria-label={words::plain("page-sentence")}>
                <p class="caption" hidden={!self.crowd.has_captions()}>{ caption }</p>
                <p class="sentence">{ text }</p>
            </section>
        }
    }

    /// Said aloud, but no more than once a second.
    fn news(&self) -> Option<News> {
        let number = u64::from(self.epoch) << 32 | u64::from(self.crowd.slice());
        (!self.crowd.pending()).then(|| News { number, text: self.crowd.summary() })
    }

    fn view_over(&self) -> Html {
        let send = &self.send;
        let dialog = self.dialog.map(|dialog| match dialog {
            Dialog::Share => self.view_share(),
            Dialog::Keys => {
                html! { <Keys keys={&KEYS[..]} shortcuts={self.shortcuts} send={send.clone()} /> }
            }
            Dialog::Find => {
                let all = Callback::from(|()| everything());
                html! { <Find {all} send={send.clone()} /> }
            }
            Dialog::Sides => Html::default(),
        });
        let away = send.reform(|_: MouseEvent| Act::Banner(None));
        html! {
            <>
                <div class="banner" role="alert" hidden={self.banner.is_none()}>
                    <p>{ self.banner.clone().unwrap_or_default() }</p>
                    <button type="button" class="bare" onclick={away}
                        aria-label={words::plain("page-close")}>{ icon(Icon::Close) }</button>
                </div>
                <div class="dialog-place">{ dialog.unwrap_or_default() }</div>
            </>
        }
    }
}

/// All there is to find here.
fn everything() -> Vec<(String, Act)> {
    let doings = [
        ("page-play", Act::Do(Command::Play)),
        ("page-pause", Act::Do(Command::Pause)),
        ("page-start", Act::Do(Command::Start)),
        ("page-end", Act::Do(Command::End)),
        ("page-share-title", Act::Open(Some(Dialog::Share))),
        ("page-keys", Act::Open(Some(Dialog::Keys))),
    ];
    let doings = doings.into_iter().map(|(word, act)| (words::plain(word), act));
    doings.chain(scenes()).collect()
}
