//! A growing sequence that is cheap to copy.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sequence whose copies share what they have in common.
///
/// Full chunks of `CHUNK` elements never change and are shared, and so are full pages of chunks;
/// only the tail, the last page and the list of pages are copied when two copies grow apart.
/// `clone` takes constant time, `push` is amortised constant.
#[derive(Clone, Debug)]
pub struct SharedLog<T, const CHUNK: usize = 64> {
    pages: Rc<Vec<Page<T>>>,
    /// How many chunks are in all pages.
    chunks: usize,
    tail: Rc<Vec<T>>,
}

/// Up to [`PAGE`] chunks; only the last page has fewer.
type Page<T> = Rc<Vec<Rc<[T]>>>;

/// How many chunks make a page.
const PAGE: usize = 64;

impl<T, const CHUNK: usize> Default for SharedLog<T, CHUNK> {
    fn default() -> Self {
        Self { pages: Rc::new(Vec::new()), chunks: 0, tail: Rc::new(Vec::new()) }
    }
}

impl<T: Clone, const CHUNK: usize> SharedLog<T, CHUNK> {
    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks * CHUNK + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks == 0 && self.tail.is_empty()
    }

    /// The element at `index`, from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.chunk(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.tail.get(index.checked_sub(self.chunks * CHUNK)?),
        }
    }

    /// The last element.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Adds an element at the end.
    pub fn push(&mut self, element: T) {
        let tail = Rc::make_mut(&mut self.tail);
        if tail.capacity() == 0 {
            tail.reserve(4);
        }
        tail.push(element);
        if tail.len() == CHUNK {
            let chunk = Rc::from(core::mem::take(tail));
            self.push_chunk(chunk);
        }
    }

    /// Forgets everything from `length` on.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        let kept = length / CHUNK;
        if let Some(chunk) = self.chunk(kept) {
            self.tail = Rc::new(chunk[..length % CHUNK].to_vec());
            let pages = Rc::make_mut(&mut self.pages);
            pages.truncate(kept.div_ceil(PAGE));
            if let Some(last) = pages.last_mut().filter(|_| !kept.is_multiple_of(PAGE)) {
                Rc::make_mut(last).truncate(kept % PAGE);
            }
            self.chunks = kept;
        } else {
            Rc::make_mut(&mut self.tail).truncate(length - kept * CHUNK);
        }
    }

    /// The elements from `start` on, in order.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> + '_ {
        let first = (start / CHUNK).min(self.chunks);
        let chunks = (first..self.chunks).filter_map(|place| self.chunk(place));
        chunks.flat_map(|chunk| chunk.iter()).chain(self.tail.iter()).skip(start - first * CHUNK)
    }

    /// All elements, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        self.iter_from(0)
    }

    /// Bytes of memory that this copy alone accounts for, and bytes it may share.
    #[must_use]
    pub fn weight(&self) -> (usize, usize) {
        let last_page = self.pages.last().map_or(0, |page| page.capacity());
        let own = self.tail.capacity() * size_of::<T>()
            + self.pages.capacity() * size_of::<Page<T>>()
            + last_page * size_of::<Rc<[T]>>();
        (own, self.chunks * (CHUNK * size_of::<T>() + size_of::<Rc<[T]>>()))
    }

    fn chunk(&self, place: usize) -> Option<&Rc<[T]>> {
        self.pages.get(place / PAGE)?.get(place % PAGE)
    }

    fn push_chunk(&mut self, chunk: Rc<[T]>) {
        let pages = Rc::make_mut(&mut self.pages);
        match pages.last_mut() {
            Some(last) if last.len() < PAGE => Rc::make_mut(last).push(chunk),
            _ => pages.push(Rc::new(alloc::vec![chunk])),
        }
        self.chunks += 1;
    }
}

impl<T: Clone + PartialEq, const CHUNK: usize> PartialEq for SharedLog<T, CHUNK> {
    fn eq(&self, other: &Self) -> bool {
        let same_chunk = |(one, two): (&Rc<[T]>, &Rc<[T]>)| Rc::ptr_eq(one, two) || one == two;
        let same_page = |(one, two): (&Page<T>, &Page<T>)| {
            Rc::ptr_eq(one, two) || one.iter().zip(two.iter()).all(same_chunk)
        };
        self.len() == other.len()
            && self.pages.iter().zip(other.pages.iter()).all(same_page)
            && self.tail == other.tail
    }
}

impl<T: Clone + Eq, const CHUNK: usize> Eq for SharedLog<T, CHUNK> {}

impl<T: Clone + Hash, const CHUNK: usize> Hash for SharedLog<T, CHUNK> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|element| element.hash(state));
    }
}

impl<T: Clone, const CHUNK: usize> FromIterator<T> for SharedLog<T, CHUNK> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut log = Self::default();
        elements.into_iter().for_each(|element| log.push(element));
        log
    }
}

impl<T: Clone + Serialize, const CHUNK: usize> Serialize for SharedLog<T, CHUNK> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Clone + Deserialize<'de>, const CHUNK: usize> Deserialize<'de>
    for SharedLog<T, CHUNK>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<T>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draw, Purpose};

    /// A plain vector is the model: whatever is done to both, they stay alike.
    #[test]
    fn it_behaves_like_a_vector() {
        let mut log = SharedLog::<u64, 4>::default();
        let mut model = Vec::new();
        let mut copies = Vec::new();
        let mut draw = Draw::keyed(3, Purpose::Choose, &[]);
        let below =
            |draw: &mut Draw, n: usize| usize::try_from(draw.below(n as u64)).expect("it was one");
        for step in 0..4_000 {
            // Seldom enough that the log grows over several pages.
            match draw.below(300) {
                0 => {
                    let length = below(&mut draw, model.len() + 2);
                    log.truncate(length);
                    model.truncate(length);
                }
                1..20 => copies.push((log.clone(), model.clone())),
                _ => {
                    log.push(step);
                    model.push(step);
                }
            }
            assert_eq!(log.len(), model.len());
            assert_eq!(log.last(), model.last());
            let start = below(&mut draw, model.len() + 1);
            assert!(log.iter_from(start).eq(&model[start..]));
            assert_eq!(log.get(start), model.get(start));
        }
        assert!(copies.iter().any(|(copy, _)| copy.len() > 3 * PAGE * 4), "several pages");
        for (copy, model) in copies {
            assert!(copy.iter().eq(&model), "a copy never changes");
            assert_eq!(copy, model.into_iter().collect());
        }
    }
}
