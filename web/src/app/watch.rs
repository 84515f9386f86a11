//! What the page keeps an eye on while the run goes on: where it is to stop, what the session says,
//! what is no longer there, and the address bar.

use super::{ADDRESS_MS, App, Msg};
use crate::act::Selection;
use crate::address;
use crate::lab::{Command, Session, Time};
use crate::start::Start;
use crate::start::joined;
use crate::words;
use gloo::timers::callback::Timeout;
use yew::Context;

/// What a run that plays by itself does when it is over.
#[derive(PartialEq, Debug)]
enum Over {
    /// It goes on.
    Not,
    /// It stops.
    Stops,
    /// It begins anew.
    Anew,
}

/// Whether a run that `played` until `now` is over: it came to its end, or to `until`. If it is
/// looped it begins anew at `from`, unless no time passes from there.
fn over(played: bool, ended: bool, now: Time, until: Option<Time>, from: Option<Time>) -> Over {
    let reached = until.filter(|until| played && now >= *until);
    let end = reached.or((played && ended).then_some(now));
    match end {
        Some(end) if from.is_some_and(|from| from < end) => Over::Anew,
        // What came to its own end stands already.
        _ => {
            if reached.is_some() {
                Over::Stops
            } else {
                Over::Not
            }
        }
    }
}

impl App {
    /// Stops a run that has `played` where the address says, or begins it anew; says whether it
    /// did.
    pub(super) fn stop_in_time(&mut self, played: bool, start: &Start) -> bool {
        let (ended, now) = self.lab.read(|session| (session.ended(), session.moment().time));
        let until = start.look.until_ms.map(|millis| Time(millis.saturating_mul(1_000)));
        match over(played, ended, now, until, start.look.looped.then_some(start.from)) {
            Over::Not => return false,
            Over::Stops => self.command(Command::Pause),
            Over::Anew => {
                self.command(Command::SeekTime(start.from));
                self.command(Command::Play);
            }
        }
        true
    }

    /// Says what the session has to say; takes it away when it is over.
    pub(super) fn hear_notice(&mut self) -> bool {
        let notice = self.lab.read(|session| session.notice().map(str::to_owned));
        if notice == self.noticed {
            return false;
        }
        // What else is said stays.
        let other = self.banner.take().filter(|said| self.noticed.as_ref() != Some(said));
        self.banner = joined([other, notice.clone()]);
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

    /// Lets the address bar follow; says once if the run has become too long for it.
    pub(super) fn write_address(&mut self) -> bool {
        let fits = address::follow(&self.lab.read(Session::fragment));
        let news = self.address_fits && !fits;
        self.address_fits = fits;
        if news {
            self.banner = Some(words::plain("page-address-full"));
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_plays_stops_at_its_end_or_begins_anew() {
        let (from, until) = (Some(Time(10)), Some(Time(50)));
        assert_eq!(over(true, false, Time(49), until, from), Over::Not);
        assert_eq!(over(true, false, Time(50), until, None), Over::Stops);
        assert_eq!(over(true, false, Time(50), until, from), Over::Anew);
        assert_eq!(over(true, true, Time(30), until, from), Over::Anew);
        assert_eq!(over(true, true, Time(30), None, None), Over::Not);
    }

    #[test]
    fn a_run_that_stands_is_left_alone_and_no_loop_goes_round_on_the_spot() {
        let (from, until) = (Some(Time(50)), Some(Time(50)));
        assert_eq!(over(false, true, Time(90), None, Some(Time(10))), Over::Not);
        assert_eq!(over(false, false, Time(90), until, Some(Time(10))), Over::Not);
        assert_eq!(over(true, false, Time(60), until, from), Over::Stops);
        assert_eq!(over(true, true, Time(50), None, from), Over::Not);
    }
}
