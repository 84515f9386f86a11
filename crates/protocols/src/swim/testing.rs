//! What the tests of the rules need: a context that writes down what it is told.

use super::node::{Node, Timer, Write};
use super::opinion::{Opinion, Rumour};
use super::{Config, Message, Says, Swim, join};
use alloc::vec::Vec;
use faultline_kernel::{
    Cx, Knobs, Member, NodeId, Note, Protocol, RequestId, Span, SpanRange, Time,
};

/// Knobs, with these changed.
pub(super) fn config(changes: &[(&str, u64)]) -> Config {
    let mut values = Config::defaults();
    for (id, value) in changes {
        let place = Config::KNOBS.iter().position(|knob| knob.id == *id);
        values[place.expect("a knob of this room")] = *value;
    }
    Config::from_values(&values).expect("tests use good values")
}

/// Writes down what a handler does.
pub(super) struct Stub {
    pub(super) me: NodeId,
    pub(super) now: Time,
    pub(super) config: Config,
    members: Vec<Member>,
    pub(super) sent: Vec<(NodeId, Message)>,
    pub(super) saved: Vec<Write>,
    pub(super) noted: Vec<u8>,
    pub(super) timers: Vec<(Timer, Option<Span>)>,
    /// Choices to come; when there are none left, 0.
    pub(super) choices: Vec<u32>,
}

impl Stub {
    pub(super) fn new(me: u32, changes: &[(&str, u64)]) -> Self {
        let config = config(changes);
        Self {
            me: NodeId(me),
            now: Time::ZERO,
            members: Swim::members(&config),
            config,
            sent: Vec::new(),
            saved: Vec::new(),
            noted: Vec::new(),
            timers: Vec::new(),
            choices: Vec::new(),
        }
    }

    /// What was said to whom since the last look.
    pub(super) fn said(&mut self) -> Vec<(u32, Says)> {
        core::mem::take(&mut self.sent).into_iter().map(|(to, sent)| (to.0, sent.says)).collect()
    }

    /// The last setting of a timer.
    pub(super) fn timer(&self, timer: Timer) -> Option<Span> {
        self.timers.iter().rfind(|(set, _)| *set == timer)?.1
    }
}

impl Cx<Swim> for Stub {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        self.now
    }

    fn config(&self) -> &Config {
        &self.config
    }

    fn members(&self) -> &[Member] {
        &self.members
    }

    fn send(&mut self, to: NodeId, message: Message) {
        self.sent.push((to, message));
    }

    fn set_timer(&mut self, timer: Timer, after: Span) {
        self.timers.push((timer, Some(after)));
    }

    fn cancel_timer(&mut self, timer: Timer) {
        self.timers.push((timer, None));
    }

    fn save(&mut self, write: Write) {
        self.saved.push(write);
    }

    fn answer(&mut self, _to: RequestId, _answer: super::Answer) {}

    fn note(&mut self, note: impl FnOnce() -> Note) {
        self.noted.push(note().kind);
    }

    fn choose(&mut self, n: u32) -> u32 {
        if self.choices.is_empty() { 0 } else { self.choices.remove(0) % n }
    }

    fn span(&mut self, range: SpanRange) -> Span {
        range.max
    }
}

/// A founder that has just started, and forgets what that took.
pub(super) fn founder(cx: &mut Stub) -> Node {
    let node = join::boot(&super::Disk::default(), cx);
    cx.sent.clear();
    cx.saved.clear();
    cx.noted.clear();
    node
}

/// A message of a member in its first life and incarnation.
pub(super) fn message(says: Says, rumours: &[Rumour]) -> Message {
    Message { says, own: Opinion::alive(1, 0), rumours: rumours.to_vec() }
}

/// Somebody is suspected in this incarnation of its first life.
pub(super) fn suspicion(about: u32, incarnation: u32, by: u32) -> Rumour {
    let opinion = Opinion::alive(1, incarnation).suspected();
    Rumour { about: NodeId(about), opinion, by: NodeId(by) }
}
