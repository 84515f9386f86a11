//! Lifeguard (Dadgar, Phillips, Currey, 2018): a member that is slow itself doubts itself first.
//!
//! Three parts, all off unless the knob says so: the local health multiplier stretches the own
//! patience (§IV-A), a suspicion has more time to be refuted while few have found it out (§IV-B),
//! and who is suspected is told so first (§IV, the buddy system).

use super::node::{Node, RELAYS_MAX, Relay, Suspicion, Timer};
use super::opinion::{Rumour, State};
use super::{Config, Says, Swim, scale, show, spread};
use faultline_kernel::{Cx, NodeId, Note, Span};

/// The local health multiplier goes up to this: patience is stretched up to nine times.
const HEALTH_MAX: u32 = 8;
/// How many independent accusers cut the time of a suspicion to the shortest.
const CONFIRMATIONS: u32 = 3;
/// The longest time of a suspicion, in shortest ones.
const LONGEST: u64 = 6;
/// Who asked for help hears within this share of the ping timeout, even if there is nothing to
/// tell: in tenths.
const NACK_TENTHS: u64 = 8;

/// How long to wait, given the own health.
pub(super) fn patience(node: &Node, span: Span) -> Span {
    Span(span.0 * u64::from(node.health + 1))
}

/// A probe failed, a helper did not even say so, or it had to refute a suspicion: perhaps it is
/// slow itself.
pub(super) fn worse(node: &mut Node, cx: &mut impl Cx<Swim>) {
    change(node, node.health + 1, show::DOUBTS_ITSELF, cx);
}

/// A probe was answered.
pub(super) fn better(node: &mut Node, cx: &mut impl Cx<Swim>) {
    change(node, node.health.saturating_sub(1), show::TRUSTS_ITSELF, cx);
}

fn change(node: &mut Node, health: u32, note: u8, cx: &mut impl Cx<Swim>) {
    let health = health.min(HEALTH_MAX);
    if !cx.config().lifeguard || health == node.health {
        return;
    }
    node.health = health;
    cx.note(|| Note::new(note, &[(health + 1).into()]));
}

/// How long a suspected member has to object. The time begins long and falls with the logarithm
/// of the number of those who found the same by themselves.
pub(super) fn suspicion_time(suspicion: &Suspicion, node: &Node, config: &Config) -> Span {
    let shortest = scale::suspicion_time(config, node.group());
    let possible = node.group().saturating_sub(2).min(CONFIRMATIONS);
    if !config.lifeguard || possible == 0 {
        return shortest;
    }
    let confirmed = u32::try_from(suspicion.accusers.len()).unwrap_or(u32::MAX) - 1;
    let log = |count: u32| u64::from(scale::log10_thousandths(count + 1));
    let longest = shortest.0 * LONGEST;
    let cut = (longest - shortest.0) * log(confirmed.min(possible)) / log(possible);
    Span(longest - cut)
}

/// The longest that anybody may be suspected.
pub(super) fn suspicion_time_max(config: &Config) -> Span {
    let shortest = scale::suspicion_time(config, config.members);
    Span(shortest.0 * if config.lifeguard { LONGEST } else { 1 })
}

/// Somebody found by itself what is suspected already: the time gets shorter, and the news goes
/// on.
pub(super) fn confirm(node: &mut Node, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let Rumour { about, by, .. } = rumour;
    let place = node.suspicions.iter().position(|suspicion| suspicion.about == about);
    let Some(place) = place.filter(|_| cx.config().lifeguard) else { return };
    let suspicion = &mut node.suspicions[place];
    if suspicion.accusers.contains(&by) || suspicion.accusers.len() > CONFIRMATIONS as usize {
        return;
    }
    suspicion.accusers.push(by);
    let (count, since) = (suspicion.accusers.len(), suspicion.since);
    let time = suspicion_time(&node.suspicions[place], node, cx.config());
    let left = Span(time.0.saturating_sub(cx.now().since(since).0).max(1));
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    cx.note(|| Note::new(show::CONFIRMS, &[about.into(), by.into(), count.into(), left.into()]));
    cx.set_timer(Timer::Suspicion(about), left);
    spread::queue(node, rumour);
}

/// Whoever is suspected is told first, so that it can object.
pub(super) fn put_first(node: &mut Node, to: NodeId, config: &Config) {
    let opinion = node.opinion(to);
    if !config.lifeguard || opinion.state() != State::Suspect {
        return;
    }
    let suspicion = node.suspicions.iter().find(|suspicion| suspicion.about == to);
    if let Some(by) = suspicion.and_then(|suspicion| suspicion.accusers.first()) {
        let rumour = Rumour { about: to, opinion, by: *by };
        match node.rumours.iter().position(|spread| spread.rumour.about == to) {
            Some(place) => node.rumours[..=place].rotate_right(1),
            None => spread::queue(node, rumour),
        }
    }
}

/// It pings for somebody, who will hear from it in any case.
pub(super) fn owe(node: &mut Node, origin: NodeId, number: u32, cx: &mut impl Cx<Swim>) {
    if !cx.config().lifeguard || node.relays.len() >= RELAYS_MAX {
        return;
    }
    node.relays.retain(|relay| relay.origin != origin);
    node.relays.push(Relay { origin, number });
    cx.set_timer(Timer::Nack(origin), Span((cx.config().ping_timeout.0 * NACK_TENTHS / 10).max(1)));
}

/// The answer came.
pub(super) fn owe_nothing(node: &mut Node, origin: NodeId, number: u32, cx: &mut impl Cx<Swim>) {
    let before = node.relays.len();
    node.relays.retain(|relay| relay.origin != origin || relay.number != number);
    if node.relays.len() < before {
        cx.cancel_timer(Timer::Nack(origin));
    }
}

/// The answer did not come: it says at least that it is there itself.
pub(super) fn on_nack_timeout(node: &mut Node, origin: NodeId, cx: &mut impl Cx<Swim>) {
    let Some(place) = node.relays.iter().position(|relay| relay.origin == origin) else { return };
    let number = node.relays.remove(place).number;
    spread::say(node, origin, Says::Nack { number }, cx);
}

/// A helper is there, and has no answer either.
pub(super) fn on_nack(node: &mut Node, from: NodeId, number: u32) {
    if number != node.number {
        return;
    }
    if let Some(probe) = &mut node.probe {
        let asked = probe.asked.as_ref().is_some_and(|asked| asked.contains(&from));
        if asked && !probe.nacked.contains(&from) {
            probe.nacked.push(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, founder, message, suspicion};
    use super::super::{Opinion, probe};
    use super::*;
    use faultline_kernel::{Protocol, Time};

    const ON: (&str, u64) = ("lifeguard", 1);
    const TWO: NodeId = NodeId(2);

    fn hear(node: &mut Node, from: u32, rumour: Rumour, cx: &mut Stub) {
        Swim::on_message(node, NodeId(from), message(Says::Sync, &[rumour]), cx);
    }

    #[test]
    fn each_independent_accuser_cuts_the_time_and_the_third_to_the_shortest() {
        let mut cx = Stub::new(0, &[ON, ("members", 8)]);
        let mut node = founder(&mut cx);
        let mut times = alloc::vec::Vec::new();
        for by in [1, 1, 3, 4, 5, 6] {
            hear(&mut node, 1, suspicion(2, 0, by), &mut cx);
            times.push(cx.timer(Timer::Suspicion(TWO)).map_or(0, |span| span.0 / 1_000));
        }
        // 4800 − 4000 · log(C + 1) / log 4, for C = 0, 1, 2, 3.
        assert_eq!(times, [4_800, 4_800, 2_800, 1_630, 800, 800]);
    }

    #[test]
    fn time_that_has_passed_counts() {
        let mut cx = Stub::new(0, &[ON, ("members", 8)]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, suspicion(2, 0, 1), &mut cx);
        cx.now = Time(2_000_000);
        hear(&mut node, 1, suspicion(2, 0, 3), &mut cx);
        assert_eq!(cx.timer(Timer::Suspicion(TWO)), Some(Span::millis(800)));
        cx.now = Time(9_000_000);
        hear(&mut node, 1, suspicion(2, 0, 4), &mut cx);
        assert_eq!(cx.timer(Timer::Suspicion(TWO)), Some(Span(1)));
    }

    #[test]
    fn without_lifeguard_accusers_are_not_counted() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, suspicion(2, 0, 1), &mut cx);
        hear(&mut node, 1, suspicion(2, 0, 3), &mut cx);
        assert_eq!(node.suspicions[0].accusers, [NodeId(1)]);
    }

    #[test]
    fn failed_probes_stretch_the_patience_and_answers_shrink_it() {
        let mut cx = Stub::new(0, &[ON]);
        let mut node = founder(&mut cx);
        for _ in 0..20 {
            worse(&mut node, &mut cx);
        }
        assert_eq!(patience(&node, Span(100)), Span(900));
        better(&mut node, &mut cx);
        assert_eq!(patience(&node, Span(100)), Span(800));
        let mut cx = Stub::new(0, &[]);
        worse(&mut node, &mut cx);
        assert_eq!(node.health, 7, "not without the knob");
    }

    #[test]
    fn who_is_suspected_is_told_first_however_often_it_was_told() {
        let mut cx = Stub::new(0, &[ON, ("members", 30)]);
        let mut node = founder(&mut cx);
        (2..20).for_each(|about| hear(&mut node, 1, suspicion(about, 0, 1), &mut cx));
        for _ in 0..40 {
            spread::say(&mut node, TWO, Says::Nack { number: 0 }, &mut cx);
            assert_eq!(cx.sent.pop().map(|(_, sent)| sent.rumours[0]), Some(suspicion(2, 0, 1)));
        }
    }

    #[test]
    fn who_was_asked_for_help_says_something_in_time() {
        let mut cx = Stub::new(0, &[ON]);
        let mut node = founder(&mut cx);
        let (number, target, origin) = (7, TWO, NodeId(1));
        let request = message(Says::PingReq { number, target }, &[]);
        Swim::on_message(&mut node, origin, request.clone(), &mut cx);
        assert_eq!(cx.timer(Timer::Nack(origin)), Some(Span::millis(40)));
        cx.sent.clear();
        on_nack_timeout(&mut node, origin, &mut cx);
        on_nack_timeout(&mut node, origin, &mut cx);
        assert_eq!(cx.said(), [(1, Says::Nack { number })]);
        Swim::on_message(&mut node, origin, request, &mut cx);
        let answer = Says::Ack { number, target, origin: Some(origin) };
        Swim::on_message(&mut node, target, message(answer, &[]), &mut cx);
        assert!(node.relays.is_empty() && cx.timer(Timer::Nack(origin)).is_none());
    }

    #[test]
    fn a_helper_that_is_silent_too_is_one_more_reason_for_doubt() {
        for (nacks, health) in [(0, 2), (1, 2), (2, 1)] {
            let mut cx = Stub::new(0, &[ON]);
            let mut node = founder(&mut cx);
            probe::on_period(&mut node, &mut cx);
            probe::on_ping_timeout(&mut node, &mut cx);
            let probe = node.probe.clone().expect("nobody has answered");
            let helpers = probe.asked.expect("others were asked");
            for helper in &helpers[..nacks] {
                let number = node.number;
                let nack = message(Says::Nack { number }, &[]);
                Swim::on_message(&mut node, *helper, nack.clone(), &mut cx);
                Swim::on_message(&mut node, *helper, nack, &mut cx);
            }
            probe::on_period(&mut node, &mut cx);
            assert_eq!(node.health, health, "{nacks} of 2 said something");
            assert_eq!(node.opinion(probe.target), Opinion::alive(1, 0).suspected());
        }
    }
}
