//! A scene: everything the stage shows at one moment, as plain data.
//!
//! A scene is a pure function of a run and a moment. Whoever draws it reads it and nothing else.

use faultline_kernel::{Cell, MessageKind, NodeId, RoleKind, Span, Time};

/// A moment of a run: so many events have happened, and it is this late.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// How many events of the log have happened; always between two steps, never within one.
    pub events: u32,
    /// The time; not before the last of these events, not after the next.
    #[serde(rename = "time_us")]
    pub time: Time,
}

/// What the stage shows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scene {
    /// When.
    pub moment: Moment,
    /// The nodes, in the order of members.
    pub nodes: Vec<SceneNode>,
    /// The messages on their way, and those lost a moment ago.
    pub messages: Vec<SceneMessage>,
    /// How many more messages are on their way than are drawn.
    pub left_out: u32,
    /// Pairs of nodes that have no link at all: their protocol lets neither speak to the other.
    pub apart: Vec<(NodeId, NodeId)>,
    /// Links between neighbours, in a room where not everybody is everybody's neighbour, and
    /// whether both ends hold them for strong; the lower number first, in order.
    pub ties: Option<Vec<(NodeId, NodeId, bool)>>,
    /// Links that are cut one by one; all others are open both ways, unless their ends stand on
    /// different [`Self::sides`].
    pub broken_links: Vec<BrokenLink>,
    /// The sides of a partition, if a fault line runs through the cluster.
    pub sides: Vec<Vec<NodeId>>,
    /// Whether the reader has taken the network in hand: nothing is delivered by itself.
    pub holding: bool,
}

/// What joins two nodes, before anybody cuts it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bond {
    /// Nothing: they are no neighbours, or may not speak to one another.
    None,
    /// They are neighbours, and what is to be known does not go that way first.
    Weak,
    /// A link like any other.
    Plain,
    /// What is to be known goes that way.
    Strong,
}

impl Scene {
    /// What joins these two.
    #[must_use]
    pub fn bond(&self, one: NodeId, other: NodeId) -> Bond {
        let pair = (one.min(other), one.max(other));
        if self.apart.binary_search(&pair).is_ok() {
            return Bond::None;
        }
        let Some(ties) = &self.ties else { return Bond::Plain };
        match ties.binary_search_by_key(&pair, |tie| (tie.0, tie.1)) {
            Ok(place) if ties[place].2 => Bond::Strong,
            Ok(_) => Bond::Weak,
            Err(_) => Bond::None,
        }
    }

    /// Whether a fault line runs between two nodes.
    #[must_use]
    pub fn is_parted(&self, one: NodeId, other: NodeId) -> bool {
        self.sides.iter().any(|side| side.contains(&one) != side.contains(&other))
    }
}

/// A node on the stage.
#[derive(Clone, PartialEq, Debug)]
pub struct SceneNode {
    /// Who.
    pub id: NodeId,
    /// Its group in the layout.
    pub group: u32,
    /// Its place in the group.
    pub rank: u32,
    /// What it is now, and how that is drawn.
    pub role: &'static RoleKind,
    /// The role's word in the catalogue.
    pub role_word: &'static str,
    /// The number beside it: a term, a ballot.
    pub badge: Option<u64>,
    /// Whether it runs.
    pub condition: Condition,
    /// How fast its clock runs, in millionths of real time.
    pub clock_ppm: u32,
    /// The timers the reader should see run down.
    pub countdowns: Vec<Countdown>,
    /// Votes and the like.
    pub tally: Option<faultline_kernel::Tally>,
    /// The last cells of its log.
    pub strip: Vec<Cell>,
    /// How many cells come before those.
    pub strip_before: u64,
    /// Marks, as words of the catalogue, with whom they are about.
    pub marks: Vec<(&'static str, Option<NodeId>)>,
    /// Whether it knows for good what is settled.
    pub settled: bool,
    /// Who takes it for lost.
    pub doubted_by: Vec<NodeId>,
    /// Whether a write of it is on its way to the disk.
    pub writing: bool,
    /// Whether the last event happened here.
    pub touched: bool,
    /// Whether it is a witness of a property that does not hold.
    pub witness: bool,
}

/// Whether a node runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Condition {
    /// It runs.
    #[default]
    Up,
    /// It crashed: its memory is gone, its disk is kept.
    Down,
    /// It stands still and will go on where it was.
    Paused,
}

/// A timer that runs down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Countdown {
    /// Its word in the catalogue.
    pub word: &'static str,
    /// What is left of it, from 1 (just set) to 0 (runs out now).
    pub left: f32,
    /// What is left of it, in time.
    pub remaining: Span,
}

/// A message on the stage.
#[derive(Clone, PartialEq, Debug)]
pub struct SceneMessage {
    /// Which one, as scenarios and commands name it.
    pub name: MessageName,
    /// What it says, and how that is drawn.
    pub kind: &'static MessageKind,
    /// Its word in the catalogue.
    pub word: &'static str,
    /// How far it has come, from 0 (at the sender) to 1 (at the receiver).
    pub progress: f32,
    /// What has become of it.
    pub fate: Fate,
}

/// What has become of a message.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fate {
    /// It is on its way.
    Flying,
    /// It waits until the reader lets it go.
    Held,
    /// It was lost where it is; `age` goes from 0 (just now) to 1 (about to vanish).
    Lost {
        /// How long ago, as a share of the time it stays visible.
        age: f32,
    },
}

pub use faultline_sim::MessageName;

/// A link that is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BrokenLink {
    /// One end.
    pub from: NodeId,
    /// The other.
    pub to: NodeId,
    /// Cut from `from` to `to`.
    pub there: bool,
    /// Cut from `to` to `from`.
    pub back: bool,
}
