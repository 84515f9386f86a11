//! Failure detection: ping, ask others, draw the conclusion (SWIM §3.1, §4.3).

use super::node::{Node, Probe, Timer};
use super::opinion::State;
use super::spread::say;
use super::{Config, Says, Swim, join, lifeguard, show, suspect};
use alloc::rc::Rc;
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note, Span};

/// A period is over and the next begins.
pub(super) fn on_period(node: &mut Node, cx: &mut impl Cx<Swim>) {
    if gives_others_time(node, cx) {
        return;
    }
    conclude(node, cx);
    begin_period(node, cx);
    node.number = node.number.wrapping_add(1);
    if node.is_alone() {
        return join::knock_anywhere(node, cx);
    }
    join::knock_sometimes(node, cx);
    if let Some(target) = next_target(node, cx) {
        begin(node, target, cx);
    }
}

/// Sets the clock for one period, which is longer for a member that is not well (Lifeguard).
pub(super) fn begin_period(node: &mut Node, cx: &mut impl Cx<Swim>) {
    let period = cx.config().period;
    node.periods += u32::from(cx.now().since(node.began) >= period);
    node.began = cx.now();
    cx.set_timer(Timer::Period, lifeguard::patience(node, period));
}

/// Asks one member whether it is there.
fn begin(node: &mut Node, target: NodeId, cx: &mut impl Cx<Swim>) {
    node.probe = Some(Probe { target, asked: None, nacked: Vec::new() });
    say(node, target, Says::Ping { number: node.number, origin: None }, cx);
    cx.set_timer(Timer::Ping, lifeguard::patience(node, cx.config().ping_timeout));
}

/// No answer so far: perhaps only the path between the two is bad, so others are asked to try
/// (SWIM §3.1).
pub(super) fn on_ping_timeout(node: &mut Node, cx: &mut impl Cx<Swim>) {
    let Config { indirect, sabotage, .. } = *cx.config();
    let Some(probe) = node.probe.as_ref().filter(|probe| probe.asked.is_none()) else { return };
    if indirect == 0 || sabotage.no_indirect {
        return;
    }
    let target = probe.target;
    let helpers = some_of(node, indirect, target, cx);
    let count = u32::try_from(helpers.len()).unwrap_or(u32::MAX);
    cx.note(|| Note::new(show::ASKS_OTHERS, &[target.into(), count.into()]));
    for helper in &helpers {
        say(node, *helper, Says::PingReq { number: node.number, target }, cx);
    }
    if let Some(probe) = &mut node.probe {
        probe.asked = Some(helpers);
    }
}

/// A period may end before others were asked, if the member stood still or somebody turned its
/// clock. Then it asks now and gives them their time: nobody is suspected by one member alone.
fn gives_others_time(node: &mut Node, cx: &mut impl Cx<Swim>) -> bool {
    let asked = |node: &Node| node.probe.as_ref().is_none_or(|probe| probe.asked.is_some());
    if asked(node) {
        return false;
    }
    on_ping_timeout(node, cx);
    if !asked(node) {
        return false;
    }
    let Config { period, ping_timeout, .. } = *cx.config();
    cx.set_timer(Timer::Period, Span(period.0 - ping_timeout.0));
    true
}

/// The period is over: who has not answered, directly or through others, is suspected.
fn conclude(node: &mut Node, cx: &mut impl Cx<Swim>) {
    let Some(probe) = node.probe.take() else { return };
    lifeguard::worse(node, cx);
    if probe.asked.as_ref().is_some_and(|asked| asked.len() > probe.nacked.len()) {
        lifeguard::worse(node, cx);
    }
    suspect::accuse(node, probe.target, cx);
}

/// Somebody wants to know whether this member is there, for itself or for another.
pub(super) fn on_ping(
    node: &mut Node,
    from: NodeId,
    number: u32,
    origin: Option<NodeId>,
    cx: &mut impl Cx<Swim>,
) {
    let target = cx.me();
    say(node, from, Says::Ack { number, target, origin }, cx);
}

/// Somebody has no answer from a member and asks this one to try.
pub(super) fn on_ping_req(
    node: &mut Node,
    from: NodeId,
    number: u32,
    target: NodeId,
    cx: &mut impl Cx<Swim>,
) {
    say(node, target, Says::Ping { number, origin: Some(from) }, cx);
    lifeguard::owe(node, from, number, cx);
}

/// Somebody is there. The answer may be for another, or may come too late.
pub(super) fn on_ack(
    node: &mut Node,
    from: NodeId,
    (number, target): (u32, NodeId),
    origin: Option<NodeId>,
    cx: &mut impl Cx<Swim>,
) {
    if let Some(origin) = origin {
        lifeguard::owe_nothing(node, origin, number, cx);
        return say(node, origin, Says::Ack { number, target, origin: None }, cx);
    }
    let answered = |probe: &&Probe| probe.target == target && number == node.number;
    if node.probe.as_ref().filter(answered).is_none() {
        return;
    }
    if from != target {
        cx.note(|| Note::new(show::REACHED_THROUGH, &[target.into(), from.into()]));
    }
    node.probe = None;
    cx.cancel_timer(Timer::Ping);
    lifeguard::better(node, cx);
}

/// Whom to probe next. Going round in an order that is shuffled after each round bounds the time
/// until a crash is noticed; drawing anew each time only makes it short on average (SWIM §4.3).
///
/// Whoever is out stays in the order, and is passed over: nobody's turn ever comes later because
/// somebody else came back.
fn next_target(node: &mut Node, cx: &mut impl Cx<Swim>) -> Option<NodeId> {
    if cx.config().random_probes {
        return some_of(node, 1, cx.me(), cx).pop();
    }
    for _ in 0..=node.order.len() {
        let place = node.next as usize;
        let Some(target) = node.order.get(place).copied() else {
            shuffle(node, cx);
            continue;
        };
        node.next += 1;
        if node.opinion(target).is_in() {
            return Some(target);
        }
    }
    None
}

/// Begins a new round in a new order.
pub(super) fn shuffle(node: &mut Node, cx: &mut impl Cx<Swim>) {
    node.next = 0;
    let order = Rc::make_mut(&mut node.order);
    let count = u32::try_from(order.len()).unwrap_or(u32::MAX);
    for place in (1..count).rev() {
        order.swap(place as usize, cx.choose(place + 1) as usize);
    }
}

/// Somebody new takes a place in the order, drawn at random (SWIM §4.3).
pub(super) fn insert(node: &mut Node, about: NodeId, cx: &mut impl Cx<Swim>) {
    let order = Rc::make_mut(&mut node.order);
    let place = cx.choose(u32::try_from(order.len()).unwrap_or(u32::MAX - 1) + 1);
    order.insert(place as usize, about);
    node.next += u32::from(place < node.next);
}

/// So many members drawn from those who are there, but not `but`. Only for the random choice of a
/// target do those who are suspected count as well.
pub(super) fn some_of(node: &Node, count: u32, but: NodeId, cx: &mut impl Cx<Swim>) -> Vec<NodeId> {
    let me = cx.me();
    let suspects = node.those(State::Suspect).filter(|_| but == me);
    let others = node.those(State::Alive).chain(suspects);
    let mut others: Vec<NodeId> = others.filter(|other| *other != me && *other != but).collect();
    let many = u32::try_from(others.len()).unwrap_or(u32::MAX);
    let count = count.min(many);
    for place in 0..count {
        others.swap(place as usize, (place + cx.choose(many - place)) as usize);
    }
    others.truncate(count as usize);
    others
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, founder, message};
    use super::super::{Opinion, Swim};
    use super::*;
    use faultline_kernel::Protocol;

    const ONE: NodeId = NodeId(1);

    fn hear(node: &mut Node, from: u32, says: Says, cx: &mut Stub) {
        Swim::on_message(node, NodeId(from), message(says, &[]), cx);
    }

    /// A founder that has just sent its first ping, and to whom.
    fn probing(changes: &[(&str, u64)]) -> (Stub, Node, u32) {
        let mut cx = Stub::new(0, changes);
        let mut node = founder(&mut cx);
        on_period(&mut node, &mut cx);
        let [(target, Says::Ping { origin: None, .. })] = cx.said()[..] else {
            panic!("a period begins with one ping");
        };
        (cx, node, target)
    }

    fn ack(node: &Node, target: u32) -> Says {
        Says::Ack { number: node.number, target: NodeId(target), origin: None }
    }

    #[test]
    fn an_answer_in_time_is_all_there_is_to_a_period() {
        let (mut cx, mut node, target) = probing(&[]);
        let answer = ack(&node, target);
        hear(&mut node, target, answer, &mut cx);
        assert_eq!(node.probe, None);
        on_ping_timeout(&mut node, &mut cx);
        assert_eq!(cx.said(), []);
        on_period(&mut node, &mut cx);
        assert!(node.opinion(NodeId(target)).is_in() && node.suspicions.is_empty());
    }

    #[test]
    fn an_answer_to_an_earlier_probe_or_about_another_does_not_count() {
        let (mut cx, mut node, target) = probing(&[]);
        let other = if target == 1 { 2 } else { 1 };
        let wrong = ack(&node, other);
        hear(&mut node, other, wrong, &mut cx);
        let late = Says::Ack { number: node.number - 1, target: NodeId(target), origin: None };
        hear(&mut node, target, late, &mut cx);
        assert!(node.probe.is_some());
    }

    #[test]
    fn without_an_answer_others_are_asked_and_then_it_is_suspected() {
        let (mut cx, mut node, target) = probing(&[("indirect", 2)]);
        on_ping_timeout(&mut node, &mut cx);
        let asked = cx.said();
        assert_eq!(asked.len(), 2);
        for (helper, says) in asked {
            assert!(helper != target && helper != 0);
            let number = node.number;
            assert_eq!(says, Says::PingReq { number, target: NodeId(target) });
        }
        on_period(&mut node, &mut cx);
        assert_eq!(node.opinion(NodeId(target)).state(), State::Suspect);
        assert!(cx.timer(Timer::Suspicion(NodeId(target))).is_some());
    }

    #[test]
    fn an_answer_through_another_is_as_good() {
        let (mut cx, mut node, target) = probing(&[]);
        on_ping_timeout(&mut node, &mut cx);
        let helper = cx.said()[0].0;
        let answer = ack(&node, target);
        hear(&mut node, helper, answer, &mut cx);
        on_period(&mut node, &mut cx);
        assert_eq!(node.opinion(NodeId(target)).state(), State::Alive);
    }

    #[test]
    fn a_period_that_ends_too_early_gives_the_others_their_time() {
        let (mut cx, mut node, target) = probing(&[]);
        on_period(&mut node, &mut cx);
        assert!(matches!(cx.said()[..], [(_, Says::PingReq { .. }), (_, Says::PingReq { .. })]));
        assert_eq!(node.opinion(NodeId(target)).state(), State::Alive);
        assert_eq!(cx.timer(Timer::Period), Some(Span::millis(150)));
        on_period(&mut node, &mut cx);
        assert_eq!(node.opinion(NodeId(target)).state(), State::Suspect);
    }

    #[test]
    fn without_suspicion_a_silent_member_is_dead_at_once() {
        let (mut cx, mut node, target) = probing(&[("suspicion", 0), ("indirect", 0)]);
        on_period(&mut node, &mut cx);
        assert_eq!(node.opinion(NodeId(target)).state(), State::Dead);
    }

    #[test]
    fn who_is_asked_pings_and_passes_the_answer_on() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        let (number, target, origin) = (7, NodeId(2), Some(ONE));
        hear(&mut node, 1, Says::PingReq { number, target }, &mut cx);
        assert_eq!(cx.said(), [(2, Says::Ping { number, origin })]);
        hear(&mut node, 2, Says::Ack { number, target, origin }, &mut cx);
        assert_eq!(cx.said(), [(1, Says::Ack { number, target, origin: None })]);
        hear(&mut node, 2, Says::Ping { number, origin }, &mut cx);
        assert_eq!(cx.said(), [(2, Says::Ack { number, target: NodeId(0), origin })]);
    }

    #[test]
    fn going_round_everybody_has_a_turn_before_anybody_has_two() {
        let mut cx = Stub::new(0, &[("members", 6)]);
        let mut node = founder(&mut cx);
        for _ in 0..3 {
            let mut round: Vec<NodeId> =
                (0..5).filter_map(|_| next_target(&mut node, &mut cx)).collect();
            round.sort();
            assert_eq!(round, [1, 2, 3, 4, 5].map(NodeId));
        }
        node.set(NodeId(0), NodeId(3), Opinion::alive(1, 0).dead());
        let round = (0..4).filter_map(|_| next_target(&mut node, &mut cx));
        assert!(!round.into_iter().any(|target| target == NodeId(3)), "the dead have no turn");
    }

    #[test]
    fn a_newcomer_takes_nobodys_turn() {
        let mut cx = Stub::new(0, &[("members", 6), ("founders", 4)]);
        let mut node = founder(&mut cx);
        let first = next_target(&mut node, &mut cx);
        let alive = Opinion::alive(1, 0);
        for (newcomer, place) in [(4, 0), (5, 4)] {
            cx.choices = [place].into();
            node.set(NodeId(0), NodeId(newcomer), alive);
            insert(&mut node, NodeId(newcomer), &mut cx);
        }
        let mut rest: Vec<NodeId> =
            (0..3).filter_map(|_| next_target(&mut node, &mut cx)).chain(first).collect();
        rest.sort();
        assert_eq!(rest, [1, 2, 3, 5].map(NodeId), "4 came too late for this round");
    }
}
