//! Sharing: a link, a frame for other pages, a file.

use super::Modal;
use crate::act::Act;
use crate::address;
use crate::draw::export;
use crate::files;
use crate::lab::{ARROWS_MOST, Lab, REPORTED_MOST, Session, link};
use crate::words::{self, Arg};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What the dialog is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) send: Callback<Act>,
}

/// The dialog.
#[component]
pub(crate) fn Share(props: &Props) -> Html {
    let with_moment = use_state(|| true);
    let mut scenario = props.lab.read(Session::scenario);
    if !*with_moment {
        scenario.moment = None;
    }
    let fragment = link::encode(&scenario);
    let address = address::link_to(&fragment, false);
    let title = props.lab.read(|session| session.title().to_owned());
    let frame = frame(&address::link_to(&fragment, true), &title);
    let warning = match fragment.len() {
        length if length > link::MOST => Some("page-share-too-long"),
        length if length > link::WARN => Some("page-share-long"),
        _ => None,
    };
    let flip = {
        let with_moment = with_moment.clone();
        Callback::from(move |_: Event| with_moment.set(!*with_moment))
    };
    let save = {
        let send = props.send.clone();
        Callback::from(move |_: MouseEvent| send.emit(Act::Save))
    };
    let open = open_file(&props.send);
    let events = props.lab.read(Session::event_count);
    let most = [("events", Arg::from(REPORTED_MOST)), ("arrows", Arg::from(ARROWS_MOST))];
    let warn_args = [("count", Arg::from(fragment.len() as u64))];
    html! {
        <Modal title={words::plain("page-share-title")} send={props.send.clone()}>
            <Copied label={words::plain("page-share-link")} text={address} rows=3 />
            <label class="choice">
                <input type="checkbox" checked={*with_moment} onchange={flip} />
                { words::plain("page-share-moment") }
            </label>
            <p class="warning" hidden={warning.is_none()}>
                { warning.map(|id| words::say(id, &warn_args)).unwrap_or_default() }
            </p>
            <Copied label={words::plain("page-share-frame")} text={frame} rows=3 />
            <p class="file-row">
                <button type="button" onclick={save}>{ words::plain("page-share-save") }</button>
                <label class="button">
                    { words::plain("page-share-open") }
                    <input class="visually-hidden" type="file" accept=".json,application/json"
                        onchange={open} />
                </label>
            </p>
            <div class="file-row" role="group" aria-label={words::plain("page-share-as")}>
                <span>{ words::plain("page-share-as") }</span>
                { for Form::ALL.iter().map(|form| saver(props, *form)) }
            </div>
            <p class="soft" hidden={events <= ARROWS_MOST}>
                { words::say("page-share-part", &most) }
            </p>
            <p class="soft">{ words::plain("page-share-drop") }</p>
        </Modal>
    }
}

/// Opens the file that was chosen.
pub(crate) fn open_file(send: &Callback<Act>) -> Callback<Event> {
    let send = send.clone();
    Callback::from(move |event: Event| {
        let input: Option<HtmlInputElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            files::read(&file, send.clone());
        }
        // Else the same file could not be chosen again.
        input.set_value("");
    })
}

/// A form in which the run can be taken along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Picture,
    Table,
    Clocks,
    Diagram,
}

impl Form {
    const ALL: [Self; 4] = [Self::Picture, Self::Table, Self::Clocks, Self::Diagram];

    /// Its word, and how its files end.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Picture => ("page-share-svg", ".svg"),
            Self::Table => ("page-share-csv", ".csv"),
            Self::Clocks => ("page-share-shiviz", ".shiviz.log"),
            Self::Diagram => ("page-share-mermaid", ".mmd"),
        }
    }

    fn text(self, lab: &Lab) -> String {
        match self {
            Self::Picture => lab.picture(|painter| export::svg(&painter.svg())).unwrap_or_default(),
            Self::Table => lab.read(Session::csv),
            Self::Clocks => lab.read(Session::shiviz),
            Self::Diagram => lab.read(Session::mermaid),
        }
    }
}

fn saver(props: &Props, form: Form) -> Html {
    let (word, ending) = form.names();
    let (lab, send) = (props.lab.clone(), props.send.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let name = files::name_of(&lab.read(|session| session.title().to_owned()), ending);
        if files::save(&name, &form.text(&lab)).is_none() {
            send.emit(Act::Banner(Some(words::plain("page-cannot-save"))));
        }
    });
    html! { <button type="button" {onclick}>{ words::plain(word) }</button> }
}

/// What another page puts into itself to show this run.
pub(crate) fn frame(address: &str, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('"', "&quot;");
    [
        "<iframe src=\"",
        address,
        "\" title=\"",
        &title,
        "\" loading=\"lazy\" sandbox=\"allow-scripts allow-popups ",
        "allow-popups-to-escape-sandbox allow-downloads\" allow=\"clipboard-write; fullscreen\" ",
        "style=\"width:100%;aspect-ratio:16/10;border:0\"></iframe>",
    ]
    .concat()
}

/// What a field to copy is given.
#[derive(Properties, PartialEq)]
pub(crate) struct CopiedProps {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) rows: u32,
}

/// A field that cannot be changed, and a button that copies it; where that is refused, selects it.
#[component]
pub(crate) fn Copied(props: &CopiedProps) -> Html {
    let field = use_node_ref();
    let said = use_state(|| "page-copy");
    let onclick = {
        let (field, said, text) = (field.clone(), said.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (field, said, text) = (field.clone(), said.clone(), text.clone());
            spawn_local(async move {
                if copy(&text).await.is_some() {
                    said.set("page-copied");
                } else if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                    // Only fails where focus does not exist.
                    let _ = field.focus();
                    field.select();
                    said.set("page-selected");
                }
            });
        })
    };
    html! {
        <div class="copied">
            <label>
                <span>{ &props.label }</span>
                <textarea readonly=true ref={field} rows={props.rows.to_string()}
                    value={props.text.clone()} />
            </label>
            <button type="button" {onclick} aria-live="polite">{ words::plain(*said) }</button>
        </div>
    }
}

/// Copies a text; nothing if the browser has no clipboard for us or refuses.
async fn copy(text: &str) -> Option<()> {
    let navigator = web_sys::window()?.navigator();
    // In frames and on plain addresses there is none, whatever the type says.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let clipboard: web_sys::Clipboard = clipboard.dyn_into().ok()?;
    JsFuture::from(clipboard.write_text(text)).await.ok().map(|_| ())
}
