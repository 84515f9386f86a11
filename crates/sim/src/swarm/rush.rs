//! The two loops in which a cycle spends its time.
//!
//! What they are given is given one by one: so the compiler knows that nothing of it overlaps, and
//! keeps knobs and counts at hand from one node to the next. `STILL` says whether somebody may be
//! down or paused; usually nobody is, and then nobody is looked at.

use super::Mail;
use super::hall::{Hall, Stand};
use super::visit::{Actor, Floor, Run};
use faultline_kernel::{NodeId, Protocol, TimerName};
use std::vec::Drain;

/// How many receivers are fetched at once, instead of waiting for one after the other.
const AT_ONCE: usize = 64;

/// Visits those of 64 nodes whose bits are set. The first is number `first`.
#[inline(never)]
pub(super) fn visit<P: Protocol, const STILL: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    first: u32,
    mut armed: u64,
) {
    let (mut visited, mut again) = (armed.count_ones(), 0);
    while armed != 0 {
        let place = armed.trailing_zeros();
        armed &= armed - 1;
        let me = NodeId(first + place);
        if STILL && hall.stand(me) != Stand::Up {
            visited -= 1;
            again |= u64::from(hall.stand(me) == Stand::Paused) << place;
            continue;
        }
        let node = &mut nodes[place as usize];
        let before = P::role(node);
        let mut actor = Actor::<P, true>::new(me, Run::Boot, config, &mut *hall, &mut *floor);
        P::on_timer(node, P::Timer::from_key(0), &mut actor);
        again |= u64::from(actor.again) << place;
        hall.changes_role(before, P::role(node));
    }
    hall.tally.open.timers += visited;
    floor.next.0[first as usize / 64] |= again;
}

/// Delivers one after the other. Gives something of each receiver, so that it must be fetched.
#[inline(never)]
pub(super) fn deliver<P: Protocol, const STILL: bool>(
    nodes: &mut [P::Node],
    config: &P::Config,
    hall: &mut Hall<P>,
    floor: &mut Floor<P>,
    mut mail: Drain<'_, Mail<P::Message>>,
) -> u8 {
    let (mut delivered, mut fetched) = (0, 0);
    loop {
        let group = mail.as_slice();
        let group = &group[..group.len().min(AT_ONCE)];
        fetched = group.iter().fold(fetched, |all, mail| all ^ P::role(&nodes[mail.to.index()]));
        let count = group.len();
        for Mail { from, to, ordinal, message } in mail.by_ref().take(count) {
            if STILL && hall.stand(to) != Stand::Up {
                floor.cannot_hear(hall, Mail { from, to, ordinal, message });
                continue;
            }
            delivered += 1;
            let run = Run::Message { phase: floor.phase, from, ordinal };
            let node = &mut nodes[to.index()];
            let before = P::role(node);
            let mut actor = Actor::<P, false>::new(to, run, config, &mut *hall, &mut *floor);
            P::on_message(node, from, message, &mut actor);
            hall.changes_role(before, P::role(node));
        }
        if count < AT_ONCE {
            break;
        }
    }
    hall.tally.open.deliveries += delivered;
    fetched
}
