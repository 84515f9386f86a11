//! What a handler acts through: the typed half of its desk.

use crate::clients::Said;
use crate::desk::Desk;
use crate::players::Mail;
use faultline_kernel::{
    Cx, Member, NodeId, Note, Protocol, Purpose, RequestId, Span, SpanRange, Time, TimerName,
};

/// One node while its handler runs. Every effect goes straight into the world.
pub(crate) struct Actor<'a, 'd, 'w, 'l, P: Protocol> {
    pub(crate) config: &'a P::Config,
    pub(crate) disk: &'a mut P::Disk,
    pub(crate) mail: &'a mut Mail<P>,
    pub(crate) desk: &'d mut Desk<'w, 'l>,
}

impl<P: Protocol> Actor<'_, '_, '_, '_, P> {
    /// Puts a message on its way, and a copy if the network doubles it.
    pub(crate) fn post(&mut self, cause: u32, to: NodeId, kind: u8, message: P::Message) {
        let (slot, copy) = self.desk.post(cause, to, kind);
        if let Some(copy) = copy {
            self.mail.put(copy, message.clone());
        }
        self.mail.put(slot, message);
    }

    /// Tells a client; one that is sent elsewhere turns there.
    pub(crate) fn reply(&mut self, cause: u32, to: RequestId, answer: &P::Answer) {
        let kind = P::answer_kind(answer);
        let welcome = const { &P::ABOUT }.answers[usize::from(kind)].done;
        if let Some(place) = self.desk.reply(cause, to, kind, welcome, P::redirect(answer)) {
            self.mail.close(place);
            self.desk.tape.hear(to, || Some(Said::Told(P::outcome(answer))));
        }
    }
}

impl<P: Protocol> Cx<P> for Actor<'_, '_, '_, '_, P> {
    fn me(&self) -> NodeId {
        self.desk.me
    }

    fn now(&self) -> Time {
        self.desk.now()
    }

    fn config(&self) -> &P::Config {
        self.config
    }

    fn members(&self) -> &[Member] {
        &self.desk.world.members
    }

    fn send(&mut self, to: NodeId, message: P::Message) {
        let kind = P::kind(&message);
        if self.desk.sends_wait(to, kind) {
            self.mail.hold_message(self.desk.me, message);
        } else {
            self.post(self.desk.cause, to, kind, message);
        }
    }

    fn set_timer(&mut self, timer: P::Timer, after: Span) {
        self.desk.set_timer(timer.key(), after);
    }

    fn cancel_timer(&mut self, timer: P::Timer) {
        self.desk.cancel_timer(timer.key());
    }

    fn save(&mut self, write: P::Write) {
        if self.desk.write_waits() {
            self.mail.hold_write(self.desk.me, write);
        } else {
            P::write(self.disk, write);
        }
    }

    fn answer(&mut self, to: RequestId, answer: P::Answer) {
        if self.desk.answer_waits(to) {
            self.mail.hold_answer(self.desk.me, answer);
        } else {
            self.reply(self.desk.cause, to, &answer);
        }
    }

    #[inline]
    fn note(&mut self, note: impl FnOnce() -> Note) {
        if self.desk.tape.log.is_none() {
            self.desk.world.events += 1;
            return;
        }
        let note = note();
        let weight = const { &P::ABOUT }.notes[usize::from(note.kind)].weight;
        self.desk.remark(note, weight);
    }

    fn choose(&mut self, n: u32) -> u32 {
        let chosen = self.desk.draw(Purpose::Choose).below(u64::from(n));
        u32::try_from(chosen).expect("below a u32")
    }

    fn span(&mut self, range: SpanRange) -> Span {
        self.desk.draw(Purpose::Span).span(range)
    }
}
