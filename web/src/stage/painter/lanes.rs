//! Messages that are near one another on one link: they fan out, then they stack with a number.

use crate::lab::SceneMessage;
use crate::order::sorted;

/// How many lanes a link has; what finds none free lies on the pile in the last one.
const LANES: usize = 5;
/// Messages nearer than this, in pixels, would cover one another.
const NEAR: f32 = 24.0;

/// Where a message stands beside its link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Lane {
    /// How far out, from 0.
    pub(super) place: usize,
    /// How many lie here, if this one lies on top of others.
    pub(super) pile: usize,
}

/// The lane of each message; `length` tells how long a link is, in pixels.
pub(super) fn lanes(messages: &[SceneMessage], length: impl Fn(usize, usize) -> f32) -> Vec<Lane> {
    let ends = |index: &usize| (messages[*index].name.from, messages[*index].name.to);
    let order: Vec<usize> = (0..messages.len()).collect();
    // A message keeps its lane however far it has come.
    let order = sorted(&order, |index| [ends(index).0.0.into(), ends(index).1.0.into(), 0]);
    let mut lanes = vec![Lane::default(); messages.len()];
    for link in order.chunk_by(|a, b| ends(a) == ends(b)) {
        let (from, to) = ends(&link[0]);
        let near = NEAR / length(from.index(), to.index()).max(1.0);
        for (place, &index) in link.iter().enumerate() {
            let covers = |other: &&usize| {
                (messages[**other].progress - messages[index].progress).abs() < near
            };
            let crowd = link[..place].iter().filter(covers).count();
            let pile = (crowd >= LANES).then(|| crowd + 2 - LANES);
            lanes[index] = Lane { place: crowd.min(LANES - 1), pile: pile.unwrap_or(0) };
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Fate, Form, MessageName, NodeId, Shape, Time};

    #[test]
    fn five_fan_out_and_the_others_lie_on_the_last() {
        static KIND: faultline_lab::MessageKind = faultline_lab::MessageKind {
            id: "ping",
            shape: Shape::Round,
            letter: 'P',
            form: Form::Request,
            routine: false,
        };
        let message = |ordinal: u16| SceneMessage {
            name: MessageName {
                from: NodeId(0),
                to: NodeId(1),
                sent_us: Time(0),
                ordinal,
                copy: false,
            },
            kind: &KIND,
            word: "",
            progress: 0.5,
            fate: Fate::Flying,
        };
        let messages: Vec<SceneMessage> = (0..8).map(message).collect();
        let lanes = lanes(&messages, |_, _| 300.0);
        let places: Vec<usize> = lanes.iter().map(|lane| lane.place).collect();
        let piles: Vec<usize> = lanes.iter().map(|lane| lane.pile).collect();
        assert_eq!(places, [0, 1, 2, 3, 4, 4, 4, 4]);
        assert_eq!(piles, [0, 0, 0, 0, 0, 2, 3, 4]);
    }
}
