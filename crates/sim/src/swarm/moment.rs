//! The two loops in which an instant of a timed swarm spends its time.
//!
//! What they are given is given one by one: so the compiler knows that nothing of it overlaps, and
//! keeps knobs and counts at hand from one node to the next. An instant is `PLAIN` if nothing is
//! unusual in it; then whoever has no company needs no second look.

use super::company::{Company, small};
use super::filter::Filter;
use super::hall::{Hall, Stand};
use super::letter::{Alarm, Letter};
use super::pool::List;
use super::ring::Bucket;
use super::turn::{Actor, Floor, Held};
use faultline_kernel::{NodeId, Protocol, TimerName};

/// Finds out who has company.
#[inline(never)]
pub(super) fn look<P: Protocol>(floor: &Floor<P>, filter: &mut Filter, bucket: Bucket) {
    for chunk in floor.ring.mail.chunks(bucket.mail) {
        chunk.iter().flatten().for_each(|letter| filter.see(letter.to()));
    }
    for chunk in floor.ring.alarms.chunks(bucket.alarms) {
        chunk.iter().for_each(|alarm| filter.see(alarm.node()));
    }
}

/// Sifts the first chunk of letters: those to which somebody listens go to `heard`; the others are
/// counted, and that is all.
#[inline(never)]
pub(super) fn sift<P: Protocol>(
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    mail: &mut List,
    heard: &mut List,
    chunk: &mut Vec<Option<Letter<P::Message>>>,
) {
    let before = mail.count;
    floor.ring.mail.take_chunk_of(mail, chunk, |letter| {
        let ignores = |to, message| P::ignores(config, hall.role(to), message);
        letter.as_ref().is_some_and(|letter| !ignores(letter.to(), &letter.message))
    });
    hall.tally.open.deliveries += before - mail.count - small(chunk.len());
    for letter in chunk.drain(..) {
        floor.ring.mail.push(heard, letter);
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
        match company.filter.has_company(letter.to()) {
            true => company.keep(letter),
            false => hear::<P, PLAIN>(nodes, config, hall, floor, letter),
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
        match company.filter.has_company(node) {
            true => company.keep_timer(node),
            false => run_out::<P, PLAIN>(nodes, config, hall, floor, node),
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
    hall.changes_role(to, before, P::role(node));
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
    hall.changes_role(me, before, P::role(node));
}
