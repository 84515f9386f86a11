//! What happened in runs of Raft, counted from their logs.

use faultline_kernel::{NodeId, Note, Time, Value};
use faultline_lab::{Input, Recording, Scenario};
use faultline_sim::{EventKind, Record};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The counts, over one run or many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) seeds: u64,
    pub(crate) events: u64,
    /// Servers that stood for election.
    pub(crate) elections: u64,
    /// Elections won by another server than the one before.
    pub(crate) leader_changes: u64,
    /// Runs in which at least two servers led, one after the other.
    pub(crate) two_leaders: u64,
    /// Runs in which two servers led at once, each in a term of its own.
    pub(crate) two_at_once: u64,
    pub(crate) overwritten: u64,
    pub(crate) commits: u64,
    pub(crate) restarts: u64,
    pub(crate) refusals: u64,
    pub(crate) lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) reordered: u64,
    /// Virtual microseconds in which at least one link was cut.
    pub(crate) cut_us: u64,
}

impl Tally {
    /// Counts one run.
    pub(crate) fn of(scenario: &Scenario, recording: &Recording) -> Self {
        let mut reader = Reader::new(scenario, recording);
        recording.log().iter_from(0).for_each(|record| reader.read(record));
        reader.finish()
    }

    /// Takes the counts of other runs in.
    pub(crate) fn add(&mut self, other: &Self) {
        for ((_, count), (_, more)) in self.counts_mut().into_iter().zip(other.counts()) {
            *count += more;
        }
    }

    /// What was never seen, though it should have been.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        self.counts().into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name).collect()
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        self.clone().counts_mut().into_iter().map(|(name, count)| (name, *count)).collect()
    }

    fn counts_mut(&mut self) -> [(&'static str, &mut u64); 14] {
        [
            ("seeds", &mut self.seeds),
            ("events", &mut self.events),
            ("elections", &mut self.elections),
            ("leader changes", &mut self.leader_changes),
            ("seeds with two leaders", &mut self.two_leaders),
            ("seeds with two at once", &mut self.two_at_once),
            ("overwritten entries", &mut self.overwritten),
            ("commits", &mut self.commits),
            ("restarts", &mut self.restarts),
            ("refusals", &mut self.refusals),
            ("messages lost", &mut self.lost),
            ("duplicated", &mut self.duplicated),
            ("reordered", &mut self.reordered),
            ("µs cut", &mut self.cut_us),
        ]
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<String> = self
            .counts()
            .into_iter()
            .map(|(name, count)| match name {
                "µs cut" => format!("{}.{} s cut", count / 1_000_000, count / 100_000 % 10),
                _ => format!("{count} {name}"),
            })
            .collect();
        f.write_str(&said.join(", "))
    }
}

/// Reads a log from its beginning.
struct Reader<'a> {
    scenario: &'a Scenario,
    recording: &'a Recording,
    tally: Tally,
    booted: BTreeSet<NodeId>,
    leads_now: BTreeSet<NodeId>,
    ever_led: BTreeSet<NodeId>,
    last_leader: Option<NodeId>,
    at_once: bool,
    /// The latest sending that arrived, for each sender and receiver.
    newest: BTreeMap<(u32, u32), u32>,
    cuts: Cuts,
}

/// Which links are cut, and since when.
#[derive(Default)]
struct Cuts {
    line: bool,
    links: BTreeSet<(NodeId, NodeId)>,
    since: Option<Time>,
}

impl<'a> Reader<'a> {
    fn new(scenario: &'a Scenario, recording: &'a Recording) -> Self {
        let tally = Tally { seeds: 1, events: recording.log().len().into(), ..Tally::default() };
        Self {
            scenario,
            recording,
            tally,
            booted: BTreeSet::new(),
            leads_now: BTreeSet::new(),
            ever_led: BTreeSet::new(),
            last_leader: None,
            at_once: false,
            newest: BTreeMap::new(),
            cuts: Cuts::default(),
        }
    }

    fn read(&mut self, record: &Record) {
        match record.kind() {
            EventKind::Boot => {
                let again = !self.booted.insert(NodeId(record.node));
                self.tally.restarts += u64::from(again);
            }
            EventKind::Note => self.note(record),
            EventKind::Lost => self.tally.lost += 1,
            EventKind::Duplicate => self.tally.duplicated += 1,
            EventKind::Deliver => self.deliver(record),
            EventKind::Input => self.input(record),
            _ => {}
        }
    }

    fn note(&mut self, record: &Record) {
        let id = self.recording.about().notes[usize::from(record.which())].id;
        let note = self.recording.log().note(record).expect("a remark has a note");
        let node = NodeId(record.node);
        match id {
            "stands" | "stands-again" => self.tally.elections += 1,
            "leads" => self.leads(node),
            "steps-down" => {
                self.leads_now.remove(&node);
            }
            "overwrites" => self.tally.overwritten += number(note, 1),
            "commits" => self.tally.commits += number(note, 1),
            "rejects-old-term" => self.tally.refusals += 1,
            id if id.starts_with("refuses-") => self.tally.refusals += 1,
            _ => {}
        }
    }

    fn leads(&mut self, node: NodeId) {
        let changed = self.last_leader.is_some_and(|last| last != node);
        self.tally.leader_changes += u64::from(changed);
        self.last_leader = Some(node);
        self.ever_led.insert(node);
        self.leads_now.insert(node);
        self.at_once |= self.leads_now.len() > 1;
    }

    /// Reordered is what arrives after something that the same node sent later.
    fn deliver(&mut self, record: &Record) {
        let cause = record.caused_by().expect("what arrives was sent");
        let sent = self.recording.log().get(cause).expect("a cause is in the log");
        if sent.kind() == EventKind::Send {
            let newest = self.newest.entry((record.other, record.node)).or_default();
            self.tally.reordered += u64::from(cause < *newest);
            *newest = cause.max(*newest);
        }
    }

    fn input(&mut self, record: &Record) {
        let Cuts { line, links, since } = &mut self.cuts;
        match &self.scenario.inputs[record.other as usize].input {
            Input::Crash { node } => {
                self.leads_now.remove(node);
            }
            // A line on one side of which nobody stands parts nobody; chaos may draw such a line.
            Input::Cut { groups } => {
                let nodes = self.booted.len();
                *line = groups.iter().any(|group| !group.is_empty() && group.len() < nodes);
            }
            Input::Heal => {
                *line = false;
                links.clear();
            }
            Input::CutLink { from, to, .. } => {
                links.insert((*from, *to));
            }
            Input::HealLink { from, to, .. } => {
                links.remove(&(*from, *to));
            }
            _ => {}
        }
        let cut = *line || !links.is_empty();
        match (*since, cut) {
            (None, true) => *since = Some(record.time),
            (Some(begin), false) => {
                self.tally.cut_us += record.time.since(begin).0;
                *since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    fn finish(self) -> Tally {
        Tally {
            two_leaders: u64::from(self.ever_led.len() > 1),
            two_at_once: u64::from(self.at_once),
            ..self.tally
        }
    }
}

fn number(note: &Note, place: usize) -> u64 {
    match note.args[place] {
        Value::Number(number) => number,
        _ => 0,
    }
}
