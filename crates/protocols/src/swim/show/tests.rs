//! What can be seen.

use super::*;
use crate::swim::testing::{Stub, founder, suspicion};
use crate::swim::{Config, Rumour, probe, spread};
use faultline_kernel::{Knobs, Place};

fn look(node: &Node) -> Card {
    card(Some(node), &Disk { life: 1 }, &Member::equal(0, "member"))
}

fn strip_of(card: &Card) -> alloc::string::String {
    let cell = |cell: &Cell| {
        let state = if cell.state == CellState::Firm { "" } else { "?" };
        alloc::format!("{}{state}", cell.text)
    };
    card.strip.iter().map(cell).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_list_of_members_shows_who_is_suspected_and_who_is_gone() {
    let mut cx = Stub::new(0, &[]);
    let mut node = founder(&mut cx);
    assert_eq!((look(&node).role, strip_of(&look(&node)).as_str()), (MEMBER, "n1 n2 n3 n4 n5"));
    spread::hear(&mut node, NodeId(1), suspicion(2, 0, 1), &mut cx);
    node.set(NodeId(0), NodeId(4), Opinion::alive(1, 0).dead());
    let card = look(&node);
    assert_eq!((card.role, strip_of(&card).as_str()), (SUSPICIOUS, "n1 n2 n3? n4"));
    let marks = [("suspects", Some(NodeId(2))), ("thinks-dead", Some(NodeId(4)))];
    assert!(card.marks.iter().map(|mark| (mark.id, mark.about)).eq(marks));
}

#[test]
fn in_a_large_group_only_who_is_suspected_is_drawn() {
    let mut cx = Stub::new(0, &[("members", 200)]);
    let mut node = founder(&mut cx);
    assert_eq!(strip_of(&look(&node)), "");
    (2..100).for_each(|about| {
        spread::hear(&mut node, NodeId(1), suspicion(about, 0, 1), &mut cx);
    });
    let card = look(&node);
    assert_eq!((card.strip.len(), card.marks.len()), (CELLS_MAX, MARKS_MAX));
    assert!(card.fields.len() < 20);
}

#[test]
fn who_was_asked_for_help_is_counted() {
    let mut cx = Stub::new(0, &[]);
    let mut node = founder(&mut cx);
    probe::on_period(&mut node, &mut cx);
    assert_eq!(look(&node).tally, None);
    probe::on_ping_timeout(&mut node, &mut cx);
    assert_eq!(look(&node).tally.map(|tally| (tally.of, tally.enough)), Some((2, 1)));
}

#[test]
fn who_is_alone_outside_or_down_looks_like_it() {
    let outside = Node::new(5, NodeId(0), Opinion::UNKNOWN);
    assert_eq!((look(&outside).role, look(&outside).badge), (OUTSIDE, None));
    assert_eq!(strip_of(&look(&outside)), "");
    let alone = Node::new(5, NodeId(0), Opinion::alive(2, 1));
    assert_eq!((look(&alone).role, look(&alone).badge), (ALONE, Some(Badge { number: 1 })));
    let down = card(None, &Disk { life: 3 }, &Member::equal(0, "member"));
    assert!(down.fields.iter().all(|field| field.place == Place::Disk));
}

#[test]
fn every_id_has_its_words() {
    let words = include_str!("../en.ftl");
    let has = |kind: &str, id: &str| {
        let key = alloc::format!("swim-{kind}-{id} = ");
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
    ["suspects", "thinks-dead"].iter().for_each(|mark| has("mark", mark));
    ["unknown", "alive", "suspect", "dead", "left"].iter().for_each(|word| has("word", word));
    let node = founder(&mut Stub::new(0, &[]));
    look(&node).fields.iter().for_each(|field| has("field", field.id));
    let (number, target) = (1, NodeId(2));
    let rumours: Vec<Rumour> = [suspicion(2, 0, 1)].into();
    for says in [
        Says::Ping { number, origin: None },
        Says::PingReq { number, target },
        Says::Ack { number, target, origin: None },
        Says::Nack { number },
    ] {
        let said = Message { says, own: Opinion::alive(1, 0), rumours: rumours.clone() };
        message(&said).fields.iter().for_each(|(id, _)| has("field", id));
    }
}
