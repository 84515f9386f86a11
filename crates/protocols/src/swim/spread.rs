//! Rumours: what a member hears, and what it passes on (SWIM §4.1, "infection-style").

use super::node::{Node, PIGGYBACK_MAX, Spread};
use super::opinion::{Opinion, Rumour, State};
use super::{Config, Message, Says, Swim, join, lifeguard, probe, scale, show, suspect};
use alloc::vec::Vec;
use faultline_kernel::{Cx, NodeId, Note};

/// Says something, with rumours on its back.
pub(super) fn say(node: &mut Node, to: NodeId, says: Says, cx: &mut impl Cx<Swim>) {
    let rumours = pick(node, to, cx.config());
    let own = node.opinion(cx.me());
    cx.send(to, Message { says, own, rumours });
}

/// Something about somebody reached this member.
pub(super) fn hear(node: &mut Node, from: NodeId, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    if rumour.about == cx.me() {
        return suspect::on_own(node, from, rumour, cx);
    }
    let known = node.opinion(rumour.about);
    if rumour.opinion > known {
        let note = heard(known, from, rumour);
        cx.note(|| note);
        accept(node, rumour, cx);
        speak_for(node, from, rumour, cx);
    } else if rumour.opinion == known {
        lifeguard::confirm(node, rumour, cx);
    }
}

/// Takes a higher opinion as its own, and passes it on.
pub(super) fn accept(node: &mut Node, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let Rumour { about, opinion, .. } = rumour;
    let known = node.opinion(about);
    node.set(cx.me(), about, opinion);
    if known == Opinion::UNKNOWN {
        probe::insert(node, about, cx);
    }
    suspect::end(node, about, cx);
    if opinion.state() == State::Suspect {
        suspect::begin(node, rumour, cx);
    }
    queue(node, rumour);
}

/// From now on this is told of that member, and nothing else.
pub(super) fn queue(node: &mut Node, rumour: Rumour) {
    node.rumours.retain(|spread| spread.rumour.about != rumour.about);
    node.rumours.insert(0, Spread { rumour, told: 0 });
}

/// The rumours that ride on the next message: those that were told least. Each is told only so
/// often; by then the whole group has it with high probability.
fn pick(node: &mut Node, to: NodeId, config: &Config) -> Vec<Rumour> {
    lifeguard::put_first(node, to, config);
    let limit = scale::retransmit_limit(config, node.group());
    let count = node.rumours.len().min(PIGGYBACK_MAX);
    let picked = node.rumours[..count].iter().map(|spread| spread.rumour).collect();
    node.rumours[..count].iter_mut().for_each(|spread| spread.told += 1);
    if count > 0 {
        node.rumours.retain(|spread| spread.told < limit);
        node.rumours.sort_by_key(|spread| spread.told);
    }
    picked
}

fn heard(known: Opinion, from: NodeId, rumour: Rumour) -> Note {
    let Rumour { about, opinion, by } = rumour;
    let incarnation = opinion.incarnation();
    let suspected = known.state() == State::Suspect && known.life == opinion.life;
    match opinion.state() {
        State::Suspect => Note::new(
            show::HEARS_SUSPICION,
            &[about.into(), by.into(), from.into(), incarnation.into()],
        ),
        State::Dead => Note::new(show::HEARS_DEATH, &[about.into(), by.into(), from.into()]),
        State::Left => Note::new(show::HEARS_LEAVE, &[about.into(), from.into()]),
        State::Alive | State::Unknown if suspected => {
            Note::new(show::CLEARS, &[about.into(), from.into(), incarnation.into()])
        }
        State::Alive | State::Unknown => {
            Note::new(show::MEETS, &[about.into(), from.into(), opinion.life.into()])
        }
    }
}

/// Broken on purpose: it means well, and objects in the place of the one who is suspected.
fn speak_for(node: &mut Node, from: NodeId, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let Rumour { about, opinion, .. } = rumour;
    if !cx.config().sabotage.others_raise || opinion.state() != State::Suspect || from == about {
        return;
    }
    let opinion = opinion.refuted();
    let args = [about.into(), opinion.incarnation().into()];
    cx.note(|| Note::new(show::SPEAKS_FOR, &args));
    accept(node, Rumour { about, opinion, by: cx.me() }, cx);
}

/// Tells somebody outright that it counts as dead, or that this member has left.
pub(super) fn notify(node: &Node, to: NodeId, cx: &mut impl Cx<Swim>) {
    let opinion = node.opinion(to);
    let rumour = Rumour { about: to, opinion, by: cx.me() };
    let over = opinion.life > 0 && !opinion.is_in();
    let rumours = over.then_some(rumour).into_iter().collect();
    cx.send(to, Message { says: Says::Notice, own: node.opinion(cx.me()), rumours });
}

/// Whatever a member says, it says of itself that it is there, and brings rumours.
pub(super) fn on_message(node: &mut Node, from: NodeId, message: Message, cx: &mut impl Cx<Swim>) {
    if !node.is_member(cx.me()) {
        return join::on_message_outside(node, from, &message, cx);
    }
    let Message { says, own, rumours } = message;
    hear(node, from, Rumour { about: from, opinion: own, by: from }, cx);
    let count = rumours.len();
    rumours.into_iter().for_each(|rumour| hear(node, from, rumour, cx));
    let over = node.opinion(from).life > 0 && !node.opinion(from).is_in();
    if over && says != Says::Notice {
        // Dead overrides everything it may say of this life: it has to know (see `Opinion`).
        cx.note(|| Note::new(show::TELLS_DEAD, &[from.into()]));
        notify(node, from, cx);
    }
    match says {
        Says::Ping { number, origin } => probe::on_ping(node, from, number, origin, cx),
        Says::PingReq { number, target } => probe::on_ping_req(node, from, number, target, cx),
        Says::Ack { number, target, origin } => {
            probe::on_ack(node, from, (number, target), origin, cx)
        }
        Says::Nack { number } => lifeguard::on_nack(node, from, number),
        Says::Join => join::on_join(node, from, cx),
        Says::Sync => join::on_sync(node, from, count, cx),
        Says::Notice => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, founder, message, suspicion};
    use super::*;
    use faultline_kernel::Protocol;

    fn hear_of(node: &mut Node, about: impl Iterator<Item = u32>, cx: &mut Stub) {
        let rumours: Vec<Rumour> = about.map(|about| suspicion(about, 0, 1)).collect();
        Swim::on_message(node, NodeId(1), message(Says::Sync, &rumours), cx);
    }

    #[test]
    fn a_rumour_is_told_so_often_and_no_more() {
        let mut cx = Stub::new(0, &[("retransmit_multiplier", 3)]);
        let mut node = founder(&mut cx);
        hear_of(&mut node, 2..3, &mut cx);
        let told = (0..10).filter(|_| !pick(&mut node, NodeId(1), &cx.config).is_empty()).count();
        assert_eq!(told, 3, "3 · ⌈log10(5 + 1)⌉");
    }

    #[test]
    fn a_message_carries_few_and_the_least_told_first() {
        let mut cx = Stub::new(0, &[("members", 30)]);
        let mut node = founder(&mut cx);
        hear_of(&mut node, 2..20, &mut cx);
        let mut told = [0; 30];
        for _ in 0..18 {
            let rumours = pick(&mut node, NodeId(1), &cx.config);
            assert!(rumours.len() <= PIGGYBACK_MAX);
            rumours.iter().for_each(|rumour| told[rumour.about.index()] += 1);
        }
        assert!(told[2..20].iter().all(|count| *count == 8), "{told:?}: 4 · ⌈log10(30 + 1)⌉");
    }

    #[test]
    fn news_of_a_member_replaces_what_was_told_of_it() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        hear_of(&mut node, 2..4, &mut cx);
        let opinion = Opinion::alive(1, 1);
        hear(&mut node, NodeId(2), Rumour { about: NodeId(2), opinion, by: NodeId(2) }, &mut cx);
        let about: Vec<u32> = node.rumours.iter().map(|spread| spread.rumour.about.0).collect();
        assert_eq!(about, [2, 3]);
        assert_eq!(node.rumours[0].rumour.opinion, opinion);
    }

    #[test]
    fn whoever_counts_as_dead_is_told_so_but_a_notice_is_not_answered() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        node.set(NodeId(0), NodeId(2), Opinion::alive(1, 0).dead());
        Swim::on_message(&mut node, NodeId(2), message(Says::Notice, &[]), &mut cx);
        assert_eq!(cx.said(), []);
        let ping = Says::Ping { number: 1, origin: None };
        Swim::on_message(&mut node, NodeId(2), message(ping, &[]), &mut cx);
        let told = &cx.sent[0].1.rumours;
        assert_eq!(told[0].opinion, Opinion::alive(1, 0).dead());
        assert!(matches!(cx.said()[..], [(2, Says::Notice), (2, Says::Ack { .. })]));
    }
}
