//! What a timed node's handler sent goes out.

use super::hall::Hall;
use super::ordinals;
use super::tally::Tally;
use super::turn::Floor;
use crate::network::FateKeys;
use faultline_kernel::{Key, NodeId, Protocol, Purpose, Span, Time};

impl<P: Protocol> Floor<P> {
    /// Puts messages on their way, or counts them as lost. If the turn is `FRESH`, they are all
    /// that its node sent at this instant.
    #[inline(never)]
    pub(super) fn post_all<const FRESH: bool>(&mut self, from: NodeId, hall: &mut Hall<P>) {
        let (now, network, keys) = (hall.now, hall.network.config, hall.keys);
        let key = |purpose| keys.key(purpose).with(from.0.into());
        let (loss, latency) = (key(Purpose::Loss), key(Purpose::Latency));
        let mut outgoing = std::mem::take(&mut self.outgoing);
        let all_differ = FRESH && ordinals::all_differ(&outgoing);
        if FRESH && !all_differ {
            self.turn.sent.clear();
        }
        for (to, message) in outgoing.drain(..) {
            hall.tally.said[usize::from(P::kind(&message))] += 1;
            let ordinal = if all_differ { 0 } else { self.turn.sent.next(to) };
            let fate = network.fate(|purpose| {
                let key = match purpose {
                    Purpose::Loss => loss,
                    Purpose::Latency => latency,
                    _ => seldom(keys, from, purpose),
                };
                key.with(to.0.into()).with(now.0).with(ordinal.into()).draw()
            });
            if fate.lost || (!hall.whole && hall.network.is_cut(from, to)) {
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

/// The key of a sender's draws where few networks draw: not worked out unless one does.
#[cold]
#[inline(never)]
fn seldom(keys: FateKeys, from: NodeId, purpose: Purpose) -> Key {
    keys.key(purpose).with(from.0.into())
}

/// Counts a message as lost half-way, and its copy too.
#[cold]
fn lose(tally: &mut Tally, now: Time, latency: Span, copy: Option<Span>) {
    tally.open.copies += u32::from(copy.is_some());
    for way in [Some(latency), copy].into_iter().flatten() {
        tally.lost_at(now + Span(way.0 / 2));
    }
}
