//! The rails of the timeline: the run one is in lies on the first, what went otherwise hangs below.

use crate::lab::{BranchRow, MarkKind, Time};
use crate::order::sorted;

/// One rail.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Rail {
    /// The rail it leaves; nothing for the first.
    pub(crate) from: Option<usize>,
    /// Where it begins.
    pub(crate) start: Time,
    /// Where it ends.
    pub(crate) end: Time,
    /// What happened on it.
    pub(crate) marks: Vec<(MarkKind, Time)>,
    /// The branch a click on it leads to.
    pub(crate) branch: u32,
}

/// Lays the branches out: first the current one with all its past, then the others.
pub(crate) fn rails(rows: &[BranchRow]) -> Vec<Rail> {
    let Some(current) = rows.iter().position(|row| row.current) else { return vec![] };
    let path = path(rows, current);
    let marks: Vec<(MarkKind, Time)> =
        path.iter().flat_map(|&(at, until)| marks(&rows[at], Time::ZERO, until)).collect();
    let marks = in_time(&marks);
    let (branch, end) = (rows[current].id, rows[current].end.time);
    let mut rails = vec![Rail { from: None, start: Time::ZERO, end, marks, branch }];
    for (at, row) in rows.iter().enumerate() {
        let on_path = path.iter().find(|(known, _)| *known == at);
        let start = match (on_path, row.leaves) {
            // What the path left behind of this branch.
            (Some((_, until)), _) if *until < row.end.time => *until,
            (None, Some((_, leaves))) => leaves,
            (Some(_), _) | (None, None) => continue,
        };
        let from = match (on_path, row.leaves) {
            (None, Some((parent, leaves))) => home(&rails, rows, &path, parent, leaves),
            (Some(_), _) | (None, None) => 0,
        };
        rails.push(Rail {
            from: Some(from),
            start,
            end: row.end.time,
            // What a branch and its parent share at the parting is shown once, on the first rail.
            marks: marks_after(row, if on_path.is_some() { Time(start.0 + 1) } else { start }),
            branch: row.id,
        });
    }
    rails
}

/// The current branch and its ancestors, each with the time up to which it is shared.
fn path(rows: &[BranchRow], current: usize) -> Vec<(usize, Time)> {
    let mut path = vec![(current, Time(u64::MAX))];
    let mut at = current;
    while let Some((parent, leaves)) = rows[at].leaves {
        let Some(next) = rows.iter().position(|row| row.id == parent) else { break };
        // A child may leave its parent before the parent began: then the parent shares nothing.
        let until = path.last().map_or(leaves, |(_, until)| leaves.min(*until));
        path.push((next, until));
        at = next;
        if path.len() > rows.len() {
            break;
        }
    }
    path
}

/// The rail on which a branch's parent lies where the branch leaves it.
fn home(
    rails: &[Rail],
    rows: &[BranchRow],
    path: &[(usize, Time)],
    parent: u32,
    leaves: Time,
) -> usize {
    let shared = path.iter().any(|&(at, until)| rows[at].id == parent && leaves <= until);
    let own = rails.iter().skip(1).position(|rail| rail.branch == parent);
    if shared { 0 } else { own.map_or(0, |place| place + 1) }
}

fn marks(row: &BranchRow, after: Time, until: Time) -> Vec<(MarkKind, Time)> {
    let times = row.marks.iter().map(|mark| (mark.kind, mark.moment.time));
    times.filter(|(_, time)| *time >= after && *time <= until).collect()
}

fn marks_after(row: &BranchRow, start: Time) -> Vec<(MarkKind, Time)> {
    in_time(&marks(row, start, Time(u64::MAX)))
}

fn in_time(marks: &[(MarkKind, Time)]) -> Vec<(MarkKind, Time)> {
    sorted(marks, |(_, time)| [time.0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_lab::{Moment, TimelineMark};

    fn branch(id: u32, leaves: Option<(u32, u64)>, end: u64, marks: &[u64]) -> BranchRow {
        let moment = |time| Moment { events: 0, time: Time(time) };
        let mark = |&time: &u64| TimelineMark { kind: MarkKind::Act, moment: moment(time) };
        BranchRow {
            id,
            leaves: leaves.map(|(parent, time)| (parent, Time(time))),
            end: moment(end),
            marks: marks.iter().map(mark).collect(),
            current: false,
        }
    }

    #[test]
    fn the_current_branch_lies_on_the_first_rail_with_all_its_past() {
        let mut rows = vec![branch(0, None, 100, &[10, 60]), branch(1, Some((0, 50)), 90, &[50])];
        rows[1].current = true;
        let rails = rails(&rows);
        let times = |rail: &Rail| rail.marks.iter().map(|(_, time)| time.0).collect::<Vec<_>>();
        assert_eq!((rails[0].branch, rails[0].end.0, times(&rails[0])), (1, 90, vec![10, 50]));
        assert_eq!((rails[1].branch, rails[1].start.0, times(&rails[1])), (0, 50, vec![60]));
        assert_eq!(rails[1].from, Some(0));
    }

    #[test]
    fn a_branch_of_a_branch_hangs_below_its_parent() {
        let mut rows = vec![
            branch(0, None, 100, &[]),
            branch(1, Some((0, 50)), 90, &[]),
            branch(2, Some((1, 70)), 95, &[]),
        ];
        rows[0].current = true;
        let rails = rails(&rows);
        let from: Vec<_> = rails.iter().map(|rail| rail.from).collect();
        assert_eq!(from, [None, Some(0), Some(1)]);
    }
}
