//! What the page begins with: the scenario that the address asks for, and how it is to be shown.

use crate::address::{self, Look};
use crate::lab::{Command, Lab, Scenario, Session, Tempo, Time, link};
use crate::look::{Strange, told};
use crate::theme::Theme;
use crate::words::{self, Arg};
use yew::Properties;

/// What the page begins with.
#[derive(Properties, PartialEq)]
pub(crate) struct Start {
    pub(crate) lab: Lab,
    pub(crate) look: Look,
    pub(crate) banner: Option<String>,
    /// The moment it begins at, and returns to if it is looped.
    pub(crate) from: Time,
}

/// Opens what the address asks for, or the default with a word on what is wrong.
pub(crate) fn open_at_start() -> Result<Start, String> {
    let look = address::look();
    Theme::at_start(look.theme.and_then(Theme::named)).wear();
    let open = |scenario: Scenario| Session::open(scenario).map_err(|error| error.to_string());
    let (session, wrong) = match address::scenario().and_then(open) {
        Ok(session) => (session, say_strange_link(&address::fragment())),
        Err(reason) => {
            let first = link::decode("").map_err(|error| error.to_string())?;
            (open(first)?, Some(words::say("page-broken-link", &[("reason", reason.into())])))
        }
    };
    let strange = joined(look.strange.iter().map(|part| Some(say_strange(part))));
    let lab = Lab::new(session);
    if let Some(speed) = look.speed {
        lab.apply(Command::Tempo(Tempo::Fixed(speed)))?;
    }
    if let Some(millis) = look.at_ms {
        lab.apply(Command::RunTo(Time(millis.saturating_mul(1_000))))?;
    }
    let notice = lab.read(|session| session.notice().map(str::to_owned));
    if look.autoplay && !look.start_on_click {
        lab.apply(Command::Play)?;
    }
    let banner = joined([wrong, strange, notice]);
    let from = lab.read(|session| session.moment().time);
    Ok(Start { lab, look, banner, from })
}

/// What is said of a value in the address that means nothing.
pub(crate) fn say_strange(Strange { name, value }: &Strange) -> String {
    say_strange_part(&[name, "=", value].concat())
}

/// All that there is to be said.
pub(crate) fn joined(said: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    said.into_iter().flatten().reduce(|said, more| said + " " + &more)
}

/// What is said of the fragment of a link if a part of it means nothing.
pub(crate) fn say_strange_link(fragment: &str) -> Option<String> {
    link::strange(fragment).map(say_strange_part)
}

fn say_strange_part(part: &str) -> String {
    words::say("page-strange-value", &[("part", Arg::from(told(part)))])
}
