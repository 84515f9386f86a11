//! How the room looks: cards of servers and messages. Its tables are in `about.rs`.

use super::catch_up;
use super::quorum::majority;
use super::{Command, Config, Configuration, Disk, Log, Machine, Message, Node, Role};
use alloc::vec::Vec;
use faultline_kernel::{
    Badge, Card, Cell, CellState, Field, Label, Mark, MessageCard, NodeId, Span, Tally, Time, Value,
};

pub(super) use super::about::*;

/// How many cells of the log are drawn.
const STRIP_MAX: u64 = 8;

/// A server; when it is down, what its disk has.
pub(super) fn card(config: &Config, node: Option<&Node>, disk: &Disk, me: NodeId) -> Card {
    let log = node.map_or(&disk.log, |node| &node.log);
    let commit_index = node.map_or(0, |node| node.commit_index);
    let term = node.map_or(disk.current_term, |node| node.current_term);
    let group = match node {
        Some(node) => node.configuration(),
        None => disk.configurations(config).last().map(|(_, group)| *group).unwrap_or_default(),
    };
    Card {
        role: role(node, group, me),
        badge: Some(Badge { number: term.into() }),
        tally: node.and_then(tally),
        strip: cells(log, commit_index, first_shown(log)),
        strip_before: first_shown(log) - 1,
        marks: marks(node, group, me),
        ties: None,
        fields: fields(node, disk, me),
    }
}

/// What it is by its own log: without a vote it is a learner, or outside.
fn role(node: Option<&Node>, group: Configuration, me: NodeId) -> u8 {
    let follows = node.is_none_or(|node| node.role == Role::Follower);
    match (follows, group.voting().contains(me), group.learners.contains(me)) {
        (true, false, true) => LEARNER,
        (true, false, false) => OUTSIDE,
        (_, _, _) => node.map_or(FOLLOWER, |node| node.role.kind()),
    }
}

/// Who comes and who goes while the group changes, and to whom the leadership goes.
fn marks(node: Option<&Node>, group: Configuration, me: NodeId) -> Vec<Mark> {
    let mark = |id| Mark { id, about: None };
    let voice = match (group.voters.contains(me), group.old.contains(me)) {
        (true, false) if group.is_joint() => Some(mark("joins")),
        (false, true) => Some(mark("leaves")),
        _ if group.learners.contains(me) => Some(mark("learns")),
        (false, false) => Some(mark("outside")),
        (true, _) => None,
    };
    let transfer = node.and_then(Node::leading).and_then(|leader| leader.transfer);
    let transfer = transfer.map(|transfer| Mark { id: "hands-over", about: Some(transfer.to) });
    let catch_up = node.and_then(Node::leading).and_then(|leader| leader.catching_up.as_ref());
    let newcomer = catch_up.and_then(|catch_up| catch_up.newcomers.iter().next());
    let newcomer = newcomer.map(|about| Mark { id: "catches-up", about: Some(about) });
    voice.into_iter().chain(transfer).chain(newcomer).collect()
}

fn tally(node: &Node) -> Option<Tally> {
    let Role::Candidate(candidate) = &node.role else {
        return None;
    };
    Some(Tally {
        yes: candidate.granted.iter().collect(),
        no: candidate.refused.iter().collect(),
        of: candidate.servers,
        enough: majority(candidate.servers),
    })
}

/// The whole log.
pub(super) fn whole(node: Option<&Node>, disk: &Disk) -> Vec<Cell> {
    let log = node.map_or(&disk.log, |node| &node.log);
    cells(log, node.map_or(0, |node| node.commit_index), log.before().index + 1)
}

fn first_shown(log: &Log) -> u64 {
    log.last_index().saturating_sub(STRIP_MAX).max(log.before().index) + 1
}

fn cells(log: &Log, commit_index: u64, first: u64) -> Vec<Cell> {
    let cell = |(index, entry): (u64, super::Entry)| Cell {
        hue: entry.term.into(),
        text: entry.label(),
        state: match index <= commit_index {
            true => CellState::Firm,
            false => CellState::Open,
        },
    };
    (first..).zip(log.iter_from(first)).map(cell).collect()
}

fn fields(node: Option<&Node>, disk: &Disk, me: NodeId) -> Vec<Field> {
    let mut fields = Vec::new();
    fields.push(Field::disk("current-term", disk.current_term));
    fields.push(Field::disk("voted-for", disk.voted_for));
    fields.push(Field::disk("log-length", disk.log.last_index()));
    if disk.snapshot.is_some() {
        fields.push(Field::disk("snapshot-index", disk.log.before().index));
    }
    let Some(node) = node else { return fields };
    fields.push(Field::memory("commit-index", node.commit_index));
    fields.push(Field::memory("last-applied", node.last_applied));
    fields.push(Field::memory("leader", node.leader));
    let group = Command::Configure(node.configuration().into());
    fields.push(Field::memory("group", group.label()));
    if let Some(partial) = &node.partial {
        fields.push(Field::memory("partial-index", partial.last.index));
        fields.push(Field::memory("partial-stored", partial.stored()));
    }
    machine_fields(&node.machine, &mut fields);
    let Some(leader) = node.leading() else {
        return fields;
    };
    if leader.reads.asked + leader.reads.count > 0 {
        fields.push(Field::memory("reads-waiting", leader.reads.asked_still()));
        fields.push(Field::memory("reads-served", leader.reads.count));
    }
    if leader.contact.lease_until > Time::ZERO {
        fields.push(Field::memory("lease-until", Span(leader.contact.lease_until.0)));
    }
    if let Some(catch_up) = &leader.catching_up {
        fields.push(Field::memory("catch-up", catch_up.label()));
    }
    let everybody = catch_up::audience(node);
    for (peer, id) in leader.peers.iter().zip((0..).map(NodeId)) {
        if id != me && everybody.contains(id) {
            fields.push(Field::memory("next-index", peer.next_index).about(id));
            fields.push(Field::memory("match-index", peer.match_index).about(id));
            if peer.stored > 0 && peer.sends > 0 {
                fields.push(Field::memory("records-stored", peer.stored).about(id));
            }
        }
    }
    fields
}

/// What the state machine holds, once there is anything to say of it.
fn machine_fields(machine: &Machine, fields: &mut Vec<Field>) {
    if machine.changes > 0 {
        fields.push(Field::memory("changes", machine.changes));
    }
    for (key, value) in &machine.variables {
        let label = Label::format(format_args!("{key}={value}"));
        fields.push(Field::memory("variable", label));
    }
    for (client, session) in &machine.sessions {
        let label = Label::format(format_args!("{client} #{}", session.sequence));
        fields.push(Field::memory("session", label));
    }
}

/// A message.
pub(super) fn message(message: &Message) -> MessageCard {
    let mut fields: Vec<(&'static str, Value)> = Vec::new();
    fields.push(("term", message.term().into()));
    match message {
        Message::RequestVote { last_log_index, last_log_term, .. }
        | Message::PreVote { last_log_index, last_log_term, .. } => {
            fields.push(("last-log-index", (*last_log_index).into()));
            fields.push(("last-log-term", (*last_log_term).into()));
        }
        Message::Vote { .. } | Message::PreVoteAnswer { .. } | Message::TimeoutNow { .. } => {}
        Message::InstallSnapshot { chunk, .. } => {
            fields.push(("snapshot-index", chunk.last.index.into()));
            fields.push(("snapshot-term", chunk.last.term.into()));
            if !chunk.is_whole() {
                fields.push(("offset", chunk.offset.into()));
                let records = chunk.records.iter();
                fields.extend(records.map(|record| ("record", record.label().into())));
            }
        }
        Message::SnapshotStored { index, offset, stored, .. } => {
            fields.push(("snapshot-index", (*index).into()));
            fields.push(("offset", (*offset).into()));
            fields.push(("records-there", (*stored).into()));
        }
        Message::AppendEntries {
            prev_log_index, prev_log_term, entries, leader_commit, ..
        } => {
            fields.push(("prev-log-index", (*prev_log_index).into()));
            fields.push(("prev-log-term", (*prev_log_term).into()));
            fields.push(("entries", entries.count().into()));
            for entry in entries.as_slice() {
                fields.push(("entry", entry.label().into()));
            }
            fields.push(("leader-commit", (*leader_commit).into()));
        }
        Message::AppendAccepted { match_index, .. } => {
            fields.push(("match-index", (*match_index).into()));
        }
        Message::AppendRefused { prev_log_index, conflict, .. } => {
            fields.push(("prev-log-index", (*prev_log_index).into()));
            fields.push(("conflict-term", conflict.term.into()));
            fields.push(("conflict-index", conflict.index.into()));
        }
    }
    MessageCard { fields }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Stub, follower, leader};
    use super::*;

    fn config() -> Config {
        Stub::new(0, 3).config
    }

    fn strip_of(card: &Card) -> alloc::string::String {
        let mark = |cell: &Cell| {
            if cell.state == CellState::Firm { '!' } else { '?' }
        };
        let cells = card.strip.iter().map(|cell| alloc::format!("{}{}", cell.hue, mark(cell)));
        cells.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_strip_ends_with_the_log_and_firm_cells_are_committed() {
        let mut node = follower(3, &[1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
        node.commit_index = 8;
        let card = card(&config(), Some(&node), &Disk::default(), NodeId(0));
        assert_eq!(strip_of(&card), "1! 1! 2! 2! 2! 2! 3? 3?");
        assert_eq!(card.strip_before, 2);
    }

    #[test]
    fn a_server_that_is_down_shows_its_disk() {
        let disk = Disk {
            current_term: 4,
            voted_for: Some(NodeId(2)),
            snapshot: None,
            log: super::super::testing::log_of(&[1, 4]),
        };
        let card = card(&config(), None, &disk, NodeId(0));
        assert_eq!(strip_of(&card), "1? 4?");
        assert_eq!(card.badge, Some(Badge { number: 4 }));
        assert_eq!(card.fields.len(), 3);
    }

    #[test]
    fn a_leader_shows_what_it_knows_of_each_follower() {
        let node = leader(1, &[1], &[1, 0]);
        let card = card(&config(), Some(&node), &Disk::default(), NodeId(0));
        let next = card.fields.iter().filter(|field| field.id == "next-index");
        assert!(next.map(|field| field.of).eq([Some(NodeId(1)), Some(NodeId(2))]));
    }

    #[test]
    fn every_id_has_its_words() {
        let words = include_str!("en.ftl");
        let has = |kind: &str, id: &str| {
            let key = alloc::format!("raft-{kind}-{id} = ");
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
        let knobs = <super::super::Config as faultline_kernel::Knobs>::KNOBS;
        for knob in knobs {
            has("knob", knob.id);
            let known = |name| ABOUT.properties.iter().any(|property| property.id == name);
            assert!(knob.breaks.is_none_or(known), "{}", knob.id);
        }
        let node = leader(1, &[1], &[1, 0]);
        let card = card(&config(), Some(&node), &Disk::default(), NodeId(0));
        card.fields.iter().for_each(|field| has("field", field.id));
    }
}
