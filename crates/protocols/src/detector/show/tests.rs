//! What can be seen.

use super::*;
use crate::detector::watch;
use crate::testing::{Stub, defaults};
use faultline_kernel::Knobs;

fn look(node: Option<&Node>) -> Card {
    let config = Config { accrual: true, ..defaults() };
    card(&config, node, &Disk { life: 1 }, &Member::equal(0, "node"))
}

#[test]
fn a_node_shows_whom_it_trusts() {
    let mut node = watch::boot(&Disk::default(), &mut Stub::with(0, defaults()));
    let calm = look(Some(&node));
    assert_eq!((calm.role, calm.strip.len(), calm.marks.len()), (TRUSTING, 3, 0));
    node.peers[2].suspected = true;
    let card = look(Some(&node));
    let open: Vec<u64> = card
        .strip
        .iter()
        .filter(|cell| cell.state == CellState::Open)
        .map(|cell| cell.hue)
        .collect();
    assert_eq!((card.role, open), (SUSPICIOUS, [3].into()));
    assert_eq!(card.marks, [Mark { id: "suspects", about: Some(NodeId(2)) }]);
    assert_eq!(look(None).fields.len(), 1);
}

#[test]
fn every_id_has_its_words() {
    let words = include_str!("../en.ftl");
    let has = |kind: &str, id: &str| {
        let key = alloc::format!("detector-{kind}-{id} = ");
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
    ["trusted", "suspect"].iter().for_each(|word| has("word", word));
    has("mark", "suspects");
    let node = watch::boot(&Disk::default(), &mut Stub::with(0, defaults()));
    look(Some(&node)).fields.iter().for_each(|field| has("field", field.id));
    let said = message(Heartbeat::default());
    said.fields.iter().for_each(|(id, _)| has("field", id));
}
