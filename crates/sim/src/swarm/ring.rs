//! What is to come in a swarm: a bucket for each microsecond of a short window, a ring of such
//! windows, and a map for what is further away. Putting in and taking out cost the same however
//! much there is.
//!
//! Few lists grow at a time, so each grows in long chunks near the processor: with a bucket for
//! each microsecond of a long ring, every message would have to wait for memory of its own.

use super::bits::Bits;
use super::letter::{Alarm, Letter, moment};
use super::pool::{EMPTY, List, Pool};
use faultline_kernel::{NodeId, Time};
use std::collections::BTreeMap;

/// How many microseconds a window has: a moment in it fits in a byte.
const MOMENTS: u64 = 1 << 8;
/// How many windows the ring has, with the one that is now.
const WINDOWS: u64 = 1 << 10;

/// A place among the buckets.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are not that many")]
const fn index(place: u64) -> usize {
    place as usize
}

/// What comes due at one microsecond, or in one window.
#[derive(Clone, Copy)]
pub(super) struct Bucket {
    pub(super) mail: List,
    pub(super) alarms: List,
}

pub(super) const NOTHING: Bucket = Bucket { mail: EMPTY, alarms: EMPTY };

impl Bucket {
    pub(super) fn count(self) -> u64 {
        u64::from(self.mail.count) + u64::from(self.alarms.count)
    }
}

/// The ring.
pub(super) struct Ring<M> {
    pub(super) mail: Pool<Option<Letter<M>>>,
    pub(super) alarms: Pool<Alarm>,
    /// The moments of the window that is now, then the windows of the ring.
    buckets: Vec<Bucket>,
    /// The buckets in which something lies.
    taken: Bits,
    /// The windows beyond the ring. What was put here was put here before the ring reached it.
    far: BTreeMap<u64, Bucket>,
    /// The number of the window that is now.
    window: u64,
    /// Chunks that are being sorted.
    letters: Vec<Option<Letter<M>>>,
    sorted: Vec<Alarm>,
}

impl<M> Ring<M> {
    pub(super) fn new() -> Self {
        let buckets = index(MOMENTS + WINDOWS);
        Self {
            mail: Pool::new(),
            alarms: Pool::new(),
            buckets: vec![NOTHING; buckets],
            taken: Bits(vec![0; buckets / 64]),
            far: BTreeMap::new(),
            window: 0,
            letters: Vec::new(),
            sorted: Vec::new(),
        }
    }

    #[inline(always)]
    pub(super) fn push_mail(&mut self, at: Time, from: NodeId, to: NodeId, message: M) {
        let letter = Some(Letter::new(at, from, to, message));
        let Some(place) = self.place(at) else {
            let bucket = self.far.entry(at.0 / MOMENTS).or_insert(NOTHING);
            return self.mail.push(&mut bucket.mail, letter);
        };
        let list = &mut self.buckets[place].mail;
        if list.count == 0 {
            self.taken.0[place / 64] |= 1 << (place % 64);
        }
        self.mail.push(list, letter);
    }

    #[inline(always)]
    pub(super) fn push_alarm(&mut self, at: Time, node: NodeId) {
        let alarm = Alarm::new(node, at);
        let Some(place) = self.place(at) else {
            let bucket = self.far.entry(at.0 / MOMENTS).or_insert(NOTHING);
            return self.alarms.push(&mut bucket.alarms, alarm);
        };
        let list = &mut self.buckets[place].alarms;
        if list.count == 0 {
            self.taken.0[place / 64] |= 1 << (place % 64);
        }
        self.alarms.push(list, alarm);
    }

    /// The bucket of a moment, unless it is beyond the ring.
    #[inline]
    fn place(&self, at: Time) -> Option<usize> {
        let ahead = (at.0 / MOMENTS).wrapping_sub(self.window);
        debug_assert!(ahead <= u64::MAX / MOMENTS, "nothing comes due in the past");
        match ahead {
            0 => Some(usize::from(moment(at))),
            1..WINDOWS => Some(index(MOMENTS + at.0 / MOMENTS % WINDOWS)),
            _ => None,
        }
    }

    /// When something comes due next, if that is not after `bound`; otherwise a moment after it,
    /// before which nothing comes due. Until `bound` nobody puts anything in.
    pub(super) fn next(&mut self, bound: Time) -> Option<Time> {
        loop {
            let moments = &self.taken.0[..(MOMENTS / 64) as usize];
            if let Some(word) = moments.iter().position(|word| *word != 0) {
                let moment = word as u64 * 64 + u64::from(moments[word].trailing_zeros());
                return Some(Time(self.window * MOMENTS + moment));
            }
            let far = self.far.keys().next().copied();
            let window = self.next_window().into_iter().chain(far).min()?;
            let start = Time(window * MOMENTS);
            if start > bound {
                return Some(start);
            }
            self.open(window);
        }
    }

    /// The next window of the ring in which something lies.
    fn next_window(&self) -> Option<u64> {
        let (first, words) = ((MOMENTS / 64) as usize, (WINDOWS / 64) as usize);
        let start = (self.window + 1) % WINDOWS;
        for step in 0..=words {
            let word = (start as usize / 64 + step) % words;
            let mut taken = self.taken.0[first + word];
            // The word in which it starts comes again at the end, for the windows before.
            let before = (1 << (start % 64)) - 1;
            match step {
                0 => taken &= !before,
                _ if step == words => taken &= before,
                _ => {}
            }
            if taken != 0 {
                let place = word as u64 * 64 + u64::from(taken.trailing_zeros());
                return Some(self.window + 1 + (place + WINDOWS - start) % WINDOWS);
            }
        }
        None
    }

    /// A window is now: what lies in it is sorted by moments.
    fn open(&mut self, window: u64) {
        self.window = window;
        let place = index(MOMENTS + window % WINDOWS);
        self.taken.0[place / 64] &= !(1 << (place % 64));
        let near = std::mem::replace(&mut self.buckets[place], NOTHING);
        let Self { mail, alarms, buckets, taken, letters, sorted, far, .. } = self;
        for bucket in far.remove(&window).into_iter().chain([near]) {
            let moment = |letter: &Option<Letter<M>>| letter.as_ref().map_or(0, Letter::moment);
            sort(mail, bucket.mail, letters, moment, (buckets, taken), |bucket| &mut bucket.mail);
            let moment = |alarm: &Alarm| alarm.moment();
            sort(alarms, bucket.alarms, sorted, moment, (buckets, taken), |it| &mut it.alarms);
        }
    }

    /// Takes out all that comes due at `now`, which is not after [`Ring::next`]. What it holds
    /// still lies in the pools.
    pub(super) fn take(&mut self, now: Time) -> Bucket {
        if now.0 / MOMENTS != self.window {
            self.open(now.0 / MOMENTS);
        }
        let place = usize::from(moment(now));
        self.taken.0[place / 64] &= !(1 << (place % 64));
        std::mem::replace(&mut self.buckets[place], NOTHING)
    }

    /// Parts what was taken out, for whoever looks through it: the first chunks, and the rest.
    pub(super) fn parted(&self, bucket: Bucket, chunks: u32) -> [Bucket; 2] {
        let [mail, more_mail] = self.mail.parted(bucket.mail, chunks);
        let [alarms, more_alarms] = self.alarms.parted(bucket.alarms, chunks);
        [Bucket { mail, alarms }, Bucket { mail: more_mail, alarms: more_alarms }]
    }

    /// Bytes for messages, for timers, for the ring itself.
    pub(super) fn bytes(&self) -> [usize; 3] {
        let ring = self.buckets.capacity() * size_of::<Bucket>() + self.taken.bytes();
        let far = self.far.len() * (size_of::<Bucket>() + size_of::<u64>());
        let chunks = self.letters.capacity() * size_of::<Option<Letter<M>>>()
            + self.sorted.capacity() * size_of::<Alarm>();
        [self.mail.bytes(), self.alarms.bytes(), ring + far + chunks]
    }
}

/// Sorts what lies in a window by moments.
fn sort<T: Default>(
    pool: &mut Pool<T>,
    mut list: List,
    chunk: &mut Vec<T>,
    moment: impl Fn(&T) -> u8,
    (buckets, taken): (&mut [Bucket], &mut Bits),
    list_of: impl Fn(&mut Bucket) -> &mut List,
) {
    let place = |thing: &T| usize::from(moment(thing));
    let mut all = pool.chunks(list).flatten().map(place);
    let Some(first) = all.next() else { return };
    taken.0[first / 64] |= 1 << (first % 64);
    // In a network of one latency, where a million nodes go in step: then nothing is moved.
    let alike = all.all(|place| place == first);
    drop(all);
    let only = list_of(&mut buckets[first]);
    if alike && only.count == 0 {
        *only = list;
        return;
    }
    while pool.take_chunk(&mut list, chunk) {
        for thing in chunk.drain(..) {
            let place = place(&thing);
            taken.0[place / 64] |= 1 << (place % 64);
            pool.push(list_of(&mut buckets[place]), thing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::{Draw, Purpose};

    type Due = (u64, Vec<u32>, Vec<u32>);

    fn take_next(ring: &mut Ring<u32>) -> Option<Due> {
        let (mut mail, mut alarms) = (Vec::new(), Vec::new());
        let at = ring.next(Time(u64::MAX))?;
        let mut bucket = ring.take(at);
        let seen = ring.mail.chunks(bucket.mail).flatten().flatten();
        let seen: Vec<u32> = seen.map(|letter| letter.message).collect();
        while ring.mail.take_chunk(&mut bucket.mail, &mut mail) {}
        while ring.alarms.take_chunk(&mut bucket.alarms, &mut alarms) {}
        let mail = mail.into_iter().flatten().map(|letter| {
            assert_eq!((letter.from().0, letter.to().0), (letter.message, letter.message / 2));
            letter.message
        });
        let mail: Vec<u32> = mail.collect();
        assert_eq!(seen, mail);
        Some((at.0, mail, alarms.into_iter().map(|alarm| alarm.node().0).collect()))
    }

    fn push_mail(ring: &mut Ring<u32>, at: u64, number: u32) {
        ring.push_mail(Time(at), NodeId(number), NodeId(number / 2), number);
    }

    #[test]
    fn what_is_put_in_comes_out_at_its_time_in_the_order_of_putting() {
        let mut ring = Ring::new();
        let mut wanted: BTreeMap<u64, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
        let mut draw = Draw::keyed(1, Purpose::Choose, &[]);
        let mut now = 0;
        for number in 0..20_000_u32 {
            let scales = [3, 900, 5_000, 300_000, 2_000_000];
            let scale = scales[usize::try_from(draw.below(5)).expect("below five")];
            let at = now + 1 + draw.below(scale);
            if draw.chance(500_000) {
                push_mail(&mut ring, at, number);
                wanted.entry(at).or_default().0.push(number);
            } else {
                ring.push_alarm(Time(at), NodeId(number));
                wanted.entry(at).or_default().1.push(number);
            }
            if draw.chance(300_000) {
                let (at, (mail, alarms)) = wanted.pop_first().expect("there is something");
                assert_eq!(take_next(&mut ring), Some((at, mail, alarms)));
                now = at;
            }
        }
        for (at, (mail, alarms)) in wanted {
            assert_eq!(take_next(&mut ring), Some((at, mail, alarms)));
        }
        assert_eq!(take_next(&mut ring), None);
    }

    #[test]
    fn what_comes_at_one_moment_of_a_far_window_comes_out_in_order_too() {
        for (first, then) in [(vec![9_000, 9_000], 9_000), (vec![9_000, 9_001], 9_000)] {
            let mut ring = Ring::new();
            for (number, at) in (0..).zip(&first) {
                push_mail(&mut ring, *at, number);
                ring.push_alarm(Time(*at), NodeId(number));
            }
            assert_eq!(ring.next(Time(9_000)), Some(Time(9_000)));
            // The window is now; more comes for the same moment.
            push_mail(&mut ring, then, 7);
            let at_once = first.iter().filter(|at| **at == then).count();
            let numbers: Vec<u32> = (0..2).take(at_once).collect();
            let mail = [&numbers[..], &[7]].concat();
            assert_eq!(take_next(&mut ring), Some((then, mail, numbers)));
        }
    }

    #[test]
    fn what_is_after_the_bound_can_still_be_preceded() {
        let mut ring = Ring::new();
        for at in [9_000, 700_000] {
            push_mail(&mut ring, at, 1);
            let next = ring.next(Time(3_000)).expect("there is something");
            assert!(next > Time(3_000) && next <= Time(at), "{next}");
            push_mail(&mut ring, 4_000, 2);
            assert_eq!(take_next(&mut ring), Some((4_000, vec![2], vec![])));
            if at == 9_000 {
                assert_eq!(take_next(&mut ring), Some((9_000, vec![1], vec![])));
                ring = Ring::new();
            }
        }
        assert_eq!(take_next(&mut ring), Some((700_000, vec![1], vec![])));
    }

    #[test]
    fn what_is_put_in_for_now_comes_out_now() {
        let mut ring = Ring::new();
        push_mail(&mut ring, 90_000, 1);
        for now in [5_000, 5_001, 80_000] {
            push_mail(&mut ring, now, 2);
            assert_eq!(ring.take(Time(now)).mail.count, 1, "{now}");
        }
    }

    #[test]
    fn chunks_are_used_again() {
        let mut ring = Ring::new();
        let mut before = 0;
        for round in 0..50_u64 {
            for number in 0..10_000 {
                push_mail(&mut ring, round * 10_000 + 1 + u64::from(number) % 5_000, number);
            }
            while take_next(&mut ring).is_some() {}
            let [mail, ..] = ring.bytes();
            assert!(round == 0 || mail == before, "{round}");
            before = mail;
        }
    }
}
