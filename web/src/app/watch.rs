//! What the page keeps an eye on while the run goes on: where it is to stop, what the session says,
//! what is no longer there, and the address bar.

use super::{ADDRESS_MS, App, Msg};
use crate::act::Selection;
use crate::address;
use crate::lab::{Command, link};
use crate::start::Start;
use gloo::timers::callback::Timeout;
use yew::Context;

impl App {
    /// Stops where the address says, or begins anew; says whether it did.
    pub(super) fn stop_in_time(&mut self, start: &Start) -> bool {
        let (playing, ended, now) =
            self.lab.read(|session| (session.playing(), session.ended(), session.moment().time));
        let until = start.look.until_ms.map(|millis| millis.saturating_mul(1_000));
        let reached = playing && until.is_some_and(|until| now.0 >= until);
        let over = reached || (ended && start.look.looped);
        if !over {
            return false;
        }
        if start.look.looped && start.from < now {
            self.command(Command::SeekTime(start.from));
            self.command(Command::Play);
        } else {
            self.command(Command::Pause);
        }
        reached || start.look.looped
    }

    /// Says what the session has to say; takes it away when it is over.
    pub(super) fn hear_notice(&mut self) -> bool {
        let notice = self.lab.read(|session| session.notice().map(str::to_owned));
        if notice == self.noticed {
            return false;
        }
        if notice.is_some() || self.banner == self.noticed {
            self.banner.clone_from(&notice);
        }
        self.noticed = notice;
        true
    }

    /// A message that has arrived cannot stay selected.
    pub(super) fn forget_what_is_gone(&mut self) {
        if let Some(Selection::Message(name)) = self.selection
            && self.lab.read(|session| session.message_panel(&name).is_none())
        {
            self.selection = None;
            self.lab.picture(|painter| painter.select(None));
        }
    }

    pub(super) fn ask_for_address(&mut self, ctx: &Context<Self>) {
        if self.address.is_none() && !ctx.props().look.embed {
            let write = ctx.link().callback(|()| Msg::Address);
            self.address = Some(Timeout::new(ADDRESS_MS, move || write.emit(())));
        }
    }

    /// A scenario of the library that nobody touched keeps its readable name.
    pub(super) fn write_address(&self) {
        let fragment = self.lab.read(|session| {
            let scenario = session.scenario();
            let touched = session.can_undo() || session.branches().len() > 1;
            if touched || scenario.scene.is_empty() {
                link::encode(&scenario)
            } else {
                let now = session.moment().time;
                link::readable_at(&scenario.protocol, &scenario.scene, now)
            }
        });
        address::follow(&fragment);
    }
}
