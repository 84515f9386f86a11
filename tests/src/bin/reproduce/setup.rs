//! Rooms as the papers set them up.

use faultline_kernel::{Draws, Knobs, NodeId, Protocol, Span, SpanRange, Time};
use faultline_sim::{Input, NetworkConfig, Positioned, Recipe, Sealed, Setup};

/// The knobs of a room, by name; the others as they are.
///
/// A room keeps its groups small enough for a page; here they may be as large as in the papers.
pub(crate) fn config<P: Protocol>(knobs: &[(&str, u64)]) -> P::Config {
    let mut values = P::Config::defaults();
    for (id, value) in knobs {
        let place = P::Config::KNOBS.iter().position(|knob| knob.id == *id);
        values[place.expect("the room has this knob")] = *value;
    }
    let Ok(config) = P::Config::from_values(&values) else { panic!("the knobs go together") };
    config
}

pub(crate) fn recipe<P: Protocol>(
    config: P::Config,
    seed: u64,
    network: NetworkConfig,
) -> Recipe<P> {
    let setup = Setup { seed, draws: Draws::default(), network, load: None, judged: false };
    Recipe { setup, config, disks: Vec::new() }
}

/// A network in which a message takes so many microseconds, at least and at most.
pub(crate) fn network(min_us: u64, max_us: u64, loss_ppm: u32) -> NetworkConfig {
    let latency = SpanRange::new(Span(min_us), Span(max_us));
    NetworkConfig { latency, loss_ppm, duplicate_ppm: 0, disk: SpanRange::default() }
}

/// What somebody outside does at a time.
pub(crate) fn at(time: Time, input: Input<Sealed>) -> Positioned<Sealed> {
    Positioned { at: time, after: None, input }
}

/// A client asks a node for what the room's clients ask first.
pub(crate) fn ask(time: Time, node: u32) -> Positioned<Sealed> {
    at(time, Input::Request { node: NodeId(node), request: None })
}
