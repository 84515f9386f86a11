//! What a timed node's handler sent goes out.

use super::hall::Hall;
use super::ordinals;
use super::tally::Tally;
use super::turn::Floor;
use crate::network::{FateKeys, Together};
use faultline_kernel::{Draw, Draws, Key, NodeId, Protocol, Purpose, Span, Time};

/// How messages are drawn for that one node sends at one instant.
pub(super) trait Fates {
    /// Those of one of them.
    fn draws(&self, to: NodeId, ordinal: u16) -> impl Fn(Purpose) -> Draw;
}

impl Fates for Together {
    #[inline(always)]
    fn draws(&self, to: NodeId, ordinal: u16) -> impl Fn(Purpose) -> Draw {
        Together::draws(*self, to, ordinal)
    }
}

/// The same where every purpose has a draw of its own.
struct Apart {
    keys: FateKeys,
    from: NodeId,
    now: Time,
    loss: Key,
    latency: Key,
}

impl Apart {
    fn new(keys: FateKeys, from: NodeId, now: Time) -> Self {
        let key = |purpose| keys.key(purpose).with(from.0.into());
        Self { keys, from, now, loss: key(Purpose::Loss), latency: key(Purpose::Latency) }
    }
}

impl Fates for Apart {
    #[inline(always)]
    fn draws(&self, to: NodeId, ordinal: u16) -> impl Fn(Purpose) -> Draw {
        move |purpose| {
            let key = match purpose {
                Purpose::Loss => self.loss,
                Purpose::Latency => self.latency,
                _ => seldom(self.keys, self.from, purpose),
            };
            key.with(to.0.into()).with(self.now.0).with(ordinal.into()).draw()
        }
    }
}

/// The key of a sender's draws where few networks draw: not worked out unless one does.
#[cold]
#[inline(never)]
fn seldom(keys: FateKeys, from: NodeId, purpose: Purpose) -> Key {
    keys.key(purpose).with(from.0.into())
}

impl<P: Protocol> Floor<P> {
    /// Puts messages on their way, or counts them as lost. If the turn is `FRESH`, they are all
    /// that its node sent at this instant, and no link is cut.
    #[inline(always)]
    pub(super) fn post_all<const FRESH: bool>(&mut self, from: NodeId, hall: &mut Hall<P>) {
        match hall.draws {
            Draws::One => {
                self.post::<FRESH, _>(from, hall, Apart::new(hall.keys, from, hall.now));
            }
            Draws::Two => {
                self.post::<FRESH, _>(from, hall, Together::new(hall.fates, from, hall.now));
            }
        }
    }

    #[inline(never)]
    fn post<const FRESH: bool, F: Fates>(&mut self, from: NodeId, hall: &mut Hall<P>, fates: F) {
        let (now, network, loss) = (hall.now, hall.network.config, hall.loss);
        let mut outgoing = std::mem::take(&mut self.outgoing);
        let all_differ = FRESH && ordinals::all_differ(&outgoing);
        if FRESH && !all_differ {
            self.turn.sent.clear();
        }
        for (to, message) in outgoing.drain(..) {
            hall.tally.said[usize::from(P::kind(&message))] += 1;
            let ordinal = if all_differ { 0 } else { self.turn.sent.next(to) };
            let fate = network.fate(loss, fates.draws(to, ordinal));
            if fate.lost || (!FRESH && !hall.whole && hall.network.is_cut(from, to)) {
                lose(&mut hall.tally, now, fate.latency, fate.copy);
                continue;
            }
            if let Some(after) = fate.copy {
                hall.tally.open.copies += 1;
                let copy = message.clone();
                self.ring.push_mail(now + fate.latency, from, to, message);
                self.ring.push_mail(now + after, from, to, copy);
            } else {
                self.ring.push_mail(now + fate.latency, from, to, message);
            }
        }
        self.outgoing = outgoing;
    }
}

/// Counts a message as lost half-way, and its copy too.
#[cold]
fn lose(tally: &mut Tally, now: Time, latency: Span, copy: Option<Span>) {
    tally.open.copies += u32::from(copy.is_some());
    for way in [Some(latency), copy].into_iter().flatten() {
        tally.lost_at(now + Span(way.0 / 2));
    }
}
