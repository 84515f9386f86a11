//! The sentence under the stage, and what lies over the page.

use super::App;
use crate::act::{Act, Dialog};
use crate::dialog::{find, find::Find, keys::Keys, share::Share, sides::Sides};
use crate::icons::{Icon, icon};
use crate::keys::ALL;
use crate::panel::why::Why;
use crate::words;
use yew::prelude::*;

impl App {
    /// What just happened, in a sentence, and what the lesson says.
    pub(super) fn view_sentence(&self, send: &Callback<Act>) -> Html {
        let (sentence, caption, lesson) = self.lab.read(|session| {
            let caption = session.caption().unwrap_or_default().to_owned();
            (session.sentence(), caption, session.has_captions())
        });
        let event = sentence.as_ref().map(|row| row.event);
        let text = sentence.map(|row| row.text).unwrap_or_default();
        let send = send.clone();
        let onclick = Callback::from(move |_: MouseEvent| send.emit(Act::Why(event)));
        html! {
            <section class="say" aria-label={words::plain("page-sentence")}>
                <p class="caption" hidden={!lesson}>{ caption }</p>
                <p class="sentence">{ text }</p>
                <button type="button" class="why" hidden={event.is_none()} {onclick}>
                    { words::plain("page-why") }
                </button>
            </section>
        }
    }

    /// What lies over the page: the chain of causes, a word on what is wrong, dialogs.
    pub(super) fn view_over(&self, send: &Callback<Act>, editable: bool) -> Html {
        let why = self.why.map(|event| {
            html! {
                <Why lab={self.lab.clone()} seen={self.seen} {event} send={send.clone()} />
            }
        });
        let dialog = self.dialog.map(|dialog| match dialog {
            Dialog::Share => html! { <Share lab={self.lab.clone()} send={send.clone()} /> },
            Dialog::Keys => {
                html! { <Keys keys={&ALL[..]} shortcuts={self.shortcuts} send={send.clone()} /> }
            }
            Dialog::Find => {
                let lab = self.lab.clone();
                let all = Callback::from(move |()| find::everything(&lab, editable));
                html! { <Find {all} send={send.clone()} /> }
            }
            Dialog::Sides => html! { <Sides lab={self.lab.clone()} send={send.clone()} /> },
        });
        let away = send.reform(|_: MouseEvent| Act::Banner(None));
        html! {
            <>
                <div class="why-place">{ why.unwrap_or_default() }</div>
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
