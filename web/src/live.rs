//! The one live region: it says what happened, politely, at most once a second.

use crate::lab::{Lab, Seen, Session};
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// The shortest time between two sentences, in milliseconds.
const PAUSE_MS: u32 = 1_000;

/// What the region is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) playing: bool,
}

/// The region: milestones while playing, everything while stepping.
pub(crate) struct Live {
    said: String,
    next: Option<String>,
    pause: Option<Timeout>,
    last: u32,
}

/// The pause is over.
pub(crate) struct Breath;

impl Component for Live {
    type Message = Breath;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { said: String::new(), next: None, pause: None, last: u32::MAX }
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        let props = ctx.props();
        let Some(row) = props.lab.read(Session::sentence) else { return false };
        if row.event == self.last || (props.playing && row.mark.is_none()) {
            return false;
        }
        self.last = row.event;
        self.next = Some(row.text);
        self.pause.is_none() && self.say(ctx)
    }

    fn update(&mut self, ctx: &Context<Self>, _: Breath) -> bool {
        self.pause = None;
        self.say(ctx)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        html! { <p class="visually-hidden" role="status" aria-live="polite">{ &self.said }</p> }
    }
}

impl Live {
    fn say(&mut self, ctx: &Context<Self>) -> bool {
        let Some(next) = self.next.take() else { return false };
        self.said = next;
        let link = ctx.link().clone();
        self.pause = Some(Timeout::new(PAUSE_MS, move || link.send_message(Breath)));
        true
    }
}
