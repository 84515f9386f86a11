//! Messages on their way.

use crate::input::MessageName;
use crate::log::Why;
use faultline_kernel::{NodeId, Time};

/// How a message fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flying {
    /// It will arrive, unless something happens to it.
    Well,
    /// It will be lost, and nobody knows yet.
    Doomed(Why),
    /// It waits until somebody lets it go.
    Held,
}

/// A message on its way. What it says lies with the cast, under the same slot.
#[derive(Clone, Copy)]
pub(crate) struct Flight {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) sent: Time,
    /// When it arrives, or would have.
    pub(crate) arrives: Time,
    pub(crate) ordinal: u16,
    pub(crate) copy: bool,
    pub(crate) kind: u8,
    pub(crate) flying: Flying,
    /// The event in which it was sent.
    pub(crate) sent_by: u32,
}

/// A message on its way, as others see it.
#[derive(Clone, Copy, Debug)]
pub struct FlightView {
    /// Its name.
    pub name: MessageName,
    /// When it arrives, or would have.
    pub arrives: Time,
    /// Which kind of message.
    pub kind: u8,
    /// How it fares.
    pub flying: Flying,
    /// The event in which it was sent.
    pub sent_by: u32,
    /// Where what it says is kept: see [`crate::World::message`].
    pub slot: u32,
}

impl Flight {
    pub(crate) fn name(&self) -> MessageName {
        MessageName {
            from: self.from,
            to: self.to,
            sent_us: self.sent,
            ordinal: self.ordinal,
            copy: self.copy,
        }
    }

    /// What orders it among messages of one sender that arrive at one instant.
    pub(crate) fn tail(&self) -> u64 {
        self.sent.0 << 16 | u64::from(self.ordinal.min(0x7fff)) << 1 | u64::from(self.copy)
    }

    /// How far it has come, in 255ths.
    pub(crate) fn way(&self, now: Time) -> u8 {
        let whole = self.arrives.since(self.sent).0.max(1);
        let gone = now.since(self.sent).0.min(whole);
        u8::try_from(gone * 255 / whole).expect("at most 255")
    }

    pub(crate) fn view(&self, slot: u32) -> FlightView {
        FlightView {
            name: self.name(),
            arrives: self.arrives,
            kind: self.kind,
            flying: self.flying,
            sent_by: self.sent_by,
            slot,
        }
    }
}

/// Flights in numbered slots that are used again.
#[derive(Clone, Default)]
pub(crate) struct Flights {
    slots: Vec<Option<Flight>>,
    free: Vec<u32>,
}

impl Flights {
    pub(crate) fn insert(&mut self, flight: Flight) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = Some(flight);
            return slot;
        }
        self.slots.push(Some(flight));
        u32::try_from(self.slots.len() - 1).expect("memory ends before")
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<Flight> {
        let flight = self.slots.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some(flight)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Flight> {
        self.slots.get(slot as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Flight> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    /// The slot of the message of this name.
    pub(crate) fn find(&self, name: MessageName) -> Option<u32> {
        let place = self
            .slots
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|flight| flight.name() == name))?;
        u32::try_from(place).ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Flight)> + '_ {
        (0..).zip(&self.slots).filter_map(|(slot, flight)| Some((slot, flight.as_ref()?)))
    }

    pub(crate) fn weight(&self) -> usize {
        self.slots.capacity() * size_of::<Option<Flight>>() + self.free.capacity() * 4
    }
}
