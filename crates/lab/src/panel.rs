//! Inspectors: what a node or a message holds, and what can be done to it.

use crate::Input;
use crate::play::{NodeFacts, Play, is_held};
use crate::rows::{Action, FieldRow, MessagePanel, NodePanel};
use crate::say::{label, message as message_word, named, value};
use crate::scene::{MessageName, Moment};
use crate::words::{plain, say, word};
use faultline_kernel::{About, Card, Field, NodeId, Place};
use faultline_sim::Condition;

/// A clock that runs at twice and at half the true rate, in millionths.
const FAST_PPM: u32 = 2_000_000;
const SLOW_PPM: u32 = 500_000;
const TRUE_PPM: u32 = 1_000_000;

/// How many events one call replays at most to see what the last step changed.
const BEFORE_EVENTS: u32 = 8_000;

pub(crate) fn node(about: &About, play: &Play, moment: Moment, node: NodeId) -> NodePanel {
    let facts = play.facts(node);
    let log = play.run.log();
    let step = moment.events.checked_sub(1).map(|last| log.step_begin(last));
    // In a very long run it takes a few calls until this is known; until then nothing is marked.
    let before = step.and_then(|begin| play.card_at(begin, node, BEFORE_EVENTS));
    let role = word(&[about.id, "role", about.roles[usize::from(facts.card.role)].id]);
    let title = match facts.condition {
        Condition::Down => say("panel-node-down", &[("node", node.to_string().into())]),
        Condition::Up | Condition::Paused => {
            say("panel-node", &[("node", node.to_string().into()), ("role", role.into())])
        }
    };
    NodePanel {
        node,
        title,
        fields: fields(about, &facts.card, before.as_ref()),
        actions: node_actions(about, node, &facts),
        last_event: last_event(play, moment, node),
    }
}

fn fields(about: &About, card: &Card, before: Option<&Card>) -> Vec<FieldRow> {
    let row = |field: &Field| {
        let same = |old: &&Field| old.id == field.id && old.of == field.of;
        let old = before.map(|card| card.fields.iter().find(same));
        FieldRow {
            label: label(about, field.id, field.of),
            value: value(about, field.value),
            place: field.place,
            changed: old.is_some_and(|old| old.is_none_or(|old| old.value != field.value)),
        }
    };
    card.fields.iter().map(row).collect()
}

/// The last event that happened at the node.
fn last_event(play: &Play, moment: Moment, node: NodeId) -> Option<u32> {
    let first = moment.events.saturating_sub(2_000);
    let at_node =
        |event: &u32| play.run.log().get(*event).is_some_and(|record| record.node == node.0);
    (first..moment.events).rev().find(at_node)
}

fn node_actions(about: &About, node: NodeId, facts: &NodeFacts) -> Vec<Action> {
    let action = |id: &str, input: Input| Action { label: plain(id), input };
    if facts.condition == Condition::Down {
        return vec![
            action("action-restart", Input::Restart { node }),
            action("action-lose-disk", Input::LoseDisk { node }),
        ];
    }
    let mut actions = vec![
        action("action-crash", Input::Crash { node }),
        action("action-request", Input::Request { node, request: None }),
    ];
    if facts.condition == Condition::Paused {
        actions.insert(1, action("action-resume", Input::Resume { node }));
        return actions;
    }
    actions.push(action("action-pause", Input::Pause { node }));
    // Also those that are not drawn: every timer that is set can run out.
    for timer in &facts.timers {
        let kind = &about.timers[usize::from(timer.kind)];
        let name = named(word(&[about.id, "timer", kind.id]), timer.about);
        let input = Input::Fire { node, timer: kind.id.to_owned(), about: timer.about };
        let label = say("action-fire", &[("timer", name.into())]);
        actions.push(Action { label, input });
    }
    let clock = |rate_ppm| Input::Clock { node, rate_ppm };
    if facts.rate_ppm == TRUE_PPM {
        actions.push(action("action-clock-fast", clock(FAST_PPM)));
        actions.push(action("action-clock-slow", clock(SLOW_PPM)));
    } else {
        actions.push(action("action-clock-true", clock(TRUE_PPM)));
    }
    actions
}

pub(crate) fn message(
    about: &About,
    play: &Play,
    moment: Moment,
    name: &MessageName,
) -> Option<MessagePanel> {
    let (facts, card) = play.message(name)?;
    let title = say(
        "panel-message",
        &[
            ("message", message_word(about, &facts).into()),
            ("from", name.from.to_string().into()),
            ("to", name.to.to_string().into()),
        ],
    );
    let row = |(id, field): &(&'static str, faultline_kernel::Value)| FieldRow {
        label: label(about, id, None),
        value: value(about, *field),
        place: Place::Memory,
        changed: false,
    };
    let action = |id: &str, input: Input| Action { label: plain(id), input };
    let message = *name;
    let mut actions = vec![
        action("action-deliver", Input::Deliver { message }),
        action("action-drop", Input::Drop { message }),
        action("action-delay", Input::Delay { message, by_us: 50_000 }),
    ];
    if !name.copy && !is_held(&facts, play.network(), moment.time) {
        actions.push(action("action-duplicate", Input::Duplicate { message }));
    }
    Some(MessagePanel {
        name: *name,
        title,
        fields: card.fields.iter().map(row).collect(),
        actions,
        sent_by: Some(facts.sent_by),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Session, library_scenario};

    #[test]
    fn every_timer_of_a_leader_can_be_made_to_run_out() {
        let scenario = library_scenario("raft", "first-leader").expect("it is there");
        let mut session = Session::open(scenario).expect("it opens");
        let leads = |session: &Session| {
            session.scene().nodes.iter().find(|node| node.role.id == "leader").map(|node| node.id)
        };
        while leads(&session).is_none() {
            session.apply(Command::NextMark).expect("there is one");
            while session.work(100_000) {}
        }
        let leader = leads(&session).expect("somebody leads");
        let panel = session.node_panel(leader).expect("the node is there");
        let fires = |action: &&Action| matches!(action.input, Input::Fire { .. });
        let fire = panel.actions.iter().find(fires).expect("its heartbeat is due some time");
        assert_eq!(fire.label, "Time out: heartbeat");
        let sent = session.scene().messages.len();
        session.apply(Command::Act(fire.input.clone())).expect("it is set");
        session.apply(Command::StepForward).expect("it runs out");
        assert!(session.scene().messages.len() > sent, "the leader speaks to everybody");
    }
}
