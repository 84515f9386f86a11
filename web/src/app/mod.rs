//! The page: it holds the session, hears what the reader does, and lets everybody know.

pub(crate) mod listen;
mod over;
mod watch;

use crate::act::{Act, Dialog, Selection, Tab, Tool};
use crate::address::{self, Controls};
use crate::files;
use crate::header::Header;
use crate::host::Host;
use crate::icons::{Icon, icon};
use crate::lab::{
    Command, Condition, Input, Lab, NodeId, Scenario, Seen, Session, link, room_title,
};
use crate::live::{Live, News};
use crate::run::{Frames, Outcome};
use crate::sheet::Panels;
use crate::sight::Sight;
use crate::stage::Stage;
use crate::start::{Start, joined, say_strange_link};
use crate::storage::{Kept, keep, recall};
use crate::theme::Theme;
use crate::transport::{self, Dials, Transport};
use crate::words::{self, Arg};
use gloo::events::EventListener;
use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use listen::{drop_file, focus_actions, listen};
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// The address bar follows at most this often, in milliseconds.
const ADDRESS_MS: u32 = 2_000;

/// The state of the page; the state of the run is in the lab.
pub(crate) struct App {
    lab: Lab,
    /// Always the same, or every panel would be drawn anew whenever anything changes.
    send: Callback<Act>,
    seen: Seen,
    selection: Option<Selection>,
    tool: Option<Tool>,
    dialog: Option<Dialog>,
    why: Option<u32>,
    sheet: Option<Tab>,
    theme: Theme,
    shortcuts: bool,
    banner: Option<String>,
    escapes: u32,
    dials: Dials,
    frames: Frames,
    frame: Option<AnimationFrame>,
    address: Option<Timeout>,
    /// Whether the run is short enough for the address bar.
    address_fits: bool,
    host: Option<Host>,
    /// What the session has said so far of limits and differences.
    noticed: Option<String>,
    /// Whether a click on the stage is waited for.
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
    /// The page around this one asks for something.
    Host(JsValue),
}

impl Component for App {
    type Message = Msg;
    type Properties = Start;

    fn create(ctx: &Context<Self>) -> Self {
        let start = ctx.props();
        let host = Host::find();
        let mut listeners = Vec::from(listen(ctx.link().callback(Msg::Act)));
        listeners.extend(host.as_ref().map(|host| host.listen(ctx.link().callback(Msg::Host))));
        Self {
            lab: start.lab.clone(),
            send: ctx.link().callback(Msg::Act),
            seen: start.lab.seen(0),
            selection: None,
            tool: None,
            dialog: None,
            why: None,
            sheet: None,
            theme: Theme::at_start(start.look.theme.and_then(Theme::named)),
            shortcuts: recall(Kept::Shortcuts).as_deref() != Some("off"),
            banner: start.banner.clone(),
            escapes: 0,
            dials: Dials::default(),
            frames: Frames::default(),
            frame: None,
            address: None,
            address_fits: true,
            host,
            noticed: None,
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
                return self.write_address();
            }
            Msg::Sight(seen) => {
                self.in_sight = seen;
                self.frames.rest();
                self.ask_for_frame(ctx);
                return false;
            }
            Msg::Act(Act::Shortcuts(on)) => {
                self.shortcuts = on;
                // Without storage the choice holds until the page is left.
                let _ = keep(Kept::Shortcuts, if on { "on" } else { "off" });
            }
            Msg::Act(act) if !act.is_allowed(&ctx.props().look) => {
                self.warn(words::plain("page-only-shows"));
            }
            Msg::Act(act) => self.act(act),
            Msg::Host(message) => self.obey(&message),
        }
        self.lab.picture(|painter| painter.select(self.selection));
        self.seen = self.lab.seen(self.seen.epoch);
        self.hear_notice();
        self.waiting = self.waiting && !self.lab.read(Session::playing);
        self.ask_for_frame(ctx);
        self.ask_for_address(ctx);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let look = &ctx.props().look;
        let send = &self.send;
        let (lab, seen, selection) = (&self.lab, self.seen, self.selection);
        let playing = lab.read(Session::playing);
        let class = look.class();
        let titles = lab.read(|it| [room_title(it.room()), it.title().to_owned()]);
        let editable = look.editable && look.controls == Controls::Full;
        html! {
            <div {class} ondragover={Callback::from(|event: DragEvent| event.prevent_default())}
                ondrop={drop_file(send)}>
                <Header {titles} theme={self.theme}
                    library={self.sheet == Some(Tab::Library)} send={send.clone()} />
                <Stage lab={lab.clone()} {seen} {selection} tool={self.tool} {playing}
                    still={look.still} {editable} escapes={self.escapes} send={send.clone()} />
                { self.view_sentence(send) }
                <button type="button" class="start-here main" hidden={!self.waiting}
                    onclick={send.reform(|_: MouseEvent| Act::PlayOrPause)}>
                    { icon(Icon::Play) }{ words::plain("page-start-here") }
                </button>
                <Transport lab={lab.clone()} {seen} {playing} {editable}
                    dials={self.dials.clone()} send={send.clone()} />
                <Panels lab={lab.clone()} {seen} {selection} sheet={self.sheet}
                    send={send.clone()} />
                <Live news={self.news(playing)} />
                <div class="over">{ self.view_over(send, editable) }</div>
            </div>
        }
    }
}

impl App {
    fn act(&mut self, act: Act) {
        match act {
            Act::Do(command) => self.command(command),
            Act::All(inputs) => {
                self.command(Command::ActAll(inputs));
            }
            Act::PlayOrPause => {
                let playing = self.lab.read(Session::playing);
                // To play from here on is to be on no way to another moment.
                self.command(Command::Pause);
                if !playing {
                    self.command(Command::Play);
                }
            }
            Act::Faster(by) => {
                let now = self.lab.read(Session::tempo);
                self.command(Command::Tempo(transport::beside(now, by)));
            }
            Act::Select(selection) => self.select(selection),
            Act::Touch(node) => self.touch(node),
            Act::Arm(tool) => self.tool = tool,
            Act::Open(dialog) => self.open_dialog(dialog),
            Act::Escape => self.escape(),
            Act::Why(event) => self.why = event,
            Act::WhyNow => self.why = self.what_to_explain(),
            Act::Sheet(tab) => self.sheet = tab,
            Act::Scene(protocol, scene) => self.open(&link::readable(protocol, scene)),
            Act::Address => self.open(&address::fragment()),
            Act::File(text) => {
                if !address::leave_file(&text) {
                    self.replace(Scenario::from_json(&text).map_err(|error| error.to_string()));
                }
            }
            Act::Save => self.save(),
            Act::NextTheme => {
                self.theme = self.theme.next();
                self.theme.wear();
                self.theme.remember();
            }
            Act::Banner(Some(said)) => self.warn(said),
            Act::Banner(None) => self.banner = None,
            Act::FocusActions => focus_actions(),
            Act::Redraw | Act::Shortcuts(_) => {}
        }
    }

    /// Does what the page around this one asks.
    fn obey(&mut self, message: &JsValue) {
        if let Some(strange) = self.host.as_mut().and_then(|host| host.obey(&self.lab, message)) {
            self.lab.clear();
            self.begin_anew();
            self.banner = strange;
        }
    }

    /// Another scenario is open: what was said and chosen about the one before is gone.
    fn begin_anew(&mut self) {
        self.seen.epoch += 1;
        self.selection = None;
        self.why = None;
        self.dialog = None;
        self.banner = None;
        self.address_fits = true;
    }

    /// Says what is wrong. Under a dialog nobody could hear or close it.
    fn warn(&mut self, said: String) {
        self.banner = Some(said);
        self.dialog = None;
    }

    fn command(&mut self, command: Command) {
        if let Err(reason) = self.lab.apply(command) {
            self.warn(reason);
        }
    }

    fn select(&mut self, selection: Option<Selection>) {
        self.selection = selection;
        if selection.is_none() {
            self.sheet = None;
        }
        // Nobody can press a button beside something that flies away.
        if matches!(selection, Some(Selection::Message(_))) {
            self.command(Command::Pause);
        }
    }

    fn touch(&mut self, node: NodeId) {
        let condition = self
            .lab
            .read(|session| session.scene().nodes.get(node.index()).map(|node| node.condition));
        let input = match self.tool {
            Some(Tool::Crash) if condition == Some(Condition::Down) => Input::Restart { node },
            Some(Tool::Crash) => Input::Crash { node },
            Some(Tool::Request) => Input::Request { node, request: None },
            Some(Tool::Cut) | None => {
                let chosen = Some(Selection::Node(node));
                return self.select(if self.selection == chosen { None } else { chosen });
            }
        };
        self.command(Command::Act(input));
    }

    fn open_dialog(&mut self, dialog: Option<Dialog>) {
        if dialog.is_some() {
            self.command(Command::Pause);
        }
        self.dialog = dialog;
    }

    /// Takes away what is uppermost: a stroke and a tool, the chain of causes, the selection.
    fn escape(&mut self) {
        self.escapes += 1;
        if self.tool.take().is_some() || self.why.take().is_some() || self.sheet.take().is_some() {
            return;
        }
        self.selection = None;
    }

    fn what_to_explain(&self) -> Option<u32> {
        self.lab.read(|session| match self.selection {
            Some(Selection::Node(node)) => session.node_panel(node)?.last_event,
            Some(Selection::Message(name)) => session.message_panel(&name)?.sent_by,
            Some(Selection::Link(..)) | None => Some(session.sentence()?.event),
        })
    }

    fn open(&mut self, fragment: &str) {
        if address::leave(fragment) {
            return;
        }
        self.replace(link::decode(fragment).map_err(|error| error.to_string()));
        self.banner = joined([self.banner.take(), say_strange_link(fragment)]);
        self.sheet = None;
    }

    /// Opens a scenario instead of the one that is open; a broken one changes nothing.
    fn replace(&mut self, scenario: Result<Scenario, String>) {
        let session = scenario.and_then(|it| Session::open(it).map_err(|error| error.to_string()));
        match session {
            Ok(session) => {
                self.lab.replace(session);
                self.begin_anew();
                self.command(Command::Play);
            }
            Err(reason) => {
                self.warn(words::say("page-cannot-open", &[("reason", Arg::from(reason))]));
            }
        }
    }

    fn save(&mut self) {
        let (title, text) =
            self.lab.read(|session| (session.title().to_owned(), session.scenario().to_json()));
        if files::save(&files::name_of(&title, ".faultline.json"), &text).is_none() {
            self.warn(words::plain("page-cannot-save"));
        }
    }

    /// What is worth saying aloud: milestones while playing, everything while stepping.
    fn news(&self, playing: bool) -> Option<News> {
        let row = self.lab.read(Session::sentence)?;
        // An event of another run may bear the same number.
        let number = u64::from(self.seen.epoch) << 32 | u64::from(row.event);
        (!playing || row.mark.is_some()).then_some(News { number, text: row.text })
    }

    fn ask_for_frame(&mut self, ctx: &Context<Self>) {
        if self.frame.is_none() && self.in_sight {
            let frame = ctx.link().callback(Msg::Frame);
            self.frame = Some(request_animation_frame(move |now| frame.emit(now)));
        }
    }

    fn pass_frame(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.frame = None;
        let still = ctx.props().look.still;
        let played = self.lab.read(Session::playing);
        let Outcome { mut panels, mut again } =
            self.frames.pass(&self.lab, &self.dials, self.seen, still, now);
        if self.stop_in_time(played, ctx.props()) {
            (panels, again) = (true, true);
        }
        panels |= self.hear_notice();
        if let Some(host) = &mut self.host {
            again |= host.follow(&self.lab, now);
        }
        if again {
            self.ask_for_frame(ctx);
        } else {
            self.frames.rest();
        }
        if panels {
            self.seen = self.lab.seen(self.seen.epoch);
            self.ask_for_address(ctx);
            self.forget_what_is_gone();
        }
        panels
    }
}
