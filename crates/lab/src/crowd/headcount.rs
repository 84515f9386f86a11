//! A swarm played slice by slice, and its counts.

use super::Start;
use crate::room::Room;
use crate::scenario::TIME_MOST;
use crate::swarm_time::{SLICE_OTHERWISE, SwarmTime};
use crate::{Error, Input, Scenario, catalogue};
use faultline_kernel::{About, Digest, NodeId, Span, Time};
use faultline_sim::swarm::{AnySwarm, Pace, Reached, SLICES_MOST, Slice};
use faultline_sim::{Positioned, Setup};

/// A scenario that is a swarm, played.
pub struct Headcount {
    pub(crate) room: &'static Room,
    pub(crate) swarm: Box<dyn AnySwarm>,
    time: SwarmTime,
    length: Span,
    /// Nothing is played after this moment.
    end: Time,
    slices: Vec<Slice>,
    /// Whether something of the next slice has been played.
    amid: bool,
    over: bool,
}

/// How far one call came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Going {
    /// Not to the end of a slice: there is more to do.
    On,
    /// One more slice is counted.
    Counted,
    /// Nothing ever happens again, or the run goes no further.
    Over,
}

impl Headcount {
    /// A swarm in which nothing has happened yet.
    ///
    /// # Errors
    /// What is wrong with the scenario, or that it is no swarm.
    pub fn begin(scenario: &Scenario) -> Result<Self, Error> {
        scenario.check()?;
        let room = catalogue::room(&scenario.protocol)?;
        let no_swarm = || Error::new("this is no swarm: it has no time = \"cycles\" or \"timed\"");
        let (time, swarming) = scenario.time.zip(room.swarm.as_ref()).ok_or_else(no_swarm)?;
        let length = scenario.slice_us.unwrap_or(SLICE_OTHERWISE);
        let mut disks = Vec::new();
        for (name, disk) in &scenario.disks {
            let node = NodeId::parse(name).ok_or_else(|| Error::new(format!("disks: {name}")))?;
            disks.push((node, room.read_disk(name, disk)?));
        }
        let mut inputs = room.seal_all(&scenario.inputs)?;
        inputs.sort_by_key(|input| input.at);
        let network = scenario.network.config();
        let start = Start {
            setup: Setup {
                seed: scenario.seed,
                draws: scenario.draws(),
                network,
                load: None,
                judged: false,
            },
            knobs: &room.values(scenario)?,
            disks,
            inputs,
            pace: match time {
                SwarmTime::Cycles => Pace::Cycles(length),
                SwarmTime::Timed => Pace::Timed(length),
            },
        };
        let swarm = (swarming.make)(start).map_err(Error::new)?;
        let (slices, amid, over) = (Vec::new(), false, false);
        let end = scenario.until_us.unwrap_or(TIME_MOST);
        Ok(Self { room, swarm, time, length, end, slices, amid, over })
    }

    /// Goes on to the end of the slice that is open, but handles no more than about so many
    /// messages and timers.
    pub fn go_on(&mut self, budget: u64) -> Going {
        if self.over || self.played() > self.slice_at(self.end) {
            return Going::Over;
        }
        let next = self.played();
        match self.swarm.advance(self.time_of(next), budget) {
            Reached::Budget => {
                self.amid = true;
                return Going::On;
            }
            Reached::Full => {
                self.over = true;
                return Going::Over;
            }
            Reached::Rest => self.over = true,
            Reached::Time => {}
        }
        self.amid = false;
        self.slices.push(self.swarm.slice(next as usize));
        Going::Counted
    }

    /// Goes on to the end of the slice in which this moment lies, or to the end.
    pub fn play_until(&mut self, time: Time) {
        let last = self.slice_at(time);
        while self.played() <= last && self.go_on(u64::MAX) != Going::Over {}
    }

    /// How many slices are counted.
    #[must_use]
    pub fn played(&self) -> u32 {
        u32::try_from(self.slices.len()).expect("slices are bounded")
    }

    /// The counts, slice by slice.
    #[must_use]
    pub fn slices(&self) -> &[Slice] {
        &self.slices
    }

    /// Whether it goes no further.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over || self.played() > self.slice_at(self.end)
    }

    /// Whether something of the next slice has been played already.
    pub(crate) fn is_amid(&self) -> bool {
        self.amid
    }

    /// How many take part.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.swarm.count()
    }

    /// How many are down at the end of a slice.
    #[must_use]
    pub fn down(&self, slice: &Slice) -> u32 {
        self.count() - slice.roles.iter().sum::<u32>()
    }

    /// What the room says of itself.
    #[must_use]
    pub fn about(&self) -> &'static About {
        self.room.about
    }

    /// The kind of time.
    #[must_use]
    pub fn time(&self) -> SwarmTime {
        self.time
    }

    /// The length of a slice.
    #[must_use]
    pub fn length(&self) -> Span {
        self.length
    }

    /// The moment at which a slice is counted: cycles are moments, other slices end.
    #[must_use]
    pub fn time_of(&self, slice: u32) -> Time {
        let number = u64::from(slice) + u64::from(self.time == SwarmTime::Timed);
        Time(number.saturating_mul(self.length.0))
    }

    /// The slice in which a moment lies.
    #[must_use]
    pub fn slice_at(&self, time: Time) -> u32 {
        let number = self.number_at(time).min(SLICES_MOST as u64 - 1);
        u32::try_from(number).expect("slices are bounded")
    }

    /// The same, if there could be any number of slices.
    fn number_at(&self, time: Time) -> u64 {
        match self.time {
            SwarmTime::Cycles => time.0 / self.length.0,
            SwarmTime::Timed => time.0.saturating_sub(1) / self.length.0,
        }
    }

    /// Whether there are as many slices as there may be, and this moment of the run lies beyond
    /// them.
    #[must_use]
    pub fn is_full_before(&self, time: Time) -> bool {
        let most = SLICES_MOST as u64;
        !self.over && u64::from(self.played()) == most && self.number_at(time.min(self.end)) >= most
    }

    /// From now on this will happen too.
    pub(crate) fn act(&mut self, at: Time, input: &Input) -> Result<(), Error> {
        let input = Positioned { at, after: None, input: self.room.seal(input)? };
        self.swarm.act(input).map_err(Error::new)?;
        self.over = false;
        Ok(())
    }

    /// The slice in which something acts that is done at a moment: in cycles, between two of them.
    pub(crate) fn acts_in(&self, at: Time) -> u32 {
        match self.time {
            SwarmTime::Cycles => self.slice_at(Time(at.0.saturating_add(self.length.0 - 1))),
            SwarmTime::Timed => self.slice_at(at),
        }
    }

    /// Everything that there is to compare: all counts, and who stands where in the end, as
    /// little-endian words and bytes.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for slice in &self.slices {
            let Slice { sends, copies, deliveries, losses, timers, roles, taken } = slice;
            let counts = [sends, copies, deliveries, losses, timers].into_iter();
            let counts = counts.chain(roles).chain(taken);
            bytes.extend(counts.flat_map(|count| count.to_le_bytes()));
        }
        let begin = bytes.len();
        bytes.resize(begin + self.count() as usize, 0);
        self.swarm.paint(NodeId(0), &mut bytes[begin..]);
        bytes
    }

    /// A check value over [`Headcount::canonical`].
    #[must_use]
    pub fn check_value(&self) -> String {
        let mut digest = Digest::default();
        digest.bytes(&self.canonical());
        crate::opening::check_value(digest.value())
    }

    /// Plays a scenario as far as its golden goes, or to its end, or to `otherwise`.
    ///
    /// # Errors
    /// What is wrong with the scenario, or that it is no swarm.
    pub fn of(scenario: &Scenario, otherwise: Time) -> Result<Self, Error> {
        let mut headcount = Self::begin(scenario)?;
        headcount.play_until(scenario.golden_us.or(scenario.until_us).unwrap_or(otherwise));
        Ok(headcount)
    }
}
