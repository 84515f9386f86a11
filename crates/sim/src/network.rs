//! The network: rules that give each message its fate.

use faultline_kernel::{Chance, Draw, Draws, Key, NodeId, Purpose, Span, SpanRange, Time};

/// What the network is like when a run begins, and what interventions change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NetworkConfig {
    /// How long a message takes.
    pub latency: SpanRange,
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
    /// How many of a million messages arrive twice.
    pub duplicate_ppm: u32,
    /// How long a write to disk takes; zero is at once.
    pub disk: SpanRange,
}

/// Which word of a message's draw a purpose begins with, where they are drawn together.
#[inline(always)]
const fn word_of(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::Loss => 0,
        Purpose::Latency => 1,
        // This one may take two.
        _ => 2,
    }
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            latency: SpanRange::new(Span::millis(10), Span::millis(15)),
            loss_ppm: 0,
            duplicate_ppm: 0,
            disk: SpanRange::default(),
        }
    }
}

impl NetworkConfig {
    /// The chance that a message is lost, if there is one.
    #[inline]
    pub(crate) fn loss(&self) -> Option<Chance> {
        (self.loss_ppm > 0).then(|| Chance::new(self.loss_ppm))
    }

    /// Draws the fate of a message; `draw` knows its circumstances, and `loss` is [`Self::loss`].
    #[inline(always)]
    pub(crate) fn fate(&self, loss: Option<Chance>, draw: impl Fn(Purpose) -> Draw) -> Fate {
        let lost = loss.is_some_and(|loss| draw(Purpose::Loss).hits(loss));
        let mut copy = None;
        if self.duplicate_ppm > 0 {
            let mut luck = draw(Purpose::Duplicate);
            let doubled = luck.chance(self.duplicate_ppm);
            copy = doubled.then(|| luck.span(self.latency));
        }
        let SpanRange { min, max } = self.latency;
        // Where nothing is to be drawn, nothing is.
        let latency = if min == max { min } else { draw(Purpose::Latency).span(self.latency) };
        Fate { latency, lost, copy }
    }
}

/// The network at one moment.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Latency, loss and duplication.
    pub config: NetworkConfig,
    /// The side of each node, while a fault line runs through the cluster.
    sides: Option<Vec<u8>>,
    /// Directed links that are cut, in order.
    cuts: Vec<(NodeId, NodeId)>,
    /// Whether everything is held until somebody lets it go.
    pub(crate) holding: bool,
}

/// How many sides a fault line can have.
pub(crate) const SIDES_MOST: usize = 64;

/// What the network decides when a message is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fate {
    /// How long it takes.
    pub(crate) latency: Span,
    /// It will be lost by chance.
    pub(crate) lost: bool,
    /// A copy arrives after this long.
    pub(crate) copy: Option<Span>,
}

impl Network {
    pub(crate) fn new(config: NetworkConfig) -> Self {
        Self { config, ..Self::default() }
    }

    /// Whether nothing passes from `from` to `to`.
    #[must_use]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        let apart = |sides: &Vec<u8>| sides[from.index()] != sides[to.index()];
        self.sides.as_ref().is_some_and(apart)
            || (!self.cuts.is_empty() && self.cuts.binary_search(&(from, to)).is_ok())
    }

    /// The sides of the fault line, each in the order of members; none if there is no line.
    #[must_use]
    pub fn sides(&self) -> Vec<Vec<NodeId>> {
        let Some(sides) = &self.sides else {
            return Vec::new();
        };
        let most = sides.iter().copied().max().unwrap_or(0);
        let on = |side: u8| {
            (0..).map(NodeId).zip(sides).filter(move |(_, on)| **on == side).map(|(node, _)| node)
        };
        (0..=most).map(|side| on(side).collect()).collect()
    }

    /// Directed links that are cut one by one.
    #[must_use]
    pub fn cuts(&self) -> &[(NodeId, NodeId)] {
        &self.cuts
    }

    /// Whether everything is held.
    #[must_use]
    pub fn holding(&self) -> bool {
        self.holding
    }

    /// Draws a fault line; nodes in no group form one more side. `false` if that parts nobody:
    /// then a line that is there stays.
    pub(crate) fn part(&mut self, groups: &[Vec<NodeId>], members: usize) -> bool {
        let rest = u8::try_from(groups.len().min(SIDES_MOST)).expect("few sides");
        let mut sides = vec![rest; members];
        for (side, group) in (0..rest).zip(groups) {
            group.iter().for_each(|node| sides[node.index()] = side);
        }
        renumber(&mut sides);
        let parts = sides.iter().any(|side| *side != 0);
        if parts {
            self.sides = Some(sides);
        }
        parts
    }

    pub(crate) fn heal(&mut self) -> bool {
        let was = self.sides.take().is_some() || !self.cuts.is_empty();
        self.cuts.clear();
        was
    }

    pub(crate) fn cut_link(&mut self, from: NodeId, to: NodeId) -> bool {
        match self.cuts.binary_search(&(from, to)) {
            Ok(_) => false,
            Err(place) => {
                self.cuts.insert(place, (from, to));
                true
            }
        }
    }

    pub(crate) fn heal_link(&mut self, from: NodeId, to: NodeId) -> bool {
        let found = self.cuts.binary_search(&(from, to));
        found.map(|place| self.cuts.remove(place)).is_ok()
    }

    /// Draws the fate of a message from its circumstances alone.
    pub(crate) fn fate(
        &self,
        (seed, draws): (u64, Draws),
        from: NodeId,
        to: NodeId,
        now: Time,
        ordinal: u16,
    ) -> Fate {
        let loss = self.config.loss();
        match draws {
            Draws::One => {
                let circumstances = [u64::from(from.0), u64::from(to.0), now.0, u64::from(ordinal)];
                self.config.fate(loss, |purpose| Draw::keyed(seed, purpose, &circumstances))
            }
            Draws::Two => {
                let together = Together::new(Key::new(seed, Purpose::Fate), from, now);
                self.config.fate(loss, together.draws(to, ordinal))
            }
        }
    }

    /// Whether every message arrives, and once.
    #[inline]
    pub(crate) fn is_perfect(&self) -> bool {
        self.config.loss_ppm == 0 && self.config.duplicate_ppm == 0 && self.is_whole()
    }

    /// Whether every link is open.
    #[inline]
    pub(crate) fn is_whole(&self) -> bool {
        self.sides.is_none() && self.cuts.is_empty()
    }
}

/// The draws for all messages that one node sends at one instant, where they are drawn together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Together(Key);

impl Together {
    #[inline]
    pub(crate) fn new(fates: Key, from: NodeId, now: Time) -> Self {
        Self(fates.with(from.0.into()).with(now.0))
    }

    /// Those of one message.
    #[inline(always)]
    pub(crate) fn draws(self, to: NodeId, ordinal: u16) -> impl Fn(Purpose) -> Draw {
        let draw = self.0.with(u64::from(to.0) << 16 | u64::from(ordinal)).draw();
        move |purpose| draw.skip(word_of(purpose))
    }
}

/// What the fates of many messages have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FateKeys {
    loss: Key,
    duplicate: Key,
    latency: Key,
}

impl FateKeys {
    pub(crate) fn new(seed: u64) -> Self {
        let key = |purpose| Key::new(seed, purpose);
        let (loss, duplicate) = (key(Purpose::Loss), key(Purpose::Duplicate));
        Self { loss, duplicate, latency: key(Purpose::Latency) }
    }

    /// The key of one of the draws that decide a message's fate.
    #[inline]
    pub(crate) fn key(&self, purpose: Purpose) -> Key {
        match purpose {
            Purpose::Loss => self.loss,
            Purpose::Duplicate => self.duplicate,
            _ => self.latency,
        }
    }

    /// One more circumstance.
    #[inline]
    pub(crate) fn with(&self, word: u64) -> Self {
        let Self { loss, duplicate, latency } = self;
        let (loss, duplicate) = (loss.with(word), duplicate.with(word));
        Self { loss, duplicate, latency: latency.with(word) }
    }
}

/// Numbers the sides by the first member on each, without gaps.
fn renumber(sides: &mut [u8]) {
    let mut seen: Vec<u8> = Vec::new();
    for side in sides {
        let place = seen.iter().position(|known| known == side).unwrap_or_else(|| {
            seen.push(*side);
            seen.len() - 1
        });
        *side = u8::try_from(place).expect("no more than before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_parts_groups_and_a_cut_link_one_direction() {
        let mut network = Network::default();
        let [one, two, three] = [NodeId(0), NodeId(1), NodeId(2)];
        assert!(network.part(&[vec![two]], 3));
        assert!(network.is_cut(one, two) && network.is_cut(two, three));
        assert!(!network.is_cut(one, three));
        assert_eq!(network.sides(), [vec![one, three], vec![two]]);
        assert!(network.heal() && !network.heal());
        assert!(network.cut_link(one, two) && !network.cut_link(one, two));
        assert!(network.is_cut(one, two) && !network.is_cut(two, one));
        assert!(network.heal_link(one, two) && !network.heal_link(one, two));
        assert!(!network.part(&[vec![one, two, three]], 3), "everybody on one side is no cut");
        assert!(network.part(&[vec![one]], 3) && !network.part(&[], 3));
        assert!(network.is_cut(one, two), "no line does not replace the one that is there");
    }

    #[test]
    fn the_format_of_fates_is_pinned() {
        let latency = SpanRange::new(Span(0), Span(999_999));
        let config =
            NetworkConfig { latency, duplicate_ppm: 1_000_000, ..NetworkConfig::default() };
        let network = Network::new(config);
        let drawn = |draws| {
            let fate = network.fate((42, draws), NodeId(3), NodeId(1), Time(1_000), 2);
            [Some(fate.latency.0), fate.copy.map(|copy| copy.0)]
        };
        assert_eq!(drawn(Draws::One), [Some(838_057), Some(102_920)]);
        assert_eq!(drawn(Draws::Two), [Some(560_546), Some(631_844)]);
    }

    #[test]
    fn a_fate_depends_on_its_circumstances_alone() {
        for draws in [Draws::One, Draws::Two] {
            let mut network = Network::default();
            let fate = |network: &Network, to, ordinal| {
                network.fate((1, draws), NodeId(0), NodeId(to), Time(5), ordinal)
            };
            let before = fate(&network, 1, 0);
            network.config.loss_ppm = 500_000;
            assert_eq!(fate(&network, 1, 0).latency, before.latency, "loss has draws of its own");
            network.config.duplicate_ppm = 1_000_000;
            let doubled = fate(&network, 1, 0);
            assert_eq!(doubled.latency, before.latency, "so has duplication");
            assert!(doubled.copy.is_some_and(|copy| copy != doubled.latency), "and the copy");
            assert_ne!(fate(&network, 1, 1).latency, before.latency);
            assert_ne!(fate(&network, 2, 0).latency, before.latency);
        }
    }
}
