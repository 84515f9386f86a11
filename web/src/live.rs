//! The one live region: it says what happened, politely, at most once a second.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// The shortest time between two sentences, in milliseconds.
const PAUSE_MS: u32 = 1_000;

/// Something worth saying.
#[derive(Clone, PartialEq)]
pub(crate) struct News {
    /// Of which event or slice: the same one is not said twice.
    pub(crate) number: u64,
    /// In a sentence.
    pub(crate) text: String,
}

/// What the region is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) news: Option<News>,
}

/// The region: milestones while playing, everything while stepping.
pub(crate) struct Live {
    said: String,
    next: Option<String>,
    pause: Option<Timeout>,
    /// What was heard last.
    last: Option<News>,
}

/// The pause is over.
pub(crate) struct Breath;

impl Component for Live {
    type Message = Breath;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { said: String::new(), next: None, pause: None, last: None }
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        let Some(news) = &ctx.props().news else { return false };
        if self.last.as_ref() == Some(news) {
            return false;
        }
        self.last = Some(news.clone());
        self.next = Some(news.text.clone());
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
