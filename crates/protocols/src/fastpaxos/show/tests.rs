//! What can be seen.

use super::*;
use crate::fastpaxos::testing::{Stub, decree, started, vote};
use crate::fastpaxos::{FastPaxos, collision, learn, round, vote as acceptor};
use faultline_kernel::{Knobs, Place, Protocol};

fn look(node: &Node, place: usize) -> Card {
    let config = Stub::new(0).config;
    let member = FastPaxos::members(&config).swap_remove(place);
    card(&config, Some(node), &Disk::default(), &member)
}

#[test]
fn an_open_round_is_crowned_and_shows_both_sides() {
    let mut cx = Stub::new(0);
    let mut node = started(&Disk::default(), &mut cx);
    assert_eq!(look(&node, 0).role, PREPARING);
    for from in 3..6 {
        round::on_promise(&mut node, NodeId(from), Ballot(1), None, &mut cx);
    }
    for (from, value) in [(3, "red"), (4, "blue"), (5, "red")] {
        collision::on_accepted(&mut node, NodeId(from), vote(1, value), &mut cx);
    }
    let tally =
        Tally { yes: [NodeId(3), NodeId(5)].into(), no: [NodeId(4)].into(), of: 5, enough: 4 };
    assert_eq!((look(&node, 0).role, look(&node, 0).tally), (FAST, Some(tally)));
}

#[test]
fn an_acceptor_shows_that_it_may_accept_any_value_and_then_what_it_accepted() {
    let mut cx = Stub::new(3);
    let mut node = started(&Disk::default(), &mut cx);
    acceptor::on_any(&mut node, NodeId(0), Ballot(1), &mut cx);
    assert_eq!(look(&node, 3).marks[0].id, "any");
    acceptor::on_propose(&mut node, decree("red"), &mut cx);
    let card = look(&node, 3);
    assert_eq!((card.marks.len(), card.strip[0].text.as_str()), (0, "red"));
    assert_eq!(card.badge, Some(Badge { number: 1 }));
}

#[test]
fn a_learner_counts_until_the_choice_is_firm() {
    let mut cx = Stub::new(8);
    let mut node = started(&Disk::default(), &mut cx);
    for from in 3..6 {
        learn::on_accepted(&mut node, NodeId(from), vote(1, "red"), &mut cx);
    }
    assert_eq!(look(&node, 8).tally.map(|tally| tally.yes.len()), Some(3));
    assert_eq!(look(&node, 8).strip[0].state, CellState::Open);
    learn::on_accepted(&mut node, NodeId(6), vote(1, "red"), &mut cx);
    assert_eq!(look(&node, 8).strip[0].state, CellState::Firm);
}

#[test]
fn a_node_that_is_down_shows_its_role_and_its_disk() {
    let config = Stub::new(0).config;
    let disk = Disk { promised: Ballot(2), accepted: Some(vote(1, "red")), ..Disk::default() };
    let member = FastPaxos::members(&config).swap_remove(3);
    let card = card(&config, None, &disk, &member);
    assert_eq!((card.role, card.strip.len()), (ACCEPTOR, 1));
    assert!(card.fields.iter().all(|field| field.place == Place::Disk));
}

#[test]
fn every_id_has_its_words() {
    let words = include_str!("../en.ftl");
    let has = |kind: &str, id: &str| {
        let key = alloc::format!("fastpaxos-{kind}-{id} = ");
        assert!(words.lines().any(|line| line.starts_with(&key)), "{key}");
    };
    ABOUT.roles.iter().for_each(|role| has("role", role.id));
    ABOUT.messages.iter().for_each(|message| has("message", message.id));
    ABOUT.timers.iter().for_each(|timer| has("timer", timer.id));
    ABOUT.notes.iter().for_each(|note| has("note", note.id));
    ABOUT.answers.iter().for_each(|answer| has("answer", answer.id));
    for property in ABOUT.properties {
        has("property", property.id);
        has("property", &alloc::format!("{}-says", property.id));
    }
    for knob in Config::KNOBS {
        has("knob", knob.id);
        let known = |name| ABOUT.properties.iter().any(|property| property.id == name);
        assert!(knob.breaks.is_none_or(known), "{}", knob.id);
    }
    ["chosen", "outbid-by", "any"].iter().for_each(|mark| has("mark", mark));
    for place in 0..9_u32 {
        let node = started(&Disk::default(), &mut Stub::new(place));
        look(&node, place as usize).fields.iter().for_each(|field| has("field", field.id));
    }
    let round = Ballot(1);
    for said in [
        Message::Promise { round, accepted: None },
        Message::Refused { round, promised: round },
        Message::Accept(vote(1, "red")),
    ] {
        message(&said).fields.iter().for_each(|(id, _)| has("field", id));
    }
}
