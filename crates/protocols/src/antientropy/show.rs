//! How the room looks: cards of sites and messages. Its tables are in `about.rs`.

use super::item::{Item, Key, Store};
use super::node::{Disk, Node, Request};
use super::{Config, Message};
use alloc::vec;
use alloc::vec::Vec;
use faultline_kernel::{Card, Cell, CellState, Field, Label, Member, MessageCard, Value};

pub(super) use super::about::*;

/// How many cells stand under a site, and how many keys have a line of their own.
const CELLS: usize = 8;
const NAMED: [&str; 4] = ["a", "b", "c", "d"];

/// A site; when it is down, what its disk has.
pub(super) fn card(_: &Config, node: Option<&Node>, disk: &Disk, _: &Member) -> Card {
    let items = node.map_or(&disk.items, |node| &node.items);
    let durable = |key: &Key, item: &Item| disk.items.get(key) == Some(item);
    let cell = |(key, item): (&Key, &Item)| Cell {
        hue: u64::from(item.stamp.by.0) + 1,
        text: text(item),
        state: if durable(key, item) { CellState::Firm } else { CellState::Open },
    };
    let before = items.len().saturating_sub(CELLS);
    Card {
        role: role(items),
        strip: items.iter().skip(before).map(cell).collect(),
        strip_before: before as u64,
        fields: fields(node, items),
        ..Card::default()
    }
}

/// By the newest version that it has.
fn role(items: &Store) -> u8 {
    match items.values().max_by_key(|item| item.stamp) {
        None => EMPTY,
        Some(item) if item.is_certificate() => BURIED,
        Some(_) => HOLDS,
    }
}

/// A value, or a cross for its grave.
fn text(item: &Item) -> Label {
    item.value.map_or(Label::new("†"), |value| value.label())
}

fn fields(node: Option<&Node>, items: &Store) -> Vec<Field> {
    let count = |items: &Store| items.len() as u64;
    let named = NAMED.iter().zip((0..).map(Key));
    let mut fields: Vec<Field> =
        named.map(|(id, key)| Field::disk(id, items.get(&key).map(text))).collect();
    fields.extend([
        Field::disk("items", count(items)),
        Field::memory("asleep", node.map(|node| count(&node.asleep))),
        Field::memory("sent", node.map(|node| node.sent)),
    ]);
    fields
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    MessageCard {
        fields: vec![("entries", message.entries().into()), ("bytes", message.bytes().into())],
    }
}

/// A request, such as `a=red`.
pub(super) fn request(request: &Request) -> Value {
    Value::Label(match request {
        Request::Put { put, value } => {
            Label::format(format_args!("{put}={}", value.label().as_str()))
        }
        Request::Delete { delete } => Label::format(format_args!("{delete}=†")),
    })
}
