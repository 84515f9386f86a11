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
    /// What was heard last: in which run, of which event, in which words.
    last: (u32, u32, String),
}

/// The pause is over.
pub(crate) struct Breath;

impl Component for Live {
    type Message = Breath;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { said: String::new(), next: None, pause: None, last: Default::default() }
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        let props = ctx.props();
        let Some(row) = props.lab.read(Session::sentence) else { return false };
        // An event of another run or branch may bear the same number.
        let heard = (props.seen.epoch, row.event, row.text);
        if heard == self.last || (props.playing && row.mark.is_none()) {
            return false;
        }
        self.next = Some(heard.2.clone());
        self.last = heard;
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
