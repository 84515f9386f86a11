//! The how-manieth message to somebody at one instant: by that, equal sends are told apart.

use faultline_kernel::NodeId;

/// To whom a node has sent something at this instant, and how often after the first time.
#[derive(Clone, Default)]
pub(super) struct Ordinals(Vec<(NodeId, u16)>);

/// Of how many receivers each is looked at, and not searched for.
const FEW: usize = 8;

/// Whether these are few, and to different receivers: then the ordinal of each is 0.
#[inline(always)]
pub(super) fn all_differ<M>(outgoing: &[(NodeId, M)]) -> bool {
    outgoing.len() <= FEW
        && (1..outgoing.len()).all(|place| {
            let (to, _) = &outgoing[place];
            outgoing[..place].iter().all(|(before, _)| before != to)
        })
}

impl Ordinals {
    #[inline]
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The ordinal of the next message to `to`, from 0.
    #[inline]
    pub(super) fn next(&mut self, to: NodeId) -> u16 {
        if self.0.len() > FEW {
            return self.next_among_many(to);
        }
        match self.0.iter().position(|(node, _)| *node == to) {
            Some(place) => self.again(place),
            None => {
                self.0.push((to, 0));
                0
            }
        }
    }

    /// The same where receivers are so many that they stand in order.
    #[inline(never)]
    fn next_among_many(&mut self, to: NodeId) -> u16 {
        if self.0.len() == FEW + 1 {
            self.0.sort_unstable();
        }
        // A broadcast goes in the order of members: the usual case is one comparison.
        if self.0.last().is_some_and(|(last, _)| *last < to) {
            self.0.push((to, 0));
            return 0;
        }
        match self.0.binary_search_by_key(&to, |(node, _)| *node) {
            Ok(place) => self.again(place),
            Err(place) => {
                self.0.insert(place, (to, 0));
                0
            }
        }
    }

    fn again(&mut self, place: usize) -> u16 {
        self.0[place].1 = self.0[place].1.saturating_add(1);
        self.0[place].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_kernel::{Draw, Purpose};

    #[test]
    fn few_and_many_receivers_are_counted_alike() {
        let mut draw = Draw::keyed(1, Purpose::Choose, &[]);
        let mut ordinals = Ordinals::default();
        for receivers in [1, 3, 8, 9, 10, 40] {
            ordinals.clear();
            let mut counts = vec![0; receivers];
            for _ in 0..receivers * 3 {
                let to = usize::try_from(draw.below(receivers as u64)).expect("one of them");
                let node = NodeId(u32::try_from(to).expect("few"));
                assert_eq!(ordinals.next(node), counts[to], "{to} of {receivers}");
                counts[to] += 1;
            }
        }
    }
}
