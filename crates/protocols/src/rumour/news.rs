//! Hearing of the rumour: from a client, from another site, from one's own disk.

use super::node::{Answer, Disk, Mark, Node, State, Write};
use super::spread::begin_round;
use super::{Message, Rumour, show};
use faultline_kernel::{Cx, NodeId, Note, RequestId};

/// Starts a site with what its disk has. The rumour itself is there; that it was being spread is
/// not, so a site that crashed tells nobody any more.
pub(super) fn start(disk: &Disk, cx: &mut impl Cx<Rumour>) -> Node {
    if cx.config().pull {
        begin_round(cx.config().variant(), cx);
    }
    match (disk.knows, cx.config().sabotage.forget) {
        (false, _) => Node::new(State::Susceptible),
        (true, false) => {
            cx.note(|| Note::new(show::FINDS_IT, &[]));
            Node::new(State::Removed)
        }
        (true, true) => {
            cx.note(|| Note::new(show::FORGETS, &[]));
            Node::new(State::Susceptible)
        }
    }
}

/// A client brings the rumour.
pub(super) fn on_request(node: &mut Node, id: RequestId, cx: &mut impl Cx<Rumour>) {
    if node.state() != State::Susceptible {
        cx.note(|| Note::new(show::KNOWS_ALREADY, &[]));
        cx.answer(id, Answer::Known);
        return;
    }
    cx.note(|| Note::new(show::BEGINS, &[]));
    node.set_origin();
    learn(node, cx);
    cx.answer(id, Answer::Spreading);
}

/// Another site tells the rumour, pushed or because it was asked.
///
/// All senders that reach the same susceptible site in one cycle told it something new: it knows
/// by its clock that it is still the same cycle. If only the first did, the residue of table 1
/// would come out as 0.20 for k = 1.
#[inline(always)]
pub(super) fn on_rumour(node: &mut Node, from: NodeId, cx: &mut impl Cx<Rumour>) {
    if node.state() == State::Susceptible {
        cx.note(|| Note::new(show::HEARS, &[from.into()]));
        learn(node, cx);
    } else {
        cx.note(|| Note::new(show::KNEW, &[from.into()]));
    }
    if cx.config().blind {
        return;
    }
    let new = node.is_marked(Mark::Learned, cx.now());
    cx.send(from, if new { Message::New } else { Message::Knew });
}

/// The rumour is on disk before anybody hears of it from here.
#[inline(always)]
fn learn(node: &mut Node, cx: &mut impl Cx<Rumour>) {
    node.mark(Mark::Learned, cx.now());
    cx.save(Write);
    become_infective(node, cx);
}

#[inline(always)]
pub(super) fn become_infective(node: &mut Node, cx: &mut impl Cx<Rumour>) {
    node.set_state(State::Infective);
    // Where sites pull, it has rounds already.
    if !cx.config().pull {
        begin_round(cx.config().variant(), cx);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, infective};
    use super::*;
    use faultline_kernel::Time;

    #[test]
    fn whoever_tells_a_site_at_the_moment_it_learns_told_it_something_new() {
        let mut cx = Stub::new(0);
        let mut node = Node::new(State::Susceptible);
        on_rumour(&mut node, NodeId(1), &mut cx);
        on_rumour(&mut node, NodeId(2), &mut cx);
        cx.now = Time(1);
        on_rumour(&mut node, NodeId(3), &mut cx);
        let answers = [Message::New, Message::New, Message::Knew];
        let answers: alloc::vec::Vec<_> = (1..).map(NodeId).zip(answers).collect();
        assert_eq!(cx.sent, answers);
        assert_eq!((node.state(), cx.saved.len(), cx.is_armed()), (State::Infective, 1, true));
    }

    #[test]
    fn a_blind_epidemic_has_no_answers() {
        let mut cx = Stub::new(0);
        cx.config.blind = true;
        on_rumour(&mut Node::default(), NodeId(1), &mut cx);
        on_rumour(&mut infective(), NodeId(1), &mut cx);
        assert_eq!(cx.sent, []);
    }

    #[test]
    fn a_client_starts_the_rumour_once() {
        let mut cx = Stub::new(0);
        let mut node = Node::default();
        on_request(&mut node, RequestId(0), &mut cx);
        assert!(node.is_infective() && node.is_origin());
        on_request(&mut node, RequestId(1), &mut cx);
        let answers = [(RequestId(0), Answer::Spreading), (RequestId(1), Answer::Known)];
        assert_eq!(cx.answered, answers);
    }

    #[test]
    fn after_a_crash_a_site_knows_the_rumour_and_spreads_it_no_more() {
        let mut cx = Stub::new(0);
        assert_eq!(start(&Disk { knows: true }, &mut cx).state(), State::Removed);
        assert_eq!(start(&Disk::default(), &mut cx).state(), State::Susceptible);
        assert!(!cx.is_armed());
        cx.config.sabotage.forget = true;
        assert_eq!(start(&Disk { knows: true }, &mut cx).state(), State::Susceptible);
    }
}
