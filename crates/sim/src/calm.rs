//! Since when nobody interferes, for judges of progress.

use crate::cast::Sealed;
use crate::clock::TRUE_RATE;
use crate::input::Input;
use crate::network::Network;
use crate::station::{Condition, Station};
use crate::world::Base;
use faultline_kernel::{Calm, Span};

impl Base {
    /// Somebody interferes. What is on its way now goes by the rules from before.
    pub(crate) fn stir(&mut self, input: &Input<Sealed>) {
        let by = match input {
            Input::Delay { by_us, .. } => Span(*by_us),
            _ => Span::ZERO,
        };
        self.calm = None;
        self.unsettled = self.unsettled.max(self.now + by + self.network.delay());
    }

    /// If all is well now, it is calm as soon as what is on its way has arrived.
    pub(crate) fn calm_down(&mut self) {
        let runs_true = |node: &Station| {
            node.condition != Condition::Paused && node.clock.rate_ppm() == TRUE_RATE
        };
        let delay = self.network.delay();
        let network = &self.network;
        let whole = network.is_whole() && network.config.loss_ppm == 0 && !network.holding;
        let calm = whole && self.stations.iter().all(runs_true);
        self.calm = calm.then_some(Calm { since: self.unsettled, delay });
    }
}

impl Network {
    /// The longest that a message takes, with what its sender writes before: its own write, and the
    /// one that the disk is busy with.
    fn delay(&self) -> Span {
        let disk = self.config.disk.max;
        self.config.latency.max + disk + disk
    }
}
