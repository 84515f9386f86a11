//! What can be seen.

use super::*;
use crate::multipaxos::testing::{Stub, follower, leader, put, vote};
use crate::multipaxos::{prepare, propose, request};
use alloc::rc::Rc;
use faultline_kernel::{Knobs, NodeId, Place, RequestId};

fn look(node: &Node) -> Card {
    card(&Stub::new(0).config, Some(node), &Disk::default())
}

fn strip_of(card: &Card) -> alloc::string::String {
    let cell = |cell: &Cell| {
        let state = if cell.state == CellState::Firm { '!' } else { '?' };
        alloc::format!("{} {}{state}", cell.hue, cell.text)
    };
    card.strip.iter().map(cell).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_strip_shows_what_is_chosen_what_is_open_and_the_holes() {
    let mut node = follower(4, &[1, 0, 3]);
    node.log.choose(1, &[vote(1, 1)]);
    let card = look(&node);
    assert_eq!(strip_of(&card), "1 x=1!, 0 hole?, 3 x=3?");
    assert_eq!((card.role, card.badge), (0, Some(Badge { number: 4 })));
    let slots: Vec<Vote> = (2..=12).map(|value| vote(2, value)).collect();
    node.log.choose(2, &slots);
    let card = look(&node);
    assert_eq!((card.strip.len(), card.strip_before), (8, 4));
    assert_eq!(whole(Some(&node), &Disk::default()).len(), 12);
    node.log.collect(11);
    let card = look(&node);
    assert_eq!((strip_of(&card).as_str(), card.strip_before), ("2 x=12!", 11));
}

#[test]
fn a_leader_counts_acceptances_and_sees_a_choice_beyond_a_hole() {
    let mut cx = Stub::new(0);
    let mut node = leader();
    for id in 1..=2 {
        request::on_request(&mut node, RequestId(id), put(id), &mut cx);
    }
    propose::on_accepted(&mut node, NodeId(1), Ballot(4), 2, &mut cx);
    let card = look(&node);
    let tally = Tally { yes: [NodeId(0)].into(), no: Vec::new(), of: 3, enough: 2 };
    assert_eq!((card.role, card.tally), (3, Some(tally)));
    assert_eq!(strip_of(&look(&node)), "4 x=1?, 4 x=2!");
}

#[test]
fn a_candidate_counts_promises() {
    let mut cx = Stub::new(1);
    cx.config.phase1.enough = 3;
    let mut node = follower(4, &[]);
    prepare::begin(&mut node, &mut cx);
    prepare::on_promise(&mut node, NodeId(2), Ballot(5), (0, &[]), &mut cx);
    let tally = look(&node).tally.map(|tally| tally.yes);
    assert_eq!((look(&node).role, tally), (2, Some([NodeId(1), NodeId(2)].into())));
}

#[test]
fn a_server_that_is_down_shows_its_disk() {
    let mut disk = Disk { promised: Ballot(5), ..Disk::default() };
    disk.log.accept(1, vote(3, 7));
    let card = card(&Stub::new(0).config, None, &disk);
    assert_eq!((strip_of(&card).as_str(), card.badge), ("3 x=7?", Some(Badge { number: 5 })));
    assert!(card.fields.iter().all(|field| field.place == Place::Disk));
}

#[test]
fn every_id_has_its_words() {
    let words = include_str!("../en.ftl");
    let has = |kind: &str, id: &str| {
        let key = alloc::format!("multipaxos-{kind}-{id} = ");
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
    ["behind", "outbid-by"].iter().for_each(|mark| has("mark", mark));
    has("class", "server");
    let mut node = leader();
    node.granted = Some((None, Time::ZERO));
    node.leading_mut().expect("it leads").granted[1] = Some(Time::ZERO);
    look(&node).fields.iter().for_each(|field| has("field", field.id));
    let ballot = Ballot(1);
    for said in [
        Message::Promise { ballot, chosen: 0, votes: Rc::from([(1, vote(1, 1))]) },
        Message::Refused { ballot, promised: ballot },
        Message::Snapshot { upto: 1, store: Rc::default() },
    ] {
        message(&said).fields.iter().for_each(|(id, _)| has("field", id));
    }
}
