//! Losing interest (Demers §1.4): blind or by feedback, by counter or by coin.

use super::config::Variant;
use super::node::{Mark, Node, State, Timer};
use super::{Rumour, news, show};
use faultline_kernel::{Cx, NodeId, Note};

/// The rumour was new to a partner: whoever counts begins again.
///
/// "If more than one recipient pulls from a site in a single cycle, then at the end of the cycle …
/// if any recipient needed the update then the counter is reset" (Demers, table 3). So of all that
/// comes back at one moment a useful contact decides, even if a useless one came first.
#[inline(always)]
pub(super) fn on_new(node: &mut Node, from: NodeId, cx: &mut impl Cx<Rumour>) {
    match (node.state(), node.mark_at(cx.now())) {
        (State::Infective, _) => {}
        (State::Removed, Mark::Useless) => news::become_infective(node, cx),
        // It crashed meanwhile, or lost interest for good.
        (State::Susceptible | State::Removed, _) => return,
    }
    if node.count() > 0 {
        cx.note(|| Note::new(show::COUNTS_ANEW, &[from.into()]));
    }
    node.set_count(0);
    node.mark(Mark::Useful, cx.now());
}

/// A partner knew the rumour already.
///
/// Of all that comes back at one moment one useless contact counts: "if all recipients did not
/// need the update then one is added to the counter" (Demers, table 3).
#[inline(always)]
pub(super) fn on_knew(node: &mut Node, from: NodeId, cx: &mut impl Cx<Rumour>) {
    let judged = matches!(node.mark_at(cx.now()), Mark::Useless | Mark::Useful);
    if node.is_infective() && !judged {
        let count = node.count() + 1;
        cx.note(|| Note::new(show::WAS_USELESS, &[from.into(), count.into()]));
        tire(cx.config().variant(), node, cx);
    }
}

/// One more contact of those by which interest is lost.
///
/// "Lose interest … with probability 1/k" (coin) or "only after k unnecessary contacts" (counter).
/// Gives whether it is still interested.
#[inline(always)]
pub(super) fn tire(variant: Variant, node: &mut Node, cx: &mut impl Cx<Rumour>) -> bool {
    node.mark(Mark::Useless, cx.now());
    node.count_one();
    let k = cx.config().k;
    let bored = if variant.coin { cx.choose(k) == 0 } else { node.count() >= k };
    if !bored {
        return true;
    }
    if variant.keep_interest {
        cx.note(|| Note::new(show::GOES_ON, &[node.count().into()]));
        return true;
    }
    become_removed(variant, node, cx);
    false
}

#[inline(always)]
fn become_removed(variant: Variant, node: &mut Node, cx: &mut impl Cx<Rumour>) {
    node.set_state(State::Removed);
    let (kind, number) = match (variant.coin, variant.blind) {
        (true, _) => (show::COIN_SAYS_STOP, cx.config().k),
        (false, true) => (show::HAS_SPREAD_ENOUGH, node.count()),
        (false, false) => (show::LOSES_INTEREST, node.count()),
    };
    cx.note(|| Note::new(kind, &[number.into()]));
    // Where sites pull, it goes on asking.
    if !variant.pull {
        cx.cancel_timer(Timer::Round);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, infective};
    use super::*;
    use faultline_kernel::Time;

    /// What is left of a spreading site after these answers, each at a moment of its own.
    fn after(cx: &mut Stub, useful: &[bool]) -> Node {
        let mut node = infective();
        for useful in useful {
            cx.now = Time(cx.now.0 + 1);
            answer(&mut node, *useful, cx);
        }
        node
    }

    fn answer(node: &mut Node, useful: bool, cx: &mut Stub) {
        match useful {
            true => on_new(node, NodeId(1), cx),
            false => on_knew(node, NodeId(1), cx),
        }
    }

    #[test]
    fn k_useless_contacts_in_a_row_end_interest_and_its_rounds() {
        let mut cx = Stub::new(0);
        cx.timers.push((Timer::Round, Some(cx.config.round)));
        assert_eq!(after(&mut cx, &[false]).count(), 1);
        let node = after(&mut cx, &[false, true, false]);
        assert!(node.is_infective(), "a useful contact resets the counter");
        assert!(cx.is_armed());
        assert_eq!(after(&mut cx, &[false, true, false, false]).state(), State::Removed);
        assert!(!cx.is_armed());
    }

    #[test]
    fn of_what_comes_back_at_one_moment_a_useful_contact_decides() {
        let mut cx = Stub::new(0);
        for order in [[true, false], [false, true]] {
            for k in [1, 2] {
                cx.config.k = k;
                let mut node = infective();
                answer(&mut node, order[0], &mut cx);
                answer(&mut node, order[1], &mut cx);
                assert_eq!((node.state(), node.count()), (State::Infective, 0), "{order:?}, {k}");
            }
        }
        cx.config.k = 2;
        let mut node = infective();
        answer(&mut node, false, &mut cx);
        answer(&mut node, false, &mut cx);
        assert_eq!(node.count(), 1, "two useless ones count once");
    }

    #[test]
    fn who_lost_interest_before_stays_removed() {
        let mut cx = Stub::new(0);
        let node = after(&mut cx, &[false, false, true]);
        assert_eq!((node.state(), node.count()), (State::Removed, 2));
    }

    #[test]
    fn a_coin_is_tossed_for_each_useless_contact() {
        let mut cx = Stub::new(0);
        cx.config.coin = true;
        cx.choices = [1, 1, 0].into();
        assert!(after(&mut cx, &[false, true, false]).is_infective());
        assert_eq!(cx.chosen_of, 2);
        assert_eq!(after(&mut cx, &[false]).state(), State::Removed);
    }

    #[test]
    fn broken_on_purpose_interest_goes_on() {
        let mut cx = Stub::new(0);
        cx.config.sabotage.keep_interest = true;
        let node = after(&mut cx, &[false; 40]);
        assert_eq!((node.state(), node.count()), (State::Infective, 31));
    }
}
