//! What a page that embeds this one may ask of a swarm, and what it is told.

use super::Page;
use crate::lab::{Command, Scenario, Tempo, Time, link};
use faultline_wasm::host;
use faultline_wasm::message::{Ask, State, Tell};
use wasm_bindgen::JsValue;

impl Page {
    /// Does what the page around this one asks, and answers it.
    pub(super) fn obey(&mut self, message: &JsValue) {
        let Some(mut host) = self.host.take() else { return };
        host.answer(message, |ask| self.carry_out(ask));
        self.host = Some(host);
    }

    /// Tells it how the run goes.
    pub(super) fn follow(&mut self, now: f64) {
        let (slice, time_us) = (self.crowd.slice(), self.crowd.time().0);
        if let Some(host) = &mut self.host {
            host.tick(now, slice, || Tell::Tick { time_us, events: slice });
        }
    }

    fn carry_out(&mut self, ask: Ask) -> Tell {
        if let Some(wrong) = host::wrong(&ask) {
            return wrong;
        }
        let command = match ask {
            Ask::Hello => return host::ready(),
            Ask::GetState => return Tell::State(self.state()),
            Ask::GetLink => return Tell::Link { link: link::encode(&self.crowd.scenario_here()) },
            Ask::Load { link, scenario } => return self.load(link, scenario),
            Ask::Play => Command::Play,
            Ask::Pause => Command::Pause,
            Ask::Step => Command::StepForward,
            Ask::StepBack => Command::StepBack,
            // There are no events to count: a moment is a time.
            Ask::Seek { time_us, .. } => {
                Command::RunTo(Time(time_us.unwrap_or(0.0).max(0.0) as u64))
            }
            Ask::SetSpeed { speed } => Command::Tempo(speed.map_or(Tempo::Adaptive, Tempo::Fixed)),
        };
        match self.crowd.apply(command) {
            Ok(()) => Tell::Reply,
            Err(wrong) => Tell::Error { code: "command", message: wrong.to_string() },
        }
    }

    fn load(&mut self, given: Option<String>, scenario: Option<String>) -> Tell {
        let read = match scenario.as_deref() {
            Some(json) => Scenario::from_json(json),
            None => link::decode(given.as_deref().unwrap_or_default()),
        };
        match (read, scenario) {
            (Err(wrong), _) => Tell::Error { code: "scenario", message: wrong.to_string() },
            (Ok(_), Some(json)) => {
                self.open_file(&json);
                Tell::Reply
            }
            (Ok(_), None) => {
                self.open(given.unwrap_or_default().trim_start_matches('#'));
                Tell::Reply
            }
        }
    }

    /// A million nodes are not listed: the sentence has their counts.
    fn state(&self) -> State {
        State {
            protocol: self.crowd.room().to_owned(),
            title: self.crowd.title().to_owned(),
            time_us: self.crowd.time().0,
            events: self.crowd.slice(),
            playing: self.crowd.playing(),
            sentence: self.crowd.summary(),
            nodes: Vec::new(),
        }
    }
}
