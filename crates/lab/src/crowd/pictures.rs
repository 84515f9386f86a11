//! What a swarm looked like: a role for each node, slice by slice, while a budget of bytes lasts.

use faultline_kernel::NodeId;
use faultline_sim::swarm::AnySwarm;
use std::rc::Rc;

/// How many bytes all pictures take together. When they are used up, every second picture goes.
const BYTES_MOST: usize = 48 << 20;

/// One picture: four bits a node.
pub(super) type Picture = Rc<[u8]>;

/// How many nodes are painted in one stroke; an even number.
const STROKE: usize = 1 << 12;

/// A picture that is being made: of a million nodes in several goes.
#[derive(Default)]
pub(super) struct Sketch(Vec<u8>);

impl Sketch {
    /// Paints so many more nodes, in whole strokes. Gives the picture when it is finished.
    pub(super) fn go_on(&mut self, swarm: &dyn AnySwarm, nodes: u64) -> Option<Picture> {
        let count = swarm.count() as usize;
        let mut cells = [0; STROKE];
        for _ in 0..nodes.div_ceil(STROKE as u64) {
            // An odd number only when it is finished.
            let painted = self.0.len() * 2;
            let stroke = &mut cells[..STROKE.min(count.saturating_sub(painted))];
            let first = u32::try_from(painted).expect("nodes are bounded");
            swarm.paint(NodeId(first), stroke);
            self.0.extend(pack(stroke));
            if self.0.len() * 2 >= count {
                return Some(std::mem::take(&mut self.0).into());
            }
        }
        None
    }
}

/// Pictures of slices.
pub(super) struct Pictures {
    nodes: usize,
    kept: Vec<(u32, Picture)>,
    /// Every how-manieth slice is kept.
    stride: u32,
    /// How many pictures there are: where nothing changes, neighbours share one.
    own: usize,
    bytes_most: usize,
}

impl Pictures {
    pub(super) fn new(nodes: u32) -> Self {
        let nodes = nodes as usize;
        Self { nodes, kept: Vec::new(), stride: 1, own: 0, bytes_most: BYTES_MOST }
    }

    /// Keeps what a slice looks like, unless there is no room for it.
    pub(super) fn keep(&mut self, slice: u32, picture: &Picture) {
        let known = self.kept.last().is_some_and(|(last, _)| *last >= slice);
        if known || !slice.is_multiple_of(self.stride) {
            return;
        }
        let same = self.kept.last().filter(|(_, last)| *last == *picture);
        self.own += usize::from(same.is_none());
        let picture = same.map_or(picture, |(_, last)| last).clone();
        self.kept.push((slice, picture));
        while self.bytes() > self.bytes_most && self.kept.len() > 1 {
            self.stride *= 2;
            let stride = self.stride;
            self.kept.retain(|(slice, _)| slice.is_multiple_of(stride));
            self.count();
        }
    }

    /// What a slice looked like, if that is kept.
    pub(super) fn get(&self, slice: u32) -> Option<&Picture> {
        let place = self.kept.binary_search_by_key(&slice, |(slice, _)| *slice).ok()?;
        Some(&self.kept[place].1)
    }

    /// Forgets this slice and later ones.
    pub(super) fn forget_from(&mut self, slice: u32) {
        self.kept.retain(|(known, _)| *known < slice);
        self.count();
    }

    fn count(&mut self) {
        let differ = |pair: &[(u32, Picture)]| !Rc::ptr_eq(&pair[0].1, &pair[1].1);
        let pairs = self.kept.windows(2).filter(|pair| differ(pair)).count();
        self.own = pairs + usize::from(!self.kept.is_empty());
    }

    pub(super) fn bytes(&self) -> usize {
        self.own * self.nodes.div_ceil(2) + self.kept.len() * size_of::<(u32, Picture)>()
    }
}

/// Two nodes in a byte, the first in the lower half.
fn pack(cells: &[u8]) -> impl Iterator<Item = u8> {
    cells.chunks(2).map(|pair| pair[0] & 15 | pair.get(1).map_or(0, |cell| cell << 4))
}

/// The way back.
pub(super) fn unpack(picture: &[u8], nodes: usize) -> impl Iterator<Item = u8> {
    picture.iter().flat_map(|pair| [pair & 15, pair >> 4]).take(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_was_painted() {
        for cells in [vec![], vec![3], vec![0, 15, 7], vec![1, 2, 3, 4]] {
            let packed: Vec<u8> = pack(&cells).collect();
            let back: Vec<u8> = unpack(&packed, cells.len()).collect();
            assert_eq!(back, cells);
        }
    }

    #[test]
    fn when_the_budget_is_used_up_every_second_picture_goes() {
        let mut pictures = Pictures::new(1_000);
        pictures.bytes_most = 10_000;
        for slice in 0..100_u32 {
            let shade = u8::try_from(slice % 15).expect("small");
            pictures.keep(slice, &pack(&vec![shade; 1_000]).collect());
            assert!(pictures.bytes() <= pictures.bytes_most, "{slice}");
        }
        assert!(pictures.stride >= 8 && pictures.get(0).is_some() && pictures.get(1).is_none());
        let kept = 96 / pictures.stride * pictures.stride;
        assert_eq!(
            unpack(pictures.get(kept).expect("kept"), 1_000).next(),
            Some((kept % 15) as u8)
        );
        pictures.forget_from(kept);
        assert!(pictures.get(kept).is_none() && pictures.get(0).is_some());
    }

    #[test]
    fn where_nothing_changes_a_picture_is_shared() {
        let mut pictures = Pictures::new(1_000_000);
        let rest = pack(&vec![2; 1_000_000]).collect();
        (0..10_000).for_each(|slice| pictures.keep(slice, &rest));
        assert_eq!(pictures.stride, 1);
    }
}
