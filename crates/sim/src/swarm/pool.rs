//! Lists in memory that they share: what one list gives back, another takes.

/// How many things lie together.
const LENGTH: u32 = 128;
const CHUNK: usize = LENGTH as usize;
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
pub(super) struct List {
    head: u32,
    tail: u32,
    pub(super) count: u32,
}

/// Nothing yet.
pub(super) const EMPTY: List = List { head: NOWHERE, tail: NOWHERE, count: 0 };

impl<T: Default> Pool<T> {
    pub(super) fn new() -> Self {
        Self { things: Vec::new(), next: Vec::new(), free: NOWHERE }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, list: &mut List, thing: T) {
        let filled = list.count as usize % CHUNK;
        if filled == 0 {
            self.lengthen(list);
        }
        self.things[list.tail as usize * CHUNK + filled] = thing;
        list.count += 1;
    }

    #[cold]
    #[inline(never)]
    fn lengthen(&mut self, list: &mut List) {
        let chunk = self.chunk();
        match list.tail {
            NOWHERE => list.head = chunk,
            tail => self.next[tail as usize] = chunk,
        }
        list.tail = chunk;
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

    /// Parts a list for whoever looks through it: what lies in its first chunks, and the rest.
    pub(super) fn parted(&self, list: List, chunks: u32) -> [List; 2] {
        let first = List { count: list.count.min(chunks * LENGTH), ..list };
        let mut rest = List { count: list.count - first.count, ..list };
        for _ in 0..first.count.div_ceil(LENGTH) {
            rest.head = self.next[rest.head as usize];
        }
        [first, rest]
    }

    /// What lies in a list, chunk by chunk.
    pub(super) fn chunks(&self, list: List) -> impl Iterator<Item = &[T]> {
        let (mut chunk, mut left) = (list.head as usize, list.count as usize);
        std::iter::from_fn(move || {
            let things = (left > 0).then(|| &self.things[chunk * CHUNK..][..left.min(CHUNK)])?;
            chunk = self.next[chunk] as usize;
            left -= things.len();
            Some(things)
        })
    }

    /// Moves the first chunk of a list to `into`; it can be used again at once, and so soon that it
    /// is still near the processor. `false` if the list is empty.
    #[inline]
    pub(super) fn take_chunk(&mut self, list: &mut List, into: &mut Vec<T>) -> bool {
        self.take_chunk_of(list, into, |_| true)
    }

    /// The same without those that nobody wants.
    #[inline(always)]
    pub(super) fn take_chunk_of(
        &mut self,
        list: &mut List,
        into: &mut Vec<T>,
        mut wanted: impl FnMut(&T) -> bool,
    ) -> bool {
        if list.count == 0 {
            return false;
        }
        let chunk = list.head as usize;
        let count = list.count.min(LENGTH);
        let from = chunk * CHUNK;
        for thing in &mut self.things[from..from + count as usize] {
            if wanted(thing) {
                into.push(std::mem::take(thing));
            }
        }
        let next = std::mem::replace(&mut self.next[chunk], self.free);
        self.free = list.head;
        *list = List { head: next, count: list.count - count, ..*list };
        true
    }

    pub(super) fn bytes(&self) -> usize {
        self.things.capacity() * size_of::<T>() + self.next.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_list_are_all_of_it() {
        let (mut pool, mut list, mut other) = (Pool::new(), EMPTY, EMPTY);
        for thing in 0..1_000_u32 {
            pool.push(&mut list, thing);
            pool.push(&mut other, thing + 5_000);
        }
        let (mut seen, mut rest) = (Vec::<u32>::new(), list);
        while rest.count > 0 {
            let [first, more] = pool.parted(rest, 3);
            assert_eq!(first.count, rest.count.min(3 * LENGTH));
            seen.extend(pool.chunks(first).flatten());
            rest = more;
        }
        assert!(seen.into_iter().eq(0..1_000));
        assert_eq!(pool.parted(rest, 3).map(|part| part.count), [0, 0]);
    }
}
