//! The law of [`Protocol::ignores`]: whatever a room says it ignores, its handler really does, and
//! goes on ignoring.
//!
//! Every world in which assertions are on holds every message against it.

use crate::actor::Actor;
use faultline_kernel::{Cx, Member, NodeId, Note, Protocol, RequestId, Span, SpanRange, Time};

/// Delivers a message to a copy of the node that ignores it.
///
/// # Panics
/// If that changes the node or leads to anything but a note.
pub(crate) fn does_nothing<P: Protocol>(
    node: &P::Node,
    from: NodeId,
    message: &P::Message,
    actor: &Actor<'_, '_, '_, '_, P>,
) {
    let mut copy = node.clone();
    P::on_message(&mut copy, from, message.clone(), &mut Deaf::<P>(actor));
    assert!(copy == *node, "{}: a message that is ignored changes a node", P::ABOUT.id);
}

/// A handler has run: whatever its node ignored before, it ignores still. All that is on its way
/// to anybody serves for an example.
///
/// # Panics
/// If it listens to one of these messages now.
pub(crate) fn stays<'a, P: Protocol>(
    config: &P::Config,
    before: u8,
    after: u8,
    mut messages: impl Iterator<Item = &'a P::Message>,
) where
    P::Message: 'a,
{
    let listens = |message: &P::Message| {
        P::ignores(config, before, message) && !P::ignores(config, after, message)
    };
    let deaf = before == after || !messages.any(listens);
    assert!(deaf, "{}: a node listens to what it ignored before", P::ABOUT.id);
}

/// Lets a handler do nothing.
struct Deaf<'a, 'b, 'd, 'w, 'l, P: Protocol>(&'a Actor<'b, 'd, 'w, 'l, P>);

impl<P: Protocol> Deaf<'_, '_, '_, '_, '_, P> {
    fn refuse(&self) -> ! {
        panic!("{}: a message that is ignored leads to something", P::ABOUT.id)
    }
}

impl<P: Protocol> Cx<P> for Deaf<'_, '_, '_, '_, '_, P> {
    fn me(&self) -> NodeId {
        self.0.me()
    }

    fn now(&self) -> Time {
        self.0.now()
    }

    fn config(&self) -> &P::Config {
        self.0.config()
    }

    fn members(&self) -> &[Member] {
        self.0.members()
    }

    fn note(&mut self, _: impl FnOnce() -> Note) {}

    fn send(&mut self, _: NodeId, _: P::Message) {
        self.refuse()
    }

    fn set_timer(&mut self, _: P::Timer, _: Span) {
        self.refuse()
    }

    fn cancel_timer(&mut self, _: P::Timer) {
        self.refuse()
    }

    fn save(&mut self, _: P::Write) {
        self.refuse()
    }

    fn answer(&mut self, _: RequestId, _: P::Answer) {
        self.refuse()
    }

    fn choose(&mut self, _: u32) -> u32 {
        self.refuse()
    }

    fn span(&mut self, _: SpanRange) -> Span {
        self.refuse()
    }
}
