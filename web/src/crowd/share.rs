//! Sharing a swarm: a link, a frame for other pages, a file, the counts.

use super::Page;
use crate::act::Act;
use crate::address;
use crate::dialog::Modal;
use crate::dialog::share::{Copied, frame, open_file};
use crate::lab::link;
use crate::words;
use yew::prelude::*;

impl Page {
    pub(super) fn view_share(&self) -> Html {
        let send = &self.send;
        let fragment = link::encode(&self.crowd.scenario_here());
        let address = address::link_to(&fragment, false);
        let frame = frame(&address::link_to(&fragment, true), self.crowd.title());
        let long = fragment.len() > link::WARN;
        html! {
            <Modal title={words::plain("page-share-title")} send={send.clone()}>
                <Copied label={words::plain("page-share-link")} text={address} rows=3 />
                <p class="warning" hidden={!long}>
                    { words::say("page-share-long", &[("count", (fragment.len() as u64).into())]) }
                </p>
                <Copied label={words::plain("page-share-frame")} text={frame} rows=3 />
                <p class="file-row">
                    <button type="button" onclick={send.reform(|_: MouseEvent| Act::Save)}>
                        { words::plain("page-share-save") }
                    </button>
                    <label class="button">
                        { words::plain("page-share-open") }
                        <input class="visually-hidden" type="file" accept=".json,application/json"
                            onchange={open_file(send)} />
                    </label>
                </p>
                <p class="soft">{ words::plain("page-share-drop") }</p>
            </Modal>
        }
    }
}
