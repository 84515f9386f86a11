//! The run so far as text for other programs: a table, a log with vector clocks, a diagram.

use crate::rows::{EventRow, MarkKind};
use crate::session::Session;
use crate::words::{say, word};
use faultline_kernel::NodeId;
use faultline_sim::{EventKind, Record};

/// A report tells of at most so many events, the newest.
pub const REPORTED_MOST: u32 = 20_000;
/// A diagram with more arrows is drawn by nobody.
pub const ARROWS_MOST: u32 = 400;

impl Session {
    /// The events as a table: one line each, with commas between the columns (RFC 4180).
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::from("event,time_us,node,cause,text,source\r\n");
        if let Some(left_out) = left_out(self.event_count(), REPORTED_MOST) {
            text.push_str(&[",,,,\"", &left_out, "\",\"\"\r\n"].concat());
        }
        for row in self.reported() {
            let node = row.node.map(|node| node.to_string()).unwrap_or_default();
            let cause = row.cause.map(|cause| cause.to_string()).unwrap_or_default();
            let cells = [row.event.to_string(), row.time.0.to_string(), node, cause];
            text.push_str(&cells.join(","));
            for cell in [&row.text, row.source] {
                text.push_str(",\"");
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            }
            text.push_str("\r\n");
        }
        text
    }

    /// The events with vector clocks, as ShiViz reads them: host and clock in a line, the event in
    /// the next.
    #[must_use]
    pub fn shiviz(&self) -> String {
        let mut text = String::new();
        // How many events of each node lie before an event, and with the newest one of each.
        let mut clocks: Vec<(u32, Vec<u32>)> = vec![];
        let mut newest = vec![vec![0; self.nodes()]; self.nodes()];
        for row in self.reported() {
            let Some(node) = row.node else { continue };
            let mut clock = newest[node.index()].clone();
            let known = |event| clocks.binary_search_by_key(&event, |(event, _)| *event).ok();
            if let Some(place) = row.cause.and_then(known) {
                for (own, count) in clock.iter_mut().zip(&clocks[place].1) {
                    *own = (*own).max(*count);
                }
            }
            clock[node.index()] += 1;
            let parts: Vec<String> = (0..)
                .map(NodeId)
                .zip(&clock)
                .filter(|(_, count)| **count > 0)
                .map(|(node, count)| ["\"", &node.to_string(), "\":", &count.to_string()].concat())
                .collect();
            text.push_str(
                &[&node.to_string(), " {", &parts.join(","), "}\n", &row.text, "\n"].concat(),
            );
            newest[node.index()].clone_from(&clock);
            clocks.push((row.event, clock));
        }
        text
    }

    /// The messages and what stood out, as a sequence diagram for Mermaid.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::from("sequenceDiagram\n");
        for node in (0..).map(NodeId).take(self.nodes()) {
            text.push_str(&["  participant ", &node.to_string(), "\n"].concat());
        }
        let lines: Vec<String> = self.reported().iter().filter_map(|row| self.line(row)).collect();
        let all = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        if let Some(left_out) = left_out(all, ARROWS_MOST) {
            text.push_str(&["  Note over n1: ", &left_out, "\n"].concat());
        }
        for line in &lines[lines.len().saturating_sub(ARROWS_MOST as usize)..] {
            text.push_str(&["  ", line, "\n"].concat());
        }
        text
    }

    /// One event as a line of a sequence diagram, if it belongs there.
    fn line(&self, row: &EventRow) -> Option<String> {
        let record = self.track().play.run.log().get(row.event)?;
        // A semicolon or a hash sign would end the line there.
        let plain_text = |text: &str| text.replace([';', '#'], ",");
        let arrow = |from: NodeId, sign: &str, to: NodeId, record: &Record| {
            let about = self.room.about;
            let message =
                word(&[about.id, "message", about.messages[usize::from(record.which())].id]);
            Some([&from.to_string(), sign, &to.to_string(), ": ", &plain_text(&message)].concat())
        };
        let (node, other) = (row.node?, NodeId(record.other));
        match record.kind() {
            EventKind::Deliver => arrow(other, "->>", node, record),
            EventKind::Lost => arrow(node, "--x", other, record),
            _ if row.mark.is_some_and(|mark| mark != MarkKind::Stirs) => {
                Some(["Note over ", &node.to_string(), ": ", &plain_text(&row.text)].concat())
            }
            _ => None,
        }
    }

    fn reported(&self) -> Vec<EventRow> {
        let count = self.event_count();
        let first = count.saturating_sub(REPORTED_MOST);
        (first..count)
            .step_by(10_000)
            .flat_map(|at| self.events(at..count.min(at + 10_000)))
            .collect()
    }
}

/// What is said in a report of which the beginning is missing.
fn left_out(all: u32, most: u32) -> Option<String> {
    let count = all.checked_sub(most).filter(|count| *count > 0)?;
    Some(say("lab-left-out", &[("count", count.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;

    fn session() -> Session {
        let scenario = crate::library_scenario("raft", "first-leader").expect("it is there");
        let mut session = Session::open(scenario).expect("it opens");
        session.apply(Command::NextMark).expect("there is one");
        while session.work(10_000) {}
        session
    }

    #[test]
    fn a_table_has_a_line_for_each_event_and_quotes_texts() {
        let session = session();
        let csv = session.csv();
        assert_eq!(csv.lines().count() as u32, session.event_count() + 1);
        assert!(csv.lines().skip(1).all(|line| line.matches('"').count() >= 4));
    }

    #[test]
    fn a_report_without_its_beginning_says_so() {
        let mut session = session();
        let whole = |session: &Session| {
            let (table, diagram) = (session.csv(), session.mermaid());
            (table.contains("left out"), diagram.contains("left out"))
        };
        assert_eq!(whole(&session), (false, false));
        let far = faultline_kernel::Time(3_600_000_000);
        while session.event_count() <= REPORTED_MOST {
            session.go_on_until(far);
        }
        assert_eq!(whole(&session), (true, true));
        let csv = session.csv();
        let second = csv.lines().nth(1).expect("there are lines");
        let count = session.event_count() - REPORTED_MOST;
        assert_eq!(second, format!(",,,,\"{count} earlier ones are left out.\",\"\""));
        assert_eq!(csv.lines().count() as u32, REPORTED_MOST + 2);
        let arrows = session.mermaid().lines().filter(|line| line.contains(": ")).count();
        assert_eq!(arrows as u32, ARROWS_MOST + 1);
    }

    #[test]
    fn a_clock_knows_what_its_cause_knew() {
        let text = session().shiviz();
        let lines: Vec<&str> = text.lines().collect();
        let place = lines.iter().position(|line| line.contains("receives")).expect("a delivery");
        // Whoever receives something knows of an event elsewhere.
        assert!(lines[place - 1].contains(','), "{}", lines[place - 1]);
    }

    #[test]
    fn a_diagram_has_an_arrow_for_each_delivery() {
        let session = session();
        let delivered = |row: &&EventRow| row.text.contains(" receives ");
        let count = session.reported().iter().filter(delivered).count();
        assert!(count > 0);
        assert_eq!(session.mermaid().matches("->>").count(), count);
    }
}
