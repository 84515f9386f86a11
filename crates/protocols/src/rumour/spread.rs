//! Rounds: who calls whom, and what is said first (Demers §1.4).

use super::config::Variant;
use super::node::{Mark, Node, State, Timer};
use super::{Message, Rumour, interest, show};
use faultline_kernel::{Cx, NodeId, Note, SpanRange};

/// A round begins. A site that spreads the rumour pushes it; where sites pull, every other site
/// asks for it.
///
/// A site that hears of the rumour at this very moment goes on as before: in synchronous cycles it
/// starts sending in the next one, whatever the order of sites within a cycle.
#[inline(always)]
pub(super) fn on_round(node: &mut Node, cx: &mut impl Cx<Rumour>) {
    match cx.config().variant() {
        Variant::PLAIN => round(Variant::PLAIN, node, cx),
        variant => round(variant, node, cx),
    }
}

#[inline(always)]
fn round(variant: Variant, node: &mut Node, cx: &mut impl Cx<Rumour>) {
    let spreads = node.is_infective() && !node.is_marked(Mark::Learned, cx.now());
    if !spreads {
        return only_ask(variant, node, cx);
    }
    match variant.push {
        true => call(Message::Push, cx),
        false => call(Message::Pull, cx),
    }
    let goes_on = match variant.blind {
        true => interest::tire(variant, node, cx),
        false => {
            // What was marked in the last round is over; see `Node`.
            node.mark(Mark::Nothing, cx.now());
            true
        }
    };
    if goes_on || variant.pull {
        begin_round(variant, cx);
    }
}

/// The round of a site that does not spread the rumour, or not yet.
#[inline(always)]
fn only_ask(variant: Variant, node: &Node, cx: &mut impl Cx<Rumour>) {
    if variant.pull {
        call(Message::Pull, cx);
    } else if !node.is_infective() {
        return;
    }
    begin_round(variant, cx);
}

/// The next round begins when this one is over.
#[inline(always)]
pub(super) fn begin_round(variant: Variant, cx: &mut impl Cx<Rumour>) {
    let (round, jitter) = (cx.config().round, cx.config().jitter);
    // Where nothing is to be drawn, nothing is.
    let after = match variant.jitter {
        false => round,
        true => cx.span(SpanRange::new(round, round + jitter)),
    };
    cx.set_timer(Timer::Round, after);
}

/// Picks partners at random, each among all others alike.
#[inline(always)]
fn call(message: Message, cx: &mut impl Cx<Rumour>) {
    // Nearly always it is one, and then nothing is to be kept for the next.
    call_one(message, cx);
    for _ in 1..cx.config().fanout {
        call_one(message, cx);
    }
}

#[inline(always)]
fn call_one(message: Message, cx: &mut impl Cx<Rumour>) {
    let partner = cx.choose(cx.config().nodes - 1);
    let partner = partner + u32::from(partner >= cx.me().0);
    cx.send(NodeId(partner), message);
}

/// A site asks for anything new: it is told if this one spreads the rumour.
///
/// Whether it does is settled before the moment: a site that hears of the rumour at this very
/// moment does not spread it yet, and one that loses interest at it still does. So it does not
/// matter which of two sites has its turn first in a cycle.
#[inline(always)]
pub(super) fn on_pull(node: &Node, from: NodeId, cx: &mut impl Cx<Rumour>) {
    let mark = node.mark_at(cx.now());
    let spreads = match node.state() {
        State::Susceptible => false,
        State::Infective => mark != Mark::Learned,
        State::Removed => mark == Mark::Useless,
    };
    if spreads {
        cx.note(|| Note::new(show::TELLS, &[from.into()]));
        cx.send(from, Message::Tell);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, infective};
    use super::*;
    use faultline_kernel::Time;

    #[test]
    fn a_spreading_site_pushes_to_somebody_else() {
        let mut cx = Stub::new(2);
        for (choice, partner) in [(0, 0), (1, 1), (2, 3), (14, 15)] {
            cx.choices = [choice].into();
            on_round(&mut infective(), &mut cx);
            assert_eq!(cx.sent.pop(), Some((NodeId(partner), Message::Push)));
            assert_eq!(cx.chosen_of, 15, "all others alike");
            assert!(cx.is_armed());
        }
    }

    #[test]
    fn where_sites_push_only_those_that_spread_have_rounds() {
        let mut cx = Stub::new(2);
        for state in [State::Susceptible, State::Removed] {
            on_round(&mut Node::new(state), &mut cx);
            assert_eq!((cx.sent.len(), cx.is_armed()), (0, false));
        }
    }

    #[test]
    fn where_sites_pull_everybody_asks_and_only_a_spreading_one_tells() {
        let mut cx = Stub::new(2);
        (cx.config.push, cx.config.pull) = (false, true);
        let states = [State::Susceptible, State::Infective, State::Removed];
        for state in states {
            cx.timers.clear();
            on_round(&mut Node::new(state), &mut cx);
            assert_eq!(cx.sent.pop(), Some((NodeId(0), Message::Pull)));
            assert!(cx.is_armed());
        }
        cx.now = Time(7);
        let told = states.map(|state| {
            on_pull(&Node::new(state), NodeId(0), &mut cx);
            cx.sent.pop()
        });
        assert_eq!(told, [None, Some((NodeId(0), Message::Tell)), None]);
    }

    #[test]
    fn what_happens_at_the_same_moment_takes_effect_at_the_next() {
        let mut cx = Stub::new(2);
        (cx.config.pull, cx.config.blind, cx.config.k) = (true, true, 1);
        cx.now = Time(7);
        let mut node = infective();
        node.mark(Mark::Learned, cx.now);
        on_pull(&node, NodeId(0), &mut cx);
        assert_eq!(cx.sent, [], "it learned of it just now");
        on_round(&mut node, &mut cx);
        assert_eq!(cx.sent.pop(), Some((NodeId(0), Message::Pull)), "so it still asks");
        assert!(node.is_infective());
        cx.now = Time(8);
        on_round(&mut node, &mut cx);
        assert_eq!(cx.sent.pop(), Some((NodeId(0), Message::Push)));
        assert_eq!(node.state(), State::Removed, "blind, with k = 1");
        on_pull(&node, NodeId(0), &mut cx);
        assert_eq!(cx.sent.pop(), Some((NodeId(0), Message::Tell)), "it lost interest just now");
        cx.now = Time(9);
        on_pull(&node, NodeId(0), &mut cx);
        assert_eq!(cx.sent, []);
    }
}
