//! The page of a swarm: a cell for each of up to a million nodes, the curve of how many stand
//! where, and the counts in words. Nothing here knows a protocol either.
//!
//! It is a page of its own: what belongs to single events (an inspector, links, causes) is not
//! there. Going from one kind of page to the other starts the page anew.

mod curve;
mod host;
mod numbers;
mod painter;
mod share;
mod transport;
mod view;
mod watch;

use crate::act::{Act, Dialog, Tab};
use crate::address::{self, Look};
use crate::app::listen::listen;
use crate::files;
use crate::host::Host;
use crate::lab::{Command, Scenario, Tempo, Time, link};
use crate::sight::Sight;
use crate::start::{joined, say_strange, say_strange_link};
use crate::storage::{Kept, keep, recall};
use crate::theme::Theme;
use crate::words::{self, Arg};
use faultline_lab::crowd::Crowd;
use gloo::events::EventListener;
use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use painter::Painter;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// Slices a second that are on offer, slowest first.
const SPEEDS: [f64; 6] = [0.5, 1.0, 3.0, 10.0, 30.0, 100.0];

/// What the page begins with.
#[derive(Properties)]
pub(crate) struct Start {
    crowd: Rc<RefCell<Option<Crowd>>>,
    look: Look,
    banner: Option<String>,
}

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.crowd, &other.crowd)
    }
}

/// The state of the page, and the crowd.
pub(crate) struct Page {
    crowd: Crowd,
    painter: Painter,
    /// Rises with every scenario opened.
    epoch: u32,
    /// What was drawn last of the crowd's own count of changes.
    seen: u64,
    send: Callback<Act>,
    theme: Theme,
    shortcuts: bool,
    sheet: Option<Tab>,
    dialog: Option<Dialog>,
    banner: Option<String>,
    /// When the last frame was.
    last: Option<f64>,
    frame: Option<AnimationFrame>,
    address: Option<Timeout>,
    host: Option<Host>,
    waiting: bool,
    in_sight: bool,
    _sight: Option<Sight>,
    _listeners: Vec<EventListener>,
}

/// What happens to the page.
pub(crate) enum Msg {
    /// The reader does something.
    Act(Act),
    /// The browser is about to draw; the time is in milliseconds.
    Frame(f64),
    /// It is time to write the address.
    Address,
    /// The page comes into sight, or goes out of it.
    Sight(bool),
    /// The window has another size, or other colours.
    Looks,
    /// The page around this one asks for something.
    Host(JsValue),
}

/// If the address asks for a swarm, shows it; says whether it did.
pub(crate) fn show() -> bool {
    if room_of_swarm(&address::fragment()).is_none() {
        return false;
    }
    let look = address::look();
    let Some(mut crowd) = address::scenario().ok().and_then(|it| Crowd::open(it).ok()) else {
        return false;
    };
    Theme::at_start(look.theme.and_then(Theme::named)).wear();
    let asked = [
        look.speed.map(|speed| Command::Tempo(Tempo::Fixed(speed))),
        look.at_ms.map(|millis| Command::RunTo(Time(millis.saturating_mul(1_000)))),
        (look.autoplay && !look.start_on_click).then_some(Command::Play),
    ];
    let wrong = asked.into_iter().flatten().find_map(|command| crowd.apply(command).err());
    let wrong = wrong.map(|wrong| wrong.to_string());
    let strange = look.strange.iter().map(|part| Some(say_strange(part)));
    let banner = joined([wrong, say_strange_link(&address::fragment())].into_iter().chain(strange));
    let start = Start { crowd: Rc::new(RefCell::new(Some(crowd))), look, banner };
    yew::Renderer::<Page>::with_props(start).render();
    true
}

/// The room of the swarm that a fragment asks for; none if it asks for something else.
pub(crate) fn room_of_swarm(fragment: &str) -> Option<String> {
    let scenario = link::decode(fragment).ok().filter(Scenario::is_swarm)?;
    Some(scenario.protocol)
}

impl Component for Page {
    type Message = Msg;
    type Properties = Start;

    fn create(ctx: &Context<Self>) -> Self {
        let start = ctx.props();
        let crowd = start.crowd.borrow_mut().take().expect("a page is created once");
        let act = ctx.link().callback(Msg::Act);
        let host = Host::find();
        let mut listeners = Vec::from(listen(act.clone()));
        listeners.extend(host.as_ref().map(|host| host.listen(ctx.link().callback(Msg::Host))));
        listeners.extend(watch::looks(&ctx.link().callback(|()| Msg::Looks)));
        Self {
            crowd,
            painter: Painter::default(),
            epoch: 0,
            seen: 0,
            send: act,
            theme: Theme::at_start(start.look.theme.and_then(Theme::named)),
            shortcuts: recall(Kept::Shortcuts).as_deref() != Some("off"),
            sheet: None,
            dialog: None,
            banner: start.banner.clone(),
            last: None,
            frame: None,
            address: None,
            host,
            waiting: start.look.start_on_click,
            in_sight: true,
            _sight: Sight::watch(ctx.link().callback(Msg::Sight)),
            _listeners: listeners,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(now) => return self.pass_frame(ctx, now),
            Msg::Address => {
                self.address = None;
                self.write_address();
                return false;
            }
            Msg::Sight(seen) => self.in_sight = seen,
            Msg::Looks => self.painter.forget(),
            Msg::Act(act) => self.act(act),
            Msg::Host(message) => self.obey(&message),
        }
        self.waiting = self.waiting && !self.crowd.playing();
        self.ask_for_frame(ctx);
        self.ask_for_address(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.view_page(&ctx.props().look)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        self.painter.paint(&self.crowd);
        if first {
            self.ask_for_frame(ctx);
        }
    }
}

impl Page {
    fn act(&mut self, act: Act) {
        match act {
            Act::Do(command) => self.command(command),
            Act::PlayOrPause => {
                self.command(if self.crowd.playing() { Command::Pause } else { Command::Play });
            }
            Act::Faster(by) => {
                let now = self.crowd.speed();
                let place = SPEEDS.iter().position(|speed| *speed >= now * 0.99).unwrap_or(2);
                let next = place.saturating_add_signed(by as isize).min(SPEEDS.len() - 1);
                self.command(Command::Tempo(self.crowd.tempo(SPEEDS[next])));
            }
            Act::Open(dialog @ (None | Some(Dialog::Share | Dialog::Keys | Dialog::Find))) => {
                if dialog.is_some() {
                    self.command(Command::Pause);
                }
                self.dialog = dialog;
            }
            Act::Escape => self.sheet = None,
            Act::Sheet(tab) => self.sheet = tab,
            Act::Scene(protocol, scene) => self.open(&link::readable(protocol, scene)),
            Act::Address => self.open(&address::fragment()),
            Act::File(text) => self.open_file(&text),
            Act::Save => self.save(".faultline.json", &self.crowd.scenario_here().to_json()),
            Act::NextTheme => {
                self.theme = self.theme.next();
                self.theme.wear();
                self.theme.remember();
                self.painter.forget();
            }
            Act::Shortcuts(on) => {
                self.shortcuts = on;
                // Without storage the choice holds until the page is left.
                let _ = keep(Kept::Shortcuts, if on { "on" } else { "off" });
            }
            Act::Banner(banner) => self.banner = banner,
            // Nothing of this is to be had where no event has a name.
            Act::Open(_)
            | Act::All(_)
            | Act::Select(_)
            | Act::Touch(_)
            | Act::Arm(_)
            | Act::Why(_)
            | Act::WhyNow
            | Act::FocusActions
            | Act::Redraw => {}
        }
    }

    fn command(&mut self, command: Command) {
        if let Err(reason) = self.crowd.apply(command) {
            self.banner = Some(reason.to_string());
        }
    }

    fn open(&mut self, fragment: &str) {
        let scenario = link::decode(fragment);
        let world = scenario.as_ref().ok().filter(|scenario| !scenario.is_swarm());
        if world.is_some_and(|world| address::start_anew(fragment, &world.protocol)) {
            return;
        }
        self.replace(scenario.map_err(|error| error.to_string()));
        self.banner = joined([self.banner.take(), say_strange_link(fragment)]);
        self.sheet = None;
    }

    fn open_file(&mut self, text: &str) {
        let scenario = Scenario::from_json(text);
        let world = scenario.as_ref().ok().filter(|scenario| !scenario.is_swarm());
        let fragment = link::encode_text(text);
        if world.is_some_and(|world| address::start_anew(&fragment, &world.protocol)) {
            return;
        }
        self.replace(scenario.map_err(|error| error.to_string()));
    }

    /// Opens another swarm instead of this one; a broken scenario changes nothing.
    fn replace(&mut self, scenario: Result<Scenario, String>) {
        let opened = scenario.and_then(|it| Crowd::open(it).map_err(|error| error.to_string()));
        match opened {
            Ok(crowd) => {
                self.crowd = crowd;
                self.epoch += 1;
                self.painter.forget();
                (self.dialog, self.banner) = (None, None);
                self.command(Command::Play);
            }
            Err(reason) => {
                let args = [("reason", Arg::from(reason))];
                self.banner = Some(words::say("page-cannot-open", &args));
            }
        }
    }

    fn save(&mut self, ending: &str, text: &str) {
        if files::save(&files::name_of(self.crowd.title(), ending), text).is_none() {
            self.banner = Some(words::plain("page-cannot-save"));
        }
    }
}
