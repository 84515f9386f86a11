//! The two loops in which a cycle spends its time.
//!
//! What they are given is given one by one: so the compiler knows that nothing of it overlaps, and
//! keeps knobs and counts at hand from one node to the next. All is `CALM` if nobody is down or
//! paused and every message arrives, and once; then nobody has to look whether it is so.

use super::Mail;
use super::company::small;
use super::hall::{Hall, Stand};
use super::visit::{Actor, Floor, Run};
use faultline_kernel::{NodeId, Protocol, TimerName};

/// How many receivers are fetched at once, instead of waiting for one after the other.
const AT_ONCE: usize = 64;

/// Visits those of 64 nodes whose bits are set. The first is number `first`.
#[inline(never)]
pub(super) fn visit<P: Protocol, const CALM: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    first: u32,
    mut armed: u64,
) {
    let (mut visited, mut again) = (armed.count_ones(), 0);
    let choices = floor.choices;
    while armed != 0 {
        let place = armed.trailing_zeros();
        armed &= armed - 1;
        let me = NodeId(first + place);
        if !CALM && hall.stand(me) != Stand::Up {
            visited -= 1;
            again |= u64::from(hall.stand(me) == Stand::Paused) << place;
            continue;
        }
        let node = &mut nodes[place as usize];
        let before = P::role(node);
        let why = (me, Run::Boot);
        let mut actor = Actor::<P, true, CALM>::new(why, choices, config, &mut *hall, &mut *floor);
        P::on_timer(node, P::Timer::from_key(0), &mut actor);
        again |= u64::from(actor.again) << place;
        hall.changes_role(me, before, P::role(node));
    }
    hall.tally.open.timers += visited;
    floor.next.0[first as usize / 64] |= again;
}

/// Delivers one after the other. Gives something of each receiver, so that it must be fetched.
#[inline(never)]
pub(super) fn deliver<P: Protocol, const CALM: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    mail: &[Mail<P::Message>],
) -> u8 {
    let (mut delivered, mut fetched) = (0, 0);
    for group in mail.chunks(AT_ONCE) {
        // Who listens is not a question for a branch: half of all answers would surprise it.
        let mut heard = 0_u64;
        for Mail { to, message, .. } in group.iter().rev() {
            let listens = !CALM || !P::ignores(config, hall.role(*to), message);
            heard = heard << 1 | u64::from(listens);
        }
        delivered += small(group.len());
        for place in places(heard) {
            fetched ^= P::role(&nodes[group[place].to.index()]);
        }
        for place in places(heard) {
            let mail = &group[place];
            if !CALM && hall.stand(mail.to) != Stand::Up {
                floor.cannot_hear(hall, mail.clone());
                delivered -= 1;
                continue;
            }
            let node = &mut nodes[mail.to.index()];
            if !P::ignores(config, P::role(node), &mail.message) {
                hear::<P, CALM>(node, config, hall, floor, mail);
            }
        }
    }
    hall.tally.open.deliveries += delivered;
    fetched
}

/// Which bits are set, from the lowest.
#[inline(always)]
fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

/// A message arrives that is not ignored.
#[inline(never)]
fn hear<P: Protocol, const CALM: bool>(
    node: &mut P::Node,
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    mail: &Mail<P::Message>,
) {
    let before = P::role(node);
    let why = (mail.to, Run::Message { phase: floor.phase, mail });
    let mut actor = Actor::<P, false, CALM>::new(why, floor.choices, config, &mut *hall, floor);
    P::on_message(node, mail.from, mail.message.clone(), &mut actor);
    hall.changes_role(mail.to, before, P::role(node));
}
