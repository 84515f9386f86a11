//! What the tests of the rules need in every room: a context that writes down what it is told.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use faultline_kernel::{
    Cx, Knobs, Member, NodeId, Note, Protocol, RequestId, Span, SpanRange, Time,
};

/// Writes down what a handler does. Each room adds how it makes one.
pub(crate) struct Stub<P: Protocol> {
    pub(crate) me: NodeId,
    pub(crate) now: Time,
    pub(crate) config: P::Config,
    /// Whether every length of time is drawn as the longest, not as the shortest.
    pub(crate) latest: bool,
    /// What the next choices come out as; 0 when there are no more.
    pub(crate) choices: VecDeque<u32>,
    /// Out of how many the last choice was.
    pub(crate) chosen_of: u32,
    members: Vec<Member>,
    pub(crate) sent: Vec<(NodeId, P::Message)>,
    pub(crate) saved: Vec<P::Write>,
    pub(crate) answered: Vec<(RequestId, P::Answer)>,
    pub(crate) noted: Vec<u8>,
    pub(crate) timers: Vec<(P::Timer, Option<Span>)>,
}

/// The knobs when nothing is said.
pub(crate) fn defaults<C: Knobs>() -> C {
    let Ok(config) = C::from_values(&C::defaults()) else { panic!("defaults fit") };
    config
}

impl<P: Protocol> Stub<P> {
    /// The context of a node in a cluster with these knobs.
    pub(crate) fn with(me: u32, config: P::Config) -> Self {
        Self {
            me: NodeId(me),
            now: Time::ZERO,
            members: P::members(&config),
            config,
            latest: false,
            choices: VecDeque::new(),
            chosen_of: 0,
            sent: Vec::new(),
            saved: Vec::new(),
            answered: Vec::new(),
            noted: Vec::new(),
            timers: Vec::new(),
        }
    }

    /// Forgets what was written down so far.
    pub(crate) fn clear(&mut self) {
        self.sent.clear();
        self.saved.clear();
        self.answered.clear();
        self.noted.clear();
        self.timers.clear();
    }
}

impl<P: Protocol> Cx<P> for Stub<P> {
    fn me(&self) -> NodeId {
        self.me
    }

    fn now(&self) -> Time {
        self.now
    }

    fn config(&self) -> &P::Config {
        &self.config
    }

    fn members(&self) -> &[Member] {
        &self.members
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        self.sent.push((to, message));
    }

    fn set_timer(&mut self, timer: P::Timer, after: Span) {
        self.timers.push((timer, Some(after)));
    }

    fn cancel_timer(&mut self, timer: P::Timer) {
        self.timers.push((timer, None));
    }

    fn save(&mut self, write: P::Write) {
        self.saved.push(write);
    }

    fn answer(&mut self, to: RequestId, answer: P::Answer) {
        self.answered.push((to, answer));
    }

    fn note(&mut self, note: impl FnOnce() -> Note) {
        self.noted.push(note().kind);
    }

    fn choose(&mut self, n: u32) -> u32 {
        self.chosen_of = n;
        self.choices.pop_front().unwrap_or(0)
    }

    fn span(&mut self, range: SpanRange) -> Span {
        if self.latest { range.max } else { range.min }
    }
}
