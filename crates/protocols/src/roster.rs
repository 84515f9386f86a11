//! Members in groups: who sits where, and who may talk to whom.

use alloc::vec::Vec;
use core::ops::Range;
use faultline_kernel::{Member, NodeId};

/// The nodes of these places.
pub(crate) fn nodes(range: Range<u32>) -> impl Iterator<Item = NodeId> {
    range.map(NodeId)
}

/// Adds members of one class, who talk to these others.
pub(crate) fn group(
    members: &mut Vec<Member>,
    class: &'static str,
    range: &Range<u32>,
    others: &[&Range<u32>],
) {
    let number = members.last().map_or(0, |last| last.group + 1);
    let links: Vec<NodeId> = others.iter().flat_map(|range| nodes((*range).clone())).collect();
    members.extend((0..).zip(nodes(range.clone())).map(|(rank, id)| Member {
        id,
        class,
        group: number,
        rank,
        links: Some(links.clone()),
    }));
}
