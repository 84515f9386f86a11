//! A scenario played to its end without anybody watching: for tests, the command line and files.

use crate::play::Play;
use crate::say::Teller;
use crate::scenario::Expectation;
use crate::{Error, Scenario, catalogue, say};
use faultline_kernel::{About, Card, Member, NodeId, Time};
use faultline_sim::{EventKind, Log, Progress};

/// A scenario's trunk, played.
pub struct Recording {
    pub(crate) about: &'static About,
    pub(crate) play: Play,
}

impl Recording {
    /// A recording in which nothing has happened yet.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn begin(scenario: &Scenario, judged: bool) -> Result<Self, Error> {
        scenario.check()?;
        let room = catalogue::room(&scenario.protocol)?;
        Ok(Self { about: room.about, play: room.open(scenario, judged)? })
    }

    /// Plays a scenario as far as its golden goes, or to its end, or to `otherwise`.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn of(scenario: &Scenario, otherwise: Time) -> Result<Self, Error> {
        let mut recording = Self::begin(scenario, true)?;
        let until = scenario.golden_us.or(scenario.until_us).unwrap_or(otherwise);
        recording.play_until(until);
        Ok(recording)
    }

    /// Plays on; `false` if the run is as long as a run may be.
    pub fn play_until(&mut self, time: Time) -> bool {
        loop {
            match self.play.run.advance(time, 100_000) {
                Progress::More => {}
                Progress::Done => return true,
                Progress::Full => return false,
            }
        }
    }

    /// Plays on without writing anything down: only for measuring the engine alone.
    pub fn race_until(&mut self, time: Time) {
        self.play.run.advance_unrecorded(time, u32::MAX);
    }

    /// What happened.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.play.run.log()
    }

    /// The room's description of itself.
    #[must_use]
    pub fn about(&self) -> &'static About {
        self.about
    }

    /// Who takes part.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        self.play.run.head().members()
    }

    /// How a node looks after so many events.
    #[must_use]
    pub fn card(&self, events: u32, node: NodeId) -> Card {
        let card = self.play.card_at(events, node, u32::MAX);
        card.expect("no run is longer than this budget")
    }

    /// How every node looks in the end, in the order of members.
    #[must_use]
    pub fn cards(&self) -> Vec<Card> {
        let events = self.log().len();
        self.members().iter().map(|member| self.card(events, member.id)).collect()
    }

    /// Every event as a line of text, steps set apart, with times, causes and sources.
    #[must_use]
    pub fn transcript(&self) -> String {
        (0..self.log().len()).filter_map(|event| self.line(event)).collect()
    }

    /// One event as a line of text, with its end.
    #[must_use]
    pub fn line(&self, event: u32) -> Option<String> {
        let row = Teller { about: self.about, play: &self.play }.row(event)?;
        Some(if row.begins {
            let cause = row.cause.map_or(String::new(), |cause| format!(" ←{cause}"));
            format!("{:>6} {} {}{cause}\n", row.event, row.time, row.text)
        } else {
            let source = if row.source.is_empty() { "" } else { " — " };
            format!("{:>6}          {}{source}{}\n", row.event, row.text, row.source)
        })
    }

    /// The expectations that do not come true, each in a sentence.
    #[must_use]
    pub fn unmet(&self, scenario: &Scenario) -> Vec<String> {
        scenario.expect.iter().filter_map(|expected| self.miss(expected)).collect()
    }

    fn miss(&self, expected: &Expectation) -> Option<String> {
        let events = self.log().count_until(expected.at_us);
        if let (Some(property), Some(holds)) = (&expected.property, expected.holds) {
            let which = self.about.properties.iter().position(|kind| kind.id == property);
            let Some(which) = which else {
                return Some(format!("no property {property}"));
            };
            let broke = self.log().iter_from(0).take(events as usize).any(|record| {
                record.kind() == EventKind::Broken && usize::from(record.which()) == which
            });
            let wrong = broke == holds;
            return wrong.then(|| format!("{property} holds: {holds} is not so"));
        }
        let (Some(node), Some(field), Some(value)) =
            (expected.node, &expected.field, &expected.value)
        else {
            return Some(
                "an expectation needs node, field and value, or property and holds".into(),
            );
        };
        if node.index() >= self.members().len() {
            return Some(format!("there is no {node}"));
        }
        let card = self.card(events, node);
        let found = match field.as_str() {
            "role" => Some(self.about.roles[usize::from(card.role)].id.to_owned()),
            id => {
                let field = card.fields.iter().find(|field| field.id == id && field.of.is_none());
                field.map(|field| say::value(self.about, field.value))
            }
        };
        let found = found.unwrap_or_else(|| "no such field".into());
        let at = expected.at_us;
        (found != *value).then(|| format!("at {at} {field} of {node} is {found}, not {value}"))
    }
}
