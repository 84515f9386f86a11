//! A scenario: everything that determines a run, and what a lesson says beside it.
//!
//! One schema for all of it: TOML in the library (compiled to JSON at build time), JSON in files
//! and links.
//!
//! With `time = "cycles"` or `time = "timed"` the run is a swarm: up to a million nodes play the
//! same rules, and counts are kept for each slice of time (`slice_us`) instead of every event. What
//! speaks of single events has no place in it then: branches, moments, expectations, a steady load,
//! positions after an event, and whatever is done to one message. The program with one room has no
//! swarms and does not know these keys.

use crate::bounds::{check_inputs, check_network};
use crate::scene::Moment;
#[cfg(feature = "whole")]
use crate::swarm_time::{self, SwarmTime};
use crate::{Error, catalogue};
use faultline_kernel::{Draws, NodeId, Span, SpanRange, Time};
use faultline_sim::{Load, NetworkConfig, Positioned};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The format that this program writes, and the only one so far.
pub const FORMAT: u32 = 1;
/// The version of the draws where none is named. See [`Draws`].
pub const RNG: u32 = 1;
/// How many bytes of JSON a scenario may have.
pub const JSON_MOST: usize = 1 << 20;
/// How many interventions a branch may have.
pub const INPUTS_MOST: usize = 10_000;
/// How many branches a scenario may have.
pub const BRANCHES_MOST: usize = 200;
/// How late anything may be: a virtual day.
pub const TIME_MOST: Time = Time(86_400_000_000);

/// Everything that determines a run. Positions are in `architecture` terms: see [`Positioned`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of this schema.
    pub format: u32,
    /// The version of the draws.
    #[serde(default = "rng")]
    pub rng: u32,
    /// The room.
    pub protocol: String,
    /// The version of the room. What was made with an older one runs by today's rules.
    pub version: u32,
    /// The id in the library, if it comes from there and was not changed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scene: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it shows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Decides every draw.
    pub seed: u64,
    /// The run is a swarm, in this kind of time.
    #[cfg(feature = "whole")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<SwarmTime>,
    /// In a swarm: the length of a cycle, or of a slice of time in which things are counted.
    #[cfg(feature = "whole")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice_us: Option<Span>,
    /// The moment at which it opens, if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_us: Option<Time>,
    /// The run ends here, if it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_us: Option<Time>,
    /// How much of it a golden test holds; the run itself goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub golden_us: Option<Time>,
    /// Knobs that are not at their defaults.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, u64>,
    /// The network at first.
    #[serde(default)]
    pub network: Network,
    /// A steady stream of requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
    /// What is on the disks at first, by the names of nodes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disks: BTreeMap<String, Value>,
    /// The interventions of the trunk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Positioned<Value>>,
    /// How far the trunk was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
    /// The branches, each after its parent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<Branch>,
    /// The current branch; 0 is the trunk.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub branch: u32,
    /// The current moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<Moment>,
    /// The check value of the current branch's log up to the current moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What a lesson says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Caption>,
    /// What is to come true; a golden test holds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Expectation>,
}

/// What the network is like at first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// How long a message takes, from and to.
    pub latency_us: [u64; 2],
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
    /// How many of a million messages arrive twice.
    pub duplicate_ppm: u32,
    /// How long a write to disk takes, from and to; 0 is at once.
    pub disk_us: [u64; 2],
}

/// A branch: it shares its parent's past and then goes its own way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Its number, above 0.
    pub id: u32,
    /// The branch it leaves.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parent: u32,
    /// Where it leaves it.
    pub at: Moment,
    /// Its own interventions.
    pub inputs: Vec<Positioned<Value>>,
    /// How far it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Moment>,
}

/// A sentence of a lesson, from a moment on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// From here on.
    pub at_us: Time,
    /// What it says.
    pub text: String,
}

/// Something that is to come true.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// When.
    pub at_us: Time,
    /// At which node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// Which field of its card, or `role`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What it holds, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Or: which property
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// holds, or does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
}

fn rng() -> u32 {
    RNG
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Default for Network {
    fn default() -> Self {
        Self { latency_us: [10_000, 15_000], loss_ppm: 0, duplicate_ppm: 0, disk_us: [0, 0] }
    }
}

impl Network {
    pub(crate) fn config(&self) -> NetworkConfig {
        let range = |[min, max]: [u64; 2]| SpanRange::new(Span(min), Span(max));
        NetworkConfig {
            latency: range(self.latency_us),
            loss_ppm: self.loss_ppm,
            duplicate_ppm: self.duplicate_ppm,
            disk: range(self.disk_us),
        }
    }
}

impl Scenario {
    /// A scenario of this room in which nobody intervenes.
    ///
    /// # Errors
    /// If there is no such room.
    pub fn plain(protocol: &str, seed: u64) -> Result<Self, Error> {
        let room = catalogue::room(protocol)?;
        Ok(Self {
            format: FORMAT,
            rng: RNG,
            protocol: protocol.to_owned(),
            version: room.about.version,
            scene: String::new(),
            title: String::new(),
            summary: String::new(),
            seed,
            #[cfg(feature = "whole")]
            time: None,
            #[cfg(feature = "whole")]
            slice_us: None,
            open_us: None,
            until_us: None,
            golden_us: None,
            config: BTreeMap::new(),
            network: Network::default(),
            load: None,
            disks: BTreeMap::new(),
            inputs: Vec::new(),
            end: None,
            branches: Vec::new(),
            branch: 0,
            moment: None,
            check: None,
            captions: Vec::new(),
            expect: Vec::new(),
        })
    }

    /// Whether the run is a swarm: it is played as a crowd, not in a session.
    #[cfg(feature = "whole")]
    #[must_use]
    pub fn is_swarm(&self) -> bool {
        self.time.is_some()
    }

    /// The program with one room has no swarms.
    #[cfg(not(feature = "whole"))]
    #[must_use]
    pub fn is_swarm(&self) -> bool {
        false
    }

    /// Reads a scenario, as from a file or a link, and checks it.
    ///
    /// # Errors
    /// What is wrong and where. Nothing that this accepts can make the program fail later.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        if text.len() > JSON_MOST {
            return Err(Error::new(format!(
                "the scenario has {} bytes; {JSON_MOST} are allowed",
                text.len()
            )));
        }
        let scenario: Self =
            serde_json::from_str(text).map_err(|error| Error::new(error.to_string()))?;
        scenario.check()?;
        Ok(scenario)
    }

    /// Writes the scenario as JSON, always the same for the same scenario.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("every part of a scenario has a form in JSON")
    }

    /// How its values are drawn.
    pub(crate) fn draws(&self) -> Draws {
        Draws::numbered(self.rng).unwrap_or_default()
    }

    /// Checks every bound, so that nothing later can fail.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn check(&self) -> Result<(), Error> {
        if self.format != FORMAT {
            return Err(Error::new(format!(
                "format {} is not known here; this release reads format {FORMAT}",
                self.format
            )));
        }
        if Draws::numbered(self.rng).is_none() {
            return Err(Error::new(format!("rng {} is not known here; it is 1 or 2", self.rng)));
        }
        let room = catalogue::room(&self.protocol)?;
        if !(1..=room.about.version).contains(&self.version) {
            return Err(Error::new(format!(
                "it was made with version {} of {}, and this release has version {}",
                self.version, self.protocol, room.about.version
            )));
        }
        check_network(&self.network)?;
        let members = room.members(self)?;
        for name in self.disks.keys() {
            let node = NodeId::parse(name).filter(|node| node.index() < members);
            node.ok_or_else(|| Error::new(format!("disks: there is no node {name}")))?;
        }
        if let Some(load) = self.load.filter(|load| load.every < Span(100)) {
            let every = load.every.0;
            return Err(Error::new(format!("load: every_us is {every}; 100 is the least")));
        }
        #[cfg(feature = "whole")]
        swarm_time::check(self, room)?;
        check_inputs(&self.inputs, members).map_err(|error| error.within("inputs"))?;
        self.check_branches(members)?;
        room.check(self)?;
        let opens = self.moment.map(|moment| moment.time);
        let times = [self.open_us, self.until_us, self.golden_us, opens];
        let ends = self.branches.iter().map(|branch| branch.end);
        let ends = ends.chain([self.end]).map(|end| end.map(|end| end.time));
        let captions = self.captions.iter().map(|caption| Some(caption.at_us));
        let mut times = times.into_iter().chain(ends).chain(captions);
        if times.any(|time| time.is_some_and(|time| time > TIME_MOST)) {
            return Err(Error::new("a moment lies more than a virtual day ahead"));
        }
        Ok(())
    }

    /// The room's version, by whose rules it runs, if it was made with an older one.
    #[must_use]
    pub fn runs_by(&self) -> Option<u32> {
        let newest = catalogue::room(&self.protocol).ok()?.about.version;
        (self.version < newest).then_some(newest)
    }

    fn check_branches(&self, members: usize) -> Result<(), Error> {
        if self.branches.len() > BRANCHES_MOST {
            return Err(Error::new(format!("branches: at most {BRANCHES_MOST} are allowed")));
        }
        let mut known = vec![0];
        for branch in &self.branches {
            let place = format!("branch {}", branch.id);
            let fail = |what: &str| Err(Error::new(what).within(&place));
            if !known.contains(&branch.parent) {
                return fail("its parent comes later, or not at all");
            }
            if known.contains(&branch.id) {
                return fail("there are two of them");
            }
            known.push(branch.id);
            if branch.at.time > TIME_MOST {
                return fail("it lies more than a virtual day ahead");
            }
            check_inputs(&branch.inputs, members).map_err(|error| error.within(&place))?;
        }
        if !known.contains(&self.branch) {
            return Err(Error::new(format!("branch {} is not there", self.branch)));
        }
        Ok(())
    }
}
