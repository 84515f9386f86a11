//! What is to come in a swarm: a ring of buckets, one for each microsecond near enough, and a map
//! for what is further away. Putting in and taking out cost the same however much there is.

use super::bits::Bits;
use faultline_kernel::{NodeId, Time};
use std::collections::BTreeMap;

/// How far the ring grows, in microseconds.
const RING_MOST: u64 = 1 << 18;
/// How long it is at first.
const RING_LEAST: u64 = 1 << 10;
/// How many things lie together.
const CHUNK: usize = 16;
const NOWHERE: u32 = u32::MAX;

/// Lists that share chunks. What is put into one comes out in the same order.
#[derive(Clone)]
pub(super) struct Pool<T> {
    things: Vec<T>,
    /// For each chunk the one after it, in its list or among the free ones.
    next: Vec<u32>,
    free: u32,
}

/// A list in a [`Pool`].
#[derive(Clone, Copy)]
struct List {
    head: u32,
    tail: u32,
    /// How many lie in the last chunk.
    filled: u32,
}

const EMPTY: List = List { head: NOWHERE, tail: NOWHERE, filled: 0 };

impl<T: Default> Pool<T> {
    fn new() -> Self {
        Self { things: Vec::new(), next: Vec::new(), free: NOWHERE }
    }

    #[inline]
    fn push(&mut self, list: &mut List, thing: T) {
        if list.tail == NOWHERE || list.filled as usize == CHUNK {
            self.lengthen(list);
        }
        self.things[list.tail as usize * CHUNK + list.filled as usize] = thing;
        list.filled += 1;
    }

    fn lengthen(&mut self, list: &mut List) {
        let chunk = self.chunk();
        match list.tail {
            NOWHERE => list.head = chunk,
            tail => self.next[tail as usize] = chunk,
        }
        (list.tail, list.filled) = (chunk, 0);
    }

    fn chunk(&mut self) -> u32 {
        if self.free != NOWHERE {
            let chunk = self.free;
            self.free = self.next[chunk as usize];
            self.next[chunk as usize] = NOWHERE;
            return chunk;
        }
        let chunks = self.next.len();
        if self.next.capacity() == chunks {
            // Grown by a quarter and not by half, since this is most of a swarm's memory.
            let more = (chunks / 4).max(64);
            self.next.reserve_exact(more);
            self.things.reserve_exact(more * CHUNK);
        }
        self.next.push(NOWHERE);
        self.things.resize_with((chunks + 1) * CHUNK, T::default);
        u32::try_from(chunks).expect("memory ends before")
    }

    /// Moves all of a list behind what is in `into`; its chunks are free.
    fn drain(&mut self, list: List, into: &mut Vec<T>) {
        let mut chunk = list.head;
        while chunk != NOWHERE {
            let filled = if chunk == list.tail { list.filled as usize } else { CHUNK };
            let from = chunk as usize * CHUNK;
            into.extend(self.things[from..from + filled].iter_mut().map(std::mem::take));
            let next = std::mem::replace(&mut self.next[chunk as usize], self.free);
            self.free = chunk;
            chunk = next;
        }
    }

    fn bytes(&self) -> usize {
        self.things.capacity() * size_of::<T>() + self.next.capacity() * size_of::<u32>()
    }
}

/// What comes due at one microsecond.
#[derive(Clone, Copy)]
struct Bucket {
    mail: List,
    timers: List,
}

const NOTHING: Bucket = Bucket { mail: EMPTY, timers: EMPTY };

/// The ring. `M` is what a message is kept as; a timer is kept as its node.
#[derive(Clone)]
pub(super) struct Ring<M> {
    mail: Pool<M>,
    timers: Pool<u32>,
    buckets: Vec<Bucket>,
    /// The buckets in which something lies.
    taken: Bits,
    far: BTreeMap<u64, Bucket>,
    /// The first moment that can still be filled.
    from: u64,
}

impl<M: Default> Ring<M> {
    pub(super) fn new() -> Self {
        let mut ring = Self {
            mail: Pool::new(),
            timers: Pool::new(),
            buckets: Vec::new(),
            taken: Bits::default(),
            far: BTreeMap::new(),
            from: 0,
        };
        ring.resize(RING_LEAST);
        ring
    }

    #[inline]
    pub(super) fn push_mail(&mut self, at: Time, mail: M) {
        if !self.near(at) {
            return self.push_far(at, |ring, bucket| ring.mail.push(&mut bucket.mail, mail));
        }
        let place = place(at.0, self.buckets.len());
        self.mail.push(&mut self.buckets[place].mail, mail);
        self.taken.0[place / 64] |= 1 << (place % 64);
    }

    #[inline]
    pub(super) fn push_timer(&mut self, at: Time, node: NodeId) {
        if !self.near(at) {
            return self.push_far(at, |ring, bucket| ring.timers.push(&mut bucket.timers, node.0));
        }
        let place = place(at.0, self.buckets.len());
        self.timers.push(&mut self.buckets[place].timers, node.0);
        self.taken.0[place / 64] |= 1 << (place % 64);
    }

    #[inline]
    fn near(&mut self, at: Time) -> bool {
        debug_assert!(at.0 >= self.from, "nothing comes due in the past");
        let ahead = at.0.wrapping_sub(self.from);
        ahead < self.buckets.len() as u64 || (ahead < RING_MOST && self.grow(ahead))
    }

    #[cold]
    fn grow(&mut self, ahead: u64) -> bool {
        self.resize((ahead + 1).next_power_of_two());
        true
    }

    fn resize(&mut self, length: u64) {
        let length = usize::try_from(length).expect("it is bounded");
        let old = std::mem::replace(&mut self.buckets, vec![NOTHING; length]);
        let before = std::mem::replace(&mut self.taken, Bits(vec![0; length / 64]));
        for ahead in 0..old.len() as u64 {
            let from = place(self.from + ahead, old.len());
            if before.0[from / 64] >> (from % 64) & 1 == 1 {
                self.put(self.from + ahead, old[from]);
            }
        }
        self.come_near();
    }

    fn put(&mut self, at: u64, bucket: Bucket) {
        let place = place(at, self.buckets.len());
        self.buckets[place] = bucket;
        self.taken.0[place / 64] |= 1 << (place % 64);
    }

    #[cold]
    fn push_far(&mut self, at: Time, push: impl FnOnce(&mut Self, &mut Bucket)) {
        let mut bucket = self.far.get(&at.0).copied().unwrap_or(NOTHING);
        push(self, &mut bucket);
        self.far.insert(at.0, bucket);
    }

    /// Puts into the ring what is near enough by now: before anything else is put there.
    fn come_near(&mut self) {
        let end = self.from.saturating_add(self.buckets.len() as u64);
        while let Some(first) = self.far.first_entry().filter(|first| *first.key() < end) {
            let (at, bucket) = first.remove_entry();
            self.put(at, bucket);
        }
    }

    /// When something comes due next.
    pub(super) fn next(&self) -> Option<Time> {
        let start = place(self.from, self.buckets.len());
        let words = self.taken.0.len();
        let first = self.taken.0[start / 64] >> (start % 64);
        if first != 0 {
            return Some(Time(self.from + u64::from(first.trailing_zeros())));
        }
        // The word in which it starts comes again at the end, for the moments before `start`.
        let mut ahead = 64 - (start % 64) as u64;
        for word in 1..=words {
            let taken = self.taken.0[(start / 64 + word) % words];
            if taken != 0 {
                return Some(Time(self.from + ahead + u64::from(taken.trailing_zeros())));
            }
            ahead += 64;
        }
        self.far.keys().next().map(|at| Time(*at))
    }

    /// Takes out all that comes due at `now`, which is not after [`Ring::next`]; from here on only
    /// later moments can be filled.
    pub(super) fn take(&mut self, now: Time, mail: &mut Vec<M>, timers: &mut Vec<u32>) {
        self.pass(now);
        let place = place(now.0, self.buckets.len());
        let bucket = std::mem::replace(&mut self.buckets[place], NOTHING);
        self.taken.0[place / 64] &= !(1 << (place % 64));
        self.mail.drain(bucket.mail, mail);
        self.timers.drain(bucket.timers, timers);
        self.pass(Time(now.0 + 1));
    }

    /// Time goes on to `now`; nothing comes due before it.
    pub(super) fn pass(&mut self, now: Time) {
        self.from = self.from.max(now.0);
        if !self.far.is_empty() {
            self.come_near();
        }
    }

    /// Bytes for messages, for timers, for the ring itself.
    pub(super) fn bytes(&self) -> [usize; 3] {
        let ring = self.buckets.capacity() * size_of::<Bucket>() + self.taken.bytes();
        let far = self.far.len() * (size_of::<Bucket>() + size_of::<u64>());
        [self.mail.bytes(), self.timers.bytes(), ring + far]
    }
}

#[inline]
fn place(at: u64, length: usize) -> usize {
    // The length is a power of two.
    #[expect(clippy::cast_possible_truncation, reason = "the length is far below 32 bits")]
    let low = at as usize;
    low & (length - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::{Draw, Purpose};

    type Due = (u64, Vec<u64>, Vec<u32>);

    fn take_next(ring: &mut Ring<u64>) -> Option<Due> {
        let (mut mail, mut timers) = (Vec::new(), Vec::new());
        let at = ring.next()?;
        ring.take(at, &mut mail, &mut timers);
        Some((at.0, mail, timers))
    }

    #[test]
    fn what_is_put_in_comes_out_at_its_time_in_the_order_of_putting() {
        let mut ring = Ring::new();
        let mut wanted: BTreeMap<u64, (Vec<u64>, Vec<u32>)> = BTreeMap::new();
        let mut draw = Draw::keyed(1, Purpose::Choose, &[]);
        let mut now = 0;
        for number in 0..20_000_u32 {
            let scales = [3, 900, 5_000, 300_000, 2_000_000];
            let scale = scales[usize::try_from(draw.below(5)).expect("below five")];
            let at = now + 1 + draw.below(scale);
            if draw.chance(500_000) {
                ring.push_mail(Time(at), number.into());
                wanted.entry(at).or_default().0.push(number.into());
            } else {
                ring.push_timer(Time(at), NodeId(number));
                wanted.entry(at).or_default().1.push(number);
            }
            if draw.chance(300_000) {
                let (at, (mail, timers)) = wanted.pop_first().expect("there is something");
                assert_eq!(take_next(&mut ring), Some((at, mail, timers)));
                now = at;
            }
        }
        for (at, (mail, timers)) in wanted {
            assert_eq!(take_next(&mut ring), Some((at, mail, timers)));
        }
        assert_eq!(take_next(&mut ring), None);
    }

    #[test]
    fn chunks_are_used_again() {
        let mut ring = Ring::new();
        let mut before = 0;
        for round in 0..50_u64 {
            for number in 0..1_000 {
                ring.push_mail(Time(round * 100 + 1 + number % 50), number);
            }
            while take_next(&mut ring).is_some() {}
            let [mail, ..] = ring.bytes();
            assert!(round == 0 || mail == before, "{round}");
            before = mail;
        }
    }
}
