//! Suspicion, objection, death (SWIM §4.2).

use super::node::{Node, Suspicion, Timer};
use super::opinion::{Opinion, Rumour, State};
use super::{Swim, join, lifeguard, show, spread};
use faultline_kernel::{Cx, NodeId, Note};

/// Its probe of this member failed.
pub(super) fn accuse(node: &mut Node, about: NodeId, cx: &mut impl Cx<Swim>) {
    let known = node.opinion(about);
    match known.state() {
        State::Alive if cx.config().suspicion => {
            let rumour = Rumour { about, opinion: known.suspected(), by: cx.me() };
            let args = [about.into(), known.incarnation().into()];
            cx.note(|| Note::new(show::SUSPECTS, &args));
            spread::accept(node, rumour, cx);
        }
        State::Alive => declare_dead(node, about, show::DECLARES_AT_ONCE, cx),
        State::Suspect => {
            lifeguard::confirm(node, Rumour { about, opinion: known, by: cx.me() }, cx);
        }
        State::Unknown | State::Dead | State::Left => {}
    }
}

/// From now on that member has time to object.
pub(super) fn begin(node: &mut Node, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let accusers = [rumour.by].into();
    let suspicion = Suspicion { about: rumour.about, since: cx.now(), accusers };
    let time = lifeguard::suspicion_time(&suspicion, node, cx.config());
    node.suspicions.push(suspicion);
    cx.set_timer(Timer::Suspicion(rumour.about), time);
}

/// It is not suspected any more, for better or for worse.
pub(super) fn end(node: &mut Node, about: NodeId, cx: &mut impl Cx<Swim>) {
    if let Some(place) = node.suspicions.iter().position(|suspicion| suspicion.about == about) {
        node.suspicions.remove(place);
        cx.cancel_timer(Timer::Suspicion(about));
    }
}

/// Nobody has objected in time.
pub(super) fn on_timeout(node: &mut Node, about: NodeId, cx: &mut impl Cx<Swim>) {
    if node.suspicions.iter().any(|suspicion| suspicion.about == about) {
        declare_dead(node, about, show::DECLARES, cx);
    }
}

fn declare_dead(node: &mut Node, about: NodeId, note: u8, cx: &mut impl Cx<Swim>) {
    let known = node.opinion(about);
    let args = [about.into(), known.incarnation().into()];
    cx.note(|| Note::new(note, &args));
    spread::accept(node, Rumour { about, opinion: known.dead(), by: cx.me() }, cx);
}

/// Somebody has an opinion of this member itself. Only the member can object, by the next
/// incarnation, and only if the opinion is of the present one. Death is final: it overrides every
/// incarnation, so the member goes on as a new process.
pub(super) fn on_own(node: &mut Node, from: NodeId, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let Rumour { opinion, by, .. } = rumour;
    let own = node.opinion(cx.me());
    node.heard = node.heard.max(opinion);
    if opinion <= own {
        return;
    }
    match opinion.state() {
        State::Suspect if cx.config().sabotage.no_refutation => {
            cx.note(|| Note::new(show::KEEPS_SILENT, &[by.into(), from.into()]));
        }
        State::Suspect => refute(node, from, rumour, cx),
        State::Dead | State::Left => {
            let args = [by.into(), from.into(), (opinion.life + 1).into()];
            cx.note(|| Note::new(show::LEARNS_OWN_DEATH, &args));
            join::renew(node, opinion.life + 1, cx);
        }
        // Somebody knows of a higher incarnation, from before its disk was lost: it goes on there.
        State::Alive | State::Unknown => stand(node, opinion, cx),
    }
}

fn refute(node: &mut Node, from: NodeId, rumour: Rumour, cx: &mut impl Cx<Swim>) {
    let own = rumour.opinion.refuted();
    let incarnation = own.incarnation();
    let args = [rumour.by.into(), from.into(), incarnation.into()];
    cx.note(|| Note::new(show::REFUTES, &args));
    stand(node, own, cx);
    lifeguard::worse(node, cx);
}

/// What it says of itself from now on.
pub(super) fn stand(node: &mut Node, own: Opinion, cx: &mut impl Cx<Swim>) {
    let me = cx.me();
    node.set(me, me, own);
    spread::queue(node, Rumour { about: me, opinion: own, by: me });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, founder, message, suspicion};
    use super::super::{Says, Write};
    use super::*;
    use faultline_kernel::{Protocol, Span};

    const TWO: NodeId = NodeId(2);

    fn alive(incarnation: u32) -> Opinion {
        Opinion::alive(1, incarnation)
    }

    fn hear(node: &mut Node, from: u32, rumour: Rumour, cx: &mut Stub) {
        Swim::on_message(node, NodeId(from), message(Says::Sync, &[rumour]), cx);
    }

    #[test]
    fn a_suspicion_that_is_not_refuted_ends_in_death() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, suspicion(2, 0, 1), &mut cx);
        assert_eq!(cx.timer(Timer::Suspicion(TWO)), Some(Span::millis(800)));
        on_timeout(&mut node, TWO, &mut cx);
        assert_eq!(node.opinion(TWO), alive(0).dead());
        assert!(node.suspicions.is_empty());
    }

    #[test]
    fn only_a_higher_incarnation_refutes() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, suspicion(2, 0, 1), &mut cx);
        hear(&mut node, 2, Rumour { about: TWO, opinion: alive(0), by: TWO }, &mut cx);
        assert_eq!(node.opinion(TWO).state(), State::Suspect);
        hear(&mut node, 3, Rumour { about: TWO, opinion: alive(1), by: TWO }, &mut cx);
        assert_eq!(node.opinion(TWO), alive(1));
        assert_eq!(cx.timer(Timer::Suspicion(TWO)), None);
        on_timeout(&mut node, TWO, &mut cx);
        assert_eq!(node.opinion(TWO), alive(1), "a timer that comes too late does no harm");
    }

    #[test]
    fn nothing_overrides_death_but_a_new_life() {
        let mut cx = Stub::new(0, &[]);
        let mut node = founder(&mut cx);
        let rumour = |opinion| Rumour { about: TWO, opinion, by: TWO };
        hear(&mut node, 1, rumour(alive(0).dead()), &mut cx);
        hear(&mut node, 1, rumour(alive(9)), &mut cx);
        assert_eq!(node.opinion(TWO).state(), State::Dead);
        hear(&mut node, 1, rumour(Opinion::alive(2, 0)), &mut cx);
        assert_eq!(node.opinion(TWO).state(), State::Alive);
    }

    #[test]
    fn who_is_suspected_objects_by_the_next_incarnation_and_to_old_news_not_at_all() {
        let mut cx = Stub::new(2, &[]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, suspicion(2, 0, 1), &mut cx);
        assert_eq!(node.opinion(TWO), alive(1));
        assert_eq!(node.rumours[0].rumour, Rumour { about: TWO, opinion: alive(1), by: TWO });
        hear(&mut node, 3, suspicion(2, 0, 3), &mut cx);
        assert_eq!(node.opinion(TWO), alive(1));
        assert_eq!(cx.noted.iter().filter(|note| **note == show::REFUTES).count(), 1);
    }

    #[test]
    fn who_was_declared_dead_begins_a_new_life_on_disk() {
        let mut cx = Stub::new(2, &[]);
        let mut node = founder(&mut cx);
        let dead = Rumour { about: TWO, opinion: alive(0).dead(), by: NodeId(1) };
        hear(&mut node, 1, dead, &mut cx);
        assert_eq!(node.opinion(TWO), Opinion::alive(2, 0));
        assert_eq!(cx.saved, [Write { life: 2 }]);
    }

    #[test]
    fn who_lost_its_disk_goes_on_where_others_remember_it() {
        let mut cx = Stub::new(2, &[]);
        let mut node = founder(&mut cx);
        hear(&mut node, 1, Rumour { about: TWO, opinion: alive(4), by: TWO }, &mut cx);
        assert_eq!(node.opinion(TWO), alive(4));
        hear(&mut node, 1, suspicion(2, 6, 1), &mut cx);
        assert_eq!(node.opinion(TWO), alive(7));
    }
}
