//! The counts of a swarm as rows: for a terminal, for other programs, for goldens.

use super::Headcount;
use crate::swarm_time::SwarmTime;
use crate::words::{plain, word};
use faultline_kernel::Time;
use faultline_sim::swarm::Slice;
use serde::Serialize;
use std::collections::BTreeMap;

/// The narrowest column: it holds a million.
const NARROW: usize = 9;

/// A slice, for other programs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SliceRow {
    /// Its number, from 0; a cycle's own.
    pub slice: u32,
    /// When it is counted, in microseconds.
    pub time_us: Time,
    /// Messages that nodes sent.
    pub sends: u32,
    /// Messages that the network doubled.
    pub copies: u32,
    /// Messages that arrived.
    pub deliveries: u32,
    /// Messages that were lost.
    pub losses: u32,
    /// Timers that ran out.
    pub timers: u32,
    /// How many nodes play each role when it ends.
    pub roles: BTreeMap<&'static str, u32>,
    /// How many are down.
    pub down: u32,
}

impl Headcount {
    /// A slice that is counted, as data.
    #[must_use]
    pub fn row(&self, number: u32) -> Option<SliceRow> {
        let slice = self.slices().get(number as usize)?;
        let Slice { sends, copies, deliveries, losses, timers, .. } = *slice;
        let ids = self.about().roles.iter().map(|role| role.id);
        Some(SliceRow {
            slice: number,
            time_us: self.time_of(number),
            sends,
            copies,
            deliveries,
            losses,
            timers,
            roles: ids.zip(slice.roles).collect(),
            down: self.down(slice),
        })
    }

    /// The line above a table of slices.
    #[must_use]
    pub fn heading(&self) -> String {
        line(self.columns().into_iter().map(|name| (name.chars().count(), name)))
    }

    /// A slice that is counted, as a line of that table.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<String> {
        let slice = self.slices().get(number as usize)?;
        let first = match self.time() {
            SwarmTime::Cycles => number.to_string(),
            SwarmTime::Timed => self.time_of(number).to_string(),
        };
        let roles = slice.roles.iter().take(self.about().roles.len());
        let counts = [slice.sends, slice.deliveries, slice.losses].into_iter();
        let counts = counts.chain(roles.copied()).chain([self.down(slice)]);
        let cells = std::iter::once(first).chain(counts.map(|count| count.to_string()));
        let widths = self.columns().into_iter().map(|name| name.chars().count());
        Some(line(widths.zip(cells)))
    }

    /// All of it: a golden, and what a terminal shows.
    #[must_use]
    pub fn table(&self) -> String {
        let lines = (0..self.played()).filter_map(|number| self.line(number));
        std::iter::once(self.heading()).chain(lines).collect()
    }

    fn columns(&self) -> Vec<String> {
        let first = match self.time() {
            SwarmTime::Cycles => "crowd-cycle",
            SwarmTime::Timed => "crowd-until",
        };
        let ids = [first, "crowd-sent", "crowd-arrived", "crowd-lost"].map(plain);
        let about = self.about();
        let roles = about.roles.iter().map(|role| word(&[about.id, "role", role.id]));
        ids.into_iter().chain(roles).chain([plain("crowd-down")]).collect()
    }
}

/// Cells one beside the other, each in its column and at its right end.
fn line(cells: impl Iterator<Item = (usize, String)>) -> String {
    let cells = cells.map(|(width, cell)| format!("{cell:>width$}", width = width.max(NARROW)));
    cells.collect::<Vec<_>>().join("  ") + "\n"
}
