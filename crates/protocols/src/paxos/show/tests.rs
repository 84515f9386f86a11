//! What can be seen.

use super::*;
use crate::paxos::testing::{Stub, acceptor, decree, learner, proposer, vote};
use crate::paxos::{Config, learn, prepare};
use faultline_kernel::{Knobs, NodeId, Place, Protocol};

fn member(index: usize) -> Member {
    super::super::Paxos::members(&Stub::new(0).config).swap_remove(index)
}

fn strip_of(card: &Card) -> alloc::string::String {
    let cell = |cell: &Cell| {
        let state = if cell.state == CellState::Firm { '!' } else { '?' };
        alloc::format!("{} {}{state}", cell.hue, cell.text)
    };
    card.strip.iter().map(cell).collect::<Vec<_>>().join(", ")
}

#[test]
fn an_acceptor_shows_what_it_promised_and_accepted() {
    let disk = Disk { promised: Ballot(2), ..Disk::default() };
    let card = card(Some(&acceptor(4, Some(vote(3, "red")))), &disk, &member(2));
    assert_eq!(card.role, ACCEPTOR);
    assert_eq!(card.badge, Some(Badge { number: 4 }));
    assert_eq!(strip_of(&card), "3 red?");
    let promised = card.fields.iter().find(|field| field.id == "promised");
    let promised = promised.map(|field| (field.place, field.value));
    assert_eq!(promised, Some((Place::Disk, Value::Number(2))), "the disk is behind");
}

#[test]
fn a_proposer_counts_promises_and_shows_its_wish() {
    let mut cx = Stub::new(0);
    let mut node = proposer("blue");
    prepare::begin(&mut node, &mut cx);
    prepare::on_promise(&mut node, NodeId(3), Ballot(1), None, &mut cx);
    let card = card(Some(&node), &Disk::default(), &member(0));
    let tally = Tally { yes: [NodeId(3)].into(), no: Vec::new(), of: 3, enough: 2 };
    assert_eq!((card.role, card.tally), (PREPARING, Some(tally)));
}

#[test]
fn a_learner_counts_acceptances_until_the_choice_is_firm() {
    let mut cx = Stub::new(5);
    let mut node = learner();
    let look = |node: &Node| card(Some(node), &Disk::default(), &member(5));
    learn::on_accepted(&mut node, NodeId(4), vote(1, "blue"), &mut cx);
    let counting = look(&node);
    assert_eq!(counting.tally.as_ref().map(|tally| tally.yes.clone()), Some([NodeId(4)].into()));
    assert_eq!((strip_of(&counting).as_str(), counting.marks.len()), ("1 blue?", 0));
    learn::on_accepted(&mut node, NodeId(2), vote(1, "blue"), &mut cx);
    let knowing = look(&node);
    assert_eq!((strip_of(&knowing).as_str(), knowing.marks[0].id), ("1 blue!", "chosen"));
    assert_eq!(knowing.tally, None);
}

#[test]
fn a_node_that_is_down_shows_its_role_and_its_disk() {
    let disk = Disk { tried: Ballot::NONE, promised: Ballot(5), accepted: Some(vote(3, "red")) };
    let card = card(None, &disk, &member(4));
    assert_eq!((card.role, strip_of(&card).as_str()), (ACCEPTOR, "3 red?"));
    assert_eq!(card.badge, Some(Badge { number: 5 }));
    assert!(card.fields.iter().all(|field| field.place == Place::Disk));
}

#[test]
fn every_id_has_its_words() {
    let words = include_str!("../en.ftl");
    let has = |kind: &str, id: &str| {
        let key = alloc::format!("paxos-{kind}-{id} = ");
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
    ["chosen", "beaten-by"].iter().for_each(|mark| has("mark", mark));
    ["proposer", "acceptor", "learner", "node"].iter().for_each(|class| has("class", class));
    let mut cx = Stub::new(0);
    let mut preparing = proposer("blue");
    prepare::begin(&mut preparing, &mut cx);
    prepare::on_promise(&mut preparing, NodeId(3), Ballot(1), Some(vote(0, "red")), &mut cx);
    let mut hearing = learner();
    learn::on_accepted(&mut hearing, NodeId(2), vote(1, "red"), &mut Stub::new(5));
    for (node, index) in [(preparing, 0), (acceptor(1, None), 2), (hearing, 5)] {
        let card = card(Some(&node), &Disk::default(), &member(index));
        card.fields.iter().for_each(|field| has("field", field.id));
    }
    let ballot = Ballot(1);
    let accepted = Some(vote(1, "red"));
    for said in [
        Message::Promise { ballot, accepted },
        Message::PrepareRefused { ballot, promised: ballot },
        Message::Accept(Vote { ballot, value: decree("red") }),
    ] {
        message(&said).fields.iter().for_each(|(id, _)| has("field", id));
    }
}
