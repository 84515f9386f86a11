//! How the room looks: the cards of sites. Its tables are in `about.rs`.

use super::Config;
use super::node::{Disk, Node, State};
use alloc::vec;
use alloc::vec::Vec;
use faultline_kernel::{Badge, Card, Cell, CellState, Field, Label, Value};

pub(super) use super::about::*;

/// A site; when it is down, what its disk has.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk) -> Card {
    let state = node.map_or(written(disk), |node| node.state());
    let counts = node.filter(|node| node.is_infective() && !config.coin);
    Card {
        role: state as u8,
        badge: counts.map(|node| Badge { number: u64::from(node.count()) }),
        strip: strip(state, disk),
        fields: vec![
            Field::memory("useless", counts.map(|node| node.count())),
            Field::disk("knows", Value::Word(if disk.knows { "yes" } else { "no" })),
        ],
        ..Card::default()
    }
}

/// The state in which a site with this disk starts.
fn written(disk: &Disk) -> State {
    if disk.knows { State::Removed } else { State::Susceptible }
}

/// One cell for the rumour, firm when it is on disk.
fn strip(state: State, disk: &Disk) -> Vec<Cell> {
    let firm = if disk.knows { CellState::Firm } else { CellState::Open };
    let cell = Cell { hue: 1, text: Label::new("knows"), state: firm };
    (state != State::Susceptible).then_some(cell).into_iter().collect()
}
