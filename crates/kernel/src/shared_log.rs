//! A growing sequence that is cheap to copy.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sequence whose copies share what they have in common.
///
/// Full chunks of `CHUNK` elements never change and are shared; only the tail is copied when two
/// copies grow apart. `clone` takes constant time, `push` is amortised constant.
#[derive(Clone, Debug)]
pub struct SharedLog<T, const CHUNK: usize = 64> {
    full: Rc<Vec<Rc<[T]>>>,
    tail: Rc<Vec<T>>,
}

impl<T, const CHUNK: usize> Default for SharedLog<T, CHUNK> {
    fn default() -> Self {
        Self { full: Rc::new(Vec::new()), tail: Rc::new(Vec::new()) }
    }
}

impl<T: Clone, const CHUNK: usize> SharedLog<T, CHUNK> {
    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.tail.is_empty()
    }

    /// The element at `index`, from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.full.get(index / CHUNK) {
            Some(chunk) => Some(&chunk[index % CHUNK]),
            None => self.tail.get(index.checked_sub(self.full.len() * CHUNK)?),
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
            Rc::make_mut(&mut self.full).push(chunk);
        }
    }

    /// Forgets everything from `length` on.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        let kept = length / CHUNK;
        if kept < self.full.len() {
            let rest = self.full[kept][..length % CHUNK].to_vec();
            Rc::make_mut(&mut self.full).truncate(kept);
            self.tail = Rc::new(rest);
        } else {
            Rc::make_mut(&mut self.tail).truncate(length - kept * CHUNK);
        }
    }

    /// The elements from `start` on, in order.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> + '_ {
        let chunk = (start / CHUNK).min(self.full.len());
        let skip = start - chunk * CHUNK;
        self.full[chunk..].iter().flat_map(|chunk| chunk.iter()).chain(self.tail.iter()).skip(skip)
    }

    /// All elements, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        self.iter_from(0)
    }

    /// Bytes of memory that this copy alone accounts for, and bytes it may share.
    #[must_use]
    pub fn weight(&self) -> (usize, usize) {
        let chunks = self.full.capacity() * size_of::<Rc<[T]>>();
        let own = self.tail.capacity() * size_of::<T>() + chunks;
        (own, self.full.len() * CHUNK * size_of::<T>())
    }
}

impl<T: Clone + PartialEq, const CHUNK: usize> PartialEq for SharedLog<T, CHUNK> {
    fn eq(&self, other: &Self) -> bool {
        let same_chunk = |(one, two): (&Rc<[T]>, &Rc<[T]>)| Rc::ptr_eq(one, two) || one == two;
        self.full.len() == other.full.len()
            && self.full.iter().zip(other.full.iter()).all(same_chunk)
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
        for step in 0..2_000 {
            match draw.below(10) {
                0 => {
                    let length = draw.below(model.len() as u64 + 2) as usize;
                    log.truncate(length);
                    model.truncate(length);
                }
                1 => copies.push((log.clone(), model.clone())),
                _ => {
                    log.push(step);
                    model.push(step);
                }
            }
            assert_eq!(log.len(), model.len());
            assert_eq!(log.last(), model.last());
            let start = draw.below(model.len() as u64 + 1) as usize;
            assert!(log.iter_from(start).eq(&model[start..]));
            assert_eq!(log.get(start), model.get(start));
        }
        for (copy, model) in copies {
            assert!(copy.iter().eq(&model), "a copy never changes");
            assert_eq!(copy, model.into_iter().collect());
        }
    }
}
