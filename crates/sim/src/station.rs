//! What the universe keeps for each node beside its memory and disk: clock, timers, condition.

use crate::clock::Clock;
use crate::disk::Outbox;
use crate::queue::{Due, Entry, Queue};
use faultline_kernel::{NodeId, Span, Time};

/// Whether a node runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Condition {
    /// It has not started, or it crashed.
    #[default]
    Down,
    /// It runs.
    Up,
    /// It stands still.
    Paused,
}

/// A timer that is set, as others see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CountdownView {
    /// The key of its name.
    pub key: u32,
    /// Which kind of timer: an index into [`faultline_kernel::About::timers`].
    pub kind: u8,
    /// The node it is about, for timers that are kept one per peer.
    pub about: Option<NodeId>,
    /// When it was set.
    pub set_at: Time,
    /// When it runs out.
    pub deadline: Time,
}

/// One timer. At most one queue entry is tracked; setting it again to a later time leaves that
/// entry alone, and when it comes up too early it is queued again.
#[derive(Clone, Copy, Debug)]
struct Timer {
    key: u32,
    /// The event in which it was set.
    set_by: u32,
    set_at: Time,
    /// When it runs out; `None` while it is not set.
    deadline: Option<Time>,
    /// The earliest entry in the queue that stands for it.
    queued: Option<Time>,
}

/// One node's corner of the universe.
#[derive(Clone, Debug, Default)]
pub(crate) struct Station {
    pub(crate) condition: Condition,
    pub(crate) clock: Clock,
    /// Rises at each crash, so that what was under way is recognised as stale.
    pub(crate) epoch: u32,
    /// How many writes the disk is busy with; 0 while it is idle.
    pub(crate) writing: usize,
    /// What waits for the disk.
    pub(crate) outbox: Outbox,
    /// What came while the node was paused.
    pub(crate) backlog: Vec<Entry>,
    timers: Vec<Timer>,
    /// When it last sent, and how often to whom at that instant.
    sent_at: Time,
    sent: Vec<(NodeId, u16)>,
    /// What it drew, by its own clock.
    pub(crate) drew: Tally,
    /// What its disk drew, by true time.
    pub(crate) wrote: Tally,
}

/// Counts what happens at one instant, from 0.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    at: Time,
    so_far: u64,
}

impl Tally {
    /// The how-manieth it is at this instant.
    pub(crate) fn next(&mut self, now: Time) -> u64 {
        if self.at != now {
            *self = Self { at: now, so_far: 0 };
        }
        self.so_far += 1;
        self.so_far - 1
    }
}

impl Station {
    /// The how-manieth message to `to` at this instant, from 0.
    pub(crate) fn ordinal(&mut self, now: Time, to: NodeId) -> u16 {
        if self.sent_at != now {
            self.sent_at = now;
            self.sent.clear();
        }
        // A broadcast goes in the order of members: the usual case is one comparison.
        if self.sent.last().is_none_or(|(last, _)| *last < to) {
            self.sent.push((to, 0));
            return 0;
        }
        match self.sent.binary_search_by_key(&to, |(node, _)| *node) {
            Ok(place) => {
                self.sent[place].1 = self.sent[place].1.saturating_add(1);
                self.sent[place].1
            }
            Err(place) => {
                self.sent.insert(place, (to, 0));
                0
            }
        }
    }

    /// Whether it has never started.
    pub(crate) fn is_new(&self) -> bool {
        self.condition == Condition::Down && self.epoch == 0
    }

    /// Sets a timer to run out after `span` of the node's own clock.
    pub(crate) fn set_timer(
        &mut self,
        queue: &mut Queue,
        node: NodeId,
        key: u32,
        now: Time,
        span: Span,
        set_by: u32,
    ) {
        let deadline = now + self.clock.real(span);
        let timer = self.timer(key);
        timer.set_by = set_by;
        timer.set_at = now;
        timer.arm(queue, node, deadline);
    }

    pub(crate) fn cancel_timer(&mut self, key: u32) {
        if let Some(timer) = self.timers.iter_mut().find(|timer| timer.key == key) {
            timer.deadline = None;
        }
    }

    /// Whether the timer of this queue entry really runs out at its time.
    pub(crate) fn runs_out(&self, entry: Entry) -> bool {
        let timer = self.timers.iter().find(|timer| timer.key == entry.about());
        self.condition == Condition::Up
            && timer.is_some_and(|timer| {
                timer.queued == Some(entry.time) && timer.deadline == Some(entry.time)
            })
    }

    /// The timer of this entry, which is out of the queue, runs out: the event that set it.
    pub(crate) fn run_out(&mut self, entry: Entry) -> u32 {
        let timer = self.timer(entry.about());
        timer.queued = None;
        timer.deadline = None;
        timer.set_by
    }

    /// The entry is out of the queue and its timer does not run out yet: queue it for when it does.
    /// While the node is paused nothing is queued; [`Station::rearm`] does that later.
    pub(crate) fn requeue(&mut self, queue: &mut Queue, entry: Entry) {
        let up = self.condition == Condition::Up;
        let timer = self.timers.iter_mut().find(|timer| timer.key == entry.about());
        let Some(timer) = timer.filter(|timer| timer.queued == Some(entry.time)) else { return };
        timer.queued = None;
        if let Some(deadline) = timer.deadline.filter(|_| up) {
            timer.arm(queue, entry.node(), deadline);
        }
    }

    /// Makes a timer that is set run out now, because of `event`.
    pub(crate) fn fire(
        &mut self,
        queue: &mut Queue,
        node: NodeId,
        key: u32,
        now: Time,
        event: u32,
    ) {
        let timer = self.timers.iter_mut().find(|timer| timer.key == key);
        if let Some(timer) = timer.filter(|timer| timer.deadline.is_some()) {
            timer.set_by = event;
            timer.arm(queue, node, now);
        }
    }

    /// After a pause: whatever ran out meanwhile runs out now.
    pub(crate) fn rearm(&mut self, queue: &mut Queue, node: NodeId, now: Time) {
        for timer in &mut self.timers {
            if let Some(deadline) = timer.deadline {
                timer.queued = None;
                timer.arm(queue, node, deadline.max(now));
            }
        }
    }

    /// The clock changes its rate: what is left of each timer is stretched or shrunk.
    pub(crate) fn set_rate(&mut self, queue: &mut Queue, node: NodeId, now: Time, rate_ppm: u32) {
        let before = self.clock;
        self.clock.set_rate(now, rate_ppm);
        for timer in &mut self.timers {
            let Some(deadline) = timer.deadline.filter(|deadline| *deadline > now) else {
                continue;
            };
            let local = before.local(deadline).since(before.local(now));
            let deadline = now + self.clock.real(local);
            timer.arm(queue, node, deadline);
        }
    }

    /// Memory is gone: so are timers, and whatever was under way belongs to an older epoch.
    pub(crate) fn crash(&mut self) -> Vec<Entry> {
        self.condition = Condition::Down;
        self.epoch += 1;
        self.writing = 0;
        self.outbox.clear();
        self.timers.clear();
        std::mem::take(&mut self.backlog)
    }

    /// The timers that are set: key, when it was set, when it runs out.
    pub(crate) fn countdowns(&self) -> impl Iterator<Item = (u32, Time, Time)> + '_ {
        self.timers.iter().filter_map(|timer| Some((timer.key, timer.set_at, timer.deadline?)))
    }

    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>()
            + self.timers.capacity() * size_of::<Timer>()
            + self.sent.capacity() * size_of::<(NodeId, u16)>()
            + self.backlog.capacity() * size_of::<Entry>()
    }

    fn timer(&mut self, key: u32) -> &mut Timer {
        let place = self.timers.iter().position(|timer| timer.key == key);
        let place = place.unwrap_or_else(|| {
            let fresh = Timer { key, set_by: 0, set_at: Time::ZERO, deadline: None, queued: None };
            self.timers.push(fresh);
            self.timers.len() - 1
        });
        &mut self.timers[place]
    }
}

impl Timer {
    fn arm(&mut self, queue: &mut Queue, node: NodeId, deadline: Time) {
        self.deadline = Some(deadline);
        if self.queued.is_none_or(|queued| queued > deadline) {
            self.queued = Some(deadline);
            queue.push(Entry::new(Due::Timer, deadline, node, self.key, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: NodeId = NodeId(0);

    /// When the timer runs out, and which event set it.
    fn fired(station: &mut Station, queue: &mut Queue) -> Vec<(Time, u32)> {
        let mut fired = Vec::new();
        while let Some(entry) = queue.pop() {
            if station.runs_out(entry) {
                fired.push((entry.time, station.run_out(entry)));
            } else {
                station.requeue(queue, entry);
            }
        }
        fired
    }

    fn up() -> (Station, Queue) {
        (Station { condition: Condition::Up, ..Station::default() }, Queue::default())
    }

    #[test]
    fn a_timer_set_again_runs_out_once_at_the_later_time() {
        let (mut station, mut queue) = up();
        station.set_timer(&mut queue, NODE, 1, Time(0), Span(100), 5);
        station.set_timer(&mut queue, NODE, 1, Time(50), Span(100), 6);
        assert_eq!(fired(&mut station, &mut queue), [(Time(150), 6)]);
    }

    #[test]
    fn a_timer_set_to_an_earlier_time_runs_out_once() {
        let (mut station, mut queue) = up();
        station.set_timer(&mut queue, NODE, 1, Time(0), Span(100), 5);
        station.set_timer(&mut queue, NODE, 1, Time(10), Span(20), 6);
        assert_eq!(fired(&mut station, &mut queue), [(Time(30), 6)]);
    }

    #[test]
    fn what_the_disk_draws_does_not_count_among_what_the_node_draws() {
        let mut station = Station::default();
        station.clock.set_rate(Time(0), 2_000_000);
        let (now, local) = (Time(10), Time(20));
        assert_eq!(station.clock.local(now), local);
        assert_eq!(station.drew.next(local), 0);
        assert_eq!(station.wrote.next(now), 0);
        assert_eq!(station.drew.next(local), 1, "two draws of one instant are two draws");
    }

    #[test]
    fn ordinals_count_equal_sends_at_one_instant() {
        let mut station = Station::default();
        let mut ordinal = |now, to| station.ordinal(Time(now), NodeId(to));
        assert_eq!([ordinal(1, 3), ordinal(1, 1), ordinal(1, 3), ordinal(1, 1)], [0, 0, 1, 1]);
        assert_eq!(ordinal(2, 3), 0);
    }
}
