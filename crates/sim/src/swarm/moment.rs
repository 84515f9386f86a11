//! The two loops in which an instant of a timed swarm spends its time.
//!
//! What they are given is given one by one: so the compiler knows that nothing of it overlaps, and
//! keeps knobs and counts at hand from one node to the next. An instant is `PLAIN` if nothing is
//! unusual in it; then whoever has no company needs no second look.

use super::company::Company;
use super::filter::{Filter, Lot};
use super::hall::{Hall, Stand};
use super::ring::{Alarm, Bucket, Letter, Ring};
use super::turn::{Actor, Floor, Held};
use faultline_kernel::{NodeId, Protocol, TimerName};

/// Finds out who has company, and who ignores what arrives. So it asks for something of many
/// receivers at once: one after the other, each of a million nodes would have to be waited for.
#[inline(never)]
pub(super) fn look<P: Protocol, const PLAIN: bool>(
    nodes: &[P::Node],
    config: &P::Config,
    floor: &Floor<P>,
    filter: &mut Filter,
    bucket: Bucket,
) {
    for chunk in floor.ring.mail.chunks(bucket.mail) {
        for letter in chunk.iter().flatten() {
            let to = letter.to();
            if PLAIN && P::ignores(config, &nodes[to.index()], &letter.message) {
                filter.see_ignored(to);
            } else {
                filter.see(to);
            }
        }
    }
    for chunk in floor.ring.alarms.chunks(bucket.alarms) {
        chunk.iter().for_each(|alarm| filter.see(alarm.node()));
    }
}

/// Asks for something of nodes whose timers are in the ring.
#[inline]
pub(super) fn fetch_timers<P: Protocol>(
    nodes: &[P::Node],
    floor: &Floor<P>,
    chunk: &[Alarm],
) -> u8 {
    let touch = |node: NodeId| P::role(&nodes[node.index()]) ^ u8::from(floor.timers.is_set(node));
    chunk.iter().fold(0, |all, alarm| all ^ touch(alarm.node()))
}

/// Takes the first chunk of letters, but for those that are ignored, which it counts. `false` if
/// there is none.
#[inline(never)]
pub(super) fn open_letters<P: Protocol>(
    ring: &mut Ring<P::Message>,
    bucket: &mut Bucket,
    filter: &Filter,
    hall: &mut Hall<P>,
    chunk: &mut Vec<Option<Letter<P::Message>>>,
) -> bool {
    let mut ignored = 0;
    let any = ring.mail.take_chunk_of(&mut bucket.mail, chunk, |letter| {
        let Some(letter) = letter else { return false };
        let heard = filter.lot(letter.to()) != Lot::Ignores;
        ignored += u32::from(!heard);
        heard
    });
    hall.tally.open.deliveries += ignored;
    any
}

/// Delivers to whoever has no company.
#[inline(never)]
pub(super) fn deliver<P: Protocol, const PLAIN: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    company: &mut Company<P::Message>,
    chunk: &mut Vec<Option<Letter<P::Message>>>,
) {
    for letter in chunk.drain(..) {
        let Some(letter) = letter else { continue };
        match company.filter.lot(letter.to()) {
            Lot::Company => company.keep(letter),
            _ => hear::<P, PLAIN>(nodes, config, hall, floor, letter),
        }
    }
}

/// Lets the timers run out of whoever has no company.
#[inline(never)]
pub(super) fn time_out<P: Protocol, const PLAIN: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    company: &mut Company<P::Message>,
    chunk: &mut Vec<Alarm>,
) {
    for alarm in chunk.drain(..) {
        let node = alarm.node();
        match company.filter.lot(node) {
            Lot::Company => company.keep_timer(node),
            _ => run_out::<P, PLAIN>(nodes, config, hall, floor, node),
        }
    }
}

/// A message arrives.
#[inline(always)]
pub(super) fn hear<P: Protocol, const PLAIN: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    letter: Letter<P::Message>,
) {
    let (from, to, message) = (letter.from(), letter.to(), letter.message);
    if !PLAIN {
        if !hall.whole && hall.network.is_cut(from, to) {
            hall.tally.open.losses += 1;
            return;
        }
        match hall.stand(to) {
            Stand::Up => {}
            Stand::Paused => return floor.hold(to, Held::Mail(from, message)),
            Stand::Down => {
                hall.tally.open.losses += 1;
                return;
            }
        }
    }
    hall.tally.open.deliveries += 1;
    let node = &mut nodes[to.index()];
    let before = P::role(node);
    let mut actor = Actor::<P, PLAIN>::begin(to, config, &mut *hall, floor);
    P::on_message(node, from, message, &mut actor);
    actor.end();
    hall.changes_role(before, P::role(node));
}

/// The first timer of a node runs out, if it is still set for now.
#[inline(always)]
pub(super) fn run_out<P: Protocol, const PLAIN: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    me: NodeId,
) {
    let now = hall.now;
    if !PLAIN {
        match hall.stand(me) {
            Stand::Up => {}
            Stand::Paused => return floor.timers.keep(me, now),
            Stand::Down => return,
        }
    }
    if !floor.timers.runs_out(me, now) {
        return;
    }
    hall.tally.open.timers += 1;
    let node = &mut nodes[me.index()];
    let before = P::role(node);
    let mut actor = Actor::<P, PLAIN>::begin(me, config, &mut *hall, floor);
    P::on_timer(node, P::Timer::from_key(0), &mut actor);
    actor.end();
    hall.changes_role(before, P::role(node));
}
