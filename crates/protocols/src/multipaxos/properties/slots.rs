//! What happened in each slot, as the judges remember it.

use crate::history::History;
use crate::store::Command;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;

/// The slots that somebody does not know to be chosen; what everybody knows is settled.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    settled: u64,
    open: Rc<BTreeMap<u64, History<Command>>>,
}

impl Slots {
    /// What happened in a slot.
    pub(super) fn at(&mut self, slot: u64) -> &mut History<Command> {
        Rc::make_mut(&mut self.open).entry(slot).or_default()
    }

    /// What is chosen in a slot, if it is remembered.
    pub(super) fn chosen(&self, slot: u64) -> Option<Command> {
        self.open.get(&slot)?.first_chosen()
    }

    pub(super) fn is_settled(&self, slot: u64) -> bool {
        slot <= self.settled
    }

    /// Everybody knows what is chosen up to here.
    pub(super) fn settle(&mut self, upto: u64) {
        if upto > self.settled {
            self.settled = upto;
            let open = Rc::make_mut(&mut self.open);
            *open = open.split_off(&(upto + 1));
        }
    }

    pub(super) fn weight(&self) -> usize {
        let of =
            |history: &History<Command>| size_of::<(u64, History<Command>)>() + history.weight();
        self.open.values().map(of).sum()
    }
}
