//! What must hold.

use super::Echo;
use faultline_kernel::{Cluster, NodeId, Verdicts};

/// Nothing comes back that was not asked for.
pub(super) const ONLY_WHAT_WAS_ASKED: u8 = 0;

/// What the judges remember: how many words each node had asked for when it was last looked at.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    asked: alloc::vec::Vec<Asked>,
}

#[derive(Clone, Debug, Default)]
struct Asked {
    word: Option<u32>,
    echoes: u32,
}

/// An echo is counted only by a node that had a word out just before.
pub(super) fn check(
    witness: &mut Witness,
    changed: NodeId,
    cluster: &Cluster<'_, Echo>,
    verdicts: &mut Verdicts,
) {
    witness.asked.resize(cluster.members.len(), Asked::default());
    let before = &mut witness.asked[changed.index()];
    let (word, echoes) = cluster.node(changed).map_or((None, 0), |node| (node.asking, node.echoes));
    if echoes > before.echoes && before.word.is_none() {
        verdicts.broken(ONLY_WHAT_WAS_ASKED, u64::from(echoes), changed, None);
    }
    *before = Asked { word, echoes };
}
