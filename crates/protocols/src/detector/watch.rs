//! Heartbeats, and what their absence means.

use super::message::Heartbeat;
use super::node::{Disk, Node, Peer, Timer};
use super::window::Window;
use super::{Config, Detector, show};
use faultline_kernel::{Cx, Label, NodeId, Note, Span, SpanRange, Value};

/// A node starts: from now on every other has its time.
pub(super) fn boot(disk: &Disk, cx: &mut impl Cx<Detector>) -> Node {
    let life = u32::from(disk.life) + 1;
    cx.save(life);
    let window = Window::new(cx.config());
    let allowance = window.allowance(cx.config());
    let since = cx.now();
    let heard = Heartbeat::default();
    let peer = Peer { heard, since, since_interval: 0, window, allowance, suspected: false };
    let peers = alloc::vec![peer; cx.config().nodes as usize];
    let heartbeat = cx.config().heartbeat;
    // The first heartbeat of another may take a whole interval.
    for other in others(cx.me(), cx.config().nodes) {
        cx.set_timer(Timer::Watch(other), allowance + heartbeat);
    }
    let first = cx.span(SpanRange::new(Span(1), heartbeat));
    cx.set_timer(Timer::Beat, first);
    Node { beat: Heartbeat { life, number: 0 }, beat_at: since, intervals: 0, peers }
}

fn others(me: NodeId, nodes: u32) -> impl Iterator<Item = NodeId> {
    (0..nodes).map(NodeId).filter(move |other| *other != me)
}

/// It says that it is there.
pub(super) fn on_beat(node: &mut Node, cx: &mut impl Cx<Detector>) {
    let heartbeat = cx.config().heartbeat;
    node.intervals += u32::from(cx.now().since(node.beat_at) >= heartbeat);
    node.beat_at = cx.now();
    node.beat.number += 1;
    for other in others(cx.me(), cx.config().nodes) {
        cx.send(other, node.beat);
    }
    cx.set_timer(Timer::Beat, heartbeat);
}

/// Another is there, or was when it sent this.
pub(super) fn on_heartbeat(
    node: &mut Node,
    from: NodeId,
    beat: Heartbeat,
    cx: &mut impl Cx<Detector>,
) {
    let peer = &mut node.peers[from.index()];
    let Config { accept_old, .. } = *cx.config();
    if beat <= peer.heard {
        let note = if accept_old { show::ACCEPTS_OLD } else { show::IGNORES_OLD };
        cx.note(|| Note::new(note, &[from.into(), beat.number.into()]));
        if !accept_old {
            return;
        }
    }
    let silence = cx.now().since(peer.since);
    if beat.life != peer.heard.life {
        begin_anew(peer, from, cx);
    } else {
        peer.window.push(silence, cx.config());
        if peer.suspected {
            cx.note(|| Note::new(show::WAS_WRONG, &[from.into(), silence.into()]));
        }
    }
    peer.heard = beat;
    peer.since = cx.now();
    peer.since_interval = node.intervals;
    peer.suspected = false;
    peer.allowance = peer.window.allowance(cx.config());
    cx.set_timer(Timer::Watch(from), peer.allowance);
}

/// A node that started again may be quite another: what was learned of it is forgotten.
fn begin_anew(peer: &mut Peer, about: NodeId, cx: &mut impl Cx<Detector>) {
    if peer.heard.life > 0 {
        cx.note(|| Note::new(show::IS_BACK, &[about.into()]));
    }
    peer.window = Window::new(cx.config());
}

/// The silence is too long: longer than the timeout, or so long that φ reaches its threshold.
pub(super) fn on_silence(node: &mut Node, about: NodeId, cx: &mut impl Cx<Detector>) {
    let peer = &mut node.peers[about.index()];
    peer.suspected = true;
    let silence = cx.now().since(peer.since);
    let phi = peer.window.phi(silence, cx.config());
    let accrual = cx.config().accrual;
    cx.note(|| match accrual {
        true => {
            let args = [about.into(), silence.into(), Value::Label(thousandths(phi))];
            Note::new(show::SUSPECTS_BY_PHI, &args)
        }
        false => Note::new(show::SUSPECTS, &[about.into(), silence.into()]),
    });
}

/// A number of thousandths with one decimal, cut.
pub(super) fn thousandths(number: u32) -> Label {
    Label::format(format_args!("{}.{}", number / 1_000, number % 1_000 / 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Stub, defaults};
    use faultline_kernel::Time;

    const TWO: NodeId = NodeId(2);

    fn stub(accrual: bool) -> Stub<Detector> {
        Stub::with(0, Config { accrual, ..defaults() })
    }

    fn beat(number: u32) -> Heartbeat {
        Heartbeat { life: 1, number }
    }

    fn hear(node: &mut Node, ms: u64, beat: Heartbeat, cx: &mut Stub<Detector>) {
        cx.now = Time(ms * 1_000);
        on_heartbeat(node, TWO, beat, cx);
    }

    #[test]
    fn a_heartbeat_goes_to_everybody_else_and_the_next_is_due() {
        let mut cx = stub(false);
        let mut node = boot(&Disk { life: 4 }, &mut cx);
        assert_eq!(cx.saved, [5]);
        on_beat(&mut node, &mut cx);
        let sent = [1, 2, 3].map(|to| (NodeId(to), Heartbeat { life: 5, number: 1 }));
        assert_eq!(cx.sent, sent);
        assert_eq!(cx.timers.last(), Some(&(Timer::Beat, Some(Span::millis(100)))));
    }

    #[test]
    fn silence_is_suspicious_and_the_next_heartbeat_is_not() {
        let mut cx = stub(false);
        let mut node = boot(&Disk::default(), &mut cx);
        hear(&mut node, 100, beat(1), &mut cx);
        assert_eq!(cx.timers.last(), Some(&(Timer::Watch(TWO), Some(Span::millis(250)))));
        on_silence(&mut node, TWO, &mut cx);
        assert!(node.peers[2].suspected);
        hear(&mut node, 400, beat(2), &mut cx);
        assert!(!node.peers[2].suspected);
        assert_eq!(cx.noted, [show::SUSPECTS, show::WAS_WRONG]);
    }

    #[test]
    fn an_old_heartbeat_is_no_sign_of_life() {
        let mut cx = stub(false);
        let mut node = boot(&Disk::default(), &mut cx);
        hear(&mut node, 100, beat(2), &mut cx);
        on_silence(&mut node, TWO, &mut cx);
        let before = node.clone();
        for old in [1, 2] {
            hear(&mut node, 500, beat(old), &mut cx);
            assert_eq!(node, before);
        }
        cx.config.accept_old = true;
        hear(&mut node, 500, beat(1), &mut cx);
        assert!(!node.peers[2].suspected, "broken on purpose");
    }

    #[test]
    fn phi_learns_what_silence_is_usual() {
        let mut cx = stub(true);
        let mut node = boot(&Disk::default(), &mut cx);
        let at_first = node.peers[2].allowance;
        for number in 1..40 {
            hear(&mut node, u64::from(number) * 100, beat(number), &mut cx);
        }
        let regular = node.peers[2].allowance;
        assert!(regular < at_first);
        for number in 40..80 {
            let late = u64::from(number % 2) * 60;
            hear(&mut node, u64::from(number) * 100 + late, beat(number), &mut cx);
        }
        assert!(node.peers[2].allowance > Span(regular.0 * 2));
    }

    #[test]
    fn what_was_learned_ends_with_a_life() {
        let mut cx = stub(true);
        let mut node = boot(&Disk::default(), &mut cx);
        let at_first = node.peers[2].window.clone();
        (1..9).for_each(|number| {
            hear(&mut node, u64::from(number) * 170, beat(number), &mut cx);
        });
        hear(&mut node, 9_000, Heartbeat { life: 2, number: 1 }, &mut cx);
        assert_eq!(node.peers[2].window, at_first);
        assert_eq!(cx.noted, [show::IS_BACK]);
    }
}
